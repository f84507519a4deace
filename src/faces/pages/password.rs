//! Choosing a new password with a mailed code, whether the old one is known or forgotten: first the code is mailed, then it
//! comes back with the new password. Where an authenticator app guards the account its code is asked for last, of nobody else,
//! and the new password is carried there sealed.

use axum::extract::RawQuery;
use axum::response::Response;
use secrecy::{ExposeSecret as _, SecretString};

use super::extract::Visitor;
use super::factor::Factor;
use super::fields::{self, Field, TOTP};
use super::form::FormFields;
use super::messages::Refused;
use super::notices::Notice;
use super::paths;
use super::register::{MAILED_CODE, WRONG_CODE, remembered, send_code};
use super::render::{self, Button, FormPage};
use crate::fault::FaultKind;
use crate::operations::dispatch::Answer;
use crate::operations::sealed_password;

const NEW_PASSWORD: Field = Field {
    label: "New password",
    ..fields::NEW_PASSWORD
};

/// Where the code is to go.
fn forgotten_page(address: &str) -> FormPage {
    FormPage::new("Choose a new password", paths::PASSWORD)
        .words("We mail you a code, which shows that the account is yours. You need it whether you know your password or not.")
        .field(fields::USER_EMAIL, address)
        .button(Button::send_first("Mail me a code"))
        .link("I have a code", CODE_IN_HAND)
        .link("Sign in", paths::SIGN_IN)
}

/// The next step's address for who has a code already.
const CODE_IN_HAND: &str = "/password?notice=code";

/// The code from the mail, and the password.
fn password_page(address: &str, code: &str) -> FormPage {
    FormPage::new("Choose a new password", paths::PASSWORD)
        .words("Everything else that is signed in to the account is signed out by this.")
        .field(fields::USER_EMAIL, address)
        .field(MAILED_CODE, code)
        .field(NEW_PASSWORD, "")
        .button(Button::main("Change the password"))
        .button(Button::send("Mail me a new code"))
        .link("Sign in", paths::SIGN_IN)
}

/// The app's code, where one is due. `kept` is the new password.
fn app_page(address: &str, code: &str, kept: &str) -> FormPage {
    let field = Field {
        name: TOTP,
        ..Factor::App.field()
    };
    FormPage::new("One more code", paths::PASSWORD)
        .words("An authenticator app guards this account, so the code from the mail is not enough.")
        .carried("user_email", address)
        .carried("code", code)
        .carried("kept", kept)
        .field(field, "")
        .button(Button::main("Change the password"))
        .link("Begin again", paths::PASSWORD)
}

/// `GET /password`.
pub async fn form(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let address = visitor.likely_address().await;
    if query.is_none() {
        return forgotten_page(&address).show();
    }
    let notice = Notice::of_query(query.as_deref());
    password_page(&address, "").notice(notice).show()
}

const REFUSED: Refused = Refused {
    field: "code",
    words: WRONG_CODE,
    address: "user_email",
    about: &[(
        "totp",
        "No authenticator app guards this account, so leave its code out. Nothing is changed yet: give the new password again.",
    )],
    too_often: "There were too many wrong codes.",
    ..Refused::ANYHOW
};

/// `POST /password`.
pub async fn change(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["user_email", "code", "totp", "password", "kept", "act"])?;
    let (address, kept) = (said.get("user_email"), said.get("kept"));
    if said.asks_for("send") {
        let answer = send_code(&visitor, address, "CHANGE_PASSWORD").await;
        if !answer.is_success() {
            let page = forgotten_page(address).wrong(&answer, REFUSED.sending());
            return Ok(page.show_refused(&answer));
        }
        let next = render::go(paths::PASSWORD, Some(Notice::CodeSent));
        return Ok(remembered(next, &visitor, address));
    }
    let context = &visitor.site.context;
    let password = if kept.is_empty() {
        SecretString::from(said.get("password"))
    } else if let Some(password) = sealed_password::kept_password(context, address, kept) {
        password
    } else {
        let mut page = forgotten_page(address);
        page.say(
            "",
            "That took more than ten minutes. Begin again.".to_owned(),
        );
        return Ok(page.show());
    };
    let mut arguments = said.arguments(&["user_email", "code", "totp"]);
    if !password.expose_secret().is_empty() {
        let password = password.expose_secret().into();
        arguments.insert("password".to_owned(), password);
    }
    let answer = visitor.act("auth_change_password", arguments).await;
    if !answer.is_success() {
        return Ok(refused(&visitor, &said, &password, &answer));
    }
    // Where the session at hand was not the account's own, it is over or somebody else's: signing in says which.
    let next = if visitor.account().await.data["email"] == address {
        paths::ACCOUNT
    } else {
        paths::SIGN_IN
    };
    let next = render::go(next, Some(Notice::PasswordChanged));
    Ok(remembered(next, &visitor, address))
}

fn refused(
    visitor: &Visitor,
    said: &FormFields,
    password: &SecretString,
    answer: &Answer,
) -> Response {
    let (address, code) = (said.get("user_email"), said.get("code"));
    let asks_for_app = Factor::asked_for(answer).is_some();
    let kept = match said.get("kept") {
        "" if asks_for_app => {
            match sealed_password::keep_password(&visitor.site.context, address, password) {
                Ok(kept) => kept,
                Err(_) => return render::failure(answer),
            }
        }
        kept => kept.to_owned(),
    };
    if asks_for_app && said.get("totp").is_empty() {
        let mut page = app_page(address, code, &kept);
        if said.get("kept").is_empty() {
            // Whoever was only now asked for it has done nothing wrong.
            return page.show();
        }
        page.say("totp", "The code is missing.".to_owned());
        return page.show_refused(answer);
    }
    let is_about_app = asks_for_app || is_passing(answer) || is_about_totp(answer);
    if !kept.is_empty() && is_about_app {
        let refused = Refused {
            field: "totp",
            ..Factor::App.refused()
        };
        let page = app_page(address, code, &kept).wrong(answer, refused);
        return page.show_refused(answer);
    }
    let page = password_page(address, code).wrong(answer, REFUSED);
    page.show_refused(answer)
}

/// Whether waiting helps, and nothing was said of the password.
fn is_passing(answer: &Answer) -> bool {
    matches!(
        answer.fault(),
        Some(
            FaultKind::RateLimited { .. } | FaultKind::NotConfigured(_) | FaultKind::Unavailable(_)
        )
    )
}

/// Whether what is wrong is the app's code alone.
fn is_about_totp(answer: &Answer) -> bool {
    matches!(answer.fault(), Some(FaultKind::InvalidFields(problems))
        if problems.iter().all(|problem| problem.field == "totp"))
}
