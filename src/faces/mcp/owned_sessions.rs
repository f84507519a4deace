//! The sessions of the older protocol versions, each bound to whoever opened it: for anybody else it does not exist. The
//! sessions themselves are the protocol library's; what is said in them is not looked at. An idle one is put to sleep: the
//! library's tasks and channels take some 60 KB, so of a sleeping session only its handshake is kept, which the library
//! replays at the next request. One that this process does not hold any more, or never held, is restored from its id.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::Stream;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionManager, LocalSessionManagerError, SessionConfig, SessionTransport,
};
use rmcp::transport::streamable_http_server::session::{
    RestoreOutcome, ServerSseMessage, SessionState, SessionStore, SessionStoreError,
};
use rmcp::transport::streamable_http_server::{SessionId, SessionManager};
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;

use super::handshake::Handshake;
use super::session_owner::SessionOwner;
use crate::faces::http::ConcurrencyPermit;
use crate::operations::caller_key::CallerKey;

/// How long an answer is kept that nobody has fetched.
const COMPLETED_CACHE_TTL: Duration = Duration::from_secs(5);
/// How long a request waits for another one that restores its session.
const MAX_RESTORE_WAIT: Duration = Duration::from_secs(2);
/// How long a session is idle before it sleeps, and before its place is given up.
const SLEEP_TIMEOUT: Duration = Duration::from_secs(10);
const SESSION_TIMEOUT: Duration = Duration::from_mins(5);
/// How often idle sessions are looked for.
const SWEEP_INTERVAL: Duration = Duration::from_secs(5);
/// How many sessions that were ended on purpose are remembered, so that they are not restored.
const MAX_ENDED: usize = 4096;

tokio::task_local! {
    /// The id of the session that a request is about to open.
    static NEW_ID: SessionId;
}

/// The open sessions. An idle one sleeps, and gives up its place after five minutes; one ends when its caller says so, or when
/// its caller's newest needs its room.
#[derive(Debug)]
pub struct OwnedSessions {
    sessions: LocalSessionManager,
    bound: Arc<Mutex<HashMap<SessionId, Bound>>>,
    ended: Mutex<VecDeque<SessionId>>,
}

#[derive(Debug)]
struct Bound {
    holder: SessionOwner,
    key: CallerKey,
    /// What is replayed to restore it.
    handshake: Handshake,
    /// Requests and streams that are under way in it.
    in_use: usize,
    last_used: Instant,
    /// How often the library will close it yet because it was put to sleep: it goes on.
    closings_due: usize,
    /// Held by the request that restores it, until the library has answered that.
    restoring: Arc<tokio::sync::Mutex<()>>,
    _permit: ConcurrencyPermit<CallerKey>,
}

/// A session while something is under way in it.
#[derive(Debug)]
pub struct SessionUse {
    bound: Arc<Mutex<HashMap<SessionId, Bound>>>,
    id: SessionId,
}

impl OwnedSessions {
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
            ended: Mutex::default(),
        }
    }

    /// Puts idle sessions to sleep, and gives up the places of those that slept long enough, until `stop`.
    pub async fn sweep_until(self: Arc<Self>, stop: CancellationToken) {
        let mut interval = tokio::time::interval(SWEEP_INTERVAL);
        while stop.run_until_cancelled(interval.tick()).await.is_some() {
            self.sweep(SLEEP_TIMEOUT, SESSION_TIMEOUT).await;
        }
    }

    async fn sweep(&self, sleep_timeout: Duration, session_timeout: Duration) {
        let mut asleep = Vec::new();
        {
            // A request is in use before the library looks for its session: under both locks, it finds the session awake or
            // asleep and nothing in between.
            let mut awake = self.sessions.sessions.write().await;
            let mut all = lock(&self.bound);
            for (id, bound) in all.iter_mut() {
                let is_idle = bound.in_use == 0 && bound.last_used.elapsed() >= sleep_timeout;
                if is_idle && let Some(session) = awake.remove(id) {
                    bound.closings_due += 1;
                    asleep.push(session);
                }
            }
            all.retain(|id, bound| {
                bound.in_use > 0
                    || awake.contains_key(id)
                    || bound.last_used.elapsed() < session_timeout
            });
        }
        for session in asleep {
            // One that ended by itself meanwhile is as good.
            let _ = session.close().await;
        }
    }

    /// Waits while another request restores this session: the library takes no message of one whose handshake it still replays.
    /// What is returned is held until the library has answered, where this request restores it.
    pub async fn restoring(&self, id: &SessionId) -> Option<OwnedMutexGuard<()>> {
        let restoring = lock(&self.bound).get(id)?.restoring.clone();
        // A first call that takes long must not keep the word that ends it.
        let waited = tokio::time::timeout(MAX_RESTORE_WAIT, restoring.lock_owned()).await;
        let guard = waited.ok()?;
        let is_held = self.sessions.has_session(id).await.unwrap_or(true);
        (!is_held).then_some(guard)
    }

    /// Runs `opening`, in which a session is opened under this id.
    pub async fn opening<F: Future>(&self, id: SessionId, opening: F) -> F::Output {
        NEW_ID.scope(id, opening).await
    }

    /// From now on the session is this holder's, and takes up their place until it ends. One that another request bound at
    /// the same time stays as it is.
    pub fn bind(
        &self,
        id: &SessionId,
        holder: SessionOwner,
        place: ConcurrencyPermit<CallerKey>,
        handshake: Handshake,
    ) {
        lock(&self.bound).entry(id.clone()).or_insert(Bound {
            holder,
            key: place.key().clone(),
            handshake,
            in_use: 0,
            last_used: Instant::now(),
            closings_due: 0,
            restoring: Arc::default(),
            _permit: place,
        });
    }

    /// Gives up the place of a session that was not opened, or that ended before it was bound.
    pub async fn unbind_if_gone(&self, id: &SessionId) {
        if !self.sessions.sessions.read().await.contains_key(id) {
            lock(&self.bound).remove(id);
        }
    }

    /// Whether it was ended on purpose: for good, unlike one that was only idle.
    pub fn has_ended(&self, id: &str) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.iter().any(|ended| **ended == *id)
    }

    /// From now on the session is not restored.
    pub fn end(&self, id: &SessionId) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.len() >= MAX_ENDED {
            ended.pop_front();
        }
        ended.push_back(id.clone());
    }

    /// The session, where this holder has it; until what is given is dropped it is not idle.
    pub fn begin_use(&self, id: &str, holder: SessionOwner) -> Option<SessionUse> {
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
        self.end(&id);
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
            // It may have been put away and restored meanwhile.
            bound.in_use = bound.in_use.saturating_sub(1);
            bound.last_used = Instant::now();
        }
    }
}

fn lock(bound: &Mutex<HashMap<SessionId, Bound>>) -> MutexGuard<'_, HashMap<SessionId, Bound>> {
    bound.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SessionManager for OwnedSessions {
    type Error = LocalSessionManagerError;
    type Transport = SessionTransport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        if let Ok(id) = NEW_ID.try_with(SessionId::clone)
            && let RestoreOutcome::Restored(transport) =
                self.sessions.restore_session(id.clone()).await?
        {
            return Ok((id, transport));
        }
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

    /// The library closes a session that its client ends, and each whose tasks have ended: those of one that was put to sleep
    /// too, which goes on.
    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        if !self.has_ended(id)
            && let Some(bound) = lock(&self.bound).get_mut(id)
            && bound.closings_due > 0
        {
            bound.closings_due -= 1;
            return Ok(());
        }
        let closed = self.sessions.close_session(id).await;
        lock(&self.bound).remove(id);
        closed
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

    async fn restore_session(
        &self,
        id: SessionId,
    ) -> Result<RestoreOutcome<Self::Transport>, Self::Error> {
        self.sessions.restore_session(id).await
    }
}

/// What the library asks for where it does not hold a session: the handshake to replay. Nothing is stored, for the session's
/// id itself carries it, and it was bound before the library was asked.
#[async_trait]
impl SessionStore for OwnedSessions {
    async fn load(&self, id: &str) -> Result<Option<SessionState>, SessionStoreError> {
        let bound = lock(&self.bound);
        let bound = bound.get(id);
        Ok(bound.map(|bound| SessionState::new(bound.handshake.params())))
    }

    async fn store(&self, _id: &str, _state: &SessionState) -> Result<(), SessionStoreError> {
        Ok(())
    }

    async fn delete(&self, _id: &str) -> Result<(), SessionStoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
