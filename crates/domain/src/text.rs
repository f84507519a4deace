//! A text that is addressed by Unicode code points, as the report's positions are (W3C Web Annotation). Bytes and code
//! points are never mixed up outside this file.

use std::ops::Range;

/// A range of code points, end excluded.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// How many code points it covers.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Whether the two share a code point.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Every 64th code point's byte offset is remembered, so that a position is found without reading the whole text.
const STRIDE: usize = 64;

/// A text with an index from code points to bytes and back.
#[derive(Debug, Clone, Default)]
pub struct Text {
    content: String,
    marks: Vec<usize>,
    length: usize,
}

impl Text {
    /// Takes the text and builds its index.
    pub fn new(content: impl Into<String>) -> Self {
        let content = content.into();
        let mut marks = Vec::with_capacity(content.len() / STRIDE + 1);
        let mut length = 0;
        for (byte, _) in content.char_indices() {
            if length % STRIDE == 0 {
                marks.push(byte);
            }
            length += 1;
        }
        Self {
            content,
            marks,
            length,
        }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// Its length in code points.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The byte offset of a code point; the text's end for any position past it.
    pub fn byte_of(&self, position: usize) -> usize {
        if position >= self.length {
            return self.content.len();
        }
        let mark = self.marks[position / STRIDE];
        self.content[mark..]
            .char_indices()
            .nth(position % STRIDE)
            .map_or(self.content.len(), |(byte, _)| mark + byte)
    }

    /// The code point that begins at (or holds) a byte offset.
    pub fn position_of(&self, byte: usize) -> usize {
        let byte = byte.min(self.content.len());
        let block = self
            .marks
            .partition_point(|mark| *mark <= byte)
            .saturating_sub(1);
        let Some(mark) = self.marks.get(block) else {
            return 0;
        };
        block * STRIDE
            + self.content[*mark..]
                .char_indices()
                .take_while(|(offset, _)| mark + offset < byte)
                .count()
    }

    /// The span of a range of bytes.
    pub fn span_of(&self, bytes: Range<usize>) -> Span {
        Span::new(self.position_of(bytes.start), self.position_of(bytes.end))
    }

    /// What stands at `span`; positions past the end are cut.
    pub fn slice(&self, span: Span) -> &str {
        let start = self.byte_of(span.start);
        let end = self.byte_of(span.end).max(start);
        &self.content[start..end]
    }
}

impl From<&str> for Text {
    fn from(content: &str) -> Self {
        Self::new(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positions_are_code_points_and_come_back(content in "\\PC{0,300}", a in 0_usize..320, b in 0_usize..320) {
            let text = Text::new(content.clone());
            let (start, end) = (a.min(b), a.max(b));
            let expected: String = content.chars().skip(start).take(end - start).collect();
            prop_assert_eq!(text.slice(Span::new(start, end)), expected);
            prop_assert_eq!(text.position_of(text.byte_of(start)), start.min(text.len()));
        }
    }
}
