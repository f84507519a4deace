//! Recordings, and the places of what was heard in them.

use super::Draft;
use crate::attachments::recognise::RecordingKind;

/// A recording that may hold speech.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    pub kind: RecordingKind,
    /// Whether it has pictures too.
    pub is_film: bool,
    pub has_sound: bool,
    /// How long it is, where that is known.
    pub seconds: Option<f64>,
    /// How many tracks of subtitles it has.
    pub subtitles: u8,
}

impl Recorded {
    /// What a person calls it.
    pub fn word(&self) -> &'static str {
        if self.is_film { "video" } else { "recording" }
    }

    /// Whether it keeps the promises that the rest builds on.
    pub fn is_sound(&self) -> bool {
        self.seconds
            .is_none_or(|seconds| seconds.is_finite() && seconds >= 0.0)
    }
}

/// Where in a recording what follows is said, and how sure the recogniser is of it, in percent.
#[derive(Debug, Clone, Copy)]
pub struct SpokenPlace {
    pub seconds: f64,
    pub percent: u8,
    /// Whether the recogniser said how sure it is.
    pub is_stated: bool,
    pub after_gap: bool,
    pub separator: &'static str,
}

impl Draft {
    /// What follows was heard by a speech recogniser.
    pub fn spoken_place(&mut self, heard: SpokenPlace) {
        let name = if heard.is_stated {
            format!("by speech recognition, {} % sure", heard.percent)
        } else {
            "by speech recognition".to_owned()
        };
        self.named_place(&name, heard.separator);
        if let Some(place) = self.reading.places.last_mut()
            && place.start == self.characters
        {
            place.seconds = Some(heard.seconds);
            place.speech = Some(heard.percent);
            place.after_gap = heard.after_gap;
        }
    }
}
