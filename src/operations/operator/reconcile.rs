//! Reconcile: asks Stripe about everything that is open, now instead of at the next round.
//! Knows the billing service, and the books to say who asked.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ActInput, act};
use crate::context::Context;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::billing::Reconciled;

/// Asks Stripe about every purchase that waits for its payment, and for events that did not arrive. Clara does so by itself
/// every few minutes; this does it at once. Needs the private API key.
#[derive(JsonSchema)]
pub struct Reconcile;

/// What Stripe was asked, and what came of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Reconciled")]
pub struct ReconciledView {
    /// Checkout pages that Stripe was asked about.
    #[schemars(extend("examples" = [1]))]
    looked: u32,
    /// Payments that nobody had told of.
    #[schemars(extend("examples" = [1]))]
    settled: u32,
    /// Pages that closed unpaid.
    #[schemars(extend("examples" = [0]))]
    closed: u32,
    /// Events that had not arrived and changed something.
    #[schemars(extend("examples" = [0]))]
    events: u32,
    /// Pages or events that could not be looked at; the next round tries them again.
    #[schemars(extend("examples" = [0]))]
    failed: u32,
}

impl From<Reconciled> for ReconciledView {
    fn from(found: Reconciled) -> Self {
        let Reconciled {
            looked,
            settled,
            closed,
            events,
            failed,
        } = found;
        Self {
            looked,
            settled,
            closed,
            events,
            failed,
        }
    }
}

impl Operation for Reconcile {
    type Input = ActInput;
    type Output = ReconciledView;
    const SPEC: Spec = Spec {
        tool: "operator_reconcile",
        title: "Reconcile with Stripe",
        area: Area::Operator,
        route: Route::post("/stripe/reconcile"),
        access: Access::Operator,
        while_inactive: false,
        about_account: false,
        body: Body::Optional,
        success: Success::ok("Reconciled with Stripe successfully."),
        hints: Hints::ADD.in_open_world(),
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::NotConfigured(Service::Stripe),
        FaultKind::Unavailable(Service::Stripe),
    ];

    async fn run(
        context: &Context,
        caller: &Caller,
        input: ActInput,
    ) -> Result<ReconciledView, Fault> {
        let services = &context.services;
        let act = act(caller, input.operator, input.reason);
        services.books.note("reconcile", &act).await?;
        Ok(services.billing.reconcile(&act.origin).await?.into())
    }
}
