//! Dropping files for a call of a program that asked for them. Whoever opens the link signs in first and must be the account
//! that the call acts for; each file becomes an upload of theirs, and the call goes on when they say that they are done.

use askama::Template;
use axum::extract::{Path, RawQuery, Request};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::account::{object, turned_away};
use super::extract::Visitor;
use super::form::FormFields;
use super::messages::{Refused, words_of};
use super::notices::Notice;
use super::received::{self, Received};
use super::sign_in::first_step;
use super::{form, paths, render};
use crate::domain::ids::UploadRequestId;
use crate::fault::{FaultKind, Resource};
use crate::operations::dispatch::Answer;

/// Bytes of a megabyte, as the limits count them.
const MEGABYTE: u64 = 1_000_000;

#[derive(Template)]
#[template(path = "pages/upload.html")]
struct UploadPage {
    request: String,
    email: String,
    asked_at: String,
    problems: Vec<String>,
    files: Vec<FileRow>,
    max_files: u64,
    /// How many more there is room for.
    room: u64,
    max_bytes: u64,
    max_megabytes: u64,
}

struct FileRow {
    upload: String,
    name: String,
    size: String,
}

/// Goes on to the page.
pub fn go(request: &UploadRequestId) -> Response {
    render::redirect(&format!("{}?request={request}", paths::UPLOAD))
}

/// `GET /upload`.
pub async fn view(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let Some(request) = requested(query.as_deref()) else {
        return over();
    };
    match page(&visitor, &request).await {
        Ok(page) => render::show(StatusCode::OK, &page),
        Err(other) => other,
    }
}

/// `POST /upload`: the files that were chosen, and then the end where the person is done.
pub async fn receive(visitor: Visitor, request: Request) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    form::refuse_foreign(&visitor.site, &parts.headers)?;
    if !is_file_form(&parts.headers) {
        return Err(form::not_ours());
    }
    let Received {
        request,
        is_done,
        mut problems,
        ended,
    } = received::read(&visitor, &parts.headers, body).await?;
    if let Some(ended) = ended {
        return Ok(not_taken(&visitor, &ended));
    }
    if is_done && problems.is_empty() {
        let ended = end(&visitor, &request, false).await;
        match ended.fault() {
            None => return Ok(render::go(paths::ACCOUNT, Some(Notice::FilesGiven))),
            Some(FaultKind::InvalidFields(_)) => {
                problems.push("There are no files yet: choose one first.".to_owned());
            }
            Some(_) => return Ok(not_taken(&visitor, &ended)),
        }
    }
    if problems.is_empty() {
        return Ok(go(&request));
    }
    let mut page = page(&visitor, &request).await?;
    page.problems = problems;
    Ok(render::show(StatusCode::BAD_REQUEST, &page))
}

/// `POST /upload/remove`: one file that was dropped before.
pub async fn remove(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["request", "upload"])?;
    let Ok(request) = said.get("request").parse::<UploadRequestId>() else {
        return Ok(over());
    };
    let arguments = object(json!({"request": request.as_str(), "upload": said.get("upload")}));
    let removed = visitor.act("page_remove_dropped_file", arguments).await;
    match removed.fault() {
        None => Ok(go(&request)),
        // Pressed twice, or in two windows; what is here now is shown.
        Some(FaultKind::NotFound(Resource::Upload) | FaultKind::InvalidFields(_)) => {
            let mut page = page(&visitor, &request).await?;
            page.problems = vec!["That file is not here, or not any more.".to_owned()];
            Ok(render::show(StatusCode::NOT_FOUND, &page))
        }
        Some(_) => Ok(not_taken(&visitor, &removed)),
    }
}

/// `POST /upload/decline`.
pub async fn decline(visitor: Visitor, said: FormFields) -> Result<Response, Response> {
    let said = said.of(&["request"])?;
    let Ok(request) = said.get("request").parse::<UploadRequestId>() else {
        return Ok(over());
    };
    let ended = end(&visitor, &request, true).await;
    if ended.is_success() {
        return Ok(render::go(paths::ACCOUNT, Some(Notice::NoFilesGiven)));
    }
    Ok(not_taken(&visitor, &ended))
}

/// `GET /upload/requests/{id}`: whether this server knows a request, for another process of the deployment.
pub async fn is_known(visitor: Visitor, Path(id): Path<String>) -> Response {
    let Ok(request) = id.parse::<UploadRequestId>() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let status = if knows(&visitor, &request).await.is_success() {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    };
    status.into_response()
}

/// What there is to see, or what stands in its place: signing in, or why there is nothing.
async fn page(visitor: &Visitor, request: &UploadRequestId) -> Result<UploadPage, Response> {
    let known = knows(visitor, request).await;
    if !known.is_success() {
        return Err(not_taken(visitor, &known));
    }
    let account = visitor.account().await;
    if account.is_unauthenticated() {
        let address = visitor.address.clone().unwrap_or_default();
        return Err(first_step(&address, request.as_str())
            .words("A program asks you for files. Sign in to the account that it acts for; after that you can drop them.")
            .show());
    }
    let arguments = object(json!({"request": request.as_str()}));
    let seen = visitor.act("page_view_upload_request", arguments).await;
    if !seen.is_success() {
        return Err(not_taken(visitor, &seen));
    }
    let text = |answer: &Answer, name: &str| {
        let text = answer.data[name].as_str();
        text.unwrap_or_default().to_owned()
    };
    let number = |name: &str| seen.data[name].as_u64().unwrap_or_default();
    let files = seen.data["files"].as_array().map_or(&[][..], Vec::as_slice);
    let (max_files, max_bytes) = (number("max_files"), number("max_bytes"));
    Ok(UploadPage {
        request: request.as_str().to_owned(),
        email: text(&account, "email"),
        asked_at: text(&seen, "asked_at"),
        problems: Vec::new(),
        room: max_files.saturating_sub(files.len() as u64),
        files: files.iter().map(row).collect(),
        max_files,
        max_bytes,
        max_megabytes: max_bytes / MEGABYTE,
    })
}

fn row(file: &Value) -> FileRow {
    let bytes = file["bytes"].as_u64().unwrap_or_default();
    let text = |name: &str| file[name].as_str().unwrap_or_default().to_owned();
    FileRow {
        upload: text("upload"),
        name: text("name"),
        size: size_of(bytes),
    }
}

/// A size as people say it.
fn size_of(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..MEGABYTE => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / MEGABYTE, bytes % MEGABYTE / 100_000),
    }
}

/// Which request an address names.
fn requested(query: Option<&str>) -> Option<UploadRequestId> {
    let mut fields = url::form_urlencoded::parse(query?.as_bytes());
    let (_, said) = fields.find(|(name, _)| name == "request")?;
    said.parse().ok()
}

async fn knows(visitor: &Visitor, request: &UploadRequestId) -> Answer {
    let arguments = object(json!({"request": request.as_str()}));
    visitor.act("page_know_upload_request", arguments).await
}

async fn end(visitor: &Visitor, request: &UploadRequestId, is_declined: bool) -> Answer {
    let arguments = object(json!({"request": request.as_str(), "is_declined": is_declined}));
    visitor.act("page_end_upload_request", arguments).await
}

fn is_file_form(headers: &HeaderMap) -> bool {
    form::is_of_kind(headers, "multipart/form-data")
}

/// Why nothing more is taken on this page.
fn not_taken(visitor: &Visitor, answer: &Answer) -> Response {
    match answer.fault() {
        Some(FaultKind::NotFound(_)) => over(),
        Some(FaultKind::Forbidden) => render::refusal(
            StatusCode::FORBIDDEN,
            "This link was made for a program of another account than the one you are signed in to, so it does nothing here. If somebody sent it \
             to you, give them no files. If the program is yours, sign out and open the link again.",
        ),
        _ if answer.is_unauthenticated() => turned_away(visitor, answer),
        Some(FaultKind::TooLarge { limit_bytes }) => render::refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!(
                "That is more than {} MB at once. Go back and send the files one after another; what was listed there is kept.",
                limit_bytes / MEGABYTE
            ),
        ),
        _ => render::failure(answer),
    }
}

/// What is said of a file that was not taken.
pub fn words_of_file(name: &str, answer: &Answer, max_bytes: u64) -> String {
    match answer.fault() {
        Some(FaultKind::InvalidFields(problems)) => {
            let words = problems.iter().map(|problem| {
                let subject = match problem.field.as_str() {
                    "files" => "The number of files",
                    _ => "Its name",
                };
                format!(" {subject} {}.", problem.problem.replace('`', ""))
            });
            format!(
                "{name} was not taken.{}",
                words.collect::<Vec<_>>().concat()
            )
        }
        Some(FaultKind::TooLarge { .. }) => format!(
            "{name} was not taken. It is larger than {} MB, the most that a file may have.",
            max_bytes / MEGABYTE
        ),
        Some(FaultKind::RateLimited { .. }) => format!(
            "{name} was not taken. Your account keeps as many files as one may: each is gone a day after it was sent."
        ),
        _ => format!(
            "{name} was not taken. {}",
            words_of(answer, Refused::ANYHOW.too_often)
        ),
    }
}

pub fn over() -> Response {
    render::refusal(
        StatusCode::NOT_FOUND,
        "This link is good for one call of a program, once and for fifteen minutes, and that is over. Have the program ask again.",
    )
}
