//! Waiting over REST: it is asked for, it ends with the task, and it ends when nobody listens any more, while the task
//! goes on.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::support::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_unasked() {
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.account("ada@example.org").await;
    let began = Instant::now();
    let started = app
        .tell(
            "POST",
            &ada.at("/agent/analysis"),
            &ada.key,
            &json!({"text": "It rained."}),
        )
        .await;
    let started = started.data(201, "Analysis started successfully.");
    let task = ada.at(&format!("/tasks/{}", started["id"].as_str().unwrap()));
    let seen = app
        .ask("GET", &task, &ada.key)
        .await
        .data(200, "Task fetched successfully.");
    assert_eq!(
        (&started["status"], &seen["status"]),
        (&json!("PENDING"), &json!("PENDING"))
    );
    // Without a worker nothing ends: who had waited would have waited 25 seconds over MCP.
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_gets_the_report_in_one_call() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let question = json!({"text": "The bridge opened in 1931.", "wait_seconds": 55});
    let done = app
        .tell("POST", &ada.at("/agent/analysis"), &ada.key, &question)
        .await;
    assert_eq!(
        done.data(201, "Analysis started successfully.")["status"],
        "COMPLETED"
    );
}

/// One answer on a connection of its own; `None` where the server closed it at once, for want of a place.
fn answer(app: &TestApp, path: &str, proof: &str) -> Option<String> {
    let mut stream = app.connect();
    let sent = ask(&mut stream, app, path, proof);
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    (sent.is_ok() && read.is_ok() && !answer.is_empty()).then_some(answer)
}

fn ask(stream: &mut TcpStream, app: &TestApp, path: &str, proof: &str) -> std::io::Result<()> {
    let host = app.server.url.strip_prefix("http://").unwrap();
    let request = format!(
        "GET /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {proof}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_while_waiting_frees_the_place_and_the_task_goes_on() {
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.account("ada@example.org").await;
    let started = app
        .tell(
            "POST",
            &ada.at("/agent/analysis"),
            &ada.key,
            &json!({"text": "It rained."}),
        )
        .await;
    let id = started.data(201, "Analysis started successfully.")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let task = ada.at(&format!("/tasks/{id}"));

    // One place in all, and who waits has it.
    let app = TestApp::restart(
        app.stop(),
        &[("CLARA_WORKERS", "0"), ("CLARA_MAX_CONNECTIONS", "1")],
    );
    let mut waiting = app.connect();
    ask(
        &mut waiting,
        &app,
        &format!("{task}?wait_seconds=55"),
        &ada.key,
    )
    .unwrap();
    assert_eq!(answer(&app, "/health", ""), None, "the place is taken");
    drop(waiting);
    let left = Instant::now();
    let seen = loop {
        if let Some(seen) = answer(&app, &task, &ada.key) {
            break seen;
        }
        assert!(
            left.elapsed() < Duration::from_secs(20),
            "the place is not free"
        );
    };
    assert!(seen.contains(r#""status":"PENDING""#), "{seen}");

    let app = TestApp::restart(app.stop(), &[]);
    let done = app
        .ask("GET", &format!("{task}?wait_seconds=55"), &ada.key)
        .await;
    assert_eq!(
        done.data(200, "Task fetched successfully.")["status"],
        "COMPLETED"
    );
}
