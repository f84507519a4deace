//! A copy of the embedded database as of one moment, made while everybody goes on working, and looked through before it
//! counts as one. PostgreSQL has its own tools for that.

use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::error::StoreError;
use super::ledger::books::{Examined, Size};
use super::readers::Readers;
use super::sql::{Statements, Target, values};
use super::writer::Writer;
use super::{Engine, Inner, Store};
use crate::domain::clock::Timestamp;

/// A copy that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackedUp {
    pub bytes: u64,
    pub size: Size,
    /// How many things in its books are off; they are in the original too.
    pub off: usize,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(
        "the database is PostgreSQL: back it up with its own `pg_dump --format=custom --file=FILE DATABASE_URL`"
    )]
    NotEmbedded,
    #[error("{0}")]
    File(String),
    #[error("the copy is damaged and was removed: {0}")]
    Damaged(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Copies the whole database into a new file, readable by its owner only.
    pub async fn back_up(&self, file: &Path) -> Result<BackedUp, BackupError> {
        let Engine::Sqlite { writer, .. } = &self.0.engine else {
            return Err(BackupError::NotEmbedded);
        };
        let problem =
            |error: std::io::Error| BackupError::File(format!("{}: {error}", file.display()));
        // Whole, so that no name is taken for something else than a file's.
        let whole = std::path::absolute(file).map_err(problem)?;
        let name = whole.to_str().ok_or_else(|| {
            BackupError::File(format!("{}: this name is no UTF-8", file.display()))
        })?;
        create_new(&whole).map_err(problem)?;
        // A connection of its own: reading one moment of the database takes nobody's turn.
        let copied = match copy(writer.options(), name).await {
            Ok(()) => look_through(&whole).await,
            Err(error) => Err(error.into()),
        };
        let kept = match copied {
            Ok(examined) => sync(&whole).map(|bytes| (bytes, examined)).map_err(problem),
            Err(error) => Err(error),
        };
        match kept {
            Ok((bytes, examined)) => Ok(BackedUp {
                bytes,
                size: examined.size,
                off: examined.off.len(),
            }),
            Err(error) => {
                let _ = std::fs::remove_file(&whole);
                Err(error)
            }
        }
    }
}

async fn copy(options: &SqliteConnectOptions, name: &str) -> Result<(), StoreError> {
    let mut connection = options.connect().await?;
    Target::Sqlite(&mut connection)
        .execute("VACUUM INTO $1", values![name])
        .await?;
    connection.close().await?;
    Ok(())
}

/// Reads every page of the copy and holds its books against every rule, without changing a byte.
async fn look_through(file: &Path) -> Result<Examined, BackupError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .immutable(true);
    let copy = Store(Arc::new(Inner {
        engine: Engine::Sqlite {
            readers: Box::new(Readers::new(options.clone())),
            writer: Box::new(Writer::new(options)),
        },
        signals: super::signals::Signals::default(),
        statements: Statements::default(),
        counts: super::limits::Counts::default(),
        lease_offset_ms: std::sync::atomic::AtomicI64::new(0),
        tries_cleaned_at: std::sync::atomic::AtomicI64::new(0),
    }));
    let looked = examine(&copy).await;
    copy.close().await;
    looked
}

async fn examine(copy: &Store) -> Result<Examined, BackupError> {
    for row in copy.read_all("PRAGMA integrity_check", values![]).await? {
        let said = row.text("integrity_check")?;
        if said != "ok" {
            return Err(BackupError::Damaged(said));
        }
    }
    Ok(copy.examine_books(Timestamp(i64::MAX)).await?)
}

/// Never in the place of a file that is there.
fn create_new(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// On the disk when this returns, with its name; says how long it is.
fn sync(path: &Path) -> std::io::Result<u64> {
    let file = std::fs::File::open(path)?;
    file.sync_all()?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(file.metadata()?.len())
}
