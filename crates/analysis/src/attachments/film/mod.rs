//! Films, by `ffmpeg`: which program takes them apart, where their cuts are, and what is said of what was not read. Which process
//! runs it is [`super::extractor`]'s matter.

mod cuts;
mod tools;

pub(super) use cuts::cuts;
pub use tools::{
    Ffmpeg, INSTALL_FFMPEG_ON_DEBIAN, INSTALL_FFMPEG_ON_MACOS, INSTALL_FFMPEG_ON_WINDOWS,
};

use super::draft::{Draft, Reading, Recorded};
use super::speech::add_note;
use tools::INSTALL;

/// Says of a film that it was not taken apart.
pub(super) fn say_not_taken_apart(reading: &mut Reading, recorded: Recorded) {
    let sound = if recorded.has_sound {
        "said and shown"
    } else {
        "shown"
    };
    let reason = format!(
        "What is {sound} in the video was not read, for ffmpeg is not installed. Hand in a transcript (.srt, .vtt or .txt), or install \
         it where Clara runs: {INSTALL}"
    );
    add_note(reading, reason);
}

/// Adds a track of subtitles, as the reader of subtitles read it.
pub(super) fn add_subtitles(reading: Reading, track: u8, subtitles: Reading) -> Reading {
    let label = if track == 0 {
        "subtitles".to_owned()
    } else {
        format!("subtitles {}", track + 1)
    };
    let mut draft = Draft::resume(Reading {
        // Its characters are counted anew.
        read: None,
        ..reading
    });
    draft.append(&label, subtitles);
    draft.finish()
}
