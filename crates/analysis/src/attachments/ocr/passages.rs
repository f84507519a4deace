//! Words become passages: lines are joined to sentences where they were wrapped, rows keep their lines, and a sentence with a word
//! that is doubtful or missing is left out whole. Without the word it could say the opposite.

use std::ops::Range;

use super::lines::{Block, Follows, Line, blocks, leads_on, turn_upright};
use super::table::{Area, Word};
use crate::language::sentences::sentences;

/// A word that OCR is less sure of than this is not taken, in percent.
const MIN_WORD: u8 = 70;
/// The same of a word with a figure in it: no word beside it says that a figure was taken for another.
const MIN_FIGURE: u8 = 80;
/// Below this mean nothing of a picture is taken: it is no text, or none that can be read.
const MIN_MEAN: u8 = 70;

/// Signs that stand by themselves as words do.
const SIGNS: &str = "&+-–—−±×÷=/%‰€£$¥§©®™#@*•·…<>≤≥.,:;!?()[]\"'“”‘’";

/// A sentence or a line of the picture, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Of a picture with several, counted from 1.
    pub page: u32,
    pub text: String,
    /// How sure OCR is of the word that it is least sure of.
    pub percent: u8,
    pub area: Area,
    /// What parts it from the passage before.
    pub separator: &'static str,
    /// Whether it begins a part of the picture, or words before it were left out.
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
        /// How many words are missing or not sure; the sentences around them are left out too.
        doubtful: usize,
    },
}

/// Puts words together, which are in the order of reading.
pub fn recognised(mut words: Vec<Word>) -> Recognised {
    let Ok(count @ 1..) = u64::try_from(words.len()) else {
        return Recognised::Nothing;
    };
    let sum: u64 = words.iter().map(|word| u64::from(word.confidence)).sum();
    let mean = u8::try_from(sum / count).unwrap_or(0);
    if mean < MIN_MEAN {
        return Recognised::Unsure { percent: mean };
    }
    turn_upright(&mut words);
    let mut passages = Vec::new();
    let mut doubtful = 0;
    let mut after_gap = true;
    let stretches = stretches(&words);
    let has_full_stops = stretches
        .iter()
        .any(|stretch| stretch.text.contains(". ") || stretch.text.ends_with('.'));
    let mut is_cut = false;
    for (at, stretch) in stretches.iter().enumerate() {
        // What follows a sentence without an end is its end, or has lost its beginning.
        let is_tail = is_cut && !stretch.begins_block;
        is_cut = stretch.is_cut(has_full_stops, stretches.get(at + 1));
        let mut separator = stretch.separator;
        // The previous text is in another part of the picture, or of the file.
        after_gap |= stretch.begins_block;
        for bytes in stretch.sentences() {
            let inside: Vec<&Word> = stretch.words_in(&bytes).collect();
            let unsure = inside.iter().filter(|word| is_doubtful(word)).count();
            let is_last = bytes.end == stretch.text.len();
            let is_without = is_cut && is_last || is_tail && bytes.start == 0;
            let unsure = unsure + stretch.missing_in(&bytes) + usize::from(is_without);
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
    let areas = || words.iter().map(|word| word.area);
    let left = areas().map(|area| area.left).min()?;
    let top = areas().map(|area| area.top).min()?;
    let right = areas().map(|area| area.right()).max()?;
    let bottom = areas().map(|area| area.bottom()).max()?;
    Some(Passage {
        page: words.first()?.page,
        text,
        percent: words.iter().map(|word| word.confidence).min()?,
        area: Area {
            left,
            top,
            width: right - left,
            height: bottom - top,
        },
        separator: "",
        after_gap: false,
    })
}

fn is_doubtful(word: &Word) -> bool {
    // A stain is taken for a stroke or an odd sign, and so is the word beneath it.
    if word
        .text
        .chars()
        .all(|c| !c.is_alphanumeric() && !SIGNS.contains(c))
    {
        return true;
    }
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
    /// Before which bytes words are missing.
    missing: Vec<usize>,
    separator: &'static str,
    begins_block: bool,
    is_row: bool,
    is_wrapped: bool,
}

impl<'w> Stretch<'w> {
    fn begin(line: &Line<'w>, before: Option<&Line<'_>>) -> Self {
        let paragraph = |line: &Line<'_>| line.words.first().map(|word| word.paragraph);
        let is_same = before.is_some_and(|before| paragraph(before) == paragraph(line));
        let mut begun = Self {
            text: String::new(),
            words: Vec::new(),
            missing: Vec::new(),
            separator: if is_same { "\n" } else { "\n\n" },
            begins_block: before.is_none(),
            is_row: line.is_row(),
            is_wrapped: false,
        };
        // The end of a sentence whose beginning is elsewhere or was not recognized.
        let first = line.words.first();
        if first.is_some_and(|word| word.text.starts_with(char::is_lowercase)) {
            begun.missing.push(0);
        }
        begun.push_line(line);
        begun
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

    fn missing_in(&self, bytes: &Range<usize>) -> usize {
        let inside = self.missing.iter().filter(|at| bytes.contains(at));
        inside.count()
    }

    fn push(&mut self, word: &'w Word, separator: &str) {
        self.text.push_str(separator);
        let start = self.text.len();
        self.text.push_str(&word.text);
        self.words.push((start..self.text.len(), word));
    }

    fn push_line(&mut self, line: &Line<'w>) {
        let mut words = line.words.iter();
        let Some(mut before) = words.next() else {
            return;
        };
        self.go_on(before);
        let line_start = self.text.len() - before.text.len();
        for word in words {
            if !line.is_gap(before, word) {
                self.push(word, " ");
            } else if self.is_row {
                self.push(word, "\t");
            } else {
                self.push(word, " ");
                self.missing.push(self.text.len() - word.text.len());
            }
            before = word;
        }
        // Text beside it belongs to its first sentence or to its last.
        if line.is_torn {
            let ends = [line_start, self.text.len() - before.text.len()];
            self.missing.extend(ends);
        }
    }

    /// Goes on with a line that was wrapped; a word that was broken for it is closed.
    fn go_on(&mut self, word: &'w Word) {
        let broken = self.text.strip_suffix('-').is_some_and(|rest| {
            rest.ends_with(char::is_alphabetic) && word.text.starts_with(char::is_lowercase)
        });
        if broken {
            self.text.pop();
        }
        let is_first = self.text.is_empty();
        self.push(word, if broken || is_first { "" } else { " " });
    }

    /// Whether the end of its last sentence was not recognized or is elsewhere: headings and labels have none, but are not
    /// wrapped where sentences have full stops.
    fn is_cut(&self, has_full_stops: bool, next: Option<&Self>) -> bool {
        let goes_on = next.is_some_and(|next| next.text.starts_with(char::is_lowercase));
        let last = self.words.last().map(|(_, word)| *word);
        let leads_on = last.is_some_and(|word| leads_on(std::slice::from_ref(word)));
        let is_without_end = self.is_wrapped && has_full_stops;
        !self.is_row && self.is_open() && (goes_on || leads_on || is_without_end)
    }

    fn is_open(&self) -> bool {
        !self
            .text
            .ends_with(['.', '!', '?', ':', ';', '…', '"', '”', ')'])
    }
}

fn stretches(words: &[Word]) -> Vec<Stretch<'_>> {
    let mut found: Vec<Stretch<'_>> = Vec::new();
    for lines in blocks(words) {
        let block = Block::of(&lines);
        let mut before: Option<&Line<'_>> = None;
        for line in &lines {
            let follows = match (before, found.last()) {
                (Some(before), Some(open)) if !open.is_row && !line.is_row() => {
                    line.follows(before, &block, open.is_open())
                }
                _ => Follows::Apart,
            };
            match found.last_mut().filter(|_| follows != Follows::Apart) {
                Some(open) => {
                    if follows == Follows::WithGap {
                        open.missing.push(open.text.len());
                    }
                    open.push_line(line);
                    open.is_wrapped = true;
                }
                None => found.push(Stretch::begin(line, before)),
            }
            before = Some(line);
        }
    }
    found
}

#[cfg(test)]
mod tests;
