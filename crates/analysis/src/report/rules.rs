//! What makes a report true: which quotes stand in their source, and which quotes a verdict needs.
//! The builder keeps these rules and the verifier checks them; both ask here, so that they cannot drift apart.
//! Knows sources and evidence; must not know engines or renderings.

use unicode_segmentation::UnicodeSegmentation;

use super::ReportedEvidence;
use clara_domain::evidence::Source;
use clara_domain::text::Span;
use clara_domain::verdict::{Check, Stance, Verdict};

use crate::verdict::consistency::WITHIN;

/// Below this confidence no verdict but `not_enough_evidence` is given: it would be wrong at least as often as right.
pub const CONFIDENCE_FLOOR: f64 = 0.5;

/// A verdict below this confidence is open: somebody who reads more should look at it. What stands below it was set by hand
/// (conflicts) or rests on what an alias would overturn (another name in the same place).
pub const MIN_SETTLED_CONFIDENCE: f64 = 0.82;

/// Every text that may be quoted: the submission itself and the sources.
#[derive(Clone, Copy)]
pub(crate) struct SourceSet<'a> {
    pub submission: &'a Source,
    pub sources: &'a [Source],
}

impl<'a> SourceSet<'a> {
    /// The source that a quote names.
    pub fn find(self, id: &str) -> Option<&'a Source> {
        if id == Source::SUBMISSION {
            return Some(self.submission);
        }
        self.sources.iter().find(|source| source.id == id)
    }

    /// The source that holds `text` at `span`, character for character.
    pub fn holds(self, id: &str, span: Span, text: &str) -> Option<&'a Source> {
        self.find(id).filter(|source| stands_at(source, span, text))
    }

    /// Whether these quotes carry this verdict.
    pub fn carries(self, verdict: Verdict, evidence: &[ReportedEvidence]) -> bool {
        let has = |stance| evidence.iter().any(|quote| quote.stance == stance);
        match verdict {
            Verdict::Supported => has(Stance::Supports),
            Verdict::Refuted => has(Stance::Refutes),
            Verdict::Conflicting => self.has_two_sides(evidence),
            Verdict::NotEnoughEvidence => true,
        }
    }

    /// The most that a verdict on these quotes may claim: no more than OCR claims of the words it rests on.
    pub fn most_confidence(self, evidence: &[ReportedEvidence]) -> f64 {
        evidence
            .iter()
            .filter_map(|quote| self.find(&quote.source)?.reading_confidence(span_of(quote)))
            .fold(1.0, f64::min)
    }

    /// A conflict is between two statements, so one sentence read both ways is none.
    fn has_two_sides(self, evidence: &[ReportedEvidence]) -> bool {
        let side = |stance| evidence.iter().filter(move |quote| quote.stance == stance);
        side(Stance::Supports).any(|supporting| {
            side(Stance::Refutes).any(|refuting| {
                supporting.source != refuting.source
                    || self.find(&supporting.source).is_some_and(|source| {
                        in_different_sentences(source, span_of(supporting), span_of(refuting))
                    })
            })
        })
    }
}

/// Whether exactly `text`, and something at all, stands at `span`.
pub(super) fn stands_at(source: &Source, span: Span, text: &str) -> bool {
    !span.is_empty() && span.end <= source.text.len() && source.text.slice(span) == text
}

/// Whether a quote of the submission may stand beside the claim it overlaps: a claim is no evidence for itself, but a part of
/// it that cannot be, by the calendar or by arithmetic, is evidence against it.
pub(super) fn may_quote_itself(quote: Span, claim: Span, stance: Stance, checks: &[Check]) -> bool {
    let inside = quote.start >= claim.start && quote.end <= claim.end;
    let cannot_be = checks
        .iter()
        .any(|check| check.points_to == Verdict::Refuted && WITHIN.contains(&check.name.as_str()));
    inside && stance == Stance::Refutes && cannot_be
}

/// Where a quote stands.
pub(super) fn span_of(quote: &ReportedEvidence) -> Span {
    Span::new(quote.start, quote.end)
}

fn in_different_sentences(source: &Source, one: Span, other: Span) -> bool {
    if one.overlaps(other) {
        return false;
    }
    let (first, second) = if one.start <= other.start {
        (one, other)
    } else {
        (other, one)
    };
    // The second begins a later sentence where a boundary lies between the two beginnings.
    let stretch = source.text.slice(Span::new(first.start, second.start + 1));
    stretch.split_sentence_bounds().nth(1).is_some()
}
