//! A program that waits for a person on a page: not for ever, and told what to do then. The clock is moved, nobody waits.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use clara::context::{Context, RuntimeOptions};
use clara::domain::randomness::SystemRandomness;
use clara::operations::caller::{CallContext, CallControl, Face, RawCredential};
use clara::operations::dispatch::{Answer, Request, dispatch};
use clara::operations::registry;
use clara::services::Origin;
use clara::settings::{RawSettings, Settings};
use serde_json::json;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::support::object;

/// How long a client of the protocol is kept waiting.
const MAX_WAIT: Duration = Duration::from_secs(50);
/// A step of the clock: shorter than what the program looks again after.
const STEP: Duration = Duration::from_millis(100);

async fn context(folder: &tempfile::TempDir) -> Context {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let data = folder.path().join("clara");
    let said = RawSettings::gather(
        |setting| (setting.name == "DATA_DIR").then(|| data.to_string_lossy().into_owned()),
        |_| None,
        &HashMap::new(),
    );
    let surroundings = RuntimeOptions {
        randomness: Arc::new(SystemRandomness),
        ..RuntimeOptions::of_this_process().unwrap()
    };
    Context::start(Settings::read(&said).unwrap(), surroundings)
        .await
        .unwrap()
}

/// A program that comes back with its ticket, and waits.
async fn come_back(context: &Context, ticket: &str, enough: CancellationToken) -> Answer {
    let call_context = CallContext {
        raw_credential: RawCredential::Headers {
            authorization: None,
            user_id: None,
        },
        face: Face::McpHttp,
        address: Some([192, 0, 2, 7].into()),
        request_id: "r".into(),
        call_control: CallControl {
            max_wait: MAX_WAIT,
            ..CallControl::until(enough)
        },
    };
    let request = Request {
        call_context,
        user_id: None,
        arguments: object(json!({"page": ticket})),
    };
    dispatch(context, registry::find("auth_login").unwrap(), request).await
}

async fn asked(context: &Context) -> String {
    let origin = Origin {
        address: Some("192.0.2.7".to_owned()),
        face: "mcp_http",
        request_id: "r".into(),
        by_operator: false,
    };
    let asked = context.services.page_requests.ask(&origin).await.unwrap();
    asked.ticket.expose().to_owned()
}

/// The clock stands still but for what a test moves it: while a thread of the runtime is busy, it does not run ahead by itself.
struct HeldClock(std::sync::mpsc::Sender<()>);

impl HeldClock {
    fn hold() -> Self {
        tokio::time::pause();
        let (let_go, held) = std::sync::mpsc::channel();
        tokio::task::spawn_blocking(move || {
            let _ = held.recv();
        });
        Self(let_go)
    }
}

impl Drop for HeldClock {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[tokio::test]
async fn a_program_waits_fifty_seconds_for_a_person_and_is_told_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let context = context(&folder).await;
    let ticket = asked(&context).await;
    let _held = HeldClock::hold();
    let began = Instant::now();
    let waiting = come_back(&context, &ticket, CancellationToken::new());
    let mut waiting = std::pin::pin!(waiting);
    let answer = loop {
        tokio::select! {
            answer = &mut waiting => break answer,
            // The program reads the database as fast as this does, so it is never far behind the clock.
            read = context.services.store.ping() => read.unwrap(),
        }
        tokio::time::advance(STEP).await;
    };
    let waited = began.elapsed();
    assert!(waited >= MAX_WAIT, "{waited:?}");
    assert!(waited < MAX_WAIT + Duration::from_secs(3), "{waited:?}");
    assert_eq!(answer.status, 401);
    let next = answer.next().unwrap();
    assert!(next.contains("the person is still at it"), "{next}");
    assert!(next.contains(&ticket), "by which it comes back: {next}");
}

#[tokio::test]
async fn a_program_that_leaves_or_a_server_that_stops_ends_the_wait_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let context = context(&folder).await;
    let ticket = asked(&context).await;
    let _held = HeldClock::hold();
    let began = Instant::now();
    let enough = CancellationToken::new();
    let waiting = come_back(&context, &ticket, enough.clone());
    let (answer, ()) = tokio::join!(waiting, async { enough.cancel() });
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(answer.status, 401);
    assert!(answer.next().unwrap().contains("call auth_login again"));
}
