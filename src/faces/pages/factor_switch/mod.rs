//! Switching the second factor: whether one is on and which, and a form for each change of it. Setting up an authenticator
//! app, which takes more than one form, is in [`app`].

pub mod app;

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value};

use super::account::turned_away;
use super::extract::Visitor;
use super::factor::Factor;
use super::form::FormFields;
use super::messages::Refused;
use super::notices::Notice;
use super::paths;
use super::register::send_code;
use super::render::{self, Button, FormPage, Link};
use crate::operations::dispatch::Answer;

#[derive(Template)]
#[template(path = "pages/factor.html")]
struct FactorPage<'a> {
    notice: Option<&'a str>,
    state: &'static str,
    meaning: &'static str,
    links: &'static [Link],
}

const WITH_APP: Link = Link {
    words: "Turn it on with an authenticator app, which is best",
    path: paths::FACTOR_APP,
};
const BY_MAIL: Link = Link {
    words: "Turn it on by mail",
    path: paths::FACTOR_MAIL,
};
const APP_INSTEAD: Link = Link {
    words: "Use an authenticator app instead, which is better",
    path: paths::FACTOR_APP,
};
const OTHER_APP: Link = Link {
    words: "Set up another app in its place",
    path: paths::FACTOR_APP,
};
const RECOVERY: Link = Link {
    words: "Make new recovery codes",
    path: paths::FACTOR_RECOVERY,
};
const OFF: Link = Link {
    words: "Turn it off",
    path: paths::FACTOR_OFF,
};

/// `GET /account/second-factor`.
pub async fn view(visitor: Visitor, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let owner = Owner::of(&visitor).await?;
    let (state, meaning, links): (_, _, &[Link]) = match owner.factor {
        None => (
            "It is off.",
            "Your password alone signs you in, and whoever finds it out is in too.",
            &[WITH_APP, BY_MAIL],
        ),
        Some(Factor::Mail) => (
            "It is on, by mail.",
            "Signing in takes a code that we mail you, besides the password.",
            &[APP_INSTEAD, OFF],
        ),
        Some(Factor::App) => (
            "It is on, with an authenticator app.",
            "Signing in takes a code that the app shows, besides the password; so does choosing a new password.",
            &[RECOVERY, OTHER_APP, OFF],
        ),
    };
    let page = FactorPage {
        notice: Notice::of_query(query.as_deref()),
        state,
        meaning,
        links,
    };
    Ok(render::show(StatusCode::OK, &page))
}

/// Whoever is signed in, and their factor.
struct Owner {
    address: String,
    factor: Option<Factor>,
}

impl Owner {
    async fn of(visitor: &Visitor) -> Result<Self, Response> {
        let answer = visitor.act("page_view_own_factor", Map::new()).await;
        if !answer.is_success() {
            return Err(turned_away(visitor, &answer));
        }
        Ok(Self {
            address: answer.data["email"].as_str().unwrap_or_default().to_owned(),
            factor: answer.data["method"].as_str().map(Factor::said),
        })
    }

    /// The same, where this factor is on; everybody else sees how it stands.
    async fn with(visitor: &Visitor, factor: Option<Factor>) -> Result<Self, Response> {
        let owner = Self::of(visitor).await?;
        if owner.factor == factor {
            Ok(owner)
        } else {
            Err(overview())
        }
    }
}

fn overview() -> Response {
    render::go(paths::FACTOR, None)
}

fn back(page: FormPage) -> FormPage {
    page.link("Back to two-factor sign-in", paths::FACTOR)
}

/// Has a code mailed, and shows the page again.
async fn send(visitor: &Visitor, owner: &Owner, page: FormPage) -> Response {
    let answer = send_code(visitor, &owner.address, "TWO_FACTOR_AUTH").await;
    if answer.is_success() {
        return page.notice(Some(Notice::CodeSent.words())).show();
    }
    let refused = Factor::Mail.refused().sending();
    page.wrong(&answer, refused).show_refused(&answer)
}

/// Shows the page again with what was wrong; who is not signed in any more is sent to do so.
async fn refused(visitor: &Visitor, page: FormPage, answer: &Answer, refused: Refused) -> Response {
    if answer.is_unauthenticated()
        && let Err(away) = Owner::of(visitor).await
    {
        return away;
    }
    page.wrong(answer, refused).show_refused(answer)
}

fn first_mail_page() -> FormPage {
    let page = FormPage::new("Two-factor sign-in by mail", paths::FACTOR_MAIL)
        .words(
            "Signing in will take a code that we mail you. That helps where somebody finds out your password, and not where they read \
             your mails; an authenticator app does both.",
        )
        .words("Have a code mailed to you first, which shows that mails reach you.")
        .button(Button::send_first("Mail me a code"));
    back(page)
}

fn mail_page() -> FormPage {
    let page = FormPage::new("Two-factor sign-in by mail", paths::FACTOR_MAIL)
        .field(Factor::Mail.field(), "")
        .button(Button::main("Turn it on"))
        .button(Button::send("Mail me a new code"));
    back(page)
}

/// `GET /account/second-factor/mail`.
pub async fn mail_form(visitor: Visitor) -> Result<Response, Response> {
    Owner::with(&visitor, None).await?;
    Ok(first_mail_page().show())
}

/// `POST /account/second-factor/mail`.
pub async fn by_mail(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["code", "act"])?;
    let owner = Owner::with(&visitor, None).await?;
    if said.asks_for("send") {
        return Ok(send(&visitor, &owner, mail_page()).await);
    }
    let answer = enable("mail", &said, &["code"], &visitor).await;
    if answer.is_success() {
        return Ok(render::go(paths::FACTOR, Some(Notice::FactorByMail)));
    }
    Ok(refused(&visitor, mail_page(), &answer, Factor::Mail.refused()).await)
}

fn recovery_page() -> FormPage {
    let page = FormPage::new("New recovery codes", paths::FACTOR_RECOVERY)
        .words("You get ten new codes, and those of before are worth nothing any more.")
        .field(Factor::App.field(), "")
        .button(Button::main("Make new codes"));
    back(page)
}

/// `GET /account/second-factor/recovery`.
pub async fn recovery_form(visitor: Visitor) -> Result<Response, Response> {
    Owner::with(&visitor, Some(Factor::App)).await?;
    Ok(recovery_page().show())
}

/// `POST /account/second-factor/recovery`.
pub async fn new_recovery(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["code"])?;
    Owner::with(&visitor, Some(Factor::App)).await?;
    if said.get("code").is_empty() {
        let mut page = recovery_page();
        page.say("code", "The code is missing.".to_owned());
        return Ok(render::show(StatusCode::BAD_REQUEST, &page));
    }
    let answer = enable("app", &said, &["code"], &visitor).await;
    if let Some(page) = RecoveryPage::of(&answer) {
        return Ok(page);
    }
    Ok(refused(&visitor, recovery_page(), &answer, Factor::App.refused()).await)
}

fn off_page(factor: Factor) -> FormPage {
    let page = FormPage::new("Turn two-factor sign-in off", paths::FACTOR_OFF)
        .words("From then on your password alone signs you in.")
        .field(factor.field(), "")
        .button(Button::danger("Turn it off"));
    let page = match factor {
        Factor::Mail => page
            .words("Have a code mailed to you, and type it here.")
            .button(Button::send("Mail me a code")),
        Factor::App => page,
    };
    back(page)
}

/// `GET /account/second-factor/off`.
pub async fn off_form(visitor: Visitor) -> Result<Response, Response> {
    let owner = Owner::of(&visitor).await?;
    let factor = owner.factor.ok_or_else(overview)?;
    Ok(off_page(factor).show())
}

/// `POST /account/second-factor/off`.
pub async fn turn_off(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["code", "act"])?;
    let owner = Owner::of(&visitor).await?;
    let factor = owner.factor.ok_or_else(overview)?;
    if said.asks_for("send") {
        return Ok(send(&visitor, &owner, off_page(factor)).await);
    }
    let arguments = said.arguments(&["code"]);
    let answer = visitor.act("auth_disable_2fa", arguments).await;
    if answer.is_success() {
        return Ok(render::go(paths::FACTOR, Some(Notice::FactorOff)));
    }
    let missing = Refused {
        empty: "Give a code first.",
        address: "code",
        ..factor.refused()
    };
    Ok(refused(&visitor, off_page(factor), &answer, missing).await)
}

/// Turns a factor on, as far as what was filled in goes.
async fn enable(method: &str, said: &FormFields, names: &[&str], visitor: &Visitor) -> Answer {
    let mut arguments = said.arguments(names);
    arguments.insert("method".to_owned(), Value::from(method));
    act_enable(visitor, arguments).await
}

async fn act_enable(visitor: &Visitor, arguments: Map<String, Value>) -> Answer {
    visitor.act("auth_enable_2fa", arguments).await
}

#[derive(Template)]
#[template(path = "pages/recovery.html")]
struct RecoveryPage<'a> {
    codes: Vec<&'a str>,
}

impl RecoveryPage<'_> {
    /// The page with the codes that an answer holds. They are kept nowhere as they stand there, so there is no page to go on to.
    fn of(answer: &Answer) -> Option<Response> {
        let codes = answer.data["recovery_codes"].as_array()?;
        let page = RecoveryPage {
            codes: codes.iter().filter_map(Value::as_str).collect(),
        };
        Some(render::show(StatusCode::OK, &page))
    }
}
