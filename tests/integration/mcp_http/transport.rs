//! The transport's own promises: every protocol version, sessions and whom they belong to, JSON where nothing streams.

use reqwest::Method;
use serde_json::{Value, json};

use super::support::app::mcp::{
    VERSIONS, call, initialize, is_stream, message_of, messages_of, stateless,
};
use super::support::app::{PUBLIC, TestApp};

#[tokio::test]
async fn every_older_version_gets_a_session_and_is_served_in_it() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    for version in VERSIONS {
        let session = app.session(version, &ada.key).await;
        let headers = [
            ("authorization", ada.key.as_str()),
            ("mcp-session-id", &session),
            ("mcp-protocol-version", version),
        ];
        let response = app.post(&headers, &call(1, "user_view", json!({}))).await;
        assert_eq!(response.status(), 200, "{version}");
        let answer = message_of(response).await;
        let user = &answer["result"]["structuredContent"]["data"];
        assert_eq!(user["id"], ada.id.as_str(), "{version}: {answer}");
        let ended = app
            .mcp_request(Method::DELETE, &headers)
            .send()
            .await
            .unwrap();
        assert!(ended.status().is_success(), "{version}: {}", ended.status());
        let gone = app.post(&headers, &call(2, "user_view", json!({}))).await;
        assert_eq!(gone.status(), 404, "{version}: a session ends with DELETE");
    }
}

#[tokio::test]
async fn the_stateless_form_is_answered_in_json_and_without_a_session() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let discovered = app.stateless(None, "server/discover", json!({})).await;
    assert_eq!(discovered.status(), 200);
    let discovered = message_of(discovered).await;
    let versions = discovered["result"]["supportedVersions"]
        .as_array()
        .unwrap();
    for version in VERSIONS.iter().chain(&["2026-07-28"]) {
        assert!(versions.contains(&json!(version)), "{discovered}");
    }
    let params = json!({"name": "user_view", "arguments": {}});
    let response = app.stateless(Some(&ada.key), "tools/call", params).await;
    assert_eq!(response.status(), 200);
    assert!(!is_stream(&response));
    assert!(!response.headers().contains_key("mcp-session-id"));
    let answer = message_of(response).await;
    let user = &answer["result"]["structuredContent"]["data"];
    assert_eq!(user["id"], ada.id.as_str(), "{answer}");
    let (headers, message) = stateless(Some(&ada.key), "tools/list", json!({}));
    let mut headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    headers.push(("mcp-session-id", "left-over-from-an-older-server"));
    let response = app.post(&headers, &message).await;
    assert_eq!(
        response.status(),
        200,
        "a session's name means nothing here"
    );
}

#[tokio::test]
async fn strangers_and_short_callers_are_answered_in_json_without_a_session() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let forged = "Bearer clara_user_nonsense";
    for stranger in [&[][..], &[("authorization", forged)][..]] {
        let hello = app.post(stranger, &initialize("2025-11-25")).await;
        assert_eq!(hello.status(), 200);
        assert!(!hello.headers().contains_key("mcp-session-id"));
        assert!(!is_stream(&hello));
        let hello = message_of(hello).await;
        assert_eq!(hello["result"]["serverInfo"]["name"], "clara");
        let response = app
            .post(stranger, &call(1, "misc_version", json!({})))
            .await;
        assert!(!is_stream(&response));
        let answer = message_of(response).await;
        assert_eq!(answer["result"]["structuredContent"]["status"], "success");
    }
    let headers = [("authorization", ada.key.as_str())];
    let response = app.post(&headers, &call(1, "user_view", json!({}))).await;
    assert!(!is_stream(&response));
    let answer = message_of(response).await;
    let user = &answer["result"]["structuredContent"]["data"];
    assert_eq!(user["id"], ada.id.as_str(), "one call needs no session");
    let listening = app.mcp_request(Method::GET, &[]).send().await.unwrap();
    assert_eq!(listening.status(), 405, "there is nothing to listen to");
    assert_eq!(listening.headers()["allow"], "POST");
}

#[tokio::test]
async fn a_session_exists_for_nobody_but_who_opened_it() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let eve = app.local_account("eve@example.org").await;
    let session = app.session("2025-11-25", &ada.session).await;
    let named = ("mcp-session-id", session.as_str());
    let unknown = ("mcp-session-id", "00000000-0000-4000-8000-000000000000");
    let own = ("authorization", ada.session.as_str());
    let others: [&[(&str, &str)]; 6] = [
        &[("authorization", &eve.session), named],
        // Ada's own key is another proof than her session.
        &[("authorization", &ada.key), named],
        &[own, ("user-id", ada.id.as_str()), named],
        &[named],
        &[own, unknown],
        &[unknown],
    ];
    let mut answers = Vec::new();
    for headers in others {
        for method in [Method::POST, Method::GET, Method::DELETE] {
            let request = app.mcp_request(method.clone(), headers);
            let request = request.body(call(1, "user_view", json!({})).to_string());
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 404, "{method} {headers:?}");
            answers.push(response.text().await.unwrap());
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "another's is told from none by nothing");
    let response = app
        .post(&[own, named], &call(2, "user_view", json!({})))
        .await;
    assert_eq!(
        response.status(),
        200,
        "and it is still there for its owner"
    );
}

#[tokio::test]
async fn the_oldest_idle_session_makes_room_for_the_newest() {
    let app = TestApp::start(&[("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "8")]);
    let ada = app.local_account("ada@example.org").await;
    let eve = app.local_account("eve@example.org").await;
    let mut sessions = Vec::new();
    for _ in 0..8 {
        sessions.push(app.session("2025-06-18", &ada.key).await);
    }
    app.session("2025-06-18", &eve.key).await;
    let view = call(1, "user_view", json!({}));
    let status = async |id: &str| {
        let headers = [("authorization", ada.key.as_str()), ("mcp-session-id", id)];
        app.post(&headers, &view).await.status().as_u16()
    };
    assert_eq!(status(&sessions[0]).await, 200);
    // The first was used since: the second is the one that was idle longest.
    let newest = app.session("2025-06-18", &ada.key).await;
    assert_eq!(status(&sessions[1]).await, 404);
    assert_eq!(status(&sessions[0]).await, 200);
    assert_eq!(status(&newest).await, 200);
    let first = [
        ("authorization", ada.key.as_str()),
        ("mcp-session-id", sessions[0].as_str()),
    ];
    let ended = app
        .mcp_request(Method::DELETE, &first)
        .send()
        .await
        .unwrap();
    assert!(ended.status().is_success());
    app.session("2025-06-18", &ada.key).await;
    assert_eq!(status(&sessions[2]).await, 200, "there was room");
}

#[tokio::test]
async fn the_51st_session_ends_the_oldest_idle_one() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let mut sessions = Vec::new();
    for _ in 0..2 {
        sessions.push(app.session("2025-06-18", &ada.key).await);
    }
    let headers = |id: &str| {
        [
            ("authorization", ada.key.clone()),
            ("mcp-session-id", id.to_owned()),
        ]
    };
    let stream = headers(&sessions[0]);
    let stream = stream
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let listening = app.mcp_request(Method::GET, &stream).send().await.unwrap();
    assert_eq!(listening.status(), 200);
    for _ in 2..51 {
        sessions.push(app.session("2025-06-18", &ada.key).await);
    }
    let view = call(1, "user_view", json!({}));
    let status = async |id: &str| {
        let own = headers(id);
        let own = own.each_ref().map(|(name, value)| (*name, value.as_str()));
        app.post(&own, &view).await.status().as_u16()
    };
    assert_eq!(status(&sessions[1]).await, 404, "idle for longest");
    for index in [0, 2, 50] {
        assert_eq!(status(&sessions[index]).await, 200, "{index}");
    }
}

/// Whoever shows the public key is one caller a network, whatever else stands in the headers.
#[tokio::test]
async fn headers_that_prove_nothing_make_nobody_new() {
    let app = TestApp::start(&[("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "4")]);
    let mut sessions = Vec::new();
    for number in 0..12 {
        let user_id = format!("u{number}");
        let headers = [("authorization", PUBLIC), ("user-id", user_id.as_str())];
        let hello = app.post(&headers, &initialize("2025-06-18")).await;
        let id = hello.headers().get("mcp-session-id").unwrap();
        sessions.push((user_id, id.to_str().unwrap().to_owned()));
    }
    let mut alive = 0;
    for (user_id, id) in &sessions {
        let headers = [
            ("authorization", PUBLIC),
            ("user-id", user_id.as_str()),
            ("mcp-session-id", id.as_str()),
        ];
        let version = app
            .post(&headers, &call(1, "misc_version", json!({})))
            .await;
        alive += usize::from(version.status() == 200);
    }
    assert_eq!(alive, 4);
}

#[tokio::test]
async fn the_protocols_own_client_does_its_work() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let client = app.client(Some(&ada.key)).await;
    let task = client
        .data(
            "agent_analysis",
            json!({"text": "The bridge opened in 1931.", "wait_seconds": 55}),
        )
        .await;
    assert_eq!(task["status"], "COMPLETED", "{task}");
    let listed = client.service.list_all_resources().await.unwrap();
    assert_eq!(listed.len(), 2);
    client.close().await;
}

#[tokio::test]
async fn what_is_no_message_is_refused_and_the_next_one_served() {
    let app = TestApp::start(&[]);
    for broken in ["{not json", "[]", "", "\"text\"", "{\"jsonrpc\": \"2.0\"}"] {
        let request = app.mcp_request(Method::POST, &[]).body(broken);
        let status = request.send().await.unwrap().status();
        assert!(status.is_client_error(), "{broken}: {status}");
    }
    let nested = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let request = app.mcp_request(Method::POST, &[]).body(nested);
    assert!(request.send().await.unwrap().status().is_client_error());
    let response = app.post(&[], &call(1, "misc_version", json!({}))).await;
    let all: Vec<Value> = messages_of(response).await;
    assert_eq!(all.len(), 1);
}
