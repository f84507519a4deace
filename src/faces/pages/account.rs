//! The account, for whoever is signed in: who they are, their credits, where else they are signed in, and their API key when
//! they ask to see it. Each button is a form of its own.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::cookies;
use super::extract::Visitor;
use super::form::FormFields;
use super::notices::Notice;
use super::paths;
use super::render;
use crate::fault::FaultKind;
use crate::operations::dispatch::Answer;

/// More sessions than that no account has.
const MAX_SESSIONS: u32 = 100;

#[derive(Template)]
#[template(path = "pages/account.html")]
struct AccountPage<'a> {
    notice: Option<&'a str>,
    name: String,
    email: &'a str,
    id: &'a str,
    credits: String,
    since: &'a str,
    is_active: bool,
    has_second_factor: bool,
    sessions: Vec<SessionRow<'a>>,
}

struct SessionRow<'a> {
    id: &'a str,
    is_this: bool,
    face: &'static str,
    address: Option<&'a str>,
    since: &'a str,
    until: &'a str,
}

/// `GET /account`.
pub async fn view(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let account = visitor.account().await;
    if !account.is_success() {
        return turned_away(&visitor, &account);
    }
    let text = |name: &str| account.data[name].as_str().unwrap_or_default();
    let is_active = account.data["is_active"] == true;
    let sessions = if is_active {
        let arguments = json!({"limit": MAX_SESSIONS});
        visitor
            .act("session_view_all", object(arguments))
            .await
            .data
    } else {
        Value::Null
    };
    let rows = sessions.as_array().into_iter().flatten();
    let mut rows: Vec<SessionRow<'_>> = rows.map(SessionRow::new).collect();
    rows.sort_by_key(|row| !row.is_this);
    let page = AccountPage {
        notice: Notice::of_query(query.as_deref()),
        name: format!("{} {}", text("first_name"), text("last_name")),
        email: text("email"),
        id: text("id"),
        credits: account.data["credits"].as_f64().unwrap_or(0.0).to_string(),
        since: text("created_at"),
        is_active,
        has_second_factor: account.data["is_2fa_enabled"] == true,
        sessions: rows,
    };
    render::show(StatusCode::OK, &page)
}

impl<'a> SessionRow<'a> {
    fn new(session: &'a Value) -> Self {
        let text = |name: &str| session[name].as_str().unwrap_or_default();
        Self {
            id: text("id"),
            is_this: session["is_current"] == true,
            face: match text("face") {
                "page" => "A browser, on these pages",
                "rest" => "A program or front end",
                "mcp_http" => "An agent, over the network",
                "stdio" => "An agent, on the server's machine",
                "terminal" => "A terminal, on the server's machine",
                _ => "Unknown",
            },
            address: session["address"].as_str(),
            since: text("created_at"),
            until: text("expires_at"),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/key.html")]
struct KeyPage<'a> {
    user_id: &'a str,
    token: &'a str,
}

/// `POST /account/key`. The answer is the page itself: what it shows is kept nowhere, so there is nothing to go on to.
pub async fn show_key(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    said.of(&[])?;
    let answer = visitor.act("api_key_view", Map::new()).await;
    if !answer.is_success() {
        return Ok(turned_away(&visitor, &answer));
    }
    let text = |name: &str| answer.data[name].as_str().unwrap_or_default();
    let page = KeyPage {
        user_id: text("user_id"),
        token: text("token"),
    };
    Ok(render::show(StatusCode::OK, &page))
}

/// `POST /account/sign-out`.
pub async fn sign_out(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    said.of(&[])?;
    let answer = visitor.act("auth_logout", Map::new()).await;
    // Who was signed out already is so still.
    if answer.is_success() || answer.is_unauthenticated() {
        let next = render::go(paths::SIGN_IN, Some(Notice::SignedOut));
        let forget = cookies::forget_session(&visitor.site);
        return Ok(render::with_cookie(next, forget));
    }
    Ok(render::failure(&answer))
}

/// `POST /account/sessions/end`.
pub async fn end_session(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["session_id"])?;
    let answer = visitor
        .act("session_end", said.arguments(&["session_id"]))
        .await;
    // One that is over by itself is over all the same.
    if answer.is_success() || matches!(answer.fault(), Some(FaultKind::NotFound(_))) {
        return Ok(render::go(paths::ACCOUNT, Some(Notice::SessionEnded)));
    }
    Ok(turned_away(&visitor, &answer))
}

/// `POST /account/sessions/end-others`.
pub async fn end_others(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    said.of(&[])?;
    let answer = visitor.act("session_end_all", Map::new()).await;
    if answer.is_success() {
        return Ok(render::go(paths::ACCOUNT, Some(Notice::OthersEnded)));
    }
    Ok(turned_away(&visitor, &answer))
}

/// Who is not signed in is sent to do so; who has yet to activate the account, to that.
pub fn turned_away(visitor: &Visitor, answer: &Answer) -> Response {
    if !answer.is_unauthenticated() {
        return render::failure(answer);
    }
    if answer.fault() == Some(&FaultKind::Inactive) {
        return render::go(paths::ACTIVATE, None);
    }
    let notice = visitor.session.is_some().then_some(Notice::SessionOver);
    let next = render::go(paths::SIGN_IN, notice);
    let forget = cookies::forget_session(&visitor.site);
    render::with_cookie(next, forget.filter(|_| visitor.session.is_some()))
}

/// Arguments as an object.
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
