//! Reads a form with files as an operation takes it: text fields become arguments, each file is put aside.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::arguments::{RequestArgs, typed};
use crate::context::Context;
use crate::domain::submission::MAX_ATTACHMENTS;
use crate::faces::http::{FileForm, GuardedBody, MAX_BYTES_WITHOUT_FILES};
use crate::fault::{Fault, FaultKind};
use crate::operations::registry::Entry;

/// The most text fields; no form has a tenth of it.
const MAX_FIELDS: usize = 100;

/// Reads a form that an operation takes. What is wrong with a name or a missing field is found later, with the rest.
pub async fn read(
    context: &Context,
    entry: &Entry,
    headers: &HeaderMap,
    guarded: GuardedBody,
) -> Result<RequestArgs, Fault> {
    let mut form = FileForm::open(headers, guarded).await?;
    let mut said = RequestArgs {
        arguments: Map::new(),
        files: Vec::new(),
        reservation: None,
    };
    let mut text_left = MAX_BYTES_WITHOUT_FILES;
    while let Some(mut part) = form.next().await? {
        let name = part.name.clone();
        if part.file_name.is_some() && !is_field(entry, &name) {
            if said.files.len() == MAX_ATTACHMENTS {
                let problem = format!("must be at most {MAX_ATTACHMENTS} files");
                return Err(Fault::field("attachments", problem));
            }
            let limit_bytes = context.settings.max_attachment_bytes;
            let file = part.put_aside(context, name).await?;
            said.files
                .push(file.ok_or(FaultKind::TooLarge { limit_bytes })?);
        } else if said.arguments.contains_key(&name) {
            return Err(Fault::field(name, "is given more than once"));
        } else if said.arguments.len() == MAX_FIELDS {
            return Err(Fault::field("body", "has more than 100 fields"));
        } else {
            let text = part.text(&mut text_left).await?;
            let value = typed(entry, &name, text);
            said.arguments.insert(name, value);
        }
    }
    Ok(said)
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
