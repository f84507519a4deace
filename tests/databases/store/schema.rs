//! Opening a database: migrated once, only Clara's own, by any number of processes at once.

use clara::domain::page::Page;
use clara::store::mailbox_keys::EmailCollision;
use clara::store::{Store, StoreError, StoreOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::store::harness::{Engine, World, cases};

cases![
    eight_processes_open_a_new_database_at_once,
    a_database_of_somebody_else_is_left_alone,
    not_a_byte_of_a_foreign_file_changes,
    a_file_that_is_no_database_is_foreign,
    a_newer_schema_is_refused,
    keys_of_older_accounts_are_made_anew,
    without_leave_nothing_is_migrated,
    the_file_is_its_owners_only,
];

/// An empty database beside the world's own.
async fn empty(world: &World) -> String {
    match world.engine {
        Engine::Sqlite => format!("sqlite://{}/empty.db", world.directory.path().display()),
        Engine::Postgres => {
            world.tamper("CREATE SCHEMA empty").await.unwrap();
            format!("{}?options=-c%20search_path%3Dempty", world.url)
        }
    }
}

async fn eight_processes_open_a_new_database_at_once(world: World) {
    let url = empty(&world).await;
    let opening: Vec<_> = (0..8)
        .map(|_| tokio::spawn(Store::open(StoreOptions::new(url.clone()))))
        .collect();
    let mut stores = Vec::new();
    for opening in opening {
        stores.push(opening.await.unwrap().unwrap());
    }
    for store in stores {
        store.ping().await.unwrap();
        let state = store.migrate().await.unwrap();
        assert_eq!(state.applied, state.known);
        store.close().await;
    }
}

async fn a_database_of_somebody_else_is_left_alone(world: World) {
    let before = world.number("SELECT COUNT(*) FROM users").await;
    assert_eq!(before, 0);
    world.tamper("DROP TABLE clara_schema").await.unwrap();
    let refused = Store::open(StoreOptions::new(world.url.clone())).await;
    assert!(matches!(refused, Err(StoreError::Foreign)));
}

/// In either journal mode, and with nothing new beside it.
async fn not_a_byte_of_a_foreign_file_changes(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    let directory = world.directory.path().join("foreign");
    std::fs::create_dir(&directory).unwrap();
    for mode in [SqliteJournalMode::Wal, SqliteJournalMode::Delete] {
        let path = directory.join(format!("{mode:?}.db"));
        let theirs = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(mode);
        let mut connection = theirs.connect().await.unwrap();
        sqlx::raw_sql("CREATE TABLE recipes (title TEXT); INSERT INTO recipes VALUES ('soup')")
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        let before = std::fs::read(&path).unwrap();
        let url = format!("sqlite://{}", path.display());
        let refused = Store::open(StoreOptions::new(url)).await;
        assert!(matches!(refused, Err(StoreError::Foreign)));
        assert!(std::fs::read(&path).unwrap() == before);
    }
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 2);
}

async fn a_file_that_is_no_database_is_foreign(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    let path = world.directory.path().join("letter.txt");
    std::fs::write(&path, "Dear Ada").unwrap();
    let url = format!("sqlite://{}", path.display());
    let refused = Store::open(StoreOptions::new(url)).await;
    assert!(matches!(refused, Err(StoreError::Foreign)));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "Dear Ada");
}

async fn a_newer_schema_is_refused(world: World) {
    world
        .tamper("INSERT INTO clara_schema (version, name, checksum) VALUES (9000, 'later', '')")
        .await
        .unwrap();
    let refused = Store::open(StoreOptions::new(world.url.clone())).await;
    assert!(matches!(
        refused,
        Err(StoreError::Newer { found: 9000, .. })
    ));
}

async fn keys_of_older_accounts_are_made_anew(world: World) {
    let eve = world.active("eve@example.org").await;
    let bob = world.active("bob@example.org").await;
    let twin = world.active("twin@example.org").await;
    world
        .tamper(match world.engine {
            Engine::Sqlite => {
                "DROP TRIGGER task_queues_gain;
                 DROP TRIGGER task_queues_move;
                 DROP TRIGGER task_queues_lose;
                 DROP TRIGGER audit_entries_stay_as_written;
                 ALTER TABLE audit_entries DROP COLUMN own_request_id;
                 CREATE TRIGGER audit_entries_stay_as_written BEFORE UPDATE ON audit_entries BEGIN SELECT 1; END;"
            }
            Engine::Postgres => {
                "DROP FUNCTION claim_task;
                 DROP FUNCTION keep_task_queue CASCADE;
                 ALTER TABLE audit_entries DROP COLUMN own_request_id"
            }
        })
        .await
        .unwrap();
    world
        .tamper(
            "UPDATE users SET email = 'eve@bücher.example', email_key = 'eve@bücher.example' WHERE email LIKE 'eve%';
             UPDATE users SET email = 'bob@ｅxample.org', email_key = 'bob@ｅxample.org' WHERE email LIKE 'twin%';
             DROP TABLE email_collisions;
             DROP TABLE task_queues;
             DROP INDEX tasks_waiting;
             DROP INDEX tasks_leases;
             CREATE INDEX tasks_queue ON tasks (due_at, position) WHERE due_at IS NOT NULL;
             CREATE INDEX tasks_turns ON tasks (turn) WHERE turn IS NOT NULL;
             CREATE INDEX tasks_turns_of_user ON tasks (user_id, turn) WHERE turn IS NOT NULL;
             DROP INDEX tasks_submissions;
             ALTER TABLE tasks DROP COLUMN submission_key;
             ALTER TABLE task_attachments DROP COLUMN charset;
             DROP TABLE task_revisions;
             DROP TABLE task_source_pieces;
             DROP INDEX tasks_sources_age;
             ALTER TABLE tasks DROP COLUMN submitted_claims;
             ALTER TABLE tasks DROP COLUMN context;
             ALTER TABLE tasks DROP COLUMN claims_judged;
             ALTER TABLE tasks DROP COLUMN claims_total;
             ALTER TABLE tasks DROP COLUMN checked_file;
             DROP TABLE upload_pieces;
             DROP TABLE uploads;
             DROP TABLE upload_requests;
             ALTER TABLE tasks DROP COLUMN revision;
             ALTER TABLE tasks DROP COLUMN sources_until;
             ALTER TABLE tasks DROP COLUMN sources_bytes;
             DELETE FROM clara_schema WHERE version >= 13;",
        )
        .await
        .unwrap();
    let store = Store::open(StoreOptions::new(world.url.clone()))
        .await
        .unwrap();
    let eves = store.user(&eve.id).await.unwrap().unwrap().email;
    assert_eq!(eves.key(), "eve@xn--bcher-kva.example");
    let collision = EmailCollision {
        user_id: twin.id.clone(),
        kept_by: bob.id.clone(),
    };
    assert_eq!(store.email_collisions().await.unwrap(), [collision]);
    let twins = store.user(&twin.id).await.unwrap().unwrap().email;
    assert_eq!(twins.as_str(), "bob@ｅxample.org", "it is still there");
    let trail = store.audit_trail(None, Page::default()).await.unwrap();
    assert!(trail.iter().all(|row| row.own_request_id.is_none()));
    store.close().await;
}

async fn without_leave_nothing_is_migrated(world: World) {
    let options = StoreOptions {
        auto_migrate: false,
        ..StoreOptions::new(empty(&world).await)
    };
    let refused = Store::open(options.clone()).await.err().unwrap();
    assert!(refused.to_string().contains("clara migrate"), "{refused}");
    let again = Store::open(options).await.err().unwrap();
    assert!(matches!(again, StoreError::NotMigrated { found: 0, .. }));
}

async fn the_file_is_its_owners_only(world: World) {
    #[cfg(unix)]
    if world.engine == Engine::Sqlite {
        use std::os::unix::fs::PermissionsExt as _;
        for entry in std::fs::read_dir(world.directory.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{} {mode:o}", entry.path().display());
        }
    }
    world.store.ping().await.unwrap();
}
