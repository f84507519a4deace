//! What programs ask a person to do on a page: asked, answered once, and taken once by whoever holds the ticket. It keeps
//! digests and never sees a ticket.

use super::accounts::user;
use super::audit::{self, AuditEntry};
use super::sessions::{self, NewSession};
use super::sql::{Row, values};
use super::{Store, StoreError, ledger, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{PageRequestId, SessionId, UserId};
use crate::domain::page_request::{PageRequest, PageRequestState};
use crate::domain::user::User;

/// A request to be stored.
#[derive(Debug, Clone)]
pub struct NewPageRequest {
    pub id: PageRequestId,
    pub ticket_digest: String,
    pub network: Option<String>,
    pub face: &'static str,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// How many of one network may live at once, this one among them.
    pub at_most: u64,
}

/// What a person said to a request.
#[derive(Debug, Clone)]
pub struct PageAnswer {
    pub id: PageRequestId,
    pub user_id: UserId,
    /// The session that the person answers with.
    pub session: SessionId,
    pub allows: bool,
    /// Where the person is; the asker must be there too, where it is on a network at all.
    pub network: Option<String>,
    pub audit: AuditEntry,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    Kept,
    /// The session that answered is over by now.
    SignedOut,
    /// The request was answered before, its time is over, or the person is elsewhere.
    NotAsked,
}

/// What whoever asked gets.
#[derive(Debug)]
pub enum Taken {
    /// The person allowed it: signed in, with the session that was started.
    SignedIn(Box<User>, NewSession),
    /// The person has not answered yet.
    NotYet,
    Denied,
    /// There is no such request, its time is over, or it was taken before.
    Nothing,
}

impl Store {
    /// Stores a request, and clears away those whose time is over; `false` where its network has too many.
    pub async fn ask_on_page(&self, new: &NewPageRequest) -> Result<bool, StoreError> {
        transaction!(self, transaction => {
            transaction
                .execute(
                    "DELETE FROM page_requests WHERE expires_at <= $1",
                    values![new.created_at],
                )
                .await?;
            let living = transaction
                .optional(
                    "SELECT COUNT(*) AS living FROM page_requests WHERE network = $1",
                    values![new.network.as_deref()],
                )
                .await?;
            if living.map_or(Ok(0), |row| row.count("living"))? >= new.at_most {
                return Ok(false);
            }
            transaction
                .execute(
                    "INSERT INTO page_requests (id, ticket_digest, network, face, state, created_at, expires_at) \
                     VALUES ($1, $2, $3, $4, 'ASKED', $5, $6)",
                    values![
                        &new.id,
                        &new.ticket_digest,
                        new.network.as_deref(),
                        new.face,
                        new.created_at,
                        new.expires_at
                    ],
                )
                .await?;
            true
        })
    }

    /// The request, while its time lasts.
    pub async fn page_request(
        &self,
        id: &PageRequestId,
        now: Timestamp,
    ) -> Result<Option<PageRequest>, StoreError> {
        let row = self
            .read(
                "SELECT network, state, created_at FROM page_requests WHERE id = $1 AND expires_at > $2",
                values![id, now],
            )
            .await?;
        row.map(|row| {
            Ok(PageRequest {
                network: row.optional_text("network")?,
                state: row.parsed("state")?,
                asked_at: row.timestamp("created_at")?,
            })
        })
        .transpose()
    }

    /// Keeps what the person said, together with how long the session that said it lives.
    pub async fn answer_on_page(&self, answer: &PageAnswer) -> Result<Answered, StoreError> {
        let state = if answer.allows {
            PageRequestState::Allowed
        } else {
            PageRequestState::Denied
        };
        transaction!(self, transaction => {
            // Held from here on: whatever ends sessions of the account comes before this or finds the answer.
            ledger::lock_balance(&mut transaction, &answer.user_id).await?;
            let session = transaction
                .optional(
                    "SELECT expires_at FROM sessions \
                     WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $3",
                    values![&answer.session, &answer.user_id, answer.audit.at],
                )
                .await?;
            let Some(session) = session else {
                return Ok(Answered::SignedOut);
            };
            let answered = transaction
                .execute(
                    "UPDATE page_requests SET state = $2, user_id = $3, answered_by = $6, answer_holds_until = $7 \
                     WHERE id = $1 AND state = 'ASKED' AND expires_at > $4 AND (network IS NULL OR network = $5)",
                    values![
                        &answer.id,
                        state.as_str(),
                        &answer.user_id,
                        answer.audit.at,
                        answer.network.as_deref(),
                        &answer.session,
                        session.timestamp("expires_at")?
                    ],
                )
                .await?;
            if answered == 0 {
                return Ok(Answered::NotAsked);
            }
            audit::write(&mut transaction, &answer.audit).await?;
            Answered::Kept
        })
    }

    /// Starts the session that a person allowed, once, for whoever holds the ticket; `session_of` is told whose it is and
    /// until when at the longest it may live. Whoever waits asks again and again, so nothing is written, and no lock taken,
    /// before there is something to take.
    pub async fn take_from_page(
        &self,
        ticket_digest: &str,
        now: Timestamp,
        session_of: &(dyn Fn(&UserId, Timestamp) -> (NewSession, AuditEntry) + Sync),
    ) -> Result<Taken, StoreError> {
        let row = self.read(HELD, values![ticket_digest, now]).await?;
        let user_id: UserId = match allowed(row.as_ref())? {
            Ok(user_id) => user_id,
            Err(taken) => return Ok(taken),
        };
        transaction!(self, transaction => {
            ledger::lock_balance(&mut transaction, &user_id).await?;
            let taken = transaction
                .optional(
                    "UPDATE page_requests SET state = 'TAKEN' \
                     WHERE ticket_digest = $1 AND state = 'ALLOWED' AND user_id = $3 AND expires_at > $2 \
                     RETURNING answer_holds_until",
                    values![ticket_digest, now, &user_id],
                )
                .await?;
            let Some(taken) = taken else {
                // Somebody was faster, or it was taken back meanwhile.
                let row = transaction.optional(HELD, values![ticket_digest, now]).await?;
                return Ok(allowed(row.as_ref())?.err().unwrap_or(Taken::Nothing));
            };
            let until = taken.timestamp("answer_holds_until")?;
            if until <= now {
                return Ok(Taken::Nothing);
            }
            let (session, entry) = session_of(&user_id, until);
            sessions::start(&mut transaction, &session).await?;
            audit::write(&mut transaction, &entry).await?;
            let row = transaction
                .optional("SELECT * FROM users WHERE id = $1", values![&user_id])
                .await?;
            match row {
                Some(row) => Taken::SignedIn(Box::new(user(&row)?), session),
                None => return Ok(Taken::Nothing),
            }
        })
    }
}

/// What is known of a ticket while its time lasts.
const HELD: &str =
    "SELECT state, user_id FROM page_requests WHERE ticket_digest = $1 AND expires_at > $2";

/// Who allowed it, where there is something to take; else what to say to whoever asks.
fn allowed(row: Option<&Row>) -> Result<Result<UserId, Taken>, StoreError> {
    let Some(row) = row else {
        return Ok(Err(Taken::Nothing));
    };
    Ok(match row.parsed("state")? {
        PageRequestState::Allowed => Ok(row.parsed("user_id")?),
        PageRequestState::Asked => Err(Taken::NotYet),
        PageRequestState::Denied => Err(Taken::Denied),
        PageRequestState::Taken => Err(Taken::Nothing),
    })
}
