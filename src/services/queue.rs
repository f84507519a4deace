//! Analyses for workers: claimed with a lease, renewed while the work goes on, ended once. A worker that was too slow
//! finds out when it writes; nothing it writes then is kept.

use std::sync::Arc;
use std::time::Duration;

use super::service_deps::ServiceDeps;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::credits::Credits;
use crate::domain::submission::Submission;
use crate::domain::task::{TaskError, TaskProgress, Waiver};
use crate::fault::Fault;
use crate::store::limits::{Allowance, Taken, Window};
use crate::store::queue::Ending;
pub use crate::store::queue::{Claim, Lease};
use crate::store::signals::{Changes, Topic};
use crate::store::sources::NewSources;

/// How long a claim holds without a renewal.
pub const LEASE: Duration = Duration::from_secs(30);
/// How often a task is begun before it is given up.
pub const MAX_ATTEMPTS: u32 = 5;
/// How often a worker looks without having been woken: for leases that ran out and tasks that were put back.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How often an account gets its credits back for an analysis that took too long.
const TIME_LIMIT_REFUNDS: Allowance = Allowance::Windows(&[Window {
    most: 1,
    seconds: 24 * 60 * 60,
}]);
/// What a list shows of a result.
const DIGEST_KEYS: [&str; 3] = ["format", "summary", "counts"];

/// A task that this worker holds, and what is to be analysed.
#[derive(Debug)]
pub struct Claimed {
    pub claim: Claim,
    pub submission: Submission,
}

/// A finished analysis, as a worker hands it over.
#[derive(Debug, Clone, Copy)]
pub struct Completion<'c> {
    pub report: &'c serde_json::Value,
    /// The texts of its sources, as they are to be kept for a while.
    pub sources: Option<&'c [u8]>,
    /// Why it costs nothing, where it does.
    pub waiver: Option<Waiver>,
}

impl<'c> From<&'c serde_json::Value> for Completion<'c> {
    fn from(report: &'c serde_json::Value) -> Self {
        Self {
            report,
            sources: None,
            waiver: None,
        }
    }
}

/// The workers' side of the tasks.
#[derive(Clone)]
pub struct Queue(pub(super) Arc<ServiceDeps>);

/// A worker's place among those who wait for work. Taken before the first look, it misses nothing.
pub struct WorkSignal(Changes);

impl WorkSignal {
    /// Returns when there may be work, or after a few seconds.
    pub async fn wait(&mut self) {
        self.0.next(LOOK_EVERY).await;
    }
}

/// What a list shows of a report.
pub(super) fn digest_of(report: &serde_json::Value) -> serde_json::Value {
    let field = |key: &&str| Some(((*key).to_owned(), report.get(*key)?.clone()));
    serde_json::Value::Object(DIGEST_KEYS.iter().filter_map(field).collect())
}

impl Queue {
    /// A place among those who wait for work.
    pub fn watch(&self) -> WorkSignal {
        WorkSignal(self.0.store.changes(Topic::Work))
    }

    /// Claims the task that has waited longest; `owner` names the worker in the table. A task that was begun too often
    /// is given up here, with its credits back.
    pub async fn claim(&self, owner: &str) -> Result<Option<Claimed>, Fault> {
        while let Some(claim) = self.0.store.claim_task(owner, LEASE, self.0.now()).await? {
            if claim.attempt > MAX_ATTEMPTS {
                let error = TaskError {
                    message: format!(
                        "The analysis was begun {MAX_ATTEMPTS} times and never finished. Your credits were given back. \
                         Submit it again, with a shorter text or fewer attachments if it fails again."
                    ),
                    retryable: true,
                };
                self.fail(&claim, &error).await?;
                continue;
            }
            if let Some(submission) = self.0.store.submission(&claim.task_id).await? {
                return Ok(Some(Claimed { claim, submission }));
            }
        }
        Ok(None)
    }

    /// Extends the lease and notes the progress. Call it at least every ten seconds.
    pub async fn renew(
        &self,
        claim: &Claim,
        progress: impl Into<TaskProgress>,
    ) -> Result<Lease, Fault> {
        let (store, now) = (&self.0.store, self.0.now());
        Ok(store
            .renew_lease(claim, LEASE, progress.into(), now)
            .await?)
    }

    /// Stores the report and ends the task; one that costs nothing gives its credits back in the same moment. `false` where
    /// the claim no longer holds.
    pub async fn complete(
        &self,
        claim: &Claim,
        completion: impl Into<Completion<'_>>,
    ) -> Result<bool, Fault> {
        let Completion {
            report,
            sources,
            waiver,
        } = completion.into();
        let refund = waiver.and_then(|waiver| {
            let (user, task) = (&claim.user_id, &claim.task_id);
            self.0.refund(user, task, claim.price, waiver.as_str())
        });
        let until = self.0.now().after(self.0.source_life);
        let sources = sources.filter(|_| !self.0.source_life.is_zero());
        let ending = Ending::Completed {
            result: report,
            digest: &digest_of(report),
            sources: sources.map(|bytes| NewSources { bytes, until }),
            refund: refund.as_ref(),
            charged: match waiver {
                Some(_) => Credits::ZERO,
                None => claim.price,
            },
        };
        self.end(claim, &ending, "completed").await
    }

    /// Ends the task with a reason for its owner and gives the credits back, once. `false` where the claim no longer
    /// holds.
    pub async fn fail(&self, claim: &Claim, error: &TaskError) -> Result<bool, Fault> {
        let refund = self
            .0
            .refund(&claim.user_id, &claim.task_id, claim.price, "failed");
        let ending = Ending::Failed {
            error,
            refund: refund.as_ref(),
            charged: Credits::ZERO,
        };
        self.end(claim, &ending, "failed").await
    }

    /// Whether an analysis that ran into its time limit gives its credits back: once a day and account. The work was done,
    /// and somebody who hands in what takes too long would have it done for nothing.
    pub async fn refunds_time_limit(&self, claim: &Claim) -> bool {
        let key = format!("time_limit_refund {}", claim.user_id);
        let taken = self.0.store.acquire(&key, TIME_LIMIT_REFUNDS, self.0.now());
        match taken.await {
            Ok(taken) => taken == Taken::Yes,
            Err(error) => {
                tracing::warn!(%error, "a refund could not be counted");
                true
            }
        }
    }

    /// Ends a task that ran into its time limit. `false` where the claim no longer holds.
    pub async fn time_out(&self, claim: &Claim, is_refunded: bool) -> Result<bool, Fault> {
        let (charged, refund, credits) = if is_refunded {
            let refund =
                self.0
                    .refund(&claim.user_id, &claim.task_id, claim.price, "took too long");
            let credits = "and your credits were given back, which is done once a day";
            (Credits::ZERO, refund, credits)
        } else {
            let credits = "and your credits were not given back: that is done once a day";
            (claim.price, None, credits)
        };
        let error = TaskError {
            message: format!(
                "The analysis took longer than ten minutes, {credits}. Hand in a shorter text or fewer attachments."
            ),
            retryable: false,
        };
        let ending = Ending::Failed {
            error: &error,
            refund: refund.as_ref(),
            charged,
        };
        self.end(claim, &ending, "timed out").await
    }

    /// Puts the task back in line, to be tried again after a while; the attempt counts.
    pub async fn retry_later(&self, claim: &Claim, after: Duration) -> Result<bool, Fault> {
        Ok(self
            .0
            .store
            .put_back(claim, after, true, self.0.now())
            .await?)
    }

    /// Gives the task back, as a worker does that is told to stop; the attempt does not count.
    pub async fn release(&self, claim: &Claim) -> Result<bool, Fault> {
        Ok(self
            .0
            .store
            .put_back(claim, Duration::ZERO, false, self.0.now())
            .await?)
    }

    async fn end(
        &self,
        claim: &Claim,
        ending: &Ending<'_>,
        how: &'static str,
    ) -> Result<bool, Fault> {
        let origin = Origin::inside("worker");
        let mut audit = self
            .0
            .audit(Some(&claim.user_id), AuditEvent::TaskEnded, &origin);
        audit.details =
            serde_json::json!({"task": claim.task_id, "ended": how, "attempt": claim.attempt});
        let ended = self
            .0
            .store
            .end_task(claim, ending, self.0.keep_attachments, &audit)
            .await?;
        if ended {
            metrics::counter!("clara_tasks_ended_total", "how" => how).increment(1);
        }
        Ok(ended)
    }
}
