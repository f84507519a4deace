//! One analysis from submission to report: attachments are read in child processes, everything else is weighed on the
//! blocking pool, and what stays open goes to a model where one is set. What could not be done is in the report; only an
//! interruption or a fault of ours ends it without one.

mod checked_file;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use checked_file::CheckedFile;

use super::asking::{self, FoundClaims, Session};
use super::attachments::{ExtractionError, Extractor, sha256};
use super::claims;
use super::engine::Engine;
use super::engine::judge::ModelEngine;
use super::evidence::MAX_OCCURRENCES;
use super::interruption::interruptible;
use super::material::Material;
use super::pipeline::{self, Control, HandedIn};
use super::report::{self, EngineInfo, Limit, Milliseconds, Report, ReportInput};
use clara_domain::clock::Clock;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::submission::{Attachment, Submission};
use clara_domain::task::ClaimProgress;
use clara_domain::text::Text;

/// How far an analysis is when its attachments are read, in percent.
const READ: u8 = 30;
/// How far it is when every claim is judged.
const JUDGED: u8 = 95;
/// How far it is when the builtin engine has judged and a model is asked next.
const ASKING: u8 = 60;
/// How often it is looked whether an analysis that reads files is wanted no more.
const INTERRUPTION_INTERVAL: Duration = Duration::from_millis(50);

/// Who judges.
#[derive(Clone)]
pub struct Engines {
    /// Always first; what it cannot decide stays open.
    pub builtin: Arc<dyn Engine>,
    /// Who is asked after it.
    pub model: Option<ModelEngine>,
}

/// How an analysis is watched and stopped from outside.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    /// Percent done.
    pub progress: Arc<AtomicU8>,
    /// How many claims are judged, while a model judges.
    pub claims: Arc<JudgedClaims>,
    /// Set to end the analysis soon.
    pub interrupted: Arc<AtomicBool>,
}

/// How many claims are judged, and of how many; written by one thread and read by another.
#[derive(Debug, Default)]
pub struct JudgedClaims(AtomicU64);

impl JudgedClaims {
    /// Nothing until the first claim is known.
    pub fn get(&self) -> Option<ClaimProgress> {
        let both = self.0.load(Ordering::Relaxed);
        let judged = u32::try_from(both >> 32).ok()?;
        let total = u32::try_from(both & u64::from(u32::MAX)).ok()?;
        (total > 0).then_some(ClaimProgress { judged, total })
    }

    fn set(&self, judged: usize, total: usize) {
        let [judged, total] = [judged, total].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        self.0.store(
            (u64::from(judged) << 32) | u64::from(total),
            Ordering::Relaxed,
        );
    }
}

/// A finished analysis: what it says, and the texts that it says it of.
#[derive(Debug, Clone)]
pub struct Analysed {
    pub report: Report,
    pub material: Material,
}

/// Why there is no report.
#[derive(Debug)]
pub enum Interrupted {
    /// Somebody wanted it to end.
    Asked,
    /// Something of ours broke; for the log.
    Broken(String),
}

/// Checks a submission. `evidence_sources` are the sources asked for beyond the attachments.
pub async fn analyse(
    engines: &Engines,
    extractor: &Extractor,
    clock: &dyn Clock,
    evidence_sources: &[String],
    mut submission: Submission,
    watch: Watch,
) -> Result<Analysed, Interrupted> {
    let started = Instant::now();
    let retrieved_at = clock.now();
    let mut sources = Vec::with_capacity(submission.attachments.len());
    let mut limits: Vec<Limit> = evidence_sources
        .iter()
        .map(|name| not_asked(name))
        .collect();
    let count = u8::try_from(submission.attachments.len().max(1)).unwrap_or(u8::MAX);
    for (index, attachment) in submission.attachments.iter().enumerate() {
        let id = format!("s{}", index + 1);
        tokio::select! {
            source = read(extractor, attachment, &id, retrieved_at) => sources.push(source),
            // Dropping the future kills the child process that reads.
            () = interruption(&watch.interrupted) => return Err(Interrupted::Asked),
        }
        let done = u8::try_from(index + 1).unwrap_or(u8::MAX);
        watch
            .progress
            .store((READ / count).saturating_mul(done), Ordering::Relaxed);
    }
    let reading = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let checked = submission
        .check
        .and_then(|index| CheckedFile::take(&mut sources, index, &mut limits));
    if let Some(file) = &checked {
        file.text().clone_into(&mut submission.text);
    }
    let session = engines.model.clone().map(Session::new);
    let found = find_claims(engines, session.as_ref(), &submission, &watch, &mut limits).await?;
    let engine = engine_for(&engines.builtin, found.as_ref());
    let judged_at = if session.is_some() { ASKING } else { JUDGED };
    let flag = watch.interrupted.clone();
    let watching = watch.clone();
    let judge = move || {
        let (text, claims) = claims::handed_in(&submission.text, &submission.claims);
        let handed_in = HandedIn {
            claims: (!claims.is_empty()).then_some(claims),
            context: submission.context,
        };
        let submitted = match checked {
            Some(file) => file.into_submission(text),
            None => submitted(text, retrieved_at),
        };
        let progress = |done: usize, total: usize| {
            let percent = share_of(READ, judged_at, done, total);
            watch.progress.store(percent, Ordering::Relaxed);
        };
        let interrupted = || watch.interrupted.load(Ordering::Relaxed);
        let control = Control {
            progress: &progress,
            is_cancelled: &interrupted,
        };
        let weighed =
            pipeline::weigh_handed_in(&submitted, &sources, handed_in, engine.as_ref(), control);
        if weighed.cancelled {
            return Err(Interrupted::Asked);
        }
        limits.extend(not_looked_up(weighed.skipped_words));
        let milliseconds = Milliseconds {
            reading,
            claims: weighed.claims_milliseconds,
            evidence: weighed.evidence_milliseconds,
            verdicts: weighed.verdicts_milliseconds,
        };
        let report = report::build(ReportInput {
            submission: &submitted,
            sources: &sources,
            judged: weighed.claims,
            not_checked: weighed.not_checked,
            queries: Vec::new(),
            limits,
            engine: EngineInfo {
                name: engine.name().to_owned(),
                version: engine.version().to_owned(),
                model: None,
                judge: None,
            },
            milliseconds,
        });
        verified(report, submitted, sources)
    };
    let mut analysed = tokio::task::spawn_blocking(move || interruptible(&flag, judge))
        .await
        .map_err(|error| Interrupted::Broken(error.to_string()))?
        .map_err(|_| Interrupted::Asked)??;
    if let Some(found) = &found {
        found.read_by_themselves(&mut analysed.report);
    }
    match session {
        Some(session) => ask(&session, analysed, &watching).await,
        None => Ok(analysed),
    }
}

/// What may be handed on: a report that breaks no rule, and its texts.
fn verified(
    report: Report,
    submission: Source,
    sources: Vec<Source>,
) -> Result<Analysed, Interrupted> {
    report::verify(&report, &submission, &sources).map_err(|broken| {
        let broken = broken.join("; ");
        Interrupted::Broken(format!("the report breaks its rules: {broken}"))
    })?;
    Ok(Analysed {
        report,
        material: Material {
            submission,
            sources,
        },
    })
}

/// The claims that the model finds, where it is asked for them and the sender names none.
async fn find_claims(
    engines: &Engines,
    session: Option<&Session>,
    submission: &Submission,
    watch: &Watch,
    limits: &mut Vec<Limit>,
) -> Result<Option<FoundClaims>, Interrupted> {
    let asks = |session: &&Session| session.finds_claims() && submission.claims.is_empty();
    let Some(session) = session.filter(asks) else {
        return Ok(None);
    };
    let text = Text::new(submission.text.as_str());
    tokio::select! {
        (found, limit) = asking::find_claims(session, engines.builtin.as_ref(), &text) => {
            limits.extend(limit);
            Ok(Some(found))
        }
        () = interruption(&watch.interrupted) => Err(Interrupted::Asked),
    }
}

/// The builtin engine, with the claims that a model found where it was asked for them.
fn engine_for(builtin: &Arc<dyn Engine>, found: Option<&FoundClaims>) -> Arc<dyn Engine> {
    match found {
        Some(found) => Arc::new(found.judged_by(builtin.clone())),
        None => builtin.clone(),
    }
}

/// Asks the model about the report; ends soon where the analysis is wanted no more.
async fn ask(
    session: &Session,
    analysed: Analysed,
    watch: &Watch,
) -> Result<Analysed, Interrupted> {
    let material = Arc::new(analysed.material);
    let claims = analysed.report.claims.len();
    let progress = |done: usize, total: usize| {
        watch
            .claims
            .set(claims.saturating_sub(total.saturating_sub(done)), claims);
        let percent = share_of(ASKING, JUDGED, done, total);
        watch.progress.store(percent, Ordering::Relaxed);
    };
    let report = tokio::select! {
        report = asking::ask(session, analysed.report, material.clone(), &progress) => report,
        // Dropping the future aborts what is under way.
        () = interruption(&watch.interrupted) => return Err(Interrupted::Asked),
    };
    Ok(Analysed {
        report,
        material: Arc::unwrap_or_clone(material),
    })
}

/// How far it is between two marks, in percent.
fn share_of(from: u8, to: u8, done: usize, total: usize) -> u8 {
    let width = to.saturating_sub(from);
    let share = (done.min(total) * usize::from(width)) / total.max(1);
    from + u8::try_from(share).unwrap_or(width)
}

/// Ends when the analysis is wanted no more.
async fn interruption(flag: &AtomicBool) {
    let mut interval = tokio::time::interval(INTERRUPTION_INTERVAL);
    while !flag.load(Ordering::Relaxed) {
        interval.tick().await;
    }
}

/// Reads one attachment. A child that was killed is tried once more; then the report says so and the analysis goes on.
async fn read(
    extractor: &Extractor,
    attachment: &Attachment,
    id: &str,
    retrieved_at: clara_domain::clock::Timestamp,
) -> Source {
    let mut result = extractor
        .read(attachment, id.to_owned(), retrieved_at)
        .await;
    if matches!(result, Err(ExtractionError::Killed(_))) {
        result = extractor
            .read(attachment, id.to_owned(), retrieved_at)
            .await;
    }
    match result {
        Ok(source) => source,
        Err(error) => {
            tracing::warn!(%error, "an attachment was not read");
            Extractor::given_up(attachment, &error, id.to_owned(), retrieved_at).await
        }
    }
}

fn submitted(text: Text, retrieved_at: clara_domain::clock::Timestamp) -> Source {
    Source {
        id: Source::SUBMISSION.to_owned(),
        kind: SourceKind::Submission,
        name: Source::SUBMISSION.to_owned(),
        title: None,
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at,
        sha256: sha256(text.as_str().as_bytes()),
        text,
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    }
}

/// Tells of the words that were not looked up, where there were any.
fn not_looked_up(words: usize) -> Option<Limit> {
    (words > 0).then(|| Limit {
        what: "words".to_owned(),
        reason: format!(
            "Words of the claims that were not looked up everywhere: {words}. Each occurs in a tenth of all passages or more, or \
             the rarer words of its claim occur {MAX_OCCURRENCES} times already. The rarer words were looked up."
        ),
    })
}

fn not_asked(name: &str) -> Limit {
    let reason = "This version cannot ask it; only the attachments were looked at. Attach what should count as evidence.";
    Limit {
        what: name.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
