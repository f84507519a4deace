//! Fields that are missing, unknown, of the wrong type or in the wrong place: all are named at once.

use serde_json::json;

use super::support::app::{PUBLIC, TestApp, basic};

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_field_is_named_at_once() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let new = json!({"first_name": 1, "email": "nobody", "password": "short", "colour": "red"});
    let mut fields = app
        .tell("POST", "/auth/register", PUBLIC, &new)
        .await
        .fields();
    fields.sort();
    assert_eq!(
        fields,
        ["colour", "email", "first_name", "last_name", "password"]
    );
    for forbidden in [
        "id",
        "email",
        "password",
        "credits",
        "is_2fa_enabled",
        "is_active",
        "created_at",
        "updated_at",
        "user_id",
    ] {
        let change = json!({"first_name": "Eve", forbidden: 1});
        let answer = app.tell("PATCH", &ada.at(""), &ada.session, &change).await;
        assert_eq!(answer.fields(), [forbidden]);
    }
    let long = "x".repeat(1_000);
    let answer = app
        .tell(
            "PATCH",
            &ada.at(""),
            &ada.session,
            &json!({"first_name": long}),
        )
        .await;
    assert_eq!(answer.fields(), ["first_name"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_has_one_place() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let path = format!("/users/{}/activate", ada.email);
    let said = json!({"code": "123456", "user_email": "eve@example.org"});
    assert_eq!(
        app.tell("POST", &path, PUBLIC, &said).await.fields(),
        ["user_email"]
    );
    // Passwords and codes stay out of addresses, which stand in logs.
    let answer = app
        .tell(
            "POST",
            &format!("{path}?code=123456"),
            PUBLIC,
            &json!({"code": "123456"}),
        )
        .await;
    assert_eq!(answer.fields(), ["code"]);
    let answer = app
        .ask("GET", &ada.at("/tasks?limit=1&limit=2"), &ada.key)
        .await;
    assert_eq!(answer.fields(), ["limit"]);
    let task = format!("task_{}", "0".repeat(32));
    let answer = app
        .ask(
            "GET",
            &ada.at(&format!("/tasks/{task}?task_id={task}")),
            &ada.key,
        )
        .await;
    assert_eq!(answer.fields(), ["task_id"]);
    let login = basic(&ada.email, super::support::app::PASSWORD);
    let twice = json!({"email": "eve@example.org", "password": "whatever it is"});
    assert_eq!(
        app.tell("POST", "/auth/session", &login, &twice)
            .await
            .fields(),
        ["email"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_read_by_type() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    for (query, fields) in [
        ("limit=abc", vec!["limit"]),
        ("limit=0", vec!["limit"]),
        ("limit=101&offset=-1", vec!["limit", "offset"]),
        ("limit=1.5", vec!["limit"]),
        ("limit=99999999999999999999", vec!["limit"]),
        ("limit=", vec!["limit"]),
        ("limit=true", vec!["limit"]),
        ("page=2", vec!["page"]),
        ("limit=%31%30", vec![]),
        ("limit=100&offset=5", vec![]),
        ("", vec![]),
    ] {
        for list in ["tasks", "transactions"] {
            let answer = app
                .ask("GET", &ada.at(&format!("/{list}?{query}")), &ada.key)
                .await;
            if fields.is_empty() {
                assert_eq!(answer.status, 200, "{query}: {answer:?}");
            } else {
                let mut named = answer.fields();
                named.sort();
                assert_eq!(named, fields, "{query}");
            }
        }
    }
    let task = format!("task_{}", "0".repeat(32));
    for wait in ["56", "-1", "soon"] {
        let path = ada.at(&format!("/tasks/{task}?wait_seconds={wait}"));
        assert_eq!(
            app.ask("GET", &path, &ada.key).await.fields(),
            ["wait_seconds"]
        );
    }
}
