//! The analysis from texts to judgements: claims, passages, verdicts, and the submission held against itself. Synchronous
//! and without I/O; it knows no task, and builds no report.

use std::collections::HashMap;
use std::time::Instant;

use clara_domain::claim::{ClaimSpan, NotChecked};
use clara_domain::evidence::Source;

use super::claims;
use super::engine::{Engine, Judgement};
use super::evidence::Index;
use super::verdict::consistency::{self, Collision};

/// A claim with what was said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct WeighedClaim {
    pub claim: ClaimSpan,
    pub judgement: Judgement,
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
    let mut weighed = Weighed::default();
    let started = Instant::now();
    let claims = engine.claims(&submission.text);
    weighed.not_checked = claims::not_checked(&submission.text);
    weighed.not_checked.retain(|sentence| {
        !claims
            .iter()
            .any(|claim| claim.span.overlaps(sentence.span))
    });
    let collisions = consistency::collisions(&claims, submission);
    weighed.claims_milliseconds = milliseconds(started);
    let started = Instant::now();
    let index = Index::new(sources);
    weighed.evidence_milliseconds = milliseconds(started);
    let (mut searching, mut judging) = (0, 0);
    // A sentence that is said again is judged once.
    let mut judged: HashMap<(String, Vec<String>), Judgement> = HashMap::new();
    (control.progress)(0, claims.len());
    let total = claims.len();
    for (claim, collisions) in claims.into_iter().zip(collisions) {
        if (control.is_cancelled)() {
            weighed.cancelled = true;
            break;
        }
        let key = (claim.text.clone(), claim.before.clone());
        let judgement = if let Some(known) = judged.get(&key) {
            known.clone()
        } else {
            let started = Instant::now();
            let mut passages = index.passages(&claim.text);
            passages.extend(index.records(&claim.text));
            searching += started.elapsed().as_micros();
            let started = Instant::now();
            let judgement = engine.judge(&claim, &passages);
            judging += started.elapsed().as_micros();
            judged.insert(key, judgement.clone());
            judgement
        };
        let judgement = with_collisions(judgement, collisions);
        weighed.claims.push(WeighedClaim { claim, judgement });
        (control.progress)(weighed.claims.len(), total);
    }
    weighed.skipped_words = index.skipped_words();
    weighed.evidence_milliseconds += u64::try_from(searching / 1000).unwrap_or(u64::MAX);
    weighed.verdicts_milliseconds = u64::try_from(judging / 1000).unwrap_or(u64::MAX);
    weighed
}

fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A judgement together with what the submission itself says against the claim.
fn with_collisions(judgement: Judgement, collisions: Vec<Collision>) -> Judgement {
    collisions.into_iter().fold(judgement, consistency::merge)
}
