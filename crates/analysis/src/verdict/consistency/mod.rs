//! The submission held against itself: sentences that contradict each other, sums that do not add up, dates that cannot
//! be. A sentence is never evidence for itself; what is quoted against it is another sentence, or the part of it that
//! cannot be.

mod arithmetic;
mod contradiction;
mod dates;

use std::collections::{BTreeMap, HashMap};

use crate::engine::Judgement;
use crate::evidence::Index;
use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;
use clara_domain::verdict::{Check, Stance, Verdict};

use contradiction::contradiction;

use crate::statement::Sentence;

/// What cannot be by the calendar or by arithmetic leaves only our reading of the sentence in doubt. Set by hand too.
const IMPOSSIBLE: f64 = 0.95;

/// The checks of what cannot be within one sentence: there the sentence itself is what is quoted.
pub const WITHIN: &[&str] = &[
    "impossible_date",
    "weekday_differs",
    "died_before_born",
    "ends_before_it_begins",
    "sum_differs",
    "percentages_over_100",
    "percentage_differs",
    "direction_differs",
];

/// Something in the submission that a claim of it collides with.
#[derive(Debug, Clone, PartialEq)]
pub struct Collision {
    pub check: Check,
    /// From the submission: it refutes where the claim cannot be by itself.
    pub quote: Quote,
    /// How sure it is that the claim cannot be; nothing of two claims, of which either may be the wrong one.
    pub confidence: f64,
    /// The other claim that it collides with; nothing where the claim cannot be by itself, so that no source can bear it out.
    pub other: Option<Span>,
}

/// Words of a claim, by position, that cannot be together, and why.
struct Impossible {
    name: &'static str,
    words: std::ops::Range<usize>,
    detail: String,
}

/// For each claim, what of the submission it collides with. Two claims that contradict each other are each named with the
/// other.
pub fn collisions(claims: &[ClaimSpan], submission: &Source) -> Vec<Vec<Collision>> {
    let index = Index::new([submission]);
    let numbers: HashMap<Span, usize> = claims
        .iter()
        .enumerate()
        .map(|(number, claim)| (claim.span, number))
        .collect();
    let readings: Vec<Sentence> = claims
        .iter()
        .map(|claim| Sentence::new(&claim.text))
        .collect();
    let mut pairs: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for (number, claim) in claims.iter().enumerate() {
        for passage in index.passages(&claim.text) {
            let other = numbers.get(&passage.span).copied();
            let Some(other) = other.filter(|other| *other != number) else {
                continue;
            };
            let pair = (number.min(other), number.max(other));
            if !pairs.contains_key(&pair)
                && contradiction(&readings[number], &readings[other]).is_some()
            {
                pairs.insert(pair, passage.relevance);
            }
        }
    }
    let mut found: Vec<Vec<Collision>> = claims
        .iter()
        .zip(&readings)
        .map(|(claim, reading)| within(claim, reading, submission))
        .collect();
    for ((one, other), relevance) in pairs {
        for (this, that) in [(one, other), (other, one)] {
            let Some((name, detail)) = contradiction(&readings[this], &readings[that]) else {
                continue;
            };
            let said = &claims[that];
            found[this].push(Collision {
                check: check(&name, Verdict::NotEnoughEvidence, detail),
                quote: quote(said.text.clone(), said.span, Stance::Neutral, relevance),
                confidence: 0.0,
                other: Some(said.span),
            });
        }
    }
    found
}

fn within(claim: &ClaimSpan, reading: &Sentence, submission: &Source) -> Vec<Collision> {
    let mut found = dates::impossible(reading);
    found.extend(arithmetic::impossible(&claim.text, reading));
    found
        .into_iter()
        .filter_map(|impossible| {
            let first = reading.tokens.get(impossible.words.start)?;
            let last = reading.tokens.get(impossible.words.end.checked_sub(1)?)?;
            let start = claim.text[..first.bytes.start].chars().count();
            let length = claim.text[first.bytes.start..last.bytes.end]
                .chars()
                .count();
            let span = Span::new(claim.span.start + start, claim.span.start + start + length);
            Some(Collision {
                check: check(impossible.name, Verdict::Refuted, impossible.detail),
                quote: quote(
                    submission.text.slice(span).to_owned(),
                    span,
                    Stance::Refutes,
                    1.0,
                ),
                confidence: IMPOSSIBLE,
                other: None,
            })
        })
        .collect()
}

fn check(name: &str, points_to: Verdict, detail: String) -> Check {
    Check {
        name: name.to_owned(),
        points_to,
        detail,
    }
}

fn quote(text: String, span: Span, stance: Stance, relevance: f64) -> Quote {
    Quote {
        source: Source::SUBMISSION.to_owned(),
        span,
        text,
        stance,
        relevance,
        column: None,
    }
}

/// A judgement together with a collision. Another claim that contradicts this one is named and decides nothing: the verdict
/// stays what the sources say.
pub fn merge(mut judgement: Judgement, collision: Collision) -> Judgement {
    judgement.checks.insert(0, collision.check.clone());
    if collision.other.is_some() {
        judgement.rationale = format!(
            "{} Another sentence of the submission contradicts it ({}).",
            judgement.rationale, collision.check.detail
        );
        judgement.quotes.push(collision.quote);
        return judgement;
    }
    let says = format!("The submission itself: {}.", collision.check.detail);
    match judgement.verdict {
        Verdict::NotEnoughEvidence => {
            judgement.verdict = Verdict::Refuted;
            judgement.confidence = collision.confidence;
            judgement.rationale = says;
            judgement.quotes.insert(0, collision.quote);
        }
        Verdict::Supported => {
            judgement.verdict = Verdict::Conflicting;
            judgement.rationale = format!("{} {says}", judgement.rationale);
            judgement.quotes.push(collision.quote);
        }
        Verdict::Refuted | Verdict::Conflicting => {
            judgement.rationale = format!("{} {says}", judgement.rationale);
            judgement.quotes.push(collision.quote);
        }
    }
    judgement
}

#[cfg(test)]
mod tests;
