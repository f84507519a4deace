//! The sessions of the older protocol versions, each bound to whoever opened it: for anybody else it does not exist. The
//! sessions themselves are the protocol library's; what is said in them is not looked at.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::Stream;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::session::ServerSseMessage;
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionManager, LocalSessionManagerError, SessionConfig, SessionTransport,
};
use rmcp::transport::streamable_http_server::{SessionId, SessionManager};

use super::holder::{Holder, Place};
use crate::operations::caller_key::CallerKey;

/// How long an answer is kept that nobody has fetched.
const COMPLETED_CACHE_TTL: Duration = Duration::from_secs(5);

/// The open sessions. An idle one ends after the library's five minutes.
#[derive(Debug)]
pub struct Opened {
    sessions: LocalSessionManager,
    bound: Mutex<HashMap<SessionId, Bound>>,
}

#[derive(Debug)]
struct Bound {
    holder: Holder,
    _place: Place<CallerKey>,
}

impl Opened {
    pub fn new() -> Self {
        // An empty first event in each stream would only confuse clients of versions that did not have it.
        let mut session_config = SessionConfig::default();
        session_config.sse_retry = None;
        // An answer whose client has gone is kept for its return, and its client may be gone on purpose.
        session_config.completed_cache_ttl = COMPLETED_CACHE_TTL;
        let mut sessions = LocalSessionManager::default();
        sessions.session_config = session_config;
        Self {
            sessions,
            bound: Mutex::default(),
        }
    }

    /// From now on the session is this holder's, and takes up their place until it ends.
    pub async fn bind(&self, id: &SessionId, holder: Holder, place: Place<CallerKey>) {
        let bound = Bound {
            holder,
            _place: place,
        };
        self.bound().insert(id.clone(), bound);
        // One that ended in the meantime was not there to be unbound.
        if !self.sessions.sessions.read().await.contains_key(id) {
            self.bound().remove(id);
        }
    }

    /// Whether there is such a session for this holder.
    pub fn is_held(&self, id: &str, holder: Holder) -> bool {
        self.bound()
            .get(id)
            .is_some_and(|bound| bound.holder == holder)
    }

    fn bound(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, Bound>> {
        self.bound.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionManager for Opened {
    type Error = LocalSessionManagerError;
    type Transport = SessionTransport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        self.sessions.create_session().await
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
        self.sessions.initialize_session(id, message).await
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Self::Error> {
        self.sessions.has_session(id).await
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        self.bound().remove(id);
        self.sessions.close_session(id).await
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.sessions.create_stream(id, message).await
    }

    async fn accept_message(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<(), Self::Error> {
        self.sessions.accept_message(id, message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.sessions.create_standalone_stream(id).await
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.sessions.resume(id, last_event_id).await
    }
}
