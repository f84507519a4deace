//! SQLite's one writer, and one commit for all who stand in line for it. A commit waits for the disk, so whoever finds
//! others waiting leaves the transaction of the database open: each of them does its piece inside it, and then one commit
//! is everybody's. Nobody hears that something was done before it is on the disk; where nobody waits a piece is a
//! transaction by itself.
//!
//! A piece that is given up is undone to its own savepoint. After that the transaction takes no more pieces: SQLite may
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
    line: Line,
}

/// Those who wait for the writer, served in the order in which they came.
#[derive(Clone, Default)]
struct Line {
    turn: Arc<Mutex<Desk>>,
    /// How many wait; it decides how much is committed at once, and nothing that has to be right.
    waiting: Arc<AtomicU64>,
}

/// What only one at a time has.
#[derive(Default)]
struct Desk {
    connection: Option<SqliteConnection>,
    /// The transaction that is under way.
    under_way: Option<UnderWay>,
    begun: u64,
    is_closed: bool,
}

/// A transaction of the database, and those whose pieces it holds.
struct UnderWay {
    number: u64,
    /// What became of it; dropped without a word where the process ends.
    outcome: watch::Sender<Option<Result<(), Undone>>>,
    takes_no_more: bool,
}

/// Why a transaction's pieces did not happen.
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

impl Line {
    async fn wait(&self) -> Result<OwnedMutexGuard<Desk>, StoreError> {
        let place = Place::take(&self.waiting);
        let turn = self.turn.clone().lock_owned();
        let desk = tokio::time::timeout(ACQUIRE_TIMEOUT, turn).await;
        drop(place);
        let desk = desk.map_err(|_| sqlx::Error::PoolTimedOut)?;
        if desk.is_closed {
            return Err(sqlx::Error::PoolClosed.into());
        }
        Ok(desk)
    }

    fn is_empty(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }
}

/// One who waits, counted until it is dropped.
struct Place<'w>(&'w AtomicU64);

impl<'w> Place<'w> {
    fn take(waiting: &'w AtomicU64) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Writer {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        let line = Line::default();
        Self { options, line }
    }

    pub(super) fn options(&self) -> &SqliteConnectOptions {
        &self.options
    }

    /// Begins a piece. The write lock is taken at once: a lock taken later can fail half-way.
    pub(super) async fn begin(&self) -> Result<Piece, StoreError> {
        let desk = self.wait(false).await?;
        self.begin_at(desk, true).await
    }

    /// One statement that changes something.
    pub(super) async fn write(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut desk = self.wait(false).await?;
        if desk.under_way.is_none() && self.line.is_empty() {
            return desk.all(sql, values).await;
        }
        // SQLite undoes a single statement that fails: it needs no savepoint.
        let mut piece = self.begin_at(desk, false).await?;
        let rows = piece.target()?.all(sql, values).await?;
        piece.finish().await?;
        Ok(rows)
    }

    /// One statement that goes into no transaction, as those about the file itself.
    pub(super) async fn write_alone(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut desk = self.wait(true).await?;
        desk.all(sql, values).await
    }

    /// Commits what is under way and closes the connection.
    pub(super) async fn close(&self) {
        let mut desk = self.line.turn.clone().lock_owned().await;
        desk.commit().await;
        desk.is_closed = true;
        if let Some(connection) = desk.connection.take() {
            let _ = connection.close().await;
        }
    }

    /// The desk, with a connection; what is under way there takes another piece.
    async fn wait(&self, is_alone: bool) -> Result<OwnedMutexGuard<Desk>, StoreError> {
        let mut desk = self.line.wait().await?;
        let is_over = |under_way: &UnderWay| is_alone || under_way.takes_no_more;
        if desk.under_way.as_ref().is_some_and(is_over) {
            // Others wait for this commit: it goes on where the caller is dropped.
            let committing = tokio::spawn(async move {
                desk.commit().await;
                desk
            });
            desk = committing.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        }
        if desk.connection.is_none() {
            desk.connection = Some(self.options.connect().await?);
        }
        Ok(desk)
    }

    async fn begin_at(
        &self,
        desk: OwnedMutexGuard<Desk>,
        needs_savepoint: bool,
    ) -> Result<Piece, StoreError> {
        let joins = desk.under_way.is_some();
        let mut piece = Piece {
            desk: Some(desk),
            line: self.line.clone(),
            mark: match (joins, needs_savepoint) {
                (false, _) => Mark::Whole,
                (true, true) => Mark::Savepoint,
                (true, false) => Mark::Statement,
            },
            is_finishing: false,
        };
        match piece.mark {
            Mark::Whole => {
                let desk = piece.desk()?;
                if let Err(error) = desk.all("BEGIN IMMEDIATE", values![]).await {
                    piece.desk = None;
                    return Err(error);
                }
                desk.begun += 1;
                desk.under_way = Some(UnderWay {
                    number: desk.begun,
                    outcome: watch::Sender::new(None),
                    takes_no_more: false,
                });
            }
            Mark::Savepoint => {
                piece.desk()?.all("SAVEPOINT piece", values![]).await?;
            }
            Mark::Statement => {}
        }
        Ok(piece)
    }
}

impl Desk {
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

    /// Undoes a piece, and the whole transaction where that cannot be done for certain.
    async fn undo(&mut self, mark: Mark, is_finishing: bool) {
        if let Some(under_way) = &mut self.under_way {
            under_way.takes_no_more = true;
        }
        let is_undone = match mark {
            Mark::Whole => false,
            Mark::Statement => true,
            Mark::Savepoint => {
                let back = self.all("ROLLBACK TO piece", values![]).await;
                let _ = self.all("RELEASE piece", values![]).await;
                // A savepoint that is gone was released already: the piece is in.
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

/// How a piece is undone.
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
pub(super) struct Piece {
    /// None once it is finished.
    desk: Option<OwnedMutexGuard<Desk>>,
    line: Line,
    mark: Mark,
    is_finishing: bool,
}

impl Piece {
    fn desk(&mut self) -> Result<&mut Desk, StoreError> {
        let desk = self.desk.as_deref_mut();
        Ok(desk.ok_or(sqlx::Error::WorkerCrashed)?)
    }

    /// Where its statements go.
    pub(super) fn target(&mut self) -> Result<Target<'_>, StoreError> {
        let connection = self.desk()?.connection.as_mut();
        Ok(Target::Sqlite(
            connection.ok_or(sqlx::Error::WorkerCrashed)?,
        ))
    }

    /// Returns when the piece is on the disk.
    pub(super) async fn finish(mut self) -> Result<(), StoreError> {
        self.is_finishing = true;
        let (mark, line) = (self.mark, self.line.clone());
        let is_last = line.is_empty();
        let desk = self.desk()?;
        match mark {
            Mark::Whole if is_last => {
                desk.all("COMMIT", values![]).await?;
                desk.under_way = None;
                self.desk = None;
                return Ok(());
            }
            Mark::Savepoint => {
                desk.all("RELEASE piece", values![]).await?;
            }
            Mark::Whole | Mark::Statement => {}
        }
        let under_way = desk.under_way.as_ref().ok_or(sqlx::Error::WorkerCrashed)?;
        let mut outcome = under_way.outcome.subscribe();
        if mark == Mark::Whole {
            // Behind those who wait by now: they do their pieces first.
            tokio::spawn(commit_later(line, under_way.number));
        }
        self.desk = None;
        let told = outcome.wait_for(Option::is_some).await;
        let told = told.map_err(|_| sqlx::Error::WorkerCrashed)?.clone();
        told.unwrap_or(Ok(())).map_err(StoreError::from)
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let Some(mut desk) = self.desk.take() else {
            return;
        };
        if desk.under_way.is_none() && self.mark != Mark::Whole {
            return;
        }
        let (mark, is_finishing) = (self.mark, self.is_finishing);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { desk.undo(mark, is_finishing).await });
        } else {
            // A closed connection has undone everything.
            desk.connection = None;
            desk.under_way = None;
        }
    }
}

async fn commit_later(line: Line, number: u64) {
    let mut desk = line.turn.lock_owned().await;
    let is_it = |under_way: &UnderWay| under_way.number == number;
    if desk.under_way.as_ref().is_some_and(is_it) {
        desk.commit().await;
    }
}
