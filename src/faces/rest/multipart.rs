//! Reads a form with files (`multipart/form-data`): text fields become arguments, each file goes to a file of its own that has
//! no name on any disk, while its bytes are counted. Never is more than a piece of a file in memory.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};
use tokio::io::AsyncWriteExt as _;

use super::arguments::{RequestArgs, typed};
use crate::context::Context;
use crate::domain::submission::{MAX_ATTACHMENTS, MAX_NAME_CHARACTERS};
use crate::faces::http::{
    BodyRefusal, BodyWatch, GuardedBody, MAX_BYTES_WITHOUT_FILES, WatchedBody,
};
use crate::fault::{Fault, FaultKind};
use crate::operations::Upload;
use crate::operations::registry::Entry;

/// The most bytes between two parts: a boundary and a part's headers.
const MAX_BETWEEN: u64 = 256 * 1024;
/// The most text fields; no form has a tenth of it.
const MAX_FIELDS: usize = 100;

/// Reads a form that an operation takes. What is wrong with a name or a missing field is found later, with the rest.
pub async fn read(
    context: &Context,
    entry: &Entry,
    headers: &HeaderMap,
    guarded: GuardedBody,
) -> Result<RequestArgs, Fault> {
    let allowance = Arc::new(AtomicU64::new(MAX_BETWEEN));
    let metered = WatchedBody::watched(guarded, Allowance(allowance.clone()));
    let mut form = open(headers, metered).await?;
    let mut said = RequestArgs {
        arguments: Map::new(),
        files: Vec::new(),
        reservation: None,
    };
    let mut text_left = MAX_BYTES_WITHOUT_FILES;
    loop {
        allowance.store(MAX_BETWEEN, Ordering::Relaxed);
        let Some(part) = form.next_field().await.map_err(broken)? else {
            return Ok(said);
        };
        // What is in a part is counted where it is read.
        allowance.store(u64::MAX, Ordering::Relaxed);
        let said_name = part.name().map(str::to_owned);
        let Some(name) = said_name.or_else(|| extended(&part, "name*")) else {
            return Err(Fault::field("body", "has a part without a name"));
        };
        let is_file = part.file_name().is_some() || extended(&part, "filename*").is_some();
        if is_file && !is_field(entry, &name) {
            if said.files.len() == MAX_ATTACHMENTS {
                let problem = format!("must be at most {MAX_ATTACHMENTS} files");
                return Err(Fault::field("attachments", problem));
            }
            said.files.push(put_aside(context, name, part).await?);
        } else if said.arguments.contains_key(&name) {
            return Err(Fault::field(name, "is given more than once"));
        } else if said.arguments.len() == MAX_FIELDS {
            return Err(Fault::field("body", "has more than 100 fields"));
        } else {
            let text = text(&name, part, &mut text_left).await?;
            let value = typed(entry, &name, text);
            said.arguments.insert(name, value);
        }
    }
}

async fn open(
    headers: &HeaderMap,
    body: WatchedBody<GuardedBody, Allowance>,
) -> Result<Multipart, Fault> {
    let mut request = Request::new(Body::new(body));
    if let Some(content_type) = headers.get(header::CONTENT_TYPE) {
        request
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type.clone());
    }
    // Our own guard counts, with the limit that is set; the library's would stop at 2 MB.
    DefaultBodyLimit::disable().apply(&mut request);
    let form = Multipart::from_request(request, &()).await;
    form.map_err(|_| Fault::field("Content-Type", "must name the form's boundary"))
}

/// A parameter in the spelling `name*=utf-8''...`, which older clients use for names beyond ASCII.
fn extended(part: &Field<'_>, name: &str) -> Option<String> {
    let disposition = part.headers().get(header::CONTENT_DISPOSITION)?;
    let parameters = disposition.to_str().ok()?.split(';');
    let mut pairs = parameters.filter_map(|parameter| parameter.trim().split_once('='));
    let (_, value) = pairs.find(|(said, _)| said.trim().eq_ignore_ascii_case(name))?;
    let (charset, escaped) = value.split_once("''")?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    // The escapes are those of a query, where two more signs mean something.
    let query = format!("v={}", escaped.replace('+', "%2B").replace('&', "%26"));
    let (_, text) = url::form_urlencoded::parse(query.as_bytes()).next()?;
    Some(text.into_owned())
}

/// Whether the operation has a field of this name that a form can hold.
fn is_field(entry: &Entry, name: &str) -> bool {
    let field = entry
        .contract
        .input
        .get("properties")
        .and_then(|all| all.get(name));
    field.is_some_and(|field| field.get("type").and_then(Value::as_str) != Some("array"))
}

async fn text(name: &str, mut part: Field<'_>, left: &mut u64) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        let Some(rest) = left.checked_sub(piece.len() as u64) else {
            let limit_bytes = MAX_BYTES_WITHOUT_FILES;
            return Err(FaultKind::TooLarge { limit_bytes }.into());
        };
        *left = rest;
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| Fault::field(name, "must be UTF-8 text"))
}

/// A file goes beside the database: what is meant as temporary space is often memory.
async fn put_aside(
    context: &Context,
    mut name: String,
    mut part: Field<'_>,
) -> Result<Upload, Fault> {
    let folder = context.settings.data_dir.clone();
    let made = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder)).await;
    let made = made.map_err(Fault::internal)?.map_err(Fault::internal)?;
    let mut file = tokio::fs::File::from_std(made);
    let limit_bytes = context.settings.max_attachment_bytes;
    let mut length = 0_u64;
    while let Some(piece) = part.chunk().await.map_err(broken)? {
        length += piece.len() as u64;
        if length > limit_bytes {
            return Err(Fault::new(FaultKind::TooLarge { limit_bytes }));
        }
        file.write_all(&piece).await.map_err(Fault::internal)?;
    }
    file.flush().await.map_err(Fault::internal)?;
    // Longer names are refused later, and need not be carried there in full.
    if let Some((end, _)) = name.char_indices().nth(MAX_NAME_CHARACTERS + 1) {
        name.truncate(end);
    }
    Ok(Upload {
        name,
        file: file.into_std().await,
        length,
    })
}

/// What a form that cannot be read means: a limit of ours behind it, or the form itself.
fn broken(error: MultipartError) -> Fault {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(refusal) = error.downcast_ref::<BodyRefusal>() {
            return refusal.clone().into();
        }
        cause = error.source();
    }
    Fault::field("body", "is no form that can be read to its end").with_source(error)
}

/// A body that may give only so many bytes until somebody allows more.
struct Allowance(Arc<AtomicU64>);

impl BodyWatch<GuardedBody> for Allowance {
    type Error = BodyRefusal;

    fn passing(&mut self, bytes: u64) -> Result<(), BodyRefusal> {
        let allowed = self.0.load(Ordering::Relaxed);
        let limit_bytes = MAX_BETWEEN;
        let left = allowed.checked_sub(bytes);
        let left = left.ok_or(BodyRefusal::TooLarge { limit_bytes })?;
        self.0.store(left, Ordering::Relaxed);
        Ok(())
    }

    fn failed(&mut self, error: BodyRefusal) -> BodyRefusal {
        error
    }
}
