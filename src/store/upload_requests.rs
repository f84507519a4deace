//! What programs ask a person for on a page: files for one call. Asked, ended once by the account's owner, and read by whoever
//! holds the ticket, of which only a digest is kept. The files themselves are uploads like others.

use super::sql::{Row, values};
use super::uploads::{NewUpload, Upload, upload};
use super::{Store, StoreError, Transaction, ledger, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{UploadId, UploadRequestId, UserId};

/// A request to be stored.
#[derive(Debug)]
pub struct NewUploadRequest<'r> {
    pub id: &'r UploadRequestId,
    pub ticket_digest: &'r str,
    pub user_id: &'r UserId,
    /// Of what the call checks.
    pub call_digest: &'r str,
    pub max_files: u32,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// How many of one account may live at once, this one among them.
    pub max_requests: u64,
}

/// A request that nobody has ended.
#[derive(Debug)]
pub struct UploadRequest {
    pub user_id: UserId,
    pub asked_at: Timestamp,
    pub max_files: u64,
    /// What was dropped so far.
    pub files: Vec<Upload>,
}

/// Why a request takes a file no more, or not this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdded {
    /// There is no such request, its time is over, or it was ended.
    Over,
    OtherAccount,
    Full {
        max_files: u64,
    },
    SameName,
}

/// What became of a request's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Done,
    /// There is no such request of this account, its time is over, or it was ended before.
    Over,
    /// Nothing was dropped, so there is nothing to go on with.
    Empty,
}

/// What became of a file that its person takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    Done,
    /// There is no such request of this account, its time is over, or it was ended.
    Over,
    /// No such file was dropped for it, or it was taken back before.
    Unknown,
}

/// What the holder of a ticket gets.
#[derive(Debug)]
pub enum DroppedFiles {
    Files(Vec<Upload>),
    /// The person is still at it.
    NotYet,
    Declined,
    /// The ticket is of a call that checks something else.
    OtherCall,
    /// There is no such request of this account, or its time is over.
    Nothing,
}

impl Store {
    /// Stores a request, and clears away the account's own whose time is over; `false` where it has too many.
    pub async fn ask_for_uploads(&self, new: &NewUploadRequest<'_>) -> Result<bool, StoreError> {
        transaction!(self, transaction => {
            // Under this lock, so that of two at once one sees the other.
            if ledger::lock_balance(&mut transaction, new.user_id).await?.is_none() {
                return Ok(false);
            }
            transaction
                .execute(
                    "DELETE FROM upload_requests WHERE user_id = $1 AND expires_at <= $2",
                    values![new.user_id, new.created_at],
                )
                .await?;
            let open = transaction
                .optional(
                    "SELECT COUNT(*) AS open FROM upload_requests WHERE user_id = $1 AND state = 'OPEN'",
                    values![new.user_id],
                )
                .await?;
            if open.map_or(Ok(0), |row| row.count("open"))? >= new.max_requests {
                return Ok(false);
            }
            transaction
                .execute(
                    "INSERT INTO upload_requests \
                         (id, ticket_digest, user_id, call_digest, state, max_files, created_at, expires_at) \
                     VALUES ($1, $2, $3, $4, 'OPEN', $5, $6, $7)",
                    values![
                        new.id,
                        new.ticket_digest,
                        new.user_id,
                        new.call_digest,
                        new.max_files,
                        new.created_at,
                        new.expires_at
                    ],
                )
                .await?;
            true
        })
    }

    /// The request, while its time lasts and nobody has ended it.
    pub async fn upload_request(
        &self,
        id: &UploadRequestId,
        now: Timestamp,
    ) -> Result<Option<UploadRequest>, StoreError> {
        let Some(row) = self.read(OPEN, values![id, now]).await? else {
            return Ok(None);
        };
        Ok(Some(UploadRequest {
            user_id: row.parsed("user_id")?,
            asked_at: row.timestamp("created_at")?,
            max_files: row.count("max_files")?,
            files: self.dropped_files(id.as_str(), now).await?,
        }))
    }

    /// Ends a request of this account: with what was dropped, or by declining, and then what was dropped is gone.
    pub async fn end_upload_request(
        &self,
        id: &UploadRequestId,
        user_id: &UserId,
        is_declined: bool,
        now: Timestamp,
    ) -> Result<Ended, StoreError> {
        let state = if is_declined { "DECLINED" } else { "DONE" };
        transaction!(self, transaction => {
            // A file that is being added comes before this or finds the request ended.
            ledger::lock_balance(&mut transaction, user_id).await?;
            let ended = transaction
                .execute(
                    "UPDATE upload_requests SET state = $4 \
                     WHERE id = $1 AND user_id = $2 AND state = 'OPEN' AND expires_at > $3",
                    values![id, user_id, now, state],
                )
                .await?;
            if ended == 0 {
                return Ok(Ended::Over);
            }
            if is_declined {
                transaction
                    .execute("DELETE FROM uploads WHERE request_id = $1", values![id])
                    .await?;
            } else if dropped(&mut transaction, id).await?.is_empty() {
                return Ok(Ended::Empty);
            }
            Ended::Done
        })
    }

    /// Deletes one dropped file of this account's request, as long as the request is open.
    pub async fn remove_dropped_file(
        &self,
        id: &UploadRequestId,
        user_id: &UserId,
        file: &UploadId,
        now: Timestamp,
    ) -> Result<Removed, StoreError> {
        transaction!(self, transaction => {
            // The end of the request comes before this or after it: what its call takes is not deleted.
            ledger::lock_balance(&mut transaction, user_id).await?;
            let row = transaction.optional(OPEN, values![id, now]).await?;
            let owner: Option<UserId> = row.map(|row| row.parsed("user_id")).transpose()?;
            if owner.as_ref() != Some(user_id) {
                return Ok(Removed::Over);
            }
            let removed = transaction
                .execute(
                    "DELETE FROM uploads WHERE id = $1 AND request_id = $2 AND user_id = $3",
                    values![file, id, user_id],
                )
                .await?;
            if removed == 0 {
                return Ok(Removed::Unknown);
            }
            Removed::Done
        })
    }

    /// Takes a request back, together with what was dropped for it.
    pub async fn withdraw_upload_request(&self, ticket_digest: &str) -> Result<(), StoreError> {
        transaction!(self, transaction => {
            transaction
                .execute(
                    "DELETE FROM uploads WHERE request_id IN \
                     (SELECT id FROM upload_requests WHERE ticket_digest = $1)",
                    values![ticket_digest],
                )
                .await?;
            transaction
                .execute(
                    "DELETE FROM upload_requests WHERE ticket_digest = $1",
                    values![ticket_digest],
                )
                .await?;
        })
    }

    /// What was dropped, for the call that holds the ticket. Reading it again gives the same: a client that lost the answer
    /// calls again.
    pub async fn take_dropped_files(
        &self,
        ticket_digest: &str,
        user_id: &UserId,
        call_digest: &str,
        now: Timestamp,
    ) -> Result<DroppedFiles, StoreError> {
        let row = self
            .read(
                "SELECT id, state, call_digest FROM upload_requests \
                 WHERE ticket_digest = $1 AND user_id = $2 AND expires_at > $3",
                values![ticket_digest, user_id, now],
            )
            .await?;
        let Some(row) = row else {
            return Ok(DroppedFiles::Nothing);
        };
        if row.text("call_digest")? != call_digest {
            return Ok(DroppedFiles::OtherCall);
        }
        Ok(match row.text("state")?.as_str() {
            "DONE" => DroppedFiles::Files(self.dropped_files(&row.text("id")?, now).await?),
            "DECLINED" => DroppedFiles::Declined,
            _ => DroppedFiles::NotYet,
        })
    }

    async fn dropped_files(&self, id: &str, now: Timestamp) -> Result<Vec<Upload>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM uploads WHERE request_id = $1 AND expires_at > $2 ORDER BY created_at, name",
                values![id, now],
            )
            .await?;
        rows.iter().map(upload).collect()
    }
}

const OPEN: &str = "SELECT user_id, max_files, created_at FROM upload_requests \
                    WHERE id = $1 AND state = 'OPEN' AND expires_at > $2";

/// Why a request does not take this file, if it does not. Whoever asks holds the account's lock.
pub(super) async fn refusal(
    transaction: &mut Transaction<'_>,
    id: &UploadRequestId,
    new: &NewUpload<'_>,
) -> Result<Option<NotAdded>, StoreError> {
    let row = transaction
        .optional(OPEN, values![id, new.created_at])
        .await?;
    let Some(row) = row else {
        return Ok(Some(NotAdded::Over));
    };
    let owner: UserId = row.parsed("user_id")?;
    if owner != *new.user_id {
        return Ok(Some(NotAdded::OtherAccount));
    }
    let names = dropped(transaction, id).await?;
    let max_files = row.count("max_files")?;
    if names.len() as u64 >= max_files {
        return Ok(Some(NotAdded::Full { max_files }));
    }
    Ok(names
        .iter()
        .any(|name| name == new.name)
        .then_some(NotAdded::SameName))
}

/// The names of what was dropped.
async fn dropped(
    transaction: &mut Transaction<'_>,
    id: &UploadRequestId,
) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Row> = transaction
        .all(
            "SELECT name FROM uploads WHERE request_id = $1",
            values![id],
        )
        .await?;
    rows.iter().map(|row| row.text("name")).collect()
}
