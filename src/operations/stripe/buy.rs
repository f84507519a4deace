//! Buy: a Checkout page of Stripe's for an amount the rates allow. The amount is judged here; the page itself needs
//! Stripe, for which this version has no adapter, so the documented answer for that is given.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::domain::credits::{Credits, FiatCents};
use crate::domain::page::Whole;
use crate::fault::{Fault, FaultKind, Service};
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Starts a purchase of credits and returns the address of Stripe's Checkout page, for a person to open and pay. The
/// limits are in `stripe_rate`. Answers 503 where Stripe is not configured.
#[derive(JsonSchema)]
pub struct Buy;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Whole dollars to pay.
    #[schemars(extend("examples" = [5]))]
    amount: Whole<1, 4_294_967_295>,
    /// Path on the client's site to come back to, such as `billing`.
    #[serde(rename = "return_path")]
    #[schemars(length(max = 200))]
    #[schemars(extend("examples" = ["billing"]))]
    _return_path: String,
}

/// A purchase that waits for its payment.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Purchase")]
pub struct BuyView {
    #[schemars(extend("examples" = ["https://checkout.stripe.com/c/pay/cs_test_1"]))]
    url: String,
    #[schemars(extend("examples" = ["billing"]))]
    return_path: String,
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
    ];

    async fn run(context: &Context, _caller: &Caller, input: Input) -> Result<BuyView, Fault> {
        let rates = &context.settings.credit_rates;
        if rates.for_amount(input.amount.get()).is_none() {
            let lower_limit = rates.all().first().map_or(0, |rate| rate.lower_limit);
            let upper_limit = rates.all().last().map_or(0, |rate| rate.upper_limit);
            return Err(Fault::new(FaultKind::NoCreditRate {
                lower_limit,
                upper_limit,
            })
            .next(format!(
                "Choose an amount from {lower_limit} to {upper_limit} dollars; see stripe_rate."
            )));
        }
        Err(FaultKind::NotConfigured(Service::Stripe).into())
    }
}
