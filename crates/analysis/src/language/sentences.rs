//! Where sentences begin and end: full stops that end one, and those of abbreviations, initials and decimals that do
//! not. Linear in the text. It must not know which sentences are worth checking.

use std::ops::Range;

use super::lexicon;
use super::lines::{Block, Kind, blocks};

/// A sentence: bytes of the text, without outer white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub bytes: Range<usize>,
    pub kind: Kind,
}

/// No sentence is longer, in bytes: a text without full stops must not become one passage.
const LONGEST: usize = 900;

/// The sentences of a text, in order, without overlap.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    for block in blocks(text) {
        if block.kind == Kind::Row {
            push(text, &block, block.bytes.clone(), &mut found);
            continue;
        }
        let mut start = block.bytes.start;
        for end in ends(&text[block.bytes.clone()]) {
            let end = block.bytes.start + end;
            push(text, &block, start..end, &mut found);
            start = end;
        }
        push(text, &block, start..block.bytes.end, &mut found);
    }
    found
}

fn push(text: &str, block: &Block, bytes: Range<usize>, found: &mut Vec<Sentence>) {
    let mut rest = bytes;
    while rest.end - rest.start > LONGEST {
        let mut limit = rest.start + LONGEST;
        while !text.is_char_boundary(limit) {
            limit -= 1;
        }
        let cut = text[rest.start..limit]
            .rfind([';', ' ', '\n'])
            .filter(|at| *at > LONGEST / 2)
            .map_or(limit, |at| rest.start + at + 1);
        push_trimmed(text, block, rest.start..cut, found);
        rest.start = cut;
    }
    push_trimmed(text, block, rest, found);
}

fn push_trimmed(text: &str, block: &Block, bytes: Range<usize>, found: &mut Vec<Sentence>) {
    let piece = &text[bytes.clone()];
    let trimmed = piece.trim();
    if trimmed.chars().any(char::is_alphanumeric) {
        let start = bytes.start + (piece.len() - piece.trim_start().len());
        found.push(Sentence {
            bytes: start..start + trimmed.len(),
            kind: block.kind,
        });
    }
}

/// The byte positions in a block after which a new sentence begins.
fn ends(block: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut letters = block.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if !is_terminal(letter) {
            continue;
        }
        let mut end = at + letter.len_utf8();
        while let Some((_, closer)) =
            letters.next_if(|(_, next)| is_terminal(*next) || is_closer(*next))
        {
            end += closer.len_utf8();
        }
        let after = &block[end..];
        let wide = "。！？".contains(letter);
        if !wide && !after.starts_with(char::is_whitespace) {
            continue;
        }
        let next = after.trim_start();
        if next.is_empty() || (!wide && !begins(next)) {
            continue;
        }
        if letter == '.' && end == at + 1 && is_abbreviated(&block[..at], next) {
            continue;
        }
        found.push(end);
    }
    found
}

fn is_terminal(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

fn is_closer(letter: char) -> bool {
    matches!(
        letter,
        '"' | '\'' | '”' | '’' | '»' | ')' | ']' | '“' | '*' | '_'
    )
}

/// Whether a sentence can begin like this: not with a small letter.
fn begins(next: &str) -> bool {
    // A few marks may stand before the first letter; looking further would be quadratic on a text of marks.
    next.chars()
        .take(12)
        .find(|letter| letter.is_alphanumeric())
        .is_some_and(|letter| !letter.is_lowercase())
}

/// Whether the full stop after `before` belongs to an abbreviation or an initial.
fn is_abbreviated(before: &str, next: &str) -> bool {
    // Words are short: looking back must not make the whole linear walk quadratic.
    let word_start = before
        .char_indices()
        .rev()
        .take(24)
        .take_while(|(_, letter)| letter.is_alphanumeric() || *letter == '.')
        .last()
        .map_or(before.len(), |(at, _)| at);
    let word = &before[word_start..];
    if word.is_empty() {
        return false;
    }
    let lower = word.to_lowercase();
    if lexicon::never_ends_sentence(&lower) {
        return true;
    }
    // `No. 7` and `p. 12`, but not `He said no. Seven came.`
    if lexicon::abbreviates_before_number(&lower)
        && next.starts_with(|first: char| first.is_ascii_digit())
    {
        return true;
    }
    // `draws 550 W.`: a letter after a figure is a unit, not an initial.
    let after_figure = before[..word_start]
        .trim_end()
        .ends_with(|letter: char| letter.is_ascii_digit());
    let initial =
        word.chars().count() == 1 && word.chars().all(char::is_uppercase) && !after_figure;
    let dotted = word.contains('.') && word.chars().any(char::is_alphabetic);
    if initial || dotted || lexicon::may_end_sentence(&lower) {
        let first = next
            .trim_start_matches(|letter: char| !letter.is_alphanumeric())
            .split(|letter: char| !letter.is_alphanumeric())
            .next()
            .unwrap_or_default();
        // `in the U.S. The bridge` is two sentences, `the U.S. Navy` and `J. Smith` are one.
        return !lexicon::begins_sentences(&first.to_lowercase());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .map(|found| &text[found.bytes])
            .collect()
    }

    #[test]
    fn full_stops_that_end_no_sentence() {
        assert_eq!(
            split(
                "Dr. J. R. Hale paid $3.5 million, i.e. a lot. He left the U.S. The U.S. Navy stayed until Jan. 3. No. 7 won!"
            ),
            [
                "Dr. J. R. Hale paid $3.5 million, i.e. a lot.",
                "He left the U.S.",
                "The U.S. Navy stayed until Jan. 3.",
                "No. 7 won!"
            ]
        );
    }

    #[test]
    fn quotes_and_brackets_stay_with_their_sentence() {
        assert_eq!(
            split("“It opened.” Then it closed. (It was cold.) Why?"),
            ["“It opened.”", "Then it closed.", "(It was cold.)", "Why?"]
        );
    }

    #[test]
    fn wrapped_lines_are_one_sentence_and_headings_and_items_are_not() {
        let text = "Ardmoor Bridge Authority\nAnnual report\n\n1. The crossing\n\nThe Ardmoor Bridge carries the coast road over the\nSound of Kell. It is\nlong.\n\n* First fact\n* Second fact\n| a | b |\n";
        assert_eq!(
            split(text),
            [
                "Ardmoor Bridge Authority",
                "Annual report",
                "The crossing",
                "The Ardmoor Bridge carries the coast road over the\nSound of Kell.",
                "It is\nlong.",
                "First fact",
                "Second fact",
                "a | b"
            ]
        );
    }

    #[test]
    fn a_text_without_full_stops_is_cut() {
        let text = "word ".repeat(20_000);
        assert!(
            sentences(&text)
                .iter()
                .all(|found| found.bytes.len() <= LONGEST)
        );
    }

    proptest! {
        #[test]
        fn sentences_are_in_order_and_cover_every_letter(text in "[a-zA-Z0-9 .!?\"\\n#*|é。-]{0,400}") {
            let mut position = 0;
            for found in sentences(&text) {
                prop_assert!(found.bytes.start >= position);
                prop_assert!(!found.bytes.is_empty());
                prop_assert_eq!(text[found.bytes.clone()].trim(), &text[found.bytes.clone()]);
                position = found.bytes.end;
            }
        }
    }
}
