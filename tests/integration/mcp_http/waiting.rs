//! Calls that wait: what ends the wait before its time, what becomes of the task, and who hears of its progress.

use std::time::{Duration, Instant};

use reqwest::Response;
use serde_json::{Value, json};

use super::support::app::mcp::{call, is_stream, message_of, messages_of};
use super::support::app::{Account, TestApp};

const TEXT: &str = "The bridge opened in 1931.";
/// Nobody works: tasks stay where they are.
const IDLE: [(&str, &str); 1] = [("CLARA_WORKERS", "0")];

/// A call of the analysis that waits as long as one may, with progress.
fn patient(id: u32, token: &str) -> Value {
    let mut message = call(
        id,
        "agent_analysis",
        json!({"text": TEXT, "wait_seconds": 55}),
    );
    message["params"]["_meta"] = json!({"progressToken": token});
    message
}

/// Reads a stream up to its first message.
pub async fn first_message(response: &mut Response) -> Value {
    let mut text = String::new();
    loop {
        let chunk = response.chunk().await.unwrap().expect("the stream goes on");
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        let data = text
            .lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .find_map(|data| serde_json::from_str(data).ok());
        if let Some(message) = data {
            return message;
        }
    }
}

async fn data(app: &TestApp, account: &Account, tool: &str, arguments: Value) -> Value {
    let headers = [("authorization", account.key.as_str())];
    let answer = message_of(app.post(&headers, &call(9, tool, arguments)).await).await;
    assert_eq!(
        answer["result"]["structuredContent"]["status"], "success",
        "{answer}"
    );
    answer["result"]["structuredContent"]["data"].clone()
}

async fn only_task(app: &TestApp, account: &Account) -> Value {
    let tasks = data(app, account, "task_view_all", json!({})).await;
    assert_eq!(tasks.as_array().unwrap().len(), 1, "{tasks}");
    tasks[0].clone()
}

async fn credits(app: &TestApp, account: &Account) -> Value {
    data(app, account, "user_view", json!({})).await["credits"].clone()
}

/// An analysis that waits in a session, told of by its first progress; and the session's headers.
async fn waiting_in_a_session<'a>(
    app: &TestApp,
    account: &'a Account,
    session: &'a str,
) -> (Response, [(&'static str, &'a str); 2]) {
    let headers = [
        ("authorization", account.key.as_str()),
        ("mcp-session-id", session),
    ];
    let mut waiting = app.post(&headers, &patient(7, "p")).await;
    let progress = first_message(&mut waiting).await;
    assert_eq!(progress["method"], "notifications/progress", "{progress}");
    (waiting, headers)
}

fn check_progress(messages: &[Value]) {
    let (answer, before) = messages.split_last().unwrap();
    assert!(!before.is_empty(), "progress came before the answer");
    let mut last = -1.0;
    for message in before {
        assert_eq!(message["method"], "notifications/progress", "{message}");
        let params = &message["params"];
        assert_eq!(params["progressToken"], "p");
        assert_eq!(params["total"], 100.0);
        assert!(params["message"].as_str().unwrap().len() > 8, "{params}");
        let progress = params["progress"].as_f64().unwrap();
        assert!(progress > last, "it only grows: {before:?}");
        last = progress;
    }
    assert!(last >= 100.0, "{last}");
    let task = &answer["result"]["structuredContent"]["data"];
    assert_eq!(task["status"], "COMPLETED", "{answer}");
}

#[tokio::test]
async fn who_asked_for_progress_gets_a_stream_of_it_and_nobody_else() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let params = json!({"name": "agent_analysis", "arguments": {"text": TEXT, "wait_seconds": 55}});
    let response = app
        .stateless(Some(&ada.key), "tools/call", params.clone())
        .await;
    assert!(!is_stream(&response), "nothing streams, so it is JSON");
    assert_eq!(messages_of(response).await.len(), 1);
    let mut asking = params;
    asking["_meta"] = json!({"progressToken": "p"});
    let response = app.stateless(Some(&ada.key), "tools/call", asking).await;
    assert!(is_stream(&response));
    check_progress(&messages_of(response).await);
    let session = app.session("2025-06-18", &ada.key).await;
    let headers = [
        ("authorization", ada.key.as_str()),
        ("mcp-session-id", session.as_str()),
    ];
    let response = app.post(&headers, &patient(3, "p")).await;
    check_progress(&messages_of(response).await);
}

#[tokio::test]
async fn a_call_that_is_taken_back_cancels_the_task_it_began_and_refunds_it() {
    let app = TestApp::start(&IDLE);
    let ada = app.local_account("ada@example.org").await;
    let session = app.session("2025-11-25", &ada.key).await;
    let (_waiting, headers) = waiting_in_a_session(&app, &ada, &session).await;
    assert_eq!(credits(&app, &ada).await, 80.0);
    let task = only_task(&app, &ada).await;
    let cancelled = json!({"jsonrpc": "2.0", "method": "notifications/cancelled",
        "params": {"requestId": 7, "reason": "the person changed their mind"}});
    assert_eq!(app.post(&headers, &cancelled).await.status(), 202);
    // Looked at without waiting: whoever waits for a task keeps it alive.
    let look = json!({"task_id": task["id"], "wait_seconds": 0});
    let asked = Instant::now();
    while data(&app, &ada, "task_view", look.clone()).await["status"] != "CANCELLED" {
        assert!(asked.elapsed() < Duration::from_secs(30), "it is cancelled");
    }
    assert_eq!(credits(&app, &ada).await, 100.0);
}

#[tokio::test]
async fn a_task_that_somebody_else_waits_for_outlives_the_call_that_began_it() {
    let app = TestApp::start(&IDLE);
    let ada = app.local_account("ada@example.org").await;
    let session = app.session("2025-11-25", &ada.key).await;
    let (_waiting, headers) = waiting_in_a_session(&app, &ada, &session).await;
    let task = only_task(&app, &ada).await;
    let arguments = json!({"task_id": task["id"], "wait_seconds": 55});
    let mut view = call(8, "task_view", arguments);
    view["params"]["_meta"] = json!({"progressToken": "v"});
    let mut other = app.post(&headers, &view).await;
    first_message(&mut other).await;
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}});
    assert_eq!(app.post(&headers, &cancelled).await.status(), 202);
    // Only once the first call is over is anything decided; it answers nobody, so its end is seen by the last one's view.
    app.server.terminate();
    let mut rest = String::new();
    while let Some(chunk) = other.chunk().await.unwrap() {
        rest.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(rest.contains("\"status\":\"PENDING\""), "{rest}");
}

#[tokio::test]
async fn a_view_that_is_taken_back_leaves_the_task_alone() {
    let app = TestApp::start(&IDLE);
    let ada = app.local_account("ada@example.org").await;
    let task = json!({"text": TEXT, "wait_seconds": 0});
    let task = data(&app, &ada, "agent_analysis", task).await;
    let session = app.session("2025-11-25", &ada.key).await;
    let headers = [
        ("authorization", ada.key.as_str()),
        ("mcp-session-id", session.as_str()),
    ];
    let arguments = json!({"task_id": task["id"], "wait_seconds": 55});
    let mut view = call(7, "task_view", arguments);
    view["params"]["_meta"] = json!({"progressToken": 1});
    let mut waiting = app.post(&headers, &view).await;
    first_message(&mut waiting).await;
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}});
    assert_eq!(app.post(&headers, &cancelled).await.status(), 202);
    // The session answers in order, so the cancel was heard before this.
    let after = app
        .post(&headers, &call(8, "misc_version", json!({})))
        .await;
    message_of(after).await;
    assert_eq!(only_task(&app, &ada).await["status"], "PENDING");
}

#[tokio::test]
async fn a_caller_who_leaves_frees_its_place_and_its_task_goes_on() {
    let app = TestApp::start(&[
        ("CLARA_WORKERS", "0"),
        ("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "1"),
        // A proxy's connections are those of many.
        ("CLARA_TRUSTED_PROXIES", ""),
    ]);
    let ada = app.local_account("ada@example.org").await;
    let headers = [("authorization", ada.key.as_str())];
    let mut waiting = app.post(&headers, &patient(7, "p")).await;
    let progress = first_message(&mut waiting).await;
    assert_eq!(progress["method"], "notifications/progress", "{progress}");
    let version = call(1, "misc_version", json!({}));
    let other = app.mcp_request(reqwest::Method::POST, &[]);
    let refused = other.body(version.to_string()).send().await;
    assert!(refused.is_err(), "the only place is taken: {refused:?}");
    drop(waiting);
    let left = Instant::now();
    while app
        .mcp_request(reqwest::Method::POST, &[])
        .body(version.to_string())
        .send()
        .await
        .is_err()
    {
        assert!(left.elapsed() < Duration::from_secs(5), "the place is free");
    }
    let task = only_task(&app, &ada).await;
    assert_eq!(task["status"], "PENDING");
    assert_eq!(credits(&app, &ada).await, 80.0);
}

#[tokio::test]
async fn a_stop_answers_who_waits_with_what_there_is() {
    for in_session in [false, true] {
        let mut app = TestApp::start(&IDLE);
        let ada = app.local_account("ada@example.org").await;
        let session = app.session("2025-11-25", &ada.key).await;
        let mut waiting = if in_session {
            waiting_in_a_session(&app, &ada, &session).await.0
        } else {
            let headers = [("authorization", ada.key.as_str())];
            let mut waiting = app.post(&headers, &patient(7, "p")).await;
            first_message(&mut waiting).await;
            waiting
        };
        let asked = Instant::now();
        app.server.terminate();
        let mut rest = String::new();
        while let Some(chunk) = waiting.chunk().await.unwrap() {
            rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
        assert!(rest.contains("\"status\":\"PENDING\""), "{rest}");
        assert!(app.server.wait().success());
        let took = asked.elapsed();
        assert!(
            took < Duration::from_secs(8),
            "in session {in_session}: {took:?}"
        );
    }
}
