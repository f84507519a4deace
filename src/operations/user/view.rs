//! View: the caller's own account, with its balance.
//! Dispatch has already read it; nothing more is asked of any service.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::UserView;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Returns the caller's account: names, address, credits, whether it is active and has 2FA on.
#[derive(JsonSchema)]
pub struct View;

impl Operation for View {
    type Input = NoInput;
    type Output = UserView;
    const SPEC: Spec = Spec {
        tool: "user_view",
        title: "View account",
        area: Area::User,
        route: Route::get("/users/{user_id}"),
        access: Access::SessionOrKey,
        while_inactive: true,
        about_account: true,
        body: Body::None,
        success: Success::ok("User fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(_context: &Context, caller: &Caller, _input: NoInput) -> Result<UserView, Fault> {
        Ok(UserView::from(caller.user()?.clone()))
    }
}
