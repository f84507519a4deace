//! The worker: takes tasks, runs the analysis, and settles each once: a report kept, or the credits given back.
//! It knows services and the analysis; the lease and its fencing number are the tasks service's business.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::analysis::engine::Builtin;
use crate::analysis::{self, Interrupted, Watch};
use crate::context::Context;
use crate::domain::task::TaskError;
use crate::fault::{Fault, FaultKind};
use crate::services::tasks::{ClaimedTask, Lease};

/// How often a running task's lease is renewed; a lease lasts several of these.
const RENEWAL: Duration = Duration::from_secs(5);
/// How long an analysis may take in all.
const LONGEST: Duration = Duration::from_mins(10);
/// The first wait after the database failed, and the longest.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// The analysis workers of this process.
pub struct Workers {
    stop: CancellationToken,
    running: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts `count` workers; each does one analysis at a time.
    pub fn start(context: &Arc<Context>, count: usize) -> Self {
        let stop = CancellationToken::new();
        let running = (0..count)
            .map(|number| {
                let worker = Worker {
                    context: context.clone(),
                    stop: stop.clone(),
                    owner: owner(context, number),
                };
                tokio::spawn(worker.run())
            })
            .collect();
        Self { stop, running }
    }

    /// Ends them; a task that is under way goes back to the queue at once.
    pub async fn stop(self) {
        self.stop.cancel();
        for worker in self.running {
            let _ = worker.await;
        }
    }
}

/// Names a worker among all processes and machines.
fn owner(context: &Context, number: usize) -> String {
    let mut bytes = [0_u8; 8];
    context.randomness.fill(&mut bytes);
    format!(
        "{}-{number}-{:016x}",
        std::process::id(),
        u64::from_le_bytes(bytes)
    )
}

struct Worker {
    context: Arc<Context>,
    stop: CancellationToken,
    owner: String,
}

/// How a task's analysis ended, before it was settled.
enum Outcome {
    Finished(serde_json::Value),
    Failed(TaskError),
    /// Given back: this process is stopping.
    Stopped,
    /// Its owner cancelled it, or another worker has it: nothing is left to settle.
    Gone,
}

impl Worker {
    async fn run(self) {
        let mut pause = BACK_OFF.0;
        while !self.stop.is_cancelled() {
            let tasks = &self.context.services.tasks;
            // Listening starts before looking, so that work which arrives in between is not missed.
            let arrival = tasks.wait_for_work();
            match tasks.claim(&self.owner).await {
                Ok(Some(claimed)) => {
                    pause = BACK_OFF.0;
                    self.work(claimed).await;
                }
                Ok(None) => {
                    pause = BACK_OFF.0;
                    tokio::select! {
                        () = arrival => {}
                        () = self.stop.cancelled() => {}
                    }
                }
                Err(fault) => {
                    tracing::warn!(%fault, "cannot look for tasks; trying again");
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = self.stop.cancelled() => {}
                    }
                    pause = (pause * 2).min(BACK_OFF.1);
                }
            }
        }
    }

    async fn work(&self, claimed: ClaimedTask) {
        let task_id = claimed.task_id().clone();
        tracing::info!(%task_id, "analysis started");
        let outcome = self.analyse(&claimed).await;
        let word = match &outcome {
            Outcome::Finished(_) => "finished",
            Outcome::Failed(_) => "failed",
            Outcome::Stopped => "given back",
            Outcome::Gone => "dropped",
        };
        self.settle(&claimed, outcome).await;
        tracing::info!(%task_id, "analysis {word}");
    }

    async fn analyse(&self, claimed: &ClaimedTask) -> Outcome {
        let interrupted = Arc::new(AtomicBool::new(false));
        let progress = Arc::new(AtomicU8::new(0));
        let watch = Watch {
            progress: progress.clone(),
            interrupted: interrupted.clone(),
        };
        let submission = match self.context.services.tasks.submission(claimed).await {
            Ok(submission) => submission,
            Err(fault) => {
                return failed(
                    &fault.to_string(),
                    "The submission could not be read.",
                    true,
                );
            }
        };
        let sources = &self.context.settings.evidence_sources;
        let analysis = analysis::analyse(
            Arc::new(Builtin::new()),
            &self.context.extractor,
            self.context.clock.as_ref(),
            sources,
            submission,
            watch,
        );
        tokio::pin!(analysis);
        let mut renewal = tokio::time::interval(RENEWAL);
        renewal.tick().await;
        let too_long = tokio::time::sleep(LONGEST);
        tokio::pin!(too_long);
        loop {
            tokio::select! {
                finished = &mut analysis => {
                    return match finished {
                        Ok(report) => match serde_json::to_value(&report) {
                            Ok(report) => Outcome::Finished(report),
                            Err(error) => failed(&error.to_string(), "The report could not be written.", false),
                        },
                        Err(Interrupted::Asked) => Outcome::Gone,
                        Err(Interrupted::Broken(problem)) => {
                            failed(&problem, "The analysis broke; the credits were given back.", false)
                        }
                    };
                }
                _ = renewal.tick() => {
                    let held = self.context.services.tasks.renew(claimed, progress.load(Ordering::Relaxed)).await;
                    match held {
                        Ok(Lease::Held) => {}
                        Ok(Lease::Lost | Lease::Cancelled) => {
                            interrupted.store(true, Ordering::Relaxed);
                            return Outcome::Gone;
                        }
                        // The lease outlives several renewals: the next one may reach the database again.
                        Err(fault) => tracing::warn!(%fault, "cannot renew a lease"),
                    }
                }
                () = self.context.services.tasks.cancelled(claimed) => {
                    interrupted.store(true, Ordering::Relaxed);
                    return Outcome::Gone;
                }
                () = &mut too_long => {
                    interrupted.store(true, Ordering::Relaxed);
                    let advice = "The analysis took longer than ten minutes; hand in a shorter text or fewer attachments.";
                    return failed("too long", advice, false);
                }
                () = self.stop.cancelled() => {
                    interrupted.store(true, Ordering::Relaxed);
                    return Outcome::Stopped;
                }
            }
        }
    }

    /// Stores the outcome; while the database is busy or gone it is tried again until the lease is somebody else's.
    async fn settle(&self, claimed: &ClaimedTask, outcome: Outcome) {
        let tasks = &self.context.services.tasks;
        let mut pause = BACK_OFF.0;
        loop {
            let settled = match &outcome {
                Outcome::Finished(report) => tasks.complete(claimed, report).await,
                Outcome::Failed(error) => tasks.fail(claimed, error).await,
                Outcome::Stopped => tasks.release(claimed).await,
                Outcome::Gone => return,
            };
            match settled {
                Ok(()) => return,
                Err(fault)
                    if is_passing(&fault) && !self.stop.is_cancelled() && pause < LONGEST =>
                {
                    tracing::warn!(%fault, "cannot settle a task; trying again");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                Err(fault) => {
                    tracing::error!(%fault, "a task was left to its lease");
                    return;
                }
            }
        }
    }
}

fn is_passing(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Unavailable(_))
}

fn failed(cause: &str, message: &str, retryable: bool) -> Outcome {
    tracing::error!(cause, "an analysis failed");
    Outcome::Failed(TaskError {
        message: message.to_owned(),
        retryable,
    })
}
