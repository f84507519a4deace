//! Mails that wait to be sent: written in the transaction that causes them, claimed with a lease, sent after. A row
//! that is done with says nothing any more: its words are blanked, and its address too where no account is left to it.

use std::time::Duration;

use super::audit::{self, AuditEntry};
use super::sql::{Row, values};
use super::{PerEngine, Store, StoreError, Transaction, transaction};
use crate::domain::clock::{Timestamp, milliseconds};
use crate::domain::ids::UserId;

/// A mail to be sent.
#[derive(Debug, Clone)]
pub struct NewMail {
    pub id: String,
    pub user_id: Option<UserId>,
    pub kind: String,
    pub recipient: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub created_at: Timestamp,
    /// Past this moment it would only confuse: the code in it is dead.
    pub good_until: Option<Timestamp>,
}

/// A mail whose lease this process holds.
#[derive(Debug, Clone)]
pub struct ClaimedMail {
    pub id: String,
    pub user_id: Option<UserId>,
    pub kind: String,
    pub recipient: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub created_at: Timestamp,
    pub good_until: Option<Timestamp>,
    /// Which try this is, from 1; it also fences: a later try makes this one's word worthless.
    pub attempt: i64,
}

/// How a try at sending ended.
#[derive(Debug, Clone)]
pub enum MailOutcome {
    Sent,
    /// Never to be sent: the code in it is dead.
    Expired,
    /// Never to be sent: refused for good, or tried too often. The trail tells of it.
    Dropped(AuditEntry),
    /// To be tried again after this long.
    Later(Duration),
}

const CLAIM: PerEngine = PerEngine {
    sqlite: "UPDATE mails SET attempts = attempts + 1, due_at = (SELECT now FROM database_clock) + $1 + $2 \
             WHERE id = (SELECT id FROM mails WHERE due_at <= (SELECT now FROM database_clock) + $1 \
                         ORDER BY due_at, position LIMIT 1) \
             RETURNING id, user_id, kind, recipient, subject, body_text, body_html, created_at, good_until, attempts",
    postgres: "UPDATE mails SET attempts = attempts + 1, due_at = (SELECT now FROM database_clock) + $1 + $2 \
               WHERE id = (SELECT id FROM mails WHERE due_at <= (SELECT now FROM database_clock) + $1 \
                           ORDER BY due_at, position LIMIT 1 FOR UPDATE SKIP LOCKED) \
               RETURNING id, user_id, kind, recipient, subject, body_text, body_html, created_at, good_until, attempts",
};

const DROP: &str = "UPDATE mails SET due_at = NULL, dropped_at = $3, body_text = '', body_html = '', \
     recipient = CASE WHEN user_id IS NULL THEN '' ELSE recipient END \
     WHERE id = $1 AND attempts = $2 AND due_at IS NOT NULL RETURNING recipient";

pub(super) async fn queue(
    transaction: &mut Transaction<'_>,
    mail: &NewMail,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "INSERT INTO mails (id, user_id, kind, recipient, subject, body_text, body_html, created_at, good_until, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT now FROM database_clock))",
            values![
                &mail.id,
                mail.user_id.as_ref().map(UserId::as_str),
                &mail.kind,
                &mail.recipient,
                &mail.subject,
                &mail.text,
                &mail.html,
                mail.created_at,
                mail.good_until,
            ],
        )
        .await
        .map(drop)
}

/// Drops what waits of this kind: a newer mail says it better.
pub(super) async fn drop_unsent(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    kind: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "UPDATE mails SET due_at = NULL, dropped_at = $3, body_text = '', body_html = '' \
             WHERE user_id = $1 AND kind = $2 AND due_at IS NOT NULL",
            values![user_id, kind, now],
        )
        .await
        .map(drop)
}

impl Store {
    /// Queues a mail by itself, with the entry of what it tells of.
    pub async fn queue_mail(&self, mail: &NewMail, entry: &AuditEntry) -> Result<(), StoreError> {
        transaction!(self, transaction => {
            queue(&mut transaction, mail).await?;
            audit::write(&mut transaction, entry).await?;
        })
    }

    /// Takes the mail that has waited longest, for `lease`; nobody else gets it meanwhile.
    pub async fn claim_mail(&self, lease: Duration) -> Result<Option<ClaimedMail>, StoreError> {
        let lease = milliseconds(lease);
        let rows = self
            .write(self.pick(CLAIM), values![self.lease_offset(), lease])
            .await?;
        rows.first().map(claimed).transpose()
    }

    /// Writes down how a claimed mail's try ended, unless a later try is under way.
    pub async fn settle_mail(
        &self,
        mail: &ClaimedMail,
        outcome: &MailOutcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let settled = match outcome {
            MailOutcome::Later(wait) => {
                let wait = milliseconds(*wait);
                self.write(
                    "UPDATE mails SET due_at = (SELECT now FROM database_clock) + $3 + $4 \
                     WHERE id = $1 AND attempts = $2 AND due_at IS NOT NULL",
                    values![&mail.id, mail.attempt, self.lease_offset(), wait],
                )
                .await?
            }
            MailOutcome::Sent => {
                self.write(
                    "UPDATE mails SET due_at = NULL, sent_at = $3, body_text = '', body_html = '', \
                     recipient = CASE WHEN user_id IS NULL THEN '' ELSE recipient END \
                     WHERE id = $1 AND attempts = $2 AND due_at IS NOT NULL RETURNING recipient",
                    values![&mail.id, mail.attempt, now],
                )
                .await?
            }
            MailOutcome::Expired => {
                self.write(DROP, values![&mail.id, mail.attempt, now])
                    .await?
            }
            MailOutcome::Dropped(entry) => transaction!(self, transaction => {
                let dropped = transaction
                    .optional(DROP, values![&mail.id, mail.attempt, now])
                    .await?;
                if dropped.is_some() {
                    audit::write(&mut transaction, entry).await?;
                }
                dropped.into_iter().collect()
            })?,
        };
        for row in &settled {
            if row.text("recipient")?.is_empty() {
                self.empty_journal().await;
            }
        }
        Ok(())
    }

    /// Whether the mail is still to be sent.
    pub async fn is_mail_waiting(&self, id: &str) -> Result<bool, StoreError> {
        let row = self
            .read(
                "SELECT id FROM mails WHERE id = $1 AND due_at IS NOT NULL",
                values![id],
            )
            .await?;
        Ok(row.is_some())
    }

    /// How many mails wait, and for how many milliseconds the oldest has.
    pub async fn waiting_mails(
        &self,
        now: Timestamp,
    ) -> Result<(u64, Option<Duration>), StoreError> {
        let row = self
            .read(
                "SELECT COUNT(*) AS waiting, MIN(created_at) AS oldest FROM mails WHERE due_at IS NOT NULL",
                values![],
            )
            .await?;
        let Some(row) = row else {
            return Ok((0, None));
        };
        let oldest = row.optional_integer("oldest")?.map(Timestamp);
        Ok((
            row.count("waiting")?,
            oldest.map(|oldest| now.since(oldest)),
        ))
    }
}

fn claimed(row: &Row) -> Result<ClaimedMail, StoreError> {
    Ok(ClaimedMail {
        id: row.text("id")?,
        user_id: row.optional("user_id")?,
        kind: row.text("kind")?,
        recipient: row.text("recipient")?,
        subject: row.text("subject")?,
        text: row.text("body_text")?,
        html: row.text("body_html")?,
        created_at: row.timestamp("created_at")?,
        good_until: row.optional_integer("good_until")?.map(Timestamp),
        attempt: row.integer("attempts")?,
    })
}
