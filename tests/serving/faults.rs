//! What a caller learns when something of ours breaks: a request id, and nothing of the fault.

use serde_json::{Value, json};

use super::client;
use super::rest::{PRIVATE, PUBLIC, account, ask};
use super::support::{Folder, Server};

/// Words that would tell how Clara is built, or that something was shown which was meant for the log.
const FORBIDDEN: [&str; 26] = [
    "sql",
    "database",
    "table",
    "column",
    "constraint",
    "syntax",
    "select",
    "insert",
    "panic",
    "unwrap",
    "thread",
    "stack",
    "backtrace",
    "src/",
    ".rs",
    "rust",
    "tokio",
    "axum",
    "hyper",
    "serde",
    "rmcp",
    "/tmp",
    "clara.db",
    "errno",
    "os error",
    "no such",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_database_is_a_request_id_to_the_caller_and_a_line_in_the_log() {
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ("CLARA_WORKERS", "0"),
    ];
    let server = Server::start(&folder, &settings);
    let ada = account(&folder, &server).await;
    break_database(&folder);
    let person = json!({"first_name": "Eve", "last_name": "Marsh", "email": "eve@example.org", "password": "another long walk"});
    let path = |rest: &str| format!("{}{rest}", ada.path);
    let calls: Vec<(&str, String, String, Option<Value>)> = vec![
        ("GET", path(""), ada.key(), None),
        (
            "PATCH",
            path(""),
            ada.session.clone(),
            Some(json!({"first_name": "Eve"})),
        ),
        ("GET", path("/api_key"), ada.session.clone(), None),
        ("GET", path("/transactions"), ada.key(), None),
        ("GET", path("/tasks"), ada.key(), None),
        (
            "POST",
            path("/agent/analysis"),
            ada.key(),
            Some(json!({"text": "The bridge opened in 1931."})),
        ),
        (
            "POST",
            "/auth/register".to_owned(),
            PUBLIC.to_owned(),
            Some(person),
        ),
        ("GET", "/users".to_owned(), PRIVATE.to_owned(), None),
    ];
    for (method, path, proof, body) in calls {
        let (status, answer) = ask(&server, method, &path, &proof, body).await;
        assert_eq!(status, 500, "{method} {path}: {answer}");
        assert_eq!(answer["message"], "Something went wrong.");
        let data = answer["data"].as_object().unwrap();
        assert_eq!(data.len(), 1, "{answer}");
        let request_id = data["request_id"].as_str().unwrap();
        assert!(
            server.logs(request_id),
            "{request_id} is in no line of the log"
        );
        let text = answer.to_string().to_lowercase();
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
    let ready = client().get(server.at("/livez")).send().await.unwrap();
    assert_eq!(ready.status(), 200, "it lives on");
}

/// Renames what the accounts are kept in, by Python's own SQLite.
fn break_database(folder: &Folder) {
    let script = "import sqlite3, sys; d = sqlite3.connect(sys.argv[1], timeout=10); \
                  d.execute('ALTER TABLE users RENAME TO lost'); d.commit()";
    let mut command = std::process::Command::new("python3");
    command
        .args(["-c", script])
        .arg(folder.data().join("clara.db"));
    assert!(command.status().unwrap().success());
}
