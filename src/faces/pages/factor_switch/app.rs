//! Setting up an authenticator app: who is there, then the picture and the app's first code, then the recovery codes. What was
//! offered is shown once; a wrong code leads to the same form without it, for by then the app has it.

use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use url::Url;

use super::{Owner, RecoveryPage, act_enable, back, refused};
use crate::faces::pages::extract::Visitor;
use crate::faces::pages::factor::Factor;
use crate::faces::pages::fields::{self, Field};
use crate::faces::pages::form::FormFields;
use crate::faces::pages::messages::{Refused, words_of};
use crate::faces::pages::notices::Notice;
use crate::faces::pages::paths;
use crate::faces::pages::register::send_code;
use crate::faces::pages::render::{self, Button, FormPage, Offer};
use crate::operations::dispatch::Answer;
use crate::operations::sealed_password;

/// The account's own, where no factor is on yet: a session left open somewhere is not its owner.
const PASSWORD: Field = Field {
    hint: "May stay empty if you signed in a moment ago.",
    is_required: false,
    ..fields::PASSWORD
};
const FIRST_CODE: Field = Field {
    label: "First code from the app",
    hint: "The six digits that the app shows for Clara once it has taken this over.",
    ..fields::CODE
};

/// The code of the factor that is on, which the app comes in the place of.
fn current(factor: Factor) -> Field {
    Field {
        name: "current",
        label: match factor {
            Factor::Mail => "Code from the mail",
            Factor::App => "Code from the app of before",
        },
        subject: "The code of before",
        ..factor.field()
    }
}

fn first_page(owner: &Owner) -> FormPage {
    let page = FormPage::new("Set up an authenticator app", paths::FACTOR_APP).words(
        "An authenticator app on your phone shows a new code every half minute; any app for one-time codes will do. Nothing changes \
         before its first code has come back.",
    );
    let page = match owner.factor {
        None => page.owner(&owner.address).field(PASSWORD, ""),
        Some(Factor::Mail) => page
            .words("We mail you a code as you go on: your present factor is asked for once more."),
        Some(Factor::App) => {
            page.words("You need the app of before once more, or a recovery code.")
        }
    };
    back(page.button(Button::main("Go on")))
}

/// The second form; `kept` is the password of the first, sealed.
fn confirm_page(owner: &Owner, kept: &str) -> FormPage {
    let page = FormPage::new("Set up an authenticator app", paths::FACTOR_APP)
        .carried("step", "confirm")
        .carried("kept", kept)
        .field(FIRST_CODE, "");
    let page = match owner.factor {
        None => page,
        Some(factor) => page.field(current(factor), ""),
    };
    let page = page.button(Button::main("Turn it on"));
    let page = match owner.factor {
        Some(Factor::Mail) => page.button(Button::send("Mail me a new code")),
        _ => page,
    };
    page.link("Begin again", paths::FACTOR_APP)
}

/// `GET /account/second-factor/app`.
pub async fn form(visitor: Visitor) -> Result<Response, Response> {
    let owner = Owner::of(&visitor).await?;
    Ok(first_page(&owner).show())
}

/// `POST /account/second-factor/app`.
pub async fn set_up(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["password", "step", "kept", "code", "current", "act"])?;
    let owner = Owner::of(&visitor).await?;
    if said.get("step").is_empty() {
        return Ok(offer(&visitor, &owner, &said).await);
    }
    Ok(confirm(&visitor, &owner, &said).await)
}

const NOT_OFFERED: Refused = Refused {
    field: "password",
    words: "Give your account's password: you signed in a while ago. If it has none, sign in anew and come back.",
    about: &[(
        "code",
        "Your account has no password, and you signed in a while ago: sign in anew, then come back here.",
    )],
    too_often: "There were too many wrong passwords. If you forgot yours, choose a new one by mail.",
    ..Refused::ANYHOW
};
/// The same where a password was given.
const WRONG_PASSWORD: Refused = Refused {
    words: "The password is wrong.",
    ..NOT_OFFERED
};

async fn offer(visitor: &Visitor, owner: &Owner, said: &FormFields) -> Response {
    let password = SecretString::from(said.get("password"));
    let answer = act_enable(visitor, with_password(Map::new(), &password)).await;
    let Some(taken_over) = taken_over(&answer) else {
        let why = if said.get("password").is_empty() {
            NOT_OFFERED
        } else {
            WRONG_PASSWORD
        };
        return refused(visitor, first_page(owner), &answer, why).await;
    };
    let kept = match said.get("password") {
        "" => String::new(),
        _ => match sealed_password::keep_password(&visitor.site.context, &owner.address, &password)
        {
            Ok(kept) => kept,
            Err(_) => return render::failure(&answer),
        },
    };
    let mut page = confirm_page(owner, &kept)
        .words("Scan this with the app. It is your secret, and is shown only now.")
        .offer(taken_over);
    if owner.factor == Some(Factor::Mail) {
        let sent = send_code(visitor, &owner.address, "TWO_FACTOR_AUTH").await;
        if sent.is_success() {
            page = page.notice(Some(Notice::CodeSent.words()));
        } else {
            let too_often = Factor::Mail.refused().sending().too_often;
            page.say("current", words_of(&sent, too_often));
        }
    }
    page.show()
}

/// What an answer offers to an app.
fn taken_over(answer: &Answer) -> Option<Offer> {
    let address = answer.data["otpauth_url"].as_str()?;
    let picture = answer.data["qr_svg"].as_str()?;
    let parsed = Url::parse(address).ok()?;
    let (_, key) = parsed.query_pairs().find(|(name, _)| name == "secret")?;
    Some(Offer {
        picture: STANDARD.encode(picture),
        address: address.to_owned(),
        key: key.into_owned(),
    })
}

async fn confirm(visitor: &Visitor, owner: &Owner, said: &FormFields) -> Response {
    let kept = said.get("kept");
    let page = || confirm_page(owner, kept);
    if said.asks_for("send") {
        return super::send(visitor, owner, page()).await;
    }
    if said.get("code").is_empty() {
        let mut page = page();
        page.say("code", "The code is missing.".to_owned());
        return render::show(StatusCode::BAD_REQUEST, &page);
    }
    let password = sealed_password::kept_password(&visitor.site.context, &owner.address, kept);
    let arguments = said.arguments(&["code", "current"]);
    let password = password.unwrap_or_default();
    let answer = act_enable(visitor, with_password(arguments, &password)).await;
    if let Some(page) = RecoveryPage::of(&answer) {
        return page;
    }
    let why = match Factor::asked_for(&answer) {
        Some(factor) => Refused {
            field: "current",
            words: if said.get("current").is_empty() {
                "The code of before is missing."
            } else {
                factor.refused().words
            },
            ..factor.refused()
        },
        None => Refused {
            field: "code",
            words: "This code is wrong, used or too old: give the one that the app shows now. If the app has not taken over the picture, \
                    begin again.",
            ..Factor::App.refused()
        },
    };
    refused(visitor, page(), &answer, why).await
}

/// The arguments for an app; with the account's password, where it was given.
fn with_password(mut arguments: Map<String, Value>, password: &SecretString) -> Map<String, Value> {
    arguments.insert("method".to_owned(), json!("app"));
    if !password.expose_secret().is_empty() {
        let password = password.expose_secret().into();
        arguments.insert("password".to_owned(), password);
    }
    arguments
}
