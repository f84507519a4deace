//! Before anybody is signed in: making an account, proving its address, and choosing a new password with a mailed code. Each
//! form can also be sent to have a code mailed, and comes back with the address filled in.

use axum::extract::RawQuery;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::cookies;
use super::fields::{self, Field};
use super::form::Said;
use super::look::{self, Button, FormPage, Refused};
use super::notices::Notice;
use super::paths;
use super::sign_in::{end_old_session, keep_signed_in};
use super::visitor::Visitor;
use crate::operations::dispatch::Answer;

/// The second factor's code, where a password is changed.
const APP_CODE: Field = Field {
    name: "totp",
    label: "Authenticator code",
    subject: "The authenticator code",
    hint: "Only where an authenticator app guards your account.",
    is_required: false,
    ..fields::CODE
};
const MAILED_CODE: Field = Field {
    label: "Code from the mail",
    ..fields::CODE
};
const NEW_PASSWORD: Field = Field {
    label: "New password",
    ..fields::NEW_PASSWORD
};

fn register_page(said: Option<&Said>) -> FormPage {
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
pub async fn register(visitor: Visitor, said: Said) -> Result<Response, Response> {
    let names = ["first_name", "last_name", "email", "password"];
    let said = said.of(&names)?;
    let answer = visitor.act("auth_register", said.arguments(&names)).await;
    if !answer.is_success() {
        let refused = Refused {
            address: "email",
            ..Refused::default()
        };
        let page = register_page(Some(&said)).wrong(&answer, refused);
        return Ok(page.show_refused(&answer));
    }
    end_old_session(&visitor).await;
    let next = look::go(paths::ACTIVATE, Some(Notice::Registered));
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
pub async fn activate(visitor: Visitor, said: Said) -> Result<Response, Response> {
    let said = said.of(&["user_email", "code", "act"])?;
    let address = said.get("user_email");
    let refused = Refused {
        field: "code",
        words: WRONG_CODE,
        address: "user_email",
        other: "This account is active already: sign in.",
    };
    if said.asks_for("send") {
        let answer = send_code(&visitor, address, "ACTIVATION").await;
        if !answer.is_success() {
            let page = activate_page(address).wrong(&answer, refused);
            return Ok(page.show_refused(&answer));
        }
        let next = look::go(paths::ACTIVATE, Some(Notice::CodeSent));
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
    Ok(look::go(next, Some(Notice::Activated)))
}

const WRONG_CODE: &str = "This code is wrong, used or too old. Have a new one mailed.";

/// The first step: where the code is to go.
fn forgotten_page(address: &str) -> FormPage {
    FormPage::new("Choose a new password", paths::PASSWORD)
        .words("We mail you a code, which shows that the account is yours. You need it whether you know your password or not.")
        .field(fields::USER_EMAIL, address)
        .button(Button::send("Mail me a code"))
        .link("I have a code", CODE_IN_HAND)
        .link("Sign in", paths::SIGN_IN)
}

/// The second step's address for who has a code already.
const CODE_IN_HAND: &str = "/password?notice=code";

/// The second step.
fn password_page(address: &str, code: &str) -> FormPage {
    FormPage::new("Choose a new password", paths::PASSWORD)
        .words("Everything else that is signed in to the account is signed out by this.")
        .field(fields::USER_EMAIL, address)
        .field(MAILED_CODE, code)
        .field(APP_CODE, "")
        .field(NEW_PASSWORD, "")
        .button(Button::main("Change the password"))
        .button(Button::send("Mail me a new code"))
        .link("Sign in", paths::SIGN_IN)
}

/// `GET /password`.
pub async fn password_form(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let address = visitor.likely_address().await;
    if query.is_none() {
        return forgotten_page(&address).show();
    }
    let notice = Notice::of_query(query.as_deref());
    password_page(&address, "").notice(notice).show()
}

/// `POST /password`.
pub async fn change_password(visitor: Visitor, said: Said) -> Result<Response, Response> {
    let names = ["user_email", "code", "totp", "password"];
    let said = said.of(&["user_email", "code", "totp", "password", "act"])?;
    let address = said.get("user_email");
    let mut refused = Refused {
        field: "code",
        words: WRONG_CODE,
        address: "user_email",
        other: "",
    };
    if said.asks_for("send") {
        let answer = send_code(&visitor, address, "CHANGE_PASSWORD").await;
        if !answer.is_success() {
            let page = forgotten_page(address).wrong(&answer, refused);
            return Ok(page.show_refused(&answer));
        }
        let next = look::go(paths::PASSWORD, Some(Notice::CodeSent));
        return Ok(remembered(next, &visitor, address));
    }
    let arguments = said.arguments(&names);
    let answer = visitor.act("auth_change_password", arguments).await;
    if !answer.is_success() {
        if answer.data["is_2fa_enabled"] == true {
            refused.field = "totp";
            refused.words =
                "An authenticator app guards this account: give the code that it shows now.";
        }
        let page = password_page(address, said.get("code")).wrong(&answer, refused);
        return Ok(page.show_refused(&answer));
    }
    // Where the session at hand was not the account's own, it is over or somebody else's: signing in says which.
    let next = if visitor.account().await.data["email"] == address {
        paths::ACCOUNT
    } else {
        paths::SIGN_IN
    };
    let next = look::go(next, Some(Notice::PasswordChanged));
    Ok(remembered(next, &visitor, address))
}

/// Has a code mailed to an address.
pub async fn send_code(visitor: &Visitor, address: &str, purpose: &str) -> Answer {
    let mut arguments = Map::new();
    arguments.insert("otp_type".to_owned(), json!(purpose));
    if !address.is_empty() {
        arguments.insert("user_email".to_owned(), Value::from(address));
    }
    visitor.act("auth_send_otp", arguments).await
}

fn remembered(response: Response, visitor: &Visitor, address: &str) -> Response {
    look::with_cookie(response, cookies::keep_address(&visitor.site, address))
}
