//! `whisper-cli` of whisper.cpp, which hears on this machine: where it is, and what its lines mean.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::{Segment, Transcript};
use crate::attachments::programs;

/// The program and its model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhisperCli {
    pub(crate) program: Option<PathBuf>,
    pub(crate) model: PathBuf,
}

impl WhisperCli {
    /// Looks for the program in the folders of `path`, which is written as `PATH` is; `model` is a file of weights.
    pub fn find(path: Option<&OsStr>, model: &Path) -> Self {
        Self {
            program: programs::find(&programs::folders(path), "whisper-cli"),
            // A rule about files holds for what a link points to.
            model: model.canonicalize().unwrap_or_else(|_| model.to_owned()),
        }
    }
}

/// `[00:00:01.500 --> 00:00:03.000]   The bridge was opened.`, a line a segment. Other lines are not its words.
pub fn segments_of(output: &str) -> Transcript {
    let segments = output.lines().filter_map(segment).collect();
    Transcript {
        text: String::new(),
        segments,
    }
}

fn segment(line: &str) -> Option<Segment> {
    let (times, text) = line.trim().strip_prefix('[')?.split_once(']')?;
    let (start, end) = times.split_once("-->")?;
    Some(Segment {
        start: seconds(start)?,
        end: seconds(end)?,
        text: text.trim().to_owned(),
        percent: None,
        is_doubtful: false,
    })
}

fn seconds(time: &str) -> Option<f64> {
    let mut total = 0.0;
    for part in time.trim().split(':') {
        let part: f64 = part.parse().ok()?;
        total = total * 60.0 + part;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_whisper_cli_are_segments() {
        let output = "\n[00:00:00.000 --> 00:00:02.900]   The bridge was opened in 1933.\nwhisper_print_timings: 3\n[01:00:02.900 --> \
                      01:00:05.740]   [BLANK_AUDIO]\n[x --> y] no\n";
        let heard = segments_of(output).segments;
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert_eq!((heard[0].start, heard[0].end), (0.0, 2.9));
        assert_eq!(heard[0].text, "The bridge was opened in 1933.");
        assert!((heard[1].start - 3_602.9).abs() < 1e-6);
    }
}
