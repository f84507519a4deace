//! Guessing and hidden accounts as HTTP shows them, on a real server.

use serde_json::json;

use super::support::app::{PASSWORD, PUBLIC, TestApp, basic};

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_is_a_header_and_the_envelope_says_it_too() {
    let app = TestApp::start(&[]);
    app.account("ada@example.org").await;
    let wrong = basic("ada@example.org", "wrong");
    for _ in 0..5 {
        let reply = app.tell("POST", "/auth/session", &wrong, &json!({})).await;
        assert_eq!(reply.status, 401, "{}", reply.text);
    }
    let right = basic("ada@example.org", PASSWORD);
    let reply = app.tell("POST", "/auth/session", &right, &json!({})).await;
    assert_eq!(reply.status, 429, "{}", reply.text);
    assert_eq!(reply.header("retry-after"), "1");
    assert!(
        reply.text.contains("\"retry_after_seconds\":1"),
        "{}",
        reply.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_password_is_turned_away_unread() {
    let app = TestApp::start(&[]);
    for (length, expected) in [
        (129, 400),
        (10_000, 400),
        (1_000_000, 400),
        (2_000_000, 413),
    ] {
        let new = json!({
            "first_name": "Ada", "last_name": "Marsh", "email": "ada@example.org",
            "password": "x".repeat(length)
        });
        let reply = app.tell("POST", "/auth/register", PUBLIC, &new).await;
        assert_eq!(reply.status, expected, "{length}: {}", reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_account_is_sent_its_code_after_the_answer() {
    let mut app = TestApp::start(&[("CLARA_HIDE_ACCOUNTS", "true")]);
    app.account("ada@example.org").await;
    let mails = |app: &TestApp| {
        let outbox = app.folder.data().join("outbox");
        let mails = std::fs::read_dir(outbox).unwrap();
        let texts = mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
        texts.collect::<Vec<String>>()
    };
    let before = mails(&app).len();
    let mut answers = Vec::new();
    for email in ["ada@example.org", "nobody@example.org"] {
        let path = format!("/users/{email}/otp/CHANGE_PASSWORD");
        let sent = app.tell("POST", &path, PUBLIC, &json!({})).await;
        assert_eq!(sent.status, 201, "{}", sent.text);
        let path = format!("/users/{email}/activate");
        let wrong = json!({"code": "000001"});
        let refused = app.tell("POST", &path, PUBLIC, &wrong).await;
        assert_eq!(refused.status, 401, "{}", refused.text);
        answers.push((sent.text, refused.text));
    }
    assert_eq!(answers[0], answers[1]);
    // A server that stops finishes what it began after its answers.
    app.server.terminate();
    assert!(app.server.wait().success());
    let mails = mails(&app);
    assert_eq!(mails.len(), before + 1, "{mails:?}");
    let to = |email: &str| {
        let line = format!("To: {email}");
        mails.iter().filter(|mail| mail.contains(&line)).count()
    };
    assert_eq!(to("ada@example.org"), mails.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_leaked_passwords_cannot_be_looked_up_the_log_says_that_one_was_taken() {
    let app = TestApp::start(&[("CLARA_BREACHED_PASSWORDS", "http://127.0.0.1:9/range/")]);
    let new = json!({
        "first_name": "Ada", "last_name": "Marsh", "email": "ada@example.org", "password": PASSWORD
    });
    let reply = app.tell("POST", "/auth/register", PUBLIC, &new).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let said = "whether a new password has leaked could not be found out; it was taken";
    assert!(app.server.logs(said), "{}", app.server.log());
    let log = app.server.log();
    assert!(!log.contains(PASSWORD) && !log.contains("ada@example.org"));
}
