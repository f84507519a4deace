//! Guessing and hidden accounts as HTTP shows them, on a real server.

use serde_json::json;

use super::house::{House, PASSWORD, PUBLIC, basic};

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_is_a_header_and_the_envelope_says_it_too() {
    let house = House::open(&[]);
    house.person("ada@example.org").await;
    let wrong = basic("ada@example.org", "wrong");
    for _ in 0..5 {
        let reply = house
            .tell("POST", "/auth/session", &wrong, &json!({}))
            .await;
        assert_eq!(reply.status, 401, "{}", reply.text);
    }
    let right = basic("ada@example.org", PASSWORD);
    let reply = house
        .tell("POST", "/auth/session", &right, &json!({}))
        .await;
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
    let house = House::open(&[]);
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
        let reply = house.tell("POST", "/auth/register", PUBLIC, &new).await;
        assert_eq!(reply.status, expected, "{length}: {}", reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_account_is_sent_its_code_after_the_answer() {
    let house = House::open(&[("CLARA_HIDE_ACCOUNTS", "true")]);
    for email in ["nobody@example.org", "nobody@example.net"] {
        let path = format!("/users/{email}/otp/CHANGE_PASSWORD");
        let reply = house.tell("POST", &path, PUBLIC, &json!({})).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let path = format!("/users/{email}/activate");
        let reply = house
            .tell("POST", &path, PUBLIC, &json!({"code": "123456"}))
            .await;
        assert_eq!(reply.status, 401, "{}", reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_leaked_passwords_cannot_be_looked_up_the_log_says_that_one_was_taken() {
    let house = House::open(&[("CLARA_BREACHED_PASSWORDS", "http://127.0.0.1:9/range/")]);
    let new = json!({
        "first_name": "Ada", "last_name": "Marsh", "email": "ada@example.org", "password": PASSWORD
    });
    let reply = house.tell("POST", "/auth/register", PUBLIC, &new).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let said = "whether a new password has leaked could not be found out; it was taken";
    assert!(house.server.logs(said), "{}", house.server.log());
    let log = house.server.log();
    assert!(!log.contains(PASSWORD) && !log.contains("ada@example.org"));
}
