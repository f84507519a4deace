//! Makes the report out of what an engine proposed, and keeps the rule of the house while doing so: no quote that is not
//! in its source, character for character, and no verdict without the quotes it needs.
//! Knows sources and judgements; must not know which engine spoke, nor how a report is shown.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::context::{link, prefix, suffix};
use super::rules::{CONFIDENCE_FLOOR, SourceSet, may_quote_itself, stands_at};
use super::{
    CONFIDENCE_MEANS, Counts, EngineInfo, FORMAT, Limit, Milliseconds, Query, Report,
    ReportedClaim, ReportedEvidence, ReportedNotChecked, ReportedSource, wording,
};
use crate::engine::Judgement;
use crate::interruption::checkpoint;
use clara_domain::claim::{ClaimSpan, NotChecked};
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;
use clara_domain::verdict::{Check, Verdict};

/// Everything a report is made of.
#[derive(Debug, Clone)]
pub struct ReportInput<'a> {
    pub submission: &'a Source,
    pub sources: &'a [Source],
    /// The claims and what the engine said of each; sorted here by where they stand.
    pub judged: Vec<(ClaimSpan, Judgement)>,
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
        quotes: 0,
        dropped_quotes: 0,
        dropped_claims: 0,
    };
    let mut judged = input.judged;
    judged.sort_by_key(|(claim, _)| (claim.span.start, Reverse(claim.span.end)));
    for (claim, judgement) in judged {
        checkpoint();
        builder.add(claim, judgement);
    }
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
    limits: Vec<Limit>,
    /// Quotes kept so far, through the whole report.
    quotes: usize,
    dropped_quotes: usize,
    dropped_claims: usize,
}

impl Builder<'_> {
    fn add(&mut self, claim: ClaimSpan, judgement: Judgement) {
        if !stands_at(self.source_set.submission, claim.span, &claim.text) {
            self.dropped_claims += 1;
            return;
        }
        let id = format!("c{}", self.claims.len() + 1);
        let proposed = judgement.quotes.len();
        let evidence = self.kept(claim.span, judgement.quotes, &judgement.checks);
        let dropped = proposed - evidence.len();
        self.dropped_quotes += dropped;

        let confidence = two_decimals(judgement.confidence);
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
        self.claims.push(ReportedClaim {
            id,
            text: claim.text,
            start: claim.span.start,
            end: claim.span.end,
            said_in: Source::SUBMISSION.to_owned(),
            verdict,
            confidence,
            rationale,
            checks: judgement.checks,
            evidence,
            standalone: None,
            parts: Vec::new(),
            open: false,
            passages: Vec::new(),
            judged_by: None,
            judged_before: Vec::new(),
            disagrees: Vec::new(),
            contradicts: Vec::new(),
            correction: None,
        });
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
            kept.push(reported(self.quotes, source, quote));
        }
        kept
    }

    fn note_what_was_dropped(&mut self) {
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
    fn note_not_checked(&mut self, sentences: &[NotChecked]) {
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
    fn note_empty_sources(&mut self) {
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

    fn quotes_missing(&self, verdict: Verdict, dropped: usize) -> String {
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

    fn too_unsure(&self, verdict: Verdict, confidence: f64) -> String {
        format!(
            "The engine leaned towards \"{}\" with confidence {confidence:.2}; below {CONFIDENCE_FLOOR:.2} no verdict is \
             given. {} Missing: a passage that says it more plainly.",
            wording::verdict(verdict),
            self.looked_at()
        )
    }

    /// For an engine that gave no reason.
    fn plain_reason(&self, verdict: Verdict) -> String {
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

    fn looked_at(&self) -> String {
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

fn reported(number: usize, source: &Source, quote: Quote) -> ReportedEvidence {
    let (page, seconds) = source.place_of(quote.span.start);
    ReportedEvidence {
        id: format!("e{number}"),
        stance: quote.stance,
        start: quote.span.start,
        end: quote.span.end,
        page,
        seconds,
        row: row_of(source, quote.span),
        column: quote.column,
        prefix: prefix(source, quote.span),
        suffix: suffix(source, quote.span),
        link: link(source, &quote.text),
        relevance: two_decimals(quote.relevance),
        source: quote.source,
        quote: quote.text,
    }
}

/// The row of the record that a quote is.
pub(super) fn row_of(source: &Source, span: Span) -> Option<u32> {
    // Records stand in the order of their text.
    let records = &source.records;
    let first = records.partition_point(|record| record.span.start < span.start);
    records[first..]
        .iter()
        .take_while(|record| record.span.start == span.start)
        .find(|record| record.span.end >= span.end)
        .and_then(|record| record.row)
}

impl From<&Source> for ReportedSource {
    fn from(source: &Source) -> Self {
        Self {
            id: source.id.clone(),
            kind: source.kind,
            name: source.name.clone(),
            title: source.title.clone(),
            url: source.url.clone(),
            publisher: source.publisher.clone(),
            published_at: source.published_at.clone(),
            retrieved_at: source.retrieved_at,
            sha256: source.sha256.clone(),
            characters: source.text.len(),
            language: source.language.clone(),
            read: source.read,
            unread: source.unread.clone(),
            instructs_reader: Vec::new(),
        }
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
