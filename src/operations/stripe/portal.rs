//! Portal: a page of Stripe's where a customer sees its payments and receipts. What it shows is Stripe's; nothing of it
//! is known here.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::context::Context;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::{
    Access, Area, Body, Hints, NoInput, Operation, Page, Route, Spec, Success,
};

/// Returns the address of Stripe's customer portal, for a person to open. Answers 503 where Stripe is not configured.
#[derive(JsonSchema)]
pub struct Portal;

/// Where to go.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Portal")]
pub struct PortalView {
    #[schemars(extend("examples" = ["https://billing.stripe.com/p/session/test_1"]))]
    url: String,
}

impl Operation for Portal {
    type Input = NoInput;
    type Output = PortalView;
    const SPEC: Spec = Spec {
        tool: "stripe_portal",
        title: "Open customer portal",
        area: Area::Stripe,
        route: Route::post("/stripe/portal"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::created("Customer portal session created successfully."),
        hints: Hints::ADD.in_open_world(),
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::NotConfigured(Service::Stripe),
        FaultKind::Unavailable(Service::Stripe),
    ];
    const PAGE: Option<fn(&Value) -> Option<Page>> = Some(page);

    async fn run(context: &Context, caller: &Caller, _input: NoInput) -> Result<PortalView, Fault> {
        let url = context.services.billing.portal(caller.user()?).await?;
        Ok(PortalView { url })
    }
}

fn page(data: &Value) -> Option<Page> {
    Some(Page {
        url: data["url"].as_str()?.to_owned(),
        purpose: "Stripe's page where you see your payments and receipts.".to_owned(),
        afterwards: "What they change there, Stripe keeps; nothing more has to be called.",
    })
}
