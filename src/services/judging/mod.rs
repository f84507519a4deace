//! Finished analyses judged and searched by their owners. A judgement is held against the kept texts of the sources, and a
//! report is replaced only by whoever has seen it: of two who judge at once the second judges what the first left.

mod searchers;

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::queue::digest_of;
use super::service_deps::ServiceDeps;
use crate::analysis::judging::{self, CallerJudgement, Outcome};
use crate::analysis::material::{Material, MaterialError};
use crate::analysis::report::{self, JudgedBy, Report};
use crate::analysis::search::{FoundPassage, MAX_PASSAGES, MAX_QUERY_CHARACTERS, QueryError};
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{TaskId, UserId};
use crate::domain::task::TaskStatus;
use crate::fault::{Fault, FaultKind, Resource};
use crate::store::revisions::{NewRevision, Revised, StoredReport};
use searchers::{Held, Searchers};

/// How often a report may be replaced.
pub const MAX_REVISIONS: u32 = 50;
/// How often judging is begun again because somebody else's revision came first.
const MAX_TRIES: u32 = 20;
/// How many sources are read at once in one process: each may take much memory.
const READERS: usize = 2;
/// When to come again where others judge all the time.
const BUSY_RETRY_SECONDS: u64 = 1;
/// When to come again with an account that keeps too much.
const FULL_RETRY_SECONDS: u64 = 60;
/// Who judges through these calls, as reports say it.
const CALLER: &str = "caller";

/// A report after judging, and what became of each judgement.
#[derive(Debug)]
pub struct JudgedReport {
    pub report: Report,
    pub outcomes: Vec<Outcome>,
}

/// Judges and searches finished analyses. Cheap to clone.
#[derive(Clone)]
pub struct Judging {
    deps: Arc<ServiceDeps>,
    searchers: Arc<Searchers>,
    readers: Arc<Semaphore>,
}

impl Judging {
    pub(super) fn new(deps: Arc<ServiceDeps>) -> Self {
        Self {
            deps,
            searchers: Arc::default(),
            readers: Arc::new(Semaphore::new(READERS)),
        }
    }

    /// Judges claims of a report. What is accepted makes one revision of it; where nothing is, nothing changes.
    pub async fn judge(
        &self,
        user_id: &UserId,
        task_id: &TaskId,
        judgements: Vec<CallerJudgement>,
        judged_by: String,
        origin: &Origin,
    ) -> Result<JudgedReport, Fault> {
        let by = JudgedBy {
            engine: CALLER.to_owned(),
            model: Some(judged_by),
        };
        let (judgements, by) = (Arc::new(judgements), Arc::new(by));
        for _ in 0..MAX_TRIES {
            let (revision, before) = self.finished(user_id, task_id).await?;
            if revision > MAX_REVISIONS {
                let most = MAX_REVISIONS;
                return Err(Fault::new(FaultKind::TooManyRevisions { most }).with_hint(
                    "Read the report with task_view. Judge several claims in one call.",
                ));
            }
            let held = self.held(user_id, task_id).await?;
            let report = read_report(before.clone())?;
            let (judgements, by) = (judgements.clone(), by.clone());
            let judged = tokio::task::spawn_blocking(move || {
                judging::judge(&report, held.material(), &judgements, &by)
            });
            let judged = judged.await.map_err(Fault::internal)?;
            let accepted = judged.accepted();
            let judged = JudgedReport {
                report: judged.report,
                outcomes: judged.outcomes,
            };
            if accepted == 0 {
                return Ok(judged);
            }
            let after = serde_json::to_value(&judged.report).map_err(Fault::internal)?;
            let mut audit = self
                .deps
                .audit(Some(user_id), AuditEvent::TaskJudged, origin);
            audit.details = serde_json::json!({
                "task": task_id, "revision": revision + 1, "accepted": accepted,
            });
            let new = NewRevision {
                user_id,
                task_id,
                judged: revision,
                before: &before,
                report: &after,
                digest: &digest_of(&after),
                max_bytes: self.deps.max_account_bytes,
                audit: &audit,
            };
            match self.deps.store.revise_report(&new).await? {
                Revised::Stored => return Ok(judged),
                Revised::Overtaken => {}
                Revised::KeepsTooMuch => {
                    return Err(Fault::new(FaultKind::RateLimited {
                        retry_after_seconds: FULL_RETRY_SECONDS,
                    })
                    .with_hint("The account keeps as many reports and files as one may."));
                }
            }
        }
        Err(Fault::new(FaultKind::RateLimited {
            retry_after_seconds: BUSY_RETRY_SECONDS,
        })
        .with_hint("Others judge this report at this moment: send the same again."))
    }

    /// The passages of an analysis' sources that hold most of a query's words, best first; those that hold words of the claim
    /// too come before those that do not.
    pub async fn search(
        &self,
        user_id: &UserId,
        task_id: &TaskId,
        query: String,
        claim: Option<String>,
        limit: usize,
    ) -> Result<Vec<FoundPassage>, Fault> {
        let (_, stored) = self.finished(user_id, task_id).await?;
        let claim = match claim {
            Some(id) => {
                let report = read_report(stored)?;
                let known: Vec<String> =
                    report.claims.iter().map(|claim| claim.id.clone()).collect();
                let named = report.claims.into_iter().find(|claim| claim.id == id);
                Some(named.ok_or_else(|| no_such_claim(&known))?)
            }
            None => None,
        };
        let held = self.held(user_id, task_id).await?;
        let searching = tokio::task::spawn_blocking(move || {
            held.searcher().search(&query, claim.as_ref(), limit)
        });
        searching
            .await
            .map_err(Fault::internal)?
            .map_err(|error| refused_query(&error))
    }

    /// Lets go of what is held in memory of an account that ended.
    pub(super) fn forget(&self, user_id: &UserId) {
        self.searchers.forget(user_id);
    }

    /// Lets go of what is held in memory past its time.
    pub(super) fn forget_old(&self) {
        self.searchers.forget_old(self.deps.now());
    }

    /// The report of a task of this account, and which revision it is.
    async fn finished(
        &self,
        user_id: &UserId,
        task_id: &TaskId,
    ) -> Result<(u32, serde_json::Value), Fault> {
        let stored = self.deps.store.stored_report(user_id, task_id).await?;
        match stored.ok_or(FaultKind::NotFound(Resource::Task))? {
            StoredReport {
                status: TaskStatus::Completed,
                revision,
                report: Some(report),
            } => Ok((revision, report)),
            StoredReport { status, .. } => {
                let hint = match status {
                    TaskStatus::Pending | TaskStatus::Running => {
                        "It has not ended: task_view waits for it."
                    }
                    _ => "It ended without one: run agent_analysis again.",
                };
                Err(Fault::new(FaultKind::NoReport(status)).with_hint(hint))
            }
        }
    }

    /// The sources of a task of this account, from memory or from the store.
    async fn held(&self, user_id: &UserId, task_id: &TaskId) -> Result<Arc<Held>, Fault> {
        let key = (user_id.clone(), task_id.clone());
        if let Some(held) = self.searchers.find(&key, self.deps.now()) {
            return Ok(held);
        }
        let _reader = self.readers.acquire().await.map_err(Fault::internal)?;
        // Somebody else may have read them meanwhile.
        if let Some(held) = self.searchers.find(&key, self.deps.now()) {
            return Ok(held);
        }
        let kept = self
            .deps
            .store
            .kept_sources(user_id, task_id, self.deps.now());
        let (bytes, until) = kept.await?.ok_or_else(sources_gone)?;
        let read = tokio::task::spawn_blocking(move || read_sources(&bytes, until));
        let held = Arc::new(read.await.map_err(Fault::internal)??);
        self.searchers.hold(key, &held);
        Ok(held)
    }
}

fn read_sources(bytes: &[u8], until: Timestamp) -> Result<Held, Fault> {
    match Material::from_bytes(bytes) {
        Ok(material) => Ok(Held::new(material, until)),
        // Another version of Clara wrote them: to this one they are as good as gone.
        Err(MaterialError::Version { .. }) => Err(sources_gone()),
        Err(error) => Err(Fault::internal(error)),
    }
}

/// A report as it was stored; one of an older version gets the fields of this one when it is judged.
fn read_report(stored: serde_json::Value) -> Result<Report, Fault> {
    let mut report: Report = serde_json::from_value(stored).map_err(Fault::internal)?;
    report::FORMAT.clone_into(&mut report.format);
    Ok(report)
}

fn sources_gone() -> Fault {
    Fault::new(FaultKind::SourcesGone)
        .with_hint("Run agent_analysis again with the same text and files.")
}

fn no_such_claim(known: &[String]) -> Fault {
    let problem = match known {
        [] => "is no claim of this report, which has none".to_owned(),
        [one] => format!("is no claim of this report, which has {one} alone"),
        [first, .., last] => format!("is no claim of this report, which has {first} to {last}"),
    };
    Fault::field("claim", problem)
}

fn refused_query(error: &QueryError) -> Fault {
    match error {
        QueryError::Empty => Fault::field(
            "query",
            "must name what to look for in a few words, such as main span metres",
        ),
        QueryError::TooLong { .. } => Fault::field(
            "query",
            format!(
                "must be at most {MAX_QUERY_CHARACTERS} characters: give the words that matter"
            ),
        ),
        QueryError::Limit { .. } => Fault::field(
            "limit",
            format!("must be a whole number from 1 to {MAX_PASSAGES}"),
        ),
    }
}
