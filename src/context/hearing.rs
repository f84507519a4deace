//! Who hears recordings, by the settings.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::Duration;

use clara_models::{RetryPolicy, Transcriber, TranscriberOptions};

use crate::analysis::attachments::{Hearing, WhisperCli};
use crate::domain::randomness::Randomness;
use crate::settings::{Settings, SpeechRecogniser};

/// How long one call to the service may take; the hearing of one file takes no longer.
const TRANSCRIPTION_TIMEOUT: Duration = Duration::from_mins(2);

/// The service or the program that is set; nobody where none is.
pub(super) fn hearing(
    settings: &Settings,
    randomness: &Arc<dyn Randomness>,
    search_path: Option<&OsStr>,
) -> Hearing {
    match &settings.speech {
        None => Hearing::Off,
        Some(SpeechRecogniser::Whisper { model }) => {
            Hearing::Program(WhisperCli::find(search_path, model))
        }
        Some(SpeechRecogniser::Service {
            url,
            model,
            api_key,
        }) => Hearing::Service(Arc::new(Transcriber::new(TranscriberOptions {
            url: url.clone(),
            model: model.clone(),
            api_key: api_key.clone(),
            call_timeout: TRANSCRIPTION_TIMEOUT,
            retry: RetryPolicy::default(),
            randomness: randomness.clone(),
        }))),
    }
}
