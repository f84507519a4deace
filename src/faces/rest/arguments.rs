//! What a REST request says, as the arguments of an operation: the path's variables, the query, the body. Each field has one
//! place and may stand there once; types follow the operation's schema.

use axum::body::Body as HttpBody;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::multipart;
use crate::context::Context;
use crate::faces::http::{STRANGERS_BYTES, read_body, refuse_packed};
use crate::faces::json;
use crate::fault::{Fault, FaultKind, FieldProblem};
use crate::operations::caller::{Caller, Credential, Subject};
use crate::operations::registry::Entry;
use crate::operations::{Body, Upload};

/// The longest JSON body, save where files may be in it.
pub const JSON_BYTES: u64 = 1024 * 1024;

/// Arguments, and the files that came beside them.
pub struct Said {
    pub arguments: Map<String, Value>,
    pub files: Vec<Upload>,
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
        context: &Context,
        entry: &Entry,
        caller: &Caller,
        headers: &HeaderMap,
        body: HttpBody,
    ) -> Result<Said, Fault> {
        let mut said = match kind_of(entry, headers, &body)? {
            Kind::Nothing => Said {
                arguments: Map::new(),
                files: Vec::new(),
            },
            Kind::Json => {
                let limit = json_limit(context, entry, caller);
                let body = read_body(body, headers, limit).await?;
                Said {
                    arguments: json::read(&body)?,
                    files: Vec::new(),
                }
            }
            Kind::Multipart => multipart::read(context, entry, headers, body).await?,
        };
        let query = query(entry, &self.query)?;
        let mut problems = Vec::new();
        // One place a field: the other of two would go unseen.
        for (name, value) in self.variables.into_iter().chain(query) {
            if said.arguments.insert(name.clone(), value).is_some() {
                problems.push(FieldProblem {
                    field: name,
                    problem: "is in the address already".to_owned(),
                });
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

fn json_limit(context: &Context, entry: &Entry, caller: &Caller) -> u64 {
    match caller.credential {
        // A password that is not checked yet proves nothing.
        Credential::None | Credential::Password { .. } => STRANGERS_BYTES,
        _ if entry.spec.body == Body::WithFiles => context.settings.max_request_bytes,
        _ => JSON_BYTES,
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
        problems.push(FieldProblem {
            field: name.into_owned(),
            problem: problem.to_owned(),
        });
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
        _ => Value::String(text),
    }
}
