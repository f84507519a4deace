//! Opens SQLite's file: one writer, a few readers, each connected when it is first needed, so that a start pays for
//! what it uses. Whose file it is gets looked at before anything could change it, since already the way a connection
//! keeps its journal is written into the file.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use super::error::StoreError;
use super::readers::Readers;
use super::sql::{Target, values};
use super::writer::Writer;
use super::{BUSY_TIMEOUT, Engine, migrate};

/// What SQLite answers where a file is no database at all.
const NOT_A_DATABASE: &str = "26";

/// The writer and the readers; none is connected yet.
pub(super) async fn connect(options: SqliteConnectOptions) -> Result<Engine, StoreError> {
    let options = options.busy_timeout(BUSY_TIMEOUT).foreign_keys(true);
    refuse_foreign(&options).await?;
    create_private_file(options.get_filename())?;
    // Going over to WAL needs the file for itself and does not wait for it: of several processes which open a new
    // file at once some are turned away at first, and try again as with every busy database.
    let writing = options
        .clone()
        .journal_mode(SqliteJournalMode::Wal)
        // What is deleted or blanked is overwritten: else it would stand in the file's free space for years.
        .pragma("secure_delete", "ON")
        .synchronous(SqliteSynchronous::Full);
    Ok(Engine::Sqlite {
        writer: Box::new(Writer::new(writing)),
        readers: Box::new(Readers::new(options.read_only(true))),
    })
}

/// Refuses somebody else's file without leaving a trace beside it. Where another process has the file open, the
/// schema check that follows is as harmless, and is left to it.
async fn refuse_foreign(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    // SQLite keeps its companions beside the file that a link leads to.
    let Ok(path) = std::fs::canonicalize(options.get_filename()) else {
        return Ok(());
    };
    let (wal, journal) = (beside(&path, "-wal"), beside(&path, "-journal"));
    if std::fs::metadata(&path).is_ok_and(|file| file.len() == 0) || wal.exists() {
        return Ok(());
    }
    if journal.exists() {
        // Nobody can read what a killed process left half-written before it is rolled back, and a connection that
        // only reads cannot do that.
        return match is_foreign(options).await {
            Ok(true) => Err(StoreError::Foreign),
            // A busy one is being made at this moment.
            Ok(false) | Err(StoreError::Busy(_)) => Ok(()),
            Err(error) => Err(error),
        };
    }
    // Nobody writes, so nothing needs to be locked, and no companion to be made.
    let looking = options.clone().read_only(true).immutable(true);
    let foreign = is_foreign(&looking).await;
    if wal.exists() || journal.exists() {
        // Somebody began to write meanwhile: what was seen may be half of it.
        return Ok(());
    }
    if foreign? {
        return Err(StoreError::Foreign);
    }
    Ok(())
}

async fn is_foreign(options: &SqliteConnectOptions) -> Result<bool, StoreError> {
    let looked = async {
        let mut connection = options.connect().await?;
        let rows = Target::Sqlite(&mut connection)
            .all(migrate::TABLES.sqlite, values![])
            .await?;
        connection.close().await?;
        Ok(rows)
    }
    .await;
    match looked {
        Ok(rows) => match rows.first() {
            Some(tables) => Ok(migrate::mark(tables)? == migrate::Mark::Foreign),
            None => Ok(false),
        },
        Err(StoreError::Other(sqlx::Error::Database(refusal)))
            if refusal.code().as_deref() == Some(NOT_A_DATABASE) =>
        {
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes the file before SQLite does, readable by its owner only; SQLite gives its companions the same rights.
fn create_private_file(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map(drop)
        .map_err(|error| StoreError::Address(format!("{}: {error}", path.display())))
}
