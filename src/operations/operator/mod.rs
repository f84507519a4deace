//! Operator: what only whoever runs this deployment may do, over REST with its private key or in its terminal: look at all
//! accounts and books, move a balance, remove an account. None of it is a tool: no model gets these. Each says who acts and
//! why, for the audit trail.

mod change_credits;
mod check_ledger;
mod delete_user;
mod list_audit;
mod list_transactions;
mod list_users;
mod reconcile;
mod set_credits;

pub use change_credits::ChangeCredits;
pub use check_ledger::CheckLedger;
pub use delete_user::DeleteUser;
pub use list_audit::ListAudit;
pub use list_transactions::ListTransactions;
pub use list_users::ListUsers;
pub use reconcile::Reconcile;
pub use set_credits::SetCredits;

use schemars::JsonSchema;
use serde::Deserialize;

use super::caller::Caller;
use crate::domain::operator::{Act, OperatorName, Reason};

/// The input of operations that ask for nothing but who acts and why.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActInput {
    /// Who acts, for the audit trail.
    operator: Option<OperatorName>,
    /// Why, for the audit trail.
    reason: Option<Reason>,
}

/// What the caller does, as the audit trail tells it.
fn act(caller: &Caller, operator: Option<OperatorName>, reason: Option<Reason>) -> Act {
    Act {
        operator,
        reason,
        origin: caller.origin(),
    }
}
