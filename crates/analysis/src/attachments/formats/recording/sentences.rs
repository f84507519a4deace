//! Facts of a recording as plain sentences, which a claim can be checked against and which can be quoted.

use super::container::{Container, Length};
use crate::attachments::draft::Draft;
use crate::attachments::formats::dates::Moment;
use crate::attachments::recognise::RecordingKind;

/// Writes what is known. `word` is what the file is called: `recording` or `video`.
pub fn write(word: &str, kind: RecordingKind, container: &Container, draft: &mut Draft) {
    if let Length::Known(seconds) = container.length {
        draft.line(&format!("The {word} is {} long.", length(seconds)));
    }
    draft.line(&format!("The {word} is in the format {}.", kind.format()));
    if let Some(video) = &container.video
        && video.width > 0
        && video.height > 0
    {
        draft.line(&format!(
            "The {word} is {} pixels wide and {} pixels high.",
            video.width, video.height
        ));
    }
    match &container.audio {
        None => draft.line(&format!("The {word} has no sound.")),
        Some(audio) => {
            if let Some(rate) = audio.rate {
                draft.line(&format!("The {word} has a sample rate of {rate} Hz."));
            }
            match audio.channels {
                Some(1) => draft.line(&format!("The {word} has 1 channel of sound (mono).")),
                Some(2) => draft.line(&format!("The {word} has 2 channels of sound (stereo).")),
                Some(channels) if channels > 2 => {
                    draft.line(&format!("The {word} has {channels} channels of sound."));
                }
                _ => {}
            }
        }
    }
    tags(word, container, draft);
}

/// What people wrote into the file: their words, marked as such.
fn tags(word: &str, container: &Container, draft: &mut Draft) {
    let tags = &container.tags;
    if let Some(artist) = &tags.artist {
        draft.line(&format!(
            "The file names {artist} as the artist of the {word}."
        ));
    }
    if let Some(date) = &tags.date {
        match Moment::parse(date).and_then(|moment| moment.spelled()) {
            Some(spelled) => draft.line(&format!("The file says that the {word} is of {spelled}.")),
            None => draft.line(&format!(
                "The file says as the date of the {word}: “{date}”"
            )),
        }
    }
    for (name, words) in [
        ("title", &tags.title),
        ("album", &tags.album),
        ("comment", &tags.comment),
        ("copyright notice", &tags.copyright),
    ] {
        if let Some(words) = words {
            draft.line(&format!("The file says as its {name}: “{words}”"));
        }
    }
    if let Some(software) = &tags.software {
        draft.line(&format!(
            "The {word}'s file was written by the software {software}."
        ));
    }
}

/// `7.9 seconds`, `62.1 minutes`, `3.5 hours`: one number, in the unit that a person would say it in.
pub fn length(seconds: f64) -> String {
    let (number, unit) = if seconds < 120.0 {
        (seconds, "second")
    } else if seconds < 7_200.0 {
        (seconds / 60.0, "minute")
    } else {
        (seconds / 3_600.0, "hour")
    };
    let shown = format!("{number:.1}");
    let shown = shown.strip_suffix(".0").unwrap_or(&shown);
    let plural = if shown == "1" { "" } else { "s" };
    format!("{shown} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_in_one_number() {
        for (seconds, said) in [
            (0.0, "0 seconds"),
            (1.04, "1 second"),
            (7.93, "7.9 seconds"),
            (3_600.0, "60 minutes"),
            (3_726.0, "62.1 minutes"),
            (360_000.0, "100 hours"),
        ] {
            assert_eq!(length(seconds), said);
        }
    }
}
