//! Files that are handed in before the analysis that they are for. They arrive whole or part by part, each part where the one
//! before ended, and are kept in pieces like the files of tasks.

use sha2::{Digest as _, Sha256};

use super::ledger;
use super::sql::{Row, values};
use super::submitted::{FileBytes, Pieces};
use super::upload_requests::{self, NotAdded};
use super::{Store, StoreError, Transaction, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::file_digest::FileDigest;
use crate::domain::ids::{TaskId, UploadId, UploadRequestId, UserId};

/// A file that was handed in, or is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: UploadId,
    pub name: String,
    /// Of the whole file.
    pub size_bytes: u64,
    /// Of what is there.
    pub received_bytes: u64,
    /// Of the whole file; `None` until it is whole.
    pub sha256: Option<FileDigest>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// An upload to be begun, with its first part.
#[derive(Debug)]
pub struct NewUpload<'p> {
    pub id: UploadId,
    pub user_id: &'p UserId,
    pub name: &'p str,
    /// The request that it is dropped for, where there is one.
    pub request: Option<&'p UploadRequestId>,
    pub size_bytes: u64,
    pub part: &'p FileBytes,
    /// What the whole file has to be.
    pub sha256: Option<&'p FileDigest>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// How many an account may have at once.
    pub max_uploads: u64,
    /// Of its tasks and uploads together.
    pub max_bytes: u64,
}

/// The next part of an upload.
#[derive(Debug)]
pub struct UploadPart<'p> {
    pub id: &'p UploadId,
    pub user_id: &'p UserId,
    pub offset: u64,
    pub part: &'p FileBytes,
    /// What the whole file has to be.
    pub sha256: Option<&'p FileDigest>,
    pub now: Timestamp,
}

/// What became of a part.
#[derive(Debug)]
pub enum Uploaded {
    Stored(Upload),
    /// The file is whole and not what it has to be: it is gone again.
    Differs(FileDigest),
    /// The upload goes on elsewhere; nothing was stored.
    NotThere {
        received_bytes: u64,
    },
    /// There would be more than the whole file has; nothing was stored.
    TooMuch {
        size_bytes: u64,
    },
    /// The account keeps as much as one may; nothing was stored.
    KeepsTooMuch,
    /// There is no such upload, or no such account.
    Unknown,
    /// The request that it was dropped for takes no such file; nothing was stored.
    NotAdded(NotAdded),
}

impl Store {
    /// Begins an upload with its first part.
    pub async fn begin_upload(&self, new: &NewUpload<'_>) -> Result<Uploaded, StoreError> {
        transaction!(self, transaction => {
            // Under the lock of the account's balance, so that of two at once one sees the other.
            if ledger::lock_balance(&mut transaction, new.user_id).await?.is_none() {
                return Ok(Uploaded::Unknown);
            }
            if let Some(request) = new.request
                && let Some(refused) = upload_requests::refusal(&mut transaction, request, new).await?
            {
                return Ok(Uploaded::NotAdded(refused));
            }
            if !has_room(&mut transaction, new).await? {
                return Ok(Uploaded::KeepsTooMuch);
            }
            transaction
                .execute(
                    "INSERT INTO uploads (id, user_id, name, size_bytes, created_at, expires_at, request_id) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    values![
                        &new.id,
                        new.user_id,
                        new.name,
                        stored(new.size_bytes),
                        new.created_at,
                        new.expires_at,
                        new.request.map(UploadRequestId::as_str)
                    ],
                )
                .await?;
            let part = UploadPart {
                id: &new.id,
                user_id: new.user_id,
                offset: 0,
                part: new.part,
                sha256: new.sha256,
                now: new.created_at,
            };
            let uploaded = add(&mut transaction, &part).await?;
            if !matches!(uploaded, Uploaded::Stored(_)) {
                return Ok(uploaded);
            }
            uploaded
        })
    }

    /// Adds the next part of an upload of this account.
    pub async fn extend_upload(&self, part: &UploadPart<'_>) -> Result<Uploaded, StoreError> {
        transaction!(self, transaction => {
            let uploaded = add(&mut transaction, part).await?;
            if let Uploaded::Differs(_) = uploaded {
                // Nothing can be mended of it: its sender begins anew.
                transaction
                    .execute("DELETE FROM uploads WHERE id = $1", values![part.id])
                    .await?;
            }
            uploaded
        })
    }

    /// An upload of this account, whole or not.
    pub async fn upload(
        &self,
        user_id: &UserId,
        id: &UploadId,
        now: Timestamp,
    ) -> Result<Option<Upload>, StoreError> {
        let row = self
            .read(
                "SELECT * FROM uploads WHERE id = $1 AND user_id = $2 AND expires_at > $3",
                values![id, user_id, now],
            )
            .await?;
        row.as_ref().map(upload).transpose()
    }

    /// The uploads of an account, oldest first.
    pub async fn uploads(&self, user_id: &UserId) -> Result<Vec<Upload>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM uploads WHERE user_id = $1 ORDER BY created_at, id",
                values![user_id],
            )
            .await?;
        rows.iter().map(upload).collect()
    }
}

/// Copies a whole upload to a task's file; `false` where there is none of this account any more.
pub(super) async fn copy(
    transaction: &mut Transaction<'_>,
    upload: &UploadId,
    user_id: &UserId,
    task: &TaskId,
    ordinal: u32,
) -> Result<bool, StoreError> {
    let pieces = transaction
        .execute(
            "INSERT INTO task_attachment_pieces (task_id, ordinal, piece, bytes) \
             SELECT $1, $2, kept.piece, kept.bytes FROM upload_pieces AS kept JOIN uploads ON uploads.id = kept.upload_id \
             WHERE uploads.id = $3 AND uploads.user_id = $4 AND uploads.sha256 IS NOT NULL",
            values![task, ordinal, upload, user_id],
        )
        .await?;
    Ok(pieces > 0)
}

/// Adds a part where the one before ended; with the last one the file is whole and gets its digest.
async fn add(
    transaction: &mut Transaction<'_>,
    part: &UploadPart<'_>,
) -> Result<Uploaded, StoreError> {
    let length = part.part.length();
    let extended = transaction
        .optional(
            "UPDATE uploads SET received_bytes = received_bytes + $4 WHERE id = $1 AND user_id = $2 AND expires_at > $5 \
             AND received_bytes = $3 AND received_bytes + $4 <= size_bytes RETURNING *",
            values![
                part.id,
                part.user_id,
                stored(part.offset),
                stored(length),
                part.now
            ],
        )
        .await?;
    let Some(row) = extended else {
        return refused(transaction, part).await;
    };
    let mut uploaded = upload(&row)?;
    let last = transaction
        .optional(
            "SELECT COALESCE(MAX(piece) + 1, 0) AS next FROM upload_pieces WHERE upload_id = $1",
            values![part.id],
        )
        .await?;
    let mut number = last.map_or(Ok(0), |row| row.integer("next"))?;
    let mut pieces = Pieces::of(part.part)?;
    while let Some(piece) = pieces.next().await? {
        transaction
            .execute(
                "INSERT INTO upload_pieces (upload_id, piece, bytes) VALUES ($1, $2, $3)",
                values![part.id, number, piece],
            )
            .await?;
        number += 1;
    }
    if uploaded.received_bytes < uploaded.size_bytes {
        return Ok(Uploaded::Stored(uploaded));
    }
    let digest = digest(transaction, part.id, number).await?;
    if part.sha256.is_some_and(|wanted| *wanted != digest) {
        return Ok(Uploaded::Differs(digest));
    }
    transaction
        .execute(
            "UPDATE uploads SET sha256 = $2 WHERE id = $1",
            values![part.id, digest.as_str()],
        )
        .await?;
    uploaded.sha256 = Some(digest);
    Ok(Uploaded::Stored(uploaded))
}

/// Why a part was not taken.
async fn refused(
    transaction: &mut Transaction<'_>,
    part: &UploadPart<'_>,
) -> Result<Uploaded, StoreError> {
    let row = transaction
        .optional(
            "SELECT * FROM uploads WHERE id = $1 AND user_id = $2 AND expires_at > $3",
            values![part.id, part.user_id, part.now],
        )
        .await?;
    let Some(known) = row.as_ref().map(upload).transpose()? else {
        return Ok(Uploaded::Unknown);
    };
    Ok(if known.received_bytes == part.offset {
        Uploaded::TooMuch {
            size_bytes: known.size_bytes,
        }
    } else {
        Uploaded::NotThere {
            received_bytes: known.received_bytes,
        }
    })
}

/// The digest of all pieces, of which one at a time is in memory.
async fn digest(
    transaction: &mut Transaction<'_>,
    id: &UploadId,
    pieces: i64,
) -> Result<FileDigest, StoreError> {
    let mut digest = Sha256::new();
    for piece in 0..pieces {
        let row = transaction
            .optional(
                "SELECT bytes FROM upload_pieces WHERE upload_id = $1 AND piece = $2",
                values![id, piece],
            )
            .await?;
        let missing = || StoreError::Damaged("a piece of an upload is missing".to_owned());
        digest.update(row.ok_or_else(missing)?.bytes("bytes")?);
    }
    Ok(FileDigest::of_bytes(&digest.finalize().into()))
}

/// Whether the account has room for another upload, beside its tasks.
async fn has_room(
    transaction: &mut Transaction<'_>,
    new: &NewUpload<'_>,
) -> Result<bool, StoreError> {
    let row = transaction
        .optional(
            "SELECT (SELECT COUNT(*) FROM uploads WHERE user_id = $1) AS uploads, \
                 CAST((SELECT COALESCE(SUM(size_bytes), 0) FROM uploads WHERE user_id = $1) \
                     + (SELECT COALESCE(SUM(kept_bytes), 0) FROM tasks WHERE user_id = $1) AS BIGINT) AS bytes",
            values![new.user_id],
        )
        .await?
        .ok_or_else(|| StoreError::Damaged("a count came back empty".to_owned()))?;
    let bytes = row.count("bytes")?.saturating_add(new.size_bytes);
    Ok(row.count("uploads")? < new.max_uploads && bytes <= new.max_bytes)
}

pub(super) fn upload(row: &Row) -> Result<Upload, StoreError> {
    Ok(Upload {
        id: row.parsed("id")?,
        name: row.text("name")?,
        size_bytes: row.count("size_bytes")?,
        received_bytes: row.count("received_bytes")?,
        sha256: row.optional("sha256")?,
        created_at: row.timestamp("created_at")?,
        expires_at: row.timestamp("expires_at")?,
    })
}

fn stored(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
