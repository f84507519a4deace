//! The books as people see them, and the operator's hand in them. Moving credits for a task or a purchase is not here:
//! that happens in one transaction with its cause.

use std::sync::Arc;

use super::foundation::Foundation;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::credits::Credits;
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::ledger::{CauseKind, Direction, LedgerEntry};
use crate::domain::page::Page;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};
use crate::store::ledger::Discrepancy;

/// The books.
#[derive(Clone)]
pub struct Ledger(pub(super) Arc<Foundation>);

impl Ledger {
    /// An account's entries, newest first, and how many there are.
    pub async fn entries(
        &self,
        user_id: &UserId,
        page: Page,
    ) -> Result<(Vec<LedgerEntry>, u64), Fault> {
        Ok(self.0.store.entries(user_id, page).await?)
    }

    /// One entry of this account; another's does not exist for it.
    pub async fn entry(&self, user_id: &UserId, id: &TransactionId) -> Result<LedgerEntry, Fault> {
        self.0
            .store
            .entry(user_id, id)
            .await?
            .ok_or_else(|| FaultKind::NotFound(Resource::Transaction).into())
    }

    /// Sets a balance, as the operator: one entry of the difference, none where there is no difference.
    pub async fn set_balance(
        &self,
        user_id: &UserId,
        target: Credits,
        origin: &Origin,
    ) -> Result<User, Fault> {
        if target < Credits::ZERO {
            return Err(Fault::field("credits", "must not be less than 0"));
        }
        let mut audit = self
            .0
            .audit(Some(user_id), AuditEvent::CreditsMoved, origin);
        audit.details =
            serde_json::json!({"cause": CauseKind::Adjustment.as_str(), "balance": target});
        let cause = self.0.draw_id("adjustment_");
        let entry_for = |balance: Credits| {
            let difference = target.as_hundredths() - balance.as_hundredths();
            let direction = match difference {
                0 => return None,
                1.. => Direction::Credit,
                _ => Direction::Debit,
            };
            Some(self.0.new_entry(
                user_id,
                direction,
                Credits::hundredths(difference.abs()),
                format!("Admin updated credits from {balance} to {target}."),
                CauseKind::Adjustment,
                cause.clone(),
            ))
        };
        let missing = || Fault::new(FaultKind::NotFound(Resource::User));
        self.0
            .store
            .adjust_balance(user_id, &audit, &entry_for)
            .await?
            .ok_or_else(missing)?;
        self.0.store.user(user_id).await?.ok_or_else(missing)
    }

    /// Every account whose balance is not the sum of its entries: in sound books, none.
    pub async fn check(&self) -> Result<Vec<Discrepancy>, Fault> {
        Ok(self.0.store.discrepancies().await?)
    }
}
