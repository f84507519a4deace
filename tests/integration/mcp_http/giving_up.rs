//! Clients that hang up before their answer comes.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::support::app::TestApp;
use super::support::app::mcp::{call, message_of};

#[tokio::test]
async fn hanging_up_three_times_pays_once() {
    // Nothing works on any task, so each is waited for.
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.local_account("ada@example.org").await;
    let session = app.session("2025-06-18", &ada.key).await;
    let own = ("authorization", ada.key.as_str());
    let named = ("mcp-session-id", session.as_str());
    let analysis = json!({"text": "The mill was built in 1904.", "wait_seconds": 55});
    // Without a session, and within one, whose answers stream.
    for (id, headers) in (10..).zip([&[own][..], &[own][..], &[own, named][..]]) {
        let message = call(id, "agent_analysis", analysis.clone());
        let request = app.mcp_request(Method::POST, headers);
        let request = request.timeout(Duration::from_secs(1));
        let answer = async {
            let response = request.body(message.to_string()).send().await?;
            response.text().await
        };
        assert!(answer.await.unwrap_err().is_timeout());
    }
    let data = async |tool: &str| {
        let response = app.post(&[own], &call(1, tool, json!({}))).await;
        message_of(response).await["result"]["structuredContent"]["data"].take()
    };
    let tasks = data("task_view_all").await;
    assert_eq!(tasks.as_array().unwrap().len(), 1, "{tasks}");
    assert_eq!(tasks[0]["title"], "The mill was built in 1904.");
    assert_eq!(data("user_view").await["credits"], 80.0);
}
