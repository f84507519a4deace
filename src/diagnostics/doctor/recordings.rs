//! Whether recordings are heard and films read, tried out.

use super::{Finding, State, finding};
use crate::analysis::attachments::{
    INSTALL_FFMPEG_ON_DEBIAN, INSTALL_FFMPEG_ON_MACOS, INSTALL_FFMPEG_ON_WINDOWS, RecognitionError,
    ToolError,
};
use crate::context::Context;
use crate::settings::SpeechRecogniser;

/// How `whisper-cli` comes onto a machine.
const INSTALL_WHISPER: &str = "macOS `brew install whisper-cpp`; Debian and Windows: build or download it from \
                               https://github.com/ggml-org/whisper.cpp and put it on PATH";

/// Whether somebody hears recordings, who is given a second of silence.
pub(super) async fn speech_finding(context: &Context) -> Finding {
    let speech = context.settings.speech.as_ref();
    let tried = match speech {
        Some(_) => context.extractor.try_hearing().await,
        None => Ok(()),
    };
    speech_words(speech, tried)
}

/// Whether the program that takes films apart is there and runs confined.
pub(super) async fn film_finding(context: &Context) -> Finding {
    film_words(context.extractor.try_ffmpeg().await)
}

fn film_words(tried: Result<(), ToolError>) -> Finding {
    let part = "films";
    match tried {
        Ok(()) => {
            let words = "ffmpeg takes films apart: subtitles, sound for the speech recogniser, pictures for OCR";
            finding(part, State::Works, words)
        }
        Err(ToolError::Missing) => {
            let words = format!(
                "what is said and shown in films is not read: ffmpeg is not on PATH. To install it: Debian `{INSTALL_FFMPEG_ON_DEBIAN}`, \
                 macOS `{INSTALL_FFMPEG_ON_MACOS}`, Windows `{INSTALL_FFMPEG_ON_WINDOWS}`"
            );
            finding(part, State::Off, words)
        }
        Err(error) => {
            let words = format!("what is said and shown in films is not read: of ffmpeg, {error}");
            let is_off = error == ToolError::Unconfined;
            finding(part, if is_off { State::Off } else { State::Broken }, words)
        }
    }
}

fn speech_words(speech: Option<&SpeechRecogniser>, tried: Result<(), RecognitionError>) -> Finding {
    let part = "speech";
    let words = match speech {
        None => {
            let words = format!(
                "recordings are not heard: set TRANSCRIBE_URL to a service that speaks OpenAI's protocol, or WHISPER_MODEL to a model \
                 of whisper.cpp where whisper-cli is installed ({INSTALL_WHISPER})"
            );
            return finding(part, State::Off, words);
        }
        Some(SpeechRecogniser::Service { url, model, .. }) => {
            format!("{model} at {url} hears recordings, which are sent there")
        }
        Some(SpeechRecogniser::Whisper { model }) => format!(
            "whisper-cli hears recordings on this machine, with {}",
            model.display()
        ),
    };
    let Err(error) = tried else {
        return finding(part, State::Works, words);
    };
    let words = format!("{words}; when asked, {error}");
    match speech {
        Some(SpeechRecogniser::Whisper { .. }) => {
            let words = format!("{words}. To install whisper-cli: {INSTALL_WHISPER}");
            finding(part, State::Broken, words)
        }
        _ => finding(part, State::Broken, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_speech_is_off_and_says_what_to_do() {
        let off = speech_words(None, Ok(()));
        assert_eq!(off.state, State::Off);
        assert!(off.words.contains("TRANSCRIBE_URL") && off.words.contains("WHISPER_MODEL"));
        let whisper = SpeechRecogniser::Whisper {
            model: "/models/base.bin".into(),
        };
        assert_eq!(speech_words(Some(&whisper), Ok(())).state, State::Works);
        let missing = RecognitionError::NotRun {
            problem: "it is not installed".to_owned(),
        };
        let broken = speech_words(Some(&whisper), Err(missing));
        assert_eq!(broken.state, State::Broken);
        assert!(broken.words.contains("brew install whisper-cpp"));
    }

    #[test]
    fn missing_ffmpeg_is_off_and_says_what_to_do() {
        for (tried, state) in [
            (Ok(()), State::Works),
            (Err(ToolError::Missing), State::Off),
            (Err(ToolError::Unconfined), State::Off),
            (Err(ToolError::Failed), State::Broken),
        ] {
            let found = film_words(tried);
            assert_eq!(found.state, state, "{}", found.words);
            let is_missing = tried == Err(ToolError::Missing);
            for line in [
                INSTALL_FFMPEG_ON_DEBIAN,
                INSTALL_FFMPEG_ON_MACOS,
                INSTALL_FFMPEG_ON_WINDOWS,
            ] {
                assert_eq!(found.words.contains(line), is_missing, "{}", found.words);
            }
        }
    }
}
