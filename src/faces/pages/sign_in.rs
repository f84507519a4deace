//! Signing in, in one step or in two: the second asks for the second factor's code and carries the password along sealed, so
//! that nobody types it twice and no page holds it. Signing in here ends the session that the browser had before.

use axum::extract::RawQuery;
use axum::response::Response;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Map;

use super::consent;
use super::cookies;
use super::extract::Visitor;
use super::factor::Factor;
use super::fields;
use super::form::FormFields;
use super::messages::{IF_SURE, Refused};
use super::notices::Notice;
use super::paths;
use super::register::send_code;
use super::render::{self, Button, FormPage};
use super::upload;
use crate::operations::dispatch::Answer;
use crate::operations::sealed_password;

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

/// `kept` is the password, which was right; so only here is a code mailed, and only where one is good for something.
fn second_step(address: &str, kept: &str, request: &str, factor: Factor) -> FormPage {
    let page = FormPage::new("Your code", paths::SIGN_IN)
        .words(format!(
            "Signing in as {address} takes a second proof besides the password."
        ))
        .carried("email", address)
        .carried("kept", kept)
        .carried("factor", factor.word())
        .carried("request", request)
        .field(factor.field(), "")
        .button(Button::main("Sign in"));
    let page = match factor {
        Factor::Mail => page
            .words("Have a code mailed to you, and type it here.")
            .button(Button::send("Mail me a code")),
        Factor::App => page,
    };
    page.link("Begin again", paths::SIGN_IN)
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
pub async fn sign_in(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&[
        "email", "password", "kept", "factor", "code", "act", "request",
    ])?;
    let (address, request) = (said.get("email"), said.get("request"));
    let context = &visitor.site.context;
    if !said.get("kept").is_empty() {
        if let Some(password) = sealed_password::kept_password(context, address, said.get("kept")) {
            return Ok(with_code(&visitor, &said, &password).await);
        }
        let mut page = first_step(address, request);
        page.say("", TOO_LATE.to_owned());
        return Ok(page.show());
    }
    let password = SecretString::from(said.get("password"));
    let answer = log_in(&visitor, &said, &password).await;
    if answer.is_success() {
        return Ok(signed_in(&visitor, request, &answer).await);
    }
    if let Some(factor) = Factor::asked_for(&answer) {
        let Ok(kept) = sealed_password::keep_password(context, address, &password) else {
            return Ok(render::failure(&answer));
        };
        // Whoever was only now asked for a code has done nothing wrong.
        return Ok(second_step(address, &kept, request, factor).show());
    }
    let page = first_step(address, request).wrong(&answer, WRONG_PAIR);
    Ok(page.show_refused(&answer))
}

/// The second step. Whatever goes wrong but the password, it stays that step.
async fn with_code(visitor: &Visitor, said: &FormFields, password: &SecretString) -> Response {
    let (address, request) = (said.get("email"), said.get("request"));
    let step = |factor| second_step(address, said.get("kept"), request, factor);
    let factor = Factor::said(said.get("factor"));
    if said.asks_for("send") {
        let answer = send_code(visitor, address, "TWO_FACTOR_AUTH").await;
        if answer.is_success() {
            return step(factor).notice(Some(Notice::CodeSent.words())).show();
        }
        let refused = factor.refused().sending();
        return step(factor).wrong(&answer, refused).show_refused(&answer);
    }
    let answer = log_in(visitor, said, password).await;
    if answer.is_success() {
        return signed_in(visitor, request, &answer).await;
    }
    let asked = Factor::asked_for(&answer);
    if answer.is_unauthenticated() && asked.is_none() {
        // The password is another one by now, or the account hears its owner's networks alone.
        let page = first_step(address, request).wrong(&answer, WRONG_PAIR);
        return page.show_refused(&answer);
    }
    let factor = asked.unwrap_or(factor);
    let mut page = step(factor).wrong(&answer, factor.refused());
    if asked.is_some() && said.get("code").is_empty() {
        page.say("code", "The code is missing.".to_owned());
    }
    page.show_refused(&answer)
}

const TOO_LATE: &str = "That took more than ten minutes. Begin again.";

const WRONG_PAIR: Refused = Refused {
    words: "The address or the password is wrong.",
    advice: IF_SURE,
    address: "email",
    too_often: "There were too many wrong sign-ins. If you forgot your password, choose a new one by mail.",
    ..Refused::ANYHOW
};

async fn log_in(visitor: &Visitor, said: &FormFields, password: &SecretString) -> Answer {
    let mut arguments = said.arguments(&["email", "code"]);
    if !password.expose_secret().is_empty() {
        let password = password.expose_secret().into();
        arguments.insert("password".to_owned(), password);
    }
    visitor.act("auth_login", arguments).await
}

async fn signed_in(visitor: &Visitor, request: &str, answer: &Answer) -> Response {
    end_old_session(visitor).await;
    let next = match request.parse() {
        Ok(request) => consent::go(&request),
        Err(_) if let Ok(request) = request.parse() => upload::go(&request),
        Err(_) if answer.data["is_active"] == true => render::go(paths::ACCOUNT, None),
        Err(_) => render::go(paths::ACTIVATE, None),
    };
    keep_signed_in(next, visitor, answer)
}

/// The session of a sign-in goes into the cookie and nowhere else.
pub fn keep_signed_in(response: Response, visitor: &Visitor, answer: &Answer) -> Response {
    let token = answer.data["token"].as_str().map(SecretString::from);
    let cookie = token.and_then(|token| cookies::keep_session(&visitor.site, &token));
    render::with_cookie(response, cookie)
}

/// What the cookie held before is of no use to anybody any more.
pub async fn end_old_session(visitor: &Visitor) {
    if visitor.session.is_some() {
        visitor.act("auth_logout", Map::new()).await;
    }
}
