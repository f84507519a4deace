//! The one way a statement reaches a database: values in, rows out, the same text for both engines, each statement
//! counted. Knows no table.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Postgres, Row as _, Sqlite};

use super::error::StoreError;
use crate::domain::Invalid;
use crate::domain::clock::Timestamp;
use crate::domain::credits::Credits;
use crate::domain::ids::{
    ApiKeyId, CodeId, PageRequestId, SessionId, TaskId, TransactionId, UploadId, UploadRequestId,
    UserId,
};

/// A value for a placeholder.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'v> {
    Text(Option<&'v str>),
    Integer(Option<i64>),
    Flag(bool),
    Bytes(&'v [u8]),
}

macro_rules! value_from {
    ($($from:ty, $name:ident => $value:expr;)*) => {
        $(impl<'v> From<$from> for Value<'v> {
            fn from($name: $from) -> Self {
                $value
            }
        })*
    };
}

value_from! {
    &'v str, text => Self::Text(Some(text));
    &'v String, text => Self::Text(Some(text));
    Option<&'v str>, text => Self::Text(text);
    i64, number => Self::Integer(Some(number));
    Option<i64>, number => Self::Integer(number);
    u32, number => Self::Integer(Some(i64::from(number)));
    Option<u32>, number => Self::Integer(number.map(i64::from));
    bool, flag => Self::Flag(flag);
    &'v [u8], bytes => Self::Bytes(bytes);
    Timestamp, moment => Self::Integer(Some(moment.0));
    Option<Timestamp>, moment => Self::Integer(moment.map(|moment| moment.0));
    Credits, amount => Self::Integer(Some(amount.as_hundredths()));
    &'v UserId, id => Self::Text(Some(id.as_str()));
    &'v SessionId, id => Self::Text(Some(id.as_str()));
    &'v CodeId, id => Self::Text(Some(id.as_str()));
    &'v ApiKeyId, id => Self::Text(Some(id.as_str()));
    &'v TransactionId, id => Self::Text(Some(id.as_str()));
    &'v TaskId, id => Self::Text(Some(id.as_str()));
    &'v PageRequestId, id => Self::Text(Some(id.as_str()));
    &'v UploadId, id => Self::Text(Some(id.as_str()));
    &'v UploadRequestId, id => Self::Text(Some(id.as_str()));
}

/// The values of a statement's placeholders, in their order.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::store::sql::Value::from($value)),*]
    };
}
pub(super) use values;

/// A row of either engine.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! column {
    ($row:expr, $name:expr) => {
        match $row {
            Row::Sqlite(row) => row.try_get($name),
            Row::Postgres(row) => row.try_get($name),
        }
        .map_err(StoreError::from)
    };
}

impl Row {
    pub(super) fn text(&self, name: &str) -> Result<String, StoreError> {
        column!(self, name)
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, StoreError> {
        column!(self, name)
    }

    pub(super) fn integer(&self, name: &str) -> Result<i64, StoreError> {
        column!(self, name)
    }

    pub(super) fn optional_integer(&self, name: &str) -> Result<Option<i64>, StoreError> {
        column!(self, name)
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, StoreError> {
        column!(self, name)
    }

    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        column!(self, name)
    }

    /// A count or another number that is never negative.
    pub(super) fn count(&self, name: &str) -> Result<u64, StoreError> {
        let number = self.integer(name)?;
        u64::try_from(number).map_err(|_| StoreError::Damaged(format!("{name} is {number}")))
    }

    pub(super) fn timestamp(&self, name: &str) -> Result<Timestamp, StoreError> {
        self.integer(name).map(Timestamp)
    }

    pub(super) fn credits(&self, name: &str) -> Result<Credits, StoreError> {
        self.integer(name).map(Credits::hundredths)
    }

    /// A value of the domain that was stored as text.
    pub(super) fn parsed<T: FromStr<Err = Invalid>>(&self, name: &str) -> Result<T, StoreError> {
        self.text(name)?
            .parse()
            .map_err(|problem: Invalid| StoreError::Damaged(format!("{name} {problem}")))
    }

    /// The same where there may be none.
    pub(super) fn optional<T: FromStr<Err = Invalid>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, StoreError> {
        self.optional_text(name)?
            .map(|text| {
                text.parse()
                    .map_err(|problem: Invalid| StoreError::Damaged(format!("{name} {problem}")))
            })
            .transpose()
    }
}

/// Counts the statements that were sent, and stops the process before the one a crash test named.
#[derive(Debug, Default)]
pub(super) struct Statements {
    sent: AtomicU64,
    abort_at: Option<u64>,
}

impl Statements {
    pub(super) fn new(abort_at: Option<u64>) -> Self {
        Self {
            sent: AtomicU64::new(0),
            abort_at,
        }
    }

    /// Called right before a statement is sent.
    pub(super) fn count(&self) {
        let number = self.sent.fetch_add(1, Ordering::SeqCst) + 1;
        if self.abort_at == Some(number) {
            std::process::abort();
        }
    }

    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }
}

macro_rules! bound {
    ($engine:ty, $sql:expr, $values:expr) => {{
        let mut query = sqlx::query::<$engine>($sql);
        for value in $values {
            query = match *value {
                Value::Text(text) => query.bind(text),
                Value::Integer(number) => query.bind(number),
                Value::Flag(flag) => query.bind(flag),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

/// Where a statement is sent: a pool, or the connection of a transaction.
pub(super) enum Target<'t> {
    PostgresPool(&'t sqlx::PgPool),
    Sqlite(&'t mut sqlx::SqliteConnection),
    Postgres(&'t mut sqlx::PgConnection),
}

impl Target<'_> {
    /// Every row the statement gives.
    pub(super) async fn all(
        self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let rows = match self {
            Self::Sqlite(connection) => {
                sqlite_rows(bound!(Sqlite, sql, values).fetch_all(connection).await?)
            }
            Self::PostgresPool(pool) => {
                postgres_rows(bound!(Postgres, sql, values).fetch_all(pool).await?)
            }
            Self::Postgres(connection) => {
                postgres_rows(bound!(Postgres, sql, values).fetch_all(connection).await?)
            }
        };
        Ok(rows)
    }

    /// How many rows the statement changed.
    pub(super) async fn execute(
        self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        let changed = match self {
            Self::Sqlite(connection) => {
                let done = bound!(Sqlite, sql, values).execute(connection).await?;
                done.rows_affected()
            }
            Self::PostgresPool(pool) => {
                let done = bound!(Postgres, sql, values).execute(pool).await?;
                done.rows_affected()
            }
            Self::Postgres(connection) => {
                let done = bound!(Postgres, sql, values).execute(connection).await?;
                done.rows_affected()
            }
        };
        Ok(changed)
    }

    /// Runs a text of several statements, as migrations are.
    pub(super) async fn script(self, sql: &'static str) -> Result<(), StoreError> {
        let script = sqlx::raw_sql(sql);
        match self {
            Self::Sqlite(connection) => script.execute(connection).await.map(drop)?,
            Self::PostgresPool(pool) => script.execute(pool).await.map(drop)?,
            Self::Postgres(connection) => script.execute(connection).await.map(drop)?,
        }
        Ok(())
    }
}

fn sqlite_rows(rows: Vec<SqliteRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Sqlite).collect()
}

fn postgres_rows(rows: Vec<PgRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Postgres).collect()
}
