//! Stripe's webhook: a plain route, for the caller is Stripe and proves it by signing the very bytes it sends. Until
//! there is an adapter for Stripe nothing can be settled, and it says so.

use axum::Extension;
use axum::extract::Request;
use axum::response::Response;

use crate::faces::http::{Visit, envelope, read_body};
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::dispatch::Answer;

/// The longest event that is looked at.
const MOST_BYTES: u64 = 256 * 1024;

/// `POST /stripe/settle`.
pub async fn settle(Extension(visit): Extension<Visit>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let fault = match read_body(body, &parts.headers, MOST_BYTES).await {
        Ok(_event) => Fault::new(FaultKind::NotConfigured(Service::Stripe)),
        Err(fault) => fault,
    };
    envelope(&Answer::from_fault(&fault, &visit.request_id))
}
