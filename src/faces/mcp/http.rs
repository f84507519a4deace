//! MCP over Streamable HTTP, at `/mcp`: the protocol library's service behind our own limits. Older protocol versions get
//! a session where their caller proves who they are and has room for one; everything else is answered without. A session
//! that this process does not hold is restored from its id, for the credential that opened it.

use std::cell::LazyCell;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use axum::{Extension, Router};
use bytes::Bytes;
use rmcp::RoleServer;
use rmcp::service::TxJsonRpcMessage;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{
    SessionId, StreamableHttpServerConfig, StreamableHttpService,
};
use tokio_util::sync::CancellationToken;

use super::McpServer;
use super::handshake::Handshake;
use super::http_common::{self, ResponseHold, Streams};
use super::incoming::{Incoming, Source};
use super::message::{self, Head};
use super::owned_sessions::{OwnedSessions, SessionUse};
use super::session_owner::SessionOwner;
use crate::faces::http::{
    ConcurrencyLimiter, ConcurrencyLimits, ConcurrencyPermit, HttpState, RequestMeta, Reservation,
    WatchedBody, read_large_body, refuse_packed,
};
use crate::fault::Fault;
use crate::operations::auth_level::Identified;
use crate::operations::caller::{CallContext, Credential, Face};
use crate::operations::caller_key::CallerKey;
use crate::operations::protocol_message;

const SESSION_ID: &str = "mcp-session-id";
const PROTOCOL_VERSION: &str = "mcp-protocol-version";
/// From how many sessions of one caller on its newest takes the place of its oldest idle one. Those that listen or work are not
/// idle, and may be more.
const MAX_IDLE_SESSIONS: usize = 50;
/// From this version on there are no sessions. Versions are dates and compare as such.
const NO_SESSIONS_SINCE: &str = "2026-07-28";
/// An `initialize` is short; what is longer is none.
const MAX_HELLO: usize = 16 * 1024;

/// The route `/mcp`.
pub fn router(site: &Arc<HttpState>, streams: &Streams) -> Router {
    Router::new()
        .route("/mcp", any(serve))
        .with_state(Arc::new(Endpoint::new(site, streams)))
}

/// What a request holds until its answer has left.
#[derive(Default)]
struct Held {
    /// What its body has of the budget.
    reservation: Option<Arc<Reservation>>,
    /// Its session, which is not idle meanwhile.
    session: Option<SessionUse>,
    /// Whether a limit has counted it.
    is_counted: bool,
}

struct Endpoint {
    site: Arc<HttpState>,
    opened: Arc<OwnedSessions>,
    with_sessions: StreamableHttpService<McpServer, OwnedSessions>,
    without: StreamableHttpService<McpServer, NeverSessionManager>,
    sessions: ConcurrencyLimiter<CallerKey>,
    streams: Streams,
}

impl Endpoint {
    fn new(site: &Arc<HttpState>, streams: &Streams) -> Self {
        let limit = usize::try_from(site.context.settings.max_request_bytes).unwrap_or(usize::MAX);
        // Host, origin and size are judged before; the size here is only no tighter.
        let config = StreamableHttpServerConfig::default()
            .disable_allowed_hosts()
            .with_json_response(true)
            .with_max_request_body_bytes(limit)
            .with_sse_retry(None)
            .with_cancellation_token(streams.ending.clone());
        let context = site.context.clone();
        let server = move || Ok(McpServer::new(context.clone(), Source::Network));
        let opened = Arc::new(OwnedSessions::new());
        tokio::spawn(opened.clone().sweep_until(site.stop.clone()));
        let mut with_sessions = config.clone().with_legacy_session_mode(true);
        with_sessions.session_store = Some(opened.clone());
        let network = &site.context.settings.network;
        Self {
            with_sessions: StreamableHttpService::new(
                server.clone(),
                opened.clone(),
                with_sessions,
            ),
            without: StreamableHttpService::new(
                server,
                Arc::default(),
                config.with_legacy_session_mode(false),
            ),
            opened,
            sessions: ConcurrencyLimiter::new(ConcurrencyLimits {
                total: network.max_connections * 2,
                each: network.max_connections_per_address,
                network: network.max_connections_per_address * 4,
            }),
            streams: streams.clone(),
            site: site.clone(),
        }
    }

    /// What a session of this holder began with that an earlier process held, or that was put away while it was idle.
    fn restorable(&self, id: &str, holder: SessionOwner) -> Option<Handshake> {
        let handshake = Handshake::of_session(&self.site.context, holder, id);
        handshake.filter(|_| !self.opened.has_ended(id))
    }

    /// Binds such a session again; the protocol library replays its handshake. `None` where there is no room: its client
    /// is served without.
    async fn restore(
        &self,
        id: &SessionId,
        holder: SessionOwner,
        handshake: Handshake,
        call_context: &CallContext,
    ) -> Result<Option<SessionUse>, Fault> {
        let Some(place) = self.room(call_context).await? else {
            return Ok(None);
        };
        self.opened.bind(id, holder, place, handshake);
        Ok(self.opened.begin_use(id, holder))
    }

    /// A place for a new session; strangers get none. A caller's oldest idle session makes room for its newest.
    async fn room(
        &self,
        call_context: &CallContext,
    ) -> Result<Option<ConcurrencyPermit<CallerKey>>, Fault> {
        let key = Identified::before_call(&self.site.context, call_context)
            .await?
            .key;
        if !key.is_proven() {
            return Ok(None);
        }
        if self.sessions.taken_by(&key) >= MAX_IDLE_SESSIONS {
            self.opened.end_oldest_idle(&key).await;
        }
        let place = self.sessions.take(key.clone(), call_context.address);
        if place.is_some() || !self.opened.end_oldest_idle(&key).await {
            return Ok(place);
        }
        Ok(self.sessions.take(key, call_context.address))
    }

    /// Who a message of the protocol is counted for: in a session whoever opened it, else who proves to be somebody now.
    async fn key_of(&self, call_context: &CallContext, held: &Held) -> Result<CallerKey, Fault> {
        if let Some(key) = held.session.as_ref().and_then(SessionUse::key) {
            return Ok(key);
        }
        if !http_common::shows_proof(call_context) {
            return Ok(CallerKey::of(&Credential::None, call_context.address));
        }
        let identified = Identified::before_call(&self.site.context, call_context).await?;
        Ok(identified.key)
    }

    /// Answers; what is to be held until the answer has left is put into `held`.
    async fn answer(
        &self,
        request: Request,
        call_context: &CallContext,
        held: &mut Held,
    ) -> Result<Response, Fault> {
        // A digest, which most calls have no use for.
        let holder = LazyCell::new(|| SessionOwner::of(&call_context.raw_credential));
        let named: Option<SessionId> = session_of(request.headers()).map(Into::into);
        let ends_session = request.method() == Method::DELETE;
        if let Some(id) = &named {
            held.session = self.opened.begin_use(id, *holder);
            if held.session.is_none() {
                let Some(handshake) = self.restorable(id, *holder) else {
                    return Ok(http_common::no_such_session());
                };
                if !ends_session {
                    held.session = self.restore(id, *holder, handshake, call_context).await?;
                }
            }
            if ends_session {
                self.opened.end(id);
            }
            if ends_session && held.session.is_none() {
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
        }
        let is_post = request.method() == Method::POST;
        let (parts, body) = request.into_parts();
        // The protocol library takes a body in as a whole too, and would believe what it finds.
        let bytes = if is_post {
            let allowance =
                http_common::body_allowance(&self.site, call_context, &parts.headers).await?;
            let reservation = held.reservation.insert(allowance.reservation);
            read_large_body(body, &parts.headers, allowance.limit_bytes, reservation).await?
        } else {
            Bytes::new()
        };
        let message_head = Head::of(&bytes);
        if is_post && !message_head.is_tool_call() {
            held.is_counted = true;
            let key = Box::pin(self.key_of(call_context, held)).await?;
            protocol_message(&self.site.context, &key, call_context).await?;
        }
        if let Err(refusal) = message_head.check(&bytes) {
            return Ok(http_common::no_message(&refusal));
        }
        let is_hello = is_post && bytes.len() <= MAX_HELLO && message_head.is_hello();
        let handshake = match is_hello.then(|| handshake_of(&bytes)) {
            Some(Err(refusal)) => return Ok(http_common::no_message(&refusal)),
            Some(Ok(handshake)) => handshake,
            None => None,
        };
        let may_open = named.is_none() && !is_modern(&parts.headers);
        let room = if may_open && http_common::shows_proof(call_context) && handshake.is_some() {
            self.room(call_context).await?
        } else {
            None
        };
        let request = Request::from_parts(parts, Body::from(bytes));
        if let (Some(id), Some(_)) = (&named, &held.session) {
            let restoring = self.opened.restoring(id).await;
            let response = Box::pin(self.with_sessions.handle(request)).await;
            drop(restoring);
            self.opened.unbind_if_gone(id).await;
            return Ok(response.map(Body::new));
        }
        let (Some(place), Some(handshake)) = (room, handshake) else {
            let response = Box::pin(self.without.handle(request)).await;
            return Ok(response.map(Body::new));
        };
        let id: SessionId = handshake.session_id(&self.site.context, *holder)?.into();
        let opening = Box::pin(self.with_sessions.handle(request));
        let response = self.opened.opening(id.clone(), opening).await;
        self.opened.bind(&id, *holder, place, handshake);
        self.opened.unbind_if_gone(&id).await;
        Ok(response.map(Body::new))
    }
}

async fn serve(
    State(endpoint): State<Arc<Endpoint>>,
    Extension(visit): Extension<RequestMeta>,
    request: Request,
) -> Response {
    let call_context = visit.call_context(&endpoint.site, request.headers(), Face::McpHttp);
    let answer = attend(&endpoint, request, &call_context).await;
    answer.unwrap_or_else(|fault| http_common::refuse(&fault, &call_context.request_id))
}

async fn attend(
    endpoint: &Endpoint,
    mut request: Request,
    call_context: &CallContext,
) -> Result<Response, Fault> {
    refuse_packed(request.headers())?;
    let place = if request.method() == Method::GET {
        let identified = Identified::before_call(&endpoint.site.context, call_context).await?;
        protocol_message(&endpoint.site.context, &identified.key, call_context).await?;
        Some(
            endpoint
                .streams
                .take(identified.key, call_context.address)?,
        )
    } else {
        None
    };
    let left = CancellationToken::new();
    let guard = left.clone().drop_guard();
    request.extensions_mut().insert(Incoming {
        call_context: call_context.clone(),
        left,
    });
    let ends_session = request.method() == Method::DELETE;
    let mut held = Held {
        is_counted: place.is_some(),
        ..Held::default()
    };
    let answered = endpoint.answer(request, call_context, &mut held).await;
    if http_common::is_refused(&answered) && !held.is_counted {
        http_common::count_refused(&endpoint.site, call_context).await?;
    }
    let mut response = answered?;
    if ends_session && response.status() == StatusCode::ACCEPTED {
        // It has ended, and some clients take anything but these words for a failure.
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    Ok(response.map(|inner| {
        let held = ResponseHold {
            _left: guard,
            _permit: place,
            _reservation: held.reservation,
            _session: held.session,
        };
        Body::new(WatchedBody::watched(inner, held))
    }))
}

/// The session that the headers name, in a version that has any. What is no text names one that nobody has.
fn session_of(headers: &HeaderMap) -> Option<&str> {
    if is_modern(headers) {
        return None;
    }
    headers
        .get(SESSION_ID)
        .map(|id| id.to_str().unwrap_or_default())
}

fn is_modern(headers: &HeaderMap) -> bool {
    headers
        .get(PROTOCOL_VERSION)
        .and_then(|version| version.to_str().ok())
        .is_some_and(|version| version >= NO_SESSIONS_SINCE)
}

/// The handshake that an `initialize` is, or the refusal of one that fits no type.
fn handshake_of(body: &Bytes) -> Result<Option<Handshake>, Box<TxJsonRpcMessage<RoleServer>>> {
    let Ok(text) = std::str::from_utf8(body) else {
        return Ok(None);
    };
    match message::read(text) {
        Ok(message) => Ok(Handshake::of(&message)),
        Err(Some(refusal)) => Err(refusal),
        Err(None) => Ok(None),
    }
}
