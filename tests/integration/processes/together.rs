//! Desktop clients start a stdio server twice; eight at once is the same, only more so.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::json;

use super::support::{Client, Folder, text_file};

#[tokio::test(flavor = "multi_thread")]
async fn eight_starts_at_once_share_one_account_and_one_set_of_secrets() {
    let folder = Folder::new();
    let starts: Vec<_> = (0..8).map(|_| folder.client(&[])).collect();
    let clients: Vec<Client> = futures_join(starts).await;
    let mut users = BTreeSet::new();
    let mut tokens = BTreeSet::new();
    for client in &clients {
        users.insert(client.data("user_view", json!({})).await["id"].to_string());
        tokens.insert(client.data("api_key_view", json!({})).await["token"].to_string());
    }
    assert_eq!((users.len(), tokens.len()), (1, 1));
    assert_eq!(
        clients[0]
            .data("transaction_view_all", json!({}))
            .await
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

/// Runs all of them at once, keeping their order.
async fn futures_join<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).map(Some).collect();
    let mut results: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, result) in futures.iter_mut().zip(&mut results) {
            if let Some(running) = future
                && let std::task::Poll::Ready(value) = running.as_mut().poll(context)
            {
                *result = Some(value);
                *future = None;
            }
        }
        if futures.iter().all(Option::is_none) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    results.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_finished_by_another_process_answers_who_waits_within_250_ms() {
    let folder = Folder::new();
    let asks = folder.client(&[("CLARA_WORKERS", "0")]).await;
    let arguments = json!({"text": "The bridge opened in 1931.", "wait_seconds": 0});
    let task = asks.data("agent_analysis", arguments).await;
    assert_eq!(task["status"], "PENDING");
    let waiting = json!({"task_id": task["id"], "wait_seconds": 55});
    let ended = json!({"task_id": task["id"], "wait_seconds": 0});
    let wait = async {
        let answer = asks.data("task_view", waiting).await;
        (answer["status"].clone(), Instant::now())
    };
    let work = async {
        let works = folder.client(&[("CLARA_WORKERS", "1")]).await;
        loop {
            let seen = works.data("task_view", ended.clone()).await;
            if seen["status"] == "COMPLETED" {
                return (works, Instant::now());
            }
            tokio::task::yield_now().await;
        }
    };
    let ((status, answered), (_works, finished)) = tokio::join!(wait, work);
    assert_eq!(status, "COMPLETED");
    assert!(
        answered.saturating_duration_since(finished) < Duration::from_millis(250),
        "{:?}",
        answered - finished
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn killing_the_process_that_works_loses_no_task() {
    let folder = Folder::new();
    let asks = folder.client(&[("CLARA_WORKERS", "0")]).await;
    let long = "The bridge was opened in 1931 after years of work on the towers. ".repeat(400);
    let attachments = [text_file("long.txt", &long.repeat(2))];
    let task = asks
        .data(
            "agent_analysis",
            json!({"text": long, "attachments": attachments, "wait_seconds": 0}),
        )
        .await;
    // A worker of its own, killed without warning as soon as it holds the task.
    let mut worker = folder.command(&["worker"]).spawn().unwrap();
    loop {
        let seen = asks
            .data(
                "task_view",
                json!({"task_id": task["id"], "wait_seconds": 0}),
            )
            .await;
        if seen["status"] != "PENDING" {
            break;
        }
        tokio::task::yield_now().await;
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    // The lease runs out by the database's clock, moved here, and the next process takes the task over.
    let later = [
        ("CLARA_WORKERS", "1"),
        ("CLARA_TEST_LEASES_ADVANCED_BY", "60"),
    ];
    let _next = folder.client(&later).await;
    let seen = asks
        .data(
            "task_view",
            json!({"task_id": task["id"], "wait_seconds": 55}),
        )
        .await;
    assert_eq!(seen["status"], "COMPLETED", "{seen}");
    let entries = asks.data("transaction_view_all", json!({})).await;
    assert_eq!(
        entries.as_array().unwrap().len(),
        2,
        "filled up, and reserved once: {entries}"
    );
}
