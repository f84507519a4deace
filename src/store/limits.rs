//! How often something was done lately: one decision a call, counted before anybody acts on it. On PostgreSQL one upsert
//! counts for all servers together; SQLite serves one machine, so there this process counts in its memory. Who is counted
//! by what, and how much is too much, is said by services.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::sql::{Row, values};
use super::{Engine, Store, StoreError};
use crate::domain::clock::Timestamp;

/// How many keys are counted in memory, each by itself. Whoever comes beyond them is counted together with all others
/// that do: a flood of new keys costs its senders, not the memory.
pub const MAX_KEYS: usize = 100_000;
/// How often what says nothing any more is thrown away.
const CLEANED_EVERY_MICROSECONDS: i64 = 60_000_000;
const SECOND: i64 = 1_000_000;

/// How much is allowed.
#[derive(Debug, Clone, Copy)]
pub enum Allowance {
    /// A steady flow, with `burst` at once after a pause.
    Flow { per_second: u32, burst: u32 },
    /// At most so many in each of these windows, wherever a window begins; one to three of them.
    Windows(&'static [Window]),
}

impl Allowance {
    /// The same where one counts as `amount`: of a flow only a share of it is left. Windows stay as they are.
    #[must_use]
    pub fn for_amount(self, amount: u32) -> Self {
        match self {
            Self::Flow { per_second, burst } => Self::Flow {
                per_second: (per_second / amount.max(1)).max(1),
                burst: (burst / amount.max(1)).max(1),
            },
            windows @ Self::Windows(_) => windows,
        }
    }
}

/// `most` in any `seconds`.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub most: u32,
    pub seconds: u32,
}

impl Window {
    fn length(self) -> i64 {
        i64::from(self.seconds) * SECOND
    }

    /// The same for `times` callers together.
    fn times(self, times: u32) -> Self {
        Self {
            most: self.most.saturating_mul(times),
            ..self
        }
    }
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was counted.
    Yes,
    /// It was not: from `again_at` on it would be.
    No { again_at: Timestamp },
}

/// Both databases get the same numbers: the time between two of a flow, and how far ahead of now it may be.
#[derive(Clone, Copy)]
struct Flow {
    interval: i64,
    tolerance: i64,
}

impl Flow {
    fn new(per_second: u32, burst: u32) -> Self {
        let interval = SECOND / i64::from(per_second.max(1));
        Self {
            interval,
            tolerance: interval * i64::from(burst),
        }
    }

    /// When one more passes a flow that is spent until then.
    fn again_at(self, spent_until: i64) -> i64 {
        spent_until + self.interval - self.tolerance
    }
}

const TAKE_FLOW: &str = "INSERT INTO limits (key, spent_until) VALUES ($1, $2 + $3) \
     ON CONFLICT (key) DO UPDATE SET spent_until = GREATEST(limits.spent_until, $2) + $3 \
     WHERE GREATEST(limits.spent_until, $2) + $3 <= $2 + $4 RETURNING spent_until";
const FLOW: &str = "SELECT spent_until FROM limits WHERE key = $1";

/// The n-th newest must lie before the window; where there is none, there were fewer than n.
const TAKE_WINDOWED: &str = "INSERT INTO limits (key, spent_until, recent) VALUES ($1, $2 + $3, ARRAY[$2]) \
     ON CONFLICT (key) DO UPDATE SET spent_until = excluded.spent_until, \
     recent = (excluded.recent || limits.recent)[1:CAST($4 AS INTEGER)] \
     WHERE COALESCE(limits.recent[CAST($5 AS INTEGER)] <= $2 - $6, TRUE) \
     AND COALESCE(limits.recent[CAST($7 AS INTEGER)] <= $2 - $8, TRUE) \
     AND COALESCE(limits.recent[CAST($9 AS INTEGER)] <= $2 - $10, TRUE) RETURNING spent_until";
const WINDOWED: &str = "SELECT COALESCE(GREATEST(limits.recent[CAST($2 AS INTEGER)] + $3, \
     limits.recent[CAST($4 AS INTEGER)] + $5, limits.recent[CAST($6 AS INTEGER)] + $7), 0) AS spent_until \
     FROM limits WHERE key = $1";
const GIVE_BACK: &str = "UPDATE limits SET recent = recent[2:] WHERE key = $1";
const CLEAN: &str = "DELETE FROM limits WHERE spent_until < $1";

impl Store {
    /// Counts one under `key`, unless that would be too much.
    pub async fn acquire(
        &self,
        key: &str,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        self.take_share(key, allowance, 1, now).await
    }

    /// The same where `key` has `share` times the allowance.
    pub async fn take_share(
        &self,
        key: &str,
        allowance: Allowance,
        share: u32,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        let now = now.0.saturating_mul(1000);
        self.clean_counts(now).await?;
        let again_at = match allowance {
            Allowance::Flow { per_second, burst } => {
                let flow = Flow::new(
                    per_second.saturating_mul(share),
                    burst.saturating_mul(share),
                );
                match &self.0.engine {
                    Engine::Sqlite { .. } => self.0.counts.flow(key, flow, now),
                    Engine::Postgres(_) => self.take_flow(key, flow, now).await?,
                }
            }
            Allowance::Windows(windows) => {
                let windows = windows.iter().map(|window| window.times(share));
                let windows: Vec<Window> = windows.collect();
                match &self.0.engine {
                    Engine::Sqlite { .. } => self.0.counts.windowed(key, &windows, now),
                    Engine::Postgres(_) => self.take_windowed(key, &windows, now).await?,
                }
            }
        };
        Ok(again_at.map_or(Taken::Yes, |microseconds| Taken::No {
            // Up, so that whoever waits until then is let through.
            again_at: Timestamp(microseconds.saturating_add(999).div_euclid(1000)),
        }))
    }

    /// Takes the newest count of a limit with windows back: what was counted turned out well.
    pub async fn refund(&self, key: &str) -> Result<(), StoreError> {
        match self.0.engine {
            Engine::Sqlite { .. } => {
                if let Some(count) = self.0.counts.keys().counts.get_mut(key) {
                    count.recent.pop_front();
                }
            }
            Engine::Postgres(_) => drop(self.write(GIVE_BACK, values![key]).await?),
        }
        Ok(())
    }

    /// How many keys are counted at this moment.
    pub async fn counted_keys(&self) -> Result<u64, StoreError> {
        match self.0.engine {
            Engine::Sqlite { .. } => Ok(self.0.counts.keys().counts.len() as u64),
            Engine::Postgres(_) => {
                let row = self.read("SELECT COUNT(*) AS keys FROM limits", values![]);
                row.await?.map_or(Ok(0), |row| row.count("keys"))
            }
        }
    }

    async fn take_flow(&self, key: &str, flow: Flow, now: i64) -> Result<Option<i64>, StoreError> {
        let values = values![key, now, flow.interval, flow.tolerance];
        if !self.write(TAKE_FLOW, values).await?.is_empty() {
            return Ok(None);
        }
        let row = self.read(FLOW, values![key]).await?;
        spent_until(row).map(|spent_until| Some(flow.again_at(spent_until)))
    }

    async fn take_windowed(
        &self,
        key: &str,
        windows: &[Window],
        now: i64,
    ) -> Result<Option<i64>, StoreError> {
        let window = |index: usize| {
            let window = windows.get(index).or(windows.first());
            window.map_or((i64::from(i32::MAX), 0), |window| {
                (i64::from(window.most), window.length())
            })
        };
        let (first, second, third) = (window(0), window(1), window(2));
        let counted = self
            .write(
                TAKE_WINDOWED,
                values![
                    key,
                    now,
                    longest(windows),
                    i64::from(most(windows)),
                    first.0,
                    first.1,
                    second.0,
                    second.1,
                    third.0,
                    third.1
                ],
            )
            .await?;
        if !counted.is_empty() {
            return Ok(None);
        }
        let row = self
            .read(
                WINDOWED,
                values![key, first.0, first.1, second.0, second.1, third.0, third.1],
            )
            .await?;
        spent_until(row).map(Some)
    }

    async fn clean_counts(&self, now: i64) -> Result<(), StoreError> {
        let cleaned = self.0.counts.cleaned.load(Ordering::Relaxed);
        let due = now.saturating_sub(cleaned) >= CLEANED_EVERY_MICROSECONDS;
        let claimed = due
            && self
                .0
                .counts
                .cleaned
                .compare_exchange(cleaned, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok();
        if claimed {
            match self.0.engine {
                Engine::Sqlite { .. } => self.0.counts.keys().make_room(now),
                Engine::Postgres(_) => drop(self.write(CLEAN, values![now]).await?),
            }
        }
        Ok(())
    }
}

/// A row that another process threw away meanwhile keeps nobody waiting.
fn spent_until(row: Option<Row>) -> Result<i64, StoreError> {
    row.map_or(Ok(0), |row| row.integer("spent_until"))
}

fn longest(windows: &[Window]) -> i64 {
    let lengths = windows.iter().map(|window| window.length());
    lengths.max().unwrap_or(0)
}

fn most(windows: &[Window]) -> u32 {
    windows.iter().map(|window| window.most).max().unwrap_or(0)
}

/// The counts of this process. Not the crate `governor`: it cannot take a count back, decide several windows at once or
/// bound its keys, and these few lines are the arithmetic that PostgreSQL is given, so both answer alike.
#[derive(Debug, Default)]
pub(super) struct Counts {
    keys: Mutex<Keys>,
    cleaned: AtomicI64,
}

#[derive(Debug, Default)]
struct Keys {
    counts: HashMap<Box<str>, Count>,
    /// When room was last made; looking through all keys at every call would be a flood's second effect.
    made_room: i64,
}

#[derive(Debug, Default)]
struct Count {
    spent_until: i64,
    recent: VecDeque<i64>,
}

impl Counts {
    fn keys(&self) -> MutexGuard<'_, Keys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flow(&self, key: &str, flow: Flow, now: i64) -> Option<i64> {
        let mut keys = self.keys();
        let count = keys.count(key, now);
        let spent_until = count.spent_until.max(now) + flow.interval;
        if spent_until > now + flow.tolerance {
            return Some(flow.again_at(count.spent_until));
        }
        count.spent_until = spent_until;
        None
    }

    fn windowed(&self, key: &str, windows: &[Window], now: i64) -> Option<i64> {
        let mut keys = self.keys();
        let count = keys.count(key, now);
        let full_until = windows.iter().filter_map(|window| {
            let oldest = count.recent.get(window.most.checked_sub(1)? as usize)?;
            Some(oldest + window.length()).filter(|free| *free > now)
        });
        if let Some(again_at) = full_until.max() {
            return Some(again_at);
        }
        count.recent.push_front(now);
        count.recent.truncate(most(windows) as usize);
        count.spent_until = now + longest(windows);
        None
    }
}

impl Keys {
    /// The count of a key, or the one that all share who come when memory is full.
    fn count(&mut self, key: &str, now: i64) -> &mut Count {
        let mut key = key;
        if self.counts.len() >= MAX_KEYS && !self.counts.contains_key(key) {
            if now - self.made_room >= SECOND {
                self.make_room(now);
            }
            if self.counts.len() >= MAX_KEYS {
                // Each kind of limit by itself: what one counts says nothing to another.
                key = key.split(' ').next().unwrap_or_default();
            }
        }
        self.counts.entry(key.into()).or_default()
    }

    fn make_room(&mut self, now: i64) {
        self.counts.retain(|_, count| count.spent_until >= now);
        self.counts.shrink_to_fit();
        self.made_room = now;
    }
}
