//! The books as their owners see them, and a balance that is set. Moving credits for a task or a purchase is not here:
//! that happens in one transaction with its cause.

pub mod books;

use std::sync::Arc;

use super::service_deps::ServiceDeps;
use crate::domain::credits::Credits;
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::ledger::LedgerEntry;
use crate::domain::operator::Act;
use crate::domain::page::Page;
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource};
use books::{BalanceMove, Books};

/// The books.
#[derive(Clone)]
pub struct Ledger(pub(super) Arc<ServiceDeps>);

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
        act: impl Into<Act>,
    ) -> Result<User, Fault> {
        let books = Books(self.0.clone());
        books
            .move_balance(user_id, BalanceMove::To(target), &act.into())
            .await?;
        let user = self.0.store.user(user_id).await?;
        user.ok_or_else(|| FaultKind::NotFound(Resource::User).into())
    }
}
