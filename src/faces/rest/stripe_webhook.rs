//! Stripe's webhook: a plain route, for the caller is Stripe and proves it by signing the very bytes it sends. What
//! follows from an event is decided elsewhere; here it is handed over as it came.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::faces::http::{HttpState, RequestMeta, envelope, read_body};
use crate::fault::Fault;
use crate::operations::dispatch::Answer;
use crate::operations::settle_event;

/// The longest event that is looked at.
const MAX_BYTES: u64 = 256 * 1024;
const SIGNATURE: &str = "stripe-signature";

/// `POST /stripe/settle`.
pub async fn settle(
    State(site): State<Arc<HttpState>>,
    Extension(visit): Extension<RequestMeta>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let heard = async {
        let event = read_body(body, &parts.headers, MAX_BYTES).await?;
        Ok((signature(&parts.headers)?, event))
    };
    let answer = match heard.await {
        Ok((signature, event)) => {
            let context = &site.context;
            settle_event(context, signature, &event, visit.address, &visit.request_id).await
        }
        Err(fault) => Answer::from_fault(&fault, &visit.request_id),
    };
    envelope(&answer)
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
