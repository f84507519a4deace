//! The parts of a compound claim: where each of its statements stands, and what the verdicts of the parts make of the whole.

use std::ops::Range;

use clara_domain::text::Span;
use clara_domain::verdict::Verdict;

use crate::engine::JudgedPart;
use crate::statement::tags::Tag;
use crate::statement::token::TokenKind;
use crate::statement::{Mood, Place, Sentence, Statement};

/// The whole's verdict: one part refuted refutes it, and it is supported where every part is.
pub fn follows(parts: impl IntoIterator<Item = Verdict>) -> Verdict {
    let mut worst = Verdict::Supported;
    for verdict in parts {
        worst = match (verdict, worst) {
            (Verdict::Refuted, _) | (_, Verdict::Refuted) => Verdict::Refuted,
            (Verdict::Conflicting, _) | (_, Verdict::Conflicting) => Verdict::Conflicting,
            (Verdict::NotEnoughEvidence, _) | (_, Verdict::NotEnoughEvidence) => {
                Verdict::NotEnoughEvidence
            }
            (Verdict::Supported, Verdict::Supported) => Verdict::Supported,
        };
    }
    worst
}

/// The parts of a claim with the verdicts of its statements, in the same order; none where it says one thing, or where what
/// it says hangs together: a condition, a cause, what somebody reports.
pub(super) fn judged_parts(claim: &Sentence, verdicts: &[Verdict]) -> Vec<JudgedPart> {
    if claim.is_question || !claim.statements.iter().all(stands_alone) {
        return Vec::new();
    }
    let mut found: Vec<(Range<usize>, Verdict)> = claim
        .statements
        .iter()
        .zip(verdicts)
        .map(|(statement, verdict)| (statement.part.clone(), *verdict))
        .collect();
    found.sort_by_key(|(range, _)| (range.start, range.end));
    let mut apart: Vec<(Range<usize>, Verdict)> = Vec::new();
    for (range, verdict) in found {
        match apart.last_mut() {
            // What is said within another statement is part of it.
            Some((last, whole)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *whole = follows([*whole, verdict]);
            }
            _ => apart.push((range, verdict)),
        }
    }
    let parts: Vec<JudgedPart> = apart
        .into_iter()
        .filter_map(|(range, verdict)| {
            Some(JudgedPart {
                span: span_of(claim, range)?,
                verdict,
            })
        })
        .collect();
    if parts.len() < 2 { Vec::new() } else { parts }
}

fn stands_alone(statement: &Statement) -> bool {
    !matches!(statement.mood, Mood::Reported | Mood::Conditional)
        && !statement.terms.iter().any(|term| term.place == Place::Link)
        && (statement.has_verb || !statement.quantities.is_empty())
}

/// The code points of a range of tokens, without the sign or conjunction that ties it to what stands before or after.
fn span_of(claim: &Sentence, range: Range<usize>) -> Option<Span> {
    let is_tie = |at: &usize| {
        claim.tags[*at] == Tag::Conjunction
            || claim.tokens[*at].kind == TokenKind::Sign
                && matches!(
                    claim.tokens[*at].lower.as_str(),
                    "," | ";" | ":" | "." | "!" | "…"
                )
    };
    let first = range.clone().find(|at| !is_tie(at))?;
    let last = range.rev().find(|at| !is_tie(at))?;
    let (start, end) = (
        claim.tokens[first].bytes.start,
        claim.tokens[last].bytes.end,
    );
    let position = |byte: usize| claim.text[..byte].chars().count();
    Some(Span::new(position(start), position(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts_of(text: &str) -> Vec<String> {
        let claim = Sentence::new(text);
        let verdicts = vec![Verdict::Supported; claim.statements.len()];
        judged_parts(&claim, &verdicts)
            .into_iter()
            .map(|part| {
                let characters = text.chars().skip(part.span.start);
                characters.take(part.span.len()).collect()
            })
            .collect()
    }

    #[test]
    fn a_compound_sentence_falls_into_its_parts() {
        assert_eq!(
            parts_of("The mill was built in 1912 and employs 410 people."),
            ["The mill was built in 1912", "employs 410 people"]
        );
        assert_eq!(
            parts_of("The brigade has nine engines and 54 firefighters."),
            ["The brigade has nine engines", "54 firefighters"]
        );
        assert_eq!(
            parts_of("The café opened in 2004, but the hotel opened in 2011."),
            ["The café opened in 2004", "the hotel opened in 2011"]
        );
    }

    #[test]
    fn what_hangs_together_has_no_parts() {
        for text in [
            "The mill was built in 1912.",
            "If it rains, the match is called off.",
            "The road was closed because the bridge was damaged.",
            "The mayor said that the bridge opened in 1931.",
            "Was the mill built in 1912 and does it employ 410 people?",
        ] {
            assert_eq!(parts_of(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_whole_follows_from_its_parts() {
        use Verdict::{Conflicting, NotEnoughEvidence, Refuted, Supported};
        assert_eq!(follows([Supported, Supported]), Supported);
        assert_eq!(follows([Supported, NotEnoughEvidence]), NotEnoughEvidence);
        assert_eq!(follows([Refuted, NotEnoughEvidence, Conflicting]), Refuted);
        assert_eq!(follows([NotEnoughEvidence, Conflicting]), Conflicting);
    }
}
