//! Words become passages: lines are joined to sentences where they were wrapped, rows keep their lines, and a sentence with a word
//! that OCR is not sure of is left out whole. Without the word it could say the opposite.

use std::ops::Range;

use super::table::Word;
use crate::language::sentences::sentences;

/// A word that OCR is less sure of than this is not taken, in percent.
const MIN_WORD: u8 = 70;
/// The same of a word with a figure in it: no word beside it says that a figure was taken for another.
const MIN_FIGURE: u8 = 80;
/// Below this mean nothing of a picture is taken: it is no text, or none that can be read.
const MIN_MEAN: u8 = 70;
/// A gap of more than this many heights of the line parts the cells of a row.
const CELL_GAP: u32 = 2;

/// A sentence or a line, as it stands in the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Of a picture with several, counted from 1.
    pub page: u32,
    pub text: String,
    /// How sure OCR is of the word that it is least sure of.
    pub percent: u8,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    /// What parts it from the passage before.
    pub separator: &'static str,
    /// Whether it is the first, or words between were left out.
    pub after_gap: bool,
}

/// What OCR made of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognised {
    /// There are no words in it.
    Nothing,
    /// OCR is so little sure of its words that none are taken.
    Unsure { percent: u8 },
    Words {
        passages: Vec<Passage>,
        /// How many words OCR was not sure of; the sentences around them are left out too.
        doubtful: usize,
    },
}

/// Puts words together, which are in the order of reading.
pub fn recognised(words: &[Word]) -> Recognised {
    let Ok(count @ 1..) = u64::try_from(words.len()) else {
        return Recognised::Nothing;
    };
    let sum: u64 = words.iter().map(|word| u64::from(word.confidence)).sum();
    let mean = u8::try_from(sum / count).unwrap_or(0);
    if mean < MIN_MEAN {
        return Recognised::Unsure { percent: mean };
    }
    let mut passages = Vec::new();
    let mut doubtful = 0;
    // What stands in the file before is not what the picture goes on with.
    let mut after_gap = true;
    for stretch in stretches(words) {
        let mut separator = stretch.separator;
        for bytes in stretch.sentences() {
            let inside: Vec<&Word> = stretch.words_in(&bytes).collect();
            let unsure = inside.iter().filter(|word| is_doubtful(word)).count();
            if unsure > 0 {
                doubtful += unsure;
                after_gap = true;
                separator = "\n\n";
                continue;
            }
            let text = stretch.text[bytes].to_owned();
            if let Some(passage) = passage(&inside, text) {
                passages.push(Passage {
                    separator,
                    after_gap,
                    ..passage
                });
                after_gap = false;
            }
            separator = " ";
        }
    }
    Recognised::Words { passages, doubtful }
}

fn passage(words: &[&Word], text: String) -> Option<Passage> {
    let left = words.iter().map(|word| word.left).min()?;
    let top = words.iter().map(|word| word.top).min()?;
    let right = words.iter().map(|word| word.right()).max()?;
    let bottom = words.iter().map(|word| word.bottom()).max()?;
    Some(Passage {
        page: words.first()?.page,
        text,
        percent: words.iter().map(|word| word.confidence).min()?,
        left,
        top,
        width: right - left,
        height: bottom - top,
        separator: "",
        after_gap: false,
    })
}

fn is_doubtful(word: &Word) -> bool {
    let least = if word.text.contains(|c: char| c.is_numeric()) {
        MIN_FIGURE
    } else {
        MIN_WORD
    };
    word.confidence < least
}

/// Lines that go on with each other.
struct Stretch<'w> {
    text: String,
    words: Vec<(Range<usize>, &'w Word)>,
    separator: &'static str,
    is_row: bool,
}

impl<'w> Stretch<'w> {
    fn new(separator: &'static str) -> Self {
        Self {
            text: String::new(),
            words: Vec::new(),
            separator,
            is_row: false,
        }
    }

    fn sentences(&self) -> Vec<Range<usize>> {
        if self.is_row {
            return std::iter::once(0..self.text.len()).collect();
        }
        let found = sentences(&self.text).into_iter();
        found.map(|sentence| sentence.bytes).collect()
    }

    fn words_in(&self, bytes: &Range<usize>) -> impl Iterator<Item = &'w Word> {
        let overlaps = |range: &Range<usize>| range.start < bytes.end && bytes.start < range.end;
        self.words
            .iter()
            .filter(move |(range, _)| overlaps(range))
            .map(|(_, word)| *word)
    }

    fn push(&mut self, word: &'w Word, separator: &str) {
        self.text.push_str(separator);
        let start = self.text.len();
        self.text.push_str(&word.text);
        self.words.push((start..self.text.len(), word));
    }

    /// Goes on with a line that was wrapped; a word that was broken for it is closed.
    fn go_on(&mut self, word: &'w Word) {
        let broken = self.text.strip_suffix('-').is_some_and(|rest| {
            rest.ends_with(char::is_alphabetic) && word.text.starts_with(char::is_lowercase)
        });
        if broken {
            self.text.pop();
        }
        self.push(word, if broken { "" } else { " " });
    }

    fn is_open(&self) -> bool {
        !self
            .text
            .ends_with(['.', '!', '?', ':', ';', '…', '"', '”', ')'])
    }
}

/// A line of the picture.
struct Line<'w> {
    words: &'w [Word],
    right: u32,
    height: u32,
}

impl<'w> Line<'w> {
    fn of(words: &'w [Word]) -> Self {
        Self {
            words,
            right: words.iter().map(Word::right).max().unwrap_or(0),
            height: words.iter().map(|word| word.height).max().unwrap_or(0),
        }
    }

    fn is_gap(&self, before: &Word, after: &Word) -> bool {
        let gap = after.left.saturating_sub(before.right());
        gap > self.height.saturating_mul(CELL_GAP)
    }

    fn is_row(&self) -> bool {
        self.words
            .windows(2)
            .any(|pair| self.is_gap(&pair[0], &pair[1]))
    }

    /// Whether a word would still have fitted behind it within a block that ends at `edge`.
    fn has_room_for(&self, word: &Word, edge: u32) -> bool {
        let space = self.height / 3;
        let end = u64::from(self.right) + u64::from(space) + u64::from(word.width);
        end < u64::from(edge)
    }
}

fn stretches(words: &[Word]) -> Vec<Stretch<'_>> {
    let of_block = |word: &Word| (word.page, word.block);
    let of_line = |word: &Word| (word.paragraph, word.line);
    let mut found: Vec<Stretch<'_>> = Vec::new();
    for block in words.chunk_by(|one, other| of_block(one) == of_block(other)) {
        let lines = block.chunk_by(|one, other| of_line(one) == of_line(other));
        let lines: Vec<Line<'_>> = lines.map(Line::of).collect();
        let edge = lines.iter().map(|line| line.right).max().unwrap_or(0);
        let mut before: Option<&Line<'_>> = None;
        for line in &lines {
            let Some(first) = line.words.first() else {
                continue;
            };
            let is_row = line.is_row();
            let paragraph = |line: &Line<'_>| line.words.first().map(|word| word.paragraph);
            let is_same_paragraph =
                before.is_some_and(|before| paragraph(before) == Some(first.paragraph));
            let goes_on = match (before, found.last()) {
                (Some(before), Some(open)) if !is_row && !open.is_row => {
                    let is_sentence = open.is_open() && first.text.starts_with(char::is_lowercase);
                    is_sentence || (is_same_paragraph && !before.has_room_for(first, edge))
                }
                _ => false,
            };
            let mut rest = line.words.iter();
            match found.last_mut().filter(|_| goes_on) {
                Some(open) => rest.next().into_iter().for_each(|word| open.go_on(word)),
                None => found.push(Stretch::new(if is_same_paragraph { "\n" } else { "\n\n" })),
            }
            if let Some(open) = found.last_mut() {
                open.is_row |= is_row;
                let mut previous = goes_on.then_some(first);
                for word in rest {
                    let separator = match previous {
                        None => "",
                        Some(previous) if line.is_gap(previous, word) => "\t",
                        Some(_) => " ",
                    };
                    open.push(word, separator);
                    previous = Some(word);
                }
            }
            before = Some(line);
        }
    }
    found
}

#[cfg(test)]
mod tests;
