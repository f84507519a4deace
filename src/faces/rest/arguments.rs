//! What a REST request says, as the arguments of an operation: the path's variables, the query, the body. Each field has one
//! place and may stand there once; types follow the operation's schema.

use std::sync::Arc;

use axum::body::Body as HttpBody;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::multipart;
use crate::context::Context;
use crate::faces::http::{
    GuardedBody, HttpState, MAX_BYTES_WITHOUT_FILES, Reservation, STRANGERS_BYTES, read_large_body,
    refuse_packed,
};
use crate::faces::json;
use crate::fault::{Fault, FaultKind, FieldProblem};
use crate::operations::auth_level::BodyClass;
use crate::operations::caller::{Caller, Subject};
use crate::operations::caller_key::CallerKey;
use crate::operations::registry::Entry;
use crate::operations::{Body, Upload};

/// Arguments, and the files that came beside them.
pub struct RequestArgs {
    pub arguments: Map<String, Value>,
    pub files: Vec<Upload>,
    /// What the body holds of its budget.
    pub reservation: Option<Arc<Reservation>>,
}

/// The path's variables and the query of a request, before its body is read.
pub struct Address {
    variables: Map<String, Value>,
    pub subject: Subject,
    query: String,
}

impl Address {
    /// `variables` as the router found and decoded them.
    pub fn new<'v>(variables: impl Iterator<Item = (&'v str, &'v str)>, query: &str) -> Self {
        let mut subject = Subject::default();
        let mut fields = Map::new();
        for (name, value) in variables {
            match name {
                "user_id" => {
                    subject.user_id = Some(value.to_owned());
                    continue;
                }
                "user_email" => subject.user_email = Some(value.to_owned()),
                _ => {}
            }
            fields.insert(name.to_owned(), Value::from(value));
        }
        Self {
            variables: fields,
            subject,
            query: query.to_owned(),
        }
    }

    /// Reads the query and the body, now that it is known who sent them.
    pub async fn read(
        self,
        site: &HttpState,
        entry: &Entry,
        caller: &Caller,
        headers: &HeaderMap,
        body: HttpBody,
    ) -> Result<RequestArgs, Fault> {
        let kind = kind_of(entry, headers, &body)?;
        let key = CallerKey::of(&caller.credential, caller.address);
        let limit = body_limit(&site.context, entry, caller);
        let read = async {
            Ok(match kind {
                Kind::Nothing => RequestArgs {
                    arguments: Map::new(),
                    files: Vec::new(),
                    reservation: None,
                },
                Kind::Json => {
                    let reservation = site.body_memory.reserve(key, caller.address);
                    let body = read_large_body(body, headers, limit, &reservation).await?;
                    RequestArgs {
                        arguments: json::read(&body)?,
                        files: Vec::new(),
                        reservation: Some(reservation),
                    }
                }
                Kind::Multipart => {
                    let reservation = site.body_disk.reserve(key, caller.address);
                    let guarded = GuardedBody::new(body, headers, limit)?;
                    let guarded = guarded.counted_in(reservation.clone());
                    RequestArgs {
                        reservation: Some(reservation),
                        ..multipart::read(&site.context, entry, headers, guarded).await?
                    }
                }
            })
        };
        let read: Result<RequestArgs, Fault> = read.await;
        let mut said = read.map_err(|fault| too_poor(&site.context, entry, caller, fault))?;
        let query = query(entry, &self.query)?;
        let mut problems = Vec::new();
        // One place a field: the other of two would go unseen.
        for (name, value) in self.variables.into_iter().chain(query) {
            if said.arguments.insert(name.clone(), value).is_some() {
                problems.push(FieldProblem::refused(name, "is in the address already"));
            }
        }
        if problems.is_empty() {
            Ok(said)
        } else {
            Err(FaultKind::InvalidFields(problems).into())
        }
    }
}

enum Kind {
    Nothing,
    Json,
    Multipart,
}

/// How the body is to be read, judged by its headers alone.
fn kind_of(entry: &Entry, headers: &HeaderMap, body: &HttpBody) -> Result<Kind, Fault> {
    if http_body::Body::is_end_stream(body) {
        return Ok(Kind::Nothing);
    }
    refuse_packed(headers)?;
    let takes_files = entry.spec.body == Body::WithFiles;
    let supported: &'static [&'static str] = if takes_files {
        &["multipart/form-data", "application/json"]
    } else {
        &["application/json"]
    };
    let refused = || FaultKind::UnsupportedMediaType { supported }.into();
    let mut said = headers.get_all(header::CONTENT_TYPE).iter();
    let Some(first) = said.next() else {
        return Ok(Kind::Json);
    };
    let content_type = first.to_str().unwrap_or_default();
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let essence = essence.trim().to_ascii_lowercase();
    match essence.as_str() {
        _ if said.next().is_some() => Err(refused()),
        "application/json" if is_utf8(parameters) => Ok(Kind::Json),
        "multipart/form-data" if takes_files => Ok(Kind::Multipart),
        _ => Err(refused()),
    }
}

/// Whether no other charset than ours is named.
fn is_utf8(parameters: &str) -> bool {
    parameters.split(';').all(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return true;
        };
        let value = value.trim().trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset") || value.eq_ignore_ascii_case("utf-8")
    })
}

/// How long a body may be.
fn body_limit(context: &Context, entry: &Entry, caller: &Caller) -> u64 {
    match BodyClass::of(context, &caller.credential) {
        BodyClass::Short => STRANGERS_BYTES,
        BodyClass::WithFiles if entry.spec.body == Body::WithFiles => {
            context.settings.max_request_bytes
        }
        BodyClass::WithFiles | BodyClass::WithoutFiles => MAX_BYTES_WITHOUT_FILES,
    }
}

/// Whoever cannot pay for what takes files is told that, where their body is longer than one without files may be.
fn too_poor(context: &Context, entry: &Entry, caller: &Caller, fault: Fault) -> Fault {
    let class = BodyClass::of(context, &caller.credential);
    let takes_files = entry.spec.body == Body::WithFiles;
    match (fault.kind(), caller.user()) {
        (FaultKind::TooLarge { .. }, Ok(user))
            if takes_files && class == BodyClass::WithoutFiles =>
        {
            let (credits, required) = (user.credits, context.settings.analysis_credits);
            Fault::new(FaultKind::NotEnoughCredits { credits, required })
        }
        _ => fault,
    }
}

/// The fields of a query, where the operation has no body: an address stands in logs, so what belongs in a body stays
/// there.
fn query(entry: &Entry, query: &str) -> Result<Map<String, Value>, Fault> {
    let mut fields = Map::new();
    let mut problems = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let problem = if entry.spec.body != Body::None {
            "belongs in the body, not in the address"
        } else if fields.contains_key(name.as_ref()) {
            "is given more than once"
        } else {
            let value = typed(entry, &name, value.into_owned());
            fields.insert(name.into_owned(), value);
            continue;
        };
        problems.push(FieldProblem::refused(name, problem));
    }
    if problems.is_empty() {
        Ok(fields)
    } else {
        Err(FaultKind::InvalidFields(problems).into())
    }
}

/// A text as what the schema says the field is. What does not fit stays text, and is refused by name when it is read.
pub fn typed(entry: &Entry, name: &str, text: String) -> Value {
    let kind = entry
        .contract
        .input
        .get("properties")
        .and_then(|fields| fields.get(name)?.get("type")?.as_str());
    match (kind, text.as_str()) {
        (Some("integer"), number) => number
            .parse::<i64>()
            .map_or(Value::String(text), Value::from),
        (Some("boolean"), "true") => Value::Bool(true),
        (Some("boolean"), "false") => Value::Bool(false),
        (Some("number"), number) => number
            .parse::<f64>()
            .map_or(Value::String(text), Value::from),
        // A form has no lists: one comes as JSON.
        (Some("array"), list) if list.starts_with('[') => {
            serde_json::from_str(list).unwrap_or(Value::String(text))
        }
        _ => Value::String(text),
    }
}
