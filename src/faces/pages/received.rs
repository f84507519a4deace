//! Reading a form with files that somebody drops for a program: the caller is judged first, then each file is stored as it
//! arrives, and one that is refused does not hold up the others.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use super::account::{object, turned_away};
use super::extract::Visitor;
use super::form;
use super::render;
use super::upload::{over, words_of_file};
use crate::domain::ids::UploadRequestId;
use crate::faces::http::{
    FileForm, FormPart, GuardedBody, MAX_BYTES_WITHOUT_FILES, STRANGERS_BYTES, refuse_packed,
};
use crate::fault::{Fault, FaultKind, MAX_REPEATED};
use crate::operations::auth_level::BodyClass;
use crate::operations::caller::{Caller, Subject};
use crate::operations::caller_key::CallerKey;
use crate::operations::dispatch::{Answer, Call};
use crate::operations::registry;

/// The most bytes of the form's fields that are no files.
const MAX_TEXT: u64 = 1024;

/// What came of a form.
pub struct Received {
    pub request: UploadRequestId,
    /// Whether the person pressed the button that ends it.
    pub is_done: bool,
    /// What was not taken, in words.
    pub problems: Vec<String>,
    /// Why nothing more is taken at all.
    pub ended: Option<Answer>,
}

/// Reads a form of this visitor to its end.
pub async fn read(
    visitor: &Visitor,
    headers: &HeaderMap,
    body: Body,
) -> Result<Received, Response> {
    let call_context = visitor.call_context();
    let request_id = call_context.request_id.clone();
    let Some(entry) = registry::operation("page_add_dropped_file") else {
        return Err(over());
    };
    let mut call = Call::begin(&visitor.site.context, entry, &call_context);
    let caller = match call.admit(call_context, &Subject::default()).await {
        Ok(caller) => caller,
        Err(fault) => return Err(turned_away(visitor, &call.answer(Err(fault)))),
    };
    let unreadable = |fault: Fault| {
        let answer = Answer::from_fault(&fault, &request_id);
        match fault.kind() {
            FaultKind::InvalidFields(_) => form::foreign(),
            _ => render::failure(&answer),
        }
    };
    let reading = read_parts(visitor, &call, &caller, headers, body);
    match Box::pin(reading).await.map_err(unreadable)? {
        Some((received, reply)) => {
            if let Some(reply) = reply {
                // Counted and logged once, however many files there were.
                call.answer(reply);
            }
            Ok(received)
        }
        None => Err(form::foreign()),
    }
}

type Reply = Result<registry::Reply, Fault>;

/// `None` for a form that its page does not have.
async fn read_parts(
    visitor: &Visitor,
    call: &Call<'_>,
    caller: &Caller,
    headers: &HeaderMap,
    body: Body,
) -> Result<Option<(Received, Option<Reply>)>, Fault> {
    refuse_packed(headers)?;
    let site = &visitor.site;
    let settings = &site.context.settings;
    let limit_bytes = match BodyClass::of(&site.context, &caller.credential) {
        BodyClass::Short => STRANGERS_BYTES,
        BodyClass::WithoutFiles => MAX_BYTES_WITHOUT_FILES,
        BodyClass::WithFiles => settings.max_request_bytes,
    };
    let key = CallerKey::of(&caller.credential, caller.address);
    let reservation = site.body_disk.reserve(key, caller.address);
    let guarded = GuardedBody::new(body, headers, limit_bytes)?;
    let mut form = FileForm::open(headers, guarded.counted_in(reservation)).await?;
    let mut text_left = MAX_TEXT;
    let mut received: Option<Received> = None;
    let mut reply = None;
    while let Some(part) = form.next().await? {
        let (name, file_name) = (part.name.clone(), part.file_name.clone());
        match (name.as_str(), file_name, &mut received) {
            // The first of the form, so that it is known what the files are for.
            ("request", None, None) => {
                let Ok(request) = part.text(&mut text_left).await?.parse() else {
                    return Ok(None);
                };
                received = Some(Received {
                    request,
                    is_done: false,
                    problems: Vec::new(),
                    ended: None,
                });
            }
            ("act", None, Some(received)) => {
                received.is_done = part.text(&mut text_left).await? == "done";
            }
            // What a browser sends where nothing was chosen.
            ("files", Some(file_name), Some(_)) if file_name.is_empty() => part.skip().await?,
            ("files", Some(_), Some(received)) if received.ended.is_some() => part.skip().await?,
            ("files", Some(file_name), Some(received)) => {
                let stored = store(visitor, call, caller, received, part, &file_name).await?;
                reply = Some(stored);
            }
            _ => return Ok(None),
        }
    }
    Ok(received.map(|received| (received, reply)))
}

/// Stores one file, and notes why where it was not taken.
async fn store(
    visitor: &Visitor,
    call: &Call<'_>,
    caller: &Caller,
    received: &mut Received,
    mut part: FormPart<'_>,
    file_name: &str,
) -> Result<Reply, Fault> {
    let context = &visitor.site.context;
    let limit_bytes = context.settings.max_attachment_bytes;
    let file = part.put_aside(context, file_name.to_owned()).await?;
    part.skip().await?;
    let reply = match file {
        Some(file) if file.length == 0 => {
            let name = shortened(file_name);
            received
                .problems
                .push(format!("{name} was not taken. It is empty."));
            return Ok(Err(Fault::field("files", "has an empty file")));
        }
        Some(file) => {
            let arguments = object(json!({"request": received.request.as_str()}));
            call.run(caller, arguments, vec![file]).await
        }
        None => Err(FaultKind::TooLarge { limit_bytes }.into()),
    };
    if let Err(fault) = &reply {
        let answer = Answer::from_fault(fault, &caller.request_id);
        match fault.kind() {
            FaultKind::NotFound(_) | FaultKind::Forbidden => received.ended = Some(answer),
            _ => {
                let words = words_of_file(&shortened(file_name), &answer, limit_bytes);
                received.problems.push(words);
            }
        }
    }
    Ok(reply)
}

/// A name as it is repeated to its sender.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(MAX_REPEATED) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}
