//! A message is read strictly over the network: what stands in it twice or too often is refused under its own name, and what
//! nobody knows is answered in no more words than it was said in.

use reqwest::Method;
use serde_json::{Value, json};

use super::sse::Stream;
use super::support::app::mcp::{call, message_of};
use super::support::app::{PUBLIC, TestApp};
use super::support::from_address;

fn wide(fields: usize) -> String {
    let fields: Vec<String> = (0..fields).map(|n| format!("\"f{n}\":1")).collect();
    format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"auth_login","arguments":{{"password":"not this one",{}}}}}}}"#,
        fields.join(",")
    )
}

/// Each with what is wrong with it.
fn doubtful() -> Vec<(String, &'static str)> {
    let twice = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"user_update","name":"misc_version","arguments":{}}}"#;
    let inside = r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"misc_version","arguments":{"a":[{"b":1,"b":1}]}}}"#;
    let long = format!(
        r#"{{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{{"name":"misc_version","arguments":{{"a":[{}1]}}}}}}"#,
        "1,".repeat(1_000)
    );
    vec![
        (twice.to_owned(), "`name` is given more than once"),
        (inside.to_owned(), "`b` is given more than once"),
        (wide(101), "more than 100 fields"),
        (long, "more than 1000 items"),
    ]
}

fn assert_refused(answer: &Value, because: &str) {
    assert_eq!(answer["id"], 7, "{answer}");
    assert_eq!(answer["error"]["code"], -32600, "{answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains(because), "{message}");
}

#[tokio::test]
async fn what_is_said_twice_or_too_often_is_refused_over_both_transports() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let session = app.session("2025-11-25", &ada.key).await;
    let proof = ("authorization", ada.key.as_str());
    let in_session = [proof, ("mcp-session-id", session.as_str())];
    let mut stream = Stream::open(&app, None).await;
    stream.greet(&app, None).await;
    for (body, because) in doubtful() {
        for headers in [&[][..], &[proof][..], &in_session[..]] {
            let request = app.mcp_request(Method::POST, headers).body(body.clone());
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 400, "{because}");
            assert_refused(&response.json().await.unwrap(), because);
        }
        let request = app.http.post(&stream.endpoint).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400, "{because}");
        assert_refused(&response.json().await.unwrap(), because);
    }
    // An answer cannot be under a name that was said twice.
    let names = r#"{"jsonrpc":"2.0","id":7,"id":8,"method":"ping"}"#;
    let response = app.mcp_request(Method::POST, &[]).body(names).send().await;
    let answer: Value = response.unwrap().json().await.unwrap();
    assert_eq!(answer["error"]["code"], -32600, "{answer}");
    assert!(answer["id"].is_null(), "{answer}");
    let served = app
        .post(&in_session, &call(1, "user_view", json!({})))
        .await;
    let answer = message_of(served).await;
    assert_eq!(answer["result"]["structuredContent"]["status"], "success");
}

#[tokio::test]
async fn names_nobody_knows_are_answered_in_few_words() {
    let app = TestApp::start(&[]);
    let long = "n".repeat(60_000);
    let arguments = json!({"email": "ada@example.org", "password": "not this one", long: 1});
    let response = app.post(&[], &call(1, "auth_login", arguments)).await;
    let answer = response.text().await.unwrap();
    assert!(answer.contains("is not known"), "{answer}");
    assert!(answer.len() < 4_000, "{} bytes", answer.len());

    let request = app.mcp_request(Method::POST, &[]).body(wide(99));
    let answer = request.send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("is not known"), "{answer}");
    assert!(answer.len() < 64 * 1024, "{} bytes", answer.len());
}

#[tokio::test]
async fn a_guess_at_a_key_is_counted_though_its_call_is_too_long_to_come() {
    let app = TestApp::start(&[]);
    let (name, address) = from_address(7);
    let much = call(1, "misc_version", json!({"padding": "x".repeat(64 * 1024)}));
    let ask = async |key: &str| {
        let headers = [("authorization", key), (name, address.as_str())];
        app.post(&headers, &much).await.status().as_u16()
    };
    for number in 0..5 {
        assert_eq!(ask(&format!("a wrong key {number}")).await, 413);
    }
    assert_eq!(ask("a wrong key more").await, 429);
    assert_eq!(ask(PUBLIC).await, 429, "not even the right one");
}
