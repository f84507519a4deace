//! The passages from which somebody else can decide a claim: whole statements, exactly as they stand in their source.

use std::collections::HashSet;

use clara_domain::evidence::{Quote, Source};
use clara_domain::text::Span;

use crate::engine::Passage;
use crate::language::words::{Word, words};

/// How many passages an open claim is shown with.
pub const MAX_CANDIDATES: usize = 3;
/// One that is so much less about the claim than the best is left out.
const MIN_SHARE: f64 = 0.4;
/// A longer passage is cut to a stretch around the words that it shares with the claim.
const MAX_CHARACTERS: usize = 400;
/// What is kept before the first shared word of a passage that is cut.
const BEFORE_CUT: usize = 80;
/// The most of a row's names that is shown with it.
const MAX_HEADS: usize = 200;

/// A stretch of a source that may decide a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The `id` of the source.
    pub source: String,
    pub span: Span,
    /// Exactly what stands there.
    pub text: String,
    /// The names of a row's columns, where the row itself does not say them.
    pub column: Option<String>,
}

/// The best passages for a claim: first what the engine looked at last, then by how much each is about the claim. Only those
/// that share a word with it, and none twice.
pub fn candidates(claim: &str, passages: &[Passage<'_>], quotes: &[Quote]) -> Vec<Candidate> {
    let wanted: HashSet<String> = content(claim).map(|word| word.stem).collect();
    let is_quoted = |passage: &Passage<'_>| {
        quotes
            .iter()
            .any(|quote| quote.source == passage.source.id && quote.span == passage.span)
    };
    let mut ranked: Vec<(&Passage<'_>, bool, f64)> = passages
        .iter()
        .map(|passage| (passage, is_quoted(passage), worth(passage, &wanted)))
        .filter(|(_, _, worth)| *worth > 0.0)
        .collect();
    ranked.sort_by(|(_, quoted, worth), (_, other_quoted, other)| {
        other_quoted.cmp(quoted).then(other.total_cmp(worth))
    });
    let best = ranked
        .iter()
        .map(|(_, _, worth)| *worth)
        .fold(0.0, f64::max);
    let mut found: Vec<Candidate> = Vec::new();
    for (passage, quoted, worth) in ranked {
        if found.len() == MAX_CANDIDATES {
            break;
        }
        if !quoted && worth < MIN_SHARE * best {
            continue;
        }
        let candidate = candidate(passage, &wanted);
        let again = found.iter().any(|other| {
            other.text == candidate.text
                || other.source == candidate.source && other.span.overlaps(candidate.span)
        });
        if !again {
            found.push(candidate);
        }
    }
    found
}

fn content(text: &str) -> impl Iterator<Item = Word> {
    words(text).into_iter().filter(|word| !word.stop)
}

/// How much of the claim's words a passage says itself, a little more where it says what the claim is about too.
fn worth(passage: &Passage<'_>, wanted: &HashSet<String>) -> f64 {
    let shared = |text: &str| -> HashSet<String> {
        content(text)
            .map(|word| word.stem)
            .filter(|stem| wanted.contains(stem))
            .collect()
    };
    let own = shared(passage.text);
    if own.is_empty() {
        return 0.0;
    }
    let heads = heads(passage).unwrap_or_default();
    let around: HashSet<String> = passage
        .titles
        .iter()
        .chain(passage.before.first())
        .copied()
        .chain(std::iter::once(heads.as_str()))
        .flat_map(shared)
        .filter(|stem| !own.contains(stem))
        .collect();
    let weight = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    weight(own.len()) + 0.5 * weight(around.len()) + 0.1 * passage.relevance
}

fn candidate(passage: &Passage<'_>, wanted: &HashSet<String>) -> Candidate {
    let source = passage.source;
    let span = cut(source, with_sentence_before(passage), wanted);
    Candidate {
        source: source.id.clone(),
        span,
        text: source.text.slice(span).to_owned(),
        column: heads(passage),
    }
}

/// The names of a row's columns; an object says the names of its members itself.
fn heads(passage: &Passage<'_>) -> Option<String> {
    let record = passage.source.records.get(passage.record?)?;
    let first = record.fields.first()?.value.start;
    let opening = passage
        .source
        .text
        .slice(Span::new(record.span.start, first));
    if opening.chars().any(char::is_alphabetic) {
        return None;
    }
    let names: Vec<&str> = record
        .fields
        .iter()
        .map(|field| passage.source.name_of(record, *field))
        .filter(|name| !name.is_empty())
        .collect();
    let names = names.join(" | ");
    (!names.is_empty() && names.chars().count() <= MAX_HEADS).then_some(names)
}

/// The passage's span, from the sentence before on where the passage begins with a pronoun.
fn with_sentence_before(passage: &Passage<'_>) -> Span {
    let leans = words(passage.text).first().is_some_and(|word| {
        matches!(
            word.lower.as_str(),
            "it" | "its"
                | "he"
                | "his"
                | "she"
                | "her"
                | "they"
                | "their"
                | "this"
                | "these"
                | "those"
                | "that"
                | "both"
        )
    });
    let Some(before) = passage.before.first().filter(|_| leans) else {
        return passage.span;
    };
    let text = &passage.source.text;
    let start = text.byte_of(passage.span.start);
    // The nearest place before it: the sentences follow one another.
    let Some(found) = text.as_str()[..start].rfind(before) else {
        return passage.span;
    };
    let between = &text.as_str()[found + before.len()..start];
    let whole = Span::new(text.position_of(found), passage.span.end);
    if between.trim().is_empty() && whole.len() <= MAX_CHARACTERS {
        whole
    } else {
        passage.span
    }
}

/// A long passage without what stands far from the words it shares with the claim, cut at white space where there is some.
fn cut(source: &Source, span: Span, wanted: &HashSet<String>) -> Span {
    if span.len() <= MAX_CHARACTERS {
        return span;
    }
    let text = source.text.slice(span);
    let first = content(text)
        .find(|word| wanted.contains(&word.stem))
        .map_or(0, |word| text[..word.bytes.start].chars().count());
    let skipped = first.saturating_sub(BEFORE_CUT);
    let letters: Vec<char> = text.chars().collect();
    let mut start = skipped.min(letters.len());
    if start > 0 {
        let gap = letters[start..first]
            .iter()
            .position(|letter| letter.is_whitespace());
        start += gap.map_or(0, |gap| gap + 1);
    }
    let mut end = (start + MAX_CHARACTERS).min(letters.len());
    if end < letters.len() {
        let gap = letters[start..end]
            .iter()
            .rposition(|letter| letter.is_whitespace());
        end = gap
            .filter(|gap| *gap > BEFORE_CUT)
            .map_or(end, |gap| start + gap);
    }
    Span::new(span.start + start, span.start + end)
}

#[cfg(test)]
mod tests;
