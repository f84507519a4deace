//! Whether a program may be signed in as whoever sits before the page. It says where the program is and when it asked; both
//! answers weigh the same, and neither is given by just signing in.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::account::{object, turned_away};
use super::extract::Visitor;
use super::form::FormFields;
use super::notices::Notice;
use super::paths;
use super::render;
use super::sign_in::first_step;
use crate::domain::ids::PageRequestId;
use crate::fault::FaultKind;
use crate::operations::dispatch::Answer;

#[derive(Template)]
#[template(path = "pages/consent.html")]
struct ConsentPage<'a> {
    request: &'a str,
    network: Option<&'a str>,
    asked_at: &'a str,
    email: &'a str,
    id: &'a str,
}

/// Which request an address names.
pub fn requested(query: Option<&str>) -> Option<PageRequestId> {
    let mut fields = url::form_urlencoded::parse(query?.as_bytes());
    let (_, said) = fields.find(|(name, _)| name == "request")?;
    said.parse().ok()
}

/// Goes on to the question.
pub fn go(request: &PageRequestId) -> Response {
    render::redirect(&format!("{}?request={request}", paths::SIGN_IN))
}

/// Signing in first, where nobody is; then the question.
pub async fn ask(visitor: &Visitor, request: &PageRequestId) -> Response {
    let looked = look(visitor, request).await;
    if !looked.is_success() {
        return not_asked(&looked);
    }
    let account = visitor.account().await;
    let text =
        |answer: &'_ Answer, name: &str| answer.data[name].as_str().unwrap_or_default().to_owned();
    let asked_at = text(&looked, "asked_at");
    if account.is_unauthenticated() {
        let address = visitor.address.clone().unwrap_or_default();
        return first_step(&address, request.as_str())
            .words("A program waits for you to sign in. After that you are asked whether it may act for you.")
            .show();
    }
    if !account.is_success() {
        return render::failure(&account);
    }
    let page = ConsentPage {
        request: request.as_str(),
        network: looked.data["network"].as_str(),
        asked_at: &asked_at,
        email: &text(&account, "email"),
        id: &text(&account, "id"),
    };
    render::show(StatusCode::OK, &page)
}

/// `POST /sign-in/answer`.
pub async fn answer(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["request", "account", "act"])?;
    let Ok(request) = said.get("request").parse::<PageRequestId>() else {
        return Ok(over());
    };
    let allows = said.asks_for("allow");
    if !allows && !said.asks_for("deny") {
        return Ok(go(&request));
    }
    let account = visitor.account().await;
    if !account.is_success() {
        return Ok(turned_away(&visitor, &account));
    }
    // Signed in as somebody else meanwhile, in another window: they are asked again, by the right name.
    if account.data["id"] != said.get("account") {
        return Ok(go(&request));
    }
    let said = json!({"request": request.as_str(), "allows": allows});
    let kept = visitor.act("page_answer_request", object(said)).await;
    if kept.is_unauthenticated() {
        // Signed out elsewhere, between the look at the account and the answer.
        return Ok(go(&request));
    }
    if !kept.is_success() {
        return Ok(not_asked(&kept));
    }
    let notice = if allows {
        Notice::ProgramAllowed
    } else {
        Notice::ProgramDenied
    };
    Ok(render::go(paths::ACCOUNT, Some(notice)))
}

/// `GET /sign-in/requests/{id}`: whether this server knows a request, for another process of the deployment.
pub async fn is_known(visitor: Visitor, Path(id): Path<String>) -> Response {
    let Ok(request) = id.parse::<PageRequestId>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let looked = look(&visitor, &request).await;
    if looked.is_success() {
        return StatusCode::NO_CONTENT.into_response();
    }
    StatusCode::from_u16(looked.status)
        .unwrap_or(StatusCode::NOT_FOUND)
        .into_response()
}

async fn look(visitor: &Visitor, request: &PageRequestId) -> Answer {
    let arguments = json!({"request": request.as_str()});
    visitor.act("page_view_request", object(arguments)).await
}

fn not_asked(answer: &Answer) -> Response {
    match answer.fault() {
        Some(FaultKind::NotFound(_)) => over(),
        Some(FaultKind::Forbidden) => render::refusal(
            StatusCode::FORBIDDEN,
            "This link was made for a program on another network than yours, so it does nothing here. If somebody sent it to you, do not \
             sign in for them. If you started the program yourself, open the link on the machine where it runs.",
        ),
        _ => render::failure(answer),
    }
}

fn over() -> Response {
    render::refusal(
        StatusCode::NOT_FOUND,
        "This link is good for one answer within ten minutes, and that is over. Have the program ask again.",
    )
}
