//! How somebody waits for a task: for how long is said in the call, and here stands what may end it sooner and who hears
//! of the progress. It knows no task in particular, and nothing of who waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::domain::ids::TaskId;
use crate::domain::task::{ClaimProgress, Task, TaskStatus};

/// What a waiting call listens to, and whom it tells how far its task is. By default nothing and nobody.
#[derive(Debug, Clone, Default)]
pub struct CallControl {
    /// Cancelled when waiting is of no use any more, because the caller has left or the server stops: the call then
    /// answers with what there is.
    pub stop_waiting: CancellationToken,
    /// Cancelled when the caller takes the call back: what it began and nobody has worked on yet is undone.
    pub cancelled: CancellationToken,
    /// How long a call waits for a person who is under way; by default it does not.
    pub max_wait: Duration,
    /// Whether the caller's client can have a person open a page while the call waits.
    pub opens_pages: bool,
    /// Under which key of its sender's the call is the same when it comes again.
    pub idempotency_key: Option<String>,
    /// Hears how far the task is.
    pub progress: Option<watch::Sender<Progress>>,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// 0 to 100.
    pub percent: u8,
    /// How many of its claims are judged, while that is told.
    pub claims: Option<ClaimProgress>,
    pub status: Option<TaskStatus>,
}

impl CallControl {
    /// A call that waits until `stop_waiting` at the longest.
    pub fn until(stop_waiting: CancellationToken) -> Self {
        Self {
            stop_waiting,
            ..Self::default()
        }
    }

    /// Returns when there is no more reason to wait.
    pub async fn over(&self) {
        tokio::select! {
            () = self.stop_waiting.cancelled() => {}
            () = self.cancelled.cancelled() => {}
        }
    }

    /// Whether there is no more reason to wait.
    pub fn is_over(&self) -> bool {
        self.stop_waiting.is_cancelled() || self.cancelled.is_cancelled()
    }

    pub(super) fn tell(&self, task: &Task) {
        if let Some(listener) = &self.progress {
            let now = Progress {
                percent: task.progress,
                claims: task.claim_progress,
                status: Some(task.status),
            };
            listener.send_if_modified(|known| std::mem::replace(known, now) != now);
        }
    }
}

/// How many calls of this process wait for each task. Those of other processes are not known here.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiters(Arc<Mutex<HashMap<TaskId, usize>>>);

/// One call's place among them, given up when it is dropped.
pub(super) struct Waiter {
    all: Waiters,
    task: TaskId,
}

impl Waiters {
    pub(super) fn join(&self, task: &TaskId) -> Waiter {
        *self.lock().entry(task.clone()).or_default() += 1;
        Waiter {
            all: self.clone(),
            task: task.clone(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<TaskId, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter {
    /// Whether nobody else waits for the same task.
    pub(super) fn is_alone(&self) -> bool {
        self.all
            .lock()
            .get(&self.task)
            .is_none_or(|count| *count <= 1)
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut all = self.all.lock();
        if let Some(count) = all.get_mut(&self.task) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.task);
            }
        }
    }
}
