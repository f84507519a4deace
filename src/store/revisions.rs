//! Revisions of a finished analysis' report: whoever judges replaces the report that they have seen, and no other. The one
//! before is kept.

use super::audit::{self, AuditEntry};
use super::sql::{Row, values};
use super::{Store, StoreError, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::task::TaskStatus;

/// A task as somebody judges it.
#[derive(Debug, Clone)]
pub struct StoredReport {
    pub status: TaskStatus,
    /// 1 for what the analysis itself said.
    pub revision: u32,
    pub report: Option<serde_json::Value>,
}

/// A report that takes the place of the one that was judged.
#[derive(Debug)]
pub struct NewRevision<'r> {
    pub user_id: &'r UserId,
    pub task_id: &'r TaskId,
    /// The revision that was judged; this is the next.
    pub judged: u32,
    pub before: &'r serde_json::Value,
    pub report: &'r serde_json::Value,
    pub digest: &'r serde_json::Value,
    /// The bytes that the account may keep.
    pub max_bytes: u64,
    pub audit: &'r AuditEntry,
}

/// What became of a new revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revised {
    Stored,
    /// Somebody else's was first, or the task is gone; nothing was stored.
    Overtaken,
    /// The account keeps as much as one may; nothing was stored.
    KeepsTooMuch,
}

/// A report that was replaced.
#[derive(Debug, Clone)]
pub struct ReplacedReport {
    pub revision: u64,
    pub report: serde_json::Value,
    pub replaced_at: Timestamp,
}

impl Store {
    /// The report of a task of this account; `None` where there is no such task.
    pub async fn stored_report(
        &self,
        user_id: &UserId,
        id: &TaskId,
    ) -> Result<Option<StoredReport>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM tasks WHERE id = $1 AND user_id = $2",
                values![id, user_id],
            )
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let task = super::tasks::task(&row, "result")?;
        Ok(Some(StoredReport {
            status: task.status,
            revision: u32::try_from(row.count("revision")?).unwrap_or(u32::MAX),
            report: task.result,
        }))
    }

    /// Replaces a report, if it is still the one that was judged, and keeps it as an earlier revision.
    pub async fn revise_report(&self, new: &NewRevision<'_>) -> Result<Revised, StoreError> {
        let (before, report) = (new.before.to_string(), new.report.to_string());
        let (digest, at) = (new.digest.to_string(), new.audit.at);
        let added = i64::try_from(report.len()).unwrap_or(i64::MAX);
        transaction!(self, transaction => {
            let revised = transaction
                .execute(
                    "UPDATE tasks SET result = $4, result_digest = $5, revision = revision + 1, \
                     kept_bytes = kept_bytes + $6, updated_at = $7 \
                     WHERE id = $1 AND user_id = $2 AND revision = $3 AND status = 'COMPLETED'",
                    values![new.task_id, new.user_id, new.judged, &report, &digest, added, at],
                )
                .await?;
            if revised == 0 {
                return Ok(Revised::Overtaken);
            }
            let kept = transaction
                .optional(
                    "SELECT kept_bytes AS bytes FROM task_queues WHERE user_id = $1",
                    values![new.user_id],
                )
                .await?;
            if kept.map_or(Ok(0), |row| row.count("bytes"))? > new.max_bytes {
                return Ok(Revised::KeepsTooMuch);
            }
            transaction
                .execute(
                    "INSERT INTO task_revisions (task_id, revision, result, replaced_at) VALUES ($1, $2, $3, $4)",
                    values![new.task_id, new.judged, &before, at],
                )
                .await?;
            audit::write(&mut transaction, new.audit).await?;
            Revised::Stored
        })
    }

    /// The oldest of a task's replaced reports after the one with this number.
    pub async fn replaced_report(
        &self,
        id: &TaskId,
        after: u64,
    ) -> Result<Option<ReplacedReport>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM task_revisions WHERE task_id = $1 AND revision > $2 ORDER BY revision LIMIT 1",
                values![id, i64::try_from(after).unwrap_or(i64::MAX)],
            )
            .await?;
        row.as_ref().map(replaced_report).transpose()
    }
}

fn replaced_report(row: &Row) -> Result<ReplacedReport, StoreError> {
    let damaged = |_| StoreError::Damaged("an earlier report cannot be read".to_owned());
    Ok(ReplacedReport {
        revision: row.count("revision")?,
        report: serde_json::from_str(&row.text("result")?).map_err(damaged)?,
        replaced_at: row.timestamp("replaced_at")?,
    })
}
