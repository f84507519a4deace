//! Signing in, in one step or in two: the second asks for the second factor's code and carries the password along sealed, so
//! that nobody types it twice and no page holds it. Signing in here ends the session that the browser had before.

use axum::extract::RawQuery;
use axum::response::Response;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Map;

use super::consent;
use super::cookies;
use super::entrance::send_code;
use super::fields::{self, Field};
use super::form::Said;
use super::look::{self, Button, FormPage, Refused};
use super::notices::Notice;
use super::paths;
use super::visitor::Visitor;
use crate::operations::dispatch::Answer;
use crate::operations::steps;

const SECOND_FACTOR: Field = Field {
    label: "Code",
    hint: "From your authenticator app, or from the mail that you have sent to you here.",
    ..fields::CODE
};

/// `request` goes along to the second step and to the consent.
pub fn first_step(address: &str, request: &str) -> FormPage {
    FormPage::new("Sign in", paths::SIGN_IN)
        .carried("request", request)
        .field(fields::EMAIL, address)
        .field(fields::PASSWORD, "")
        .button(Button::main("Sign in"))
        .link("I forgot my password", paths::PASSWORD)
        .link("I have no account", paths::REGISTER)
}

fn second_step(address: &str, kept: String, request: &str) -> FormPage {
    FormPage::new("Your code", paths::SIGN_IN)
        .words(format!(
            "Signing in as {address} takes a second proof besides the password."
        ))
        .carried("email", address)
        .carried("kept", kept)
        .carried("request", request)
        .field(SECOND_FACTOR, "")
        .button(Button::main("Sign in"))
        .button(Button::send("Mail me a code"))
        .link("Begin again", paths::SIGN_IN)
}

/// `GET /sign-in`. With `request`, a program waits for the person to be signed in and to agree.
pub async fn form(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    if let Some(request) = consent::requested(query.as_deref()) {
        return consent::ask(&visitor, &request).await;
    }
    let address = visitor.likely_address().await;
    let notice = Notice::of_query(query.as_deref());
    first_step(&address, "").notice(notice).show()
}

/// `POST /sign-in`.
pub async fn sign_in(visitor: Visitor, said: Said) -> Result<Response, Response> {
    let said = said.of(&["email", "password", "kept", "code", "act", "request"])?;
    let (address, request) = (said.get("email"), said.get("request"));
    let context = &visitor.site.context;
    let password = match said.get("kept") {
        "" => Some(SecretString::from(said.get("password"))),
        kept => steps::kept_password(context, address, kept),
    };
    let Some(password) = password else {
        let mut page = first_step(address, request);
        page.say(
            "",
            "That took more than ten minutes. Begin again.".to_owned(),
        );
        return Ok(page.show());
    };
    if said.asks_for("send") {
        let answer = send_code(&visitor, address, "TWO_FACTOR_AUTH").await;
        return Ok(after_sending(&visitor, &said, &password, &answer));
    }
    let mut arguments = said.arguments(&["email", "code"]);
    if !password.expose_secret().is_empty() {
        let password = password.expose_secret().into();
        arguments.insert("password".to_owned(), password);
    }
    let answer = visitor.act("auth_login", arguments).await;
    if answer.is_success() {
        end_old_session(&visitor).await;
        let next = match request.parse() {
            Ok(request) => consent::go(&request),
            Err(_) if answer.data["is_active"] == true => look::go(paths::ACCOUNT, None),
            Err(_) => look::go(paths::ACTIVATE, None),
        };
        return Ok(keep_signed_in(next, &visitor, &answer));
    }
    if answer.data["is_2fa_enabled"] == true {
        let Ok(kept) = steps::keep_password(context, address, &password) else {
            return Ok(look::failure(&answer));
        };
        let page = second_step(address, kept, request);
        // Whoever was only now asked for a code has done nothing wrong.
        if said.get("code").is_empty() && said.get("kept").is_empty() {
            return Ok(page.show());
        }
        let page = page.wrong(&answer, WRONG_CODE);
        return Ok(page.show_refused(&answer));
    }
    let page = if answer.status == 400 && !said.get("kept").is_empty() {
        let Ok(kept) = steps::keep_password(context, address, &password) else {
            return Ok(look::failure(&answer));
        };
        second_step(address, kept, request)
    } else {
        first_step(address, request)
    };
    Ok(page.wrong(&answer, WRONG_PAIR).show_refused(&answer))
}

const WRONG_PAIR: Refused = Refused {
    field: "",
    words: "The address or the password is wrong.",
    address: "email",
    other: "",
};
const WRONG_CODE: Refused = Refused {
    field: "code",
    words: "This code is wrong, used or too old.",
    address: "",
    other: "",
};

/// The second step again, and what became of the mail.
fn after_sending(
    visitor: &Visitor,
    said: &Said,
    password: &SecretString,
    answer: &Answer,
) -> Response {
    let (address, request) = (said.get("email"), said.get("request"));
    let Ok(kept) = steps::keep_password(&visitor.site.context, address, password) else {
        return look::failure(answer);
    };
    let page = second_step(address, kept, request);
    if answer.is_success() {
        return page.notice(Some(Notice::CodeSent.words())).show();
    }
    let refused = Refused {
        other: "For this account no code is mailed: take the one that your authenticator app shows.",
        ..WRONG_CODE
    };
    page.wrong(answer, refused).show_refused(answer)
}

/// The session of a sign-in goes into the cookie and nowhere else.
pub fn keep_signed_in(response: Response, visitor: &Visitor, answer: &Answer) -> Response {
    let token = answer.data["token"].as_str().map(SecretString::from);
    let cookie = token.and_then(|token| cookies::keep_session(&visitor.site, &token));
    look::with_cookie(response, cookie)
}

/// What the cookie held before is of no use to anybody any more.
pub async fn end_old_session(visitor: &Visitor) {
    if visitor.session.is_some() {
        visitor.act("auth_logout", Map::new()).await;
    }
}
