//! Analyses as their owners see them: submitted with the money reserved, looked at, called off. What workers do with
//! them is in `queue`.

use super::audit::{self, AuditEntry};
use super::kept::{self, KeptBounds};
use super::ledger::{self, NewEntry, Posted};
use super::queue::delete_attachments;
use super::signals::{Changes, Topic};
use super::sql::{Row, values};
use super::submissions::{self, SubmissionKey};
use super::submitted;
pub use super::submitted::{FileBytes, NewFile, NewSubmission};
use super::{Store, StoreError, transaction};
use crate::domain::credits::Credits;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::page::Page;
use crate::domain::task::{ClaimProgress, Task, TaskError, TaskStatus, title_of};

/// A task to be stored with its reservation.
#[derive(Debug)]
pub struct NewTask<'s> {
    pub id: TaskId,
    pub user_id: UserId,
    pub submission: &'s NewSubmission,
    pub price: Credits,
    /// The reservation; none where the price is nothing.
    pub reservation: Option<NewEntry>,
    pub bounds: KeptBounds,
    pub audit: AuditEntry,
    /// What makes it the same as an earlier one; none where it is always a new one.
    pub key: Option<SubmissionKey>,
}

/// What became of a submission.
#[derive(Debug)]
pub enum Submitted {
    Stored(Task),
    /// The same was handed in not long ago, and this is its task; nothing was stored.
    Known(Task),
    /// The balance is this; nothing was stored.
    NotEnough(Credits),
    /// The account keeps as much as one may; nothing was stored.
    KeepsTooMuch,
    /// An upload among its files is gone; nothing was stored.
    UploadGone,
    /// There is no such account.
    NoAccount,
}

/// What becomes of the price of a task that is cancelled.
#[derive(Debug)]
pub struct CancelSettlement {
    pub refund: Option<NewEntry>,
    /// The part of the price that is kept.
    pub charged: Credits,
    /// What its owner is told, where not all of it is given back.
    pub note: Option<TaskError>,
}

/// How far a task may be to be called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// No worker has begun with it.
    Waiting,
    WaitingAndRunning,
}

impl Store {
    /// Stores a task, its attachments and the reservation of its price.
    pub async fn submit_task(&self, new: &NewTask<'_>) -> Result<Submitted, StoreError> {
        let submitted = transaction!(self, transaction => {
            kept::hold(&mut transaction, &new.user_id).await?;
            let Some(balance) = ledger::lock_balance(&mut transaction, &new.user_id).await? else {
                return Ok(Submitted::NoAccount);
            };
            if let Some(key) = &new.key
                && let Some(known) = submissions::find(&mut transaction, &new.user_id, key).await?
            {
                return Ok(Submitted::Known(known));
            }
            if !kept::has_room(&mut transaction, new).await? {
                return Ok(Submitted::KeepsTooMuch);
            }
            if let Some(reservation) = &new.reservation {
                match ledger::post(&mut transaction, reservation).await? {
                    Posted::Done(_) => {}
                    Posted::AlreadyDone | Posted::Refused => return Ok(Submitted::NotEnough(balance)),
                }
            }
            let Some(stored) = submitted::insert(&mut transaction, new).await? else {
                return Ok(Submitted::UploadGone);
            };
            audit::write(&mut transaction, &new.audit).await?;
            Submitted::Stored(stored)
        })?;
        if matches!(submitted, Submitted::Stored(_)) {
            self.signal(Topic::Work);
        }
        Ok(submitted)
    }

    /// One task of this account, with its whole result.
    pub async fn task(&self, user_id: &UserId, id: &TaskId) -> Result<Option<Task>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM tasks WHERE id = $1 AND user_id = $2",
                values![id, user_id],
            )
            .await?;
        row.map(|row| task(&row, "result")).transpose()
    }

    /// An account's tasks, newest first, each with the digest of its result, and how many there are.
    pub async fn tasks(
        &self,
        user_id: &UserId,
        page: Page,
    ) -> Result<(Vec<Task>, u64), StoreError> {
        let rows = self
            .read_all(
                "SELECT id, user_id, status, SUBSTR(submitted_text, 1, 400) AS submitted_text, progress, \
                 claims_judged, claims_total, result_digest, error, created_at, updated_at, \
                 (SELECT COUNT(*) FROM tasks WHERE user_id = $1) AS total \
                 FROM tasks WHERE user_id = $1 ORDER BY position DESC LIMIT $2 OFFSET $3",
                values![user_id, page.limit, page.offset],
            )
            .await?;
        let tasks = rows
            .iter()
            .map(|row| task(row, "result_digest"))
            .collect::<Result<_, _>>()?;
        let total = match rows.first() {
            Some(row) => row.count("total")?,
            None => self.task_count(user_id).await?,
        };
        Ok((tasks, total))
    }

    async fn task_count(&self, user_id: &UserId) -> Result<u64, StoreError> {
        let row = self
            .read(
                "SELECT COUNT(*) AS total FROM tasks WHERE user_id = $1",
                values![user_id],
            )
            .await?;
        row.map_or(Ok(0), |row| row.count("total"))
    }

    /// Cancels a task that is within `reach`, and posts the refund that `settle` makes of its price; it is told how far the
    /// task was, where a worker had begun with it. Text and files are gone at once. Gives the task as it is then: one out
    /// of reach unchanged; `None` where this account has no such task.
    pub async fn cancel_task(
        &self,
        user_id: &UserId,
        id: &TaskId,
        reach: Reach,
        audit: &AuditEntry,
        settle: &(dyn Fn(Credits, Option<u8>) -> CancelSettlement + Send + Sync),
    ) -> Result<Option<Task>, StoreError> {
        // Between two statements a worker may begin or give back: the third finds what the first two missed.
        let mut rounds = vec![TaskStatus::Pending];
        if reach == Reach::WaitingAndRunning {
            rounds.extend([TaskStatus::Running, TaskStatus::Pending]);
        }
        let cancelled = transaction!(self, transaction => {
            let mut found = None;
            for status in &rounds {
                let row = transaction
                    .optional(
                        "UPDATE tasks SET status = 'CANCELLED', due_at = NULL, slot = NULL, lease_owner = NULL, \
                         submitted_text = '', submitted_claims = NULL, context = NULL, kept_bytes = 0, updated_at = $3 \
                         WHERE id = $1 AND user_id = $2 AND status = $4 RETURNING price, progress",
                        values![id, user_id, audit.at, status.as_str()],
                    )
                    .await?;
                if let Some(row) = row {
                    found = Some((*status, row));
                    break;
                }
            }
            let Some((status, row)) = found else {
                return Ok(false);
            };
            let progress = u8::try_from(row.integer("progress")?).unwrap_or(100);
            let begun = (status == TaskStatus::Running).then_some(progress);
            let settlement = settle(row.credits("price")?, begun);
            let note = settlement.note.map(|note| serde_json::json!(note).to_string());
            transaction
                .execute(
                    "UPDATE tasks SET charged = $2, error = $3 WHERE id = $1",
                    values![id, settlement.charged, note.as_deref()],
                )
                .await?;
            if let Some(refund) = &settlement.refund {
                ledger::post(&mut transaction, refund).await?;
            }
            delete_attachments(&mut transaction, id).await?;
            audit::write(&mut transaction, audit).await?;
            true
        })?;
        if cancelled {
            self.signal(Topic::Ended);
            self.signal(Topic::Work);
        }
        self.task(user_id, id).await
    }

    /// Takes a place in the line of those who wait; see [`Changes`].
    pub fn changes(&self, topic: Topic) -> Changes {
        self.0.signals.subscribe(topic)
    }

    pub(super) fn signal(&self, topic: Topic) {
        self.0.signals.signal(topic);
    }
}

/// How many claims are judged, where a worker told it.
fn claim_progress(row: &Row) -> Result<Option<ClaimProgress>, StoreError> {
    let count = |column: &str| {
        let number = row.optional_integer(column)?;
        let damaged = |_| StoreError::Damaged(format!("a task's {column} cannot be read"));
        number.map(u32::try_from).transpose().map_err(damaged)
    };
    let (judged, total) = (count("claims_judged")?, count("claims_total")?);
    Ok(judged
        .zip(total)
        .map(|(judged, total)| ClaimProgress { judged, total }))
}

pub(super) fn task(row: &Row, result: &str) -> Result<Task, StoreError> {
    let damaged = |what: &str| StoreError::Damaged(format!("a task's {what} cannot be read"));
    let word = row.text("status")?;
    let status = TaskStatus::ALL
        .into_iter()
        .find(|status| status.as_str() == word)
        .ok_or_else(|| damaged("status"))?;
    let result = row.optional_text(result)?;
    let error = row.optional_text("error")?;
    Ok(Task {
        id: row.parsed("id")?,
        user_id: row.parsed("user_id")?,
        status,
        title: title_of(&row.text("submitted_text")?),
        progress: u8::try_from(row.integer("progress")?).map_err(|_| damaged("progress"))?,
        claim_progress: claim_progress(row)?,
        result: result
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| damaged("result"))?,
        error: error
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| damaged("error"))?,
        created_at: row.timestamp("created_at")?,
        updated_at: row.timestamp("updated_at")?,
    })
}
