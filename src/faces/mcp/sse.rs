//! The older MCP transport: an event stream at `/sse`, and `/messages` to post to. The protocol library carries no server
//! for it, so the two are bridged to a connection of its own here; what is said through them is not looked at.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use futures_util::{StreamExt as _, stream};
use rmcp::RoleServer;
use rmcp::model::{ClientJsonRpcMessage, GetExtensions as _};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde::Deserialize;
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tokio_util::sync::CancellationToken;

use super::backpressure::{Bounds, Permit, Permits};
use super::http_common::{self, ResponseHold, Streams};
use super::incoming::{Incoming, Source};
use super::message::{self, Head};
use super::session_owner::SessionOwner;
use super::{McpServer, serve};
use crate::faces::http::{
    HttpState, RequestMeta, Reservation, WatchedBody, read_large_body, refuse_packed,
};
use crate::fault::{Fault, FaultKind};
use crate::operations::auth_level::Identified;
use crate::operations::caller::{CallContext, Face};
use crate::operations::caller_key::CallerKey;
use crate::operations::protocol_message;

/// How long a new stream may stay without a message, and a used one.
const FIRST_WORD: Duration = Duration::from_mins(1);
const SILENCE: Duration = Duration::from_hours(1);
/// How often a silent stream is kept open by a comment, which also finds out who has gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How many messages wait for a slow side before the other waits too.
const WAITING: usize = 16;

/// The routes `/sse` and `/messages`.
pub fn router(site: &Arc<HttpState>, streams: Streams) -> Router {
    let endpoint = Endpoint {
        site: site.clone(),
        streams,
        open: Arc::default(),
    };
    Router::new()
        .route("/sse", get(listen))
        .route("/messages", post(speak))
        .with_state(Arc::new(endpoint))
}

struct Endpoint {
    site: Arc<HttpState>,
    streams: Streams,
    open: Arc<Mutex<HashMap<String, Open>>>,
}

/// An open stream, and who may speak to it.
struct Open {
    holder: SessionOwner,
    key: CallerKey,
    messages: mpsc::Sender<ClientJsonRpcMessage>,
    permits: Arc<Permits>,
    closing: CancellationToken,
}

/// An answer on its way to the client, with the permit that it holds until it has left.
struct Unread {
    event: String,
    _permit: Permit,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    session_id: String,
}

async fn listen(
    State(endpoint): State<Arc<Endpoint>>,
    Extension(visit): Extension<RequestMeta>,
    request: Request,
) -> Response {
    let call_context = visit.call_context(&endpoint.site, request.headers(), Face::McpHttp);
    let stream = open(&endpoint, &call_context).await;
    stream.unwrap_or_else(|fault| http_common::refuse(&fault, &call_context.request_id))
}

async fn open(endpoint: &Endpoint, call_context: &CallContext) -> Result<Response, Fault> {
    let context = &endpoint.site.context;
    let identified = Identified::before_call(context, call_context).await?;
    protocol_message(context, &identified.key, call_context).await?;
    let bounds = if identified.key.is_proven() {
        Bounds::PROVEN
    } else {
        Bounds::STRANGER
    };
    let permits = Permits::new(bounds);
    let key = identified.key;
    let place = endpoint.streams.take(key.clone(), call_context.address)?;
    let id = new_id(&endpoint.site);
    let (messages, received) = mpsc::channel(WAITING);
    // Bounded by the permits that its answers hold.
    let (sent, answers) = mpsc::unbounded_channel::<Unread>();
    let closing = endpoint.streams.ending.child_token();
    let opened = Open {
        holder: SessionOwner::of(&call_context.raw_credential),
        key,
        messages,
        permits: permits.clone(),
        closing: closing.clone(),
    };
    lock(&endpoint.open).insert(id.clone(), opened);
    let bridge = Bridge {
        received: Arc::new(AsyncMutex::new(received)),
        sent,
        permits,
        closing: closing.clone(),
        has_spoken: false,
    };
    let server = McpServer::new(context.clone(), Source::Network);
    let (all, own, closed) = (endpoint.open.clone(), id.clone(), closing.clone());
    let request_id = call_context.request_id.clone();
    tokio::spawn(async move {
        // A client that leaves before it said what it is is no fault of ours; its words are not for the log.
        if let Ok(service) = serve(server, bridge, closed.clone()).await {
            let _ = service.waiting().await;
        }
        lock(&all).remove(&own);
        closed.cancel();
        // One line a stream, however many messages it had.
        tracing::info!(%request_id, "an event stream ended");
    });
    let address = format!("{}/messages?session_id={id}", prefix(&endpoint.site));
    let first = Event::default().event("endpoint").data(address);
    let answers = stream::unfold(answers, async |mut answers| {
        let Unread { event, .. } = answers.recv().await?;
        Some((Event::default().event("message").data(event), answers))
    });
    let events = stream::iter([first])
        .chain(answers)
        .map(Ok::<_, Infallible>)
        .take_until(closing.clone().cancelled_owned());
    let response = Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE).text("ping"))
        .into_response();
    Ok(response.map(|inner| {
        let held = ResponseHold {
            _left: closing.drop_guard(),
            _permit: Some(place),
            _reservation: None,
            _session: None,
        };
        Body::new(WatchedBody::watched(inner, held))
    }))
}

async fn speak(
    State(endpoint): State<Arc<Endpoint>>,
    Extension(visit): Extension<RequestMeta>,
    Query(named): Query<Named>,
    request: Request,
) -> Response {
    let call_context = visit.call_context(&endpoint.site, request.headers(), Face::McpHttp);
    let mut is_counted = false;
    let taken = take(
        &endpoint,
        &named.session_id,
        &call_context,
        request,
        &mut is_counted,
    )
    .await;
    let taken = if http_common::is_refused(&taken) && !is_counted {
        http_common::count_refused(&endpoint.site, &call_context)
            .await
            .and(taken)
    } else {
        taken
    };
    taken.unwrap_or_else(|fault| http_common::refuse(&fault, &call_context.request_id))
}

async fn take(
    endpoint: &Endpoint,
    id: &str,
    call_context: &CallContext,
    request: Request,
    is_counted: &mut bool,
) -> Result<Response, Fault> {
    refuse_packed(request.headers())?;
    let holder = SessionOwner::of(&call_context.raw_credential);
    let found = lock(&endpoint.open)
        .get(id)
        .filter(|open| open.holder == holder)
        .map(|open| {
            let (messages, permits) = (open.messages.clone(), open.permits.clone());
            (messages, permits, open.closing.clone(), open.key.clone())
        });
    let Some((messages, permits, left, key)) = found else {
        return Ok(http_common::no_such_session());
    };
    let allowance =
        http_common::body_allowance(&endpoint.site, call_context, request.headers()).await?;
    let (limit, reservation) = (allowance.limit_bytes, allowance.reservation);
    let (parts, body) = request.into_parts();
    let bytes = read_large_body(body, &parts.headers, limit, &reservation).await?;
    if !Head::of(&bytes).is_tool_call() {
        *is_counted = true;
        protocol_message(&endpoint.site.context, &key, call_context).await?;
    }
    let Some(permit) = permits.acquire(bytes.len()) else {
        let retry_after_seconds = 1;
        let busy = Fault::new(FaultKind::RateLimited {
            retry_after_seconds,
        });
        return Err(busy.with_hint("Read the answers on the event stream before you send more."));
    };
    let read = match std::str::from_utf8(&bytes) {
        Ok(text) => message::read(text),
        Err(_) => Err(Some(message::refuse("The message is not UTF-8.", None))),
    };
    let mut message = match read {
        Ok(message) => message,
        Err(None) => return Ok(StatusCode::ACCEPTED.into_response()),
        Err(Some(refusal)) => {
            return Ok(http_common::no_message(&refusal));
        }
    };
    carry(&mut message, call_context, left, (permit, reservation));
    if messages.send(message).await.is_err() {
        return Ok(http_common::no_such_session());
    }
    Ok((StatusCode::ACCEPTED, "Accepted").into_response())
}

/// Puts who sent a message into it, and what it holds until its handler is done with it.
fn carry(
    message: &mut ClientJsonRpcMessage,
    call_context: &CallContext,
    left: CancellationToken,
    held: (Permit, Arc<Reservation>),
) {
    let call_context = call_context.clone();
    let incoming = Incoming { call_context, left };
    let held = Arc::new(held);
    match message {
        ClientJsonRpcMessage::Request(request) => {
            let extensions = request.request.extensions_mut();
            extensions.insert(incoming);
            extensions.insert(held);
        }
        ClientJsonRpcMessage::Notification(notification) => {
            let extensions = notification.notification.extensions_mut();
            extensions.insert(incoming);
            extensions.insert(held);
        }
        ClientJsonRpcMessage::Response(_) | ClientJsonRpcMessage::Error(_) => {}
    }
}

/// 256 random bits.
fn new_id(site: &HttpState) -> String {
    let [mut first, mut second] = [[0_u8; 16]; 2];
    site.context.randomness.fill(&mut first);
    site.context.randomness.fill(&mut second);
    let [first, second] = [first, second].map(u128::from_be_bytes);
    format!("{first:032x}{second:032x}")
}

/// The path that a proxy puts before ours, as `PUBLIC_URL` has it.
fn prefix(site: &HttpState) -> String {
    let path = url::Url::parse(&site.public_url).map(|url| url.path().to_owned());
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}

fn lock(open: &Mutex<HashMap<String, Open>>) -> std::sync::MutexGuard<'_, HashMap<String, Open>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The library's side of a stream. Clones share one connection.
#[derive(Clone)]
struct Bridge {
    received: Arc<AsyncMutex<mpsc::Receiver<ClientJsonRpcMessage>>>,
    sent: mpsc::UnboundedSender<Unread>,
    permits: Arc<Permits>,
    closing: CancellationToken,
    has_spoken: bool,
}

impl Bridge {
    /// Hands an answer to the stream. A client that leaves too much unread loses it; nothing is told to the library, which
    /// would log a line for each answer that waits.
    fn pass_on(&self, message: &TxJsonRpcMessage<RoleServer>) {
        let event = serde_json::to_string(message).unwrap_or_default();
        match self.permits.acquire_for_answer(event.len()) {
            Some(permit) => {
                let _ = self.sent.send(Unread {
                    event,
                    _permit: permit,
                });
            }
            None => self.closing.cancel(),
        }
    }
}

impl Transport<RoleServer> for Bridge {
    type Error = Infallible;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.pass_on(&message);
        std::future::ready(Ok(()))
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let timeout = if self.has_spoken { SILENCE } else { FIRST_WORD };
        // Silence for so long ends the stream as leaving does.
        let mut received = self.received.lock().await;
        let message = tokio::time::timeout(timeout, received.recv()).await;
        self.has_spoken = true;
        message.ok().flatten()
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.received.lock().await.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rmcp::model::{EmptyResult, RequestId};
    use tokio::time::Instant;

    use super::*;

    fn bridge(
        has_spoken: bool,
    ) -> (
        Bridge,
        mpsc::Sender<ClientJsonRpcMessage>,
        mpsc::UnboundedReceiver<Unread>,
    ) {
        let (messages, received) = mpsc::channel(1);
        let (sent, answers) = mpsc::unbounded_channel();
        let bridge = Bridge {
            received: Arc::new(AsyncMutex::new(received)),
            sent,
            permits: Permits::new(Bounds::STRANGER),
            closing: CancellationToken::new(),
            has_spoken,
        };
        (bridge, messages, answers)
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_ends_sooner_if_nothing_was_ever_said() {
        for (has_spoken, timeout) in [(false, FIRST_WORD), (true, SILENCE)] {
            let (mut bridge, _messages, _answers) = bridge(has_spoken);
            let began = Instant::now();
            assert!(bridge.receive().await.is_none());
            assert_eq!(began.elapsed().as_secs(), timeout.as_secs());
        }
    }

    #[tokio::test]
    async fn unread_answers_end_the_stream_at_their_bound() {
        let (mut bridge, _messages, mut answers) = bridge(true);
        let pong = || {
            TxJsonRpcMessage::<RoleServer>::response(EmptyResult {}.into(), RequestId::Number(1))
        };
        let room = Bounds::STRANGER.max_messages * 2;
        for _ in 0..room {
            bridge.send(pong()).await.unwrap();
        }
        assert!(!bridge.closing.is_cancelled());
        answers.recv().await.unwrap();
        bridge.send(pong()).await.unwrap();
        assert!(!bridge.closing.is_cancelled(), "what was read made room");
        bridge.send(pong()).await.unwrap();
        assert!(bridge.closing.is_cancelled());
    }
}
