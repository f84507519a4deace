//! Keeps nothing longer than was promised: codes, sign-ins, mails, tasks and the trail each have their time. One process of
//! all does it once an hour, in small batches, and a round that broke off is gone on with in the next.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::judging::Judging;
use super::service_deps::ServiceDeps;
use crate::domain::clock::Timestamp;
use crate::fault::Fault;
use crate::store::housekeeping::Aged;

/// The name of the chore that one process of all does.
const CHORE: &str = "housekeeping";
/// How often it is done, in all processes together.
const ROUND: Duration = Duration::from_hours(1);
/// How often a process looks whether it is due. Commands that end at once never do it.
const LOOK_EVERY: Duration = Duration::from_mins(1);
/// Rows that one statement deletes at most.
const BATCH: u32 = 500;
/// Tasks whose sources go in one transaction, and uploads: each may be many megabytes.
const SOURCES_BATCH: u32 = 20;

const DAY: Duration = Duration::from_hours(24);
/// How long a dead code is kept.
const CODES: Duration = DAY;
/// How long an ended sign-in is kept, and what became of a mail.
const SESSIONS_AND_MAILS: Duration = Duration::from_hours(24 * 30);
/// How long a row of the trail names the whole address it came from.
const ADDRESSES: Duration = Duration::from_hours(24 * 30);
/// How long a row of the trail is kept.
const AUDIT_ENTRIES: Duration = Duration::from_hours(24 * 365);

/// What a round threw away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleared {
    pub codes: u64,
    pub sessions: u64,
    pub mails: u64,
    pub tasks: u64,
    /// Tasks whose sources went.
    pub sources: u64,
    pub uploads: u64,
    pub audit_entries: u64,
    /// Rows of the trail whose address was cut.
    pub addresses: u64,
    /// What only served to hold off others: networks, counts, requests, used tokens, apps that were never confirmed.
    pub precautions: u64,
}

/// The precautions, and how long each is kept.
const PRECAUTIONS: [(Aged, Duration); 7] = [
    (Aged::KnownNetworks, ADDRESSES),
    (Aged::SignupNetworks, DAY),
    (Aged::PageRequests, Duration::ZERO),
    (Aged::UploadRequests, Duration::ZERO),
    (Aged::GoogleTokens, Duration::ZERO),
    (Aged::WrongTries, Duration::ZERO),
    (Aged::OfferedApps, DAY),
];

/// Keeps house. Cheap to clone.
#[derive(Clone)]
pub struct Housekeeping {
    deps: Arc<ServiceDeps>,
    judging: Judging,
    task_retention_days: Option<NonZeroU32>,
}

impl Housekeeping {
    pub(super) fn new(
        deps: Arc<ServiceDeps>,
        judging: Judging,
        task_retention_days: Option<NonZeroU32>,
    ) -> Self {
        Self {
            deps,
            judging,
            task_retention_days,
        }
    }

    /// The same, with another time for tasks; tests only.
    #[must_use]
    pub fn keeping_tasks_for(&self, task_retention_days: Option<NonZeroU32>) -> Self {
        Self {
            task_retention_days,
            ..self.clone()
        }
    }

    /// Does a round whenever one is due; runs until it is dropped.
    pub async fn run(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            // Each process has its own memory, whoever keeps house for all.
            self.judging.forget_old();
            match self.clear_due().await {
                Ok(None) => {}
                Ok(Some(cleared)) if cleared == Cleared::default() => {}
                Ok(Some(cleared)) => tracing::info!(?cleared, "kept long enough"),
                Err(fault) => tracing::warn!(%fault, "what is old could not be cleared away"),
            }
        }
    }

    /// A round, if one is due and no other process does it.
    pub async fn clear_due(&self) -> Result<Option<Cleared>, Fault> {
        let now = self.deps.now();
        let due = self.deps.store.claim_chore(CHORE, now, now.after(ROUND));
        match due.await? {
            Some(_) => self.clear().await.map(Some),
            None => Ok(None),
        }
    }

    /// A round.
    async fn clear(&self) -> Result<Cleared, Fault> {
        let tasks = match self.task_retention_days {
            Some(days) => self.delete(Aged::Tasks, DAY * days.get()).await?,
            None => 0,
        };
        let mut precautions = 0;
        for (what, kept) in PRECAUTIONS {
            precautions += self.delete(what, kept).await?;
        }
        Ok(Cleared {
            precautions,
            codes: self.delete(Aged::Codes, CODES).await?,
            sessions: self.delete(Aged::Sessions, SESSIONS_AND_MAILS).await?,
            mails: self.delete(Aged::Mails, SESSIONS_AND_MAILS).await?,
            tasks,
            sources: self.delete_sources().await?,
            uploads: self.delete_uploads().await?,
            audit_entries: self.delete(Aged::AuditEntries, AUDIT_ENTRIES).await?,
            addresses: self.cut_addresses().await?,
        })
    }

    async fn delete(&self, what: Aged, kept: Duration) -> Result<u64, Fault> {
        self.delete_by(what, kept, BATCH).await
    }

    async fn delete_uploads(&self) -> Result<u64, Fault> {
        self.delete_by(Aged::Uploads, Duration::ZERO, SOURCES_BATCH)
            .await
    }

    /// In transactions of so many rows each.
    async fn delete_by(&self, what: Aged, kept: Duration, rows: u32) -> Result<u64, Fault> {
        let before = self.before(kept);
        let mut deleted = 0;
        loop {
            let batch = self.deps.store.delete_aged(what, before, rows).await?;
            deleted += batch;
            if batch < u64::from(rows) {
                return Ok(deleted);
            }
        }
    }

    async fn delete_sources(&self) -> Result<u64, Fault> {
        let now = self.deps.now();
        let mut deleted = 0;
        loop {
            let batch = self
                .deps
                .store
                .delete_old_sources(now, SOURCES_BATCH)
                .await?;
            deleted += batch;
            if batch < u64::from(SOURCES_BATCH) {
                return Ok(deleted);
            }
        }
    }

    async fn cut_addresses(&self) -> Result<u64, Fault> {
        let before = self.before(ADDRESSES);
        let (mut cut, mut from) = (0, 0);
        let store = &self.deps.store;
        while let Some((batch, last)) = store.cut_addresses(before, from, BATCH).await? {
            cut += batch;
            from = last;
        }
        Ok(cut)
    }

    fn before(&self, kept: Duration) -> Timestamp {
        self.deps.now().before(kept)
    }
}
