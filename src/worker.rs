//! The worker: takes tasks, runs the analysis, and settles each once: a report kept, or the credits given back.
//! It knows services and the analysis; the lease and its fencing number are the tasks service's business.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::analysis::{self, Analysed, Interrupted, JudgedClaims, Watch};
use crate::context::Context;
use crate::domain::submission::Submission;
use crate::domain::task::{TaskError, TaskProgress, Waiver};
use crate::fault::{Fault, FaultKind, catch_panic};
use crate::services::queue::{Claim, Claimed, Completion, Lease};

/// How often a running task's lease is renewed; a lease lasts several of these.
const RENEWAL: Duration = Duration::from_secs(5);
/// When it is renewed first: what takes less says nothing in between, for that is a commit of its own.
const FIRST_RENEWAL: Duration = Duration::from_millis(100);
/// How often it is looked whether more claims are judged; that is told at once.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(1);
/// How long an analysis may take in all.
const LONGEST: Duration = Duration::from_mins(10);
/// The progress of a task that was just begun, in percent.
const BEGUN: u8 = 10;
/// The first wait after the database failed, and the longest.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// The analysis workers of this process, the one that sends its mails, the one that asks Stripe what it did not tell, and
/// the one that throws away what was kept long enough.
pub struct Workers {
    stop: CancellationToken,
    running: Vec<JoinHandle<()>>,
    liveness: Liveness,
}

/// How many analysis workers there should be, and are.
#[derive(Debug, Clone)]
pub struct Liveness {
    expected: usize,
    alive: Arc<AtomicUsize>,
}

impl Liveness {
    /// How many were started.
    pub fn expected(&self) -> usize {
        self.expected
    }

    /// How many have not ended: a worker that panicked is gone for good.
    pub fn alive(&self) -> usize {
        self.alive.load(Ordering::Relaxed)
    }
}

/// Counts as alive until it is dropped, however its worker ends.
struct Alive(Arc<AtomicUsize>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Workers {
    /// Starts `count` workers; each does one analysis at a time.
    pub fn start(context: &Arc<Context>, count: usize) -> Self {
        let stop = CancellationToken::new();
        let liveness = Liveness {
            expected: count,
            alive: Arc::new(AtomicUsize::new(count)),
        };
        let mut running: Vec<JoinHandle<()>> = (0..count)
            .map(|number| {
                let worker = Worker {
                    context: context.clone(),
                    stop: stop.clone(),
                    owner: owner(context, number),
                };
                let alive = Alive(liveness.alive.clone());
                tokio::spawn(async move {
                    let _alive = alive;
                    worker.run().await;
                })
            })
            .collect();
        let (billing, ended) = (context.services.billing.clone(), stop.clone());
        running.push(tokio::spawn(async move {
            tokio::select! {
                () = billing.run() => {}
                () = ended.cancelled() => {}
            }
        }));
        let (outbox, stopped) = (context.services.outbox.clone(), stop.clone());
        running.push(tokio::spawn(async move {
            outbox.run(&stopped).await;
        }));
        let (housekeeping, dismissed) = (context.services.housekeeping.clone(), stop.clone());
        running.push(tokio::spawn(async move {
            tokio::select! {
                () = housekeeping.run() => {}
                () = dismissed.cancelled() => {}
            }
        }));
        Self {
            stop,
            running,
            liveness,
        }
    }

    /// For readiness checks.
    pub fn liveness(&self) -> Liveness {
        self.liveness.clone()
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

/// What a finished analysis leaves.
struct Finished {
    report: serde_json::Value,
    /// The texts of its sources, where they are kept.
    sources: Option<Vec<u8>>,
    waiver: Option<Waiver>,
}

/// How a task's analysis ended, before it was settled.
enum Outcome {
    Finished(Box<Finished>),
    Failed(TaskError),
    /// It took longer than any may.
    TimedOut {
        is_refunded: bool,
    },
    /// Given back: this process is stopping.
    Stopped,
    /// Its owner cancelled it, or another worker has it: nothing is left to settle.
    Gone,
}

impl Worker {
    async fn run(self) {
        let queue = &self.context.services.queue;
        // The place is taken before the first look, so that work which arrives in between is not missed.
        let mut signal = queue.watch();
        let mut pause = BACK_OFF.0;
        while !self.stop.is_cancelled() {
            match queue.claim(&self.owner).await {
                Ok(Some(claimed)) => {
                    pause = BACK_OFF.0;
                    self.work(claimed).await;
                }
                Ok(None) => {
                    pause = BACK_OFF.0;
                    tokio::select! {
                        () = signal.wait() => {}
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

    async fn work(&self, claimed: Claimed) {
        let Claimed { claim, submission } = claimed;
        let task_id = &claim.task_id;
        tracing::info!(%task_id, "analysis started");
        // One text that breaks the analysis must not take the worker from everybody else.
        let analysis = catch_panic(Box::pin(self.analyse(&claim, submission))).await;
        let outcome = analysis.unwrap_or_else(|_| broken("the analysis panicked"));
        let word = match &outcome {
            Outcome::Finished(_) => "finished",
            Outcome::Failed(_) => "failed",
            Outcome::TimedOut { .. } => "timed out",
            Outcome::Stopped => "given back",
            Outcome::Gone => "dropped",
        };
        self.settle(&claim, outcome).await;
        tracing::info!(%task_id, "analysis {word}");
    }

    async fn analyse(&self, claim: &Claim, submission: Submission) -> Outcome {
        let watch = Watch::default();
        let (progress, claims) = (watch.progress.clone(), watch.claims.clone());
        let interrupted = watch.interrupted.clone();
        let analysis = analysis::analyse(
            &self.context.engines,
            &self.context.extractor,
            self.context.clock.as_ref(),
            &self.context.settings.evidence_sources,
            submission,
            watch,
        );
        let end = self.watch_over(claim, &progress, &claims);
        let outcome = tokio::select! {
            finished = analysis => match finished {
                Ok(analysed) => self.finished(analysed).await,
                Err(Interrupted::Asked) => Outcome::Gone,
                Err(Interrupted::Broken(problem)) => broken(&problem),
            },
            outcome = end => outcome,
        };
        // What still runs on the blocking pool ends at its next look.
        interrupted.store(true, Ordering::Relaxed);
        outcome
    }

    /// What is stored of a finished analysis. Sources that cannot be kept cost nobody their report.
    async fn finished(&self, analysed: Analysed) -> Outcome {
        let Analysed { report, material } = analysed;
        let waiver = Waiver::of(report.claims.len(), report.sources.len());
        let keeps_sources = self.context.settings.source_hours > 0 && !report.sources.is_empty();
        let packed = tokio::task::spawn_blocking(move || {
            let report = serde_json::to_value(&report)?;
            let sources = keeps_sources.then(|| material.to_bytes());
            Ok::<_, serde_json::Error>((report, sources.transpose()))
        });
        match packed.await {
            Ok(Ok((report, sources))) => Outcome::Finished(Box::new(Finished {
                report,
                sources: sources.unwrap_or_else(|error| {
                    tracing::error!(%error, "the sources of an analysis are not kept");
                    None
                }),
                waiver,
            })),
            Ok(Err(error)) => broken(&error.to_string()),
            Err(error) => broken(&error.to_string()),
        }
    }

    /// Renews the lease while the analysis runs; returns when the analysis must not go on. The first renewal is soon, so
    /// that a task says that it was begun: who cancels it pays for what was done.
    async fn watch_over(
        &self,
        claim: &Claim,
        progress: &AtomicU8,
        claims: &JudgedClaims,
    ) -> Outcome {
        let queue = &self.context.services.queue;
        let began = Instant::now();
        let too_long = tokio::time::sleep(LONGEST);
        tokio::pin!(too_long);
        let mut look = tokio::time::interval_at(began + FIRST_RENEWAL, PROGRESS_INTERVAL);
        let mut renewed = None;
        let mut told = None;
        loop {
            tokio::select! {
                _ = look.tick() => {
                    let claims = claims.get();
                    let is_due = renewed.is_none_or(|at: Instant| at.elapsed() >= RENEWAL);
                    if !is_due && claims == told {
                        continue;
                    }
                    (renewed, told) = (Some(Instant::now()), claims);
                    let percent = progress.load(Ordering::Relaxed).max(work_done(began.elapsed()));
                    let progress = TaskProgress { percent, claims };
                    match queue.renew(claim, progress).await {
                        Ok(Lease::Held) => {}
                        Ok(Lease::Lost | Lease::Cancelled) => return Outcome::Gone,
                        // The lease outlives several renewals: the next one may reach the database again.
                        Err(fault) => tracing::warn!(%fault, "cannot renew a lease"),
                    }
                }
                () = &mut too_long => {
                    let is_refunded = queue.refunds_time_limit(claim).await;
                    return Outcome::TimedOut { is_refunded };
                }
                () = self.stop.cancelled() => return Outcome::Stopped,
            }
        }
    }

    /// Stores the outcome; while the database is busy or gone it is tried again, as long as the lease may last.
    async fn settle(&self, claim: &Claim, outcome: Outcome) {
        let queue = &self.context.services.queue;
        let mut pause = BACK_OFF.0;
        loop {
            let settled = match &outcome {
                Outcome::Finished(finished) => {
                    let completion = Completion {
                        report: &finished.report,
                        sources: finished.sources.as_deref(),
                        waiver: finished.waiver,
                    };
                    queue.complete(claim, completion).await
                }
                Outcome::Failed(error) => queue.fail(claim, error).await,
                Outcome::TimedOut { is_refunded } => queue.time_out(claim, *is_refunded).await,
                Outcome::Stopped => queue.release(claim).await,
                Outcome::Gone => return,
            };
            match settled {
                Ok(true) => return,
                Ok(false) => {
                    tracing::info!(task_id = %claim.task_id, "the task was somebody else's by then");
                    return;
                }
                Err(fault)
                    if is_passing(&fault) && !self.stop.is_cancelled() && pause < BACK_OFF.1 =>
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

/// How far an analysis is that has run for so long, whatever it says of itself: its share of the time that it may take.
fn work_done(elapsed: Duration) -> u8 {
    let share = elapsed.as_secs() * 100 / LONGEST.as_secs();
    u8::try_from(share).unwrap_or(100).clamp(BEGUN, 99)
}

fn is_passing(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Unavailable(_))
}

fn broken(cause: &str) -> Outcome {
    tracing::error!(cause, "an analysis failed");
    let message =
        "The analysis broke down, and your credits were given back. Try it with fewer attachments.";
    Outcome::Failed(TaskError {
        message: message.to_owned(),
        retryable: false,
    })
}
