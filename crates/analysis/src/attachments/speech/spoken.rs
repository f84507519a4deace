//! Speech as text: running sentences, each stretch with its second. What the recogniser is not sure of is left out with the
//! sentences that it is part of, for without it they could say the opposite.

use super::notes::doubtful_segments;
use super::{Segment, add_note};
use crate::attachments::draft::{Draft, Reading, SpokenPlace};
use crate::language::sentences::sentences;

/// A silence this long, in seconds, ends a paragraph.
const PAUSE: f64 = 4.0;
/// How sure a recogniser is taken to be that does not say it, in percent.
const UNSTATED_PERCENT: u8 = 80;

/// A stretch of a recording that was heard at once.
#[derive(Debug)]
pub struct Piece {
    /// Where it begins in the recording, in seconds.
    pub offset: f64,
    /// As [`super::heard::segments`] gives them, from the piece's beginning.
    pub segments: Vec<Segment>,
}

/// Adds what was heard to the text of its file, and names what was left out. `word` is what the file is called.
pub fn add_speech(mut reading: Reading, word: &str, pieces: Vec<Piece>) -> Reading {
    // Its characters are counted anew.
    reading.read = None;
    let mut doubtful = 0;
    let mut runs: Vec<Vec<Segment>> = Vec::new();
    for piece in pieces {
        // What is said over the border of two pieces was cut.
        runs.push(Vec::new());
        for mut segment in piece.segments {
            segment.start += piece.offset;
            segment.end += piece.offset;
            if segment.is_doubtful {
                doubtful += 1;
                runs.push(Vec::new());
            } else if let Some(run) = runs.last_mut() {
                run.push(segment);
            }
        }
    }
    let last = runs.len().saturating_sub(1);
    let mut draft = Draft::resume(reading);
    let before = draft.characters();
    for (at, run) in runs.iter().enumerate() {
        Run::of(run).write(at > 0, at < last, &mut draft);
    }
    let is_silent = draft.characters() == before;
    let mut reading = draft.finish();
    if doubtful > 0 {
        add_note(&mut reading, doubtful_segments(word, doubtful));
    } else if is_silent {
        add_note(&mut reading, format!("No speech was heard in the {word}."));
    }
    reading
}

/// Segments that follow each other without a gap.
struct Run<'s> {
    text: String,
    /// Where each begins in the text, in bytes.
    segments: Vec<(usize, &'s Segment)>,
}

impl<'s> Run<'s> {
    fn of(segments: &'s [Segment]) -> Self {
        let mut run = Self {
            text: String::new(),
            segments: Vec::new(),
        };
        let mut ended = 0.0;
        for segment in segments {
            if !run.text.is_empty() {
                let is_apart = segment.start - ended >= PAUSE;
                run.text.push_str(if is_apart { "\n" } else { " " });
            }
            run.segments.push((run.text.len(), segment));
            let words: Vec<&str> = segment.text.split_whitespace().collect();
            run.text.push_str(&words.join(" "));
            ended = segment.end;
        }
        run
    }

    /// Writes its whole sentences.
    fn write(&self, after_gap: bool, before_gap: bool, draft: &mut Draft) {
        let found = sentences(&self.text);
        let mut kept = found.as_slice();
        if after_gap {
            kept = kept.get(1..).unwrap_or_default();
        }
        if before_gap && let Some((last, others)) = kept.split_last() {
            let is_whole = self.text[last.bytes.clone()]
                .trim_end()
                .ends_with(['.', '!', '?', '…']);
            if !is_whole {
                kept = others;
            }
        }
        let (Some(first), Some(last)) = (kept.first(), kept.last()) else {
            return;
        };
        let kept = first.bytes.start..last.bytes.end;
        let mut is_first = true;
        for (at, (start, segment)) in self.segments.iter().enumerate() {
            let end = self
                .segments
                .get(at + 1)
                .map_or(self.text.len(), |next| next.0);
            let (start, end) = ((*start).max(kept.start), end.min(kept.end));
            if start >= end {
                continue;
            }
            let separator = match self.text[..start].chars().next_back() {
                _ if is_first => "\n\n",
                Some('\n') => "\n",
                _ => " ",
            };
            draft.spoken_place(SpokenPlace {
                seconds: segment.start,
                percent: segment.percent.unwrap_or(UNSTATED_PERCENT).min(100),
                is_stated: segment.percent.is_some(),
                after_gap: after_gap && is_first,
                separator,
            });
            draft.push(self.text[start..end].trim_end());
            is_first = false;
        }
    }
}

#[cfg(test)]
mod tests;
