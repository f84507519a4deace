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
use rmcp::model::{ClientJsonRpcMessage, GetExtensions as _};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::{RoleServer, ServiceExt as _};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::door::{self, AttendedBody, Streams};
use super::holder::{Counted, Holder};
use super::incoming::{Incoming, Source};
use super::{McpServer, message};
use crate::faces::http::{Site, Visit, read_body, refuse_packed};
use crate::fault::Fault;
use crate::operations::caller::{Arrival, Face};
use crate::operations::standing::Standing;

/// How long a new stream may stay without a message, and a used one.
const FIRST_WORD: Duration = Duration::from_mins(1);
const SILENCE: Duration = Duration::from_hours(1);
/// How often a silent stream is kept open by a comment, which also finds out who has gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How many messages wait for a slow side before the other waits too.
const WAITING: usize = 16;

/// The routes `/sse` and `/messages`.
pub fn router(site: &Arc<Site>, streams: Streams) -> Router {
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
    site: Arc<Site>,
    streams: Streams,
    open: Arc<Mutex<HashMap<String, Open>>>,
}

/// An open stream, and who may speak to it.
struct Open {
    holder: Holder,
    messages: mpsc::Sender<ClientJsonRpcMessage>,
    closing: CancellationToken,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    session_id: String,
}

async fn listen(
    State(endpoint): State<Arc<Endpoint>>,
    Extension(visit): Extension<Visit>,
    request: Request,
) -> Response {
    let arrival = visit.arrival(&endpoint.site, request.headers(), Face::McpHttp);
    let stream = open(&endpoint, &arrival).await;
    stream.unwrap_or_else(|fault| door::refuse(&fault, &arrival.request_id))
}

async fn open(endpoint: &Endpoint, arrival: &Arrival) -> Result<Response, Fault> {
    let context = &endpoint.site.context;
    let standing = Standing::of(context, arrival).await?;
    let place = endpoint.streams.take(Counted::of(arrival, standing))?;
    let id = new_id(&endpoint.site);
    let (messages, received) = mpsc::channel(WAITING);
    let (sent, answers) = mpsc::channel::<TxJsonRpcMessage<RoleServer>>(WAITING);
    let closing = endpoint.streams.ending.child_token();
    let opened = Open {
        holder: Holder::of(&arrival.presented),
        messages,
        closing: closing.clone(),
    };
    lock(&endpoint.open).insert(id.clone(), opened);
    let bridge = Bridge {
        received,
        sent,
        has_spoken: false,
    };
    let server = McpServer::new(context.clone(), Source::Network);
    let (all, own, closed) = (endpoint.open.clone(), id.clone(), closing.clone());
    tokio::spawn(async move {
        // A client that leaves before it said what it is is no fault of ours; its words are not for the log.
        if let Ok(service) = server.serve_with_ct(bridge, closed.clone()).await {
            let _ = service.waiting().await;
        }
        lock(&all).remove(&own);
        closed.cancel();
    });
    let address = format!("{}/messages?session_id={id}", prefix(&endpoint.site));
    let first = Event::default().event("endpoint").data(address);
    let answers = stream::unfold(answers, async |mut answers| {
        let answer = answers.recv().await?;
        let event = serde_json::to_string(&answer).unwrap_or_default();
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
        Body::new(AttendedBody {
            inner,
            _left: closing.drop_guard(),
            _place: Some(place),
        })
    }))
}

async fn speak(
    State(endpoint): State<Arc<Endpoint>>,
    Extension(visit): Extension<Visit>,
    Query(named): Query<Named>,
    request: Request,
) -> Response {
    let arrival = visit.arrival(&endpoint.site, request.headers(), Face::McpHttp);
    let taken = take(&endpoint, &named.session_id, &arrival, request).await;
    taken.unwrap_or_else(|fault| door::refuse(&fault, &arrival.request_id))
}

async fn take(
    endpoint: &Endpoint,
    id: &str,
    arrival: &Arrival,
    request: Request,
) -> Result<Response, Fault> {
    refuse_packed(request.headers())?;
    let holder = Holder::of(&arrival.presented);
    let found = lock(&endpoint.open)
        .get(id)
        .filter(|open| open.holder == holder)
        .map(|open| (open.messages.clone(), open.closing.clone()));
    let Some((messages, left)) = found else {
        return Ok(door::no_such_session());
    };
    let limit = door::most_bytes(&endpoint.site, arrival, request.headers()).await?;
    let (parts, body) = request.into_parts();
    let bytes = read_body(body, &parts.headers, limit).await?;
    let read = match std::str::from_utf8(&bytes) {
        Ok(text) => message::read(text),
        Err(_) => Err(Some(message::refuse("The message is not UTF-8.", None))),
    };
    let mut message = match read {
        Ok(message) => message,
        Err(None) => return Ok(StatusCode::ACCEPTED.into_response()),
        Err(Some(refusal)) => {
            return Ok(door::no_message(&refusal));
        }
    };
    carry(&mut message, arrival, left);
    if messages.send(message).await.is_err() {
        return Ok(door::no_such_session());
    }
    Ok((StatusCode::ACCEPTED, "Accepted").into_response())
}

/// Puts who sent a message into it.
fn carry(message: &mut ClientJsonRpcMessage, arrival: &Arrival, left: CancellationToken) {
    let arrival = arrival.clone();
    let incoming = Incoming { arrival, left };
    match message {
        ClientJsonRpcMessage::Request(request) => {
            request.request.extensions_mut().insert(incoming);
        }
        ClientJsonRpcMessage::Notification(notification) => {
            notification.notification.extensions_mut().insert(incoming);
        }
        ClientJsonRpcMessage::Response(_) | ClientJsonRpcMessage::Error(_) => {}
    }
}

/// 256 random bits.
fn new_id(site: &Site) -> String {
    let [mut first, mut second] = [[0_u8; 16]; 2];
    site.context.randomness.fill(&mut first);
    site.context.randomness.fill(&mut second);
    let [first, second] = [first, second].map(u128::from_be_bytes);
    format!("{first:032x}{second:032x}")
}

/// The path that a proxy puts before ours, as `PUBLIC_URL` has it.
fn prefix(site: &Site) -> String {
    let path = url::Url::parse(&site.public_url).map(|url| url.path().to_owned());
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}

fn lock(open: &Mutex<HashMap<String, Open>>) -> std::sync::MutexGuard<'_, HashMap<String, Open>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The library's side of a stream.
struct Bridge {
    received: mpsc::Receiver<ClientJsonRpcMessage>,
    sent: mpsc::Sender<TxJsonRpcMessage<RoleServer>>,
    has_spoken: bool,
}

impl Transport<RoleServer> for Bridge {
    type Error = mpsc::error::SendError<TxJsonRpcMessage<RoleServer>>;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let sent = self.sent.clone();
        async move { sent.send(message).await }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let patience = if self.has_spoken { SILENCE } else { FIRST_WORD };
        // Silence for so long ends the stream as leaving does.
        let message = tokio::time::timeout(patience, self.received.recv()).await;
        self.has_spoken = true;
        message.ok().flatten()
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.received.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    fn bridge(has_spoken: bool) -> (Bridge, mpsc::Sender<ClientJsonRpcMessage>) {
        let (messages, received) = mpsc::channel(1);
        let (sent, _) = mpsc::channel(1);
        let bridge = Bridge {
            received,
            sent,
            has_spoken,
        };
        (bridge, messages)
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_ends_sooner_if_nothing_was_ever_said() {
        for (has_spoken, patience) in [(false, FIRST_WORD), (true, SILENCE)] {
            let (mut bridge, _messages) = bridge(has_spoken);
            let began = Instant::now();
            assert!(bridge.receive().await.is_none());
            assert_eq!(began.elapsed().as_secs(), patience.as_secs());
        }
    }
}
