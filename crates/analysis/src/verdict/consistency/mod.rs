//! The submission held against itself: sentences that contradict each other, sums that do not add up, dates that cannot
//! be. A sentence is never evidence for itself; what is quoted against it is another sentence, or the part of it that
//! cannot be.

mod arithmetic;
mod contradiction;
mod dates;

use std::collections::HashMap;

use crate::engine::Judgement;
use crate::evidence::Index;
use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;
use clara_domain::verdict::{Check, Stance, Verdict};

use contradiction::contradiction;

use crate::statement::Sentence;

/// How sure it is that one of two sentences is wrong. Set by hand, as the labelled claims have no such pairs.
const CONTRADICTION: f64 = 0.8;
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
    /// From the submission, `refutes`.
    pub quote: Quote,
    pub confidence: f64,
    /// Whether the claim cannot be by itself, so that no source can bear it out alone.
    pub within: bool,
}

/// Words of a claim, by position, that cannot be together, and why.
struct Impossible {
    name: &'static str,
    words: std::ops::Range<usize>,
    detail: String,
}

/// For each claim, what of the submission it collides with.
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
    claims
        .iter()
        .zip(&readings)
        .map(|(claim, reading)| {
            let mut found = within(claim, reading, submission);
            for passage in index.passages(&claim.text) {
                let Some(other) = numbers
                    .get(&passage.span)
                    .filter(|_| passage.span != claim.span)
                else {
                    continue;
                };
                if let Some((name, detail)) = contradiction(reading, &readings[*other]) {
                    found.push(Collision {
                        check: check(&name, detail),
                        quote: quote(passage.text.to_owned(), passage.span, passage.relevance),
                        confidence: CONTRADICTION,
                        within: false,
                    });
                }
            }
            found
        })
        .collect()
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
                check: check(impossible.name, impossible.detail),
                quote: quote(submission.text.slice(span).to_owned(), span, 1.0),
                confidence: IMPOSSIBLE,
                within: true,
            })
        })
        .collect()
}

fn check(name: &str, detail: String) -> Check {
    Check {
        name: name.to_owned(),
        points_to: Verdict::Refuted,
        detail,
    }
}

fn quote(text: String, span: Span, relevance: f64) -> Quote {
    Quote {
        source: Source::SUBMISSION.to_owned(),
        span,
        text,
        stance: Stance::Refutes,
        relevance,
        column: None,
    }
}

/// A judgement together with a collision.
pub fn merge(mut judgement: Judgement, mut collision: Collision) -> Judgement {
    let says = format!("The submission itself: {}.", collision.check.detail);
    match (judgement.verdict, collision.within) {
        (Verdict::NotEnoughEvidence, _) => {
            judgement.verdict = Verdict::Refuted;
            judgement.confidence = collision.confidence;
            let addition = if collision.within {
                ""
            } else {
                " Both sentences cannot be true; no source decides which is."
            };
            judgement.rationale = says + addition;
            judgement.quotes.insert(0, collision.quote);
        }
        (Verdict::Supported, true) => {
            judgement.verdict = Verdict::Conflicting;
            judgement.rationale = format!("{} {says}", judgement.rationale);
            judgement.quotes.push(collision.quote);
        }
        (Verdict::Supported, false) => {
            // The sources have decided between the two sentences: the other one is the wrong one.
            collision.quote.stance = Stance::Neutral;
            collision.check.points_to = Verdict::NotEnoughEvidence;
            judgement.rationale = format!(
                "{} Another sentence of the submission contradicts it.",
                judgement.rationale
            );
            judgement.quotes.push(collision.quote);
        }
        (Verdict::Refuted | Verdict::Conflicting, _) => {
            judgement.rationale = format!("{} {says}", judgement.rationale);
            judgement.quotes.push(collision.quote);
        }
    }
    judgement.checks.insert(0, collision.check);
    judgement
}

#[cfg(test)]
mod tests;
