//! The analysis from texts to judgements: claims, passages, verdicts, and the submission held against itself. Synchronous
//! and without I/O; it knows no task, and builds no report.

use std::collections::HashMap;
use std::time::Instant;

use clara_domain::claim::{ClaimSpan, NotChecked};
use clara_domain::evidence::Source;
use clara_domain::text::Span;

use super::claims::{self, context::Context};
use super::engine::{Engine, Judgement};
use super::evidence::{Candidate, Index, candidates};
use super::statement::SentenceCache;
use super::verdict::consistency::{self, Collision};
use super::verdict::standalone::standalone;

/// A claim with what was said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct WeighedClaim {
    pub claim: ClaimSpan,
    pub judgement: Judgement,
    /// What was judged, where the claim's words lean on the sentence before or on the sender's context.
    pub standalone: Option<String>,
    /// The passages from which somebody else can decide it, best first.
    pub candidates: Vec<Candidate>,
    /// Where the claims stand that cannot be true together with it.
    pub contradicts: Vec<Span>,
}

impl From<(ClaimSpan, Judgement)> for WeighedClaim {
    fn from((claim, judgement): (ClaimSpan, Judgement)) -> Self {
        Self {
            claim,
            judgement,
            standalone: None,
            candidates: Vec::new(),
            contradicts: Vec::new(),
        }
    }
}

/// What the sender says beside the text.
#[derive(Debug, Clone, Default)]
pub struct HandedIn {
    /// The claims to weigh, where they stand in the submission; then no others are looked for.
    pub claims: Option<Vec<ClaimSpan>>,
    /// Date, place, and what "we" means.
    pub context: Option<String>,
}

/// What `weigh` found, and how long each part took.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weighed {
    /// In the order of the text; fewer than it has where the analysis was cancelled.
    pub claims: Vec<WeighedClaim>,
    /// The sentences of the submission that are no claims.
    pub not_checked: Vec<NotChecked>,
    pub cancelled: bool,
    /// How many words of the claims were not looked up wherever they occur, for they are too common.
    pub skipped_words: usize,
    pub claims_milliseconds: u64,
    pub evidence_milliseconds: u64,
    pub verdicts_milliseconds: u64,
}

/// How the caller follows and ends an analysis.
#[derive(Clone, Copy)]
pub struct Control<'c> {
    /// Told how many claims of how many are done, before the first and after each.
    pub progress: &'c dyn Fn(usize, usize),
    /// Asked before each claim; must be cheap.
    pub is_cancelled: &'c dyn Fn() -> bool,
}

impl Control<'_> {
    /// Tells nobody and is never cancelled.
    pub const NONE: Control<'static> = Control {
        progress: &|_, _| {},
        is_cancelled: &|| false,
    };
}

/// Finds the claims of the submission and weighs each against the sources and against the submission itself.
pub fn weigh(
    submission: &Source,
    sources: &[Source],
    engine: &dyn Engine,
    control: Control<'_>,
) -> Weighed {
    weigh_handed_in(submission, sources, HandedIn::default(), engine, control)
}

/// The same with what the sender says beside the text.
pub fn weigh_handed_in(
    submission: &Source,
    sources: &[Source],
    handed_in: HandedIn,
    engine: &dyn Engine,
    control: Control<'_>,
) -> Weighed {
    let _cache = SentenceCache::open();
    let mut weighed = Weighed::default();
    let started = Instant::now();
    let claims = if let Some(claims) = handed_in.claims {
        weighed.not_checked = claims::others(&submission.text, &claims);
        claims
    } else {
        let claims = engine.claims(&submission.text);
        weighed.not_checked = claims::not_checked(&submission.text);
        weighed.not_checked.retain(|sentence| {
            !claims
                .iter()
                .any(|claim| claim.span.overlaps(sentence.span))
        });
        claims
    };
    let context = handed_in.context.as_deref().map(Context::new);
    let collisions = consistency::collisions(&claims, submission);
    weighed.claims_milliseconds = milliseconds(started);
    let started = Instant::now();
    let index = Index::new(sources);
    weighed.evidence_milliseconds = milliseconds(started);
    let (mut searching, mut judging) = (0, 0);
    // A sentence that is said again is judged once.
    let mut judged: HashMap<(String, Vec<String>), (Judgement, Vec<Candidate>)> = HashMap::new();
    (control.progress)(0, claims.len());
    let total = claims.len();
    for (claim, collisions) in claims.into_iter().zip(collisions) {
        if (control.is_cancelled)() {
            weighed.cancelled = true;
            break;
        }
        let read = read(&claim, context.as_ref());
        let key = (read.text.clone(), read.before.clone());
        let (judgement, candidates) = if let Some(known) = judged.get(&key) {
            known.clone()
        } else {
            let started = Instant::now();
            let mut passages = index.passages(&read.text);
            passages.extend(index.records(&read.text));
            searching += started.elapsed().as_micros();
            let started = Instant::now();
            let mut judgement = engine.judge(&read, &passages);
            if read.text != claim.text {
                // Their positions are those of other words.
                judgement.parts.clear();
                judgement.replacement = None;
            }
            judging += started.elapsed().as_micros();
            let found = candidates(&read.text, &passages, &judgement.quotes);
            judged.insert(key, (judgement.clone(), found.clone()));
            (judgement, found)
        };
        let contradicts = collisions.iter().filter_map(|found| found.other).collect();
        let judgement = with_collisions(judgement, collisions);
        let shown = standalone(&read).unwrap_or(read.text);
        weighed.claims.push(WeighedClaim {
            standalone: (shown != claim.text).then_some(shown),
            claim,
            judgement,
            candidates,
            contradicts,
        });
        (control.progress)(weighed.claims.len(), total);
    }
    weighed.skipped_words = index.skipped_words();
    weighed.evidence_milliseconds += u64::try_from(searching / 1000).unwrap_or(u64::MAX);
    weighed.verdicts_milliseconds = u64::try_from(judging / 1000).unwrap_or(u64::MAX);
    weighed
}

/// The claim as it is judged: with what the sender's context says in the place of `we`, `here` and `today`.
fn read(claim: &ClaimSpan, context: Option<&Context>) -> ClaimSpan {
    let resolved = context.and_then(|context| context.resolved(&claim.text));
    ClaimSpan {
        text: resolved.unwrap_or_else(|| claim.text.clone()),
        span: claim.span,
        before: claim.before.clone(),
    }
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A judgement together with what the submission itself says against the claim.
fn with_collisions(judgement: Judgement, collisions: Vec<Collision>) -> Judgement {
    collisions.into_iter().fold(judgement, consistency::merge)
}
