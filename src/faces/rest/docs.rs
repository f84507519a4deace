//! Pages for people: `/`, which says what this is and how to connect, and `/docs`, the contract of every operation with a
//! command to try it. Both are drawn once, from the registry's description, and hold no script.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::BASE;
use super::openapi::{self, Described, Place, Refusal, RequestBody, Scheme};
use crate::faces::http::HttpState;
use crate::fault::FaultKind;
use crate::operations::Area;

const STYLE: &str = include_str!("../../../templates/docs.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; base-uri 'none'; \
object-src 'none'; frame-ancestors 'none'; form-action 'self'";

/// Serves both pages and their style.
pub fn router(site: &Arc<HttpState>) -> Router {
    let url = site.public_url.as_str();
    let contract = openapi::schemas();
    let operations = openapi::described(&contract);
    let docs = drawn(&DocsPage::new(url, &operations));
    let home = drawn(&HomePage { url });
    Router::new()
        .route("/", get(async move || page(home)))
        .route("/docs", get(async move || page(docs)))
        .route("/docs.css", get(async || style()))
}

/// A template that cannot be drawn is a page without content; the tests of the pages would say so.
fn drawn(template: &impl Template) -> Bytes {
    template.render().unwrap_or_default().into()
}

fn page(content: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY.as_str(), POLICY),
        ("cross-origin-opener-policy", "same-origin"),
        (header::CACHE_CONTROL.as_str(), "public, max-age=300"),
    ];
    (headers, content).into_response()
}

fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, STYLE).into_response()
}

#[derive(Template)]
#[template(path = "docs_home.html")]
struct HomePage<'a> {
    url: &'a str,
}

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage<'a> {
    url: &'a str,
    areas: Vec<AreaPart<'a>>,
}

struct AreaPart<'a> {
    name: &'static str,
    words: &'static str,
    operations: Vec<OperationPart<'a>>,
}

struct OperationPart<'a> {
    name: &'static str,
    title: &'static str,
    method: &'static str,
    path: String,
    words: Vec<Piece>,
    callers: String,
    fields: Vec<FieldPart>,
    takes_files: bool,
    status: u16,
    /// `None` where a success has no body.
    answer: Option<String>,
    refusals: &'a [Refusal],
    curl: String,
}

struct FieldPart {
    name: String,
    place: &'static str,
    kind: String,
    is_required: bool,
    words: Vec<Piece>,
}

/// A piece of a text; what stands between backticks is code.
struct Piece {
    text: String,
    is_code: bool,
}

fn pieces(words: &str) -> Vec<Piece> {
    let piece = |(index, text): (usize, &str)| Piece {
        text: text.to_owned(),
        is_code: index % 2 == 1,
    };
    words.split('`').enumerate().map(piece).collect()
}

impl<'a> DocsPage<'a> {
    fn new(url: &'a str, operations: &'a [Described]) -> Self {
        let part = |area: Area| {
            let mine = operations.iter().filter(|one| one.entry.spec.area == area);
            AreaPart {
                name: area.name(),
                words: openapi::words_of(area),
                operations: mine.map(|one| OperationPart::new(url, one)).collect(),
            }
        };
        Self {
            url,
            areas: openapi::areas().map(part).collect(),
        }
    }
}

impl<'a> OperationPart<'a> {
    fn new(url: &str, operation: &'a Described) -> Self {
        let spec = &operation.entry.spec;
        let callers: Vec<&str> = operation.accepted.iter().map(|one| one.title()).collect();
        Self {
            name: spec.tool,
            title: spec.title,
            method: operation.method(),
            path: format!("{BASE}{}", spec.route.path),
            words: pieces(&operation.entry.contract.words),
            callers: if callers.is_empty() {
                "anybody".to_owned()
            } else {
                callers.join(", or ")
            },
            fields: fields(operation),
            takes_files: operation
                .body
                .as_ref()
                .is_some_and(|body| body.form.is_some()),
            status: spec.success.status,
            answer: operation.answers_body().then(|| pretty(&operation.answer)),
            refusals: &operation.refusals,
            curl: curl(url, operation),
        }
    }
}

fn fields(operation: &Described) -> Vec<FieldPart> {
    let parameters = operation.parameters.iter().map(|parameter| FieldPart {
        name: parameter.name.clone(),
        place: match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
        },
        kind: kind(&parameter.schema),
        is_required: parameter.is_required(),
        words: pieces(&parameter.words),
    });
    let body = operation.body.iter().flat_map(in_body);
    parameters.chain(body).collect()
}

fn in_body(body: &RequestBody) -> Vec<FieldPart> {
    let none = Map::new();
    let fields = body.schema["properties"].as_object().unwrap_or(&none);
    let required = |name: &str| {
        let names = body.schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let part = |(name, schema): (&String, &Value)| FieldPart {
        name: name.clone(),
        place: "body",
        kind: kind(schema),
        is_required: required(name),
        words: pieces(schema["description"].as_str().unwrap_or_default()),
    };
    fields.iter().map(part).collect()
}

/// `Email`, `integer from 1 to 100`, `list of Attachment`.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(first) = schema["anyOf"].get(0) {
        return kind(first);
    }
    let plain = openapi::kind(schema);
    if plain == "array" {
        return format!("list of {}", kind(&schema["items"]));
    }
    match (&schema["minimum"], &schema["maximum"]) {
        (Value::Number(least), Value::Number(most)) => format!("{plain} from {least} to {most}"),
        _ => plain.to_owned(),
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A command that works as it stands, once the shell's variables are set. A caller's own account is one of them.
fn curl(url: &str, operation: &Described) -> String {
    let mut path = format!("{url}{BASE}{}", operation.entry.spec.route.path);
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for parameter in &operation.parameters {
        let value = match &parameter.example {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match (parameter.place, parameter.name.as_str()) {
            (Place::Path, "user_id") => path = path.replace("{user_id}", "$USER_ID"),
            (Place::Path, "user_email") => path = path.replace("{user_email}", "$EMAIL"),
            (Place::Path, name) => path = path.replace(&format!("{{{name}}}"), &value),
            (Place::Query, name) => {
                query.append_pair(name, &value);
            }
        }
    }
    let query = query.finish();
    if !query.is_empty() {
        path = format!("{path}?{query}");
    }
    let mut parts = vec![format!("curl -X {} \"{path}\"", operation.method())];
    parts.extend(
        operation
            .accepted
            .first()
            .copied()
            .map(Scheme::curl)
            .map(str::to_owned),
    );
    // Some need a body of everybody but the operator.
    let is_sent = |body: &&RequestBody| {
        body.is_required || operation.entry.refusals.contains(&FaultKind::EmptyBody)
    };
    if let Some(body) = operation.body.as_ref().filter(is_sent) {
        parts.push("-H 'Content-Type: application/json'".to_owned());
        // A quote within single quotes ends them, stands for itself, and begins them anew.
        let sent = pretty(&body.example).replace('\'', r"'\''");
        parts.push(format!("-d '{sent}'"));
    }
    parts.join(" \\\n  ")
}
