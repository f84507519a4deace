//! A call while it runs: answered when its operation is done, sooner when its caller leaves or takes it back, and heard
//! from in between where progress was asked for. Which operation it is does not matter here.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken, RequestId};
use rmcp::service::Peer;
use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::elicitation::{ElicitationMode, ElicitationOutcome, Outcome, attend};
use super::incoming::Incoming;
use crate::context::Context;
use crate::domain::task::TaskStatus;
use crate::faces::http::{ConcurrencyLimiter, ConcurrencyLimits, ConcurrencyPermit};
use crate::fault::FaultKind;
use crate::operations::caller::Progress;
use crate::operations::dispatch::{Answer, Request};
use crate::operations::registry::Entry;

/// How long a call goes on after its caller has left: what was sent just before the end of input is still answered, and
/// who takes a call back and hangs up at once is not mistaken for somebody who only left.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(300);
/// How many calls of one connection or session may be under way: an event stream's posts are answered at once, so that the
/// number of connections does not limit them.
const MAX_AT_ONCE: usize = 128;

/// The calls of one connection or session that can be taken back.
#[derive(Debug, Clone)]
pub struct Calls {
    running: Arc<Mutex<HashMap<RequestId, CancellationToken>>>,
    limiter: ConcurrencyLimiter<()>,
}

/// A call among them until it is dropped.
struct Running<'c> {
    calls: &'c Calls,
    id: RequestId,
    _permit: ConcurrencyPermit<()>,
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            running: Arc::default(),
            limiter: ConcurrencyLimiter::new(ConcurrencyLimits {
                total: MAX_AT_ONCE,
                each: MAX_AT_ONCE,
                network: MAX_AT_ONCE,
            }),
        }
    }
}

/// A call of a tool, as its transport took it in.
pub struct ToolCall {
    pub entry: &'static Entry,
    pub id: RequestId,
    pub incoming: Incoming,
    pub arguments: Map<String, Value>,
    pub listener: Option<Listener>,
    pub way: ElicitationMode,
}

/// Who wants to hear how far a call is.
pub struct Listener {
    pub peer: Peer<RoleServer>,
    pub token: ProgressToken,
}

impl Calls {
    /// The caller takes a call back.
    pub fn withdraw(&self, id: &RequestId) {
        if let Some(withdrawn) = self.lock().get(id) {
            withdrawn.cancel();
        }
    }

    /// Runs a call to its end; `None` where its caller is gone before there is one.
    pub async fn run(&self, context: &Context, call: ToolCall) -> Option<Outcome> {
        let ToolCall {
            entry,
            id,
            incoming,
            arguments,
            listener,
            way,
        } = call;
        let Incoming {
            mut call_context,
            left,
        } = incoming;
        let (told, mut heard) = watch::channel(Progress::default());
        call_context.call_control.progress = listener.is_some().then_some(told);
        let call_control = call_context.call_control.clone();
        let Some(_running) = self.enter(id, call_control.cancelled.clone()) else {
            let retry_after_seconds = 1;
            let busy = FaultKind::RateLimited {
                retry_after_seconds,
            };
            let answer = Answer::from_fault(&busy.into(), &call_context.request_id);
            return Some(Outcome::Answered(answer, ElicitationOutcome::Unasked));
        };
        let request = Request {
            call_context,
            user_id: None,
            arguments,
        };
        // Who has left ends the wait for a person after the same grace as any wait: the word that takes the call back may
        // come just behind the end of its connection, and it ends more than the wait.
        let over = call_control.over();
        // Boxed, for all that an operation needs would else stand in the future of the whole connection.
        let mut attending = Box::pin(attend(context, entry, request, way, over));
        let mut leaving = pin!(async {
            left.cancelled().await;
            tokio::time::sleep(SHUTDOWN_GRACE).await;
            // Whoever waits for a task answers now with what there is; whatever else takes long is given up.
            call_control.stop_waiting.cancel();
            tokio::time::sleep(SHUTDOWN_GRACE).await;
        });
        let mut reported = None;
        loop {
            tokio::select! {
                outcome = &mut attending => {
                    // The end of a task and the last of its progress are there at the same moment.
                    let progress = *heard.borrow();
                    if let Some(listener) = &listener {
                        listener.report(progress, &mut reported).await;
                    }
                    return Some(outcome);
                }
                () = &mut leaving => return None,
                Ok(()) = heard.changed() => {
                    let progress = *heard.borrow_and_update();
                    if let Some(listener) = &listener {
                        listener.report(progress, &mut reported).await;
                    }
                }
            }
        }
    }

    fn enter(&self, id: RequestId, withdrawn: CancellationToken) -> Option<Running<'_>> {
        let permit = self.limiter.take((), None)?;
        self.lock().insert(id.clone(), withdrawn);
        Some(Running {
            calls: self,
            id,
            _permit: permit,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RequestId, CancellationToken>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.calls.lock().remove(&self.id);
    }
}

impl Listener {
    /// The protocol wants each number to be greater than the one before.
    async fn report(&self, progress: Progress, reported: &mut Option<u8>) {
        let Some(status) = progress.status else {
            return;
        };
        if reported.is_some_and(|last| progress.percent <= last) {
            return;
        }
        *reported = Some(progress.percent);
        let message = match (status, progress.claims) {
            (TaskStatus::Pending, _) => "Waiting for a worker.".to_owned(),
            (TaskStatus::Running, Some(claims)) => format!("{claims}."),
            (TaskStatus::Running, None) => "Checking the claims.".to_owned(),
            (TaskStatus::Completed, _) => "The report is done.".to_owned(),
            (TaskStatus::Failed, _) => "The analysis failed.".to_owned(),
            (TaskStatus::Cancelled, _) => "The analysis was cancelled.".to_owned(),
        };
        let notification =
            ProgressNotificationParam::new(self.token.clone(), f64::from(progress.percent))
                .with_total(100.0)
                .with_message(message);
        // A listener who is gone hears nothing; the call goes on.
        let _ = self.peer.notify_progress(notification).await;
    }
}
