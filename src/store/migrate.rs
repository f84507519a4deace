//! Brings a database's schema up to date: once, however many processes start together, and never a database that is
//! somebody else's. The table `clara_schema` is Clara's mark and the list of what was applied.

use sha2::{Digest as _, Sha256};

use super::mailbox_keys;
use super::sql::{Row, values};
use super::{PerEngine, Store, StoreError, Transaction, transaction};

struct Migration {
    version: i64,
    name: &'static str,
    text: PerEngine,
}

macro_rules! migration {
    ($version:literal, $name:literal) => {
        Migration {
            version: $version,
            name: $name,
            text: PerEngine {
                sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
                postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
            },
        }
    };
}

/// Numbers only grow: a database takes what is above its newest, so a number that was left out is never filled in later.
static MIGRATIONS: [Migration; 19] = [
    migration!(1, "0001_accounts"),
    migration!(2, "0002_tasks"),
    migration!(3, "0003_limits"),
    migration!(4, "0004_purchases"),
    migration!(6, "0006_google"),
    migration!(7, "0007_guessing"),
    migration!(8, "0008_keeping"),
    migration!(9, "0009_session_origins"),
    migration!(10, "0010_page_requests"),
    migration!(11, "0011_second_factors"),
    migration!(12, "0012_work_is_paid"),
    migration!(13, "0013_mailbox_keys"),
    migration!(14, "0014_submissions"),
    migration!(15, "0015_own_request_ids"),
    migration!(16, "0016_charsets"),
    migration!(17, "0017_judging"),
    migration!(18, "0018_uploads"),
    migration!(19, "0019_task_queues"),
    migration!(20, "0020_upload_requests"),
];

/// Serialises the processes that migrate one PostgreSQL database; the number is only ours.
const LOCK: PerEngine = PerEngine {
    sqlite: "SELECT 1 AS held",
    postgres: "SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(4919131752989213764)) AS lock",
};

pub(super) const TABLES: PerEngine = PerEngine {
    sqlite: "SELECT COUNT(*) AS tables, COUNT(CASE WHEN name = 'clara_schema' THEN 1 END) AS marks
             FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    postgres:
        "SELECT COUNT(*) AS tables, COUNT(CASE WHEN c.relname = 'clara_schema' THEN 1 END) AS marks
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
};

const APPLIED: &str = "SELECT version, checksum FROM clara_schema ORDER BY version";

/// Whose a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It holds nothing yet.
    Empty,
    Claras,
    Foreign,
}

/// What the row of [`TABLES`] says.
pub(super) fn mark(tables: &Row) -> Result<Mark, StoreError> {
    Ok(
        match (tables.integer("tables")?, tables.integer("marks")?) {
            (0, _) => Mark::Empty,
            (_, 0) => Mark::Foreign,
            _ => Mark::Claras,
        },
    )
}

/// Where a database's schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemaState {
    /// The newest migration that was applied; 0 in an empty database.
    pub applied: i64,
    /// The newest one this Clara carries.
    pub known: i64,
}

impl Store {
    /// Brings the schema up to date, as `clara migrate` does.
    pub async fn migrate(&self) -> Result<SchemaState, StoreError> {
        self.prepare_schema(true).await
    }

    /// Whether the schema is still the one this version knows; another version may have moved it on meanwhile.
    pub async fn is_up_to_date(&self) -> Result<bool, StoreError> {
        match self.prepare_schema(false).await {
            Ok(_) => Ok(true),
            Err(
                StoreError::NotMigrated { .. }
                | StoreError::Newer { .. }
                | StoreError::Altered(_)
                | StoreError::Foreign,
            ) => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn prepare_schema(
        &self,
        may_migrate: bool,
    ) -> Result<SchemaState, StoreError> {
        let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
        // Plain reads: a start that finds nothing to do takes no lock.
        let mut before = match self.read(self.pick(TABLES), values![]).await? {
            Some(tables) if is_claras(&tables)? => {
                newest(self, &self.read_all(APPLIED, values![]).await?)?
            }
            _ => 0,
        };
        if before < known && may_migrate {
            before = transaction!(self, transaction => {
                apply_missing(&mut transaction).await?
            })?;
        }
        if before < known {
            return Err(StoreError::NotMigrated {
                found: before,
                known,
            });
        }
        Ok(SchemaState {
            applied: before,
            known,
        })
    }
}

/// Whether there is a list of migrations to read.
fn is_claras(tables: &Row) -> Result<bool, StoreError> {
    match mark(tables)? {
        Mark::Empty => Ok(false),
        Mark::Claras => Ok(true),
        Mark::Foreign => Err(StoreError::Foreign),
    }
}

/// The newest applied migration, after a check that all of them are ours.
fn newest(store: &Store, applied: &[Row]) -> Result<i64, StoreError> {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    let mut newest = 0;
    for row in applied {
        let version = row.integer("version")?;
        let Some(migration) = MIGRATIONS.iter().find(|own| own.version == version) else {
            return Err(StoreError::Newer {
                found: version,
                known,
            });
        };
        if row.text("checksum")? != checksum(store.pick(migration.text)) {
            return Err(StoreError::Altered(version));
        }
        newest = version;
    }
    Ok(newest)
}

/// Everything again under the lock, since another process may have been first.
async fn apply_missing(transaction: &mut Transaction<'_>) -> Result<i64, StoreError> {
    let lock = transaction.store.pick(LOCK);
    transaction.all(lock, values![]).await?;
    let tables = transaction.store.pick(TABLES);
    let mut newest = match transaction.optional(tables, values![]).await? {
        Some(tables) if is_claras(&tables)? => newest(
            transaction.store,
            &transaction.all(APPLIED, values![]).await?,
        )?,
        _ => 0,
    };
    if newest == 0 {
        transaction
            .execute(
                "CREATE TABLE IF NOT EXISTS clara_schema (
                    version BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)",
                values![],
            )
            .await?;
    }
    for migration in MIGRATIONS.iter().filter(|own| own.version > newest) {
        let text = transaction.store.pick(migration.text);
        transaction.target()?.script(text).await?;
        if migration.version == mailbox_keys::VERSION {
            mailbox_keys::remake(transaction).await?;
        }
        transaction
            .execute(
                "INSERT INTO clara_schema (version, name, checksum) VALUES ($1, $2, $3)",
                values![migration.version, migration.name, &checksum(text)],
            )
            .await?;
    }
    if let Some(last) = MIGRATIONS.last() {
        newest = last.version;
    }
    Ok(newest)
}

fn checksum(text: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_file_is_listed() {
        for folder in ["sqlite", "postgres"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
            let files = std::fs::read_dir(path.join(folder)).unwrap().count();
            assert_eq!(files, MIGRATIONS.len(), "migrations/{folder}");
        }
    }
}
