//! Sessions that sleep and wake, with the protocol library around them.

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};

use super::*;
use crate::faces::http::{ConcurrencyLimiter, ConcurrencyLimits};
use crate::operations::caller::RawCredential;

struct Plain;

impl ServerHandler for Plain {}

struct House {
    opened: Arc<OwnedSessions>,
    service: StreamableHttpService<Plain, OwnedSessions>,
    places: ConcurrencyLimiter<CallerKey>,
}

fn holder() -> SessionOwner {
    SessionOwner::of(&RawCredential::Operator)
}

impl House {
    fn new() -> Self {
        let opened = Arc::new(OwnedSessions::new());
        let mut config = StreamableHttpServerConfig::default()
            .disable_allowed_hosts()
            .with_json_response(true)
            .with_legacy_session_mode(true);
        config.session_store = Some(opened.clone());
        Self {
            service: StreamableHttpService::new(|| Ok(Plain), opened.clone(), config),
            opened,
            places: ConcurrencyLimiter::new(ConcurrencyLimits {
                total: 10,
                each: 10,
                network: 10,
            }),
        }
    }

    async fn ask(&self, method: &str, session: Option<&str>, message: &Value) -> Response<Body> {
        let _use = session.map(|id| self.opened.begin_use(id, holder()));
        let mut request = Request::builder()
            .method(method)
            .uri("/mcp")
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream");
        if let Some(id) = session {
            request = request.header("mcp-session-id", id);
        }
        let request = request.body(Body::from(message.to_string())).unwrap();
        self.service.handle(request).await.map(Body::new)
    }

    async fn open(&self) -> String {
        let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}});
        let answer = self.ask("POST", None, &hello).await;
        let id = answer.headers()["mcp-session-id"].to_str().unwrap();
        let id = id.to_owned();
        let key = CallerKey::PublicKey(None);
        let place = self.places.take(key.clone(), None).unwrap();
        let session: SessionId = id.as_str().into();
        self.opened.bind(
            &session,
            holder(),
            place,
            Handshake::from_text("2025-06-18"),
        );
        let begun = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        let begun = self.ask("POST", Some(&id), &begun).await;
        assert_eq!(begun.status(), StatusCode::ACCEPTED);
        id
    }

    async fn ping(&self, id: &str) -> (StatusCode, String) {
        let ping = json!({"jsonrpc": "2.0", "id": 2, "method": "ping"});
        let answer = self.ask("POST", Some(id), &ping).await;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    async fn awake(&self) -> usize {
        self.opened.sessions.sessions.read().await.len()
    }

    async fn sleep(&self) {
        let opened = &self.opened;
        opened.sweep(Duration::ZERO, SESSION_TIMEOUT).await;
    }
}

#[tokio::test]
async fn an_idle_session_sleeps_and_wakes() {
    let house = House::new();
    let id = house.open().await;
    for _ in 0..3 {
        assert_eq!(house.awake().await, 1);
        house.sleep().await;
        assert_eq!(house.awake().await, 0);
        let (status, answer) = house.ping(&id).await;
        assert_eq!(status, StatusCode::OK);
        assert!(answer.contains(r#""id":2,"result":{}"#), "{answer}");
    }
    let in_use = house.opened.begin_use(&id, holder());
    house.sleep().await;
    assert_eq!(house.awake().await, 1, "one that is in use stays awake");
    drop(in_use);
    let ended = house.ask("DELETE", Some(&id), &json!({})).await;
    assert_eq!(ended.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_sleeping_session_ends_and_leaves_nothing() {
    let house = House::new();
    let (first, second) = (house.open().await, house.open().await);
    house.sleep().await;
    house.opened.sweep(Duration::ZERO, Duration::ZERO).await;
    for id in [first, second] {
        assert!(house.opened.begin_use(&id, holder()).is_none());
        assert_eq!(house.ping(&id).await.0, StatusCode::NOT_FOUND);
    }
    assert!(lock(&house.opened.bound).is_empty());
    let key = CallerKey::PublicKey(None);
    let places: Vec<_> = (0..10)
        .filter_map(|_| house.places.take(key.clone(), None))
        .collect();
    assert_eq!(places.len(), 10, "its place is free");
}

#[tokio::test]
async fn a_sleeping_session_makes_room_for_the_newest() {
    let house = House::new();
    let id = house.open().await;
    house.sleep().await;
    let key = CallerKey::PublicKey(None);
    assert!(house.opened.end_oldest_idle(&key).await);
    assert_eq!(house.ping(&id).await.0, StatusCode::NOT_FOUND);
}
