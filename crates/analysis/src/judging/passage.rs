//! The sentence or row that a quote stands in, with what stands around it: a quote is weighed as its source says it, not as it
//! was cut out.

use std::ops::Range;

use clara_domain::evidence::Source;
use clara_domain::text::Span;

use crate::engine::Passage;
use crate::evidence::UNREAD_WORDS;
use crate::language::lines::Kind;
use crate::language::sentences::sentences;

/// How far before a quote its sentence, the sentences before that and their heading are looked for, in bytes.
const BEFORE: usize = 3_000;
/// How far after it its sentence may end.
const AFTER: usize = 1_500;
/// How many sentences before a passage are kept for what its pronouns stand for.
const MAX_BEFORE: usize = 3;

/// The passages that a stretch of a source touches, in order.
pub(super) fn passages_at(source: &Source, span: Span) -> Vec<Passage<'_>> {
    if let Some(passage) = record_at(source, span) {
        return vec![passage];
    }
    let text = source.text.as_str();
    let bytes = source.text.byte_of(span.start)..source.text.byte_of(span.end);
    let window = window(text, &bytes);
    let mut heading: Option<&str> = None;
    let mut before: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    let mut gaps = source.gaps().peekable();
    let mut is_after_gap = false;
    for sentence in sentences(&text[window.clone()]) {
        let own = window.start + sentence.bytes.start..window.start + sentence.bytes.end;
        if own.start >= bytes.end {
            break;
        }
        let content = &text[own.clone()];
        while gaps.next_if(|gap| *gap <= own.start).is_some() {
            (heading, is_after_gap) = (None, true);
            before.clear();
        }
        if own.end > bytes.start {
            found.push(Passage {
                source,
                span: source.text.span_of(own),
                text: content,
                titles: source.title.as_deref().into_iter().chain(heading).collect(),
                before: before
                    .iter()
                    .copied()
                    .chain(is_after_gap.then_some(UNREAD_WORDS))
                    .collect(),
                record: None,
                relevance: 1.0,
            });
        }
        if sentence.kind == Kind::Heading {
            heading = Some(content);
            before.clear();
        } else {
            before.insert(0, content);
            before.truncate(MAX_BEFORE);
        }
    }
    found
}

/// The innermost record that holds the whole stretch.
fn record_at(source: &Source, span: Span) -> Option<Passage<'_>> {
    let until = source
        .records
        .partition_point(|record| record.span.start <= span.start);
    let number = source.records[..until]
        .iter()
        .rposition(|record| record.span.end >= span.end)?;
    let record = &source.records[number];
    let layout = source.layouts.get(record.layout)?;
    Some(Passage {
        source,
        span: record.span,
        text: source.text.slice(record.span),
        titles: source
            .title
            .as_deref()
            .into_iter()
            .chain(layout.under.iter().map(String::as_str))
            .collect(),
        before: Vec::new(),
        record: Some(number),
        relevance: 1.0,
    })
}

/// The name of the column or member whose value holds the whole stretch.
pub(super) fn column_at(source: &Source, span: Span) -> Option<String> {
    let record = &source.records[record_at(source, span)?.record?];
    let field = record
        .fields
        .iter()
        .find(|field| field.value.start <= span.start && span.end <= field.value.end)?;
    let name = source.name_of(record, *field);
    (!name.is_empty()).then(|| name.to_owned())
}

/// What a quote gives: of a row its values, kept apart, for `412,1933` may be two of them; else its text.
pub(super) fn values_at(source: &Source, span: Span) -> String {
    let Some(record) = record_at(source, span).and_then(|passage| passage.record) else {
        return source.text.slice(span).to_owned();
    };
    let values: Vec<&str> = source.records[record]
        .fields
        .iter()
        .filter(|field| span.start <= field.value.start && field.value.end <= span.end)
        .map(|field| source.text.slice(field.value))
        .collect();
    if values.is_empty() {
        source.text.slice(span).to_owned()
    } else {
        values.join(" | ")
    }
}

/// Whole lines around the bytes where lines are short, else whole words.
fn window(text: &str, bytes: &Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let mut start = floor(bytes.start.saturating_sub(BEFORE));
    if start > 0 {
        let ahead = &text[start..bytes.start];
        let cut = ahead.find('\n').or_else(|| ahead.find(' '));
        start += cut.map_or(0, |at| at + 1);
    }
    let mut end = floor((bytes.end + AFTER).min(text.len()));
    if end < text.len() {
        let behind = &text[bytes.end..end];
        let cut = behind.rfind('\n').or_else(|| behind.rfind(' '));
        end = bytes.end + cut.unwrap_or(behind.len());
    }
    start..end
}
