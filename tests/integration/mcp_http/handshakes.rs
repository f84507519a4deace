//! Handshakes and lists are not calls; calls over the limit wait their turn; the same again is the same task.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::support::app::TestApp;
use super::support::app::mcp::{call, initialize, message_of};

const LIMITED: &[(&str, &str)] = &[("CLARA_RATE_LIMIT", "10")];

#[tokio::test(flavor = "multi_thread")]
async fn twenty_parallel_sessions_all_get_answers() {
    let app = TestApp::start(LIMITED);
    let ada = app.local_account("ada@example.org").await;
    // As frameworks do that open a session for each call.
    let sessions = (0..20).map(async |number: u32| {
        let client = app.client(Some(&ada.key)).await;
        client.service.list_all_tools().await.unwrap();
        let arguments = json!({"limit": number + 1});
        client.data("task_view_all", arguments).await
    });
    assert_eq!(join_all(sessions).await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_are_not_counted() {
    let app = TestApp::start(LIMITED);
    let ada = app.local_account("ada@example.org").await;
    let headers = [("authorization", ada.key.as_str())];
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let resources = json!({"jsonrpc": "2.0", "id": 1, "method": "resources/list"});
    for message in [list, ping, resources] {
        // Three times thirty: far over the limit of calls, and within the hundred that the protocol's own limit takes at once.
        let posts = (0..30).map(|_| app.post(&headers, &message));
        for response in join_all(posts).await {
            let answer = message_of(response).await;
            assert_eq!(answer["error"], Value::Null, "{answer}");
        }
    }
    // None of them took a call away: as many as the limit allows go through at once.
    let view = call(1, "user_view", json!({}));
    for response in join_all((0..10).map(|_| app.post(&headers, &view))).await {
        let answer = message_of(response).await;
        assert_eq!(answer["result"]["isError"], json!(false), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn far_over_the_limit_is_a_tool_error() {
    let app = TestApp::start(&[("CLARA_RATE_LIMIT", "2")]);
    let ada = app.local_account("ada@example.org").await;
    let headers = [("authorization", ada.key.as_str())];
    let view = call(1, "user_view", json!({}));
    let answers = join_all((0..20).map(|_| app.post(&headers, &view))).await;
    let mut refused = 0;
    for response in answers {
        assert_eq!(response.status(), 200);
        let answer = message_of(response).await;
        let result = &answer["result"];
        if result["isError"] == true {
            refused += 1;
            let data = &result["structuredContent"]["data"];
            assert!(data["retry_after_seconds"].is_u64(), "{answer}");
        }
    }
    // Two at once, and two a second for two seconds.
    assert!((10..=16).contains(&refused), "{refused}");
}

#[tokio::test]
async fn the_same_again_is_the_same_task() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let headers = [("authorization", ada.key.as_str())];
    // Without a source an analysis would cost nothing.
    let sources = json!([{"name": "mill.txt", "text": "The mill was built in 1904."}]);
    let submit = async |text: &str, key: Option<&str>| {
        let arguments = json!({"text": text, "attachments": sources, "wait_seconds": 30});
        let mut message = call(1, "agent_analysis", arguments);
        if let Some(key) = key {
            message["params"]["_meta"] = json!({"idempotencyKey": key});
        }
        let answer = message_of(app.post(&headers, &message).await).await;
        answer["result"]["structuredContent"].clone()
    };
    let first = submit("The mill was built in 1904.", None).await;
    let again = submit("The mill was built in 1904.", None).await;
    assert_eq!(first["data"]["id"], again["data"]["id"], "{first} {again}");
    assert_eq!(again["data"]["status"], "COMPLETED");
    assert!(
        again["next"]
            .as_str()
            .unwrap()
            .contains("nothing was paid again"),
        "{again}"
    );
    let keyed = submit("The mill was built in 1904.", Some("a")).await;
    assert_ne!(first["data"]["id"], keyed["data"]["id"]);
    let keyed_again = submit("The mill was built in 1905.", Some("a")).await;
    assert_eq!(keyed["data"]["id"], keyed_again["data"]["id"]);
    let other = submit("The mill was built in 1906.", None).await;
    assert_ne!(first["data"]["id"], other["data"]["id"]);
    // Over REST the header says it, and what MCP paid is not paid again.
    let path = format!("/api/v1/users/{}/agent/analysis", ada.id);
    let post = async |text: &str, key: &str| {
        let request = app
            .http
            .post(app.server.at(&path))
            .header("authorization", &ada.key)
            .header("idempotency-key", key)
            .json(&json!({"text": text, "attachments": sources}));
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    assert_eq!(
        post("Whatever it is.", "a").await["data"]["id"],
        keyed["data"]["id"]
    );
    let one = post("The mill is old.", "b").await;
    assert_eq!(
        one["data"]["id"],
        post("The mill is old.", "b").await["data"]["id"]
    );
    let user = message_of(app.post(&headers, &call(2, "user_view", json!({}))).await).await;
    let credits = &user["result"]["structuredContent"]["data"]["credits"];
    assert_eq!(*credits, 100.0 - 4.0 * 20.0, "four tasks were paid");
}

#[tokio::test]
async fn a_refused_credential_is_told_at_initialize() {
    let app = TestApp::start(&[]);
    let headers = [("authorization", "Bearer clara_api_wrong")];
    let hello = app.post(&headers, &initialize("2025-06-18")).await;
    let answer = message_of(hello).await;
    let told = answer["result"]["instructions"].as_str().unwrap();
    assert!(
        told.contains("credential of this client is refused"),
        "{told}"
    );
    let list = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let answer = message_of(app.post(&headers, &list).await).await;
    let tools = answer["result"]["tools"].as_array().unwrap();
    let is_told = tools.iter().any(|tool| {
        let words = tool["description"].as_str().unwrap();
        words.starts_with("The credential of this client is refused")
    });
    assert!(is_told, "{answer}");
}
