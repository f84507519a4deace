//! What is said in recordings, by a speech recogniser: who hears it, what its answer must be like, and how it becomes text with
//! seconds. Which process or address hears it is [`super::extractor`]'s and the recogniser's own matter.

mod heard;
mod notes;
mod spoken;
mod whisper;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

pub(super) use heard::segments as checked_segments;
pub use notes::say_not_heard;
pub(super) use notes::{add_note, failed, no_sound, too_large, unheard_rest};
pub(super) use spoken::{Piece, add_speech};
pub use whisper::WhisperCli;
pub(super) use whisper::segments_of;

/// The most bytes of sound that are handed to a recogniser at once; more is refused by services that speak OpenAI's protocol.
pub const MAX_SOUND_BYTES: usize = 25_000_000;

/// A recording as a recogniser takes it.
#[derive(Clone)]
pub struct Sound {
    /// The extension of a file of its kind: `mp3`. The file's own name goes nowhere.
    pub extension: &'static str,
    pub bytes: Arc<[u8]>,
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sound")
            .field("extension", &self.extension)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// A stretch of speech, as a recogniser says it: nothing of it has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// In seconds, from the beginning of what was handed in.
    pub start: f64,
    pub end: f64,
    pub text: String,
    /// How sure the recogniser is of its words, in percent, where it says so.
    pub percent: Option<u8>,
    /// Whether it says itself that this may be no speech, or words said over and over.
    pub is_doubtful: bool,
}

/// What a recogniser heard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Transcript {
    /// All of it as one text. Without segments it is not taken, for a quote of it would have no second.
    pub text: String,
    pub segments: Vec<Segment>,
}

/// Why nothing was heard. The words are for `unread` and name neither an address nor a key nor what was sent or answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecognitionError {
    #[error(
        "the speech recogniser did not accept the key (status {status}); the operator of this Clara must set TRANSCRIBE_API_KEY to \
         one that is valid"
    )]
    KeyRefused { status: u16 },
    #[error(
        "the speech recogniser does not take such a request (status {status}); the operator of this Clara should look at \
         TRANSCRIBE_URL and TRANSCRIBE_MODEL"
    )]
    RequestRefused { status: u16 },
    #[error(
        "the speech recogniser cannot be reached; the operator of this Clara should look at TRANSCRIBE_URL, and whether that server \
         runs"
    )]
    Unreachable,
    #[error("the speech recogniser did not answer in time; attach a shorter part of it")]
    TimedOut,
    #[error("the speech recogniser had too much to do (status 429); try again later")]
    Busy,
    #[error("the speech recogniser failed (status {status}); try again later")]
    ServerFailed { status: u16 },
    #[error(
        "the speech recogniser takes no file of this size (status 413); attach a shorter part of it"
    )]
    TooLarge,
    #[error("the speech recogniser's answer was longer than {max_bytes} bytes and was not read")]
    TooLong { max_bytes: usize },
    #[error("the speech recogniser's answer is not what was asked for: {problem}")]
    Unreadable { problem: &'static str },
    #[error(
        "whisper-cli could not be run ({problem}); the operator of this Clara learns from `clara doctor` what to do"
    )]
    NotRun { problem: String },
}

/// What turns speech into text here.
#[async_trait]
pub trait Recogniser: fmt::Debug + Send + Sync {
    /// Hears a recording of at most [`MAX_SOUND_BYTES`]. How long it may take is the caller's matter, who drops the future.
    async fn transcribe(&self, sound: &Sound) -> Result<Transcript, RecognitionError>;
}

/// Who hears recordings.
#[derive(Debug, Clone, Default)]
pub enum Hearing {
    /// None is set up.
    #[default]
    Off,
    /// A service behind an address.
    Service(Arc<dyn Recogniser>),
    /// A program of this machine.
    Program(WhisperCli),
}

impl Hearing {
    /// Whether a recogniser is set up.
    pub fn is_there(&self) -> bool {
        match self {
            Self::Off => false,
            Self::Service(_) => true,
            Self::Program(whisper) => whisper.program.is_some(),
        }
    }

    /// Whether recordings are to be heard.
    pub fn is_on(&self) -> bool {
        !matches!(self, Self::Off)
    }
}
