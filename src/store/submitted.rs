//! What somebody hands in, on its way to the store: a text and files that are never in memory as a whole.

use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use tokio::io::AsyncReadExt as _;

use super::sql::{Row, values};
use super::tasks::NewTask;
use super::{StoreError, Transaction, uploads};
use crate::domain::file_digest::FileDigest;
use crate::domain::ids::UploadId;
use crate::domain::submission::{Attachment, Submission};
use crate::domain::task::Task;

/// How large a piece of what is kept is.
pub(super) const PIECE_BYTES: usize = 256 * 1024;

/// What somebody hands in, on its way to the store.
#[derive(Debug)]
pub struct NewSubmission {
    pub text: String,
    /// The claims that its sender named; none where they are to be found.
    pub claims: Vec<String>,
    /// When and where the text was written, and who "we" is.
    pub context: Option<String>,
    /// Which of the files is the text to check; none where `text` is.
    pub check: Option<u32>,
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
    /// In the store already.
    Uploaded {
        id: UploadId,
        length: u64,
        sha256: FileDigest,
    },
}

impl FileBytes {
    /// How many there are.
    pub fn length(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::Aside { length, .. } | Self::Uploaded { length, .. } => *length,
        }
    }
}

impl NewSubmission {
    /// The bytes of its texts and files.
    pub(super) fn bytes(&self) -> u64 {
        let files = self.files.iter().map(|file| file.bytes.length());
        let context = self.context.as_ref().map_or(0, String::len);
        let texts = self.text.len() + context + self.claims.iter().map(String::len).sum::<usize>();
        files.fold(texts as u64, u64::saturating_add)
    }

    /// The named claims as they are stored: a JSON list, or nothing.
    fn stored_claims(&self) -> Option<String> {
        (!self.claims.is_empty()).then(|| serde_json::json!(self.claims).to_string())
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
            claims: submission.claims,
            context: submission.context,
            check: submission.check,
            files: submission.attachments.into_iter().map(file).collect(),
        }
    }
}

/// The claims that a task's sender named.
pub(super) fn claims_of(row: &Row) -> Result<Vec<String>, StoreError> {
    let Some(claims) = row.optional_text("submitted_claims")? else {
        return Ok(Vec::new());
    };
    let damaged = |_| StoreError::Damaged("a task's claims cannot be read".to_owned());
    serde_json::from_str(&claims).map_err(damaged)
}

/// Stores a task with what was handed in; `None` where an upload among it is gone, and then half of it is stored.
pub(super) async fn insert(
    transaction: &mut Transaction<'_>,
    new: &NewTask<'_>,
) -> Result<Option<Task>, StoreError> {
    let row = transaction
        .optional(
            "INSERT INTO tasks (id, user_id, status, submitted_text, price, kept_bytes, submitted_claims, context, checked_file, \
                 submission_key, due_at, created_at, updated_at) \
             VALUES ($1, $2, 'PENDING', $3, $4, $6, $7, $8, $9, $10, (SELECT now FROM database_clock), $5, $5) RETURNING *",
            values![
                &new.id,
                &new.user_id,
                &new.submission.text,
                new.price,
                new.audit.at,
                i64::try_from(new.submission.bytes()).unwrap_or(i64::MAX),
                new.submission.stored_claims().as_deref(),
                new.submission.context.as_deref(),
                new.submission.check,
                new.key.as_ref().map(|key| key.digest.as_str())
            ],
        )
        .await?;
    let stored = row.as_ref().ok_or_else(vanished)?;
    let stored = super::tasks::task(stored, "result")?;
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
        if let FileBytes::Uploaded { id, .. } = &file.bytes {
            if !uploads::copy(transaction, id, &new.user_id, &new.id, ordinal).await? {
                return Ok(None);
            }
            continue;
        }
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
    Ok(Some(stored))
}

fn vanished() -> StoreError {
    StoreError::Damaged("a task vanished inside a transaction".to_owned())
}

/// A file's bytes, one piece after the other; none of what is in the store already.
pub(super) enum Pieces<'f> {
    Held(std::slice::Chunks<'f, u8>),
    Aside {
        file: tokio::fs::File,
        left: u64,
        piece: Vec<u8>,
    },
}

impl<'f> Pieces<'f> {
    pub(super) fn of(bytes: &'f FileBytes) -> Result<Self, StoreError> {
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
            FileBytes::Uploaded { .. } => Self::Held([].chunks(PIECE_BYTES)),
        })
    }

    pub(super) async fn next(&mut self) -> Result<Option<&[u8]>, StoreError> {
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
