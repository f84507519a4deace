//! What is said of recordings whose speech is not, or not all, in the text.

use super::RecognitionError;
use crate::attachments::draft::Reading;
use crate::attachments::ocr::NotAsked;
use clara_domain::evidence::Unread;

/// What anybody can do whose recording is not heard.
const TRANSCRIPT: &str = "Hand it in as a transcript: .srt, .vtt or .txt.";

/// Says of a recording that it was not heard, and takes it off the reading.
pub fn say_not_heard(reading: &mut Reading, why: NotAsked) {
    let Some(recorded) = reading.recorded.take() else {
        return;
    };
    let word = recorded.word();
    if !recorded.has_sound {
        return;
    }
    let reason = match why {
        NotAsked::InProcess => format!("What is said in the {word} was not heard. {TRANSCRIPT}"),
        NotAsked::Within => format!(
            "What is said in the {word} was not heard, for recordings in a file within a file are not. Attach it by itself."
        ),
        NotAsked::NotSetUp => format!(
            "What is said in the {word} was not heard, for no speech recogniser is set up. {TRANSCRIPT} Or have the operator of this \
             Clara set TRANSCRIBE_URL to a service that hears it, or WHISPER_MODEL where whisper-cli is installed."
        ),
    };
    add_note(reading, reason);
}

/// Names something that was left out.
pub fn add_note(reading: &mut Reading, reason: String) {
    reading.unread.push(Unread {
        reason,
        ..Unread::default()
    });
}

/// A recording of which nothing was heard, and why.
pub fn failed(word: &str, error: &RecognitionError) -> String {
    format!("What is said in the {word} was not heard: {error}. {TRANSCRIPT}")
}

/// A recording that is not handed to a recogniser.
pub fn too_large(word: &str) -> String {
    format!(
        "What is said in the {word} was not heard, for it has more than 25 MB, which recognisers do not take at once. Attach a shorter \
         part of it, or save it with fewer bits a second. {TRANSCRIPT}"
    )
}

/// A recording of which only the beginning was heard.
pub fn unheard_rest(word: &str, seconds: f64, error: Option<&RecognitionError>) -> String {
    let why = error.map_or_else(
        || "that is as much as is heard of one file".to_owned(),
        ToString::to_string,
    );
    format!(
        "What is said in the {word} from second {seconds:.0} on was not heard: {why}. Attach that part by itself."
    )
}

/// A recording whose sound cannot be taken out of it.
pub fn no_sound(word: &str) -> String {
    format!(
        "What is said in the {word} was not heard: its sound could not be taken out of it, for it is damaged, or takes more time or \
         memory than a file may use. {TRANSCRIPT}"
    )
}

/// How many stretches were left out.
pub fn doubtful_segments(word: &str, doubtful: usize) -> String {
    let (plural, were) = if doubtful == 1 {
        ("", "was")
    } else {
        ("es", "were")
    };
    format!(
        "{doubtful} stretch{plural} of the {word} {were} not understood for sure; the sentences around were left out. {TRANSCRIPT}"
    )
}
