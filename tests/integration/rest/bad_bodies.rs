//! Bodies that are empty, no object, no JSON or no body of ours at all: each is refused as documented, and none is guessed
//! at.

use serde_json::{Value, json};

use super::support::app::{PRIVATE, PUBLIC, TestApp, basic};

const EMPTY: &str = "Request body is empty.";

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_body_is_told_so_where_one_is_needed() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    for (method, path, proof) in [
        ("POST", "/auth/register".to_owned(), PUBLIC),
        ("POST", "/auth/google".to_owned(), ""),
        ("POST", "/users/ada@example.org/activate".to_owned(), PUBLIC),
        (
            "PATCH",
            "/users/ada@example.org/password".to_owned(),
            PUBLIC,
        ),
        ("PATCH", ada.at(""), &ada.session),
        ("POST", ada.at("/2fa"), &ada.session),
        ("DELETE", ada.at("/2fa"), &ada.session),
        ("POST", ada.at("/agent/analysis"), &ada.key),
        ("POST", "/stripe/buy".to_owned(), &ada.key),
        ("PUT", ada.at("/credits"), PRIVATE),
    ] {
        let nothing = app.ask(method, &path, proof).await;
        assert_eq!(nothing.data(400, EMPTY), Value::Null, "{method} {path}");
        for empty in ["{}", "null", "  \n"] {
            let answer = app.tell_raw(method, &path, proof, empty).await;
            assert_eq!(
                answer.data(400, EMPTY),
                Value::Null,
                "{method} {path} {empty}"
            );
        }
    }
    let form = reqwest::multipart::Form::new();
    let request = app
        .request("POST", &ada.at("/agent/analysis"), &ada.key)
        .multipart(form);
    // A form without a part is nothing but its end.
    assert_eq!(app.send(request).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_body_is_fine_where_none_is_needed() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    for body in ["", "{}", "null"] {
        let answer = app
            .tell_raw("POST", &ada.at("/api_key"), &ada.session, body)
            .await;
        answer.data(201, "API key reset successfully.");
        let answer = app
            .tell_raw(
                "POST",
                "/auth/session",
                &basic(&ada.email, super::support::app::PASSWORD),
                body,
            )
            .await;
        answer.data(200, "User logged in successfully.");
    }
    let answer = app
        .tell_raw("GET", &ada.at(""), &ada.session, r#"{"colour": "red"}"#)
        .await;
    assert_eq!(answer.fields(), ["colour"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_is_told_so() {
    let app = TestApp::start(&[]);
    let bracket = "[".repeat(100_000);
    let nested = format!(
        "{{\"email\": {}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let keys: Vec<String> = (0..50_000).map(|n| format!("\"k{n}\":1")).collect();
    let keys = format!("{{{}}}", keys.join(","));
    for body in [
        "[]",
        "[{}]",
        "\"text\"",
        "17",
        "true",
        "{",
        "{\"email\": }",
        "{} {}",
        "email=ada",
        r#"{"email": "a@b.org", "email": "c@d.org"}"#,
        r#"{"email": {"a": 1, "a": 2}}"#,
        bracket.as_str(),
        nested.as_str(),
        keys.as_str(),
        "\u{feff}{}",
    ] {
        let answer = app
            .tell_raw("POST", "/auth/register", PUBLIC, body.to_owned())
            .await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!(answer.fields(), ["body"], "{shown}");
        assert!(answer.text.len() < 1_000, "{shown}");
    }
    let broken = app
        .tell_raw(
            "POST",
            "/auth/register",
            PUBLIC,
            b"{\"email\": \"\xff\"}".to_vec(),
        )
        .await;
    assert_eq!(broken.fields(), ["body"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_json_in_one_charset_is_read() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let change = r#"{"last_name": "March"}"#;
    let send = async |content_type: Option<&str>, encoding: Option<&str>| {
        let mut request = app.request("PATCH", &ada.at(""), &ada.session).body(change);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        app.send(request).await
    };
    for content_type in [
        None,
        Some("application/json"),
        Some("Application/JSON; charset=UTF-8"),
        Some("application/json;charset=\"utf-8\""),
        Some("application/json; version=1"),
    ] {
        assert_eq!(
            send(content_type, None).await.status,
            200,
            "{content_type:?}"
        );
    }
    assert_eq!(send(None, Some("identity")).await.status, 200);
    let message = "The request's content type is not supported.";
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "application/jsonx",
        "",
    ] {
        let data = send(Some(content_type), None).await.data(415, message);
        assert_eq!(
            data,
            json!({"supported": ["application/json"]}),
            "{content_type}"
        );
    }
    for encoding in ["gzip", "br", "identity, gzip"] {
        let data = send(Some("application/json"), Some(encoding))
            .await
            .data(415, message);
        assert_eq!(data, json!({"supported": ["identity"]}), "{encoding}");
    }
    let path = ada.at("/agent/analysis");
    let request = app
        .request("POST", &path, &ada.key)
        .header("content-type", "text/plain")
        .body("a");
    let data = app.send(request).await.data(415, message);
    assert_eq!(
        data,
        json!({"supported": ["multipart/form-data", "application/json"]})
    );
}
