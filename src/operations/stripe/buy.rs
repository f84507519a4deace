//! Buy: a Checkout page of Stripe's for an amount the rates allow. The credits come when Stripe says that it was paid,
//! which is not this operation's business.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::context::Context;
use crate::domain::checkout::{Dollars, ReturnPath};
use crate::domain::credits::{Credits, FiatCents};
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Page, Route, Spec, Success};

/// Starts a purchase of credits and returns the address of Stripe's Checkout page, for a person to open and pay. The
/// limits are in `stripe_rate`. Answers 503 where Stripe is not configured.
#[derive(JsonSchema)]
pub struct Buy;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Whole dollars to pay.
    #[schemars(extend("examples" = [5]))]
    amount: Dollars,
    /// Path on the client's site to come back to, such as `billing`.
    #[schemars(extend("examples" = ["billing"]))]
    return_path: ReturnPath,
}

/// A purchase that waits for its payment.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Purchase")]
pub struct BuyView {
    #[schemars(extend("examples" = ["https://checkout.stripe.com/c/pay/cs_test_1"]))]
    url: String,
    #[schemars(with = "String", extend("examples" = ["billing"]))]
    return_path: ReturnPath,
    #[schemars(extend("examples" = [500.0]))]
    value_in_credits: Credits,
    /// Dollars.
    #[schemars(extend("examples" = [5.0]))]
    value_in_fiat: FiatCents,
}

impl Operation for Buy {
    type Input = Input;
    type Output = BuyView;
    const SPEC: Spec = Spec {
        tool: "stripe_buy",
        title: "Buy credits",
        area: Area::Stripe,
        route: Route::post("/stripe/buy"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::created("Checkout session created successfully."),
        hints: Hints::ADD.in_open_world(),
    };
    const REFUSALS: &'static [FaultKind] = &[
        FaultKind::NoCreditRate {
            lower_limit: 5,
            upper_limit: 10_000,
        },
        FaultKind::NotConfigured(Service::Stripe),
        FaultKind::Unavailable(Service::Stripe),
    ];
    const PAGE: Option<fn(&Value) -> Option<Page>> = Some(page);

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<BuyView, Fault> {
        let billing = &context.services.billing;
        let checkout = billing
            .buy(
                caller.user()?,
                input.amount,
                &input.return_path,
                &caller.origin(),
            )
            .await?;
        Ok(BuyView {
            url: checkout.url,
            return_path: input.return_path,
            value_in_credits: checkout.credits,
            value_in_fiat: checkout.fiat,
        })
    }
}

fn page(data: &Value) -> Option<Page> {
    let (dollars, credits) = (&data["value_in_fiat"], &data["value_in_credits"]);
    Some(Page {
        url: data["url"].as_str()?.to_owned(),
        purpose: format!(
            "Stripe's page to pay ${:.2} for {} credits.",
            dollars.as_f64()?,
            credits.as_f64()?
        ),
        afterwards: "The credits are there as soon as Stripe says that they are paid for; see user_view.",
    })
}
