//! What somebody sent with a form: read after it is known that the form is ours, short, and with each field once. A field
//! that the page does not have is refused, as an operation refuses it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value};

use super::origin;
use super::render;
use crate::faces::http::{HttpState, RequestMeta, read_body, refuse_packed};
use crate::fault::Fault;
use crate::operations::dispatch::Answer;

/// The longest form.
const MAX_BYTES: u64 = 16 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";

/// The fields of a form. Never printed: there are passwords among them.
pub struct FormFields(BTreeMap<String, String>);

impl FromRequest<Arc<HttpState>> for FormFields {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Arc<HttpState>) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        refuse_foreign(site, &parts.headers)?;
        let request_id = parts.extensions.get::<RequestMeta>();
        let request_id = request_id.map_or("", |visit| &*visit.request_id);
        let unreadable = |fault: Fault| {
            let answer = Answer::from_fault(&fault, request_id);
            render::failure(&answer)
        };
        if !is_form(&parts.headers) {
            return Err(not_ours());
        }
        refuse_packed(&parts.headers).map_err(unreadable)?;
        let body = read_body(body, &parts.headers, MAX_BYTES)
            .await
            .map_err(unreadable)?;
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(&body) {
            if fields
                .insert(name.into_owned(), value.into_owned())
                .is_some()
            {
                return Err(foreign());
            }
        }
        Ok(Self(fields))
    }
}

impl FormFields {
    /// The form, where it has no other fields than its page gave it.
    #[expect(
        clippy::result_large_err,
        reason = "what is refused is answered with this page at once"
    )]
    pub fn of(self, known: &[&str]) -> Result<Self, Response> {
        let is_known = |name: &String| known.contains(&name.as_str());
        if self.0.keys().all(is_known) {
            Ok(self)
        } else {
            Err(foreign())
        }
    }

    /// What was typed; nothing where the field was not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Which of a form's buttons was pressed.
    pub fn asks_for(&self, act: &str) -> bool {
        self.get("act") == act
    }

    /// These fields as arguments; an empty one was not filled in.
    pub fn arguments(&self, names: &[&str]) -> Map<String, Value> {
        let filled = |name: &&&str| !self.get(name).is_empty();
        let pair = |name: &&str| ((*name).to_owned(), Value::from(self.get(name)));
        names.iter().filter(filled).map(pair).collect()
    }
}

/// Refuses a form that was not sent from a page of ours.
#[expect(
    clippy::result_large_err,
    reason = "what is refused is answered with this page at once"
)]
pub fn refuse_foreign(site: &HttpState, headers: &HeaderMap) -> Result<(), Response> {
    if origin::is_ours(site, headers) {
        return Ok(());
    }
    Err(render::refusal(
        StatusCode::FORBIDDEN,
        "This form was not sent from a page of Clara's, so nothing was done. Open the page here and fill it in again.",
    ))
}

/// The answer to what is no form at all.
pub fn not_ours() -> Response {
    render::refusal(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "This is not a form of ours.",
    )
}

fn is_form(headers: &HeaderMap) -> bool {
    is_of_kind(headers, FORM)
}

/// Whether a form says that it is of this kind, and of no other.
pub fn is_of_kind(headers: &HeaderMap, wanted: &str) -> bool {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let first = kinds.next().and_then(|kind| kind.to_str().ok());
    let essence = first.and_then(|kind| kind.split(';').next());
    kinds.next().is_none() && essence.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

/// The answer to a form that no page of ours has.
pub fn foreign() -> Response {
    render::refusal(
        StatusCode::BAD_REQUEST,
        "This form has fields that the page does not have, so nothing was done. Open the page again and fill it in there.",
    )
}
