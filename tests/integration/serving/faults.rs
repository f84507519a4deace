//! What a caller learns when something of ours breaks: a request id, and nothing of the fault.

use base64::Engine as _;
use serde_json::{Value, json};

use super::client;
use super::rest::{PRIVATE, PUBLIC, account, ask};
use super::support::{Folder, Server};

/// Words that would tell how Clara is built, or that something was shown which was meant for the log.
const FORBIDDEN: [&str; 73] = [
    // How things are kept.
    "sql",
    "database",
    "table",
    "column",
    "constraint",
    "syntax",
    "select",
    "insert",
    "relation",
    "transaction aborted",
    "sqlite",
    "postgres",
    "pragma",
    "deadlock",
    "clara.db",
    // How it is written.
    "panic",
    "unwrap",
    "expect(",
    "thread",
    "stack",
    "backtrace",
    "src/",
    ".rs",
    "rust",
    "cargo",
    "tokio",
    "axum",
    "hyper",
    "serde",
    "rmcp",
    "reqwest",
    "lettre",
    "rustls",
    "sqlx",
    "struct ",
    "enum ",
    "impl ",
    "option<",
    "none(",
    "some(",
    "err(",
    "ok(",
    "::",
    "0x",
    // Where it runs.
    "/tmp",
    "/dev/",
    "/home",
    "/proc",
    "/usr",
    "/root",
    "localhost",
    "127.0.0.1",
    "errno",
    "os error",
    "no such",
    "permission denied",
    "file descriptor",
    "pid ",
    // How it talks to others.
    "connection",
    "refused",
    "socket",
    "tcp",
    "dns",
    "tls",
    "handshake",
    "certificate",
    "timed out",
    "timeout",
    "smtp",
    "jwks",
    "http://",
    "sk_test",
    "bearer ",
];

/// The names of what Clara is built from, as far as nobody takes one for an English word.
fn parts() -> Vec<String> {
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
    let lock = std::fs::read_to_string(lock).unwrap();
    let names = lock.lines().filter_map(|line| {
        let name = line.strip_prefix("name = \"")?;
        name.strip_suffix('"')
    });
    let is_telling = |name: &&str| name.contains(['-', '_']);
    let parts: Vec<String> = names.filter(is_telling).map(str::to_owned).collect();
    assert!(parts.len() + FORBIDDEN.len() > 200, "{}", parts.len());
    parts
}

pub fn says_nothing_of_the_fault(answer: &Value) {
    let text = answer.to_string().to_lowercase();
    let parts = parts();
    for word in FORBIDDEN
        .into_iter()
        .chain(parts.iter().map(String::as_str))
    {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_reached_is_named_to_the_caller_and_the_rest_is_for_the_log() {
    // Where nobody listens.
    let nobody = "http://127.0.0.1:9";
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_STRIPE_SECRET_KEY", "sk_test_of_nobody"),
        ("CLARA_STRIPE_PRICE_ID", "price_credit"),
        ("CLARA_STRIPE_API_BASE", nobody),
        ("CLARA_GOOGLE_CLIENT_ID", "front-end.apps.example"),
        ("CLARA_GOOGLE_JWKS_URL", "http://127.0.0.1:9/certs"),
    ];
    let server = Server::start(&folder, &settings);
    let ada = account(&folder, &server).await;
    // As Google writes them: a key that is not known here, so that the published ones are asked for.
    let token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImZpcnN0IiwidHlwIjoiSldUIn0.e30.AAAA";
    for (path, proof, body, service) in [
        (
            "/stripe/buy",
            ada.session.as_str(),
            json!({"amount": 5, "return_path": "billing"}),
            "Stripe",
        ),
        ("/stripe/portal", ada.session.as_str(), json!({}), "Stripe"),
        ("/auth/google", "", json!({"id_token": token}), "Google"),
    ] {
        let (status, answer) = ask(&server, "POST", path, proof, Some(body)).await;
        assert_eq!(status, 503, "{path}: {answer}");
        assert_eq!(answer["message"], format!("{service} is unavailable."));
        assert_eq!(answer["data"]["service"], service);
        says_nothing_of_the_fault(&answer);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_does_not_leave_and_files_that_do_not_open_tell_nothing_of_how() {
    let folder = Folder::new();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_MAIL_URL", "smtp://127.0.0.1:9"),
    ];
    let server = Server::start(&folder, &settings);
    let person = json!({"first_name": "Eve", "last_name": "Marsh", "email": "eve@example.org", "password": "another long walk"});
    let (status, answer) = ask(&server, "POST", "/auth/register", PUBLIC, Some(person)).await;
    assert_eq!(status, 201, "the mail is kept: {answer}");
    drop(server);

    let folder = Folder::new();
    let server = Server::start(&folder, &[("CLARA_PUBLIC_API_KEY", PUBLIC)]);
    let ada = account(&folder, &server).await;
    let mut broken = b"%PDF-1.7\n".to_vec();
    broken.extend((0..4_000_u32).map(|number| number.to_be_bytes()[3].wrapping_mul(37)));
    let content = base64::engine::general_purpose::STANDARD.encode(broken);
    let question = json!({
        "text": "The bridge opened in 1931.",
        "attachments": [{"name": "a.pdf", "content_base64": content}],
        "wait_seconds": 50,
    });
    let path = format!("{}/agent/analysis", ada.path);
    let (status, answer) = ask(&server, "POST", &path, &ada.key(), Some(question)).await;
    assert_eq!(
        (status, &answer["data"]["status"]),
        (201, &json!("COMPLETED"))
    );
    let unread = &answer["data"]["result"]["sources"][0]["unread"];
    assert!(unread[0]["reason"].is_string(), "{answer}");
    says_nothing_of_the_fault(unread);
}

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
        says_nothing_of_the_fault(&answer);
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
