//! API keys: one row an account. The row holds no secret; the token is remade from it.

use super::accounts::user;
use super::audit::{self, AuditEntry};
use super::sql::{Row, values};
use super::{Store, StoreError, Transaction, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{ApiKeyId, UserId};
use crate::domain::user::{ApiKey, User};

impl Store {
    /// The account's key; `new` is stored where it has none yet.
    pub async fn api_key_or(&self, new: &ApiKey, entry: &AuditEntry) -> Result<ApiKey, StoreError> {
        transaction!(self, transaction => {
            make(&mut transaction, new).await?;
            audit::write(&mut transaction, entry).await?;
            let row = transaction
                .optional(
                    "SELECT * FROM api_keys WHERE user_id = $1",
                    values![&new.user_id],
                )
                .await?;
            key(&row.ok_or_else(|| StoreError::Damaged("a key vanished".to_owned()))?)?
        })
    }

    /// Puts `new` in the place of the account's key, whose token dies with its row.
    pub async fn replace_api_key(
        &self,
        new: &ApiKey,
        mail: &super::outbox::NewMail,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        transaction!(self, transaction => {
            transaction
                .execute(
                    "INSERT INTO api_keys (id, user_id, created_at, updated_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, created_at = excluded.created_at, \
                     updated_at = excluded.updated_at, last_used_at = NULL",
                    values![&new.id, &new.user_id, new.created_at, new.updated_at],
                )
                .await?;
            super::outbox::queue(&mut transaction, mail).await?;
            audit::write(&mut transaction, entry).await?;
        })
    }

    /// The account behind a key that lives, and when the key was last used.
    pub async fn api_key_user(
        &self,
        id: &ApiKeyId,
        user_id: &UserId,
    ) -> Result<Option<(User, Option<Timestamp>)>, StoreError> {
        let row = self
            .read(
                "SELECT users.*, api_keys.last_used_at FROM users JOIN api_keys ON api_keys.user_id = users.id \
                 WHERE api_keys.id = $1 AND users.id = $2",
                values![id, user_id],
            )
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let last_used = row.optional_integer("last_used_at")?.map(Timestamp);
        Ok(Some((user(&row)?, last_used)))
    }

    /// Notes that a key was used, at most once in the time since `not_after`.
    pub async fn note_api_key_use(
        &self,
        id: &ApiKeyId,
        now: Timestamp,
        not_after: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(
            "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at <= $3)",
            values![id, now, not_after],
        )
        .await
        .map(drop)
    }
}

/// Stores the key unless its account has one.
pub(super) async fn make(
    transaction: &mut Transaction<'_>,
    new: &ApiKey,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO api_keys (id, user_id, created_at, updated_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id) DO NOTHING",
            values![&new.id, &new.user_id, new.created_at, new.updated_at],
        )
        .await
        .map(drop)
}

pub(super) fn key(row: &Row) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: row.parsed("id")?,
        user_id: row.parsed("user_id")?,
        created_at: row.timestamp("created_at")?,
        updated_at: row.timestamp("updated_at")?,
        last_used_at: row.optional_integer("last_used_at")?.map(Timestamp),
    })
}
