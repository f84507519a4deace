//! End Second Factor: for an owner who lost their authenticator app and recovery codes, or their mailbox. Knows the accounts
//! service only; whether the person who asks is the owner is for the operator to find out.

use schemars::JsonSchema;

use super::{ActInput, act};
use crate::context::Context;
use crate::fault::{Fault, FaultKind};
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Turns an account's second factor off and ends its sessions; its owner is told by mail. For somebody who lost it: make sure
/// that it is the owner who asks. Needs the private API key.
#[derive(JsonSchema)]
pub struct EndSecondFactor;

impl Operation for EndSecondFactor {
    type Input = ActInput;
    type Output = ();
    const SPEC: Spec = Spec {
        tool: "operator_end_second_factor",
        title: "End a user's second factor",
        area: Area::Operator,
        route: Route::delete("/users/{user_id}/second_factor"),
        access: Access::Operator,
        while_inactive: false,
        about_account: true,
        body: Body::Optional,
        success: Success::no_content("User's second factor ended successfully."),
        hints: Hints::END,
    };
    const REFUSALS: &'static [FaultKind] = &[];

    async fn run(context: &Context, caller: &Caller, input: ActInput) -> Result<(), Fault> {
        let act = act(caller, input.operator, input.reason);
        let accounts = &context.services.accounts;
        accounts.end_second_factor(caller.user()?, &act).await
    }
}
