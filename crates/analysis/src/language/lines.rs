//! Lines of a text and the blocks they form: headings, list items, table rows and paragraphs whose lines were wrapped.
//! It must not know where a sentence ends.

use std::ops::Range;

/// What kind of block a stretch of text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Marked as a heading (`#`).
    Heading,
    /// After a bullet or a number.
    Item,
    /// A line of a table or a record.
    Row,
    /// Running text.
    Prose,
}

/// Lines that belong together: bytes of the text, without markers and outer white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub bytes: Range<usize>,
    pub kind: Kind,
}

struct Line {
    bytes: Range<usize>,
    kind: Kind,
    characters: usize,
}

/// A line narrower than this was not wrapped because it was full.
const WRAPPED_FROM: usize = 45;

/// The blocks of a text, in order.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut paragraph: Vec<Line> = Vec::new();
    let mut start = 0;
    for raw in text.split_inclusive(['\n', '\r', '\u{c}', '\u{2028}', '\u{2029}']) {
        let end = start + raw.len();
        match read_line(text, start..end) {
            // A carriage return before a line feed ends no paragraph of its own.
            None if raw == "\n" && text[..start].ends_with('\r') => {}
            None => close(text, &mut paragraph, &mut found),
            Some(line) => {
                if line.kind != Kind::Prose {
                    close(text, &mut paragraph, &mut found);
                }
                let alone = matches!(line.kind, Kind::Heading | Kind::Row);
                paragraph.push(line);
                if alone {
                    close(text, &mut paragraph, &mut found);
                }
            }
        }
        start = end;
    }
    close(text, &mut paragraph, &mut found);
    found
}

fn read_line(text: &str, bytes: Range<usize>) -> Option<Line> {
    let raw = &text[bytes.clone()];
    let mut rest = raw.trim();
    while let Some(quoted) = rest.strip_prefix('>') {
        rest = quoted.trim_start();
    }
    let (content, kind) = marked(rest);
    let content = content.trim();
    if !content.chars().any(char::is_alphanumeric) {
        return None;
    }
    let offset = content.as_ptr() as usize - text.as_ptr() as usize;
    Some(Line {
        bytes: offset..offset + content.len(),
        kind,
        characters: content.chars().count(),
    })
}

/// The line without its marker, and what the marker says.
fn marked(line: &str) -> (&str, Kind) {
    if line.starts_with('#') {
        return (
            line.trim_start_matches('#').trim_end_matches('#'),
            Kind::Heading,
        );
    }
    if line.starts_with('|') || line.contains('\t') {
        return (line.trim_matches('|'), Kind::Row);
    }
    let mut letters = line.chars();
    if let Some(first) = letters.next()
        && "-*+•‣◦·–—▪●".contains(first)
        && letters.as_str().starts_with(char::is_whitespace)
    {
        return (letters.as_str(), Kind::Item);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let lettered =
        usize::from(digits == 0 && line.starts_with(|first: char| first.is_ascii_lowercase()));
    let marker = digits.max(lettered);
    if (1..=3).contains(&marker) {
        let rest = &line[marker..];
        if let Some(after) = rest
            .strip_prefix(')')
            .or(rest.strip_prefix(if lettered == 1 { ")" } else { "." }))
            && after.starts_with(char::is_whitespace)
        {
            return (after, Kind::Item);
        }
    }
    (line, Kind::Prose)
}

fn close(text: &str, paragraph: &mut Vec<Line>, found: &mut Vec<Block>) {
    let widest = paragraph
        .iter()
        .map(|line| line.characters)
        .max()
        .unwrap_or(0);
    let mut last: Option<(&Line, Block)> = None;
    for line in paragraph.iter() {
        last = match last.take() {
            Some((previous, mut block)) if continues(text, previous, line, widest) => {
                block.bytes.end = line.bytes.end;
                Some((line, block))
            }
            other => {
                found.extend(other.map(|(_, block)| block));
                Some((
                    line,
                    Block {
                        bytes: line.bytes.clone(),
                        kind: line.kind,
                    },
                ))
            }
        };
    }
    found.extend(last.map(|(_, block)| block));
    paragraph.clear();
}

/// Whether `next` goes on where `previous` was cut by the width of the page.
fn continues(text: &str, previous: &Line, next: &Line, widest: usize) -> bool {
    let (before, after) = (&text[previous.bytes.clone()], &text[next.bytes.clone()]);
    if let (Some(one), Some(other)) = (key(before), key(after))
        && one == other
    {
        return false;
    }
    if before.ends_with(':') {
        return after.starts_with(char::is_lowercase);
    }
    if before.ends_with(['.', '!', '?', ',', ';', '-']) || after.starts_with(char::is_lowercase) {
        return true;
    }
    let first_word = after
        .split_whitespace()
        .next()
        .map_or(0, |word| word.chars().count());
    // Wrapping puts a word on the next line only where it did not fit on this one.
    previous.characters >= WRAPPED_FROM && previous.characters + 1 + first_word > widest
}

/// `year` of `year: 2021; tonnes: 9`: lines with the same key are records, not one sentence.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(": ")?;
    (key.len() <= 40).then_some(key)
}
