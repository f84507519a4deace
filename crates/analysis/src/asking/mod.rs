//! Asks a judge about a finished report: what is open, or all of it, in batches. What it answers goes through the same checks as a
//! caller's judgements; what they refuse goes back once, with the reason. What stays refused, and whatever is not answered,
//! stays as the builtin engine left it, and `limits` says why. The report stays one analysis: its revision does not change.

mod batches;
mod found_claims;
mod proposals;
#[cfg(test)]
pub(crate) mod tests;
mod yielding;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::task::JoinSet;

use crate::engine::judge::{
    Answer, ClaimToJudge, Judge, JudgeError, JudgeRequest, ModelEngine, PassageToJudge,
    RefusedJudgement,
};
use crate::engine::spending::{Bound, ModelUsage, Spending};
use crate::judging::{CallerJudgement, Judged, judge};
use crate::material::Material;
use crate::report::{self, JudgeInfo, JudgedBy, Limit, Report};

use batches::batches;
use proposals::proposals;
use yielding::{judge_after_rules, ruled_out};

pub use batches::MAX_PASSAGE_CHARACTERS;
pub use found_claims::{FoundClaims, find_claims};
pub use yielding::YIELDING_CONFIDENCE_MEANS;

/// After so many batches without an answer nobody is asked any more.
const MAX_FAILED_BATCHES: usize = 3;

const BROKEN_OFF: JudgeError = JudgeError::Unreadable {
    problem: "it broke off",
};

/// What one analysis uses of a judge: shared by finding claims and judging them.
pub struct Session {
    engine: ModelEngine,
    spending: Arc<Spending>,
    began: Instant,
    unanswered: AtomicUsize,
}

impl Session {
    /// Begins now; so does the time of its budget.
    pub fn new(engine: ModelEngine) -> Self {
        let spending = Arc::new(Spending::new(engine.budget.clone()));
        Self {
            engine,
            spending,
            began: Instant::now(),
            unanswered: AtomicUsize::new(0),
        }
    }

    /// Whether its judge finds claims too.
    pub fn finds_claims(&self) -> bool {
        self.engine.finds_claims
    }

    /// What was used so far.
    pub fn usage(&self) -> ModelUsage {
        self.spending.usage(self.began.elapsed())
    }

    /// How many claims it was asked about and gave no answer to.
    pub fn unanswered(&self) -> usize {
        self.unanswered.load(Ordering::Relaxed)
    }

    fn deadline(&self) -> tokio::time::Instant {
        (self.began + self.engine.budget.max_time).into()
    }
}

/// Asks one small question, to see whether an answer comes back that can be read.
pub async fn try_model(engine: &ModelEngine) -> Result<(), JudgeError> {
    let text = "The mill has 12 floors.".to_owned();
    let passage = PassageToJudge {
        id: "p1".to_owned(),
        source: "s1".to_owned(),
        source_name: "example.txt".to_owned(),
        text: text.clone(),
    };
    let request = JudgeRequest {
        claims: vec![ClaimToJudge {
            id: "c1".to_owned(),
            text,
            standalone: None,
            passages: vec![passage],
        }],
        refusals: Vec::new(),
    };
    let spending = Spending::new(engine.budget.clone());
    engine.judge.judge(&request, &spending).await.map(|_| ())
}

/// A batch in its first or second round.
#[derive(Debug, Clone)]
struct Round {
    request: JudgeRequest,
    is_repair: bool,
}

/// Asks about a report, and gives it back with what was answered. `progress` is told how many claims of how many are done.
pub async fn ask(
    session: &Session,
    report: Report,
    material: Arc<Material>,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Report {
    let before = report.clone();
    let mut asking = Asking {
        engine: session.engine.judge.engine(),
        model: session.engine.judge.model().to_owned(),
        before: report.clone(),
        report,
        material: material.clone(),
        done: 0,
        total: 0,
        failures: Vec::new(),
        refused: 0,
        ruled_out: 0,
        yields: session.engine.judge.yields_to_rules(),
        progress,
    };
    let (from, scope, texts) = (before.clone(), session.engine.scope, material.clone());
    let made = tokio::task::spawn_blocking(move || batches(&from, &texts, scope)).await;
    let waiting: VecDeque<Round> = made
        .unwrap_or_default()
        .into_iter()
        .map(|request| Round {
            request,
            is_repair: false,
        })
        .collect();
    asking.total = waiting.iter().map(|round| round.request.claims.len()).sum();
    progress(0, asking.total);
    asking.run(session, waiting).await;
    asking.finish(session)
}

struct Asking<'a> {
    engine: &'static str,
    model: String,
    /// As the builtin engine made it.
    before: Report,
    report: Report,
    material: Arc<Material>,
    done: usize,
    total: usize,
    /// Each kind of failure with how many claims it left unjudged.
    failures: Vec<(JudgeError, usize)>,
    refused: usize,
    /// How many verdicts were not taken, for the rules of the builtin engine speak against them.
    ruled_out: usize,
    yields: bool,
    progress: &'a (dyn Fn(usize, usize) + Send + Sync),
}

impl Asking<'_> {
    async fn run(&mut self, session: &Session, mut waiting: VecDeque<Round>) {
        // Dropping it aborts what is under way.
        let mut calls = JoinSet::new();
        let mut failed_batches = 0;
        loop {
            while calls.len() < session.engine.concurrency.max(1)
                && let Some(round) = waiting.pop_front()
            {
                let judge: Arc<dyn Judge> = session.engine.judge.clone();
                let spending = session.spending.clone();
                calls.spawn(async move {
                    let answered = judge.judge(&round.request, &spending).await;
                    (round, answered)
                });
            }
            let joined = match tokio::time::timeout_at(session.deadline(), calls.join_next()).await
            {
                Ok(None) => {
                    // A judge that panicked has answered nothing.
                    self.fail(BROKEN_OFF, self.total - self.done);
                    return;
                }
                Ok(Some(Ok(joined))) => joined,
                Ok(Some(Err(_))) => continue,
                Err(_) => {
                    let bound = Bound::Seconds;
                    let left = self.total - self.done;
                    self.failures.push((JudgeError::Spent { bound }, left));
                    return;
                }
            };
            match joined {
                (round, Ok(answer)) => waiting.extend(self.take(round, answer).await),
                (round, Err(JudgeError::Unreadable { problem })) if !round.is_repair => {
                    waiting.push_back(again(&round.request, problem));
                }
                (round, Err(error)) => {
                    failed_batches += 1;
                    let is_final = error.is_final() || failed_batches >= MAX_FAILED_BATCHES;
                    self.fail(error.clone(), round.request.claims.len());
                    if is_final {
                        let left = waiting
                            .drain(..)
                            .map(|round| round.request.claims.len())
                            .sum();
                        self.fail(error, left);
                    }
                }
            }
        }
    }

    /// Takes what can be taken of an answer, and gives the round in which the rest is mended.
    async fn take(&mut self, round: Round, answer: Answer) -> Option<Round> {
        let asked = round.request.claims.len();
        let checked = proposals(&round.request, answer, &self.report, self.yields);
        let mut refusals = checked.refused;
        refusals.extend(self.judge(checked.judgements).await);
        let refused = |id: &str| refusals.iter().any(|refusal| refusal.claim == id);
        let again: Vec<_> = round
            .request
            .claims
            .iter()
            .filter(|claim| refused(&claim.id))
            .cloned()
            .collect();
        if again.is_empty() || round.is_repair {
            self.refused += again.len();
            self.advance(asked);
            return None;
        }
        self.advance(asked - again.len());
        Some(Round {
            request: JudgeRequest {
                claims: again,
                refusals,
            },
            is_repair: true,
        })
    }

    /// Has the report judged, away from the threads that wait for answers.
    async fn judge(&mut self, judgements: Vec<CallerJudgement>) -> Vec<RefusedJudgement> {
        if judgements.is_empty() {
            return Vec::new();
        }
        let by = JudgedBy {
            engine: self.engine.to_owned(),
            model: Some(self.model.clone()),
        };
        let (report, material) = (self.report.clone(), self.material.clone());
        let yields = self.yields;
        let work = move || {
            if yields {
                judge_after_rules(&report, &material, judgements, &by)
            } else {
                (judge(&report, &material, &judgements, &by), 0)
            }
        };
        let Ok((Judged { report, outcomes }, ruled_out)) = tokio::task::spawn_blocking(work).await
        else {
            return Vec::new();
        };
        self.report = report;
        self.ruled_out += ruled_out;
        let refused = outcomes.into_iter().filter_map(|outcome| {
            let refusals = outcome.result.err()?;
            let words: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            Some(RefusedJudgement {
                claim: outcome.claim,
                problem: words.join(" "),
            })
        });
        refused.collect()
    }

    fn advance(&mut self, claims: usize) {
        self.done += claims;
        (self.progress)(self.done, self.total);
    }

    fn fail(&mut self, error: JudgeError, claims: usize) {
        self.advance(claims);
        match self.failures.iter_mut().find(|(known, _)| *known == error) {
            Some((_, left)) => *left += claims,
            None => self.failures.push((error, claims)),
        }
    }

    fn finish(self, session: &Session) -> Report {
        let mut report = self.report;
        if let Err(broken) =
            report::verify(&report, &self.material.submission, &self.material.sources)
        {
            // Never to happen; if it does, what the builtin engine says is sound.
            tracing::error!(?broken, "what a model judged breaks the report's rules");
            report = self.before.clone();
            report.limits.push(Limit {
                what: self.engine.to_owned(),
                reason: "What the model judged did not pass Clara's own checks and was thrown away. What the builtin engine \
                         says stands."
                    .to_owned(),
            });
        }
        report.revision = self.before.revision;
        let unanswered = self.failures.iter().map(|(_, claims)| claims).sum();
        session.unanswered.store(unanswered, Ordering::Relaxed);
        for (error, claims) in self.failures.iter().filter(|(_, claims)| *claims > 0) {
            report.limits.push(Limit {
                what: self.engine.to_owned(),
                reason: not_judged(*claims, error),
            });
        }
        if self.refused > 0 {
            report.limits.push(Limit {
                what: self.engine.to_owned(),
                reason: not_taken(self.refused),
            });
        }
        if self.ruled_out > 0 {
            report.limits.push(Limit {
                what: self.engine.to_owned(),
                reason: ruled_out(self.ruled_out),
            });
        }
        report.engine.judge = Some(JudgeInfo {
            engine: self.engine.to_owned(),
            model: self.model,
            version: session.engine.judge.version().to_owned(),
            usage: session.usage(),
        });
        report
    }
}

/// The whole batch once more, where nothing of an answer could be read.
fn again(request: &JudgeRequest, problem: &str) -> Round {
    let refusals = request.claims.iter().map(|claim| RefusedJudgement {
        claim: claim.id.clone(),
        problem: format!("the answer could not be read: {problem}"),
    });
    Round {
        request: JudgeRequest {
            claims: request.claims.clone(),
            refusals: refusals.collect(),
        },
        is_repair: true,
    }
}

pub(super) fn claims_are(count: usize) -> String {
    if count == 1 {
        "1 claim is".to_owned()
    } else {
        format!("{count} claims are")
    }
}

fn not_judged(claims: usize, error: &JudgeError) -> String {
    format!(
        "{} as the builtin engine left it, for the model gave no answer: {error}.",
        claims_are(claims)
    )
}

fn not_taken(claims: usize) -> String {
    format!(
        "{} as the builtin engine left it, for what the model said of it did not pass the checks of its quotes, twice. Judge it \
         from its passages.",
        claims_are(claims)
    )
}
