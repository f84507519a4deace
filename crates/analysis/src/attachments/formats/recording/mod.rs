//! Recordings and films: what the file says of itself, as sentences: its format, length, sound and picture, what its tags name, and by its
//! content credentials (C2PA) how it was made and edited. No sound is decoded. What is said in it is heard by the speech recogniser, where one is set up.

mod container;
mod sentences;
mod tags;

use crate::attachments::draft::{Draft, Reading, Recorded};
use crate::attachments::formats::c2pa;
use crate::attachments::recognise::RecordingKind;
use container::{Container, Length};

/// Reads what the file says of the recording.
pub fn read(kind: RecordingKind, bytes: &[u8], mut draft: Draft) -> Reading {
    let Some(container) = Container::open(bytes) else {
        return Reading::refused(
            "The file begins as a recording, but what is in it could not be found: it is damaged, cut off, or of a kind that is not \
             read. Save it again, or hand in what is said as .srt, .vtt or .txt.",
        );
    };
    if container.audio.is_none() && container.video.is_none() {
        return Reading::refused(
            "The file has neither sound nor pictures in a form that is read here. Save it as MP3, WAV or MP4.",
        );
    }
    let word = if container.video.is_some() {
        "video"
    } else {
        "recording"
    };
    sentences::write(word, kind, &container, &mut draft);
    let credentials = c2pa::of(kind, bytes);
    c2pa::write(word, &credentials, &mut draft);
    let said = |length: f64| sentences::length(length);
    match container.length {
        Length::Known(_) => {}
        Length::Unknown => draft.unread(
            None,
            format!("How long the {word} is could not be found out."),
        ),
        Length::Differs { claimed, found } => draft.unread(
            None,
            format!(
                "The file says that the {word} is {} long, but only {} of it are there: it was cut off or is damaged. Its length is \
                 not taken as a fact. Save it again.",
                said(claimed),
                said(found)
            ),
        ),
        Length::Absurd { claimed } => draft.unread(
            None,
            format!(
                "The file says that the {word} is {} long, which its {} bytes cannot hold; that is not taken as a fact.",
                said(claimed),
                bytes.len()
            ),
        ),
    }
    if container.is_broken {
        draft.unread(
            None,
            format!(
                "The {word} is damaged from some point on. Save it again if what follows matters."
            ),
        );
    }
    // Last, for the place that is no evidence goes on to the end.
    c2pa::write_distrusted(word, &credentials, &mut draft);
    draft.about().recorded = Some(Recorded {
        kind,
        is_film: container.video.is_some(),
        has_sound: container.audio.is_some(),
        seconds: match container.length {
            Length::Known(seconds) => Some(seconds),
            _ => None,
        },
        subtitles: container.subtitles,
    });
    draft.finish()
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
