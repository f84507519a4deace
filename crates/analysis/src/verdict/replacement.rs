//! What to write instead of a refuted claim's words: those of the quote that stand in their place. Nothing is composed, and
//! nothing is put forward that the same passages would not bear out.

use std::ops::Range;

use clara_domain::claim::ClaimSpan;
use clara_domain::text::Span;
use clara_domain::verdict::Verdict;

use super::binding::Exchange;
use super::decide::weigh;
use crate::engine::{Judgement, Passage, Replacement};
use crate::statement::token::{Token, TokenKind, tokens};

/// The replacement for the words that differ, where the claim with it is what the passages say.
pub(super) fn replacement(
    claim: &ClaimSpan,
    passages: &[&Passage<'_>],
    judgement: &Judgement,
    exchange: &Exchange,
) -> Option<Replacement> {
    let quote = judgement.quotes.first()?;
    candidates(&claim.text, exchange)
        .into_iter()
        .filter(|(_, with)| quote.text.contains(with.as_str()))
        .find(|(claimed, with)| {
            let mut text = claim.text.clone();
            text.replace_range(claimed.clone(), with);
            let start = position(&claim.text, claimed.start);
            let corrected = ClaimSpan {
                text,
                span: claim.span,
                before: claim.before.clone(),
            };
            reads_well(&claim.text, claimed.start, with)
                && holds(&weigh(&corrected, passages).0, start)
        })
        .map(|(claimed, with)| Replacement {
            span: Span::new(
                position(&claim.text, claimed.start),
                position(&claim.text, claimed.end),
            ),
            with,
        })
}

/// Whether the passages bear out the statement at a position, and say nothing against the rest.
fn holds(judgement: &Judgement, at: usize) -> bool {
    let part = judgement
        .parts
        .iter()
        .find(|part| part.span.start <= at && at < part.span.end);
    match part {
        None => judgement.verdict == Verdict::Supported,
        Some(part) => {
            part.verdict == Verdict::Supported
                && matches!(
                    judgement.verdict,
                    Verdict::Supported | Verdict::NotEnoughEvidence
                )
        }
    }
}

/// What may take the place of what, best first: all the words that differ, then the figure alone. What ties a date to its
/// sentence (`in`, `since`) stays as it is.
fn candidates(text: &str, exchange: &Exchange) -> Vec<(Range<usize>, String)> {
    let from = exchange.claimed.start;
    let (ours, theirs) = (
        tokens(&text[exchange.claimed.clone()]),
        tokens(&exchange.given),
    );
    let (ours, theirs) = if exchange.is_time {
        (without_tie(&ours), without_tie(&theirs))
    } else {
        (ours.as_slice(), theirs.as_slice())
    };
    let pair = |our: &[Token], their: &[Token]| {
        let (first, last) = (our.first()?, our.last()?);
        let given = their.first()?.bytes.start..their.last()?.bytes.end;
        Some((
            from + first.bytes.start..from + last.bytes.end,
            exchange.given[given].to_owned(),
        ))
    };
    let whole = pair(ours, theirs);
    let figure = only_figure(ours)
        .zip(only_figure(theirs))
        .and_then(|(our, their)| pair(std::slice::from_ref(our), std::slice::from_ref(their)));
    // `on 3 May 1931` has no room for `1933`, and `in 1931` none for `3 May 1933`: only like for like, or the year.
    let alike = shape(ours) == shape(theirs);
    let (whole, figure) = if exchange.is_time {
        (
            whole.filter(|_| alike),
            figure.filter(|_| !alike && ours.len() == 1),
        )
    } else {
        (whole, figure)
    };
    whole.into_iter().chain(figure).collect()
}

/// A date's tokens without what ties it to its sentence.
fn without_tie(tokens: &[Token]) -> &[Token] {
    let is_tie = |token: &Token| {
        matches!(
            token.lower.as_str(),
            "in" | "on"
                | "at"
                | "by"
                | "since"
                | "from"
                | "until"
                | "till"
                | "before"
                | "after"
                | "during"
                | "of"
                | "the"
        )
    };
    let first = tokens.iter().position(|token| !is_tie(token));
    &tokens[first.unwrap_or(tokens.len())..]
}

/// The one number among the tokens; of a date its year.
fn only_figure(tokens: &[Token]) -> Option<&Token> {
    let numbers: Vec<&Token> = tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Number)
        .collect();
    let years = || numbers.iter().filter(|token| token.lower.len() == 4);
    match numbers.as_slice() {
        [one] => Some(one),
        _ if years().count() == 1 => years().next().copied(),
        _ => None,
    }
}

fn shape(tokens: &[Token]) -> Vec<TokenKind> {
    tokens.iter().map(|token| token.kind).collect()
}

/// `an 11-year lease`, but `a 12-year lease`: an article that no longer fits would have to be composed.
fn reads_well(text: &str, at: usize, with: &str) -> bool {
    let before = text[..at]
        .split_whitespace()
        .next_back()
        .unwrap_or_default();
    let article = before.to_lowercase();
    let sounds_open = |word: &str| {
        word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O', '8'])
            || word.starts_with("11")
            || word.starts_with("18")
    };
    match article.as_str() {
        "a" => !sounds_open(with),
        "an" => sounds_open(with),
        _ => true,
    }
}

fn position(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

#[cfg(test)]
mod tests;
