//! The sessions of the older protocol versions, each bound to whoever opened it: for anybody else it does not exist. The
//! sessions themselves are the protocol library's; what is said in them is not looked at.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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

/// The open sessions. An idle one ends after the library's five minutes, or when its caller's newest needs its room.
#[derive(Debug)]
pub struct Opened {
    sessions: LocalSessionManager,
    bound: Arc<Mutex<HashMap<SessionId, Bound>>>,
}

#[derive(Debug)]
struct Bound {
    holder: Holder,
    key: CallerKey,
    /// Requests and streams that are under way in it.
    in_use: usize,
    last_used: Instant,
    _place: Place<CallerKey>,
}

/// A session while something is under way in it.
#[derive(Debug)]
pub struct SessionUse {
    bound: Arc<Mutex<HashMap<SessionId, Bound>>>,
    id: SessionId,
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
            bound: Arc::default(),
        }
    }

    /// From now on the session is this holder's, and takes up their place until it ends.
    pub async fn bind(
        &self,
        id: &SessionId,
        holder: Holder,
        key: CallerKey,
        place: Place<CallerKey>,
    ) {
        let bound = Bound {
            holder,
            key,
            in_use: 0,
            last_used: Instant::now(),
            _place: place,
        };
        lock(&self.bound).insert(id.clone(), bound);
        // One that ended in the meantime was not there to be unbound.
        if !self.sessions.sessions.read().await.contains_key(id) {
            lock(&self.bound).remove(id);
        }
    }

    /// The session, where this holder has it; until what is given is dropped it is not idle.
    pub fn begin_use(&self, id: &str, holder: Holder) -> Option<SessionUse> {
        let mut all = lock(&self.bound);
        let bound = all.get_mut(id).filter(|bound| bound.holder == holder)?;
        bound.in_use += 1;
        Some(SessionUse {
            bound: self.bound.clone(),
            id: id.into(),
        })
    }

    /// Ends the caller's session that was idle longest; `false` where it has none that is idle.
    pub async fn end_oldest_idle(&self, key: &CallerKey) -> bool {
        let oldest = lock(&self.bound)
            .iter()
            .filter(|(_, bound)| bound.key == *key && bound.in_use == 0)
            .min_by_key(|(_, bound)| bound.last_used)
            .map(|(id, _)| id.clone());
        let Some(id) = oldest else {
            return false;
        };
        // Its place is free whether or not the library still had it.
        let _ = self.close_session(&id).await;
        true
    }
}

impl SessionUse {
    /// Who opened the session; `None` where it has ended meanwhile.
    pub fn key(&self) -> Option<CallerKey> {
        lock(&self.bound)
            .get(&self.id)
            .map(|bound| bound.key.clone())
    }
}

impl Drop for SessionUse {
    fn drop(&mut self) {
        if let Some(bound) = lock(&self.bound).get_mut(&self.id) {
            bound.in_use -= 1;
            bound.last_used = Instant::now();
        }
    }
}

fn lock(bound: &Mutex<HashMap<SessionId, Bound>>) -> MutexGuard<'_, HashMap<SessionId, Bound>> {
    bound.lock().unwrap_or_else(PoisonError::into_inner)
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
        lock(&self.bound).remove(id);
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
