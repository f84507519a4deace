//! The audit trail: rows that are only ever added, each in the transaction that did what it tells of. Nothing here
//! changes or removes one; what is old enough to go is the housekeeping's.

use super::sql::{Row, values};
use super::{Store, StoreError, Transaction};
use crate::domain::audit::{AuditEvent, EventName, Origin};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;
use crate::domain::page::Page;

/// One thing to write down.
#[derive(Debug, Clone)]
pub struct AuditEntry {
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub event: AuditEvent,
    /// Whether it was let through.
    pub good: bool,
    pub origin: Origin,
    /// What else there is to know, as JSON; never a secret.
    pub details: serde_json::Value,
}

/// An entry as it is read back.
#[derive(Debug, Clone)]
pub struct AuditRecord {
    /// Grows with each row.
    pub position: i64,
    pub at: Timestamp,
    pub user_id: Option<UserId>,
    pub event: String,
    pub good: bool,
    pub address: Option<String>,
    pub face: String,
    pub request_id: String,
    /// Ours; rows of an older version have none.
    pub own_request_id: Option<String>,
    pub details: String,
}

/// Which part of the trail.
#[derive(Debug, Clone, Default)]
pub struct WantedRecords {
    /// Only what this account did or had done to it; it may be removed by now.
    pub user_id: Option<UserId>,
    /// Only what was this.
    pub event: Option<EventName>,
    /// Only what was written before the row at this position.
    pub before: Option<u32>,
    pub page: Page,
}

macro_rules! records_wanted {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM audit_entries WHERE ($1 IS NULL OR user_id = $1) AND ($2 IS NULL OR event = $2)",
            $rest
        )
    };
}

const INSERT: &str = "INSERT INTO audit_entries \
     (created_at, user_id, event, good, address, face, request_id, own_request_id, details) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

pub(super) async fn write(
    transaction: &mut Transaction<'_>,
    entry: &AuditEntry,
) -> Result<(), StoreError> {
    let address = entry.origin.address.as_deref().map(one_line);
    let mut details = entry.details.clone();
    // What an owner can do the operator can do for them; whoever reads the trail must see which of the two it was.
    if entry.origin.by_operator
        && let Some(details) = details.as_object_mut()
        && !details.contains_key("operator")
    {
        details.insert("by".to_owned(), "operator".into());
    }
    transaction
        .execute(
            INSERT,
            values![
                entry.at,
                entry.user_id.as_ref().map(UserId::as_str),
                entry.event.as_str(),
                entry.good,
                address.as_deref(),
                entry.origin.face,
                &one_line(&entry.origin.request_id),
                &one_line(entry.origin.request_id.own()),
                &details.to_string(),
            ],
        )
        .await
        .map(drop)
}

/// Control characters would let a value look like further lines of a log.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                '\u{fffd}'
            } else {
                character
            }
        })
        .take(200)
        .collect()
}

impl Store {
    /// Writes one entry by itself, for what changed nothing else.
    pub async fn write_audit(&self, entry: &AuditEntry) -> Result<(), StoreError> {
        super::transaction!(self, transaction => { write(&mut transaction, entry).await? })
    }

    /// The trail, newest first; of one account or of all.
    pub async fn audit_trail(
        &self,
        user_id: Option<&UserId>,
        page: Page,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let rows = self
            .read_all(
                "SELECT * FROM audit_entries WHERE $1 IS NULL OR user_id = $1 \
                 ORDER BY position DESC LIMIT $2 OFFSET $3",
                values![user_id.map(UserId::as_str), page.limit, page.offset],
            )
            .await?;
        rows.iter().map(record).collect()
    }
}

impl Store {
    /// A part of the trail, newest first, and how many rows there are of that kind in all.
    pub async fn audit_records(
        &self,
        wanted: &WantedRecords,
    ) -> Result<(Vec<AuditRecord>, u64), StoreError> {
        let user_id = wanted.user_id.as_ref().map(UserId::as_str);
        let event = wanted.event.as_ref().map(EventName::as_str);
        let before = wanted.before.map_or(i64::MAX, i64::from);
        let Page { limit, offset } = wanted.page;
        let rows = self
            .read_all(
                records_wanted!(
                    "*",
                    " AND position < $3 ORDER BY position DESC LIMIT $4 OFFSET $5"
                ),
                values![user_id, event, before, limit, offset],
            )
            .await?;
        let total = self
            .read(
                records_wanted!("COUNT(*) AS total", ""),
                values![user_id, event],
            )
            .await?;
        let records = rows.iter().map(record).collect::<Result<_, _>>()?;
        Ok((records, total.map_or(Ok(0), |row| row.count("total"))?))
    }
}

pub(super) fn record(row: &Row) -> Result<AuditRecord, StoreError> {
    Ok(AuditRecord {
        position: row.integer("position")?,
        at: row.timestamp("created_at")?,
        user_id: row.optional("user_id")?,
        event: row.text("event")?,
        good: row.flag("good")?,
        address: row.optional_text("address")?,
        face: row.text("face")?,
        request_id: row.text("request_id")?,
        own_request_id: row.optional_text("own_request_id")?,
        details: row.text("details")?,
    })
}
