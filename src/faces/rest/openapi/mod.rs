//! The published contract over HTTP: `/openapi.json`, an OpenAPI 3.1 document drawn wholly from the registry, and the typed
//! description of each operation that the pages for people are made of. It must not know what any single operation does.

mod credentials;
mod described;
mod example;
mod paths;
mod refusals;

pub use credentials::Scheme;
pub use described::{Described, Parameter, Place, RequestBody, described};
pub use example::kind;
pub use refusals::Refusal;

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::get;
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::super::http::HttpState;
use crate::operations::Area;
use crate::operations::documented::{Contract, contract};

const DEFINITIONS: &str = "/components/schemas";

const ABOUT: &str = "Clara checks facts: it takes a text and files, finds the claims in the text, weighs each against the \
files, and says of each what the evidence says, with exact quotes. The same operations are tools of an MCP server at `/mcp`.\n\n\
Every answer is the envelope `{status, message, data}`; a 204 has no body. Dates are RFC 1123, in GMT. Each answer carries \
`X-Request-Id`, which is the caller's own where it sent one of letters, digits, `-`, `_` and `.`, at most 64. Unknown fields \
and parameters are refused. A list of plain rows comes as CSV to whoever asks for `text/csv`; faults are JSON always. A path that does not exist answers 404, a method that a path does not have 405 with `Allow`, \
both in the envelope.";

/// Serves the document, drawn once.
pub fn router(site: &Arc<HttpState>) -> Router {
    let document = Bytes::from(document(&site.public_url).to_string());
    let serve = async move || {
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ];
        (headers, document.clone()).into_response()
    };
    Router::new().route("/openapi.json", get(serve))
}

/// The contract's schemas, with names where OpenAPI looks for them.
pub fn schemas() -> Contract {
    contract(DEFINITIONS)
}

/// The OpenAPI document of a server that is reached at `public_url`.
pub fn document(public_url: &str) -> Value {
    let contract = schemas();
    let operations = described(&contract);
    let mut schemas = contract.definitions;
    schemas.insert("Problem".to_owned(), refusals::problem_schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Clara",
            "summary": "Fact checks with quotes.",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": public_url}],
        "tags": areas().map(|area| json!({"name": area.name(), "description": words_of(area)})).collect::<Vec<_>>(),
        "paths": paths::paths(&operations),
        "components": {
            "schemas": schemas,
            "responses": refusals::responses(&operations),
            "headers": paths::headers(),
            "securitySchemes": credentials::schemes(),
        },
    })
}

/// Every area, the operator's last.
pub fn areas() -> impl Iterator<Item = Area> {
    Area::ALL.into_iter().chain([Area::Operator])
}

/// What an area is about, for people.
pub fn words_of(area: Area) -> &'static str {
    match area {
        Area::Auth => {
            "Accounts come to be, prove their address, sign in and out, and guard themselves."
        }
        Area::User => "An account: names, address, balance.",
        Area::ApiKey => "The one long-lived key of an account, which agents use.",
        Area::Transaction => "What moved an account's credits, line by line.",
        Area::Task => "Analyses: to list, to look at or wait for, and to cancel.",
        Area::Agent => "The fact check itself.",
        Area::Stripe => "What credits cost and where to buy them.",
        Area::Misc => "Whether Clara is up, and which version.",
        Area::Operator => {
            "What only whoever holds the deployment's private key may do. None of it is a tool."
        }
    }
}

/// An object of these.
fn object(pairs: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    pairs.into_iter().collect()
}
