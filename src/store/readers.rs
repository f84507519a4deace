//! SQLite's readers: a few connections, each opened when all others are busy, so that a start and a quiet process have
//! one. The library's own pool gives a connection back in a task of its own, after a word with the connection's thread:
//! that costs as much as a short statement, and whoever asks meanwhile opens another connection.

use std::sync::{Mutex, PoisonError};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::Semaphore;

use super::ACQUIRE_TIMEOUT;
use super::error::StoreError;
use super::sql::{Row, Target, Value};

/// How many read at once.
const READERS: u32 = 4;

/// The readers of a database.
pub(super) struct Readers {
    options: SqliteConnectOptions,
    permits: Semaphore,
    free: Mutex<Vec<SqliteConnection>>,
}

/// A connection that somebody reads on, free again when this is dropped.
struct Held<'r> {
    readers: &'r Readers,
    connection: Option<SqliteConnection>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.readers.free().extend(self.connection.take());
    }
}

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            permits: Semaphore::new(READERS as usize),
            free: Mutex::default(),
        }
    }

    pub(super) fn options(&self) -> &SqliteConnectOptions {
        &self.options
    }

    /// Every row that a statement gives which changes nothing.
    pub(super) async fn read(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let permit = tokio::time::timeout(ACQUIRE_TIMEOUT, self.permits.acquire()).await;
        let _permit = permit
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        let free = self.free().pop();
        let connection = match free {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        let mut held = Held {
            readers: self,
            connection: None,
        };
        let connection = held.connection.insert(connection);
        let outcome = Target::Sqlite(connection).all(sql, values).await;
        if matches!(outcome, Err(StoreError::Gone(_))) {
            held.connection = None;
        }
        outcome
    }

    /// Closes every connection, waiting for what is read.
    pub(super) async fn close(&self) {
        let all = self.permits.acquire_many(READERS).await;
        self.permits.close();
        drop(all);
        let connections = std::mem::take(&mut *self.free());
        for connection in connections {
            let _ = connection.close().await;
        }
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
