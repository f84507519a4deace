//! Speech to text: <https://platform.openai.com/docs/api-reference/audio/createTranscription>, and every server that speaks like it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clara_analysis::attachments::{Recogniser, RecognitionError, Segment, Sound, Transcript};
use clara_analysis::engine::judge::JudgeError;
use clara_domain::randomness::Randomness;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::client::{Body, Client, FailedTry, Outgoing, RetryPolicy};
use crate::providers::under;

/// The longest answer that is read: an hour of speech with its segments is about 2 MB.
const MAX_TRANSCRIPT_BYTES: usize = 16_000_000;
/// What Whisper itself takes for no speech, or for words said in circles.
const MAX_NO_SPEECH: f64 = 0.6;
const MIN_LOG_PROBABILITY: f64 = -1.0;
const MAX_COMPRESSION: f64 = 2.4;

/// Which service hears recordings, and how it is reached.
#[derive(Clone)]
pub struct TranscriberOptions {
    /// The address that `/audio/transcriptions` is put behind: `https://api.openai.com/v1`.
    pub url: Url,
    /// The model's name, as the service knows it.
    pub model: String,
    pub api_key: Option<SecretString>,
    /// How long one call may take.
    pub call_timeout: Duration,
    pub retry: RetryPolicy,
    pub randomness: Arc<dyn Randomness>,
}

/// A service that hears recordings.
pub struct Transcriber {
    address: Url,
    model: String,
    api_key: Option<SecretString>,
    client: Client,
}

/// Neither its key nor where it is: both may be secrets.
impl fmt::Debug for Transcriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transcriber")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl Transcriber {
    /// A service that is asked nothing yet.
    pub fn new(options: TranscriberOptions) -> Self {
        let client = Client::new(options.call_timeout, options.retry, options.randomness);
        Self {
            address: under(&options.url, &["audio", "transcriptions"]),
            model: options.model,
            api_key: options.api_key,
            client: client.with_max_answer(MAX_TRANSCRIPT_BYTES),
        }
    }

    /// What was heard, unless it has the key in it: it would stand in a report.
    fn unless_it_tells(&self, transcript: Transcript) -> Result<Transcript, RecognitionError> {
        let key = self.api_key.as_ref().map(ExposeSecret::expose_secret);
        let mut texts = transcript.segments.iter().map(|segment| &segment.text);
        if key.is_some_and(|key| texts.any(|text| text.contains(key))) {
            return Err(RecognitionError::Unreadable {
                problem: "it repeats the key",
            });
        }
        Ok(transcript)
    }

    fn outgoing(&self, sound: &Sound) -> Outgoing {
        let key = self.api_key.as_ref().map(|key| {
            let value = format!("Bearer {}", key.expose_secret());
            ("authorization", value)
        });
        Outgoing {
            address: self.address.clone(),
            headers: key.into_iter().collect(),
            body: Body::Form {
                fields: vec![
                    ("model", self.model.clone()),
                    ("response_format", "verbose_json".to_owned()),
                    ("timestamp_granularities[]", "segment".to_owned()),
                    ("temperature", "0".to_owned()),
                ],
                file_name: format!("recording.{}", sound.extension),
                file: sound.bytes.clone(),
            },
        }
    }
}

#[async_trait]
impl Recogniser for Transcriber {
    async fn transcribe(&self, sound: &Sound) -> Result<Transcript, RecognitionError> {
        let outgoing = self.outgoing(sound);
        let mut tries = 1;
        loop {
            let FailedTry { error, retry, .. } = match self.client.send(&outgoing).await {
                Ok(answer) => return self.unless_it_tells(transcript(answer)?),
                Err(failed) => failed,
            };
            let wait = match retry {
                Some(asked) if tries < self.client.max_tries() => {
                    self.client.wait_before(tries + 1, asked)
                }
                _ => None,
            };
            let Some(wait) = wait else {
                return Err(in_words_of_hearing(&error));
            };
            tokio::time::sleep(wait).await;
            tries += 1;
        }
    }
}

/// The client's errors are a judge’s; they name other settings.
fn in_words_of_hearing(error: &JudgeError) -> RecognitionError {
    match *error {
        JudgeError::KeyRefused { status } => RecognitionError::KeyRefused { status },
        JudgeError::RequestRefused { status: 413 } => RecognitionError::TooLarge,
        JudgeError::RequestRefused { status } => RecognitionError::RequestRefused { status },
        JudgeError::TimedOut => RecognitionError::TimedOut,
        JudgeError::Busy => RecognitionError::Busy,
        JudgeError::ServerFailed { status } => RecognitionError::ServerFailed { status },
        JudgeError::TooLong { max_bytes } => RecognitionError::TooLong { max_bytes },
        JudgeError::Unreadable { problem } => RecognitionError::Unreadable { problem },
        JudgeError::Unreachable
        | JudgeError::Spent { .. }
        | JudgeError::Declined
        | JudgeError::NotLoaded => RecognitionError::Unreachable,
    }
}

/// An answer in the format `verbose_json`; more than this is in it.
#[derive(Deserialize)]
struct Verbose {
    #[serde(default)]
    text: String,
    #[serde(default)]
    segments: Option<Vec<VerboseSegment>>,
}

#[derive(Deserialize)]
struct VerboseSegment {
    start: f64,
    end: f64,
    text: String,
    #[serde(default)]
    avg_logprob: Option<f64>,
    #[serde(default)]
    no_speech_prob: Option<f64>,
    #[serde(default)]
    compression_ratio: Option<f64>,
}

fn transcript(answer: Value) -> Result<Transcript, RecognitionError> {
    let is_object = answer.is_object();
    let verbose = serde_json::from_value::<Verbose>(answer).ok();
    let Some(verbose) = verbose.filter(|_| is_object) else {
        return Err(RecognitionError::Unreadable {
            problem: "it is no transcript in the format verbose_json",
        });
    };
    let segments = verbose.segments.unwrap_or_default();
    Ok(Transcript {
        text: verbose.text,
        segments: segments.into_iter().map(VerboseSegment::heard).collect(),
    })
}

impl VerboseSegment {
    fn heard(self) -> Segment {
        let is_unsure = self
            .avg_logprob
            .is_some_and(|logarithm| logarithm < MIN_LOG_PROBABILITY);
        let is_silence = self
            .no_speech_prob
            .is_some_and(|share| share > MAX_NO_SPEECH);
        let is_circle = self
            .compression_ratio
            .is_some_and(|ratio| ratio > MAX_COMPRESSION);
        Segment {
            start: self.start,
            end: self.end,
            percent: self.avg_logprob.map(percent),
            is_doubtful: (is_unsure && is_silence) || is_circle,
            text: self.text,
        }
    }
}

/// The mean chance of a word’s pieces, from its logarithm.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between 0 and 100; what is no number is 0"
)]
fn percent(logarithm: f64) -> u8 {
    (logarithm.min(0.0).exp() * 100.0).round() as u8
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn segments_say_how_sure_they_are() {
        let answer = json!({
            "task": "transcribe",
            "text": "The bridge. Thank you.",
            "segments": [
                {"id": 0, "start": 0.0, "end": 2.5, "text": " The bridge.", "avg_logprob": -0.105, "no_speech_prob": 0.01},
                {"start": 2.5, "end": 4, "text": " Thank you.", "avg_logprob": -1.2, "no_speech_prob": 0.9},
                {"start": 4, "end": 5, "text": "a a a a", "compression_ratio": 8.0},
            ],
        });
        let segments = transcript(answer).unwrap().segments;
        let said: Vec<_> = segments
            .iter()
            .map(|segment| (segment.percent, segment.is_doubtful))
            .collect();
        assert_eq!(said, [(Some(90), false), (Some(30), true), (None, true)]);
    }

    #[test]
    fn answers_of_another_shape_are_unreadable() {
        for answer in [
            json!("The bridge."),
            json!([]),
            json!({"segments": [{"start": "0:00", "end": 1, "text": ""}]}),
            json!({"segments": [{"start": 0, "end": 1}]}),
            json!({"text": 5}),
        ] {
            let error = transcript(answer.clone()).unwrap_err();
            assert!(
                matches!(error, RecognitionError::Unreadable { .. }),
                "{answer}"
            );
        }
    }
}
