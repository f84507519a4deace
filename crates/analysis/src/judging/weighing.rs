//! What the builtin rules hold against a verdict from outside: they read the claim against the passages that the quotes are
//! from. They overrule nothing; what they find is written beside the verdict and lowers its confidence.

use std::ops::Range;

use clara_domain::claim::ClaimSpan;
use clara_domain::verdict::{Check, Stance, Verdict};

use crate::engine::builtin::Builtin;
use crate::engine::{Engine as _, Judgement, Passage};
use crate::language::detect::language;
use crate::language::words::words;
use crate::report::{Disagreement, ReportedClaim};
use crate::statement::{Mood, Sentence, Statement};

/// A verdict from outside that the rules come to as well, by the quotes' own passages. None of these three is measured: they
/// are set by hand, and below what the rules themselves are measured to be right at.
pub const AGREED_CONFIDENCE: f64 = 0.8;
/// A verdict from outside on which the rules are silent.
pub const UNCHECKED_CONFIDENCE: f64 = 0.7;
/// A verdict from outside that the rules do not go along with: the least that a verdict may have.
pub const DISAGREED_CONFIDENCE: f64 = crate::report::CONFIDENCE_FLOOR;

/// Checks that hold something against a verdict though they decide nothing.
const GUARDS: &[&str] = &["not_said_as_fact", "narrower", "another_one", "instance"];

/// What a quote's passage is held to say.
pub(super) struct Weighed<'a> {
    pub stance: Stance,
    pub passages: Vec<Passage<'a>>,
}

/// What the rules say of a verdict and its quotes.
pub(super) struct Opinion {
    pub agrees: bool,
    pub disagrees: Vec<Disagreement>,
}

/// Reads the claim against each quote's passages, then against all of them together.
pub(super) fn opinion(claim: &ClaimSpan, verdict: Verdict, quotes: &[Weighed<'_>]) -> Opinion {
    let mut disagrees: Vec<Disagreement> = Vec::new();
    for quote in quotes {
        let judgement = Builtin.judge(claim, &quote.passages);
        for found in against(quote.stance, &judgement) {
            note(&mut disagrees, found);
        }
        if quote.stance != Stance::Neutral && shares_no_word(claim, &quote.passages) {
            note(
                &mut disagrees,
                Disagreement {
                    name: "no_word_shared".to_owned(),
                    detail: "the quote's passage has no word of the claim".to_owned(),
                },
            );
        }
    }
    let all: Vec<Passage<'_>> = quotes
        .iter()
        .flat_map(|quote| quote.passages.iter().cloned())
        .collect();
    let agrees = verdict != Verdict::NotEnoughEvidence
        && disagrees.is_empty()
        && Builtin.judge(claim, &all).verdict == verdict;
    Opinion { agrees, disagrees }
}

/// What the rules found before, where it is not what is judged now.
pub(super) fn overruled(
    claim: &ReportedClaim,
    engine: &str,
    verdict: Verdict,
) -> Vec<Disagreement> {
    let before = match &claim.judged_by {
        None => Some(claim.verdict),
        Some(_) => claim
            .judged_before
            .iter()
            .find(|before| before.engine == engine)
            .map(|before| before.verdict),
    };
    let Some(before) =
        before.filter(|before| *before != verdict && *before != Verdict::NotEnoughEvidence)
    else {
        return Vec::new();
    };
    let mut found: Vec<Disagreement> = claim
        .checks
        .iter()
        .filter(|check| check.points_to == before || before == Verdict::Conflicting)
        .map(disagreement)
        .collect();
    found.insert(
        0,
        Disagreement {
            name: "verdict_differs".to_owned(),
            detail: format!(
                "the engine {engine} found it {}",
                crate::report::verdict_word(before)
            ),
        },
    );
    found
}

/// Adds what is not there yet.
pub(super) fn note(disagrees: &mut Vec<Disagreement>, found: Disagreement) {
    if !disagrees.contains(&found) {
        disagrees.push(found);
    }
}

fn against(stance: Stance, judgement: &Judgement) -> Vec<Disagreement> {
    let opposite = match stance {
        Stance::Supports => Verdict::Refuted,
        Stance::Refutes => Verdict::Supported,
        Stance::Neutral => return Vec::new(),
    };
    let decides =
        matches!(judgement.verdict, Verdict::Conflicting) || judgement.verdict == opposite;
    // Roles that are not clear are no support; against a claim they say nothing.
    let is_unclear = |name: &str| {
        GUARDS.contains(&name) || (name == "roles_unclear" && stance == Stance::Supports)
    };
    // What differs is against support even where the rules are not sure that one thing is spoken of.
    let is_against = |check: &&Check| {
        (check.points_to == opposite && (decides || stance == Stance::Supports))
            || (judgement.verdict == Verdict::NotEnoughEvidence && is_unclear(&check.name))
    };
    judgement
        .checks
        .iter()
        .filter(is_against)
        .map(disagreement)
        .collect()
}

fn disagreement(check: &Check) -> Disagreement {
    Disagreement {
        name: check.name.clone(),
        detail: check.detail.clone(),
    }
}

fn shares_no_word(claim: &ClaimSpan, passages: &[Passage<'_>]) -> bool {
    let is_english = |text: &str| language(text).is_none_or(|found| found == "en");
    if !is_english(&claim.text) || !passages.iter().all(|passage| is_english(passage.text)) {
        return false;
    }
    let wanted = stems(&claim.text);
    let around = passages.iter().flat_map(|passage| {
        let titles = passage.titles.iter().copied();
        titles
            .chain(passage.before.iter().copied())
            .chain([passage.text])
    });
    let mut given = around.flat_map(stems);
    !given.any(|stem| wanted.contains(&stem))
}

/// The stems of the words that say something.
pub(super) fn stems(text: &str) -> Vec<String> {
    words(text)
        .into_iter()
        .filter(|word| !word.stop)
        .map(|word| word.stem)
        .collect()
}

/// What a quote leaves out of its sentence that turns it round: a denial, or that it is only planned, possible or reported.
pub(super) fn left_out(quote: &str, passage: &Passage<'_>) -> Option<&'static str> {
    if passage.record.is_some() || language(passage.text).is_some_and(|found| found != "en") {
        return None;
    }
    let start = passage.text.find(quote)?;
    let bytes = start..start + quote.len();
    if bytes.len() + 1 >= passage.text.len() {
        return None;
    }
    let whole = Sentence::new(passage.text);
    let alone = Sentence::new(quote);
    let is_inside = |tokens: &Range<usize>| {
        tokens.clone().all(|at| {
            whole.tokens.get(at).is_some_and(|token| {
                bytes.start <= token.bytes.start && token.bytes.end <= bytes.end
            })
        })
    };
    // A statement is quoted where two of the things that it says are, or the only one.
    let quoted = |statement: &&Statement| {
        let terms = statement.terms.iter().filter(|term| !term.inherited);
        let parts: Vec<Range<usize>> = terms
            .map(|term| term.at..term.at + 1)
            .chain(
                statement
                    .quantities
                    .iter()
                    .map(|at| whole.quantities[*at].tokens.clone()),
            )
            .chain(
                statement
                    .times
                    .iter()
                    .map(|at| whole.times[*at].tokens.clone()),
            )
            .collect();
        let inside = parts.iter().filter(|&part| is_inside(part)).count();
        inside > 1 || (inside == 1 && parts.len() == 1)
    };
    let said: Vec<&Statement> = whole.statements.iter().filter(quoted).collect();
    let denies = said.iter().any(|statement| statement.denied);
    if denies && !alone.statements.iter().any(|statement| statement.denied) {
        return Some("a denial");
    }
    let mut moods = said.iter().map(|statement| statement.mood);
    let lost = moods.find(|mood| {
        *mood != Mood::Fact
            && !alone
                .statements
                .iter()
                .any(|statement| statement.mood == *mood)
    })?;
    Some(lost.words())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::source;
    use clara_domain::evidence::SourceKind;
    use clara_domain::text::Span;

    fn left(text: &str, quote: &str) -> Option<&'static str> {
        let source = source("s1", SourceKind::Attachment, "a.txt", text);
        let passage = Passage {
            source: &source,
            span: Span::new(0, source.text.len()),
            text: source.text.as_str(),
            titles: Vec::new(),
            before: Vec::new(),
            record: None,
            relevance: 1.0,
        };
        left_out(quote, &passage)
    }

    #[test]
    fn a_denial_or_mood_that_is_cut_off_is_told() {
        for (text, quote) in [
            (
                "The bridge did not cost nine million crowns.",
                "cost nine million crowns",
            ),
            (
                "The committee plans to open the bridge in 1933.",
                "open the bridge in 1933",
            ),
            (
                "The minister denied that the bridge cost nine million crowns.",
                "the bridge cost nine million crowns",
            ),
            (
                "If the vote passes, the bridge opens in 1933.",
                "the bridge opens in 1933",
            ),
        ] {
            assert!(left(text, quote).is_some(), "{quote:?} of {text:?}");
        }
    }

    #[test]
    fn a_whole_statement_leaves_nothing_out() {
        for (text, quote) in [
            (
                "The bridge cost nine million crowns.",
                "The bridge cost nine million crowns",
            ),
            (
                "The bridge did not cost nine million crowns.",
                "The bridge did not cost nine million crowns",
            ),
            (
                "It was opened in 1933 by the king and cost nine million.",
                "opened in 1933",
            ),
        ] {
            assert_eq!(left(text, quote), None, "{quote:?} of {text:?}");
        }
    }
}
