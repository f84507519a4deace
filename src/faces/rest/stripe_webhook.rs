//! Stripe's webhook: the caller is Stripe and proves it by signing the very bytes it sends. What follows from an event is
//! decided elsewhere; here it is handed over as it came.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::faces::http::{HttpState, RequestMeta, envelope, read_body};
use crate::fault::Fault;
use crate::operations::caller::{Face, Subject};
use crate::operations::dispatch::Call;
use crate::operations::registry::Entry;

/// The longest event that is looked at.
const MAX_BYTES: u64 = 256 * 1024;
const SIGNATURE: &str = "stripe-signature";

/// A webhook's call: what is sent goes to the operation byte for byte.
pub async fn hear(
    entry: &Entry,
    State(site): State<Arc<HttpState>>,
    Extension(visit): Extension<RequestMeta>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let call_context = visit.call_context(&site, &parts.headers, Face::Rest);
    let mut call = Call::begin(&site.context, entry, &call_context);
    let reply = async {
        let caller = call.admit(call_context, &Subject::default()).await?;
        let event = read_body(body, &parts.headers, MAX_BYTES).await?;
        let mut arguments = Map::new();
        let signature = signature(&parts.headers)?;
        arguments.insert("signature".to_owned(), signature.into());
        arguments.insert("event".to_owned(), Value::from(STANDARD.encode(&event)));
        call.run(&caller, arguments, Vec::new()).await
    };
    let reply = reply.await;
    envelope(&call.answer(reply))
}

/// The one signature; with two it would be open which of them was meant.
fn signature(headers: &HeaderMap) -> Result<Option<&str>, Fault> {
    let mut given = headers.get_all(SIGNATURE).iter();
    let first = given.next().and_then(|value| value.to_str().ok());
    if given.next().is_some() {
        return Err(Fault::field("Stripe-Signature", "must be given once"));
    }
    Ok(first)
}
