//! The engine that needs nothing: deterministic, offline, cheap. Words, numbers and their clashes are weighed by a model
//! that was fitted on labelled claims; where it is not sure enough it says so instead of guessing. Passages are data:
//! nothing they say is followed.

use crate::claims;
use crate::language::detect::language;
use crate::verdict::alignment::{Alignment, Fate};
use crate::verdict::checks::checks;
use crate::verdict::features::{Compared, best, features};
use crate::verdict::model::Model;
use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::Quote;
use clara_domain::text::Text;
use clara_domain::verdict::{Check, Stance, Verdict};

use super::{Engine, Judgement, Passage};

/// Below this confidence nothing is said to be supported or refuted.
pub const FLOOR: f64 = 0.50;
/// A refutation for which no word or number can be named must be surer.
const UNNAMED: f64 = 0.70;
/// A claim most of whose words are in no passage is about something else, whatever the rest says.
const LEAST_COVER: f64 = 0.4;
/// Both sides of a conflict must be about as much of the claim as the best passage is.
const CONFLICT_COVER: f64 = 0.85;
/// Quotes shown beside the deciding one.
const OTHER_QUOTES: usize = 2;
/// How sure it is that nothing can be said where nothing was read.
const NOTHING_READ: f64 = 0.9;

/// The deterministic engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Builtin;

/// What the model says of some passages: chances, the better stance, what it is worth.
#[derive(Debug, Clone, Copy)]
struct Weighing {
    chances: [f64; 3],
    class: usize,
    confidence: f64,
}

impl Weighing {
    fn new(alignments: &[Alignment<'_>]) -> Option<Self> {
        let model = Model::fitted();
        let chances = model.chances(&features(alignments)?);
        let class = usize::from(chances[1] > chances[0]);
        Some(Self {
            chances,
            class,
            confidence: model.confidence(class, chances[class]),
        })
    }

    fn verdict(self) -> Verdict {
        if self.class == 0 {
            Verdict::Supported
        } else {
            Verdict::Refuted
        }
    }

    fn stance(self) -> Stance {
        if self.class == 0 {
            Stance::Supports
        } else {
            Stance::Refutes
        }
    }
}

impl Engine for Builtin {
    fn name(&self) -> &'static str {
        "builtin"
    }

    fn version(&self) -> &'static str {
        "1"
    }

    fn claims(&self, text: &Text) -> Vec<ClaimSpan> {
        claims::claims(text)
    }

    fn judge(&self, claim: &ClaimSpan, passages: &[Passage<'_>]) -> Judgement {
        judge(&claim.text, passages)
    }
}

/// What the model would say if it had to choose between supported and refuted; only measurements ask for it.
pub fn forced(claim: &str, passages: &[Passage<'_>]) -> Option<(Verdict, f64)> {
    let compared = Compared::new(claim, passages);
    Weighing::new(&compared.alignments()).map(|weighing| (weighing.verdict(), weighing.confidence))
}

fn judge(claim: &str, passages: &[Passage<'_>]) -> Judgement {
    if let Some(other) = language(claim).filter(|found| *found != "en") {
        return abstain(format!(
            "The claim is not in English (looks like “{other}”), and the builtin engine reads only English. \
             Nothing was compared."
        ));
    }
    let readable: Vec<&Passage<'_>> = passages
        .iter()
        .filter(|passage| language(passage.text).is_none_or(|found| found == "en"))
        .collect();
    if readable.is_empty() {
        return abstain(nothing_to_read(passages));
    }
    let compared = Compared::new(claim, readable.iter().copied());
    let alignments = compared.alignments();
    let (Some(weighing), Some((chosen, top))) = (Weighing::new(&alignments), best(&alignments))
    else {
        return abstain(nothing_to_read(passages));
    };
    let passage = compared.passages[chosen].0;
    let checks = checks(claim, passage.text, top);
    let named = checks
        .iter()
        .any(|check| check.points_to == Verdict::Refuted);
    let floor = if weighing.class == 1 && !named {
        UNNAMED
    } else {
        FLOOR
    };
    let unsettled = weighing.class == 0 && has_number_nobody_gives(&alignments);
    if top.addressed() < LEAST_COVER || weighing.confidence < floor || unsettled {
        return not_enough(&compared, chosen, checks, weighing);
    }
    if let Some(conflict) = conflict(claim, &compared, &alignments) {
        return conflict;
    }
    let quotes = quotes(&compared, &alignments, chosen, weighing.stance());
    Judgement {
        verdict: weighing.verdict(),
        confidence: rounded(weighing.confidence),
        rationale: reason(passage, &checks, weighing.verdict()),
        checks,
        quotes,
    }
}

/// Whether the claim has a number that none of the passages gives: then they do not bear it out.
fn has_number_nobody_gives(alignments: &[Alignment<'_>]) -> bool {
    let count = alignments
        .first()
        .map_or(0, |alignment| alignment.fates.len());
    (0..count).any(|index| {
        alignments
            .iter()
            .all(|alignment| !matches!(alignment.fates[index], Fate::Same(_) | Fate::Around))
    })
}

fn nothing_to_read(passages: &[Passage<'_>]) -> String {
    if passages.is_empty() {
        "No passage of the sources shares a word with the claim. A source about its subject is missing.".to_owned()
    } else {
        format!(
            "{} passages were found, none of them in English, which is all the builtin engine reads.",
            passages.len()
        )
    }
}

fn abstain(rationale: String) -> Judgement {
    Judgement {
        verdict: Verdict::NotEnoughEvidence,
        confidence: NOTHING_READ,
        rationale,
        checks: Vec::new(),
        quotes: Vec::new(),
    }
}

fn rounded(confidence: f64) -> f64 {
    (confidence * 100.0).round() / 100.0
}

fn quote(passage: &Passage<'_>, stance: Stance) -> Quote {
    Quote {
        source: passage.source.id.clone(),
        span: passage.span,
        text: passage.text.to_owned(),
        stance,
        relevance: rounded(passage.relevance),
    }
}

/// The deciding quote, and others that by themselves say the same.
fn quotes(
    compared: &Compared<'_, '_>,
    alignments: &[Alignment<'_>],
    chosen: usize,
    stance: Stance,
) -> Vec<Quote> {
    let mut found = vec![quote(compared.passages[chosen].0, stance)];
    for (index, alignment) in alignments.iter().enumerate() {
        if index == chosen
            || found.len() > OTHER_QUOTES
            || alignment.cover < CONFLICT_COVER * alignments[chosen].cover
        {
            continue;
        }
        let alone = Weighing::new(std::slice::from_ref(alignment));
        if alone.is_some_and(|alone| alone.stance() == stance && alone.confidence >= FLOOR) {
            found.push(quote(compared.passages[index].0, stance));
        }
    }
    found
}

/// Two passages, each sure by itself and about the whole claim, that say the opposite of each other.
fn conflict(
    claim: &str,
    compared: &Compared<'_, '_>,
    alignments: &[Alignment<'_>],
) -> Option<Judgement> {
    let top = alignments
        .iter()
        .map(|alignment| alignment.cover_event)
        .fold(0.0, f64::max);
    let mut sides: [Option<(usize, f64, Vec<Check>)>; 2] = [None, None];
    for (index, alignment) in alignments.iter().enumerate() {
        if alignment.cover_event < CONFLICT_COVER * top || alignment.cover_around < CONFLICT_COVER {
            continue;
        }
        let passage = compared.passages[index].0;
        let Some(alone) = Weighing::new(std::slice::from_ref(alignment))
            .filter(|alone| alone.confidence >= FLOOR)
        else {
            continue;
        };
        let named = checks(claim, passage.text, alignment);
        let clashes = named
            .iter()
            .any(|check| check.points_to == Verdict::Refuted);
        // A stance without a reason that can be named starts no conflict.
        let settled = alignment
            .fates
            .iter()
            .all(|fate| matches!(fate, Fate::Same(_) | Fate::Around));
        if clashes != (alone.class == 1) || (alone.class == 0 && !settled) {
            continue;
        }
        let side = &mut sides[alone.class];
        if side
            .as_ref()
            .is_none_or(|(_, sure, _)| alone.confidence > *sure)
        {
            *side = Some((index, alone.confidence, named));
        }
    }
    let [
        Some((yes, sure_yes, mut named)),
        Some((no, sure_no, against)),
    ] = sides
    else {
        return None;
    };
    let (yes, no) = (compared.passages[yes].0, compared.passages[no].0);
    named.extend(against);
    Some(Judgement {
        verdict: Verdict::Conflicting,
        confidence: rounded(sure_yes.min(sure_no)),
        rationale: format!(
            "{} bears the claim out, {} says otherwise.",
            called(yes),
            called(no)
        ),
        checks: named,
        quotes: vec![quote(yes, Stance::Supports), quote(no, Stance::Refutes)],
    })
}

fn called<'p>(passage: &'p Passage<'_>) -> &'p str {
    passage
        .source
        .title
        .as_deref()
        .unwrap_or(&passage.source.name)
}

fn reason(passage: &Passage<'_>, checks: &[Check], verdict: Verdict) -> String {
    let named: Vec<&str> = checks
        .iter()
        .filter(|check| check.points_to == verdict)
        .map(|check| check.detail.as_str())
        .collect();
    let says = if verdict == Verdict::Supported {
        "says the same"
    } else {
        "says otherwise"
    };
    if named.is_empty() {
        return format!(
            "{} {says}, as a whole; no single word or number decides it.",
            called(passage)
        );
    }
    format!("{} {says}: {}.", called(passage), named.join("; "))
}

fn not_enough(
    compared: &Compared<'_, '_>,
    chosen: usize,
    checks: Vec<Check>,
    weighing: Weighing,
) -> Judgement {
    let passage = compared.passages[chosen].0;
    let missing = checks
        .iter()
        .find(|check| check.name == "words_missing")
        .map_or_else(
            || "a passage that states it plainly".to_owned(),
            |check| check.detail.clone(),
        );
    let confidence = Model::fitted().confidence(2, weighing.chances[2]);
    Judgement {
        verdict: Verdict::NotEnoughEvidence,
        confidence: rounded(confidence),
        rationale: format!(
            "Looked at {} passages; the nearest, in {}, decides nothing. Missing: {missing}.",
            compared.passages.len(),
            called(passage)
        ),
        checks,
        quotes: vec![quote(passage, Stance::Neutral)],
    }
}

#[cfg(test)]
mod tests;
