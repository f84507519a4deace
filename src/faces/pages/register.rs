//! Before anybody is signed in: making an account and proving its address, and having codes mailed. A form that is sent to have
//! a code mailed comes back with the address filled in.

use axum::extract::RawQuery;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::cookies;
use super::extract::Visitor;
use super::fields::{self, Field};
use super::form::FormFields;
use super::messages::Refused;
use super::notices::Notice;
use super::paths;
use super::render::{self, Button, FormPage};
use super::sign_in::{end_old_session, keep_signed_in};
use crate::operations::dispatch::Answer;

/// The code that was mailed.
pub const MAILED_CODE: Field = Field {
    label: "Code from the mail",
    ..fields::CODE
};
fn register_page(said: Option<&FormFields>) -> FormPage {
    let value = |name| said.map_or("", |said| said.get(name)).to_owned();
    FormPage::new("Make an account", paths::REGISTER)
        .field(fields::FIRST_NAME, value("first_name"))
        .field(fields::LAST_NAME, value("last_name"))
        .field(fields::EMAIL, value("email"))
        .field(fields::NEW_PASSWORD, "")
        .button(Button::main("Make the account"))
        .link("I have an account", paths::SIGN_IN)
}

/// `GET /register`.
pub async fn register_form() -> Response {
    register_page(None).show()
}

/// `POST /register`.
pub async fn register(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let names = ["first_name", "last_name", "email", "password"];
    let said = said.of(&names)?;
    let answer = visitor.act("auth_register", said.arguments(&names)).await;
    if !answer.is_success() {
        let refused = Refused {
            address: "email",
            too_often: "Too many accounts were made in your network.",
            ..Refused::ANYHOW
        };
        let page = register_page(Some(&said)).wrong(&answer, refused);
        return Ok(page.show_refused(&answer));
    }
    end_old_session(&visitor).await;
    let next = render::go(paths::ACTIVATE, Some(Notice::Registered));
    let next = remembered(next, &visitor, said.get("email"));
    Ok(keep_signed_in(next, &visitor, &answer))
}

fn activate_page(address: &str) -> FormPage {
    FormPage::new("Activate your account", paths::ACTIVATE)
        .words("The code stands in the mail that we sent you. It shows that the address is yours.")
        .field(fields::USER_EMAIL, address)
        .field(MAILED_CODE, "")
        .button(Button::main("Activate"))
        .button(Button::send("Mail me a new code"))
        .link("Sign in", paths::SIGN_IN)
}

/// `GET /activate`.
pub async fn activate_form(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let address = visitor.likely_address().await;
    let notice = Notice::of_query(query.as_deref());
    activate_page(&address).notice(notice).show()
}

/// `POST /activate`.
pub async fn activate(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["user_email", "code", "act"])?;
    let address = said.get("user_email");
    let refused = Refused {
        field: "code",
        words: WRONG_CODE,
        address: "user_email",
        other: "This account is active already: sign in.",
        too_often: "There were too many wrong codes.",
        ..Refused::ANYHOW
    };
    if said.asks_for("send") {
        let answer = send_code(&visitor, address, "ACTIVATION").await;
        if !answer.is_success() {
            let page = activate_page(address).wrong(&answer, refused.sending());
            return Ok(page.show_refused(&answer));
        }
        let next = render::go(paths::ACTIVATE, Some(Notice::CodeSent));
        return Ok(remembered(next, &visitor, address));
    }
    let arguments = said.arguments(&["user_email", "code"]);
    let answer = visitor.act("auth_activate", arguments).await;
    if !answer.is_success() {
        let page = activate_page(address).wrong(&answer, refused);
        return Ok(page.show_refused(&answer));
    }
    let next = if visitor.session.is_some() {
        paths::ACCOUNT
    } else {
        paths::SIGN_IN
    };
    Ok(render::go(next, Some(Notice::Activated)))
}

/// What is said of a mailed code that opens nothing.
pub const WRONG_CODE: &str = "This code is wrong, used or too old. Have a new one mailed.";

/// Has a code mailed to an address.
pub async fn send_code(visitor: &Visitor, address: &str, purpose: &str) -> Answer {
    let mut arguments = Map::new();
    arguments.insert("otp_type".to_owned(), json!(purpose));
    if !address.is_empty() {
        arguments.insert("user_email".to_owned(), Value::from(address));
    }
    visitor.act("auth_send_otp", arguments).await
}

/// Remembers the address that was typed for the next form.
pub fn remembered(response: Response, visitor: &Visitor, address: &str) -> Response {
    render::with_cookie(response, cookies::keep_address(&visitor.site, address))
}
