//! What both network transports do with a request before the protocol sees it: who may send how much, what is said where
//! something is refused, and how it is noticed that the caller has gone. It knows no message.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use rmcp::RoleServer;
use rmcp::service::TxJsonRpcMessage;
use serde_json::json;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::RATE_LIMITED;
use super::owned_sessions::SessionUse;
use crate::faces::http::{
    BodyWatch, ConcurrencyLimiter, ConcurrencyLimits, ConcurrencyPermit, HttpState,
    MAX_BYTES_WITHOUT_FILES, Reservation, STRANGERS_BYTES, announced, envelope,
};
use crate::fault::{Fault, FaultKind};
use crate::operations::auth_level::{BodyClass, Identified};
use crate::operations::caller::{CallContext, Credential, RawCredential};
use crate::operations::caller_key::CallerKey;
use crate::operations::dispatch::Answer;
use crate::operations::protocol_message;

/// How long streams stay open once the server stops, so that the last answers leave through them.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// A refusal as every face words it; of what was too much as an error of the protocol, for clients read nothing else there.
pub fn refuse(fault: &Fault, request_id: &str) -> Response {
    let answer = Answer::from_fault(fault, request_id);
    if !matches!(fault.kind(), FaultKind::RateLimited { .. }) {
        return envelope(&answer);
    }
    let retry_after = answer.retry_after().unwrap_or(1).to_string();
    let words = words_of(&answer);
    let error = json!({
        "jsonrpc": "2.0",
        "id": null,
        "error": {"code": RATE_LIMITED, "message": words, "data": answer.data},
    });
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::RETRY_AFTER, retry_after),
    ];
    (StatusCode::TOO_MANY_REQUESTS, headers, error.to_string()).into_response()
}

/// Whether a request came to nothing, by its sender's doing.
pub fn is_refused(answered: &Result<Response, Fault>) -> bool {
    match answered {
        Ok(response) => response.status().is_client_error(),
        Err(_) => true,
    }
}

/// Counts a request that was refused before any limit counted it, for its network: who sent it was looked at already, and a
/// wrong key is one guess.
pub async fn count_refused(site: &HttpState, call_context: &CallContext) -> Result<(), Fault> {
    let key = CallerKey::of(&Credential::None, call_context.address);
    protocol_message(&site.context, &key, call_context).await
}

/// What happened, and what to do next.
pub fn words_of(answer: &Answer) -> String {
    match answer.next() {
        Some(next) => format!("{} {next}", answer.message),
        None => answer.message.clone(),
    }
}

/// What somebody is told who names a session that is not theirs, be it another's or nobody's.
pub fn no_such_session() -> Response {
    let error =
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}"#;
    let json = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::NOT_FOUND, json, error).into_response()
}

/// The answer to what is no message of the protocol.
pub fn no_message(refusal: &TxJsonRpcMessage<RoleServer>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    let refusal = serde_json::to_string(refusal).unwrap_or_default();
    (StatusCode::BAD_REQUEST, json, refusal).into_response()
}

/// The event streams of both transports, which stay open as long as their caller likes.
#[derive(Clone)]
pub struct Streams {
    places: ConcurrencyLimiter<CallerKey>,
    /// Cancelled a moment after the server was told to stop.
    pub ending: CancellationToken,
}

impl Streams {
    /// For one caller a quarter of the connections that one address may have: sixteen, unless that number was raised.
    pub fn new(site: &HttpState) -> Self {
        let network = &site.context.settings.network;
        let most_each = (network.max_connections_per_address / 4).max(1);
        let (stop, ending) = (site.stop.clone(), CancellationToken::new());
        let ended = ending.clone();
        tokio::spawn(async move {
            stop.cancelled().await;
            tokio::time::sleep(LAST_ANSWERS).await;
            ended.cancel();
        });
        Self {
            places: ConcurrencyLimiter::new(ConcurrencyLimits {
                total: network.max_connections,
                each: most_each,
                network: network.max_connections_per_address,
            }),
            ending,
        }
    }

    /// A place for a stream, or what somebody is told who holds as many as one may.
    pub fn take(
        &self,
        caller: CallerKey,
        address: Option<IpAddr>,
    ) -> Result<ConcurrencyPermit<CallerKey>, Fault> {
        let retry_after_seconds = 5;
        self.places.take(caller, address).ok_or_else(|| {
            FaultKind::RateLimited {
                retry_after_seconds,
            }
            .into()
        })
    }
}

/// What a caller may send at once: how long a body may be, and the budget that its bytes are counted in.
pub struct BodyAllowance {
    pub limit_bytes: u64,
    pub reservation: Arc<Reservation>,
}

/// What this caller may send. The proof is looked at only for a body that needs it, for most are short.
pub async fn body_allowance(
    site: &HttpState,
    call_context: &CallContext,
    headers: &HeaderMap,
) -> Result<BodyAllowance, Fault> {
    let is_short = announced(headers).is_some_and(|length| length <= STRANGERS_BYTES);
    let (limit_bytes, key) = if is_short || !shows_proof(call_context) {
        let key = CallerKey::of(&Credential::None, call_context.address);
        (STRANGERS_BYTES, key)
    } else {
        let identified = Identified::before_call(&site.context, call_context).await?;
        let limit_bytes = match identified.body_class {
            BodyClass::Short => STRANGERS_BYTES,
            BodyClass::WithoutFiles => MAX_BYTES_WITHOUT_FILES,
            BodyClass::WithFiles => site.context.settings.max_request_bytes,
        };
        (limit_bytes, identified.key)
    };
    Ok(BodyAllowance {
        limit_bytes,
        reservation: site.body_memory.reserve(key, call_context.address),
    })
}

/// Whether anything was shown at all.
pub fn shows_proof(call_context: &CallContext) -> bool {
    match &call_context.raw_credential {
        RawCredential::Headers { authorization, .. } => authorization.is_some(),
        RawCredential::Process(_) | RawCredential::Operator | RawCredential::OwnPage { .. } => {
            false
        }
    }
}

/// What a response holds until its body was sent or given up: that tells when it was, and keeps a stream's place.
pub struct ResponseHold {
    pub _left: DropGuard,
    pub _permit: Option<ConcurrencyPermit<CallerKey>>,
    /// What the request's body holds of its budget.
    pub _reservation: Option<Arc<Reservation>>,
    /// The session that the answer belongs to: it is not idle meanwhile.
    pub _session: Option<SessionUse>,
}

impl BodyWatch<Body> for ResponseHold {
    type Error = axum::Error;

    fn failed(&mut self, error: axum::Error) -> axum::Error {
        error
    }
}
