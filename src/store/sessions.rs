//! Sign-ins: a row stands behind every user token, and ending the row ends the token. It keeps no token.

use super::accounts::user;
use super::audit::{self, AuditEntry};
use super::sql::{Row, values};
use super::{Store, StoreError, Transaction, ledger, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::page::Page;
use crate::domain::user::User;

/// A sign-in to be stored.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub id: SessionId,
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// How many the account may have at once, this one among them; the oldest beyond it end.
    pub at_most: u32,
    /// From where it was started: the network address, where there is a network between, and the face.
    pub address: Option<String>,
    pub face: &'static str,
    /// When the owner showed what opens the account; `None` where somebody was let in on a page.
    pub proven_at: Option<Timestamp>,
}

/// A sign-in as its owner sees it.
#[derive(Debug, Clone)]
pub struct SessionRecord {
    pub id: SessionId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// From when on it was ended before its time.
    pub ended_at: Option<Timestamp>,
    pub address: Option<String>,
    pub face: Option<String>,
}

/// Which sessions of an account are to end.
#[derive(Debug, Clone, Copy)]
pub enum Ending<'s> {
    One(&'s SessionId),
    AllBut(Option<&'s SessionId>),
}

impl Store {
    /// The account behind a session that lives.
    pub async fn session_user(
        &self,
        session: &SessionId,
        user_id: &UserId,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let row = self
            .read(
                "SELECT users.* FROM users JOIN sessions ON sessions.user_id = users.id \
                 WHERE sessions.id = $1 AND users.id = $2 AND sessions.ended_at IS NULL AND sessions.expires_at > $3",
                values![session, user_id, now],
            )
            .await?;
        row.as_ref().map(user).transpose()
    }

    /// Whether the owner showed what opens the account, for this session, since then.
    pub async fn is_proven_since(
        &self,
        session: &SessionId,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = self
            .read(
                "SELECT id FROM sessions WHERE id = $1 AND ended_at IS NULL AND proven_at > $2",
                values![session, since],
            )
            .await?;
        Ok(row.is_some())
    }

    /// Ends one session; `false` where it had ended.
    pub async fn end_session(
        &self,
        session: &SessionId,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        transaction!(self, transaction => {
            let ended = transaction
                .execute(
                    "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
                    values![session, entry.at],
                )
                .await?;
            if ended == 0 {
                return Ok(false);
            }
            audit::write(&mut transaction, entry).await?;
            true
        })
    }

    /// The account's sessions that live, newest first, and how many there are.
    pub async fn sessions(
        &self,
        user_id: &UserId,
        page: Page,
        now: Timestamp,
    ) -> Result<(Vec<SessionRecord>, u64), StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 \
                 ORDER BY position DESC LIMIT $3 OFFSET $4",
                values![user_id, now, page.limit, page.offset],
            )
            .await?;
        let sessions = rows.iter().map(record).collect::<Result<_, _>>()?;
        Ok((sessions, self.living_sessions(user_id, now).await?))
    }

    /// Ends sessions of the account; `false` where the one that was named is not a living one of this account.
    pub async fn end_sessions(
        &self,
        user_id: &UserId,
        which: Ending<'_>,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        transaction!(self, transaction => {
            // Held from here on, so that no answer on a page falls in between.
            ledger::lock_balance(&mut transaction, user_id).await?;
            match which {
                Ending::One(session) => {
                    let ended = transaction
                        .execute(
                            "UPDATE sessions SET ended_at = $3 \
                             WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $3",
                            values![session, user_id, entry.at],
                        )
                        .await?;
                    if ended == 0 {
                        return Ok(false);
                    }
                    // What it allowed on a page and nobody has taken yet ends with it.
                    transaction
                        .execute(
                            "UPDATE page_requests SET state = 'DENIED' \
                             WHERE user_id = $1 AND answered_by = $2 AND state = 'ALLOWED'",
                            values![user_id, session],
                        )
                        .await?;
                }
                Ending::AllBut(kept) => {
                    end_others(&mut transaction, user_id, kept, entry.at).await?;
                }
            }
            audit::write(&mut transaction, entry).await?;
            true
        })
    }

    /// How many sessions of the account live.
    pub async fn living_sessions(
        &self,
        user_id: &UserId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let row = self
            .read(
                "SELECT COUNT(*) AS living FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2",
                values![user_id, now],
            )
            .await?;
        row.map_or(Ok(0), |row| row.count("living"))
    }
}

pub(super) async fn start(
    transaction: &mut Transaction<'_>,
    session: &NewSession,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO sessions (id, user_id, created_at, expires_at, address, face, proven_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![
                &session.id,
                &session.user_id,
                session.created_at,
                session.expires_at,
                session.address.as_deref(),
                session.face,
                session.proven_at.map(|at| at.0),
            ],
        )
        .await?;
    transaction
        .execute(
            "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND position NOT IN \
             (SELECT position FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 \
              ORDER BY position DESC LIMIT $3)",
            values![&session.user_id, session.created_at, session.at_most],
        )
        .await
        .map(drop)
}

/// Ends every session of the account but the one to keep.
pub(super) async fn end_others(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    keep: Option<&SessionId>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    // A session that was allowed on a page and not taken yet is one of the others too.
    transaction
        .execute(
            "UPDATE page_requests SET state = 'DENIED' WHERE user_id = $1 AND state = 'ALLOWED'",
            values![user_id],
        )
        .await?;
    transaction
        .execute(
            "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND ended_at IS NULL AND ($2 IS NULL OR id <> $2)",
            values![user_id, keep.map(SessionId::as_str), now],
        )
        .await
}

pub(super) fn record(row: &Row) -> Result<SessionRecord, StoreError> {
    Ok(SessionRecord {
        id: row.parsed("id")?,
        created_at: row.timestamp("created_at")?,
        expires_at: row.timestamp("expires_at")?,
        ended_at: row.optional_integer("ended_at")?.map(Timestamp),
        address: row.optional_text("address")?,
        face: row.optional_text("face")?,
    })
}
