//! Limits: who did something too often is told so, and when to come again. Each is counted before what it guards is looked
//! at, by the store; the table says what is allowed. It knows no request: callers say by what they are counted.

mod login;
mod response_timing;
mod table;
mod whom;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::service_deps::ServiceDeps;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;
use crate::fault::{Fault, FaultKind, Service};
use crate::store::StoreError;
use crate::store::limits::{Allowance, MAX_KEYS, Taken};
pub(super) use login::{LoginThrottle, is_wrong};
pub(super) use response_timing::pad_failure_latency;
pub use table::Limit;
use table::Row;
pub use whom::Whom;
use whom::{Counted, counted};

/// How long a limit that is not strict waits for its store before it lets a call through.
const STORE_TIMEOUT: Duration = Duration::from_millis(500);

/// The limits of this deployment. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    deps: Arc<ServiceDeps>,
    per_credential: Option<NonZeroU32>,
    refused: Arc<Refused>,
}

/// Who is refused until when. While that lasts nobody asks the store again or writes it down again: a flood costs a
/// look into this map.
#[derive(Default)]
struct Refused(Mutex<HashMap<String, Timestamp>>);

impl Limits {
    pub(super) fn new(deps: Arc<ServiceDeps>, per_credential: Option<NonZeroU32>) -> Self {
        Self {
            deps,
            per_credential,
            refused: Arc::default(),
        }
    }

    /// Whether this limit is on.
    pub fn holds(&self, limit: Limit) -> bool {
        limit.row(self.per_credential).is_some()
    }

    /// Counts one for `whom`, or refuses.
    pub async fn acquire(
        &self,
        limit: Limit,
        whom: impl Into<Whom>,
        origin: impl FnOnce() -> Origin,
    ) -> Result<(), Fault> {
        self.acquire_amount(limit, whom, 1, origin).await
    }

    /// The same where what is asked for counts as so many.
    pub async fn acquire_amount(
        &self,
        limit: Limit,
        whom: impl Into<Whom>,
        amount: u32,
        origin: impl FnOnce() -> Origin,
    ) -> Result<(), Fault> {
        self.take_of(limit, whom.into(), amount, None, origin).await
    }

    /// The same for an account, whose trail tells of a refusal.
    pub(super) async fn take_of_account(
        &self,
        limit: Limit,
        user_id: &UserId,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let origin = || origin.clone();
        let whom = user_id.as_str().into();
        self.take_of(limit, whom, 1, Some(user_id), origin).await
    }

    /// Counts the smallest network first: one that has had enough takes nothing from the larger ones around it.
    async fn take_of(
        &self,
        limit: Limit,
        whom: Whom,
        amount: u32,
        user_id: Option<&UserId>,
        origin: impl FnOnce() -> Origin,
    ) -> Result<(), Fault> {
        let Some(mut row) = limit.row(self.per_credential) else {
            return Ok(());
        };
        row.allowance = row.allowance.for_amount(amount);
        let all = counted(&row, &whom);
        let now = self.deps.now();
        if let Some(again_at) = self.refused_until(&all, now) {
            return Err(refusal(&row, again_at, now));
        }
        for (position, counted) in all.iter().enumerate() {
            match self.ask(&row, counted, now).await {
                Ok(Taken::Yes) => {}
                Ok(Taken::No { again_at }) => {
                    self.take_back(&row, &all[..position]).await;
                    self.refused.note(counted.key.clone(), again_at, now);
                    if row.strict {
                        self.write_down(&row, user_id, &origin()).await;
                    }
                    return Err(refusal(&row, again_at, now));
                }
                Err(fault) if row.strict => return Err(fault),
                Err(fault) => {
                    tracing::warn!(limit = row.name, %fault, "a limit could not be kept");
                    metrics::counter!("clara_limits_not_kept_total", "limit" => row.name)
                        .increment(1);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// How long whoever was refused has to wait; `None` where they need not.
    pub fn wait_time(&self, limit: Limit, whom: impl Into<Whom>) -> Option<Duration> {
        let row = limit.row(self.per_credential)?;
        let now = self.deps.now();
        let until = self.refused_until(&counted(&row, &whom.into()), now)?;
        Some(until.since(now))
    }

    /// Refuses whoever has already been refused, without counting: for what is right and yet must not be tried for.
    pub fn check(&self, limit: Limit, whom: impl Into<Whom>) -> Result<(), Fault> {
        let Some(row) = limit.row(self.per_credential) else {
            return Ok(());
        };
        let now = self.deps.now();
        match self.refused_until(&counted(&row, &whom.into()), now) {
            Some(again_at) => Err(refusal(&row, again_at, now)),
            None => Ok(()),
        }
    }

    /// Takes back what was counted: it turned out to be nothing that this limit is about.
    pub async fn refund(&self, limit: Limit, whom: impl Into<Whom>) {
        let Some(row) = limit.row(self.per_credential) else {
            return;
        };
        let all = counted(&row, &whom.into());
        for counted in &all {
            self.refused.forget(&counted.key);
        }
        self.take_back(&row, &all).await;
    }

    /// A steady flow is not taken back: it fills again by itself.
    async fn take_back(&self, row: &Row, all: &[Counted]) {
        if let Allowance::Flow { .. } = row.allowance {
            return;
        }
        for counted in all {
            // The caller has done no wrong, so it gets its answer whatever becomes of the count.
            if let Err(error) = self.deps.store.refund(&counted.key).await {
                tracing::warn!(limit = row.name, %error, "a count could not be taken back");
            }
        }
    }

    fn refused_until(&self, all: &[Counted], now: Timestamp) -> Option<Timestamp> {
        let until = |counted: &Counted| self.refused.until(&counted.key, now);
        all.iter().filter_map(until).max()
    }

    async fn ask(&self, row: &Row, counted: &Counted, now: Timestamp) -> Result<Taken, Fault> {
        let (key, share) = (&counted.key, counted.share);
        let store = &self.deps.store;
        let asked = store.take_share(key, row.allowance, share, now);
        let unreachable = || Fault::new(FaultKind::Unavailable(Service::Database));
        let because = |error: StoreError| unreachable().with_source(error);
        if row.strict {
            return asked.await.map_err(because);
        }
        match tokio::time::timeout(STORE_TIMEOUT, asked).await {
            Ok(answered) => answered.map_err(because),
            Err(late) => Err(unreachable().with_source(late)),
        }
    }

    async fn write_down(&self, row: &Row, user_id: Option<&UserId>, origin: &Origin) {
        let entry = self
            .deps
            .audit_refusal(user_id, AuditEvent::LimitHit, origin, row.name);
        if let Err(error) = self.deps.store.write_audit(&entry).await {
            tracing::warn!(limit = row.name, %error, "a limit that was hit could not be written down");
        }
    }
}

/// Whole seconds, rounded up: whoever waits that long is let through.
fn refusal(row: &Row, again_at: Timestamp, now: Timestamp) -> Fault {
    metrics::counter!("clara_rate_limited_total", "limit" => row.name).increment(1);
    let milliseconds = again_at.since(now).as_millis();
    let seconds = u64::try_from(milliseconds.div_ceil(1000)).unwrap_or(u64::MAX);
    let retry_after_seconds = seconds.max(1);
    let unit = if retry_after_seconds == 1 {
        "second"
    } else {
        "seconds"
    };
    Fault::new(FaultKind::RateLimited {
        retry_after_seconds,
    })
    .with_hint(format!(
        "{}: try again in {retry_after_seconds} {unit}.",
        row.too_much
    ))
}

impl Refused {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn until(&self, key: &str, now: Timestamp) -> Option<Timestamp> {
        self.all().get(key).copied().filter(|until| *until > now)
    }

    /// Past what memory is for, nothing more is noted: the store is then asked each time.
    fn note(&self, key: String, until: Timestamp, now: Timestamp) {
        let mut all = self.all();
        if all.len() >= MAX_KEYS / 10 {
            all.retain(|_, until| *until > now);
        }
        if all.len() < MAX_KEYS / 10 {
            all.insert(key, until);
        }
    }

    fn forget(&self, key: &str) {
        self.all().remove(key);
    }
}
