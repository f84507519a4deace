//! SQLite's one writer, and one commit for all who wait for it. A commit waits for the disk, so whoever finds
//! others waiting leaves the transaction of the database open: each of them does its part inside it, and then one commit
//! is everybody's. Nobody hears that something was done before it is on the disk; where nobody waits a part is a
//! transaction by itself.
//!
//! A part that is given up is undone to its own savepoint. After that the transaction takes no more parts: SQLite may
//! have ended it by itself, as it does where the disk is full, and the commit is what finds out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use super::ACQUIRE_TIMEOUT;
use super::error::StoreError;
use super::sql::{Row, Target, Value, values};

/// The writer of a database; connected when it is first needed.
pub(super) struct Writer {
    options: SqliteConnectOptions,
    queue: Queue,
}

/// Those who wait for the writer, served in the order in which they came.
#[derive(Clone, Default)]
struct Queue {
    turn: Arc<Mutex<State>>,
    /// How many wait; it decides how much is committed at once, and nothing that has to be right.
    waiting: Arc<AtomicU64>,
}

/// What only one at a time has.
#[derive(Default)]
struct State {
    connection: Option<SqliteConnection>,
    /// The transaction that is under way.
    under_way: Option<UnderWay>,
    begun: u64,
    is_closed: bool,
}

/// A transaction of the database, and those whose parts it holds.
struct UnderWay {
    number: u64,
    /// What became of it; dropped without a word where the process ends.
    outcome: watch::Sender<Option<Result<(), Undone>>>,
    takes_no_more: bool,
}

/// Why a transaction's parts did not happen.
#[derive(Debug, Clone)]
struct Undone {
    /// Whether another try may help.
    is_passing: bool,
    why: String,
}

impl From<Undone> for StoreError {
    fn from(undone: Undone) -> Self {
        let why = sqlx::Error::Protocol(undone.why);
        if undone.is_passing {
            Self::Busy(why)
        } else {
            Self::Other(why)
        }
    }
}

impl Queue {
    async fn wait(&self) -> Result<OwnedMutexGuard<State>, StoreError> {
        let place = Waiting::take(&self.waiting);
        let turn = self.turn.clone().lock_owned();
        let state = tokio::time::timeout(ACQUIRE_TIMEOUT, turn).await;
        drop(place);
        let state = state.map_err(|_| sqlx::Error::PoolTimedOut)?;
        if state.is_closed {
            return Err(sqlx::Error::PoolClosed.into());
        }
        Ok(state)
    }

    fn is_empty(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }
}

/// One who waits, counted until it is dropped.
struct Waiting<'w>(&'w AtomicU64);

impl<'w> Waiting<'w> {
    fn take(waiting: &'w AtomicU64) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Writer {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        let queue = Queue::default();
        Self { options, queue }
    }

    pub(super) fn options(&self) -> &SqliteConnectOptions {
        &self.options
    }

    /// Begins a part. The write lock is taken at once: a lock taken later can fail half-way.
    pub(super) async fn begin(&self) -> Result<Part, StoreError> {
        let state = self.wait(false).await?;
        self.begin_at(state, true).await
    }

    /// One statement that changes something.
    pub(super) async fn write(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut state = self.wait(false).await?;
        if state.under_way.is_none() && self.queue.is_empty() {
            return state.all(sql, values).await;
        }
        // SQLite undoes a single statement that fails: it needs no savepoint.
        let mut part = self.begin_at(state, false).await?;
        let rows = part.target()?.all(sql, values).await?;
        part.finish().await?;
        Ok(rows)
    }

    /// One statement that goes into no transaction, as those about the file itself.
    pub(super) async fn write_alone(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut state = self.wait(true).await?;
        state.all(sql, values).await
    }

    /// Commits what is under way and closes the connection.
    pub(super) async fn close(&self) {
        let mut state = self.queue.turn.clone().lock_owned().await;
        state.commit().await;
        state.is_closed = true;
        if let Some(connection) = state.connection.take() {
            let _ = connection.close().await;
        }
    }

    /// The state, with a connection; what is under way there takes another part.
    async fn wait(&self, is_alone: bool) -> Result<OwnedMutexGuard<State>, StoreError> {
        let mut state = self.queue.wait().await?;
        let is_over = |under_way: &UnderWay| is_alone || under_way.takes_no_more;
        if state.under_way.as_ref().is_some_and(is_over) {
            // Others wait for this commit: it goes on where the caller is dropped.
            let committing = tokio::spawn(async move {
                state.commit().await;
                state
            });
            state = committing.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        }
        if state.connection.is_none() {
            state.connection = Some(self.options.connect().await?);
        }
        Ok(state)
    }

    async fn begin_at(
        &self,
        state: OwnedMutexGuard<State>,
        needs_savepoint: bool,
    ) -> Result<Part, StoreError> {
        let joins = state.under_way.is_some();
        let mut part = Part {
            state: Some(state),
            queue: self.queue.clone(),
            mark: match (joins, needs_savepoint) {
                (false, _) => Mark::Whole,
                (true, true) => Mark::Savepoint,
                (true, false) => Mark::Statement,
            },
            is_finishing: false,
        };
        match part.mark {
            Mark::Whole => {
                let state = part.state()?;
                if let Err(error) = state.all("BEGIN IMMEDIATE", values![]).await {
                    part.state = None;
                    return Err(error);
                }
                state.begun += 1;
                state.under_way = Some(UnderWay {
                    number: state.begun,
                    outcome: watch::Sender::new(None),
                    takes_no_more: false,
                });
            }
            Mark::Savepoint => {
                part.state()?.all("SAVEPOINT part", values![]).await?;
            }
            Mark::Statement => {}
        }
        Ok(part)
    }
}

impl State {
    async fn all(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::WorkerCrashed)?;
        let outcome = Target::Sqlite(connection).all(sql, values).await;
        if matches!(outcome, Err(StoreError::Gone(_))) {
            self.connection = None;
            self.under_way = None;
        }
        outcome
    }

    /// Commits what is under way, if anything is, and tells all who wait for it.
    async fn commit(&mut self) {
        if self.under_way.is_none() {
            return;
        }
        let outcome = match self.all("COMMIT", values![]).await {
            Ok(_) => Ok(()),
            Err(error) => {
                // Nothing is left of it afterwards, whether or not there was anything to undo.
                let _ = self.all("ROLLBACK", values![]).await;
                Err(Undone {
                    is_passing: matches!(error, StoreError::Busy(_)),
                    why: error.to_string(),
                })
            }
        };
        self.tell(outcome);
    }

    fn tell(&mut self, outcome: Result<(), Undone>) {
        if let Some(under_way) = self.under_way.take() {
            under_way.outcome.send_replace(Some(outcome));
        }
    }

    /// Undoes a part, and the whole transaction where that cannot be done for certain.
    async fn undo(&mut self, mark: Mark, is_finishing: bool) {
        if let Some(under_way) = &mut self.under_way {
            under_way.takes_no_more = true;
        }
        let is_undone = match mark {
            Mark::Whole => false,
            Mark::Statement => true,
            Mark::Savepoint => {
                let back = self.all("ROLLBACK TO part", values![]).await;
                let _ = self.all("RELEASE part", values![]).await;
                // A savepoint that is gone was released already: the part is in.
                back.is_ok() || is_finishing
            }
        };
        if !is_undone {
            let _ = self.all("ROLLBACK", values![]).await;
            self.tell(Err(Undone {
                is_passing: true,
                why: "the transaction was undone with another part of it".to_owned(),
            }));
        }
    }
}

/// How a part is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// With the transaction, which it began.
    Whole,
    /// Up to its savepoint.
    Savepoint,
    /// By SQLite itself: it is one statement.
    Statement,
}

/// A part of a transaction that happens as a whole or not at all; dropped before it is finished, it did not happen.
pub(super) struct Part {
    /// None once it is finished.
    state: Option<OwnedMutexGuard<State>>,
    queue: Queue,
    mark: Mark,
    is_finishing: bool,
}

impl Part {
    fn state(&mut self) -> Result<&mut State, StoreError> {
        let state = self.state.as_deref_mut();
        Ok(state.ok_or(sqlx::Error::WorkerCrashed)?)
    }

    /// Where its statements go.
    pub(super) fn target(&mut self) -> Result<Target<'_>, StoreError> {
        let connection = self.state()?.connection.as_mut();
        Ok(Target::Sqlite(
            connection.ok_or(sqlx::Error::WorkerCrashed)?,
        ))
    }

    /// Returns when the part is on the disk.
    pub(super) async fn finish(mut self) -> Result<(), StoreError> {
        self.is_finishing = true;
        let (mark, queue) = (self.mark, self.queue.clone());
        let is_last = queue.is_empty();
        let state = self.state()?;
        match mark {
            Mark::Whole if is_last => {
                state.all("COMMIT", values![]).await?;
                state.under_way = None;
                self.state = None;
                return Ok(());
            }
            Mark::Savepoint => {
                state.all("RELEASE part", values![]).await?;
            }
            Mark::Whole | Mark::Statement => {}
        }
        let under_way = state.under_way.as_ref().ok_or(sqlx::Error::WorkerCrashed)?;
        let mut outcome = under_way.outcome.subscribe();
        if mark == Mark::Whole {
            // Behind those who wait by now: they do their parts first.
            tokio::spawn(commit_later(queue, under_way.number));
        }
        self.state = None;
        let told = outcome.wait_for(Option::is_some).await;
        let told = told.map_err(|_| sqlx::Error::WorkerCrashed)?.clone();
        told.unwrap_or(Ok(())).map_err(StoreError::from)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let Some(mut state) = self.state.take() else {
            return;
        };
        if state.under_way.is_none() && self.mark != Mark::Whole {
            return;
        }
        let (mark, is_finishing) = (self.mark, self.is_finishing);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { state.undo(mark, is_finishing).await });
        } else {
            // A closed connection has undone everything.
            state.connection = None;
            state.under_way = None;
        }
    }
}

async fn commit_later(queue: Queue, number: u64) {
    let mut state = queue.turn.lock_owned().await;
    let is_it = |under_way: &UnderWay| under_way.number == number;
    if state.under_way.as_ref().is_some_and(is_it) {
        state.commit().await;
    }
}
