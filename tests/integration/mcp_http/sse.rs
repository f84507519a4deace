//! The older transport, spoken plainly: an event stream to listen to, and an address to post to.

use std::time::{Duration, Instant};

use reqwest::Response;
use serde_json::{Value, json};

use super::support::app::TestApp;
use super::support::app::mcp::{call, initialize};

/// An open event stream.
pub struct Stream {
    response: Response,
    unread: String,
    /// Where to post.
    pub endpoint: String,
}

impl Stream {
    pub async fn open(app: &TestApp, authorization: Option<&str>) -> Self {
        let mut stream = Self {
            response: open(app, authorization).await,
            unread: String::new(),
            endpoint: String::new(),
        };
        assert_eq!(stream.response.status(), 200);
        let (event, data) = stream.event().await;
        assert_eq!(event, "endpoint");
        assert!(data.starts_with("/messages?session_id="), "{data}");
        let (_, id) = data.split_once('=').unwrap();
        assert!(id.len() >= 32, "at least 128 bits: {id}");
        stream.endpoint = app.server.at(&data);
        stream
    }

    /// The next event's name and data.
    async fn event(&mut self) -> (String, String) {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim().to_owned())
                };
                let (name, data) = (field("event:"), field("data:"));
                let rest = rest.to_owned();
                self.unread = rest;
                if let Some(data) = data {
                    return (name.unwrap_or_default(), data);
                }
            }
            let chunk = self.response.chunk().await.unwrap();
            let chunk = chunk.expect("the stream goes on");
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    pub async fn message(&mut self) -> Value {
        let (event, data) = self.event().await;
        assert_eq!(event, "message");
        serde_json::from_str(&data).unwrap()
    }

    pub async fn say(&self, app: &TestApp, authorization: Option<&str>, message: &Value) -> u16 {
        let mut request = app.http.post(&self.endpoint).body(message.to_string());
        request = request.header("content-type", "application/json");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        request.send().await.unwrap().status().as_u16()
    }

    pub async fn greet(&mut self, app: &TestApp, authorization: Option<&str>) {
        self.greet_with(app, authorization, &initialize("2024-11-05"))
            .await;
    }

    pub async fn greet_with(&mut self, app: &TestApp, authorization: Option<&str>, hello: &Value) {
        assert_eq!(self.say(app, authorization, hello).await, 202);
        let answer = self.message().await;
        assert_eq!(answer["result"]["serverInfo"]["name"], "clara");
        let begun = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        assert_eq!(self.say(app, authorization, &begun).await, 202);
    }
}

async fn open(app: &TestApp, authorization: Option<&str>) -> Response {
    let mut request = app.http.get(app.server.at("/sse"));
    request = request.header("accept", "text/event-stream");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn what_is_posted_is_answered_on_the_stream() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let proof = Some(ada.key.as_str());
    let mut stream = Stream::open(&app, proof).await;
    stream.greet(&app, proof).await;
    let view = call(1, "user_view", json!({}));
    assert_eq!(stream.say(&app, proof, &view).await, 202);
    let answer = stream.message().await;
    let user = &answer["result"]["structuredContent"]["data"];
    assert_eq!(user["id"], ada.id.as_str(), "{answer}");
    let list = json!({"jsonrpc": "2.0", "id": 2, "method": "tools/list"});
    assert_eq!(stream.say(&app, proof, &list).await, 202);
    let answer = stream.message().await;
    assert_eq!(answer["result"]["tools"].as_array().unwrap().len(), 17);
    let mut analysis = call(
        3,
        "agent_analysis",
        json!({"text": "The bridge opened in 1931.", "wait_seconds": 55}),
    );
    analysis["params"]["_meta"] = json!({"progressToken": "p"});
    assert_eq!(stream.say(&app, proof, &analysis).await, 202);
    let mut message = stream.message().await;
    assert_eq!(message["method"], "notifications/progress", "{message}");
    while message["id"] != 3 {
        message = stream.message().await;
    }
    let task = &message["result"]["structuredContent"]["data"];
    assert_eq!(task["status"], "COMPLETED");
}

#[tokio::test]
async fn a_stream_exists_for_nobody_but_who_opened_it() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let eve = app.local_account("eve@example.org").await;
    let proof = Some(ada.key.as_str());
    let mut stream = Stream::open(&app, proof).await;
    stream.greet(&app, proof).await;
    let view = call(1, "user_view", json!({}));
    for other in [Some(eve.key.as_str()), Some(ada.session.as_str()), None] {
        assert_eq!(stream.say(&app, other, &view).await, 404);
    }
    let mut stranger = Stream::open(&app, None).await;
    stranger.greet(&app, None).await;
    assert_eq!(stranger.say(&app, proof, &view).await, 404);
    assert_eq!(stranger.say(&app, None, &view).await, 202);
    let answer = stranger.message().await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    let nowhere = app.server.at("/messages?session_id=0");
    for address in [nowhere, app.server.at("/messages")] {
        let response = app.http.post(address).body(view.to_string());
        assert_eq!(response.send().await.unwrap().status(), 404);
    }
    assert_eq!(stream.say(&app, proof, &view).await, 202);
    let answer = stream.message().await;
    assert_eq!(answer["id"], 1, "and it is still there for its owner");
}

#[tokio::test]
async fn who_leaves_ends_the_stream_and_frees_its_place() {
    let app = TestApp::start(&[("CLARA_MAX_CONNECTIONS_PER_ADDRESS", "12")]);
    let ada = app.local_account("ada@example.org").await;
    let proof = Some(ada.key.as_str());
    let mut streams = Vec::new();
    for _ in 0..3 {
        streams.push(Stream::open(&app, proof).await);
    }
    let refused = open(&app, proof).await;
    assert_eq!(refused.status(), 429, "a quarter of the connections");
    assert!(refused.headers().contains_key("retry-after"));
    let forged = Some("Bearer clara_user_forged");
    let strangers = [None, forged, Some("nonsense")];
    for stranger in strangers {
        streams.push(Stream::open(&app, stranger).await);
    }
    let refused = open(&app, Some("Bearer another")).await;
    assert_eq!(refused.status(), 429, "inventing proofs makes nobody new");
    drop(refused);
    let mut leaving = streams.remove(0);
    leaving.greet(&app, proof).await;
    let endpoint = leaving.endpoint.clone();
    drop(leaving);
    let left = Instant::now();
    let version = call(1, "misc_version", json!({})).to_string();
    loop {
        let request = app.http.post(&endpoint).body(version.clone());
        let request = request.header("authorization", &ada.key);
        if request.send().await.unwrap().status() == 404 {
            break;
        }
        assert!(left.elapsed() < Duration::from_secs(5), "the stream ended");
    }
    Stream::open(&app, proof).await;
}

#[tokio::test]
async fn what_is_no_message_is_refused_and_the_next_one_served() {
    let app = TestApp::start(&[]);
    let mut stream = Stream::open(&app, None).await;
    stream.greet(&app, None).await;
    for broken in [
        "{not json",
        "[]",
        "\"text\"",
        "{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": 5}",
    ] {
        let request = app.http.post(&stream.endpoint).body(broken);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400, "{broken}");
        let answer: Value = response.json().await.unwrap();
        assert!(answer["error"]["code"].is_i64(), "{answer}");
    }
    let too_much = json!({"padding": "x".repeat(64 * 1024)});
    assert_eq!(stream.say(&app, None, &too_much).await, 413);
    let version = call(1, "misc_version", json!({}));
    assert_eq!(stream.say(&app, None, &version).await, 202);
    assert_eq!(stream.message().await["id"], 1);
}

#[tokio::test]
async fn a_call_that_is_taken_back_cancels_the_task_it_began() {
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.local_account("ada@example.org").await;
    let proof = Some(ada.key.as_str());
    let mut stream = Stream::open(&app, proof).await;
    stream.greet(&app, proof).await;
    let mut analysis = call(
        3,
        "agent_analysis",
        json!({"text": "The bridge opened in 1931.", "wait_seconds": 55}),
    );
    analysis["params"]["_meta"] = json!({"progressToken": "p"});
    stream.say(&app, proof, &analysis).await;
    stream.message().await;
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 3}});
    assert_eq!(stream.say(&app, proof, &cancelled).await, 202);
    stream
        .say(&app, proof, &call(4, "task_view_all", json!({})))
        .await;
    let mut answer = stream.message().await;
    while answer["id"] != 4 {
        answer = stream.message().await;
    }
    let id = answer["result"]["structuredContent"]["data"][0]["id"].clone();
    // Looked at without waiting: whoever waits for a task keeps it alive.
    let view = json!({"task_id": id, "wait_seconds": 0});
    let asked = Instant::now();
    for number in 5.. {
        let view = call(number, "task_view", view.clone());
        stream.say(&app, proof, &view).await;
        while answer["id"] != number {
            answer = stream.message().await;
        }
        if answer["result"]["structuredContent"]["data"]["status"] == "CANCELLED" {
            break;
        }
        assert!(asked.elapsed() < Duration::from_secs(30), "{answer}");
    }
}

#[tokio::test]
async fn one_stream_has_only_so_many_calls_under_way() {
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.local_account("ada@example.org").await;
    let proof = Some(ada.key.as_str());
    let mut stream = Stream::open(&app, proof).await;
    stream.greet(&app, proof).await;
    let analysis = json!({"text": "The bridge opened in 1931.", "wait_seconds": 0});
    stream
        .say(&app, proof, &call(1, "agent_analysis", analysis))
        .await;
    let task = stream.message().await["result"]["structuredContent"]["data"].clone();
    let view = json!({"task_id": task["id"], "wait_seconds": 55});
    for id in 0..129 {
        let view = call(1000 + id, "task_view", view.clone());
        assert_eq!(stream.say(&app, proof, &view).await, 202);
    }
    let refused = stream.message().await;
    let refused = &refused["result"]["structuredContent"];
    assert_eq!(refused["message"], "You have exceeded the rate limit.");
}

#[tokio::test]
async fn a_stop_ends_the_streams() {
    let mut app = TestApp::start(&[]);
    let mut stream = Stream::open(&app, None).await;
    stream.greet(&app, None).await;
    let asked = Instant::now();
    app.server.terminate();
    while stream.response.chunk().await.unwrap().is_some() {}
    assert!(app.server.wait().success());
    assert!(asked.elapsed() < Duration::from_secs(8));
}
