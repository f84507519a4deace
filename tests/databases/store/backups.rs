//! Copies of the embedded database: whole and sound however much is written meanwhile, for their owner only, and never in
//! the place of something else.

use clara::store::backup::BackupError;
use clara::store::{Store, StoreOptions};

use crate::store::common::{signed, submit};
use crate::store::harness::{Engine, World, cases, origin};

cases![
    a_copy_under_full_write_load_is_sound,
    a_copy_takes_nobodys_place_and_is_its_owners_only,
    a_damaged_copy_is_refused_and_removed,
    a_server_is_left_to_its_own_tools,
];

async fn a_copy_under_full_write_load_is_sound(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    let user = world.active("ada@example.org").await;
    let stop = tokio_util::sync::CancellationToken::new();
    let writing: Vec<_> = (0..3)
        .map(|_| {
            let (world, user, stop) = (world.clone(), user.id.clone(), stop.clone());
            tokio::spawn(async move {
                while !stop.is_cancelled() {
                    let task = submit(&world, &user).await;
                    let tasks = &world.services.tasks;
                    tasks.cancel(&user, &task.id, &origin()).await.unwrap();
                }
            })
        })
        .collect();
    let mut entries = 2;
    for number in 0..5 {
        let before = world.number("SELECT COUNT(*) FROM ledger_entries").await;
        let file = world.directory.path().join(format!("copy{number}.db"));
        let made = world
            .services
            .backups
            .take(&file, &signed("Nightly"))
            .await
            .unwrap();
        assert_eq!((made.off, made.size.accounts), (0, 1));
        assert!(made.size.entries >= entries.max(u64::try_from(before).unwrap()));
        entries = made.size.entries;
        // Restored: opened as a database to work with.
        let url = format!("sqlite://{}", file.display());
        let copy = Store::open(StoreOptions::new(url)).await.unwrap();
        assert!(copy.discrepancies().await.unwrap().is_empty());
        let restored = copy.user(&user.id).await.unwrap().unwrap();
        assert!(restored.credits <= user.credits);
        copy.close().await;
    }
    let written = world.number("SELECT COUNT(*) FROM ledger_entries").await;
    stop.cancel();
    for writing in writing {
        writing.await.unwrap();
    }
    assert!(written > 2, "somebody wrote meanwhile");
}

async fn a_copy_takes_nobodys_place_and_is_its_owners_only(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    let file = world.directory.path().join("copy % of ?mode=ro#.db");
    let take = async || world.services.backups.take(&file, &signed("Nightly")).await;
    take().await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let before = std::fs::read(&file).unwrap();
    assert!(matches!(take().await, Err(BackupError::File(_))));
    assert!(std::fs::read(&file).unwrap() == before);
    let nowhere = world.directory.path().join("no/such/folder/copy.db");
    let refused = world
        .services
        .backups
        .take(&nowhere, &signed("Nightly"))
        .await;
    assert!(matches!(refused, Err(BackupError::File(_))));
    // Each try is in the trail, the first one in the copy too.
    let tries = "SELECT COUNT(*) FROM audit_entries WHERE details LIKE '%\"backup\"%'";
    assert_eq!(world.number(tries).await, 3);
}

async fn a_damaged_copy_is_refused_and_removed(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    // What no rule of the database allows, as a damaged page may hold it; a copy takes it along.
    world
        .tamper(
            "CREATE TABLE damaged (word TEXT); INSERT INTO damaged VALUES (NULL); PRAGMA writable_schema = ON; \
             UPDATE sqlite_master SET sql = 'CREATE TABLE damaged (word TEXT NOT NULL)' WHERE name = 'damaged'",
        )
        .await
        .unwrap();
    let file = world.directory.path().join("copy.db");
    let act = signed("Nightly");
    let refused = world.services.backups.take(&file, &act).await;
    let Err(BackupError::Damaged(said)) = refused else {
        panic!("{refused:?}")
    };
    assert!(said.contains("damaged"), "{said}");
    let left = std::fs::read_dir(world.directory.path()).unwrap();
    let names = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let copies: Vec<String> = names.filter(|name| name.starts_with("copy")).collect();
    assert_eq!(copies, Vec::<String>::new());
    // Mended, it is copied under the same name.
    world.tamper("DROP TABLE damaged").await.unwrap();
    world.services.backups.take(&file, &act).await.unwrap();
}

async fn a_server_is_left_to_its_own_tools(world: World) {
    if world.engine == Engine::Sqlite {
        return;
    }
    let file = world.directory.path().join("copy.db");
    let refused = world.services.backups.take(&file, &signed("Nightly")).await;
    assert!(refused.unwrap_err().to_string().contains("pg_dump"));
    assert!(!file.exists());
}
