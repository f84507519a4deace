//! What can go wrong between a query and its answer, how long a busy database is waited for, and which fault a caller
//! then sees. Knows no rule of the house: an account that exists already is an outcome, not an error.

use std::time::Duration;

use tokio::time::Instant;

use crate::fault::{Fault, FaultKind, Service};

/// A database that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else holds what is needed; trying the whole transaction again may work.
    #[error("the database is busy: {0}")]
    Busy(#[source] sqlx::Error),
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Gone(#[source] sqlx::Error),
    /// A row with this key exists already.
    #[error("the database refused a second row of the same key: {0}")]
    Conflict(#[source] sqlx::Error),
    /// The address of the database is none.
    #[error("DATABASE_URL takes sqlite://PATH or postgres://USER@HOST/DATABASE: {0}")]
    Address(String),
    /// The database holds something that is not Clara's.
    #[error(
        "the database is not empty and was not made by Clara, so it is left as it is: give Clara a database of its own"
    )]
    Foreign,
    /// The database was made by a newer Clara.
    #[error(
        "the database has schema {found}, this Clara knows {known}: start the newer Clara that made it"
    )]
    Newer { found: i64, known: i64 },
    /// A migration was applied that reads otherwise here.
    #[error("migration {0} was applied with another text than this Clara carries")]
    Altered(i64),
    /// The schema is old and nobody allowed to bring it up to date.
    #[error("the database has schema {found}, this Clara needs {known}: run `clara migrate`")]
    NotMigrated { found: i64, known: i64 },
    /// A stored value is not what the domain takes.
    #[error("the database holds what Clara never wrote: {0}")]
    Damaged(String),
    /// A file that was put aside to be stored cannot be read.
    #[error("a file to be stored cannot be read: {0}")]
    File(#[source] std::io::Error),
    /// Anything else.
    #[error("{0}")]
    Other(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Gone(error),
            sqlx::Error::Database(refusal) => {
                let code = refusal.code().unwrap_or_default();
                if is_busy(&code) {
                    Self::Busy(error)
                } else if is_gone(&code) {
                    Self::Gone(error)
                } else if refusal.is_unique_violation() {
                    Self::Conflict(error)
                } else {
                    Self::Other(error)
                }
            }
            _ => Self::Other(error),
        }
    }
}

/// SQLite's extended BUSY and LOCKED codes, PostgreSQL's serialization failure and deadlock.
fn is_busy(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6),
        _ => matches!(code, "40001" | "40P01" | "55P03"),
    }
}

/// PostgreSQL going down, coming up, or out of connections.
fn is_gone(code: &str) -> bool {
    code.len() == 5 && (code.starts_with("57P") || code.starts_with("08") || code == "53300")
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) | StoreError::Gone(_) => {
                Fault::new(FaultKind::Unavailable(Service::Database)).with_source(error)
            }
            _ => Fault::internal(error),
        }
    }
}

/// How long a busy database is tried again: beyond what the engine itself waits, never without end.
pub(super) struct RetryBudget {
    until: Instant,
    wait: Duration,
}

impl RetryBudget {
    const IN_ALL: Duration = Duration::from_secs(8);
    const MAX_WAIT: Duration = Duration::from_millis(250);

    pub(super) fn new() -> Self {
        Self {
            until: Instant::now() + Self::IN_ALL,
            wait: Duration::from_millis(5),
        }
    }

    /// Waits and says yes where another try may help.
    pub(super) async fn again(&mut self, error: &StoreError) -> bool {
        if !matches!(error, StoreError::Busy(_)) || Instant::now() >= self.until {
            return false;
        }
        tokio::time::sleep(self.wait).await;
        self.wait = (self.wait * 2).min(Self::MAX_WAIT);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_engines_are_told_apart() {
        for busy in ["5", "6", "261", "517", "262", "40001", "40P01"] {
            assert!(is_busy(busy), "{busy}");
        }
        for other in ["1", "19", "2067", "23505", "57P01", ""] {
            assert!(!is_busy(other), "{other}");
        }
        assert!(is_gone("57P01") && is_gone("08006") && !is_gone("5"));
    }
}
