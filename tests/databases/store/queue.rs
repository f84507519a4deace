//! Tasks as workers see them: one worker at a time, and none of its words after its time.

use std::time::{Duration, Instant};

use clara::domain::credits::Credits;
use clara::domain::ids::UserId;
use clara::domain::task::TaskStatus;
use clara::services::call_control::CallControl;
use clara::services::queue::{Lease, MAX_ATTEMPTS};
use serde_json::json;

use crate::store::common::{balance, reason, submit};
use crate::store::harness::{World, cases, origin};

cases![
    parallel_endings_give_back_once,
    a_stale_worker_writes_nothing,
    a_worker_hears_that_its_task_was_called_off,
    a_task_given_back_can_be_claimed_at_once_and_one_put_off_later,
    a_task_begun_too_often_is_given_up_with_its_credits,
    five_tasks_of_an_account_run_at_once_and_no_more,
    parallel_workers_never_share_a_task,
    a_waiting_caller_hears_of_the_end_from_another_process,
    a_waiting_worker_hears_of_work_from_another_process,
];

async fn parallel_endings_give_back_once(world: World) {
    let user = world.active("ada@example.org").await;
    let other = world.another_process().await;
    for _ in 0..5 {
        let task = submit(&world, &user.id).await;
        let claim = world
            .services
            .queue
            .claim("worker")
            .await
            .unwrap()
            .unwrap()
            .claim;
        let (from, why) = (origin(), reason());
        let report = json!({});
        let (failed, cancelled, cancelled_too, completed) = tokio::join!(
            world.services.queue.fail(&claim, &why),
            other.services.tasks.cancel(&user.id, &task.id, &from),
            world.services.tasks.cancel(&user.id, &task.id, &from),
            other.services.queue.complete(&claim, &report),
        );
        cancelled.unwrap();
        cancelled_too.unwrap();
        let ended = world.services.tasks.view(&user.id, &task.id).await.unwrap();
        let ends = u8::from(failed.unwrap())
            + u8::from(completed.unwrap())
            + u8::from(ended.status == TaskStatus::Cancelled);
        assert_eq!(ends, 1, "{:?}", ended.status);
        let kept = ended.status == TaskStatus::Completed;
        let expected = if kept { 80 } else { 100 };
        assert_eq!(balance(&world, &user.id).await, Credits::whole(expected));
        world
            .services
            .ledger
            .set_balance(&user.id, Credits::whole(100), &origin())
            .await
            .unwrap();
    }
    other.store.close().await;
}

async fn a_stale_worker_writes_nothing(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    let queue = &world.services.queue;
    let slow = queue.claim("slow").await.unwrap().unwrap().claim;
    assert!(queue.claim("eager").await.unwrap().is_none());
    world.store.advance_leases(Duration::from_secs(31));
    let eager = queue.claim("eager").await.unwrap().unwrap().claim;
    assert_eq!(eager.task_id, task.id);
    assert!(eager.fence > slow.fence);
    assert_eq!(queue.renew(&slow, 99).await.unwrap(), Lease::Lost);
    assert!(!queue.complete(&slow, &json!({"by": "slow"})).await.unwrap());
    assert!(!queue.fail(&slow, &reason()).await.unwrap());
    assert!(!queue.retry_later(&slow, Duration::ZERO).await.unwrap());
    assert!(!queue.release(&slow).await.unwrap());
    assert!(
        queue
            .complete(&eager, &json!({"by": "eager"}))
            .await
            .unwrap()
    );
    let done = world.services.tasks.view(&user.id, &task.id).await.unwrap();
    assert_eq!(done.result, Some(json!({"by": "eager"})));
    assert_eq!(balance(&world, &user.id).await, Credits::whole(80));
}

async fn a_worker_hears_that_its_task_was_called_off(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    let queue = &world.services.queue;
    let claim = queue.claim("worker").await.unwrap().unwrap().claim;
    world
        .services
        .tasks
        .cancel(&user.id, &task.id, &origin())
        .await
        .unwrap();
    assert_eq!(queue.renew(&claim, 50).await.unwrap(), Lease::Cancelled);
    assert!(!queue.complete(&claim, &json!({})).await.unwrap());
}

async fn a_task_given_back_can_be_claimed_at_once_and_one_put_off_later(world: World) {
    let user = world.active("ada@example.org").await;
    submit(&world, &user.id).await;
    let queue = &world.services.queue;
    let first = queue.claim("worker").await.unwrap().unwrap().claim;
    assert!(queue.release(&first).await.unwrap());
    let second = queue.claim("worker").await.unwrap().unwrap().claim;
    assert_eq!((first.attempt, second.attempt), (1, 1));
    let pause = Duration::from_mins(10);
    assert!(queue.retry_later(&second, pause).await.unwrap());
    assert!(queue.claim("worker").await.unwrap().is_none());
    world.store.advance_leases(pause);
    let third = queue.claim("worker").await.unwrap().unwrap().claim;
    assert_eq!(third.attempt, 2);
}

async fn a_task_begun_too_often_is_given_up_with_its_credits(world: World) {
    let user = world.active("ada@example.org").await;
    let task = submit(&world, &user.id).await;
    let queue = &world.services.queue;
    for _ in 0..MAX_ATTEMPTS {
        assert!(queue.claim("crashes").await.unwrap().is_some());
        world.store.advance_leases(Duration::from_secs(31));
    }
    assert!(queue.claim("crashes").await.unwrap().is_none());
    let failed = world.services.tasks.view(&user.id, &task.id).await.unwrap();
    assert_eq!(failed.status, TaskStatus::Failed);
    assert!(failed.error.unwrap().retryable);
    assert_eq!(balance(&world, &user.id).await, Credits::whole(100));
}

async fn five_tasks_of_an_account_run_at_once_and_no_more(world: World) {
    let ada = world.active("ada@example.org").await;
    let bob = world.active("bob@example.org").await;
    world
        .services
        .ledger
        .set_balance(&ada.id, Credits::whole(1_000), &origin())
        .await
        .unwrap();
    for _ in 0..8 {
        submit(&world, &ada.id).await;
    }
    let bobs = submit(&world, &bob.id).await;
    let claiming: Vec<_> = (0..12)
        .map(|_| {
            let queue = world.services.queue.clone();
            tokio::spawn(async move { queue.claim("worker").await.unwrap() })
        })
        .collect();
    let mut claims = Vec::new();
    for one in claiming {
        claims.extend(one.await.unwrap().map(|claimed| claimed.claim));
    }
    let of = |user: &UserId| claims.iter().filter(|claim| claim.user_id == *user).count();
    assert_eq!((of(&ada.id), of(&bob.id)), (5, 1));
    assert!(claims.iter().any(|claim| claim.task_id == bobs.id));
    let adas = claims.iter().find(|claim| claim.user_id == ada.id).unwrap();
    assert!(
        world
            .services
            .queue
            .complete(adas, &json!({}))
            .await
            .unwrap()
    );
    assert!(
        world
            .services
            .queue
            .claim("worker")
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        world
            .services
            .queue
            .claim("worker")
            .await
            .unwrap()
            .is_none()
    );
}

async fn parallel_workers_never_share_a_task(world: World) {
    let mut expected = std::collections::HashSet::new();
    for number in 0..4 {
        let user = world.active(&format!("user{number}@example.org")).await;
        for _ in 0..5 {
            expected.insert(submit(&world, &user.id).await.id);
        }
    }
    let other = world.another_process().await;
    let working: Vec<_> = (0..8)
        .map(|number| {
            let world = if number % 2 == 0 {
                world.clone()
            } else {
                other.clone()
            };
            tokio::spawn(async move {
                let mut done = Vec::new();
                while let Some(claimed) = world.services.queue.claim("worker").await.unwrap() {
                    let kept = world
                        .services
                        .queue
                        .complete(&claimed.claim, &json!({}))
                        .await;
                    assert!(kept.unwrap());
                    done.push(claimed.claim.task_id);
                }
                done
            })
        })
        .collect();
    let mut done = Vec::new();
    for one in working {
        done.extend(one.await.unwrap());
    }
    // A worker may have found every place of an account taken for a moment and gone home: the rest is done here.
    while let Some(claimed) = world.services.queue.claim("worker").await.unwrap() {
        assert!(
            world
                .services
                .queue
                .complete(&claimed.claim, &json!({}))
                .await
                .unwrap()
        );
        done.push(claimed.claim.task_id);
    }
    assert_eq!(done.len(), expected.len());
    assert_eq!(
        done.into_iter().collect::<std::collections::HashSet<_>>(),
        expected
    );
    other.store.close().await;
}

async fn a_waiting_caller_hears_of_the_end_from_another_process(world: World) {
    let user = world.active("ada@example.org").await;
    let other = world.another_process().await;
    for from in [&world, &other] {
        let task = submit(&world, &user.id).await;
        let claim = from
            .services
            .queue
            .claim("worker")
            .await
            .unwrap()
            .unwrap()
            .claim;
        let waiting = tokio::spawn({
            let (tasks, user, id) = (
                world.services.tasks.clone(),
                user.id.clone(),
                task.id.clone(),
            );
            async move {
                tasks
                    .wait(&user, &id, Duration::from_secs(30), &CallControl::default())
                    .await
                    .unwrap()
            }
        });
        // Long enough for the caller to be waiting; too short for the slow poll to be what wakes it.
        tokio::time::sleep(Duration::from_millis(300)).await;
        from.services
            .queue
            .complete(&claim, &json!({}))
            .await
            .unwrap();
        let ended = Instant::now();
        assert_eq!(waiting.await.unwrap().status, TaskStatus::Completed);
        assert!(
            ended.elapsed() < Duration::from_secs(1),
            "{:?}",
            ended.elapsed()
        );
    }
    let task = submit(&world, &user.id).await;
    let tasks = &world.services.tasks;
    let still = tasks
        .wait(
            &user.id,
            &task.id,
            Duration::from_millis(20),
            &CallControl::default(),
        )
        .await
        .unwrap();
    assert_eq!(still.status, TaskStatus::Pending);
    other.store.close().await;
}

async fn a_waiting_worker_hears_of_work_from_another_process(world: World) {
    let user = world.active("ada@example.org").await;
    let other = world.another_process().await;
    let mut signal = world.services.queue.watch();
    let waiting = tokio::spawn({
        let queue = world.services.queue.clone();
        async move {
            loop {
                if let Some(claimed) = queue.claim("worker").await.unwrap() {
                    return claimed;
                }
                signal.wait().await;
            }
        }
    });
    tokio::time::sleep(Duration::from_millis(600)).await;
    let task = submit(&other, &user.id).await;
    let submitted = Instant::now();
    assert_eq!(waiting.await.unwrap().claim.task_id, task.id);
    assert!(
        submitted.elapsed() < Duration::from_secs(2),
        "{:?}",
        submitted.elapsed()
    );
    other.store.close().await;
}
