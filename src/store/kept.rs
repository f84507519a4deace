//! What an account may make the database keep: tasks, uploads, and the bytes of texts, files and reports.

use super::sql::values;
use super::tasks::NewTask;
use super::{Engine, StoreError, Transaction};
use crate::domain::ids::UserId;

/// What an account may make the database keep.
#[derive(Debug, Clone, Copy)]
pub struct KeptBounds {
    pub max_tasks: u64,
    pub max_bytes: u64,
}

/// The account's row of what it keeps, held until the transaction ends; PostgreSQL's.
const HOLD: &str = "SELECT kept_tasks FROM task_queues WHERE user_id = $1 FOR UPDATE";

/// Makes that row, where the account has none yet.
const MAKE: &str = "INSERT INTO task_queues (user_id) SELECT id FROM users WHERE id = $1 \
     ON CONFLICT (user_id) DO NOTHING";

/// Holds what the account keeps: before the account itself, as a task that ends holds them.
pub(super) async fn hold(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
) -> Result<(), StoreError> {
    // SQLite's one writer holds everything anyway.
    if let Engine::Sqlite { .. } = &transaction.store.0.engine {
        return Ok(());
    }
    if transaction
        .optional(HOLD, values![user_id])
        .await?
        .is_none()
    {
        transaction.execute(MAKE, values![user_id]).await?;
        transaction.optional(HOLD, values![user_id]).await?;
    }
    Ok(())
}

/// Whether the account has room for another task. Where it has too many, the oldest that came to nothing go.
pub(super) async fn has_room(
    transaction: &mut Transaction<'_>,
    new: &NewTask<'_>,
) -> Result<bool, StoreError> {
    for is_cleared in [false, true] {
        let row = transaction
            .optional(
                "SELECT CAST(COALESCE(SUM(kept_tasks), 0) AS BIGINT) AS tasks, CAST(COALESCE(SUM(kept_bytes), 0) \
                     + (SELECT COALESCE(SUM(size_bytes), 0) FROM uploads WHERE user_id = $1) AS BIGINT) AS bytes \
                 FROM task_queues WHERE user_id = $1",
                values![&new.user_id],
            )
            .await?
            .ok_or_else(|| StoreError::Damaged("a count came back empty".to_owned()))?;
        let bytes = row.count("bytes")?.saturating_add(new.submission.bytes());
        if bytes > new.bounds.max_bytes {
            return Ok(false);
        }
        if row.count("tasks")? < new.bounds.max_tasks {
            return Ok(true);
        }
        if !is_cleared {
            transaction
                .execute(
                    "DELETE FROM tasks WHERE position IN (SELECT position FROM tasks \
                     WHERE user_id = $1 AND status IN ('FAILED', 'CANCELLED') ORDER BY position LIMIT 100)",
                    values![&new.user_id],
                )
                .await?;
        }
    }
    Ok(false)
}
