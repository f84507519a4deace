//! Counting: exactly as many as allowed, by one server or by many at once, and nothing kept that says nothing any more.

use std::pin::pin;
use std::time::Duration;

use clara::domain::clock::{Clock as _, Timestamp};
use clara::domain::page::Page;
use clara::domain::randomness::{Randomness as _, SeededRandomness};
use clara::fault::{FaultKind, Service};
use clara::services::throttling::Limit;
use clara::store::limits::{Allowance, MAX_KEYS, Taken, Window};
use clara::store::{Store, StoreOptions};
use futures_util::future::{Either, select};
use sqlx::Connection as _;

use crate::store::common::kind;
use crate::store::harness::{Engine, START, World, cases, origin};

cases![
    a_flow_lets_its_burst_through_and_then_one_an_interval,
    a_window_holds_wherever_it_begins,
    the_narrowest_of_several_windows_decides,
    what_is_given_back_was_never_counted,
    a_hundred_at_once_are_not_more_than_one_after_another,
    three_servers_let_through_what_one_would,
    both_databases_count_alike,
    what_says_nothing_any_more_is_thrown_away,
    memory_holds_so_many_keys_and_the_rest_share_one,
    without_the_store_strict_limits_refuse_and_the_others_let_through,
    a_store_that_hangs_holds_up_strict_limits_and_no_others,
    counting_waits_for_no_disk,
    a_limit_that_is_hit_is_written_down_once,
];

const TEN_A_SECOND: Allowance = Allowance::Flow {
    per_second: 10,
    burst: 10,
};
const WINDOWS: Allowance = Allowance::Windows(&[
    Window {
        most: 1,
        seconds: 60,
    },
    Window {
        most: 5,
        seconds: 3600,
    },
    Window {
        most: 10,
        seconds: 86_400,
    },
]);
const THREE_A_MINUTE: Allowance = Allowance::Windows(&[Window {
    most: 3,
    seconds: 60,
}]);

async fn passes(world: &World, key: &str, allowance: Allowance) -> bool {
    take(world, key, allowance).await == Taken::Yes
}

async fn take(world: &World, key: &str, allowance: Allowance) -> Taken {
    let now = world.clock.now();
    world.store.acquire(key, allowance, now).await.unwrap()
}

async fn how_many_pass(world: &World, key: &str, allowance: Allowance, of: u32) -> u32 {
    let mut passed = 0;
    for _ in 0..of {
        passed += u32::from(passes(world, key, allowance).await);
    }
    passed
}

fn wait_until(world: &World, moment: Timestamp) {
    world.clock.advance(moment.since(world.clock.now()));
}

async fn a_flow_lets_its_burst_through_and_then_one_an_interval(world: World) {
    assert_eq!(how_many_pass(&world, "flow a", TEN_A_SECOND, 25).await, 10);
    assert_eq!(how_many_pass(&world, "flow b", TEN_A_SECOND, 25).await, 10);
    world.clock.advance(Duration::from_millis(99));
    assert!(!passes(&world, "flow a", TEN_A_SECOND).await);
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(how_many_pass(&world, "flow a", TEN_A_SECOND, 3).await, 1);
    for _ in 0..3 {
        let Taken::No { again_at } = take(&world, "flow a", TEN_A_SECOND).await else {
            panic!("a spent flow let one through");
        };
        wait_until(&world, again_at);
        assert!(passes(&world, "flow a", TEN_A_SECOND).await);
    }
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(how_many_pass(&world, "flow a", TEN_A_SECOND, 25).await, 10);
}

async fn a_window_holds_wherever_it_begins(world: World) {
    assert!(passes(&world, "w", THREE_A_MINUTE).await);
    world.clock.advance(Duration::from_secs(50));
    assert_eq!(how_many_pass(&world, "w", THREE_A_MINUTE, 9).await, 2);
    world.clock.advance(Duration::from_millis(9_999));
    assert!(!passes(&world, "w", THREE_A_MINUTE).await);
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(how_many_pass(&world, "w", THREE_A_MINUTE, 9).await, 1);
    let Taken::No { again_at } = take(&world, "w", THREE_A_MINUTE).await else {
        panic!("a full window let one through");
    };
    assert_eq!(again_at.since(START).as_secs(), 110);
    wait_until(&world, again_at);
    assert_eq!(how_many_pass(&world, "w", THREE_A_MINUTE, 9).await, 2);
}

async fn the_narrowest_of_several_windows_decides(world: World) {
    let mut passed = 0;
    for _ in 0..25 * 60 {
        passed += how_many_pass(&world, "w", WINDOWS, 2).await;
        let minutes = world.clock.now().since(START).as_secs() / 60;
        match minutes {
            0 => assert_eq!(passed, 1),
            4..=59 => assert_eq!(passed, 5),
            64..=1439 => assert_eq!(passed, 10),
            1444..=1499 => assert_eq!(passed, 15),
            _ => {}
        }
        world.clock.advance(Duration::from_mins(1));
    }
}

async fn what_is_given_back_was_never_counted(world: World) {
    for _ in 0..10 {
        assert!(passes(&world, "w", THREE_A_MINUTE).await);
        world.store.refund("w").await.unwrap();
    }
    assert_eq!(how_many_pass(&world, "w", THREE_A_MINUTE, 9).await, 3);
    world.store.refund("w").await.unwrap();
    assert_eq!(how_many_pass(&world, "w", THREE_A_MINUTE, 9).await, 1);
    world.store.refund("nobody").await.unwrap();
}

/// How many of so many tries at once pass, spread over these servers.
async fn at_once(worlds: &[World], key: &'static str, allowance: Allowance) -> usize {
    let tries: Vec<_> = (0..100)
        .map(|number| {
            let world = worlds[number % worlds.len()].clone();
            tokio::spawn(async move { passes(&world, key, allowance).await })
        })
        .collect();
    let mut passed = 0;
    for one in tries {
        passed += usize::from(one.await.unwrap());
    }
    passed
}

async fn a_hundred_at_once_are_not_more_than_one_after_another(world: World) {
    let worlds = [world];
    assert_eq!(at_once(&worlds, "flow", TEN_A_SECOND).await, 10);
    assert_eq!(at_once(&worlds, "w", THREE_A_MINUTE).await, 3);
}

async fn three_servers_let_through_what_one_would(world: World) {
    let servers = [
        world.clone(),
        world.another_process().await,
        world.another_process().await,
    ];
    // SQLite serves one machine: each of its processes counts by itself.
    let together = match world.engine {
        Engine::Postgres => 1,
        Engine::Sqlite => servers.len(),
    };
    for _ in 0..3 {
        assert_eq!(at_once(&servers, "flow", TEN_A_SECOND).await, 10 * together);
        world.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(at_once(&servers, "w", THREE_A_MINUTE).await, 3 * together);
    for server in &servers[1..] {
        server.store.close().await;
    }
}

async fn both_databases_count_alike(world: World) {
    let url = format!("sqlite://{}/other.db", world.directory.path().display());
    let other = Store::open(StoreOptions::new(url)).await.unwrap();
    let randomness = SeededRandomness::new(7);
    let draw = |below: u64| {
        let mut bytes = [0_u8; 8];
        randomness.fill(&mut bytes);
        u64::from_le_bytes(bytes) % below
    };
    let mut refused = 0;
    for step in 0..1500 {
        let (key, allowance, pause) = match draw(3) {
            0 => ("flow", TEN_A_SECOND, 120),
            1 => ("w", WINDOWS, 200_000),
            _ => ("m", THREE_A_MINUTE, 30_000),
        };
        if draw(4) == 0 {
            world.clock.advance(Duration::from_millis(draw(pause)));
        }
        let now = world.clock.now();
        let here = world.store.acquire(key, allowance, now).await.unwrap();
        assert_eq!(
            here,
            other.acquire(key, allowance, now).await.unwrap(),
            "{step}"
        );
        refused += u32::from(here != Taken::Yes);
        if key == "m" && draw(5) == 0 {
            world.store.refund(key).await.unwrap();
            other.refund(key).await.unwrap();
        }
    }
    assert!((100..1400).contains(&refused), "{refused}");
    other.close().await;
}

async fn what_says_nothing_any_more_is_thrown_away(world: World) {
    for number in 0..50 {
        assert!(passes(&world, &format!("flow {number}"), TEN_A_SECOND).await);
    }
    assert!(passes(&world, "w", WINDOWS).await);
    assert_eq!(world.store.counted_keys().await.unwrap(), 51);
    world.clock.advance(Duration::from_mins(2));
    assert!(passes(&world, "flow new", TEN_A_SECOND).await);
    assert_eq!(world.store.counted_keys().await.unwrap(), 2);
}

async fn memory_holds_so_many_keys_and_the_rest_share_one(world: World) {
    if world.engine == Engine::Postgres {
        return;
    }
    for number in 0..MAX_KEYS {
        assert!(passes(&world, &format!("flow {number}"), TEN_A_SECOND).await);
    }
    let mut passed = 0;
    for number in 0..1000 {
        passed += u32::from(passes(&world, &format!("flow late {number}"), TEN_A_SECOND).await);
    }
    assert_eq!(passed, 10);
    assert!(
        passes(&world, "flow 7", TEN_A_SECOND).await,
        "a known key is counted by itself"
    );
    assert_eq!(
        world.store.counted_keys().await.unwrap(),
        MAX_KEYS as u64 + 1
    );
    world.clock.advance(Duration::from_secs(2));
    assert_eq!(
        how_many_pass(&world, "flow late", TEN_A_SECOND, 20).await,
        10
    );
    assert_eq!(world.store.counted_keys().await.unwrap(), 1);
}

async fn without_the_store_strict_limits_refuse_and_the_others_let_through(world: World) {
    if world.engine == Engine::Sqlite {
        return;
    }
    let gone = world.another_process().await;
    gone.store.close().await;
    let limits = &gone.services.limits;
    for strict in [
        Limit::SignIn,
        Limit::DeploymentKey,
        Limit::CodeRecipient,
        Limit::CodeCaller,
        Limit::Registration,
        Limit::AppCode,
    ] {
        assert_eq!(
            kind(limits.acquire(strict, "192.0.2.7", origin).await),
            FaultKind::Unavailable(Service::Database)
        );
    }
    for other in [Limit::Credential, Limit::Anonymous] {
        limits.acquire(other, "192.0.2.7", origin).await.unwrap();
    }
}

async fn a_store_that_hangs_holds_up_strict_limits_and_no_others(world: World) {
    if world.engine == Engine::Sqlite {
        return;
    }
    let mut somebody = sqlx::PgConnection::connect(&world.url).await.unwrap();
    let mut lock = somebody.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE limits IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *lock)
        .await
        .unwrap();
    let limits = &world.services.limits;
    let mut strict = pin!(limits.acquire(Limit::SignIn, "192.0.2.7", origin));
    for other in [Limit::Credential, Limit::Anonymous] {
        let mut let_through = pin!(limits.acquire(other, "192.0.2.7", origin));
        match select(&mut strict, &mut let_through).await {
            Either::Left((outcome, _)) => panic!("nobody counted it: {outcome:?}"),
            Either::Right((outcome, _)) => outcome.unwrap(),
        }
    }
    lock.rollback().await.unwrap();
    strict.await.unwrap();
    let counted = "SELECT COUNT(*) FROM limits WHERE key LIKE 'sign_in %'";
    assert_eq!(world.number(counted).await, 1);
}

/// A crash loses the counts; in exchange no call waits until they are written down.
async fn counting_waits_for_no_disk(world: World) {
    if world.engine == Engine::Sqlite {
        return;
    }
    let persistence = "SELECT relpersistence::text FROM pg_class WHERE oid = 'limits'::regclass";
    assert_eq!(world.text(persistence).await, "u", "the table is unlogged");
}

async fn a_limit_that_is_hit_is_written_down_once(world: World) {
    let limits = &world.services.limits;
    for number in 0..50 {
        let taken = limits.acquire(Limit::SignIn, "192.0.2.7", origin).await;
        assert_eq!(taken.is_ok(), number < 10);
        // Others are not written down: their count is in the metrics.
        let _ = limits.acquire(Limit::Credential, "somebody", origin).await;
    }
    let trail = world.store.audit_trail(None, Page::default()).await;
    let hits: Vec<_> = trail.unwrap().into_iter().collect();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].event, "limit_hit");
    assert!(!hits[0].good && hits[0].details.contains("sign_in"));
    assert_eq!(hits[0].address.as_deref(), Some("192.0.2.7"));
}
