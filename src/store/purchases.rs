//! Purchases while they wait for their money, and the customers that Stripe knows our accounts by. What Stripe tells of a
//! payment is in `payments`; nothing here moves a credit.

use super::audit::{self, AuditEntry};
use super::ledger;
use super::sql::{Row, values};
use super::{PerEngine, Store, StoreError, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::credits::Credits;
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::purchase::{Purchase, PurchaseStatus};

const CLAIM_DUE: PerEngine = PerEngine {
    sqlite: "UPDATE purchases SET look_at = $2 + looks * $3, looks = looks + 1 WHERE id = (SELECT id FROM purchases \
             WHERE look_at <= $1 AND is_live = $4 ORDER BY look_at LIMIT 1) RETURNING *",
    postgres: "UPDATE purchases SET look_at = $2 + looks * $3, looks = looks + 1 WHERE id = (SELECT id FROM purchases \
               WHERE look_at <= $1 AND is_live = $4 ORDER BY look_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING *",
};

impl Store {
    /// Stores a purchase that is about to be started; `false` where its account is gone.
    pub async fn start_purchase(
        &self,
        purchase: &Purchase,
        look_at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        transaction!(self, transaction => {
            // Held, so that a removal either sees this purchase or is seen by it.
            let balance = ledger::lock_balance(&mut transaction, &purchase.user_id).await?;
            if balance.is_none() {
                return Ok(false);
            }
            transaction
                .execute(
                    "INSERT INTO purchases \
                     (id, user_id, status, credits, fiat, is_live, created_at, expires_at, look_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    values![
                        &purchase.id,
                        &purchase.user_id,
                        purchase.status.as_str(),
                        purchase.credits,
                        purchase.fiat,
                        purchase.is_live,
                        purchase.created_at,
                        purchase.expires_at,
                        look_at,
                    ],
                )
                .await?;
            audit::write(&mut transaction, audit).await?;
            true
        })
    }

    /// There is a page for a started purchase. Whatever was heard of its payment meanwhile stays.
    pub async fn open_purchase(
        &self,
        id: &TransactionId,
        session_id: &str,
    ) -> Result<(), StoreError> {
        self.write(
            "UPDATE purchases SET session_id = $2, status = CASE WHEN status = 'STARTED' THEN 'OPEN' ELSE status END \
             WHERE id = $1 AND session_id IS NULL",
            values![id, session_id],
        )
        .await
        .map(drop)
    }

    /// Nothing can come of a purchase any more, unless money came of it already.
    pub async fn close_purchase(
        &self,
        id: &TransactionId,
        status: PurchaseStatus,
    ) -> Result<(), StoreError> {
        self.write(
            "UPDATE purchases SET status = $2, look_at = NULL WHERE id = $1 AND status IN ('STARTED', 'OPEN', 'PENDING')",
            values![id, status.as_str()],
        )
        .await
        .map(drop)
    }

    /// A purchase that Stripe is to be asked about by now, so claimed that nobody else asks before `again_at`; each
    /// further look waits `pause` milliseconds longer.
    pub async fn claim_due_purchase(
        &self,
        now: Timestamp,
        again_at: Timestamp,
        pause_ms: i64,
        is_live: bool,
    ) -> Result<Option<Purchase>, StoreError> {
        let rows = self
            .write(
                self.pick(CLAIM_DUE),
                values![now, again_at, pause_ms, is_live],
            )
            .await?;
        rows.first().map(purchase).transpose()
    }

    /// Makes every purchase that waits for something due at once.
    pub async fn hasten_purchases(&self, now: Timestamp) -> Result<(), StoreError> {
        self.write(
            "UPDATE purchases SET look_at = $1 WHERE look_at > $1",
            values![now],
        )
        .await
        .map(drop)
    }

    /// One purchase.
    pub async fn purchase(&self, id: &TransactionId) -> Result<Option<Purchase>, StoreError> {
        let row = self
            .read("SELECT * FROM purchases WHERE id = $1", values![id])
            .await?;
        row.as_ref().map(purchase).transpose()
    }

    /// Takes on a chore that is due, so that nobody else does before `next`. Says up to when it was done.
    pub async fn claim_chore(
        &self,
        name: &str,
        now: Timestamp,
        next: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let rows = self
            .write(
                "UPDATE chores SET due_at = $3 WHERE name = $1 AND due_at <= $2 RETURNING done_until",
                values![name, now, next],
            )
            .await?;
        rows.first()
            .map(|row| row.timestamp("done_until"))
            .transpose()
    }

    /// When a chore was last done with, without taking it on.
    pub async fn chore_done_until(&self, name: &str) -> Result<Timestamp, StoreError> {
        let row = self
            .read(
                "SELECT done_until FROM chores WHERE name = $1",
                values![name],
            )
            .await?;
        row.map_or(Ok(Timestamp(0)), |row| row.timestamp("done_until"))
    }

    /// The chore is done for everything up to `until`; events heard before `forget_before` are forgotten.
    pub async fn end_chore(
        &self,
        name: &str,
        until: Timestamp,
        forget_before: Timestamp,
    ) -> Result<(), StoreError> {
        transaction!(self, transaction => {
            transaction
                .execute(
                    "UPDATE chores SET done_until = $2 WHERE name = $1 AND done_until < $2",
                    values![name, until],
                )
                .await?;
            transaction
                .execute(
                    "DELETE FROM stripe_events WHERE received_at < $1",
                    values![forget_before],
                )
                .await?;
        })
    }

    /// What an account owes; nothing where it is gone.
    pub async fn owed(&self, user_id: &UserId) -> Result<Credits, StoreError> {
        let row = self
            .read("SELECT owed FROM users WHERE id = $1", values![user_id])
            .await?;
        row.map_or(Ok(Credits::ZERO), |row| row.credits("owed"))
    }

    /// Stripe's customer of an account, where there is one.
    pub async fn customer(&self, user_id: &UserId) -> Result<Option<String>, StoreError> {
        let row = self
            .read(
                "SELECT stripe_customer_id FROM users WHERE id = $1",
                values![user_id],
            )
            .await?;
        row.map_or(Ok(None), |row| row.optional_text("stripe_customer_id"))
    }

    /// Keeps an account's customer in place of `instead_of`, and says which one is kept: who came first wins. `None`
    /// where the account is gone.
    pub async fn keep_customer(
        &self,
        user_id: &UserId,
        customer: &str,
        instead_of: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        transaction!(self, transaction => {
            transaction
                .execute(
                    "UPDATE users SET stripe_customer_id = $2 WHERE id = $1 \
                     AND COALESCE(stripe_customer_id, '') = COALESCE($3, '')",
                    values![user_id, customer, instead_of],
                )
                .await?;
            let row = transaction
                .optional("SELECT stripe_customer_id FROM users WHERE id = $1", values![user_id])
                .await?;
            match row {
                Some(row) => row.optional_text("stripe_customer_id")?,
                None => None,
            }
        })
    }
}

pub(super) fn purchase(row: &Row) -> Result<Purchase, StoreError> {
    let status = row.text("status")?;
    let known = PurchaseStatus::ALL
        .into_iter()
        .find(|known| known.as_str() == status);
    let reversals = row.count("reversals")?;
    Ok(Purchase {
        id: row.parsed("id")?,
        user_id: row.parsed("user_id")?,
        status: known
            .ok_or_else(|| StoreError::Damaged(format!("a purchase's status is {status}")))?,
        credits: row.credits("credits")?,
        fiat: row.credits("fiat")?,
        is_live: row.flag("is_live")?,
        session_id: row.optional_text("session_id")?,
        payment_id: row.optional_text("payment_id")?,
        refunded: row.credits("refunded")?,
        taken: row.credits("taken")?,
        reversals: u32::try_from(reversals).unwrap_or(u32::MAX),
        created_at: row.timestamp("created_at")?,
        expires_at: row.timestamp("expires_at")?,
    })
}
