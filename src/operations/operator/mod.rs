//! Operator: what only whoever runs this deployment may do, over REST with its private key or in its terminal: look at all
//! accounts and books, move a balance. None of it is a tool: no model gets these. Each says who acts and
//! why, for the audit trail.

mod change_credits;
mod check_ledger;
mod list_transactions;
mod list_users;
mod reconcile;
mod set_credits;

pub use change_credits::ChangeCredits;
pub use check_ledger::CheckLedger;
pub use list_transactions::ListTransactions;
pub use list_users::ListUsers;
pub use reconcile::Reconcile;
pub use set_credits::SetCredits;

use schemars::JsonSchema;
use serde::Deserialize;

use super::caller::{Caller, Credential};
use crate::domain::operator::{Act, OperatorName, Reason};
use crate::fault::{Fault, FaultKind, FieldProblem};
use crate::services::sessions::By;

/// The input of operations that ask for nothing but who acts and why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActInput {
    /// Who acts, for the audit trail.
    pub operator: Option<OperatorName>,
    /// Why, for the audit trail.
    pub reason: Option<Reason>,
}

/// What the caller does, as the audit trail tells it.
fn act(caller: &Caller, operator: Option<OperatorName>, reason: Option<Reason>) -> Act {
    Act {
        operator,
        reason,
        origin: caller.origin(),
    }
}

/// Who does what an owner does too. Only the operator says who acts and why: the trail knows an owner.
pub(super) fn by(
    caller: &Caller,
    operator: Option<OperatorName>,
    reason: Option<Reason>,
) -> Result<By, Fault> {
    if matches!(caller.credential, Credential::Operator) {
        return Ok(By::Operator(act(caller, operator, reason)));
    }
    let given = [
        ("operator", operator.is_some()),
        ("reason", reason.is_some()),
    ];
    let problems: Vec<FieldProblem> = given
        .into_iter()
        .filter(|(_, is_given)| *is_given)
        .map(|(field, _)| FieldProblem {
            field: field.to_owned(),
            problem: "is for the operator alone; leave it out".to_owned(),
        })
        .collect();
    if problems.is_empty() {
        Ok(By::Owner(caller.origin()))
    } else {
        Err(FaultKind::InvalidFields(problems).into())
    }
}
