//! Every query of the house, and the two databases behind them. A function here is named after what its caller wants
//! and is one transaction: no half of it can be seen. The store knows no rule and no wording; services do.
//!
//! One text of SQL with `$1` serves SQLite and PostgreSQL. Where the engines differ, the difference is a function of
//! [`Engine`].

pub mod accounts;
pub mod api_keys;
pub mod audit;
pub mod backup;
pub mod codes;
mod error;
pub mod export;
pub mod google;
pub mod housekeeping;
pub mod kept;
pub mod ledger;
pub mod limits;
pub mod login_throttle;
pub mod mailbox_keys;
mod migrate;
pub mod networks;
pub mod outbox;
pub mod page_requests;
pub mod payments;
pub mod purchases;
pub mod queue;
mod readers;
pub mod removal;
pub mod revisions;
pub mod second_factors;
pub mod sessions;
pub mod signals;
pub mod signup;
pub mod sources;
mod sql;
mod sqlite;
pub mod submissions;
mod submitted;
pub mod tasks;
pub mod upload_requests;
pub mod uploads;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::SqliteConnectOptions;

use crate::domain::clock::milliseconds;
use error::RetryBudget;
pub use error::StoreError;
pub use migrate::SchemaState;
use signals::Signals;
use sql::{Row, Statements, Target, Value, values};

/// How long an engine itself waits for somebody else's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const POSTGRES_CONNECTIONS: u32 = 12;
/// How long an idle connection to a server is taken to be there still.
const TRUSTED_WHILE_IDLE: Duration = Duration::from_secs(5);

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Whether an older schema is brought up to date, and an empty database filled.
    pub auto_migrate: bool,
    /// For crash tests: the process stops right before its n-th statement.
    pub abort_at_statement: Option<u64>,
}

impl StoreOptions {
    /// The database at `url`, brought up to date.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            auto_migrate: true,
            abort_at_statement: None,
        }
    }
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    engine: Engine,
    signals: Signals,
    statements: Statements,
    counts: limits::Counts,
    lease_offset_ms: AtomicI64,
    tries_cleaned_at: AtomicI64,
}

/// The two databases, and all that differs between them.
enum Engine {
    Sqlite {
        writer: Box<writer::Writer>,
        readers: Box<readers::Readers>,
    },
    Postgres(PgPool),
}

/// A statement that reads differently on each engine.
#[derive(Clone, Copy)]
struct PerEngine {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Engine {
    fn pick(&self, statement: PerEngine) -> &'static str {
        match self {
            Self::Sqlite { .. } => statement.sqlite,
            Self::Postgres(_) => statement.postgres,
        }
    }

    /// One statement that changes something.
    async fn write(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => writer.write(sql, values).await,
            Self::Postgres(pool) => Target::PostgresPool(pool).all(sql, values).await,
        }
    }

    /// One statement that changes nothing.
    async fn read(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite { readers, .. } => readers.read(sql, values).await,
            Self::Postgres(pool) => Target::PostgresPool(pool).all(sql, values).await,
        }
    }

    /// Begins a transaction.
    async fn begin(&self) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Connection::Sqlite(writer.begin().await?),
            Self::Postgres(pool) => Connection::Postgres(pool.begin().await?),
        })
    }
}

enum Connection {
    Sqlite(writer::Part),
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// A transaction under way; dropped without a commit, nothing of it happened.
struct Transaction<'s> {
    connection: Connection,
    store: &'s Store,
}

impl Transaction<'_> {
    fn target(&mut self) -> Result<Target<'_>, StoreError> {
        self.store.0.statements.count();
        match &mut self.connection {
            Connection::Sqlite(piece) => piece.target(),
            Connection::Postgres(transaction) => Ok(Target::Postgres(transaction)),
        }
    }

    async fn execute(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        self.target()?.execute(sql, values).await
    }

    async fn optional(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.target()?.all(sql, values).await?.into_iter().next())
    }

    async fn all(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        self.target()?.all(sql, values).await
    }

    async fn commit(self) -> Result<(), StoreError> {
        self.store.0.statements.count();
        match self.connection {
            Connection::Sqlite(piece) => piece.finish().await?,
            Connection::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

/// Runs a block as one transaction, again from its start where the database was busy. `return Ok(…)` inside the block
/// leaves it without a commit: nothing it did has happened.
macro_rules! transaction {
    ($store:expr, $transaction:ident => $body:block) => {{
        let mut retries = $crate::store::error::RetryBudget::new();
        loop {
            let outcome: Result<_, $crate::store::StoreError> = async {
                let mut $transaction = $store.begin().await?;
                let value = $body;
                $transaction.commit().await?;
                Ok(value)
            }
            .await;
            match outcome {
                Err(error) if retries.again(&error).await => {}
                outcome => break outcome,
            }
        }
    }};
}
use transaction;

impl Store {
    /// Opens the database and, where that is allowed, brings its schema up to date. Any number of processes may do so
    /// at once.
    pub async fn open(options: StoreOptions) -> Result<Self, StoreError> {
        let engine = connect(&options.url).await?;
        let store = Self(Arc::new(Inner {
            signals: Signals::start(&engine),
            engine,
            statements: Statements::new(options.abort_at_statement),
            counts: limits::Counts::default(),
            lease_offset_ms: AtomicI64::new(0),
            tries_cleaned_at: AtomicI64::new(0),
        }));
        store.prepare_schema(options.auto_migrate).await?;
        Ok(store)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read_all("SELECT now FROM database_clock", values![])
            .await
            .map(drop)
    }

    /// Which engine it is, for people: `SQLite` or `PostgreSQL`.
    pub fn engine_name(&self) -> &'static str {
        match self.0.engine {
            Engine::Sqlite { .. } => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }

    /// How many statements this process has sent, so that crash tests know how many there are to stop at.
    pub fn statements_sent(&self) -> u64 {
        self.0.statements.sent()
    }

    /// Moves the time that leases are judged by; tests only.
    pub fn advance_leases(&self, by: Duration) {
        let milliseconds = milliseconds(by);
        self.0
            .lease_offset_ms
            .fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Closes every connection, waiting for what is under way.
    pub async fn close(&self) {
        self.0.signals.stop();
        match &self.0.engine {
            Engine::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }

    fn lease_offset(&self) -> i64 {
        self.0.lease_offset_ms.load(Ordering::SeqCst)
    }

    fn pick(&self, statement: PerEngine) -> &'static str {
        self.0.engine.pick(statement)
    }

    async fn begin(&self) -> Result<Transaction<'_>, StoreError> {
        self.0.statements.count();
        Ok(Transaction {
            connection: self.0.engine.begin().await?,
            store: self,
        })
    }

    /// One statement that changes something, by itself.
    async fn write(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let mut retries = RetryBudget::new();
        loop {
            self.0.statements.count();
            match self.0.engine.write(sql, values).await {
                Err(error) if retries.again(&error).await => {}
                outcome => return outcome,
            }
        }
    }

    /// One statement that changes nothing.
    async fn read_all(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let mut retries = RetryBudget::new();
        loop {
            self.0.statements.count();
            match self.0.engine.read(sql, values).await {
                Err(error) if retries.again(&error).await => {}
                outcome => return outcome,
            }
        }
    }

    async fn read(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.read_all(sql, values).await?.into_iter().next())
    }
}

async fn connect(url: &str) -> Result<Engine, StoreError> {
    if url.starts_with("sqlite:") {
        let options: SqliteConnectOptions = url
            .parse()
            .map_err(|error: sqlx::Error| StoreError::Address(error.to_string()))?;
        return sqlite::connect(options).await;
    }
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        // The parser's own message may quote the address, password and all.
        let options: PgConnectOptions = url
            .parse()
            .map_err(|_: sqlx::Error| StoreError::Address("this is no address".to_owned()))?;
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A connection in steady use is known to be there; one that lay idle may have been hung up on.
            .test_before_acquire(false)
            .before_acquire(|connection, metadata| {
                Box::pin(async move {
                    if metadata.idle_for >= TRUSTED_WHILE_IDLE {
                        sqlx::Connection::ping(connection).await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.application_name("clara"))
            .await?;
        return Ok(Engine::Postgres(pool));
    }
    Err(StoreError::Address("this is neither".to_owned()))
}
