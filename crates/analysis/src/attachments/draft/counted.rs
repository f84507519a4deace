//! Byte ranges as code points.

use std::ops::Range;

use clara_domain::text::Span;

/// Turns byte ranges of a text into spans, in one walk where they ascend.
pub struct Counted<'a> {
    text: &'a str,
    first: usize,
    byte: usize,
    characters: usize,
}

impl<'a> Counted<'a> {
    /// `first` is where the text begins.
    pub fn new(text: &'a str, first: usize) -> Self {
        Self {
            text,
            first,
            byte: 0,
            characters: 0,
        }
    }

    fn position(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.characters) = (0, 0);
        }
        self.characters += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.first + self.characters
    }

    /// A range as a span.
    pub fn span(&mut self, range: &Range<usize>) -> Span {
        let start = self.position(range.start);
        Span::new(start, self.position(range.end))
    }
}
