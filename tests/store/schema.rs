//! Opening a database: migrated once, only Clara's own, by any number of processes at once.

use clara::store::{Store, StoreError, StoreOptions};

use crate::harness::{Engine, World, cases};

cases![
    eight_processes_open_a_new_database_at_once,
    a_database_of_somebody_else_is_left_alone,
    a_newer_schema_is_refused,
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
