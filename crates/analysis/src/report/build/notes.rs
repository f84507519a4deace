//! What the report says in words of what the builder did: what was dropped, not checked or not decided, and why.

use super::super::rules::CONFIDENCE_FLOOR;
use super::super::{Limit, wording};
use super::Builder;
use clara_domain::claim::NotChecked;
use clara_domain::verdict::Verdict;

impl Builder<'_> {
    pub(super) fn note_what_was_dropped(&mut self) {
        if self.dropped_quotes > 0 {
            self.limits.push(Limit {
                what: "quotes".to_owned(),
                reason: format!(
                    "{} that the engine put forward could not be used (not in the source character for character, \
                     given twice, or the claim itself).",
                    wording::count(self.dropped_quotes, "quote", "quotes")
                ),
            });
        }
        if self.dropped_claims > 0 {
            self.limits.push(Limit {
                what: "claims".to_owned(),
                reason: format!(
                    "{} that the engine put forward did not stand in the submitted text character for character.",
                    wording::count(self.dropped_claims, "claim", "claims")
                ),
            });
        }
        if self.claims.is_empty() {
            self.limits.push(Limit {
                what: "claims".to_owned(),
                reason: wording::NO_CLAIMS.to_owned(),
            });
        }
    }

    /// What was not checked is named, so that nobody takes it for checked.
    pub(super) fn note_not_checked(&mut self, sentences: &[NotChecked]) {
        let said: Vec<&NotChecked> = sentences
            .iter()
            .filter(|sentence| sentence.reason != "a heading")
            .collect();
        if said.is_empty() || self.claims.is_empty() {
            return;
        }
        let mut reasons: Vec<&str> = said.iter().map(|sentence| sentence.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        self.limits.push(Limit {
            what: "submission".to_owned(),
            reason: format!(
                "{} not checked ({}). Each is listed in not_checked.",
                wording::count(said.len(), "sentence was", "sentences were"),
                reasons.join(", ")
            ),
        });
    }

    /// A source without a word of text, and without a reason for it, would look as if it had been read.
    pub(super) fn note_empty_sources(&mut self) {
        for source in self.source_set.sources {
            let named = |limit: &Limit| limit.what == source.name || limit.what == source.id;
            if source.text.is_empty() && source.unread.is_empty() && !self.limits.iter().any(named)
            {
                self.limits.push(Limit {
                    what: source.name.clone(),
                    reason: "No text was found in it. If it shows text, send that text itself."
                        .to_owned(),
                });
            }
        }
    }

    pub(super) fn quotes_missing(&self, verdict: Verdict, dropped: usize) -> String {
        let lost = if dropped == 0 {
            "no quote came with it".to_owned()
        } else {
            format!(
                "{} could not be used",
                wording::count(dropped, "quote", "quotes")
            )
        };
        format!(
            "The engine's verdict was \"{}\", but {lost}. {} Missing: {}.",
            wording::verdict(verdict),
            self.looked_at(),
            wording::needs(verdict)
        )
    }

    pub(super) fn too_unsure(&self, verdict: Verdict, confidence: f64) -> String {
        format!(
            "The engine leaned towards \"{}\" with confidence {confidence:.2}; below {CONFIDENCE_FLOOR:.2} no verdict is \
             given. {} Missing: a passage that says it more plainly.",
            wording::verdict(verdict),
            self.looked_at()
        )
    }

    /// For an engine that gave no reason.
    pub(super) fn plain_reason(&self, verdict: Verdict) -> String {
        match verdict {
            Verdict::Supported => "The quoted passage says the same.".to_owned(),
            Verdict::Refuted => "The quoted passage says otherwise.".to_owned(),
            Verdict::Conflicting => "The quoted passages disagree with each other.".to_owned(),
            Verdict::NotEnoughEvidence => {
                format!(
                    "{} Missing: a passage that decides the claim.",
                    self.looked_at()
                )
            }
        }
    }

    pub(super) fn looked_at(&self) -> String {
        let names: Vec<&str> = self
            .source_set
            .sources
            .iter()
            .map(|source| source.name.as_str())
            .collect();
        match names.as_slice() {
            [] => "Only the submitted text itself was there to look at.".to_owned(),
            [first, second, rest @ ..] if rest.len() > 1 => format!(
                "Looked at: {first}, {second} and {} more sources.",
                rest.len()
            ),
            few => format!("Looked at: {}.", few.join(", ")),
        }
    }
}
