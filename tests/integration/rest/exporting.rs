//! What an owner takes along: everything that is kept of them as one document, in which no secret stands, and which is
//! never held whole.

use serde_json::{Value, json};

use super::leaving::{EVIDENCE, TEXT, UNAUTHENTICATED, export, password, work};
use super::support::app::{Account, PASSWORD, PRIVATE, PUBLIC, TestApp, basic, sha256};

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_kept_is_in_the_export_and_no_secret() {
    let app = TestApp::start(&[("CLARA_KEEP_ATTACHMENTS", "true")]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let code = app.folder.code_for("ada@example.org");
    work(&app, &ada).await;
    let wrong = app
        .ask("POST", "/auth/session", &basic(&ada.email, "canary guess"))
        .await;
    wrong.data(401, UNAUTHENTICATED);
    let signed = json!({"change": 1, "operator": "canary-operator", "reason": "Ticket 4711"});
    let moved = app
        .tell("PATCH", &ada.at("/credits"), PRIVATE, &signed)
        .await;
    moved.data(200, "User's credits changed successfully.");
    let exported = export(&app, &ada, &ada.session, &password()).await;

    assert_eq!(exported["format"], "clara-export/1");
    let profile = &exported["profile"];
    assert_eq!(
        (&profile["id"], &profile["email"], &profile["has_password"]),
        (&json!(ada.id), &json!(ada.email), &json!(true))
    );
    assert_eq!(
        (&profile["first_name"], &profile["credits"]),
        (&json!("Ada"), &json!(81.0))
    );
    let key = exported["api_key"].as_object().unwrap();
    let fields: Vec<&String> = key.keys().collect();
    assert_eq!(fields, ["created_at", "id", "last_used_at", "updated_at"]);
    assert!(key["last_used_at"].is_string());
    let session = &exported["sessions"][0];
    assert_eq!(
        (&session["face"], &session["ended_at"]),
        (&json!("rest"), &Value::Null)
    );
    assert_eq!(exported["codes"][0]["purpose"], "ACTIVATION");
    assert!(exported["codes"][0]["used_at"].is_string());
    assert_eq!(exported["authenticators"], json!([]));
    assert_eq!(profile["recovery_codes"], 0);
    assert_eq!(exported["networks"][0]["network"], "127.0.0.1");
    let words: Vec<&str> = exported["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["description"].as_str().unwrap())
        .collect();
    assert_eq!(words.len(), 3);
    assert_eq!(words[0], "Free credits on signup.", "oldest first");
    assert_eq!(exported["purchases"], json!([]));
    let task = &exported["tasks"][0];
    assert_eq!(
        (&task["status"], &task["text"]),
        (&json!("COMPLETED"), &json!(TEXT))
    );
    let listed = app.ask("GET", &ada.at("/tasks"), &ada.key).await;
    let id = listed.data(200, "Tasks fetched successfully.")[0]["id"].clone();
    let viewed = app
        .ask(
            "GET",
            &ada.at(&format!("/tasks/{}", id.as_str().unwrap())),
            &ada.key,
        )
        .await;
    let viewed = viewed.data(200, "Task fetched successfully.");
    assert_eq!(task["result"], viewed["result"], "the whole report");
    let file = json!({
        "name": "bridge.txt",
        "url": null,
        "size_bytes": EVIDENCE.len(),
        "sha256": sha256(EVIDENCE.as_bytes()),
    });
    assert_eq!(task["files"], json!([file]));
    let source = json!({"id": "s1", "name": "bridge.txt", "text": EVIDENCE});
    assert_eq!(task["sources"], json!([source]));
    assert!(task["sources_until"].is_string());
    assert_eq!(task["earlier_reports"], json!([]));
    assert_eq!(
        (&task["claims"], &task["context"]),
        (&json!([]), &json!(null))
    );
    assert_eq!(exported["mails"][0]["kind"], "code_activation");
    assert!(exported["mails"][0]["sent_at"].is_string());
    let events: Vec<&str> = exported["audit_entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        (events[0], *events.last().unwrap()),
        ("registered", "data_exported")
    );
    for event in ["sign_in_refused", "api_key_viewed", "task_ended"] {
        assert!(events.contains(&event), "{event}: {events:?}");
    }

    let known = [format!("\"{code}\""), bob.id, bob.email];
    assert_no_secret(&app, &ada, &exported.to_string(), &known).await;
    let by_operator = export(&app, &ada, PRIVATE, &json!({"reason": "Asked"})).await;
    assert_eq!(by_operator["profile"], exported["profile"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_before_a_judgement_are_exported() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    work(&app, &ada).await;
    let listed = app.ask("GET", &ada.at("/tasks"), &ada.key).await;
    let listed = listed.data(200, "Tasks fetched successfully.");
    let path = ada.at(&format!("/tasks/{}", listed[0]["id"].as_str().unwrap()));
    let viewed = app.ask("GET", &path, &ada.key).await;
    let before = viewed.data(200, "Task fetched successfully.")["result"].clone();
    let judgement = json!({
        "claim": "c1", "verdict": "refuted", "rationale": "The year is another.",
        "quotes": [{"source": "s1", "text": EVIDENCE}],
    });
    let said = json!({"judgements": [judgement], "judged_by": "example-model-1"});
    let judged = app
        .tell("POST", &format!("{path}/judgements"), &ada.key, &said)
        .await;
    let judged = judged.data(200, "Judgements recorded.");
    assert_eq!(judged["outcomes"][0]["accepted"], true, "{judged}");
    let exported = export(&app, &ada, &ada.session, &password()).await;
    let task = &exported["tasks"][0];
    assert_eq!(task["result"], judged["result"]);
    let earlier = &task["earlier_reports"][0];
    assert_eq!(
        (&earlier["revision"], &earlier["report"]),
        (&json!(1), &before)
    );
    let events = exported["audit_entries"].as_array().unwrap();
    assert!(events.iter().any(|entry| entry["event"] == "task_judged"));
}

/// Neither what lets anybody in, nor what the database keeps of it, nor what is `known` besides.
async fn assert_no_secret(app: &TestApp, ada: &Account, text: &str, known: &[String]) {
    let token = |header: &str| header["Bearer ".len()..].to_owned();
    let tokens = [token(&ada.session), token(&ada.key)];
    let words = [
        PASSWORD,
        "$argon2",
        "clara_user_",
        "clara_api_",
        "canary guess",
        "canary-operator",
        PUBLIC,
        PRIVATE,
    ]
    .map(str::to_owned);
    let digests = digests(app).await;
    let known = known.iter().chain(&tokens).chain(&words);
    for secret in known.chain(&digests) {
        assert!(!text.contains(secret), "{secret} is in the export");
    }
    assert!(text.contains("Ticket 4711"), "why it was done is there");
}

/// What the database keeps of secrets.
async fn digests(app: &TestApp) -> Vec<String> {
    use sqlx::Connection as _;
    let url = format!("sqlite://{}/clara.db", app.folder.data().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let kept = "SELECT password_hash FROM users UNION SELECT digest FROM codes";
    let digests: Vec<String> = sqlx::query_scalar(kept)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    assert!(digests.len() >= 4, "{digests:?}");
    digests
}

/// The most memory that the server ever had, in bytes.
#[cfg(target_os = "linux")]
fn peak(app: &TestApp) -> u64 {
    let path = format!("/proc/{}/status", app.server.id());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() * 1024
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_never_held_whole() {
    use sqlx::Connection as _;
    const MANY: &str = "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 400) \
         INSERT INTO tasks (id, user_id, status, submitted_text, price, result, created_at, updated_at) \
         SELECT printf('task_%032x', number), users.id, 'COMPLETED', 'A text.', 0, \
             '{\"format\":\"clara-report/1\",\"long\":\"' || hex(zeroblob(100000)) || '\"}', 1, 1 FROM numbers, users";
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.account("ada@example.org").await;
    let url = format!("sqlite://{}/clara.db", app.folder.data().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(MANY).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    // Proving the password takes its 19 MB once.
    let wrong = json!({"password": "a wrong guess"});
    let path = ada.at("/export");
    let refused = app.tell("POST", &path, &ada.session, &wrong).await;
    refused.data(401, UNAUTHENTICATED);
    let before = peak(&app);
    let exported = export(&app, &ada, &ada.session, &password()).await;
    let grown = peak(&app) - before;
    let tasks = exported["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 400);
    let size = exported.to_string().len() as u64;
    assert!(size > 80_000_000, "{size} bytes");
    assert!(grown < size / 2, "{grown} bytes more for {size}");
    println!("{size} bytes were exported with {grown} bytes of memory more");
}
