//! The books as the operator looks at them: every account with what it owes, every entry, of removed accounts too. What
//! proves that they are sound is in `proofs`.

mod proofs;

pub use proofs::{Examined, LedgerViolation, RefusedEvent, Size, Unclaimed};

use crate::domain::credits::Credits;
use crate::domain::ids::{TransactionId, UserId};
use crate::domain::ledger::LedgerEntry;
use crate::domain::page::Page;
use crate::domain::user::User;
use crate::store::sql::values;
use crate::store::{Store, StoreError, accounts, ledger};

/// An account and what it owes.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: User,
    pub owed: Credits,
}

/// Which entries are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of this account alone, living or removed.
    pub user_id: Option<UserId>,
    /// Only what was written before this entry. Entries stay where they are, so whoever goes on from the last one they saw
    /// sees each once, however many are written meanwhile.
    pub before: Option<TransactionId>,
    pub page: Page,
}

/// The accounts that a text is found in; all of them where there is none. Beside the pattern in lower case comes the text as
/// it was given: not every engine knows the lower case of every letter.
macro_rules! accounts_found {
    ($columns:literal, $order:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM users WHERE $1 IS NULL OR id LIKE $1 ESCAPE '\\' OR email_key LIKE $1 ESCAPE '\\' \
             OR LOWER(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')) LIKE $1 ESCAPE '\\' \
             OR COALESCE(first_name, '') || ' ' || COALESCE(last_name, '') LIKE $2 ESCAPE '\\'",
            $order
        )
    };
}

/// Entries before a position, of everybody or of one account: two statements, so that each finds its index.
const ENTRIES: &str =
    "SELECT * FROM ledger_entries WHERE position < $1 ORDER BY position DESC LIMIT $2 OFFSET $3";
const ENTRIES_OF: &str = "SELECT * FROM ledger_entries WHERE position < $1 AND user_id = $4 \
     ORDER BY position DESC LIMIT $2 OFFSET $3";

impl Store {
    /// Accounts, newest first, and how many there are; with `find` those alone whose id, address or name holds it.
    pub async fn accounts(
        &self,
        find: Option<&str>,
        page: Page,
    ) -> Result<(Vec<Account>, u64), StoreError> {
        let given = find.map(containing);
        let lower = find.map(|find| containing(&find.to_lowercase()));
        let (given, lower) = (given.as_deref(), lower.as_deref());
        let rows = self
            .read_all(
                accounts_found!("*", " ORDER BY position DESC LIMIT $3 OFFSET $4"),
                values![lower, given, page.limit, page.offset],
            )
            .await?;
        let total = self
            .read(
                accounts_found!("COUNT(*) AS total", ""),
                values![lower, given],
            )
            .await?;
        let accounts = rows
            .iter()
            .map(|row| {
                Ok(Account {
                    user: accounts::user(row)?,
                    owed: row.credits("owed")?,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok((accounts, total.map_or(Ok(0), |row| row.count("total"))?))
    }

    /// Entries of all accounts or of one, newest first, and how many there are of those in all. `None` where the entry
    /// that is to be gone on from does not exist.
    pub async fn all_entries(
        &self,
        wanted: &Wanted,
    ) -> Result<Option<(Vec<LedgerEntry>, u64)>, StoreError> {
        let mut before = i64::MAX;
        if let Some(id) = &wanted.before {
            let row = self
                .read(
                    "SELECT position FROM ledger_entries WHERE id = $1",
                    values![id],
                )
                .await?;
            let Some(row) = row else {
                return Ok(None);
            };
            before = row.integer("position")?;
        }
        let Page { limit, offset } = wanted.page;
        let (rows, total) = match &wanted.user_id {
            None => (
                self.read_all(ENTRIES, values![before, limit, offset])
                    .await?,
                self.read("SELECT COUNT(*) AS total FROM ledger_entries", values![])
                    .await?,
            ),
            Some(id) => (
                self.read_all(ENTRIES_OF, values![before, limit, offset, id])
                    .await?,
                self.read(
                    "SELECT COUNT(*) AS total FROM ledger_entries WHERE user_id = $1",
                    values![id],
                )
                .await?,
            ),
        };
        let entries = rows.iter().map(ledger::entry).collect::<Result<_, _>>()?;
        let total = total.map_or(Ok(0), |row| row.count("total"))?;
        Ok(Some((entries, total)))
    }
}

/// A pattern of whatever holds this text.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
