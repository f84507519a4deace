//! Settle: Stripe tells of a payment. Nobody calls it with a credential, and it is no part of the published contract; the
//! signature over the very bytes is its proof.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::fault::{Fault, FaultKind, FieldProblem};
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::billing::Settled;

/// Hears an event of Stripe's. A success means that it is stored, or that it never will be.
#[derive(JsonSchema)]
pub struct Settle;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The `Stripe-Signature` header.
    signature: Option<String>,
    /// The event's bytes as they came, in base64: the signature is over each of them.
    event: String,
}

/// What became of the event; Stripe is told in the message alone.
#[derive(JsonSchema)]
#[schemars(with = "()")]
pub struct Output(Settled);

impl serde::Serialize for Output {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl Operation for Settle {
    type Input = Input;
    type Output = Output;
    const SPEC: Spec = Spec {
        tool: "stripe_settle",
        title: "Settle a payment",
        area: Area::Stripe,
        route: Route::webhook("/stripe/settle"),
        access: Access::Open,
        while_inactive: true,
        about_account: false,
        body: Body::Optional,
        success: Success::ok("Checkout session settled successfully."),
        hints: Hints::SET,
    };

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<Output, Fault> {
        let event = STANDARD.decode(&input.event).map_err(|_| {
            let problem = FieldProblem::malformed("event", "must be base64");
            Fault::new(FaultKind::InvalidFields(vec![problem]))
        })?;
        let billing = &context.services.billing;
        let signature = input.signature.as_deref();
        let settled = billing.settle(signature, &event, &caller.origin()).await?;
        Ok(Output(settled))
    }

    fn message(output: &Output) -> &'static str {
        if output.0.is_of_ours() {
            Self::SPEC.success.message
        } else {
            "Event received; there was nothing to settle."
        }
    }
}
