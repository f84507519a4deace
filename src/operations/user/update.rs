//! Update: an account changes its names or its dark mode; nothing else of it can be changed this way.
//! Unknown and forbidden fields are refused by the input itself.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::domain::name::PersonName;
use crate::domain::user::UserChange;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::UserView;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Changes the caller's names or dark mode; fields left out stay as they are.
#[derive(JsonSchema)]
pub struct Update;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// New given name.
    #[schemars(extend("examples" = ["Ada"]))]
    first_name: Option<PersonName>,
    /// New family name.
    #[schemars(extend("examples" = ["Marsh"]))]
    last_name: Option<PersonName>,
    /// Whether pages are dark.
    #[schemars(extend("examples" = [false]))]
    is_dark_mode: Option<bool>,
}

impl Operation for Update {
    type Input = Input;
    type Output = UserView;
    const SPEC: Spec = Spec {
        tool: "user_update",
        title: "Update account",
        area: Area::User,
        route: Route::patch("/users/{user_id}"),
        access: Access::Session,
        while_inactive: true,
        about_account: true,
        body: Body::Required,
        success: Success::ok("User updated successfully."),
        hints: Hints::SET,
    };

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<UserView, Fault> {
        let Input {
            first_name,
            last_name,
            is_dark_mode,
        } = input;
        let change = UserChange {
            first_name,
            last_name,
            is_dark_mode,
        };
        Ok(context
            .services
            .accounts
            .update(&caller.user()?.id, &change, &caller.origin())
            .await?
            .into())
    }
}
