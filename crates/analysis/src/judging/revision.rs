//! The next revision of a report: what was accepted is put into its claim, and everything else stays as it was.

use clara_domain::verdict::Verdict;

use super::examination::Examined;
use super::weighing::{AGREED_CONFIDENCE, DISAGREED_CONFIDENCE, UNCHECKED_CONFIDENCE};
use super::{Accepted, JUDGED_CONFIDENCE_MEANS};
use crate::report::{Counts, JudgedBefore, JudgedBy, Report, evidence_of, summary};
use crate::verdict::confidence::UNDECIDED;

/// A report that judgements are put into.
pub(super) struct Revision<'a> {
    report: Report,
    by: &'a JudgedBy,
    /// The number of the last quote that has an id.
    quotes: usize,
    is_changed: bool,
}

impl<'a> Revision<'a> {
    pub fn new(report: &Report, by: &'a JudgedBy) -> Self {
        let numbers = report
            .claims
            .iter()
            .flat_map(|claim| &claim.evidence)
            .filter_map(|quote| quote.id.strip_prefix('e')?.parse().ok());
        Self {
            quotes: numbers.max().unwrap_or(0),
            report: report.clone(),
            by,
            is_changed: false,
        }
    }

    /// Gives the claim its new verdict; the former one is kept.
    pub fn accept(&mut self, examined: Examined<'_>) -> Accepted {
        let verdict = examined.verdict;
        let confidence = if verdict == Verdict::NotEnoughEvidence {
            UNDECIDED
        } else if !examined.disagrees.is_empty() {
            DISAGREED_CONFIDENCE
        } else if examined.agrees {
            AGREED_CONFIDENCE
        } else {
            UNCHECKED_CONFIDENCE
        };
        let most = examined
            .quotes
            .iter()
            .filter_map(|(source, quote)| source.reading_confidence(quote.span))
            .fold(1.0, f64::min);
        let evidence: Vec<_> = examined
            .quotes
            .into_iter()
            .map(|(source, quote)| {
                self.quotes += 1;
                evidence_of(self.quotes, source, quote)
            })
            .collect();
        // What stands on letters that OCR read is no surer than OCR is of them.
        let confidence = if verdict == Verdict::NotEnoughEvidence {
            confidence
        } else {
            confidence.min(most)
        };
        let accepted = Accepted {
            verdict,
            confidence,
            disagrees: examined.disagrees.clone(),
            evidence: evidence.iter().map(|quote| quote.id.clone()).collect(),
        };
        let engine = &self.report.engine;
        let claim = &mut self.report.claims[examined.claim];
        let former = claim.judged_by.take().unwrap_or_else(|| JudgedBy {
            engine: engine.name.clone(),
            model: engine.model.clone(),
        });
        claim.judged_before.push(JudgedBefore {
            engine: former.engine,
            model: former.model,
            verdict: claim.verdict,
            confidence: claim.confidence,
        });
        claim.judged_by = Some(self.by.clone());
        claim.verdict = verdict;
        claim.confidence = confidence;
        claim.rationale = examined.rationale;
        claim.evidence = evidence;
        claim.disagrees = examined.disagrees;
        claim.correction = examined.correction;
        claim.open = false;
        claim.passages.clear();
        self.is_changed = true;
        accepted
    }

    /// The report, with what follows from its claims.
    pub fn finish(mut self) -> Report {
        if self.is_changed {
            self.report.revision = self.report.revision.saturating_add(1);
            self.report.counts = Counts::of(&self.report.claims);
            self.report.summary = summary(self.report.counts);
            if !self
                .report
                .confidence_means
                .contains(JUDGED_CONFIDENCE_MEANS)
            {
                self.report.confidence_means.push(' ');
                self.report
                    .confidence_means
                    .push_str(JUDGED_CONFIDENCE_MEANS);
            }
        }
        self.report
    }
}
