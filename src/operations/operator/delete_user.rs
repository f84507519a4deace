//! Delete User: an account goes with all that is its own; the books keep its entries without name or address.
//! Knows the accounts service only.

use schemars::JsonSchema;

use super::{ActInput, act};
use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Removes an account with everything that is its own. Needs the private API key.
#[derive(JsonSchema)]
pub struct DeleteUser;

impl Operation for DeleteUser {
    type Input = ActInput;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "operator_delete_user",
        title: "Delete a user",
        area: Area::Operator,
        route: Route::delete("/users/{user_id}"),
        access: Access::Operator,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::no_content("User deleted successfully."),
        hints: Hints::END.again_differs(),
    };

    async fn run(context: &Context, caller: &Caller, input: ActInput) -> Result<(), Fault> {
        let accounts = &context.services.accounts;
        let act = act(caller, input.operator, input.reason);
        accounts.remove(&caller.user()?.id, act).await
    }
}
