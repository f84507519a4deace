//! The books. An entry and the balance it changes are one: [`post`] is the only way either moves, and it runs inside
//! the transaction of whatever moved the money.

pub mod books;

use super::audit::{self, AuditEntry};
use super::sql::{Row, values};
use super::{PerEngine, Store, StoreError, Transaction, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::credits::{Credits, FiatCents};
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::ledger::{CauseKind, Direction, LedgerEntry};
use crate::domain::page::Page;

/// An entry to be written.
#[derive(Debug, Clone)]
pub struct NewEntry {
    pub id: TransactionId,
    pub user_id: UserId,
    pub direction: Direction,
    /// More than zero.
    pub amount: Credits,
    pub fiat: FiatCents,
    pub description: String,
    pub cause_kind: CauseKind,
    pub cause_id: String,
    pub at: Timestamp,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// It stands, and this is the new balance.
    Done(Credits),
    /// Its cause has moved money before; nothing changed.
    AlreadyDone,
    /// The account has less than that, or is gone. The transaction must not be committed.
    Refused,
}

/// What became of a balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjusted {
    pub before: Credits,
    pub after: Credits,
    /// The entry that moved it; none where nothing moved.
    pub entry: Option<TransactionId>,
}

/// The account's row, held until the transaction ends. SQLite's one writer holds everything anyway.
const LOCK_BALANCE: PerEngine = PerEngine {
    sqlite: "SELECT credits FROM users WHERE id = $1",
    postgres: "SELECT credits FROM users WHERE id = $1 FOR UPDATE",
};

pub(super) async fn post(
    transaction: &mut Transaction<'_>,
    entry: &NewEntry,
) -> Result<Posted, StoreError> {
    let written = transaction
        .execute(
            "INSERT INTO ledger_entries \
             (id, user_id, direction, amount, fiat, description, cause_kind, cause_id, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (cause_kind, cause_id) DO NOTHING",
            values![
                &entry.id,
                &entry.user_id,
                entry.direction.as_str(),
                entry.amount,
                entry.fiat,
                &entry.description,
                entry.cause_kind.as_str(),
                &entry.cause_id,
                entry.at,
            ],
        )
        .await?;
    if written == 0 {
        return Ok(Posted::AlreadyDone);
    }
    let (change, at_least) = match entry.direction {
        Direction::Credit => (entry.amount.as_hundredths(), 0),
        Direction::Debit => (-entry.amount.as_hundredths(), entry.amount.as_hundredths()),
    };
    let row = transaction
        .optional(
            "UPDATE users SET credits = credits + $2, updated_at = $4 \
             WHERE id = $1 AND credits >= $3 RETURNING credits",
            values![&entry.user_id, change, at_least, entry.at],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Posted::Refused);
    };
    // Counted before the commit, which follows in all but a crash or a lost connection.
    let hundredths = u64::try_from(entry.amount.as_hundredths()).unwrap_or_default();
    metrics::counter!("clara_credit_hundredths_moved_total", "cause" => entry.cause_kind.as_str())
        .increment(hundredths);
    row.credits("credits").map(Posted::Done)
}

/// The balance, which stays as it is until the transaction ends; `None` where the account is gone.
pub(super) async fn lock_balance(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
) -> Result<Option<Credits>, StoreError> {
    let lock = transaction.store.pick(LOCK_BALANCE);
    let row = transaction.optional(lock, values![user_id]).await?;
    row.map(|row| row.credits("credits")).transpose()
}

impl Store {
    /// Posts the entry that `adjustment_for` makes of the balance, if it makes one, with what the audit trail says of it;
    /// the balance cannot change in between. `None` where the account is gone.
    pub async fn adjust_balance(
        &self,
        user_id: &UserId,
        adjustment_for: &(dyn Fn(Credits) -> Option<(NewEntry, AuditEntry)> + Send + Sync),
    ) -> Result<Option<Adjusted>, StoreError> {
        transaction!(self, transaction => {
            let Some(before) = lock_balance(&mut transaction, user_id).await? else {
                return Ok(None);
            };
            let unchanged = Adjusted { before, after: before, entry: None };
            let Some((entry, audit)) = adjustment_for(before) else {
                return Ok(Some(unchanged));
            };
            let Posted::Done(after) = post(&mut transaction, &entry).await? else {
                return Ok(Some(unchanged));
            };
            audit::write(&mut transaction, &audit).await?;
            Some(Adjusted { before, after, entry: Some(entry.id) })
        })
    }

    /// An account's entries, newest first, and how many there are.
    pub async fn entries(
        &self,
        user_id: &UserId,
        page: Page,
    ) -> Result<(Vec<LedgerEntry>, u64), StoreError> {
        // The count comes with the rows: a statement of its own costs more than it does.
        let rows = self
            .read_all(
                "SELECT *, (SELECT COUNT(*) FROM ledger_entries WHERE user_id = $1) AS total \
                 FROM ledger_entries WHERE user_id = $1 ORDER BY position DESC LIMIT $2 OFFSET $3",
                values![user_id, page.limit, page.offset],
            )
            .await?;
        let entries = rows.iter().map(entry).collect::<Result<_, _>>()?;
        let total = match rows.first() {
            Some(row) => row.count("total")?,
            None => self.entry_count(user_id).await?,
        };
        Ok((entries, total))
    }

    async fn entry_count(&self, user_id: &UserId) -> Result<u64, StoreError> {
        let row = self
            .read(
                "SELECT COUNT(*) AS total FROM ledger_entries WHERE user_id = $1",
                values![user_id],
            )
            .await?;
        row.map_or(Ok(0), |row| row.count("total"))
    }

    /// One entry of this account.
    pub async fn entry(
        &self,
        user_id: &UserId,
        id: &TransactionId,
    ) -> Result<Option<LedgerEntry>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM ledger_entries WHERE user_id = $1 AND id = $2",
                values![user_id, id],
            )
            .await?;
        row.as_ref().map(entry).transpose()
    }
}

pub(super) fn entry(row: &Row) -> Result<LedgerEntry, StoreError> {
    let direction = match row.text("direction")?.as_str() {
        "CREDIT" => Direction::Credit,
        "DEBIT" => Direction::Debit,
        other => return Err(StoreError::Damaged(format!("direction is {other}"))),
    };
    Ok(LedgerEntry {
        id: row.parsed("id")?,
        user_id: row.parsed("user_id")?,
        direction,
        amount: row.credits("amount")?,
        fiat: row.credits("fiat")?,
        description: row.text("description")?,
        created_at: row.timestamp("created_at")?,
    })
}
