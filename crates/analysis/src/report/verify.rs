//! Checks a finished report against the sources it was made from, rule by rule, before it is stored.
//! Whoever wrote the report: one that breaks a rule is a fault of ours and must not reach anybody.
//! It changes nothing and must not know how the report was made.

use std::collections::HashSet;

use super::build::row_of;
use super::context::{link, prefix, suffix};
use super::rules::{CONFIDENCE_FLOOR, SourceSet, may_quote_itself, span_of, stands_at};
use super::{
    Counts, FORMAT, Report, ReportedClaim, ReportedEvidence, ReportedPassage, ReportedSource,
    wording,
};
use crate::interruption::checkpoint;
use crate::verdict::parts::follows;
use clara_domain::evidence::Source;
use clara_domain::text::Span;
use clara_domain::verdict::{Stance, Verdict};

/// Every rule that the report breaks, in words for the log; none for a report that may be stored.
pub fn verify(report: &Report, submission: &Source, sources: &[Source]) -> Result<(), Vec<String>> {
    let mut check = Verification {
        source_set: SourceSet {
            submission,
            sources,
        },
        broken: Vec::new(),
    };
    check.head(report);
    check.sources(report);
    let mut ids = HashSet::new();
    for (index, claim) in report.claims.iter().enumerate() {
        checkpoint();
        check.claim(index, claim);
        for quote in &claim.evidence {
            check.rule(ids.insert(&quote.id), || {
                format!("{} is the id of two quotes", quote.id)
            });
            check.quote(claim, quote);
        }
        for passage in &claim.passages {
            check.rule(ids.insert(&passage.id), || {
                format!("{} is the id of two passages", passage.id)
            });
            check.passage(passage);
        }
        check.beside(report, claim);
        check.judged(report, claim);
    }
    for sentence in &report.not_checked {
        let span = Span::new(sentence.start, sentence.end);
        check.rule(stands_at(submission, span, &sentence.text), || {
            format!(
                "{:?} does not stand in the submitted text at its position",
                sentence.text
            )
        });
    }
    for pair in report.claims.windows(2) {
        check.rule(pair[0].start <= pair[1].start, || {
            format!("{} stands before {} in the text", pair[1].id, pair[0].id)
        });
    }
    if check.broken.is_empty() {
        Ok(())
    } else {
        Err(check.broken)
    }
}

struct Verification<'a> {
    source_set: SourceSet<'a>,
    broken: Vec<String>,
}

impl Verification<'_> {
    fn rule(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(problem());
        }
    }

    fn head(&mut self, report: &Report) {
        self.rule(report.format == FORMAT, || {
            format!("the format is {:?}", report.format)
        });
        let counts = Counts::of(&report.claims);
        self.rule(report.counts == counts, || {
            "the counts are not those of the claims".to_owned()
        });
        self.rule(report.summary == wording::summary(counts), || {
            "the summary is not that of the claims".to_owned()
        });
        self.rule(
            !report.claims.is_empty() || !report.limits.is_empty(),
            || "there is no claim and no limit says why".to_owned(),
        );
        self.rule(!report.engine.name.is_empty(), || {
            "the engine has no name".to_owned()
        });
        self.rule(!report.confidence_means.is_empty(), || {
            "nothing says what confidence means".to_owned()
        });
        let silent = report.limits.iter().any(|limit| limit.reason.is_empty());
        self.rule(!silent, || "a limit gives no reason".to_owned());
    }

    fn sources(&mut self, report: &Report) {
        let mut ids = HashSet::from([Source::SUBMISSION]);
        for source in &report.sources {
            let known = self.source_set.find(&source.id).map(ReportedSource::from);
            self.rule(
                ids.insert(&source.id) && known.as_ref() == Some(source),
                || format!("source {} is not as it was read", source.id),
            );
            let explained = source.characters > 0
                || !source.unread.is_empty()
                || report
                    .limits
                    .iter()
                    .any(|limit| limit.what == source.id || limit.what == source.name);
            self.rule(explained, || {
                format!("nothing says why {} could not be read", source.id)
            });
            let silent = source.unread.iter().any(|unread| unread.reason.is_empty());
            self.rule(!silent, || {
                format!("something of {} is unread for no reason", source.id)
            });
        }
        let complete = report.sources.len() == self.source_set.sources.len();
        self.rule(complete, || "a source is left out".to_owned());
    }

    fn claim(&mut self, index: usize, claim: &ReportedClaim) {
        let id = &claim.id;
        self.rule(*id == format!("c{}", index + 1), || {
            format!("{id} is not numbered in order")
        });
        let submission = self.source_set.submission;
        let is_placed = (claim.page, claim.seconds) == submission.place_of(claim.start)
            && claim.place == submission.place_label(claim.start, None);
        self.rule(is_placed, || {
            format!("{id} stands on another page, at another second or in another part")
        });
        self.rule(claim.said_in == Source::SUBMISSION, || {
            format!("{id} was said in {}", claim.said_in)
        });
        let span = Span::new(claim.start, claim.end);
        let stands = stands_at(self.source_set.submission, span, &claim.text);
        self.rule(stands, || {
            format!("{id} does not stand in the submitted text at its position")
        });
        let carried = self.source_set.carries(claim.verdict, &claim.evidence);
        self.rule(carried, || {
            format!("{id} lacks {}", wording::needs(claim.verdict))
        });
        self.rule(!claim.rationale.trim().is_empty(), || {
            format!("{id} gives no rationale")
        });
        self.rule(is_a_share(claim.confidence), || {
            format!("{id} has confidence {}", claim.confidence)
        });
        let sure_enough =
            claim.verdict == Verdict::NotEnoughEvidence || claim.confidence >= CONFIDENCE_FLOOR;
        self.rule(sure_enough, || {
            format!("{id} gives a verdict below the confidence floor")
        });
        let as_sure_as_ocr = claim.verdict == Verdict::NotEnoughEvidence
            || claim.confidence <= self.source_set.most_confidence(&claim.evidence);
        self.rule(as_sure_as_ocr, || {
            format!("{id} is surer than OCR is of the words it rests on")
        });
    }

    /// What is said beside the verdict: its parts, what to write instead, what contradicts it, who else should look.
    fn beside(&mut self, report: &Report, claim: &ReportedClaim) {
        let id = &claim.id;
        let submission = self.source_set.submission;
        let mut from = claim.start;
        for part in &claim.parts {
            let span = Span::new(part.start, part.end);
            let stands = stands_at(submission, span, &part.text);
            self.rule(
                stands && from <= span.start && span.end <= claim.end,
                || format!("{id} has a part that does not stand in it"),
            );
            from = span.end;
        }
        let whole = follows(claim.parts.iter().map(|part| part.verdict));
        let is_own = claim.judged_by.is_none() && !claim.parts.is_empty();
        self.rule(!is_own || whole == claim.verdict, || {
            format!("{id} has a verdict that does not follow from its parts")
        });
        if let Some(correction) = &claim.correction {
            let span = Span::new(correction.start, correction.end);
            let stands = stands_at(submission, span, &correction.replace)
                && claim.start <= span.start
                && span.end <= claim.end;
            self.rule(stands, || {
                format!("{id} is to be corrected where it does not stand")
            });
            let refuting = |quote: &&ReportedEvidence| quote.stance == Stance::Refutes;
            let mut quotes = claim.evidence.iter().filter(refuting);
            let is_quoted = quotes.any(|quote| quote.quote.contains(&correction.with));
            self.rule(is_quoted && claim.verdict == Verdict::Refuted, || {
                format!("{id} has a correction that no quote gives")
            });
        }
        for other in &claim.contradicts {
            let named = report.claims.iter().find(|claim| claim.id == *other);
            let both_ways = named.is_some_and(|named| named.contradicts.contains(id));
            self.rule(both_ways && other != id, || {
                format!("{id} contradicts {other}, which does not contradict it")
            });
        }
        let undecided = claim.verdict == Verdict::NotEnoughEvidence && claim.judged_by.is_none();
        self.rule(!undecided || claim.open, || {
            format!("{id} is undecided and not open")
        });
        self.rule(claim.open || claim.passages.is_empty(), || {
            format!("{id} has passages and is not open")
        });
    }

    fn passage(&mut self, passage: &ReportedPassage) {
        let id = &passage.id;
        self.rule(is_numbered(id, 'p'), || {
            format!("{id} is no number of a passage")
        });
        let span = Span::new(passage.start, passage.end);
        let Some(source) = self.source_set.holds(&passage.source, span, &passage.text) else {
            self.broken.push(format!(
                "{id} does not stand in {} at its position",
                passage.source
            ));
            return;
        };
        let place = (passage.page, passage.seconds) == source.place_of(span.start)
            && passage.place == source.place_label(span.start, None);
        self.rule(place && passage.row == row_of(source, span), || {
            format!("{id} stands on another page, at another second or in another row")
        });
    }

    /// Who judged, who judged before, and what the rules hold against it.
    fn judged(&mut self, report: &Report, claim: &ReportedClaim) {
        let id = &claim.id;
        let by_others = claim.judged_by.is_some();
        self.rule(by_others != claim.judged_before.is_empty(), || {
            format!("{id} does not say who judged it before, or who does now")
        });
        let ours = |claim: &ReportedClaim| {
            let first = claim.judged_before.first();
            first.is_none_or(|first| first.engine == report.engine.name)
        };
        self.rule(ours(claim), || {
            format!("{id} does not begin with the engine's own verdict")
        });
        self.rule(by_others || claim.disagrees.is_empty(), || {
            format!("{id} disagrees with its own engine")
        });
        let told = claim
            .disagrees
            .iter()
            .all(|found| !found.name.is_empty() && !found.detail.is_empty());
        self.rule(told, || format!("{id} disagrees and does not say why"));
        let lowered = claim.disagrees.is_empty() || claim.confidence <= CONFIDENCE_FLOOR;
        self.rule(lowered, || {
            format!("{id} is sure of what the rules disagree with")
        });
        self.rule(!by_others || !claim.open, || {
            format!("{id} is judged and still open")
        });
    }

    fn quote(&mut self, claim: &ReportedClaim, quote: &ReportedEvidence) {
        let id = &quote.id;
        self.rule(is_numbered(id, 'e'), || {
            format!("{id} is no number of a quote")
        });
        let span = span_of(quote);
        let Some(source) = self.source_set.holds(&quote.source, span, &quote.quote) else {
            self.broken.push(format!(
                "{id} does not stand in {} at its position",
                quote.source
            ));
            return;
        };
        let is_the_claim = quote.source == claim.said_in
            && span.overlaps(Span::new(claim.start, claim.end))
            && !may_quote_itself(
                span,
                Span::new(claim.start, claim.end),
                quote.stance,
                &claim.checks,
            );
        self.rule(!is_the_claim, || {
            format!("{id} is the claim {} itself", claim.id)
        });
        self.rule(
            (quote.page, quote.seconds) == source.place_of(span.start)
                && quote.place == source.place_label(span.start, quote.column.as_deref()),
            || format!("{id} stands on another page, at another second or in another part"),
        );
        self.rule(quote.row == row_of(source, span), || {
            format!("{id} is another row")
        });
        let in_context =
            quote.prefix == prefix(source, span) && quote.suffix == suffix(source, span);
        self.rule(in_context, || format!("{id} has another context"));
        self.rule(quote.link == link(source, &quote.quote), || {
            format!("{id} links to something else")
        });
        self.rule(is_a_share(quote.relevance), || {
            format!("{id} has relevance {}", quote.relevance)
        });
    }
}

/// A number from 0 to 1 with at most two decimals.
fn is_a_share(number: f64) -> bool {
    let hundredths = number * 100.0;
    (0.0..=1.0).contains(&number) && (hundredths - hundredths.round()).abs() < 1e-9
}

/// Whether it is the letter with a number from 1.
fn is_numbered(id: &str, letter: char) -> bool {
    id.strip_prefix(letter)
        .is_some_and(|number| number.parse().is_ok_and(|number: usize| number > 0))
}
