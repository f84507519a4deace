//! Analyses as their owners see them: submitted with the money reserved, looked at, called off. What workers do with
//! them is in `queue`.

use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use tokio::io::AsyncReadExt as _;

use super::audit::{self, AuditEntry};
use super::kept::{self, KeptBounds};
use super::ledger::{self, NewEntry, Posted};
use super::queue::delete_attachments;
use super::signals::{Changes, Topic};
use super::sql::{Row, values};
use super::submissions::{self, SubmissionKey};
use super::{Store, StoreError, Transaction, transaction};
use crate::domain::credits::Credits;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::page::Page;
use crate::domain::submission::{Attachment, Submission};
use crate::domain::task::{Task, TaskError, TaskStatus, title_of};

/// How large a piece of an attachment is.
const PIECE_BYTES: usize = 256 * 1024;

/// What somebody hands in, on its way to the store.
#[derive(Debug)]
pub struct NewSubmission {
    pub text: String,
    pub files: Vec<NewFile>,
}

/// A file on its way to the store.
#[derive(Debug)]
pub struct NewFile {
    pub name: String,
    pub url: Option<String>,
    /// The character encoding that the server named, when it came as a link.
    pub charset: Option<String>,
    pub bytes: FileBytes,
}

/// Where a file's bytes are until they are stored.
#[derive(Debug)]
pub enum FileBytes {
    Held(Arc<[u8]>),
    /// Read piece by piece while it is stored.
    Aside {
        file: std::fs::File,
        length: u64,
    },
}

impl FileBytes {
    fn length(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::Aside { length, .. } => *length,
        }
    }
}

impl NewSubmission {
    /// The bytes of its text and files.
    pub(super) fn bytes(&self) -> u64 {
        let files = self.files.iter().map(|file| file.bytes.length());
        files.fold(self.text.len() as u64, u64::saturating_add)
    }
}

impl From<Submission> for NewSubmission {
    fn from(submission: Submission) -> Self {
        let file = |attachment: Attachment| NewFile {
            name: attachment.name,
            url: attachment.url,
            charset: attachment.charset,
            bytes: FileBytes::Held(attachment.bytes),
        };
        Self {
            text: submission.text,
            files: submission.attachments.into_iter().map(file).collect(),
        }
    }
}

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
    CallControl,
    WaitingAndRunning,
}

impl Store {
    /// Stores a task, its attachments and the reservation of its price.
    pub async fn submit_task(&self, new: &NewTask<'_>) -> Result<Submitted, StoreError> {
        let submitted = transaction!(self, transaction => {
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
            insert(&mut transaction, new).await?;
            if let Some(key) = &new.key {
                submissions::keep(&mut transaction, &new.id, key).await?;
            }
            audit::write(&mut transaction, &new.audit).await?;
            let row = transaction
                .optional("SELECT * FROM tasks WHERE id = $1", values![&new.id])
                .await?;
            Submitted::Stored(task(&row.ok_or_else(vanished)?, "result")?)
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
                 result_digest, error, created_at, updated_at \
                 FROM tasks WHERE user_id = $1 ORDER BY position DESC LIMIT $2 OFFSET $3",
                values![user_id, page.limit, page.offset],
            )
            .await?;
        let total = self
            .read(
                "SELECT COUNT(*) AS total FROM tasks WHERE user_id = $1",
                values![user_id],
            )
            .await?;
        let tasks = rows
            .iter()
            .map(|row| task(row, "result_digest"))
            .collect::<Result<_, _>>()?;
        Ok((tasks, total.map_or(Ok(0), |row| row.count("total"))?))
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
                         submitted_text = '', kept_bytes = 0, updated_at = $3 \
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

async fn insert(transaction: &mut Transaction<'_>, new: &NewTask<'_>) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO tasks (id, user_id, status, submitted_text, price, kept_bytes, due_at, created_at, updated_at) \
             VALUES ($1, $2, 'PENDING', $3, $4, $6, (SELECT now FROM database_clock), $5, $5)",
            values![
                &new.id,
                &new.user_id,
                &new.submission.text,
                new.price,
                new.audit.at,
                i64::try_from(new.submission.bytes()).unwrap_or(i64::MAX)
            ],
        )
        .await?;
    for (ordinal, file) in (0_u32..).zip(&new.submission.files) {
        let length = file.bytes.length();
        transaction
            .execute(
                "INSERT INTO task_attachments (task_id, ordinal, name, url, charset, size_bytes) VALUES ($1, $2, $3, $4, $5, $6)",
                values![
                    &new.id,
                    ordinal,
                    &file.name,
                    file.url.as_deref(),
                    file.charset.as_deref(),
                    i64::try_from(length).unwrap_or(i64::MAX)
                ],
            )
            .await?;
        let mut pieces = Pieces::of(&file.bytes)?;
        let mut number = 0_u32;
        while let Some(piece) = pieces.next().await? {
            transaction
                .execute(
                    "INSERT INTO task_attachment_pieces (task_id, ordinal, piece, bytes) VALUES ($1, $2, $3, $4)",
                    values![&new.id, ordinal, number, piece],
                )
                .await?;
            number += 1;
        }
    }
    Ok(())
}

/// A file's bytes, one piece after the other.
enum Pieces<'f> {
    Held(std::slice::Chunks<'f, u8>),
    Aside {
        file: tokio::fs::File,
        left: u64,
        piece: Vec<u8>,
    },
}

impl<'f> Pieces<'f> {
    fn of(bytes: &'f FileBytes) -> Result<Self, StoreError> {
        Ok(match bytes {
            FileBytes::Held(bytes) => Self::Held(bytes.chunks(PIECE_BYTES)),
            FileBytes::Aside { file, length } => {
                // From the start each time: a transaction may be tried again.
                let mut file = file.try_clone().map_err(StoreError::File)?;
                file.seek(SeekFrom::Start(0)).map_err(StoreError::File)?;
                Self::Aside {
                    file: tokio::fs::File::from_std(file),
                    left: *length,
                    piece: Vec::new(),
                }
            }
        })
    }

    async fn next(&mut self) -> Result<Option<&[u8]>, StoreError> {
        match self {
            Self::Held(chunks) => Ok(chunks.next()),
            Self::Aside { left: 0, .. } => Ok(None),
            Self::Aside { file, left, piece } => {
                let size = usize::try_from(*left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
                piece.resize(size, 0);
                file.read_exact(piece).await.map_err(StoreError::File)?;
                *left -= size as u64;
                Ok(Some(piece))
            }
        }
    }
}

fn vanished() -> StoreError {
    StoreError::Damaged("a task vanished inside a transaction".to_owned())
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
