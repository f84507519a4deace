//! Analyses for their owners: handed in and paid for, looked at, waited for, called off. What workers do is in
//! [`super::queue`].

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::call_control::CallControl;
use super::service_deps::ServiceDeps;
pub use super::submission_keys::Sameness;
use super::submission_keys::submission_key;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::credits::Credits;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::ledger::{CauseKind, Direction};
use crate::domain::page::Page;
use crate::domain::task::{Task, TaskError};
use crate::fault::{Fault, FaultKind, Resource};
use crate::store::kept::KeptBounds;
use crate::store::ledger::NewEntry;
use crate::store::signals::Topic;
use crate::store::submissions::SubmissionKey;
use crate::store::tasks::{CancelSettlement, NewSubmission, NewTask, Reach, Submitted};

/// How often a waiting caller looks without having been woken.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How many tasks an account keeps; past that the oldest that came to nothing go.
const MAX_TASKS: u64 = 10_000;
/// When to come again with an account that keeps too much.
const FULL_RETRY_SECONDS: u64 = 60;

/// Analyses.
#[derive(Clone)]
pub struct Tasks(pub(super) Arc<ServiceDeps>);

/// A submission that was taken.
#[derive(Debug)]
pub struct Accepted {
    pub task: Task,
    /// Whether this very call began it, and paid.
    pub is_new: bool,
}

impl Tasks {
    /// Stores an analysis to be made and reserves its price, both or neither.
    pub async fn submit(
        &self,
        user_id: &UserId,
        submission: &NewSubmission,
        price: Credits,
        origin: &Origin,
    ) -> Result<Task, Fault> {
        let stored = self.store(user_id, submission, price, origin, None).await?;
        Ok(stored.task)
    }

    /// The same, once: what is the same as a submission of not long ago is its task, and costs nothing again.
    pub async fn submit_once(
        &self,
        user_id: &UserId,
        submission: &NewSubmission,
        price: Credits,
        sameness: Sameness<'_>,
        origin: &Origin,
    ) -> Result<Accepted, Fault> {
        let key = submission_key(submission, sameness, self.0.now()).await?;
        self.store(user_id, submission, price, origin, key).await
    }

    async fn store(
        &self,
        user_id: &UserId,
        submission: &NewSubmission,
        price: Credits,
        origin: &Origin,
        key: Option<SubmissionKey>,
    ) -> Result<Accepted, Fault> {
        let id = TaskId::random(&*self.0.randomness);
        let reservation = (price > Credits::ZERO).then(|| {
            self.0.new_entry(
                user_id,
                Direction::Debit,
                price,
                format!("Analysis {id} reserved {}.", price.in_words()),
                CauseKind::Reservation,
                id.to_string(),
            )
        });
        let mut audit = self
            .0
            .audit(Some(user_id), AuditEvent::TaskSubmitted, origin);
        audit.details = serde_json::json!({"task": id, "credits": price});
        let new = NewTask {
            id,
            user_id: user_id.clone(),
            submission,
            price,
            reservation,
            bounds: KeptBounds {
                max_tasks: MAX_TASKS,
                max_bytes: self.0.max_account_bytes,
            },
            audit,
            key,
        };
        match self.0.store.submit_task(&new).await? {
            Submitted::Stored(task) => Ok(Accepted { task, is_new: true }),
            Submitted::Known(task) => Ok(Accepted {
                task,
                is_new: false,
            }),
            Submitted::NotEnough(credits) => Err(FaultKind::NotEnoughCredits {
                credits,
                required: price,
            }
            .into()),
            Submitted::KeepsTooMuch => Err(Fault::new(FaultKind::RateLimited {
                retry_after_seconds: FULL_RETRY_SECONDS,
            })
            .with_hint("The account keeps as much text and files as one may: wait until its analyses have ended.")),
            Submitted::UploadGone => Err(FaultKind::NotFound(Resource::Upload).into()),
            Submitted::NoAccount => Err(FaultKind::NotFound(Resource::User).into()),
        }
    }

    /// One task of this account; another's does not exist for it.
    pub async fn view(&self, user_id: &UserId, id: &TaskId) -> Result<Task, Fault> {
        self.0
            .store
            .task(user_id, id)
            .await?
            .ok_or_else(|| FaultKind::NotFound(Resource::Task).into())
    }

    /// An account's tasks, newest first, each result cut down to format, summary and counts, and how many there are.
    pub async fn list(&self, user_id: &UserId, page: Page) -> Result<(Vec<Task>, u64), Fault> {
        Ok(self.0.store.tasks(user_id, page).await?)
    }

    /// Cancels a waiting or running task and gives its credits back, once: all of them where no worker has begun with it,
    /// else what its progress leaves of them. An ended one stays as it is.
    pub async fn cancel(
        &self,
        user_id: &UserId,
        id: &TaskId,
        origin: &Origin,
    ) -> Result<Task, Fault> {
        self.call_off(user_id, id, Reach::WaitingAndRunning, origin)
            .await
    }

    async fn call_off(
        &self,
        user_id: &UserId,
        id: &TaskId,
        reach: Reach,
        origin: &Origin,
    ) -> Result<Task, Fault> {
        let mut audit = self
            .0
            .audit(Some(user_id), AuditEvent::TaskCancelled, origin);
        audit.details = serde_json::json!({ "task": id });
        let settle = |price, begun| self.0.settle_cancelled(user_id, id, price, begun);
        self.0
            .store
            .cancel_task(user_id, id, reach, &audit, &settle)
            .await?
            .ok_or_else(|| FaultKind::NotFound(Resource::Task).into())
    }

    /// Waits, as [`Tasks::wait`] does, for a task that this very call began. Where the call is taken back, nobody else
    /// waits for the task and no worker has begun with it, it is called off and its price given back.
    pub async fn wait_for_own(
        &self,
        user_id: &UserId,
        id: &TaskId,
        at_most: Duration,
        call_control: &CallControl,
        origin: &Origin,
    ) -> Result<Task, Fault> {
        let waiter = self.0.waiters.join(id);
        let task = self.look(user_id, id, at_most, call_control).await?;
        if call_control.cancelled.is_cancelled() && waiter.is_alone() {
            return self.call_off(user_id, id, Reach::Waiting, origin).await;
        }
        Ok(task)
    }

    /// The task once it has ended, or as it is after `at_most` or when `waiting` is over.
    pub async fn wait(
        &self,
        user_id: &UserId,
        id: &TaskId,
        at_most: Duration,
        call_control: &CallControl,
    ) -> Result<Task, Fault> {
        // Who only looks waits for nothing, and must not keep a task alive that its caller takes back meanwhile.
        let _waiter = (!at_most.is_zero()).then(|| self.0.waiters.join(id));
        self.look(user_id, id, at_most, call_control).await
    }

    async fn look(
        &self,
        user_id: &UserId,
        id: &TaskId,
        at_most: Duration,
        call_control: &CallControl,
    ) -> Result<Task, Fault> {
        let deadline = Instant::now() + at_most;
        // The place is taken before the first look, so that an end in between is not missed.
        let mut changes = self.0.store.changes(Topic::Ended);
        loop {
            let task = self.view(user_id, id).await?;
            let left = deadline.saturating_duration_since(Instant::now());
            call_control.tell(&task);
            if task.status.is_final() || left.is_zero() || call_control.is_over() {
                return Ok(task);
            }
            tokio::select! {
                () = changes.next(left.min(LOOK_EVERY)) => {}
                () = call_control.over() => {}
            }
        }
    }
}

impl ServiceDeps {
    /// What becomes of the price of a cancelled task. `begun` is how far a worker was with it, in percent.
    fn settle_cancelled(
        &self,
        user_id: &UserId,
        id: &TaskId,
        price: Credits,
        begun: Option<u8>,
    ) -> CancelSettlement {
        let progress = begun.unwrap_or_default().min(100);
        let charged = Credits::hundredths(price.as_hundredths() * i64::from(progress) / 100);
        let given_back = Credits::hundredths(price.as_hundredths() - charged.as_hundredths());
        let note = (charged > Credits::ZERO).then(|| TaskError {
            message: format!(
                "You cancelled the analysis at {progress} percent: {} of its {} were given back.",
                given_back.in_words(),
                price.in_words()
            ),
            retryable: true,
        });
        CancelSettlement {
            refund: self.refund(user_id, id, given_back, "was called off"),
            charged,
            note,
        }
    }

    /// The entry that gives a task's price, or a part of it, back and says what became of the task; there is none for a task that cost
    /// nothing.
    pub(super) fn refund(
        &self,
        user_id: &UserId,
        task_id: &TaskId,
        price: Credits,
        what_became: &str,
    ) -> Option<NewEntry> {
        (price > Credits::ZERO).then(|| {
            self.new_entry(
                user_id,
                Direction::Credit,
                price,
                format!(
                    "Analysis {task_id} {what_became} and gave {} back.",
                    price.in_words()
                ),
                CauseKind::Refund,
                task_id.to_string(),
            )
        })
    }
}
