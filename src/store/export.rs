//! Everything that is kept of one account, in parts: each list from its oldest row on, a part at a time, so that nobody ever
//! holds all of it. Secrets and their digests are not read here at all.

use super::audit::{self, AuditRecord};
use super::sessions::{self, SessionRecord};
use super::sql::{Row, values};
use super::submitted::claims_of;
use super::tasks;
use super::{Store, StoreError, accounts, api_keys, ledger, purchases};
use crate::domain::clock::Timestamp;
use crate::domain::credits::Credits;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::ledger::LedgerEntry;
use crate::domain::purchase::Purchase;
use crate::domain::task::Task;
use crate::domain::user::{ApiKey, User};

/// How many rows of a list are read at a time.
const ROWS: u32 = 200;
/// How many tasks: each brings its text and its report along.
const TASKS: u32 = 5;

/// Some rows of a list, and where the next ones begin; `None` after the last.
#[derive(Debug)]
pub struct Part<T> {
    pub rows: Vec<T>,
    pub next: Option<i64>,
}

/// An account with what else its row says.
#[derive(Debug, Clone)]
pub struct Profile {
    pub user: User,
    pub has_password: bool,
    pub has_google: bool,
    pub has_stripe_customer: bool,
    pub owed: Credits,
    /// How many of the recovery codes are left.
    pub recovery_codes: u64,
    pub api_key: Option<ApiKey>,
}

/// A task with what was handed in.
#[derive(Debug, Clone)]
pub struct WholeTask {
    pub task: Task,
    pub text: String,
    /// The claims that were handed in with it.
    pub claims: Vec<String>,
    pub context: Option<String>,
    pub price: Credits,
    /// Until when the texts of its sources are kept, where they are.
    pub sources_until: Option<Timestamp>,
}

/// A file of a task that is still kept.
#[derive(Debug, Clone)]
pub struct KeptFile {
    pub ordinal: u32,
    pub name: String,
    pub url: Option<String>,
    pub size_bytes: u64,
}

/// A mail that was written to the account. What it said is not kept.
#[derive(Debug, Clone)]
pub struct MailRecord {
    pub kind: String,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub dropped_at: Option<Timestamp>,
}

/// A code that was mailed, without its digits.
#[derive(Debug, Clone)]
pub struct CodeRecord {
    pub purpose: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// An authenticator app, without its seed.
#[derive(Debug, Clone)]
pub struct AuthenticatorRecord {
    pub is_confirmed: bool,
    pub created_at: Timestamp,
}

/// A network that the owner signed in from.
#[derive(Debug, Clone)]
pub struct NetworkRecord {
    pub network: String,
    pub seen_at: Timestamp,
}

impl Store {
    /// The account's row and its key; `None` where it is gone.
    pub async fn profile(&self, user_id: &UserId) -> Result<Option<Profile>, StoreError> {
        let row = self
            .read("SELECT * FROM users WHERE id = $1", values![user_id])
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let key = self
            .read(
                "SELECT * FROM api_keys WHERE user_id = $1",
                values![user_id],
            )
            .await?;
        let recovery = self
            .read(
                "SELECT COUNT(*) AS codes FROM recovery_codes WHERE user_id = $1",
                values![user_id],
            )
            .await?;
        Ok(Some(Profile {
            recovery_codes: recovery.map_or(Ok(0), |row| row.count("codes"))?,
            user: accounts::user(&row)?,
            has_password: row.optional_text("password_hash")?.is_some(),
            has_google: row.optional_text("google_id")?.is_some(),
            has_stripe_customer: row.optional_text("stripe_customer_id")?.is_some(),
            owed: row.credits("owed")?,
            api_key: key.as_ref().map(api_keys::key).transpose()?,
        }))
    }

    /// Sessions, ended ones too.
    pub async fn sessions_part(
        &self,
        user_id: &UserId,
        after: i64,
    ) -> Result<Part<SessionRecord>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM sessions WHERE user_id = $1 AND position > $2 ORDER BY position LIMIT $3",
                values![user_id, after, ROWS],
            )
            .await?;
        part(&rows, ROWS, sessions::record)
    }

    /// Codes: one a purpose at most, so all in one part.
    pub async fn code_records(&self, user_id: &UserId) -> Result<Vec<CodeRecord>, StoreError> {
        let rows = self
            .read_all(
                "SELECT purpose, created_at, expires_at, used_at FROM codes WHERE user_id = $1 ORDER BY created_at",
                values![user_id],
            )
            .await?;
        let record = |row: &Row| {
            Ok(CodeRecord {
                purpose: row.text("purpose")?,
                created_at: row.timestamp("created_at")?,
                expires_at: row.timestamp("expires_at")?,
                used_at: row.optional_integer("used_at")?.map(Timestamp),
            })
        };
        rows.iter().map(record).collect()
    }

    /// Authenticator apps: the one in force and one that was offered, so all in one part.
    pub async fn authenticator_records(
        &self,
        user_id: &UserId,
    ) -> Result<Vec<AuthenticatorRecord>, StoreError> {
        let rows = self
            .read_all(
                "SELECT is_confirmed, created_at FROM authenticators WHERE user_id = $1 ORDER BY created_at",
                values![user_id],
            )
            .await?;
        let record = |row: &Row| {
            Ok(AuthenticatorRecord {
                is_confirmed: row.flag("is_confirmed")?,
                created_at: row.timestamp("created_at")?,
            })
        };
        rows.iter().map(record).collect()
    }

    /// Networks of the last month, all in one part.
    pub async fn network_records(
        &self,
        user_id: &UserId,
    ) -> Result<Vec<NetworkRecord>, StoreError> {
        let rows = self
            .read_all(
                "SELECT network, seen_at FROM known_networks WHERE user_id = $1 ORDER BY seen_at, network",
                values![user_id],
            )
            .await?;
        let record = |row: &Row| {
            Ok(NetworkRecord {
                network: row.text("network")?,
                seen_at: row.timestamp("seen_at")?,
            })
        };
        rows.iter().map(record).collect()
    }

    /// Ledger entries.
    pub async fn entries_part(
        &self,
        user_id: &UserId,
        after: i64,
    ) -> Result<Part<LedgerEntry>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM ledger_entries WHERE user_id = $1 AND position > $2 ORDER BY position LIMIT $3",
                values![user_id, after, ROWS],
            )
            .await?;
        part(&rows, ROWS, ledger::entry)
    }

    /// Purchases.
    pub async fn purchases_part(
        &self,
        user_id: &UserId,
        after: i64,
    ) -> Result<Part<Purchase>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM purchases WHERE user_id = $1 AND position > $2 ORDER BY position LIMIT $3",
                values![user_id, after, ROWS],
            )
            .await?;
        part(&rows, ROWS, purchases::purchase)
    }

    /// Tasks with their texts and whole reports.
    pub async fn tasks_part(
        &self,
        user_id: &UserId,
        after: i64,
    ) -> Result<Part<WholeTask>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM tasks WHERE user_id = $1 AND position > $2 ORDER BY position LIMIT $3",
                values![user_id, after, TASKS],
            )
            .await?;
        part(&rows, TASKS, |row| {
            Ok(WholeTask {
                task: tasks::task(row, "result")?,
                text: row.text("submitted_text")?,
                claims: claims_of(row)?,
                context: row.optional_text("context")?,
                price: row.credits("price")?,
                sources_until: row.optional_integer("sources_until")?.map(Timestamp),
            })
        })
    }

    /// The files of a task that are still kept, in their order.
    pub async fn kept_files(&self, task_id: &TaskId) -> Result<Vec<KeptFile>, StoreError> {
        let rows = self
            .read_all(
                "SELECT ordinal, name, url, size_bytes FROM task_attachments WHERE task_id = $1 ORDER BY ordinal",
                values![task_id],
            )
            .await?;
        let file = |row: &Row| {
            let ordinal = row.count("ordinal")?;
            Ok(KeptFile {
                ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
                name: row.text("name")?,
                url: row.optional_text("url")?,
                size_bytes: row.count("size_bytes")?,
            })
        };
        rows.iter().map(file).collect()
    }

    /// One piece of a kept file; `None` behind the last, or where the file was deleted meanwhile.
    pub async fn piece_of_file(
        &self,
        task_id: &TaskId,
        ordinal: u32,
        piece: u32,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self
            .read(
                "SELECT bytes FROM task_attachment_pieces WHERE task_id = $1 AND ordinal = $2 AND piece = $3",
                values![task_id, ordinal, piece],
            )
            .await?;
        row.map(|row| row.bytes("bytes")).transpose()
    }

    /// Mails.
    pub async fn mails_part(
        &self,
        user_id: &UserId,
        after: i64,
    ) -> Result<Part<MailRecord>, StoreError> {
        let rows = self
            .read_all(
                "SELECT position, kind, created_at, sent_at, dropped_at FROM mails \
                 WHERE user_id = $1 AND position > $2 ORDER BY position LIMIT $3",
                values![user_id, after, ROWS],
            )
            .await?;
        part(&rows, ROWS, |row| {
            Ok(MailRecord {
                kind: row.text("kind")?,
                created_at: row.timestamp("created_at")?,
                sent_at: row.optional_integer("sent_at")?.map(Timestamp),
                dropped_at: row.optional_integer("dropped_at")?.map(Timestamp),
            })
        })
    }

    /// What the audit trail says of the account.
    pub async fn audit_part(
        &self,
        user_id: &UserId,
        after: i64,
    ) -> Result<Part<AuditRecord>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM audit_entries WHERE user_id = $1 AND position > $2 ORDER BY position LIMIT $3",
                values![user_id, after, ROWS],
            )
            .await?;
        part(&rows, ROWS, audit::record)
    }
}

fn part<T>(
    rows: &[Row],
    whole: u32,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Part<T>, StoreError> {
    let is_whole = u32::try_from(rows.len()).is_ok_and(|read| read == whole);
    let last = rows.last().filter(|_| is_whole);
    Ok(Part {
        next: last.map(|row| row.integer("position")).transpose()?,
        rows: rows.iter().map(read).collect::<Result<_, _>>()?,
    })
}
