//! Tasks as workers see them. A worker holds a task by a lease and a number that grows with every claim; whatever it
//! writes, it writes only while the task still runs under its own number. Leases are judged by the database's time, so
//! that machines whose clocks differ agree.

use std::sync::Arc;
use std::time::Duration;

use super::audit::{self, AuditEntry};
use super::ledger::{self, NewEntry};
use super::signals::Topic;
use super::sources::{self, NewSources};
use super::sql::values;
use super::submitted::claims_of;
use super::{PerEngine, Store, StoreError, Transaction, transaction};
use crate::domain::clock::{Timestamp, milliseconds};
use crate::domain::credits::Credits;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::submission::{Attachment, Submission};
use crate::domain::task::{TaskError, TaskProgress};

/// How often a claim is tried again after another worker took the same place of the same account.
const SLOT_TRIES: u32 = 20;

/// What a worker shows to prove that it may write: the task, and the number of its claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub task_id: TaskId,
    pub user_id: UserId,
    pub price: Credits,
    /// Grows with every claim of the task.
    pub fence: i64,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// Whether a worker may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    Held,
    /// Another worker took over; nothing this one writes will be stored.
    Lost,
    /// The owner called the task off.
    Cancelled,
}

/// How a task ends.
#[derive(Debug)]
pub enum Ending<'e> {
    Completed {
        result: &'e serde_json::Value,
        digest: &'e serde_json::Value,
        /// The texts of its sources, where they are to be kept.
        sources: Option<NewSources<'e>>,
        refund: Option<&'e NewEntry>,
        /// The part of the price that is kept.
        charged: Credits,
    },
    Failed {
        error: &'e TaskError,
        refund: Option<&'e NewEntry>,
        /// The part of the price that is kept.
        charged: Credits,
    },
}

/// First a task whose lease ran out: it holds a place of its account already. Else fair between accounts: the oldest task of
/// the account that has the fewest running, and of several such the one that was served longest ago. While others wait, no
/// account comes to hold more than half of the workers. Each step is a look at the head of an index, however many wait.
///
/// On PostgreSQL it is a function of the database, see its migration: of two claims at once each must see what the other
/// did. Should they still pick the same place of an account, the unique index lets one through.
const CLAIM: PerEngine = PerEngine {
    sqlite: "UPDATE tasks SET status = 'RUNNING', attempts = attempts + 1, fence = fence + 1, lease_owner = $2, \
             due_at = (SELECT now FROM database_clock) + $1 + $3, updated_at = $4, \
             turn = (SELECT COALESCE(MAX(newest.turn), 0) + 1 FROM task_queues AS newest), \
             slot = COALESCE(slot, (SELECT MIN(free.slot) FROM task_slots AS free WHERE NOT EXISTS \
                 (SELECT 1 FROM tasks AS taken WHERE taken.user_id = tasks.user_id AND taken.slot = free.slot))) \
             WHERE position = COALESCE((SELECT abandoned.position FROM tasks AS abandoned \
                 WHERE abandoned.slot IS NOT NULL AND abandoned.due_at <= (SELECT now FROM database_clock) + $1 \
                 ORDER BY abandoned.due_at, abandoned.position LIMIT 1), \
                 (SELECT waiting.position FROM tasks AS waiting WHERE waiting.user_id = \
                     (SELECT account.user_id FROM task_queues AS account \
                      WHERE account.due_at <= (SELECT now FROM database_clock) + $1 \
                      AND account.running < (SELECT COUNT(*) FROM task_slots) \
                      ORDER BY account.running, account.turn LIMIT 1) \
                 AND waiting.slot IS NULL AND waiting.due_at <= (SELECT now FROM database_clock) + $1 \
                 ORDER BY waiting.due_at, waiting.position LIMIT 1)) \
             RETURNING id, user_id, price, fence, attempts",
    postgres: "SELECT id, user_id, price, fence, attempts FROM claim_task($1, $2, $3, $4)",
};

impl Store {
    /// Claims a task for `lease`; `None` where there is nothing to do.
    pub async fn claim_task(
        &self,
        owner: &str,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Option<Claim>, StoreError> {
        let lease = milliseconds(lease);
        let mut tries = SLOT_TRIES;
        let rows = loop {
            let claimed = self
                .write(
                    self.pick(CLAIM),
                    values![self.lease_offset(), owner, lease, now],
                )
                .await;
            match claimed {
                Err(StoreError::Conflict(_)) if tries > 0 => tries -= 1,
                Err(StoreError::Conflict(_)) => return Ok(None),
                claimed => break claimed?,
            }
        };
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(Claim {
            task_id: row.parsed("id")?,
            user_id: row.parsed("user_id")?,
            price: row.credits("price")?,
            fence: row.integer("fence")?,
            attempt: u32::try_from(row.integer("attempts")?).unwrap_or(u32::MAX),
        }))
    }

    /// What was submitted with a task; `None` where the task is gone.
    pub async fn submission(&self, id: &TaskId) -> Result<Option<Submission>, StoreError> {
        let row = self
            .read(
                "SELECT submitted_text, submitted_claims, context, checked_file FROM tasks WHERE id = $1",
                values![id],
            )
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let rows = self
            .read_all(
                "SELECT ordinal, name, url, charset, size_bytes FROM task_attachments WHERE task_id = $1 ORDER BY ordinal",
                values![id],
            )
            .await?;
        let mut attachments = Vec::with_capacity(rows.len());
        for attachment in rows {
            let pieces = self
                .read_all(
                    "SELECT bytes FROM task_attachment_pieces WHERE task_id = $1 AND ordinal = $2 ORDER BY piece",
                    values![id, attachment.integer("ordinal")?],
                )
                .await?;
            let size = usize::try_from(attachment.integer("size_bytes")?).unwrap_or(0);
            let mut bytes = Vec::with_capacity(size);
            for piece in pieces {
                bytes.extend(piece.bytes("bytes")?);
            }
            attachments.push(Attachment {
                name: attachment.text("name")?,
                url: attachment.optional_text("url")?,
                charset: attachment.optional_text("charset")?,
                bytes: Arc::from(bytes),
            });
        }
        Ok(Some(Submission {
            text: row.text("submitted_text")?,
            attachments,
            claims: claims_of(&row)?,
            context: row.optional_text("context")?,
            check: row
                .optional_integer("checked_file")?
                .and_then(|index| u32::try_from(index).ok()),
        }))
    }

    /// Extends a lease and notes the progress, which never goes back.
    pub async fn renew_lease(
        &self,
        claim: &Claim,
        lease: Duration,
        progress: TaskProgress,
        now: Timestamp,
    ) -> Result<Lease, StoreError> {
        let held = self
            .write(
                "UPDATE tasks SET due_at = (SELECT now FROM database_clock) + $3 + $4, updated_at = $6, \
                 progress = CASE WHEN progress < $5 THEN $5 ELSE progress END, \
                 claims_judged = COALESCE($7, claims_judged), claims_total = COALESCE($8, claims_total) \
                 WHERE id = $1 AND fence = $2 AND status = 'RUNNING' RETURNING id",
                values![
                    &claim.task_id,
                    claim.fence,
                    self.lease_offset(),
                    milliseconds(lease),
                    u32::from(progress.percent.min(100)),
                    now,
                    progress.claims.map(|claims| claims.judged),
                    progress.claims.map(|claims| claims.total)
                ],
            )
            .await?;
        if !held.is_empty() {
            return Ok(Lease::Held);
        }
        let row = self
            .read(
                "SELECT status FROM tasks WHERE id = $1 AND status = 'CANCELLED'",
                values![&claim.task_id],
            )
            .await?;
        Ok(if row.is_some() {
            Lease::Cancelled
        } else {
            Lease::Lost
        })
    }

    /// Ends a task with its result, or with its reason and the refund. `false` where the claim no longer holds:
    /// nothing was stored then.
    pub async fn end_task(
        &self,
        claim: &Claim,
        ending: &Ending<'_>,
        keep_attachments: bool,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let (status, result, digest, error) = match ending {
            Ending::Completed { result, digest, .. } => (
                "COMPLETED",
                Some(result.to_string()),
                Some(digest.to_string()),
                None,
            ),
            Ending::Failed { error, .. } => {
                let error = serde_json::json!(error).to_string();
                ("FAILED", None, None, Some(error))
            }
        };
        let (Ending::Completed {
            refund, charged, ..
        }
        | Ending::Failed {
            refund, charged, ..
        }) = ending;
        let sources = match ending {
            Ending::Completed { sources, .. } => sources.as_ref(),
            Ending::Failed { .. } => None,
        };
        let sources_bytes = sources.map_or(0, |sources| sources.bytes.len() as u64);
        let is_completed = status == "COMPLETED";
        // What came to nothing is not kept, whatever the settings say of attachments.
        let keep_attachments = keep_attachments && is_completed;
        let result_bytes = result.as_ref().map_or(0, String::len) as u64;
        let ended = transaction!(self, transaction => {
            let ended = transaction
                .execute(
                    "UPDATE tasks SET status = $3, result = $4, result_digest = $5, error = $6, updated_at = $7, \
                     progress = CASE WHEN $8 THEN 100 ELSE progress END, charged = $9, \
                     submitted_text = CASE WHEN $8 THEN submitted_text ELSE '' END, \
                     submitted_claims = CASE WHEN $8 THEN submitted_claims END, context = CASE WHEN $8 THEN context END, \
                     kept_bytes = CASE WHEN $10 THEN kept_bytes WHEN $8 THEN LENGTH(submitted_text) \
                         + LENGTH(COALESCE(submitted_claims, '')) + LENGTH(COALESCE(context, '')) ELSE 0 END + $11 + $12, \
                     sources_bytes = $12, sources_until = $13, \
                     due_at = NULL, slot = NULL, lease_owner = NULL \
                     WHERE id = $1 AND fence = $2 AND status = 'RUNNING'",
                    values![
                        &claim.task_id,
                        claim.fence,
                        status,
                        result.as_deref(),
                        digest.as_deref(),
                        error.as_deref(),
                        audit.at,
                        is_completed,
                        *charged,
                        keep_attachments,
                        i64::try_from(result_bytes).unwrap_or(i64::MAX),
                        i64::try_from(sources_bytes).unwrap_or(i64::MAX),
                        sources.map(|sources| sources.until)
                    ],
                )
                .await?;
            if ended == 0 {
                return Ok(false);
            }
            if let Some(refund) = refund {
                ledger::post(&mut transaction, refund).await?;
            }
            if let Some(sources) = sources {
                sources::keep(&mut transaction, &claim.task_id, sources).await?;
            }
            if !keep_attachments {
                delete_attachments(&mut transaction, &claim.task_id).await?;
            }
            audit::write(&mut transaction, audit).await?;
            true
        })?;
        if ended {
            self.signal(Topic::Ended);
            self.signal(Topic::Work);
        }
        Ok(ended)
    }

    /// Puts a task back in line, not to be claimed before `after`. An attempt that was only given back does not count.
    /// `false` where the claim no longer holds.
    pub async fn put_back(
        &self,
        claim: &Claim,
        after: Duration,
        counts: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let rows = self
            .write(
                "UPDATE tasks SET status = 'PENDING', slot = NULL, lease_owner = NULL, updated_at = $6, \
                 due_at = (SELECT now FROM database_clock) + $3 + $4, attempts = attempts - $5 \
                 WHERE id = $1 AND fence = $2 AND status = 'RUNNING' RETURNING id",
                values![
                    &claim.task_id,
                    claim.fence,
                    self.lease_offset(),
                    milliseconds(after),
                    u32::from(!counts),
                    now
                ],
            )
            .await?;
        self.signal(Topic::Work);
        Ok(!rows.is_empty())
    }

    /// How many tasks wait, and how many run.
    pub async fn queue_length(&self) -> Result<(u64, u64), StoreError> {
        let row = self
            .read(
                "SELECT (SELECT COUNT(*) FROM tasks WHERE slot IS NULL AND due_at IS NOT NULL) AS waiting, \
                 (SELECT COUNT(*) FROM tasks WHERE slot IS NOT NULL) AS running",
                values![],
            )
            .await?;
        row.map_or(Ok((0, 0)), |row| {
            Ok((row.count("waiting")?, row.count("running")?))
        })
    }
}

pub(super) async fn delete_attachments(
    transaction: &mut Transaction<'_>,
    id: &TaskId,
) -> Result<(), StoreError> {
    let deleted = transaction
        .execute(
            "DELETE FROM task_attachments WHERE task_id = $1",
            values![id],
        )
        .await?;
    if deleted > 0 {
        transaction
            .execute(
                "DELETE FROM task_attachment_pieces WHERE task_id = $1",
                values![id],
            )
            .await?;
    }
    Ok(())
}
