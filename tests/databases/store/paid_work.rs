//! Work is paid for, workers are shared fairly, and what came to nothing is not kept.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use clara::domain::credits::Credits;
use clara::domain::ids::UserId;
use clara::domain::submission::{Attachment, Submission};
use clara::domain::task::{Task, TaskStatus};
use clara::fault::FaultKind;
use clara::services::queue::Claim;
use serde_json::json;

use crate::store::common::{PRICE, balance, kind, reason, submit, text_only};
use crate::store::harness::{World, cases, origin};

cases![
    a_cancelled_task_costs_what_was_begun,
    a_task_given_back_to_the_queue_cancels_for_free,
    the_time_limit_refunds_once_a_day,
    ended_tasks_without_a_report_keep_no_text,
    an_account_keeps_only_so_many_bytes,
    an_account_keeps_only_so_many_tasks,
    workers_are_shared_fairly_between_accounts,
];

async fn claim(world: &World) -> Claim {
    let claimed = world.services.queue.claim("worker").await.unwrap();
    claimed.unwrap().claim
}

async fn view(world: &World, task: &Task) -> Task {
    let tasks = &world.services.tasks;
    tasks.view(&task.user_id, &task.id).await.unwrap()
}

async fn fill(world: &World, user: &UserId, credits: i64) {
    let ledger = &world.services.ledger;
    let credits = Credits::whole(credits);
    ledger.set_balance(user, credits, &origin()).await.unwrap();
}

async fn a_cancelled_task_costs_what_was_begun(world: World) {
    let user = world.active("ada@example.org").await;
    let tasks = &world.services.tasks;
    for (progress, charged) in [(0, 0), (35, 700), (100, 2_000)] {
        fill(&world, &user.id, 100).await;
        let task = submit(&world, &user.id).await;
        let held = claim(&world).await;
        world.services.queue.renew(&held, progress).await.unwrap();
        for _ in 0..2 {
            let ended = tasks.cancel(&user.id, &task.id, &origin()).await.unwrap();
            assert_eq!(ended.status, TaskStatus::Cancelled);
            let left = Credits::hundredths(10_000 - charged);
            assert_eq!(balance(&world, &user.id).await, left, "{progress}");
            let said = ended.error.map(|error| error.message).unwrap_or_default();
            assert_eq!(
                said.contains(&format!("{progress} percent")),
                charged > 0,
                "{said}"
            );
        }
    }
}

async fn a_task_given_back_to_the_queue_cancels_for_free(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    let held = claim(&world).await;
    let queue = &world.services.queue;
    queue.renew(&held, 60).await.unwrap();
    assert!(queue.release(&held).await.unwrap());
    let tasks = &world.services.tasks;
    tasks.cancel(&user.id, &task.id, &origin()).await.unwrap();
    assert_eq!(balance(&world, &user.id).await, Credits::whole(100));
}

async fn the_time_limit_refunds_once_a_day(world: World) {
    let user = world.active("ada@example.org").await;
    let queue = &world.services.queue;
    for (day, left) in [(0, 100), (0, 80), (1, 80)] {
        world.clock.advance(Duration::from_hours(24 * day));
        let task = submit(&world, &user.id).await;
        let held = claim(&world).await;
        let is_refunded = queue.refunds_time_limit(&held).await;
        assert!(queue.time_out(&held, is_refunded).await.unwrap());
        assert!(!queue.time_out(&held, true).await.unwrap(), "only once");
        assert_eq!(balance(&world, &user.id).await, Credits::whole(left));
        let ended = view(&world, &task).await;
        assert_eq!(ended.status, TaskStatus::Failed);
        let said = ended.error.unwrap().message;
        assert_eq!(said.contains("were not given back"), !is_refunded, "{said}");
    }
    let bob = world.active("bob@example.org").await;
    submit(&world, &bob.id).await;
    let held = claim(&world).await;
    assert!(queue.refunds_time_limit(&held).await, "counted by account");
}

async fn ended_tasks_without_a_report_keep_no_text(world: World) {
    let user = world.active("ada@example.org").await;
    let submission = Submission {
        text: "The bridge opened in 1931.".to_owned(),
        attachments: vec![file(1_000)],
        ..Submission::default()
    };
    let (tasks, queue) = (&world.services.tasks, &world.services.queue);
    let new = || async {
        let submission = submission.clone().into();
        tasks
            .submit(&user.id, &submission, PRICE, &origin())
            .await
            .unwrap()
    };
    let kept =
        "SELECT CAST(COALESCE(SUM(LENGTH(submitted_text) + kept_bytes), 0) AS BIGINT) FROM tasks";
    let pieces = "SELECT COUNT(*) FROM task_attachment_pieces";
    let waiting = new().await;
    assert_eq!(world.number(kept).await, 26 + 1_026);
    tasks
        .cancel(&user.id, &waiting.id, &origin())
        .await
        .unwrap();
    assert_eq!(
        (world.number(kept).await, world.number(pieces).await),
        (0, 0)
    );
    let running = new().await;
    claim(&world).await;
    tasks
        .cancel(&user.id, &running.id, &origin())
        .await
        .unwrap();
    assert_eq!(
        (world.number(kept).await, world.number(pieces).await),
        (0, 0)
    );
    new().await;
    queue.fail(&claim(&world).await, &reason()).await.unwrap();
    assert_eq!(
        (world.number(kept).await, world.number(pieces).await),
        (0, 0)
    );
    new().await;
    let report = json!({"counts": {}});
    queue.complete(&claim(&world).await, &report).await.unwrap();
    assert_eq!(world.number(kept).await, 26 + 26 + 13, "text and report");
}

fn file(bytes: usize) -> Attachment {
    Attachment {
        name: "a.txt".to_owned(),
        url: None,
        charset: None,
        bytes: Arc::from(vec![b'a'; bytes]),
    }
}

async fn an_account_keeps_only_so_many_bytes(world: World) {
    let user = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    let tasks = &world.services.tasks;
    let large = || {
        Submission {
            text: "The bridge opened in 1931.".to_owned(),
            attachments: vec![file(30_000_000)],
            ..Submission::default()
        }
        .into()
    };
    let first = tasks
        .submit(&user.id, &large(), PRICE, &origin())
        .await
        .unwrap();
    let refused = kind(tasks.submit(&user.id, &large(), PRICE, &origin()).await);
    assert!(
        matches!(refused, FaultKind::RateLimited { .. }),
        "{refused:?}"
    );
    assert_eq!(balance(&world, &user.id).await, Credits::whole(80));
    tasks
        .submit(&bob.id, &large(), PRICE, &origin())
        .await
        .unwrap();
    tasks.cancel(&user.id, &first.id, &origin()).await.unwrap();
    tasks
        .submit(&user.id, &large(), PRICE, &origin())
        .await
        .unwrap();
}

async fn an_account_keeps_only_so_many_tasks(world: World) {
    let user = world.active("ada@example.org").await;
    let fill: &'static str = format!(
        "INSERT INTO tasks (id, user_id, status, submitted_text, price, created_at, updated_at) \
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000) \
         SELECT 'task_' || n, '{}', CASE WHEN n <= 150 THEN 'CANCELLED' ELSE 'COMPLETED' END, '', 0, 1, 1 FROM numbers",
        user.id
    )
    .leak();
    world.tamper(fill).await.unwrap();
    submit(&world, &user.id).await;
    let number = "SELECT COUNT(*) FROM tasks";
    assert_eq!(world.number(number).await, 10_000 - 100 + 1);
    let cancelled = "SELECT COUNT(*) FROM tasks WHERE status = 'CANCELLED'";
    assert_eq!(world.number(cancelled).await, 50, "the oldest went");
    world
        .tamper("UPDATE tasks SET status = 'COMPLETED', charged = price")
        .await
        .unwrap();
    let fill: &'static str = format!(
        "INSERT INTO tasks (id, user_id, status, submitted_text, price, created_at, updated_at) \
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 99) \
         SELECT 'task_more' || n, '{}', 'COMPLETED', '', 0, 1, 1 FROM numbers",
        user.id
    )
    .leak();
    world.tamper(fill).await.unwrap();
    let tasks = &world.services.tasks;
    let submission = text_only().into();
    let refused = kind(tasks.submit(&user.id, &submission, PRICE, &origin()).await);
    assert!(
        matches!(refused, FaultKind::RateLimited { .. }),
        "{refused:?}"
    );
    world
        .tamper("DELETE FROM tasks WHERE price = 0")
        .await
        .unwrap();
}

/// Four workers, one account with 1,000 tasks and ten with 5: each small one is through after about as many claims as if
/// the large one had handed in no more than they.
async fn workers_are_shared_fairly_between_accounts(world: World) {
    const WORKERS: usize = 4;
    let large = world.active("large@example.org").await;
    let fill: &'static str = format!(
        "INSERT INTO tasks (id, user_id, status, submitted_text, price, due_at, created_at, updated_at) \
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000) \
         SELECT 'task_' || SUBSTR('{zeros}' || n, LENGTH('{zeros}' || n) - 31), '{id}', 'PENDING', 'x', 0, 1, 1, 1 FROM numbers",
        zeros = "0".repeat(32),
        id = large.id
    )
    .leak();
    world.tamper(fill).await.unwrap();
    let mut small = Vec::new();
    for number in 0..10 {
        let user = world.active(&format!("small{number}@example.org")).await;
        for _ in 0..5 {
            submit(&world, &user.id).await;
        }
        small.push(user.id);
    }
    let mut running: VecDeque<Claim> = VecDeque::new();
    let mut last_claim = BTreeMap::new();
    let mut most_of_large = 0;
    for number in 1..=70 {
        if running.len() == WORKERS {
            let ended = running.pop_front().unwrap();
            world
                .services
                .queue
                .complete(&ended, &json!({}))
                .await
                .unwrap();
        }
        let claimed = claim(&world).await;
        last_claim.insert(claimed.user_id.to_string(), number);
        running.push_back(claimed);
        let waits = small.iter().any(|id| !last_claim.contains_key(id.as_str()));
        if waits {
            let of_large = running
                .iter()
                .filter(|claim| claim.user_id == large.id)
                .count();
            most_of_large = most_of_large.max(of_large);
        }
    }
    assert!(most_of_large <= WORKERS / 2, "{most_of_large} of {WORKERS}");
    for id in &small {
        let last = last_claim[id.as_str()];
        assert!(
            last <= 60,
            "the last of five is claim {last}: {last_claim:?}"
        );
    }
}
