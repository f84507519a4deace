//! The keys that addresses are compared by, made anew for accounts of an older version, which told spellings of one mailbox
//! apart. Of several accounts of one mailbox an active one keeps the address, of those the oldest; the others are reported.

use super::sql::values;
use super::{Store, StoreError, Transaction};
use crate::domain::email::Email;
use crate::domain::ids::UserId;

/// The migration after which this is done.
pub(super) const VERSION: i64 = 13;
/// How many accounts are read at once.
const BATCH: u32 = 500;

/// An account whose mailbox is another account's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailCollision {
    pub user_id: UserId,
    pub kept_by: UserId,
}

impl Store {
    /// Accounts that share a mailbox with another, from before spellings were told to be one: nobody signs in to them by
    /// address any more.
    pub async fn email_collisions(&self) -> Result<Vec<EmailCollision>, StoreError> {
        let rows = self
            .read_all(
                "SELECT user_id, kept_by FROM email_collisions ORDER BY user_id",
                values![],
            )
            .await?;
        let collision = |row: &super::sql::Row| {
            Ok(EmailCollision {
                user_id: row.parsed("user_id")?,
                kept_by: row.parsed("kept_by")?,
            })
        };
        rows.iter().map(collision).collect()
    }
}

/// Makes all keys anew.
pub(super) async fn remake(transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
    let mut last = String::new();
    let mut changed = Vec::new();
    loop {
        let rows = transaction
            .all(
                "SELECT id, email, email_key, is_active, created_at FROM users WHERE id > $1 ORDER BY id LIMIT $2",
                values![&last, BATCH],
            )
            .await?;
        let Some(row) = rows.last() else { break };
        last = row.text("id")?;
        for row in &rows {
            // What is no address any more keeps its key: nobody else can have it.
            if let Ok(email) = row.text("email")?.parse::<Email>()
                && email.key() != row.text("email_key")?
            {
                let rank = (!row.flag("is_active")?, row.timestamp("created_at")?.0);
                changed.push((rank, row.text("id")?, email.key().to_owned()));
            }
        }
    }
    changed.sort();
    for (_, id, key) in changed {
        let holder = transaction
            .optional("SELECT id FROM users WHERE email_key = $1", values![&key])
            .await?;
        match holder {
            Some(holder) => {
                let kept_by = holder.text("id")?;
                transaction
                    .execute(
                        "INSERT INTO email_collisions (user_id, kept_by) VALUES ($1, $2)",
                        values![&id, &kept_by],
                    )
                    .await?;
                tracing::warn!(user_id = %id, %kept_by, "two accounts have one mailbox");
            }
            None => {
                transaction
                    .execute(
                        "UPDATE users SET email_key = $2 WHERE id = $1",
                        values![&id, &key],
                    )
                    .await?;
            }
        }
    }
    Ok(())
}
