//! Taking one's data along, and leaving for good. Both ask for the password again, and for a code where the account is guarded
//! by one: a browser left open is not its owner.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::account::turned_away;
use super::cookies;
use super::extract::Visitor;
use super::factor::{Factor, TAKE_THE_APPS};
use super::fields::{self, Field};
use super::form::FormFields;
use super::messages::{IF_SURE, Refused};
use super::notices::Notice;
use super::paths;
use super::register::send_code;
use super::render::{self, Button, FormPage};
use crate::faces::rest::document;
use crate::operations::Document;
use crate::operations::dispatch::Answer;

const FIELDS: [&str; 3] = ["password", "code", "act"];
const PASSWORD: Field = Field {
    hint: "Leave it empty if your account has none because you sign in with Google.",
    is_required: false,
    ..fields::PASSWORD
};
const SECOND_FACTOR: Field = Field {
    hint: "Only with two-factor sign-in on, or without a password: from your authenticator app, or mailed to you.",
    is_required: false,
    ..fields::CODE
};

fn proven(page: FormPage, button: Button) -> FormPage {
    page.field(PASSWORD, "")
        .field(SECOND_FACTOR, "")
        .button(button)
        .button(Button::send("Mail me a code"))
        .link("Back to the account", paths::ACCOUNT)
}

fn export_page() -> FormPage {
    let page = FormPage::new("Download your data", paths::DATA).words(
        "You get one JSON file with everything that is kept of your account: profile, sessions, transactions, purchases, \
         checks with their texts and reports, mails, and what was done with the account when and from where.",
    );
    proven(page, Button::main("Download"))
}

fn delete_page() -> FormPage {
    let page = FormPage::new("Delete your account", paths::DELETE).words(
        "The account goes at once and for good, with its credits, checks and reports. What was paid stays in the books without \
         your name or address. Nobody can bring it back.",
    );
    proven(page, Button::danger("Delete my account for good"))
}

/// `GET /account/data`.
pub async fn export_form(visitor: Visitor) -> Response {
    form(&visitor, export_page()).await
}

/// `GET /account/delete`.
pub async fn delete_form(visitor: Visitor) -> Response {
    form(&visitor, delete_page()).await
}

async fn form(visitor: &Visitor, page: FormPage) -> Response {
    match owner(visitor).await {
        Ok(address) => page.owner(&address).show(),
        Err(away) => away,
    }
}

/// The address of whoever is signed in, to an account that is active.
async fn owner(visitor: &Visitor) -> Result<String, Response> {
    let account = visitor.account().await;
    if account.data["is_active"] == false {
        return Err(render::go(paths::ACTIVATE, None));
    }
    match account.data["email"].as_str() {
        Some(address) if account.is_success() => Ok(address.to_owned()),
        _ => Err(turned_away(visitor, &account)),
    }
}

/// `POST /account/data`.
pub async fn export(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&FIELDS)?;
    if said.asks_for("send") {
        return Ok(send(&visitor, export_page()).await);
    }
    let arguments = said.arguments(&["password", "code"]);
    let has_code = arguments.contains_key("code");
    let answer = visitor.act("user_export", arguments).await;
    match answer.document() {
        Some(document) => Ok(download(document)),
        None => Ok(refused(&visitor, export_page(), &answer, has_code).await),
    }
}

/// `POST /account/delete`.
pub async fn delete(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&FIELDS)?;
    if said.asks_for("send") {
        return Ok(send(&visitor, delete_page()).await);
    }
    let arguments = said.arguments(&["password", "code"]);
    let has_code = arguments.contains_key("code");
    let answer = visitor.act("user_delete", arguments).await;
    if !answer.is_success() {
        return Ok(refused(&visitor, delete_page(), &answer, has_code).await);
    }
    let next = render::go(paths::SIGN_IN, Some(Notice::Deleted));
    Ok(render::with_cookie(
        next,
        cookies::forget_session(&visitor.site),
    ))
}

async fn send(visitor: &Visitor, page: FormPage) -> Response {
    let address = match owner(visitor).await {
        Ok(address) => address,
        Err(away) => return away,
    };
    let page = page.owner(&address);
    let answer = send_code(visitor, &address, "TWO_FACTOR_AUTH").await;
    if answer.is_success() {
        return page.notice(Some(Notice::CodeSent.words())).show();
    }
    page.wrong(&answer, REFUSED.sending()).show_refused(&answer)
}

const REFUSED: Refused = Refused {
    field: "password",
    words: "The password or the code is wrong.",
    advice: IF_SURE,
    address: "password",
    other: TAKE_THE_APPS,
    about: &[
        (
            "code",
            "This account has no password, so a code from our mail is due: have one mailed to you and give it here.",
        ),
        ("password", "The password is missing."),
    ],
    empty: "Give your password. If your account has none, because you sign in with Google, have a code mailed to you and give that.",
    too_often: "There were too many wrong passwords or codes. If you forgot your password, choose a new one by mail.",
};

async fn refused(visitor: &Visitor, page: FormPage, answer: &Answer, has_code: bool) -> Response {
    // A session that is over, or an account that is not active, is no wrong password.
    let address = match owner(visitor).await {
        Ok(address) => address,
        Err(away) => return away,
    };
    let page = page.owner(&address);
    let Some(factor) = Factor::asked_for(answer) else {
        return page.wrong(answer, REFUSED).show_refused(answer);
    };
    let refused = Refused {
        words: match (has_code, factor) {
            (true, factor) => factor.refused().words,
            (false, Factor::Mail) => {
                "Two-factor sign-in is on: have a code mailed to you, and give it with the password."
            }
            (false, Factor::App) => {
                "Two-factor sign-in is on: give a code of your authenticator app too."
            }
        },
        ..factor.refused()
    };
    page.wrong(answer, refused).show_refused(answer)
}

fn download(document: &Document) -> Response {
    let pieces = match document::pieces(document) {
        Ok(pieces) => pieces,
        Err(fault) => {
            tracing::error!(%fault, "a document could not be read");
            return render::failure(&Answer::from_fault(&fault, ""));
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_LENGTH, document.length.to_string()),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"clara-account.json\"".to_owned(),
        ),
    ];
    (StatusCode::OK, headers, Body::from_stream(pieces)).into_response()
}
