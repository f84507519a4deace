//! Change Credits: an account's balance goes up or down by so much, or to so much, and the answer says from where.
//! Knows the books service only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::act;
use crate::context::Context;
use crate::domain::credits::{Credits, CreditsChange};
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::operator::{OperatorName, Reason};
use crate::fault::{Fault, FaultKind, FieldProblem};
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};
use crate::services::ledger::books::BalanceMove;

/// Moves an account's balance by `change`, or to `credits`; the books show the difference as one transaction. A balance never
/// goes below zero: what would take more than there is takes nothing. Needs the private API key.
#[derive(JsonSchema)]
pub struct ChangeCredits;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// How many credits to add, or below zero to take, with at most two decimals. Either this or `credits`.
    change: Option<CreditsChange>,
    /// The new balance, with at most two decimals. Either this or `change`.
    #[schemars(range(min = 0, max = 1_000_000_000), extend("multipleOf" = 0.01))]
    credits: Option<Credits>,
    /// Who acts, for the audit trail.
    operator: Option<OperatorName>,
    /// Why, for the audit trail.
    reason: Option<Reason>,
}

/// A balance before and after.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CreditsChanged")]
pub struct ChangedView {
    user_id: UserId,
    #[schemars(extend("examples" = [100.0]))]
    before: Credits,
    #[schemars(extend("examples" = [150.0]))]
    after: Credits,
    /// The transaction; null where nothing changed.
    transaction_id: Option<TransactionId>,
}

impl Operation for ChangeCredits {
    type Input = Input;
    type Output = ChangedView;
    const SPEC: Spec = Spec {
        tool: "operator_change_credits",
        title: "Change a user's credits",
        area: Area::Operator,
        route: Route::patch("/users/{user_id}/credits"),
        access: Access::Operator,
        while_inactive: false,
        about_account: true,
        body: Body::Required,
        success: Success::ok("User's credits changed successfully."),
        hints: Hints::ADD,
    };

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<ChangedView, Fault> {
        let Input {
            change,
            credits,
            operator,
            reason,
        } = input;
        let how = match (change, credits) {
            (Some(change), None) => BalanceMove::By(change),
            (None, Some(credits)) => BalanceMove::To(credits),
            (Some(_), Some(_)) => return Err(either("must not be given together with the other")),
            (None, None) => return Err(either("is required where the other is missing")),
        };
        let user_id = caller.user()?.id.clone();
        let act = act(caller, operator, reason);
        let books = &context.services.books;
        let moved = books.move_balance(&user_id, how, &act).await?;
        Ok(ChangedView {
            user_id,
            before: moved.before,
            after: moved.after,
            transaction_id: moved.entry,
        })
    }
}

fn either(problem: &str) -> Fault {
    let problems = ["change", "credits"].map(|field| FieldProblem::refused(field, problem));
    FaultKind::InvalidFields(problems.to_vec()).into()
}
