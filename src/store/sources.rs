//! The texts of a finished analysis' sources, kept for a while so that its claims can be judged and its sources searched.
//! To the store they are bytes. What is past its time does not exist for anybody, also before it is thrown away.

use super::sql::values;
use super::submitted::PIECE_BYTES;
use super::{Store, StoreError, Transaction, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{TaskId, UserId};

/// Sources to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewSources<'s> {
    pub bytes: &'s [u8],
    pub until: Timestamp,
}

impl Store {
    /// The kept sources of a task of this account, and until when they are kept; `None` where there are none any more.
    pub async fn kept_sources(
        &self,
        user_id: &UserId,
        id: &TaskId,
        now: Timestamp,
    ) -> Result<Option<(Vec<u8>, Timestamp)>, StoreError> {
        let rows = self
            .read_all(
                "SELECT kept.bytes AS bytes, tasks.sources_until AS until FROM task_source_pieces AS kept JOIN tasks ON tasks.id = kept.task_id \
                 WHERE tasks.id = $1 AND tasks.user_id = $2 AND tasks.sources_until > $3 ORDER BY kept.piece",
                values![id, user_id, now],
            )
            .await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let until = first.timestamp("until")?;
        let mut bytes = Vec::new();
        for row in &rows {
            bytes.extend(row.bytes("bytes")?);
        }
        Ok(Some((bytes, until)))
    }

    /// Throws away the sources of at most `at_most` tasks whose time is over, and says of how many.
    pub async fn delete_old_sources(
        &self,
        now: Timestamp,
        at_most: u32,
    ) -> Result<u64, StoreError> {
        transaction!(self, transaction => {
            let rows = transaction
                .all(
                    "UPDATE tasks SET kept_bytes = kept_bytes - sources_bytes, sources_bytes = 0, sources_until = NULL \
                     WHERE id IN (SELECT id FROM tasks WHERE sources_until <= $1 LIMIT $2) RETURNING id",
                    values![now, at_most],
                )
                .await?;
            for row in &rows {
                transaction
                    .execute(
                        "DELETE FROM task_source_pieces WHERE task_id = $1",
                        values![&row.text("id")?],
                    )
                    .await?;
            }
            rows.len() as u64
        })
    }
}

/// Keeps the sources of a task that just ended; its row counts their bytes already.
pub(super) async fn keep(
    transaction: &mut Transaction<'_>,
    id: &TaskId,
    sources: &NewSources<'_>,
) -> Result<(), StoreError> {
    for (number, piece) in (0_u32..).zip(sources.bytes.chunks(PIECE_BYTES)) {
        transaction
            .execute(
                "INSERT INTO task_source_pieces (task_id, piece, bytes) VALUES ($1, $2, $3)",
                values![id, number, piece],
            )
            .await?;
    }
    Ok(())
}
