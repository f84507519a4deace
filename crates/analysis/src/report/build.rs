//! Makes the report out of what an engine proposed, and keeps the rule of the house while doing so: no quote that is not
//! in its source, character for character, and no verdict without the quotes it needs.
//! Knows sources and judgements; must not know which engine spoke, nor how a report is shown.

mod items;
mod notes;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::rules::{
    CONFIDENCE_FLOOR, MIN_SETTLED_CONFIDENCE, SourceSet, may_quote_itself, stands_at,
};
use super::{
    CONFIDENCE_MEANS, Counts, EngineInfo, FORMAT, Limit, Milliseconds, Query, Report,
    ReportedClaim, ReportedEvidence, ReportedNotChecked, ReportedPassage, ReportedSource, wording,
};
use crate::evidence::Candidate;
use crate::interruption::checkpoint;
use crate::pipeline::WeighedClaim;
use clara_domain::claim::NotChecked;
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;
use clara_domain::verdict::{Check, Verdict};

pub(crate) use items::evidence_of;
pub(super) use items::row_of;
use items::{correction, parts};

/// Everything a report is made of.
#[derive(Debug, Clone)]
pub struct ReportInput<'a> {
    pub submission: &'a Source,
    pub sources: &'a [Source],
    /// The claims and what the engine said of each; sorted here by where they stand.
    pub judged: Vec<WeighedClaim>,
    /// The sentences that are no claims.
    pub not_checked: Vec<NotChecked>,
    pub queries: Vec<Query>,
    pub limits: Vec<Limit>,
    pub engine: EngineInfo,
    pub milliseconds: Milliseconds,
}

/// Makes the report. What the engine proposed and the sources do not bear out is dropped, and the report says so.
pub fn build(input: ReportInput<'_>) -> Report {
    let mut builder = Builder {
        source_set: SourceSet {
            submission: input.submission,
            sources: input.sources,
        },
        claims: Vec::with_capacity(input.judged.len()),
        limits: input.limits,
        contradicts: Vec::new(),
        quotes: 0,
        passages: 0,
        dropped_quotes: 0,
        dropped_claims: 0,
    };
    let mut judged = input.judged;
    judged.sort_by_key(|weighed| (weighed.claim.span.start, Reverse(weighed.claim.span.end)));
    for weighed in judged {
        checkpoint();
        builder.add(weighed);
    }
    builder.name_contradictions();
    builder.note_what_was_dropped();
    builder.note_empty_sources();
    builder.note_not_checked(&input.not_checked);

    let counts = Counts::of(&builder.claims);
    Report {
        format: FORMAT.to_owned(),
        revision: 1,
        summary: wording::summary(counts),
        counts,
        claims: builder.claims,
        not_checked: input
            .not_checked
            .into_iter()
            .map(|sentence| ReportedNotChecked {
                start: sentence.span.start,
                end: sentence.span.end,
                text: sentence.text,
                reason: sentence.reason.to_owned(),
            })
            .collect(),
        sources: input.sources.iter().map(ReportedSource::from).collect(),
        queries: input.queries,
        limits: without_repeats(builder.limits),
        engine: input.engine,
        confidence_means: CONFIDENCE_MEANS.to_owned(),
        milliseconds: input.milliseconds,
    }
}

struct Builder<'a> {
    source_set: SourceSet<'a>,
    claims: Vec<ReportedClaim>,
    /// Of each claim, where those stand that contradict it.
    contradicts: Vec<Vec<Span>>,
    limits: Vec<Limit>,
    /// Quotes kept so far, through the whole report.
    quotes: usize,
    /// Passages given so far, through the whole report.
    passages: usize,
    dropped_quotes: usize,
    dropped_claims: usize,
}

impl Builder<'_> {
    fn add(&mut self, weighed: WeighedClaim) {
        let WeighedClaim {
            claim, judgement, ..
        } = weighed;
        if !stands_at(self.source_set.submission, claim.span, &claim.text) {
            self.dropped_claims += 1;
            return;
        }
        let id = format!("c{}", self.claims.len() + 1);
        let proposed = judgement.quotes.len();
        let evidence = self.kept(claim.span, judgement.quotes, &judgement.checks);
        let dropped = proposed - evidence.len();
        self.dropped_quotes += dropped;

        let most = self.source_set.most_confidence(&evidence);
        let confidence = two_decimals(judgement.confidence).min(most);
        let carried = self.source_set.carries(judgement.verdict, &evidence);
        let decides = judgement.verdict != Verdict::NotEnoughEvidence;
        let (verdict, confidence, rationale) = if !carried {
            self.limits.push(Limit {
                what: id.clone(),
                reason: format!(
                    "The verdict \"{}\" was withdrawn: the quotes it needs do not stand in the sources.",
                    wording::verdict(judgement.verdict)
                ),
            });
            let rationale = self.quotes_missing(judgement.verdict, dropped);
            (Verdict::NotEnoughEvidence, 0.0, rationale)
        } else if decides && confidence < CONFIDENCE_FLOOR {
            let rationale = self.too_unsure(judgement.verdict, confidence);
            (Verdict::NotEnoughEvidence, 0.0, rationale)
        } else {
            let rationale = if judgement.rationale.trim().is_empty() {
                self.plain_reason(judgement.verdict)
            } else {
                judgement.rationale
            };
            (judgement.verdict, confidence, rationale)
        };
        let open = verdict == Verdict::NotEnoughEvidence || confidence < MIN_SETTLED_CONFIDENCE;
        let passages = if open {
            self.passages(weighed.candidates)
        } else {
            Vec::new()
        };
        self.contradicts.push(weighed.contradicts);
        let submission = self.source_set.submission;
        let (page, seconds) = submission.place_of(claim.span.start);
        self.claims.push(ReportedClaim {
            page,
            seconds,
            place: submission.place_label(claim.span.start, None),
            id,
            start: claim.span.start,
            end: claim.span.end,
            said_in: Source::SUBMISSION.to_owned(),
            verdict,
            confidence,
            rationale,
            standalone: weighed.standalone,
            parts: parts(&claim, &judgement.parts, verdict),
            open,
            passages,
            judged_by: None,
            judged_before: Vec::new(),
            disagrees: Vec::new(),
            contradicts: Vec::new(),
            correction: correction(&claim, judgement.replacement, verdict, &evidence),
            checks: judgement.checks,
            evidence,
            text: claim.text,
        });
    }

    /// The passages that stand in their source.
    fn passages(&mut self, candidates: Vec<Candidate>) -> Vec<ReportedPassage> {
        let mut kept = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let span = candidate.span;
            let Some(source) = self
                .source_set
                .holds(&candidate.source, span, &candidate.text)
            else {
                continue;
            };
            self.passages += 1;
            let (page, seconds) = source.place_of(span.start);
            kept.push(ReportedPassage {
                id: format!("p{}", self.passages),
                text: candidate.text,
                start: span.start,
                end: span.end,
                page,
                seconds,
                place: source.place_label(span.start, None),
                row: row_of(source, span),
                column: candidate.column,
                source: candidate.source,
            });
        }
        kept
    }

    /// Names in each claim those that contradict it: a claim that was dropped contradicts none.
    fn name_contradictions(&mut self) {
        let ids: HashMap<Span, String> = self
            .claims
            .iter()
            .map(|claim| (Span::new(claim.start, claim.end), claim.id.clone()))
            .collect();
        for (claim, spans) in self.claims.iter_mut().zip(&self.contradicts) {
            let named = spans.iter().filter_map(|span| ids.get(span));
            claim.contradicts = named.filter(|id| **id != claim.id).cloned().collect();
        }
    }

    /// The quotes that stand in their source, once each, in the engine's order. A claim is no evidence for itself.
    fn kept(&mut self, claim: Span, quotes: Vec<Quote>, checks: &[Check]) -> Vec<ReportedEvidence> {
        let mut seen = HashSet::new();
        let mut kept = Vec::with_capacity(quotes.len());
        for quote in quotes {
            let Some(source) = self
                .source_set
                .holds(&quote.source, quote.span, &quote.text)
            else {
                continue;
            };
            let is_the_claim = source.id == Source::SUBMISSION
                && quote.span.overlaps(claim)
                && !may_quote_itself(quote.span, claim, quote.stance, checks);
            if is_the_claim || !seen.insert((quote.source.clone(), quote.span, quote.stance)) {
                continue;
            }
            self.quotes += 1;
            kept.push(evidence_of(self.quotes, source, quote));
        }
        kept
    }
}

/// A share from 0 to 1 as it is shown; what is no number counts as nothing.
fn two_decimals(share: f64) -> f64 {
    if share.is_nan() {
        return 0.0;
    }
    (share.clamp(0.0, 1.0) * 100.0).round() / 100.0
}

fn without_repeats(limits: Vec<Limit>) -> Vec<Limit> {
    let mut kept: Vec<Limit> = Vec::with_capacity(limits.len());
    for limit in limits {
        if !kept.contains(&limit) {
            kept.push(limit);
        }
    }
    kept
}
