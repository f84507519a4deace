//! Operator: what only whoever runs this deployment may do, over REST with its private key or in its terminal: look at all
//! accounts and books, move a balance. None of it is a tool: no model gets these. Each says who acts and
//! why, for the audit trail.

mod change_credits;
mod check_ledger;
mod end_second_factor;
mod list_audit;
mod list_transactions;
mod list_users;
mod reconcile;
mod set_credits;

pub use change_credits::ChangeCredits;
pub use check_ledger::CheckLedger;
pub use end_second_factor::EndSecondFactor;
pub use list_audit::ListAudit;
pub use list_transactions::ListTransactions;
pub use list_users::ListUsers;
pub use reconcile::Reconcile;
pub use set_credits::SetCredits;

use schemars::JsonSchema;
use serde::Deserialize;

use super::caller::{Caller, Credential};
use crate::domain::operator::{Act, OperatorName, Reason};
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

/// Who does what an owner does too. The trail knows an owner by the account, so what an owner says here is not kept: only
/// the operator can sign as somebody.
pub(super) fn by(caller: &Caller, operator: Option<OperatorName>, reason: Option<Reason>) -> By {
    match caller.credential {
        Credential::Operator => By::Operator(act(caller, operator, reason)),
        _ => By::Owner(caller.origin()),
    }
}
