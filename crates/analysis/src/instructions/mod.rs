//! Passages that try to instruct whoever reads them: to forget what they were told, to be somebody else, to say a verdict.
//! They are text like any other and nothing follows them; a report names them, so that a model is warned and a person knows.
//! What a recipe or a manual tells its reader to do is no such thing.

mod patterns;

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use clara_domain::text::{Span, Text};

use crate::interruption::checkpoint;
use patterns::PATTERNS;

/// How many passages are named of one source.
pub const MAX_INSTRUCTIONS: usize = 10;
/// How far the beginning or end of a sentence is looked for, in characters.
const MAX_AROUND: usize = 200;
/// How much of a text is looked through between two looks at whether it is wanted no more, in bytes.
const STEP: usize = 1 << 16;
/// The longest match, in bytes: one may begin in a step and end after it.
const MAX_MATCH: usize = 1 << 11;

/// What the automaton of all patterns may take, in bytes: with the usual 2 MB it is thrown away so often on long tables that a far
/// slower one takes over.
const MAX_AUTOMATON: usize = 6 << 20;

static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let all: Vec<String> = PATTERNS
        .iter()
        .map(|pattern| format!("(?:{pattern})"))
        .collect();
    // A word's boundary by ASCII letters: by Unicode's, the fast automata give up at the first letter that is none.
    let all = all.join("|").replace(r"\b", r"(?-u:\b)");
    RegexBuilder::new(&format!("(?im){all}"))
        .dfa_size_limit(MAX_AUTOMATON)
        .build()
        .ok()
});

/// The passages of a text that try to instruct its reader, with the sentence or line that each stands in; the first ten.
pub fn instructs_reader(text: &Text) -> Vec<Span> {
    let Some(any) = ANY.as_ref() else {
        return Vec::new();
    };
    let (visible, positions) = without_hidden(text.as_str());
    let mut found: Vec<Span> = Vec::new();
    let (mut from, mut named) = (0, 0);
    while from < visible.len() && found.len() < MAX_INSTRUCTIONS {
        checkpoint();
        let until = boundary(&visible, from + STEP);
        let window = &visible[..boundary(&visible, until + MAX_MATCH)];
        // A sentence may end after the step, even after the window.
        while from < until
            && let Some(matched) = any.find_at(window, from)
        {
            if matched.start() >= until || found.len() == MAX_INSTRUCTIONS {
                break;
            }
            if is_denied(&visible[..matched.start()]) {
                from = matched.end();
                continue;
            }
            let bytes = sentence_around(&visible, named, matched.start(), matched.end());
            let (start, end) = match &positions {
                // The byte after a character that was left out is not the byte after the one before it.
                Some(positions) => (positions[bytes.0], positions[bytes.1 - 1] + 1),
                None => bytes,
            };
            let end = boundary(text.as_str(), end);
            found.push(text.span_of(start..end));
            named = boundary(&visible, bytes.1.max(matched.start() + 1));
            from = named.max(matched.end());
        }
        from = from.max(until);
    }
    found
}

/// `Do not ignore the safety instructions`: what stands before denies what follows.
fn is_denied(before: &str) -> bool {
    let word = before.trim_end().rsplit(char::is_whitespace).next();
    word.is_some_and(|word| {
        let word = word.to_lowercase().replace('’', "'");
        matches!(word.as_str(), "not" | "never") || word.ends_with("n't")
    })
}

/// The first boundary of characters at or after a byte.
fn boundary(text: &str, byte: usize) -> usize {
    (byte..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// The text without characters that nobody sees, and where each of its bytes stood; nothing where there are none.
fn without_hidden(text: &str) -> (std::borrow::Cow<'_, str>, Option<Vec<usize>>) {
    let is_hidden = |letter: char| {
        matches!(
            letter,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
    };
    if !text.chars().any(is_hidden) {
        return (text.into(), None);
    }
    let mut visible = String::with_capacity(text.len());
    let mut positions = Vec::with_capacity(text.len());
    for (byte, letter) in text
        .char_indices()
        .filter(|(_, letter)| !is_hidden(*letter))
    {
        visible.push(letter);
        positions.extend(byte..byte + letter.len_utf8());
    }
    (visible.into(), Some(positions))
}

/// The sentence or line around a match, no further than so many characters and not before `floor`, without white space at its
/// ends.
fn sentence_around(text: &str, floor: usize, start: usize, end: usize) -> (usize, usize) {
    // The dot of `1.0` ends nothing.
    let ends = |at: usize, letter: char| match letter {
        '.' => text[at + 1..]
            .chars()
            .next()
            .is_none_or(char::is_whitespace),
        _ => matches!(letter, '!' | '?' | '\n' | '。' | '！' | '？' | '।'),
    };
    let before: Option<(usize, char)> = text[..start]
        .char_indices()
        .rev()
        .take(MAX_AROUND)
        .find(|(at, letter)| ends(*at, *letter));
    let first = before.map_or_else(
        || {
            let far = text[..start].char_indices().rev().take(MAX_AROUND).last();
            far.map_or(start, |(at, _)| at)
        },
        |(at, letter)| at + letter.len_utf8(),
    );
    let first = first.max(floor.min(start));
    let mut last = end;
    let closing = text[..end].char_indices().next_back();
    if !closing.is_some_and(|(at, letter)| ends(at, letter)) {
        for (at, letter) in text[end..].char_indices().take(MAX_AROUND) {
            if letter == '\n' {
                break;
            }
            last = end + at + letter.len_utf8();
            if ends(end + at, letter) {
                break;
            }
        }
    }
    let whole = &text[first..last];
    let skipped = whole.len() - whole.trim_start().len();
    (first + skipped, first + whole.trim_end().len())
}

#[cfg(test)]
mod tests;
