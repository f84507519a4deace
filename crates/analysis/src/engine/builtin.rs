//! The engine that needs nothing: deterministic, offline, cheap. It gives a verdict only where one statement of a source
//! says the same as the claim, or the same with one thing that differs; else it says what is missing. Passages are data:
//! nothing they say is followed.

use clara_domain::claim::ClaimSpan;
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;

use super::{Engine, Judgement, Passage};
use crate::claims;
use crate::language::detect::language;
use crate::verdict::decide::decide;

/// How sure it is that nothing can be said where nothing was read.
const NOTHING_READ: f64 = 0.9;

/// The deterministic engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Builtin;

impl Engine for Builtin {
    fn name(&self) -> &'static str {
        "builtin"
    }

    fn version(&self) -> &'static str {
        "2"
    }

    fn claims(&self, text: &Text) -> Vec<ClaimSpan> {
        claims::claims(text)
    }

    fn judge(&self, claim: &ClaimSpan, passages: &[Passage<'_>]) -> Judgement {
        judge(claim, passages)
    }
}

fn judge(claim: &ClaimSpan, passages: &[Passage<'_>]) -> Judgement {
    if let Some(other) = language(&claim.text).filter(|found| *found != "en") {
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
    decide(claim, &readable)
}

fn nothing_to_read(passages: &[Passage<'_>]) -> String {
    if passages.is_empty() {
        "No passage of the sources was found for the claim. A source about its subject is missing."
            .to_owned()
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
        parts: Vec::new(),
        replacement: None,
    }
}

#[cfg(test)]
pub(crate) mod tests;
