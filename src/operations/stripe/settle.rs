//! Settle: Stripe tells of a payment. It is no operation that somebody calls, so it has no credential, no input schema and
//! no tool; the answer is an envelope all the same.

use std::net::IpAddr;

use serde_json::Value;

use crate::context::Context;
use crate::domain::request_id::RequestId;
use crate::fault::FaultKind;
use crate::operations::caller::Face;
use crate::operations::dispatch::Answer;
use crate::services::Origin;

/// Hears an event with this signature over these bytes. A success means that it is stored, or that it never will be.
pub async fn settle_event(
    context: &Context,
    signature: Option<&str>,
    event: &[u8],
    address: IpAddr,
    request_id: &RequestId,
) -> Answer {
    let origin = Origin {
        address: Some(address.to_string()),
        face: Face::Rest.name(),
        request_id: request_id.clone(),
        by_operator: false,
    };
    let billing = &context.services.billing;
    let settled = match billing.settle(signature, event, &origin).await {
        Ok(settled) => settled,
        Err(fault) => {
            if let FaultKind::Internal | FaultKind::Unavailable(_) = fault.kind() {
                tracing::error!(%request_id, %fault, "an event could not be heard");
            }
            return Answer::from_fault(&fault, request_id);
        }
    };
    let message = if settled.is_of_ours() {
        "Checkout session settled successfully."
    } else {
        "Event received; there was nothing to settle."
    };
    Answer {
        status: 200,
        message: message.to_owned(),
        data: Value::Null,
        total: None,
        next: None,
        offer: None,
    }
}
