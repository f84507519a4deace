//! What is too much: bodies by who sends them, names and origins that are not ours.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::TcpStream;

use base64::Engine as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::sse::Stream;
use super::support::app::TestApp;
use super::support::app::mcp::{call, initialize, message_of};

fn attachment(bytes: usize) -> Value {
    let content = "The bridge opened in 1931. ".repeat(bytes / 27 + 1);
    let content = base64::engine::general_purpose::STANDARD.encode(&content[..bytes]);
    json!({"name": "long.txt", "content_base64": content})
}

#[tokio::test]
async fn a_large_file_passes_with_a_proof_and_a_larger_request_does_not() {
    let app = TestApp::start(&[("CLARA_MAX_REQUEST_MB", "10"), ("CLARA_WORKERS", "0")]);
    let ada = app.local_account("ada@example.org").await;
    let session = app.session("2025-11-25", &ada.key).await;
    let proof = ("authorization", ada.key.as_str());
    let with_session = [proof, ("mcp-session-id", session.as_str())];
    let analysis = |bytes| {
        let file = attachment(bytes);
        let arguments =
            json!({"text": "The bridge opened in 1931.", "attachments": [file], "wait_seconds": 0});
        call(1, "agent_analysis", arguments)
    };
    for headers in [&[proof][..], &with_session[..]] {
        let response = app.post(headers, &analysis(6_000_000)).await;
        assert_eq!(response.status(), 200);
        let answer = message_of(response).await;
        let task = &answer["result"]["structuredContent"]["data"];
        assert_eq!(task["status"], "PENDING", "{answer}");
        let refused = app.post(headers, &analysis(9_000_000)).await;
        assert_eq!(refused.status(), 413);
        let refused: Value = refused.json().await.unwrap();
        assert_eq!(refused["data"]["limit_bytes"], 10_000_000);
    }
    // Without a length announced, the limit is found on the way.
    let bytes = analysis(9_000_000).to_string().into_bytes();
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> = bytes
        .chunks(65_536)
        .map(|piece| Ok(piece.to_vec()))
        .collect();
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    let refused = app
        .mcp_request(Method::POST, &[proof])
        .body(body)
        .send()
        .await;
    assert_eq!(refused.unwrap().status(), 413);
}

#[tokio::test]
async fn who_proves_nothing_may_send_little() {
    let app = TestApp::start(&[]);
    let much = call(1, "misc_version", json!({"padding": "x".repeat(64 * 1024)}));
    let forged = ("authorization", "Bearer clara_user_forged");
    for headers in [&[][..], &[forged][..]] {
        let refused = app.post(headers, &much).await;
        assert_eq!(refused.status(), 413);
        let refused: Value = refused.json().await.unwrap();
        assert_eq!(refused["data"]["limit_bytes"], 64 * 1024);
    }
}

#[tokio::test]
async fn a_packed_body_is_refused() {
    let app = TestApp::start(&[]);
    let response = app
        .post(&[("content-encoding", "gzip")], &initialize("2025-11-25"))
        .await;
    assert_eq!(response.status(), 415);
}

#[tokio::test]
async fn other_hosts_and_origins_are_turned_away() {
    let app = TestApp::start(&[("CLARA_ALLOWED_ORIGINS", "https://app.example.org")]);
    let refused: [&[(&str, &str)]; 5] = [
        &[("host", "evil.example")],
        &[("host", "127.0.0.1.evil.example")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://app.example.org.evil.example")],
    ];
    for headers in refused {
        for path in ["/mcp", "/sse", "/messages?session_id=0"] {
            let mut request = app.http.post(app.server.at(path));
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = request.body("{}").send().await.unwrap();
            assert_eq!(response.status(), 403, "{path} {headers:?}");
        }
    }
    for origin in ["https://app.example.org", &app.server.url] {
        let response = app
            .post(&[("origin", origin)], &initialize("2025-11-25"))
            .await;
        assert_eq!(response.status(), 200, "{origin}");
    }
}

/// An event stream acknowledges a message before its answer is read: what waits unread is bounded, by the pages of the
/// process itself.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_are_bounded() {
    let app = TestApp::start(&[]);
    let mut stream = Stream::open(&app, None).await;
    stream.greet(&app, None).await;
    app.server.forget_peak();
    let before = app.server.peak_memory();
    let method = "m".repeat(60_000);
    let mut statuses = BTreeMap::<u16, usize>::new();
    for id in 0..400 {
        let echoed = json!({"jsonrpc": "2.0", "id": id, "method": method});
        *statuses
            .entry(stream.say(&app, None, &echoed).await)
            .or_default() += 1;
        if statuses.contains_key(&404) {
            break;
        }
    }
    let taken = statuses.get(&202).copied().unwrap_or_default();
    assert!(taken < 400, "some were refused: {statuses:?}");
    let grown = app.server.peak_memory().saturating_sub(before);
    assert!(grown < 64 * 1024 * 1024, "{grown} bytes, {statuses:?}");
}

#[tokio::test]
async fn an_id_of_257_bytes_is_refused() {
    let app = TestApp::start(&[]);
    let mut stream = Stream::open(&app, None).await;
    stream.greet(&app, None).await;
    let ping = |id: usize| json!({"jsonrpc": "2.0", "id": "i".repeat(id), "method": "ping"});
    assert_eq!(stream.say(&app, None, &ping(257)).await, 400);
    assert_eq!(stream.say(&app, None, &ping(256)).await, 202);
    assert_eq!(stream.message().await["result"], json!({}));
    assert_eq!(app.post(&[], &ping(257)).await.status(), 400);
}

/// Sends the head of a request and the beginning of its body, and then nothing more.
fn stall(app: &TestApp, path: &str, authorization: &str, content_type: &str) -> TcpStream {
    let address = app.server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n\
         Accept: application/json, text/event-stream\r\nContent-Type: {content_type}\r\n\
         Content-Length: 1900000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&vec![b' '; 1_500_000]).unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_under_way_have_a_budget() {
    let app = TestApp::start(&[("CLARA_MAX_REQUEST_MB", "2"), ("CLARA_WORKERS", "0")]);
    let ada = app.local_account("ada@example.org").await;
    let stalled = stall(&app, "/mcp", &ada.key, "application/json");
    let proof = ("authorization", ada.key.as_str());
    let file = attachment(1_000_000);
    let arguments =
        json!({"text": "The bridge opened in 1931.", "attachments": [file], "wait_seconds": 0});
    let analysis = call(1, "agent_analysis", arguments);
    // How far the other body has come is seen by its effect alone.
    let mut refused = app.post(&[proof], &analysis).await;
    for _ in 0..100 {
        if refused.status() == 503 {
            break;
        }
        refused = app.post(&[proof], &analysis).await;
    }
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    let view = app.post(&[proof], &call(2, "user_view", json!({}))).await;
    assert_eq!(view.status(), 200, "short calls are not counted");
    drop(stalled);
    let mut taken = app.post(&[proof], &analysis).await;
    for _ in 0..100 {
        if taken.status() == 200 {
            break;
        }
        taken = app.post(&[proof], &analysis).await;
    }
    assert_eq!(taken.status(), 200, "what was given up is given back");
}

#[tokio::test]
async fn large_bodies_are_for_accounts_that_can_pay() {
    let app = TestApp::start(&[("CLARA_WORKERS", "0"), ("CLARA_ANALYSIS_CREDITS", "101")]);
    let ada = app.local_account("ada@example.org").await;
    let proof = ("authorization", ada.key.as_str());
    let file = attachment(2_000_000);
    let arguments = json!({"text": "The bridge opened in 1931.", "attachments": [file]});
    let refused = app
        .post(&[proof], &call(1, "agent_analysis", arguments.clone()))
        .await;
    assert_eq!(refused.status(), 413);
    let path = format!("/api/v1/users/{}/agent/analysis", ada.id);
    let request = app.http.post(app.server.at(&path)).json(&arguments);
    let refused = request.header("authorization", &ada.key).send().await;
    let refused = refused.unwrap();
    assert_eq!(refused.status(), 403);
    let refused: Value = refused.json().await.unwrap();
    assert!(refused["data"]["required"].is_number(), "{refused}");
    let form = reqwest::multipart::Form::new()
        .text("text", "The bridge opened in 1931.")
        .part("a.txt", file_part(2_000_000));
    let request = app.http.post(app.server.at(&path)).multipart(form);
    let refused = request.header("authorization", &ada.key).send().await;
    assert_eq!(refused.unwrap().status(), 403);
}

fn file_part(bytes: usize) -> reqwest::multipart::Part {
    reqwest::multipart::Part::bytes(vec![b'a'; bytes]).file_name("a.txt")
}

/// Pings, lists and prompts are counted, and a client's handshake takes none of its calls away.
#[tokio::test]
async fn every_mcp_method_is_limited() {
    let app = TestApp::start(&[("CLARA_RATE_LIMIT", "10")]);
    for method in ["ping", "prompts/list", "resources/templates/list"] {
        let from = from_address(method.len());
        let asked = json!({"jsonrpc": "2.0", "id": 1, "method": method});
        let mut statuses = BTreeMap::<u16, usize>::new();
        for _ in 0..400 {
            let answer = app.post(&[("x-forwarded-for", &from)], &asked).await;
            *statuses.entry(answer.status().as_u16()).or_default() += 1;
        }
        assert!(statuses[&200] >= 100, "{method}: {statuses:?}");
        assert!(statuses[&429] >= 100, "{method}: {statuses:?}");
        let call = call(2, "misc_version", json!({}));
        let answer = app.post(&[("x-forwarded-for", &from)], &call).await;
        assert_eq!(answer.status(), 200, "calls are counted apart");
    }
    let mut stream = Stream::open(&app, None).await;
    stream.greet(&app, None).await;
    let mut refused = 0;
    for id in 0..400 {
        let ping = json!({"jsonrpc": "2.0", "id": id, "method": "ping"});
        match stream.say(&app, None, &ping).await {
            202 => assert_eq!(stream.message().await["id"], id),
            429 => refused += 1,
            status => panic!("{status}"),
        }
    }
    assert!(refused >= 100, "{refused}");
}

/// Calls that never reach an operation, and methods that nobody knows, are messages like any other.
#[tokio::test]
async fn refused_calls_and_methods_are_limited() {
    let app = TestApp::start(&[("CLARA_RATE_LIMIT", "10")]);
    let unknown = call(1, "no_such_tool", json!({}));
    let misfit = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 7}});
    let silent = json!({"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "x"}});
    let custom = json!({"jsonrpc": "2.0", "id": 1, "method": "made/up"});
    let twice = r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/call"}"#;
    let stray = json!({"jsonrpc": "2.0", "id": 1, "result": {}});
    let messages = [unknown, misfit, silent, custom, stray].map(|message| message.to_string());
    for (number, message) in messages.into_iter().chain([twice.to_owned()]).enumerate() {
        let from = from_address(number + 100);
        assert!(
            refused_of_300(&app, &from, &message, &[]).await >= 100,
            "{message}"
        );
    }
    let stranger = [("mcp-session-id", "made-up")];
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    let from = from_address(200);
    assert!(refused_of_300(&app, &from, &ping, &stranger).await >= 100);
}

/// How many of 300 messages are told to come again, by status or by an error of the protocol.
async fn refused_of_300(app: &TestApp, from: &str, body: &str, more: &[(&str, &str)]) -> usize {
    let mut refused = 0;
    for _ in 0..300 {
        let headers = [&[("x-forwarded-for", from)], more].concat();
        let request = app
            .mcp_request(Method::POST, &headers)
            .body(body.to_owned());
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let words = answer.text().await.unwrap();
        refused += usize::from(status == 429 || words.contains("-32029"));
    }
    refused
}

fn from_address(number: usize) -> String {
    format!("198.51.100.{number}")
}
