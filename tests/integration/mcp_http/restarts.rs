//! Sessions of the older protocol versions outlive the process that began them.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

use super::support::Server;
use super::support::app::mcp::{VERSIONS, call, message_of};
use super::support::app::{PUBLIC, TestApp};

/// Stops the server, and starts it again on the same data and port.
async fn restart(app: &mut TestApp) {
    let port = app.server.url.rsplit(':').next().unwrap().to_owned();
    app.server.terminate();
    app.server.wait();
    let settings = [
        ("CLARA_PORT", port.as_str()),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
    ];
    app.server = Server::start(&app.folder, &settings);
    // While this is awaited, the clients' pools notice that their connections are closed.
    let health = reqwest::get(app.server.at("/api/v1/health")).await;
    assert_eq!(health.unwrap().status(), 200);
}

#[tokio::test]
async fn sessions_survive_a_restart() {
    let mut app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let mut sessions = Vec::new();
    for version in VERSIONS {
        sessions.push((version, app.session(version, &ada.key).await));
    }
    restart(&mut app).await;
    for (version, session) in &sessions {
        let headers = [
            ("authorization", ada.key.as_str()),
            ("mcp-session-id", session.as_str()),
            ("mcp-protocol-version", version),
        ];
        // As clients do that have several calls under way: one of them restores the session, all are served.
        let views: Vec<_> = (1..6).map(|id| call(id, "user_view", json!({}))).collect();
        let answers = join_all(views.iter().map(|view| app.post(&headers, view))).await;
        for answer in answers {
            assert_eq!(answer.status(), 200, "{version}");
            let answer = message_of(answer).await;
            let user = &answer["result"]["structuredContent"]["data"];
            assert_eq!(user["id"], ada.id.as_str(), "{version}: {answer}");
        }
        let listening = app.mcp_request(Method::GET, &headers).send().await.unwrap();
        assert_eq!(listening.status(), 200, "{version}");
    }
}

#[tokio::test]
async fn a_client_notices_no_restart() {
    let mut app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let client = app.client(Some(&ada.key)).await;
    client.data("user_view", json!({})).await;
    restart(&mut app).await;
    let user = client.data("user_view", json!({})).await;
    assert_eq!(user["id"], ada.id.as_str());
    client.close().await;
}

#[tokio::test]
async fn a_session_is_restored_for_its_holder_alone() {
    let mut app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let eve = app.local_account("eve@example.org").await;
    let session = app.session("2025-06-18", &ada.key).await;
    restart(&mut app).await;
    let view = call(1, "user_view", json!({}));
    let named = ("mcp-session-id", session.as_str());
    let own = ("authorization", ada.key.as_str());
    let others: [&[(&str, &str)]; 4] = [
        &[("authorization", &eve.key), named],
        // Ada's own session is another proof than her key.
        &[("authorization", &ada.session), named],
        &[own, ("user-id", ada.id.as_str()), named],
        &[named],
    ];
    for headers in others {
        assert_eq!(app.post(headers, &view).await.status(), 404);
    }
    assert_eq!(app.post(&[own, named], &view).await.status(), 200);
}

#[tokio::test]
async fn an_ended_session_is_not_restored() {
    let mut app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let held = app.session("2025-06-18", &ada.key).await;
    let unheld = app.session("2025-06-18", &ada.key).await;
    restart(&mut app).await;
    let view = call(1, "user_view", json!({}));
    let headers = |session| {
        [
            ("authorization", ada.key.as_str()),
            ("mcp-session-id", session),
        ]
    };
    let first = app.post(&headers(&held), &view).await;
    assert_eq!(first.status(), 200);
    for session in [&held, &unheld] {
        let headers = headers(session);
        let ended = app.mcp_request(Method::DELETE, &headers).send().await;
        assert_eq!(ended.unwrap().status(), 204);
        assert_eq!(app.post(&headers, &view).await.status(), 404);
    }
}
