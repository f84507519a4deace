//! Many at once: what is kept beside the tasks stays true, and who shares a commit with somebody that gives up loses nothing.

use std::time::Duration;

use clara::domain::credits::Credits;
use clara::domain::ids::UserId;
use clara::domain::task::Task;
use serde_json::json;

use crate::store::common::{PRICE, balance, email, reason, submit, text_only};
use crate::store::harness::{Engine, World, cases, origin};

cases![
    queues_agree_with_tasks_after_a_storm,
    refused_calls_leave_the_others_whole,
    dropped_calls_leave_the_others_whole,
    an_abandoned_task_is_claimed_first,
    a_second_start_writes_nothing,
];

/// How many accounts' rows differ from what their tasks say.
const DISAGREEING: &str = "SELECT COUNT(*) FROM task_queues AS kept JOIN (SELECT user_id, COUNT(slot) AS running, \
     MIN(CASE WHEN slot IS NULL THEN due_at END) AS due_at, COUNT(*) AS kept_tasks, SUM(kept_bytes) AS kept_bytes \
     FROM tasks GROUP BY user_id) AS said ON said.user_id = kept.user_id \
     WHERE kept.running <> said.running OR COALESCE(kept.due_at, 0) <> COALESCE(said.due_at, 0) \
     OR kept.kept_tasks <> said.kept_tasks OR kept.kept_bytes <> said.kept_bytes";

async fn rich(world: &World, address: &str) -> UserId {
    let user = world.active(address).await;
    let ledger = &world.services.ledger;
    let credits = Credits::whole(10_000);
    ledger
        .set_balance(&user.id, credits, &origin())
        .await
        .unwrap();
    user.id
}

async fn try_to_submit(world: World, user: UserId) -> Option<Task> {
    let tasks = &world.services.tasks;
    let submission = text_only().into();
    tasks
        .submit(&user, &submission, PRICE, &origin())
        .await
        .ok()
}

async fn queues_agree_with_tasks_after_a_storm(world: World) {
    let other = world.another_process().await;
    let users = [
        rich(&world, "ada@example.org").await,
        rich(&world, "bob@example.org").await,
    ];
    let mut all = Vec::new();
    for number in 0..6_usize {
        let world = if number % 2 == 0 { &world } else { &other }.clone();
        let user = users[number / 2 % 2].clone();
        all.push(tokio::spawn(async move {
            let (tasks, queue) = (&world.services.tasks, &world.services.queue);
            for step in 0..8_usize {
                let task = submit(&world, &user).await;
                if step % 4 == 3 {
                    tasks.cancel(&user, &task.id, &origin()).await.unwrap();
                }
                let Some(claimed) = queue.claim("worker").await.unwrap() else {
                    continue;
                };
                let claim = claimed.claim;
                match (number + step) % 4 {
                    0 => queue.fail(&claim, &reason()).await,
                    1 => queue.release(&claim).await,
                    2 => queue.retry_later(&claim, Duration::from_mins(1)).await,
                    _ => queue.complete(&claim, &json!({"counts": {}})).await,
                }
                .unwrap();
            }
        }));
    }
    for one in all {
        one.await.unwrap();
    }
    assert_eq!(world.number(DISAGREEING).await, 0);
    world
        .tamper("DELETE FROM tasks WHERE status = 'PENDING'")
        .await
        .unwrap();
    assert_eq!(world.number(DISAGREEING).await, 0);
    let waiting = "SELECT COUNT(*) FROM task_queues WHERE due_at IS NOT NULL";
    assert_eq!(world.number(waiting).await, 0);
    other.store.close().await;
}

/// Every second one cannot pay, so that its piece of the commit is undone.
async fn refused_calls_leave_the_others_whole(world: World) {
    let rich = rich(&world, "ada@example.org").await;
    let poor = world.active("bob@example.org").await.id;
    let ledger = &world.services.ledger;
    ledger
        .set_balance(&poor, Credits::ZERO, &origin())
        .await
        .unwrap();
    let all: Vec<_> = (0..60)
        .map(|number| {
            let user = if number % 2 == 0 { &rich } else { &poor };
            tokio::spawn(try_to_submit(world.clone(), user.clone()))
        })
        .collect();
    let mut taken = 0;
    for one in all {
        taken += i64::from(one.await.unwrap().is_some());
    }
    assert_eq!(taken, 30);
    assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await, 30);
    let left = Credits::whole(10_000 - 30 * 20);
    assert_eq!(balance(&world, &rich).await, left);
    assert!(world.store.discrepancies().await.unwrap().is_empty());
}

/// Calls that are dropped half-way, one sooner than the other: each of the rest is there.
async fn dropped_calls_leave_the_others_whole(world: World) {
    let user = rich(&world, "ada@example.org").await;
    let mut all = Vec::new();
    for number in 0..80_u64 {
        let call = try_to_submit(world.clone(), user.clone());
        let is_dropped = number % 2 == 1;
        all.push((
            is_dropped,
            tokio::spawn(async move {
                if is_dropped {
                    let timeout = Duration::from_micros(150 * number);
                    tokio::time::timeout(timeout, call).await.ok().flatten()
                } else {
                    call.await
                }
            }),
        ));
    }
    for (is_dropped, one) in all {
        let stored = one.await.unwrap();
        assert!(is_dropped || stored.is_some());
        if let Some(task) = stored {
            world.services.tasks.view(&user, &task.id).await.unwrap();
        }
    }
    let after = submit(&world, &user).await;
    world.services.tasks.view(&user, &after.id).await.unwrap();
    assert!(world.store.discrepancies().await.unwrap().is_empty());
    assert_eq!(world.number(DISAGREEING).await, 0);
    let stored = world.number("SELECT COUNT(*) FROM tasks").await;
    let left = Credits::whole(10_000 - 20 * stored);
    assert_eq!(balance(&world, &user).await, left, "paid for what is there");
}

async fn an_abandoned_task_is_claimed_first(world: World) {
    let ada = rich(&world, "ada@example.org").await;
    let bob = rich(&world, "bob@example.org").await;
    let queue = &world.services.queue;
    let first = submit(&world, &ada).await;
    submit(&world, &ada).await;
    queue.claim("vanishes").await.unwrap().unwrap();
    submit(&world, &bob).await;
    world.store.advance_leases(Duration::from_secs(31));
    let claimed = queue.claim("worker").await.unwrap().unwrap();
    assert_eq!(claimed.claim.task_id, first.id);
    let next = queue.claim("worker").await.unwrap().unwrap();
    assert_eq!(next.claim.user_id, bob, "Ada has one running");
}

async fn a_second_start_writes_nothing(world: World) {
    let (address, fill) = (email("local@localhost"), Credits::whole(100));
    let accounts = &world.services.accounts;
    let first = accounts.local_account(&address, fill).await.unwrap();
    assert_eq!(first.credits, fill);
    let written = || {
        let name = |suffix| world.directory.path().join(format!("clara.db{suffix}"));
        [name(""), name("-wal")].map(|path| std::fs::read(path).ok())
    };
    let before = written();
    assert!(world.engine == Engine::Postgres || before[0].is_some());
    let again = accounts.local_account(&address, fill).await.unwrap();
    assert_eq!((again.id, again.credits), (first.id, fill));
    assert!(written() == before);
}
