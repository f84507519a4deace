//! SubRip and WebVTT: what was said, as running text, with the second at which each cue begins. Numbers, times, styles and notes
//! are no text; who speaks is.

mod cues;
mod rolling;
mod tags;

use crate::attachments::draft::{Draft, Reading};
use clara_domain::evidence::ReadUnit;
use cues::Cue;
use rolling::Rolling;

/// A silence this long, in seconds, ends a paragraph.
const PAUSE: f64 = 4.0;

/// Reads subtitles of either kind.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let clean = draft.clean(text);
    let found = cues::cues(&clean);
    for line in &found.broken {
        draft.unread_line(
            *line,
            "The cue's times could not be read; what it says was added to the cue before it. Correct the line if the second \
             matters.",
        );
    }
    let of = found.cues.len() + found.broken.len();
    let mut read = 0;
    let mut said = Spoken::default();
    for cue in &found.cues {
        if draft.is_full() {
            break;
        }
        read += 1;
        said.cue(cue, &mut draft);
    }
    if draft.is_empty() {
        return Reading::refused(
            "The file has no subtitles: no line with two times and an arrow (-->). Name it .txt if it is plain text.",
        );
    }
    draft.share(ReadUnit::Cues, read - usize::from(draft.is_full()), of);
    draft.finish()
}

/// What was said so far.
#[derive(Default)]
struct Spoken {
    rolling: Rolling,
    ended: f64,
    /// Whether the sentence goes on.
    is_open: bool,
    speaker: String,
}

impl Spoken {
    fn cue(&mut self, cue: &Cue, draft: &mut Draft) {
        let lines = self.rolling.new_lines(cue);
        let mut separator = if self.is_open && cue.start - self.ended < PAUSE {
            " "
        } else {
            "\n"
        };
        let mut placed = false;
        for line in lines {
            let spoken = tags::spoken(&line);
            if spoken.text.is_empty() {
                continue;
            }
            let changes = spoken
                .speaker
                .as_ref()
                .is_some_and(|name| *name != self.speaker);
            if changes || spoken.is_turn {
                separator = "\n";
            }
            let mut text = String::new();
            if let Some(name) = spoken.speaker
                && (changes || !self.is_open)
            {
                text.push_str(&name);
                text.push_str(": ");
                self.speaker = name;
            }
            text.push_str(&spoken.text);
            if placed {
                draft.separate_by(separator);
            } else {
                draft.place(None, Some(cue.start), separator);
                placed = true;
            }
            draft.push(&text);
            self.is_open =
                !text.ends_with(['.', '!', '?', '…', '"', '”', ']', '。', '！', '？', '♪']);
            separator = " ";
        }
        self.ended = cue.end;
    }
}

#[cfg(test)]
mod tests;
