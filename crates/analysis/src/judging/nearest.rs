//! The text of a source that is most like a quote that is not in it, with the words that differ: what a judge needs to
//! repair the quote.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use super::MAX_QUOTE_CHARACTERS;
use super::boundary::widened;
use super::refusal::WordDifference;
use crate::language::real;

/// A word that occurs oftener tells nothing of where a quote is from.
const MAX_OCCURRENCES: usize = 500;
/// Less of the quote's words than this share, and nothing is near.
const MIN_SHARE: f64 = 0.4;
/// How many words are looked at beyond the quote's own length, on both sides.
const SLACK: usize = 6;
/// How many differences are told.
const MAX_DIFFERENCES: usize = 5;

/// The words of a text, by place, once they are needed.
pub(super) struct Words<'s> {
    text: &'s str,
    index: OnceCell<WordIndex<'s>>,
}

struct WordIndex<'s> {
    words: Vec<&'s str>,
    starts: Vec<usize>,
    places: HashMap<&'s str, Vec<usize>>,
}

/// What is nearest to a quote.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Nearest {
    /// Bytes of the source.
    pub bytes: Range<usize>,
    pub differences: Vec<WordDifference>,
}

impl<'s> Words<'s> {
    pub fn new(text: &'s str) -> Self {
        Self {
            text,
            index: OnceCell::new(),
        }
    }

    /// The stretch that shares most words with the quote, in their order; nothing where too little is shared.
    pub fn nearest(&self, quote: &str) -> Option<Nearest> {
        let index = self.index.get_or_init(|| {
            let (starts, words): (Vec<usize>, Vec<&str>) = words(self.text).into_iter().unzip();
            let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
            for (place, word) in words.iter().enumerate() {
                places.entry(word).or_default().push(place);
            }
            WordIndex {
                words,
                starts,
                places,
            }
        });
        let wanted: Vec<&str> = words(quote).into_iter().map(|(_, word)| word).collect();
        let window = index.window(&wanted)?;
        let given = &index.words[window.clone()];
        let pairs = common(&wanted, given);
        let (first, last) = (pairs.first()?, pairs.last()?);
        let is_near = real(pairs.len()) >= MIN_SHARE * real(wanted.len());
        if !is_near {
            return None;
        }
        // Words of the quote before the first and after the last one that is shared stand for as many of the source.
        let from = first.1.saturating_sub(first.0);
        let to = (last.1 + wanted.len() - last.0).min(given.len());
        let differences = differences(&wanted, &given[from..to], from, &pairs);
        let end = window.start + to - 1;
        let bytes = index.starts[window.start + from]..index.starts[end] + index.words[end].len();
        let bytes = widened(self.text, bytes);
        let is_short = self.text[bytes.clone()].chars().count() <= MAX_QUOTE_CHARACTERS;
        is_short.then_some(Nearest { bytes, differences })
    }
}

/// Runs of letters and digits, each with the byte it begins at.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices() {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push((from, &text[from..]));
    }
    found
}

impl WordIndex<'_> {
    /// Where most of the wanted words stand in their order; rare words say more.
    fn window(&self, wanted: &[&str]) -> Option<Range<usize>> {
        let mut votes: HashMap<usize, f64> = HashMap::new();
        for (at, word) in wanted.iter().enumerate() {
            let Some(places) = self.places.get(word) else {
                continue;
            };
            if places.len() > MAX_OCCURRENCES {
                continue;
            }
            let weight = 1.0 / real(places.len()).sqrt();
            for place in places {
                // Where the quote would begin; shifted so that it is never below zero.
                let begins = place + wanted.len() - at;
                for bucket in [begins / SLACK, begins / SLACK + 1] {
                    *votes.entry(bucket).or_default() += weight;
                }
            }
        }
        // Of equal ones the first, so that the answer is always the same.
        let (bucket, _) = votes
            .into_iter()
            .max_by(|(one, this), (other, that)| this.total_cmp(that).then(other.cmp(one)))?;
        let begins = (bucket * SLACK).saturating_sub(wanted.len());
        let start = begins.saturating_sub(2 * SLACK);
        let end = (begins + wanted.len() + 2 * SLACK).min(self.words.len());
        (start < end).then_some(start..end)
    }
}

/// The longest row of words that both have in the same order, as pairs of positions.
fn common(one: &[&str], other: &[&str]) -> Vec<(usize, usize)> {
    let width = other.len() + 1;
    let mut longest = vec![0_u16; (one.len() + 1) * width];
    for at in (0..one.len()).rev() {
        for to in (0..other.len()).rev() {
            longest[at * width + to] = if one[at] == other[to] {
                longest[(at + 1) * width + to + 1] + 1
            } else {
                longest[(at + 1) * width + to].max(longest[at * width + to + 1])
            };
        }
    }
    let (mut at, mut to) = (0, 0);
    let mut pairs = Vec::new();
    while at < one.len() && to < other.len() {
        if one[at] == other[to] {
            pairs.push((at, to));
            at += 1;
            to += 1;
        } else if longest[(at + 1) * width + to] >= longest[at * width + to + 1] {
            at += 1;
        } else {
            to += 1;
        }
    }
    // Each as near to the next as it can be: `The` of the sentence itself, not that of the one before.
    let mut next = pairs.last().map_or(0, |last| last.1 + 1);
    for (at, to) in pairs.iter_mut().rev() {
        let nearer = other[..next].iter().rposition(|word| *word == one[*at]);
        *to = nearer.unwrap_or(*to);
        next = *to;
    }
    pairs
}

/// The words between those that both have; `given` begins at `from` of what the pairs count.
fn differences(
    wanted: &[&str],
    given: &[&str],
    from: usize,
    pairs: &[(usize, usize)],
) -> Vec<WordDifference> {
    let mut found = Vec::new();
    let (mut at, mut to) = (0, 0);
    let end = (wanted.len(), given.len() + from);
    for (next, other) in pairs.iter().copied().chain([end]) {
        let other = other - from;
        if next > at || other > to {
            found.push(WordDifference::new(
                &wanted[at..next].join(" "),
                &given[to..other].join(" "),
            ));
        }
        (at, to) = (next + 1, other + 1);
    }
    found.truncate(MAX_DIFFERENCES);
    found
}

#[cfg(test)]
mod tests;
