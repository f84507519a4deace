//! The pieces of a report, made from what an engine proposed.

use super::super::context::{link, prefix, suffix};
use super::super::{Correction, InstructsReader, ReportedEvidence, ReportedPart, ReportedSource};
use super::two_decimals;
use crate::engine::{JudgedPart, Replacement};
use crate::instructions::instructs_reader;
use crate::verdict::parts::follows;
use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;
use clara_domain::verdict::{Stance, Verdict};

/// A quote as the report gives it, with its place and what stands around it.
pub(crate) fn evidence_of(number: usize, source: &Source, quote: Quote) -> ReportedEvidence {
    let (page, seconds) = source.place_of(quote.span.start);
    ReportedEvidence {
        id: format!("e{number}"),
        stance: quote.stance,
        start: quote.span.start,
        end: quote.span.end,
        page,
        seconds,
        place: source.place_label(quote.span.start, quote.column.as_deref()),
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
pub(in crate::report) fn row_of(source: &Source, span: Span) -> Option<u32> {
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
            read_by: source.read_by(),
            unread: source.unread.clone(),
            instructs_reader: instructs_reader(&source.text)
                .into_iter()
                .map(|span| InstructsReader {
                    text: source.text.slice(span).to_owned(),
                    start: span.start,
                    end: span.end,
                })
                .collect(),
        }
    }
}

/// The parts with what stands at their positions; none where the verdict is not what they say.
pub(super) fn parts(
    claim: &ClaimSpan,
    judged: &[JudgedPart],
    verdict: Verdict,
) -> Vec<ReportedPart> {
    if judged.is_empty() || follows(judged.iter().map(|part| part.verdict)) != verdict {
        return Vec::new();
    }
    judged
        .iter()
        .map(|part| ReportedPart {
            text: stretch(&claim.text, part.span),
            start: claim.span.start + part.span.start,
            end: claim.span.start + part.span.end,
            verdict: part.verdict,
        })
        .collect()
}

/// What to write instead, where a quote that refutes the claim says it.
pub(super) fn correction(
    claim: &ClaimSpan,
    replacement: Option<Replacement>,
    verdict: Verdict,
    evidence: &[ReportedEvidence],
) -> Option<Correction> {
    let replacement = replacement.filter(|_| verdict == Verdict::Refuted)?;
    let replace = stretch(&claim.text, replacement.span);
    let is_quoted = evidence
        .iter()
        .any(|quote| quote.stance == Stance::Refutes && quote.quote.contains(&replacement.with));
    let changes =
        !replace.is_empty() && !replacement.with.is_empty() && replace != replacement.with;
    (is_quoted && changes).then(|| Correction {
        start: claim.span.start + replacement.span.start,
        end: claim.span.start + replacement.span.end,
        replace,
        with: replacement.with,
    })
}

fn stretch(text: &str, span: Span) -> String {
    text.chars().skip(span.start).take(span.len()).collect()
}
