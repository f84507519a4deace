//! Reset: a new API key; whoever holds the old one is locked out at once.
//! Knows the API key service only.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::ApiKeyView;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Replaces the API key and returns the new token; the old one stops working at once.
#[derive(JsonSchema)]
pub struct Reset;

impl Operation for Reset {
    type Input = NoInput;
    type Output = ApiKeyView;
    const SPEC: Spec = Spec {
        tool: "api_key_reset",
        title: "Reset API key",
        area: Area::ApiKey,
        route: Route::post("/users/{user_id}/api_key"),
        access: Access::Session,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::created("API key reset successfully."),
        hints: Hints::END.again_differs(),
    };

    async fn run(context: &Context, caller: &Caller, _input: NoInput) -> Result<ApiKeyView, Fault> {
        let made = context
            .services
            .api_keys
            .reset(caller.user()?, &caller.origin())
            .await?;
        Ok(ApiKeyView::new(made.key, made.token))
    }
}
