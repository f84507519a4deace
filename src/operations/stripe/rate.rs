//! Rate: what credits cost, from the deployment's settings.
//! Knows the settings only; `stripe_price_id` is null where Stripe is not configured.

use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Returns what credits cost: from how many to how many dollars, and how many credits a dollar buys. An analysis costs 20
/// credits unless the deployment says otherwise.
#[derive(JsonSchema)]
pub struct Rate;

/// The price of credits within two limits.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Rate")]
pub struct RateView {
    /// Whole dollars.
    #[schemars(extend("examples" = [5]))]
    lower_limit: u32,
    /// Whole dollars.
    #[schemars(extend("examples" = [10_000]))]
    upper_limit: u32,
    /// Credits per dollar.
    #[schemars(extend("examples" = [100]))]
    rate: u32,
    #[schemars(extend("examples" = [null]))]
    stripe_price_id: Option<String>,
}

impl Operation for Rate {
    type Input = NoInput;
    type Output = Vec<RateView>;
    const SPEC: Spec = Spec {
        tool: "stripe_rate",
        title: "View credit rates",
        area: Area::Stripe,
        route: Route::get("/stripe/rate"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: false,
        body: Body::None,
        success: Success::ok(
            "Credits rate fetched successfully. Upper limit and lower limit are in fiat. Rate is in credits per dollar. Any amount beyond the limits will not be credited.",
        ),
        hints: Hints::READ,
    };

    async fn run(
        context: &Context,
        _caller: &Caller,
        _input: NoInput,
    ) -> Result<Vec<RateView>, Fault> {
        let billing = &context.services.billing;
        let rates = context.settings.credit_rates.all().iter().enumerate();
        Ok(rates
            .map(|(number, rate)| RateView {
                lower_limit: rate.lower_limit,
                upper_limit: rate.upper_limit,
                rate: rate.credits_per_dollar,
                stripe_price_id: billing.price_id(number).map(str::to_owned),
            })
            .collect())
    }
}
