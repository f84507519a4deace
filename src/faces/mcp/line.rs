//! Splits bytes into lines. What cannot be read is an item like others and no error: after an error the framing waits for
//! more input before it looks at the lines that it already holds.

use std::io;

use bytes::{Buf as _, BytesMut};
use tokio_util::codec::Decoder;

/// A line as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Text(String),
    TooLong,
    NotUtf8,
}

/// Reads lines of at most `max_bytes`; the rest of a longer one is passed over.
#[derive(Debug)]
pub struct LineDecoder {
    max_bytes: usize,
    /// How many bytes were searched for the end of the line.
    searched: usize,
    is_discarding: bool,
}

impl LineDecoder {
    pub fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            searched: 0,
            is_discarding: false,
        }
    }

    fn line(&self, mut bytes: &[u8]) -> Line {
        if self.is_discarding || bytes.len() > self.max_bytes {
            return Line::TooLong;
        }
        while let [rest @ .., b'\r' | b'\n'] = bytes {
            bytes = rest;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Line::Text(text.to_owned()),
            Err(_) => Line::NotUtf8,
        }
    }
}

impl Decoder for LineDecoder {
    type Item = Line;
    type Error = io::Error;

    fn decode(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Line>> {
        let unsearched = bytes.iter().skip(self.searched);
        let Some(end) = unsearched.copied().position(|byte| byte == b'\n') else {
            if bytes.len() > self.max_bytes {
                self.is_discarding = true;
                bytes.clear();
            }
            self.searched = bytes.len();
            return Ok(None);
        };
        let whole = bytes.split_to(self.searched + end + 1);
        let line = self.line(&whole);
        self.searched = 0;
        self.is_discarding = false;
        Ok(Some(line))
    }

    fn decode_eof(&mut self, bytes: &mut BytesMut) -> io::Result<Option<Line>> {
        if let Some(line) = self.decode(bytes)? {
            return Ok(Some(line));
        }
        if bytes.is_empty() && !self.is_discarding {
            return Ok(None);
        }
        let line = self.line(bytes);
        bytes.advance(bytes.len());
        self.searched = 0;
        self.is_discarding = false;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_what_cannot_be_read() {
        let mut decoder = LineDecoder::new(8);
        let mut bytes = BytesMut::from(&b"one\r\n\xff\xfe\nfar too long\ntwo\nlo"[..]);
        let mut read = Vec::new();
        while let Some(line) = decoder.decode(&mut bytes).unwrap() {
            read.push(line);
        }
        // A line of which no end comes is passed over piece by piece.
        bytes.extend_from_slice(b"ng and longer");
        assert_eq!(decoder.decode(&mut bytes).unwrap(), None);
        assert!(bytes.is_empty());
        bytes.extend_from_slice(b" still\nend");
        while let Some(line) = decoder.decode_eof(&mut bytes).unwrap() {
            read.push(line);
        }
        let text = |text: &str| Line::Text(text.to_owned());
        let expected = [
            text("one"),
            Line::NotUtf8,
            Line::TooLong,
            text("two"),
            Line::TooLong,
            text("end"),
        ];
        assert_eq!(read, expected);
    }
}
