//! Set Credits: an account gets a new balance, by one ledger entry of the difference.
//! Knows the ledger service only.

use schemars::JsonSchema;
use serde::Deserialize;

use super::act;
use crate::context::Context;
use crate::domain::credits::Credits;
use crate::domain::operator::{OperatorName, Reason};
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::UserView;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Sets an account's balance; the books show the difference as one transaction. Needs the private API key.
#[derive(JsonSchema)]
pub struct SetCredits;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The new balance, with at most two decimals.
    #[schemars(range(min = 0, max = 1_000_000_000), extend("multipleOf" = 0.01))]
    credits: Credits,
    /// Who acts, for the audit trail.
    operator: Option<OperatorName>,
    /// Why, for the audit trail.
    reason: Option<Reason>,
}

impl Operation for SetCredits {
    type Input = Input;
    type Output = UserView;
    const SPEC: Spec = Spec {
        tool: "operator_set_credits",
        title: "Set a user's credits",
        area: Area::Operator,
        route: Route::put("/users/{user_id}/credits"),
        access: Access::Operator,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::ok("User's credits updated successfully."),
        hints: Hints::SET,
    };

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<UserView, Fault> {
        let ledger = &context.services.ledger;
        let user_id = &caller.user()?.id;
        let act = act(caller, input.operator, input.reason);
        let user = ledger.set_balance(user_id, input.credits, act).await?;
        Ok(user.into())
    }
}
