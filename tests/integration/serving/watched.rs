//! How the server is watched: alive, ready, metrics for this machine and the operator only, and logs without secrets.

use serde_json::Value;

use super::client;
use super::support::{Folder, Server};

const PRIVATE: &str = "canary-private-key-0123456789abcdef";

#[tokio::test(flavor = "multi_thread")]
async fn readiness_names_each_part() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_WORKERS", "1")]);
    let answer = client().get(server.at("/readyz")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        body,
        serde_json::json!({"ready": true, "stopping": false, "database": "works", "migrations": "works", "workers": "works"})
    );
    let live = client().get(server.at("/livez")).send().await.unwrap();
    assert_eq!(live.text().await.unwrap(), "ok\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_workers_says_so_and_is_ready() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_WORKERS", "0")]);
    let body: Value = client()
        .get(server.at("/readyz"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&body["ready"], &body["workers"]),
        (&Value::Bool(true), &"off".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_of_another_version_is_not_ready() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[]);
    // Another version moves the schema on while this one runs.
    let mut later = sqlx_free_statement(&folder);
    assert!(later.status().unwrap().success());
    let answer = client().get(server.at("/readyz")).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        (&body["database"], &body["migrations"]),
        (&"works".into(), &"broken".into())
    );
}

/// Notes a migration that this version does not know, by Python's own SQLite.
fn sqlx_free_statement(folder: &Folder) -> std::process::Command {
    let mut command = std::process::Command::new("python3");
    let script = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1], timeout=10); \
                  d.execute(\"INSERT INTO clara_schema (version, name, checksum) VALUES (9999, 'later', 'x')\"); d.commit()";
    command
        .args(["-c", script])
        .arg(folder.data().join("clara.db"));
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_for_this_machine_and_the_operator() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_PRIVATE_API_KEY", PRIVATE)]);
    let ask = || client().get(server.at("/metrics"));
    let text = ask().send().await.unwrap().text().await.unwrap();
    for name in ["clara_workers_alive", "clara_tasks{state=\"pending\"} 0"] {
        assert!(text.contains(name), "{name} in {text}");
    }
    let from_outside = ask()
        .header("x-forwarded-for", "203.0.113.9")
        .send()
        .await
        .unwrap();
    assert_eq!(from_outside.status(), 403);
    let operator = ask()
        .header("x-forwarded-for", "203.0.113.9")
        .header("authorization", PRIVATE);
    assert_eq!(operator.send().await.unwrap().status(), 200);
    let stranger = ask()
        .header("x-forwarded-for", "203.0.113.9")
        .header("authorization", "canary-private-key");
    assert_eq!(stranger.send().await.unwrap().status(), 403);
}

/// What no program calls is admitted, counted and logged as any call is.
#[tokio::test(flavor = "multi_thread")]
async fn webhooks_and_pages_are_counted_and_logged() {
    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_LOG", "info")]);
    let settle = client().post(server.at("/api/v1/stripe/settle"));
    assert_eq!(settle.body("{}").send().await.unwrap().status(), 503);
    let nobody = "/sign-in?request=page_0123456789abcdef0123456789abcdef";
    let asked = client().get(server.at(nobody)).send().await.unwrap();
    assert_eq!(asked.status(), 404);
    let metrics = client().get(server.at("/metrics")).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    for (operation, face, status) in [
        ("stripe_settle", "rest", 503),
        ("page_view_request", "page", 404),
    ] {
        let counted = format!(
            "clara_requests_total{{operation=\"{operation}\",face=\"{face}\",status=\"{status}\"}} 1"
        );
        assert!(metrics.contains(&counted), "{counted} in {metrics}");
        assert!(server.logs(operation), "{operation}: {}", server.log());
    }
}
