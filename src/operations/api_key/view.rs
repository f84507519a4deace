//! View: the token of the account's API key, remade from the key's id because nothing secret is stored.
//! Knows the API key service only.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::ApiKeyView;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Returns the account's API key token, which agents use as `API_KEY_TOKEN` with `USER_ID`. Needs a session from
/// `auth_login`.
#[derive(JsonSchema)]
pub struct View;

impl Operation for View {
    type Input = NoInput;
    type Output = ApiKeyView;
    const SPEC: Spec = Spec {
        tool: "api_key_view",
        title: "View API key",
        area: Area::ApiKey,
        route: Route::get("/users/{user_id}/api_key"),
        access: Access::Session,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("API key fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(context: &Context, caller: &Caller, _input: NoInput) -> Result<ApiKeyView, Fault> {
        let made = context
            .services
            .api_keys
            .view(caller.user()?, &caller.origin())
            .await?;
        Ok(ApiKeyView::new(made.key, made.token))
    }
}
