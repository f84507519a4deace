//! Recordings are handed to whoever hears them: a service behind an address, or a program of this machine in a child that gave up
//! its rights.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use super::super::child::{ToolBounds, ToolRun};
use super::super::draft::{Reading, Recorded};
use super::super::ocr::NotAsked;
use super::super::speech::{
    Hearing, MAX_SOUND_BYTES, Piece, RecognitionError, Segment, Sound, Transcript, WhisperCli,
    add_note, add_speech, checked_segments, failed, say_not_heard, segments_of, too_large,
};
use super::Extractor;
use super::tools::ToolError;

/// How long the hearing of one file may take. Five files take less than an analysis may.
const HEARING_TIMEOUT: Duration = Duration::from_secs(110);
/// The longest answer of the program that is taken.
const MAX_LINES: u64 = 8 * 1024 * 1024;
/// The most threads that the program works on.
const MAX_THREADS: usize = 4;

impl Extractor {
    /// Hears what is said in a recording, and puts it to its text.
    pub(super) async fn hear(&self, mut reading: Reading, bytes: &Arc<[u8]>) -> Reading {
        let Some(recorded) = reading.recorded.filter(|recorded| recorded.has_sound) else {
            reading.recorded = None;
            return reading;
        };
        if !self.hearing.is_on() || recorded.is_film {
            say_not_heard(&mut reading, NotAsked::NotSetUp);
            return reading;
        }
        reading.recorded = None;
        if bytes.len() > MAX_SOUND_BYTES {
            add_note(&mut reading, too_large(recorded.word()));
            return reading;
        }
        let sound = Sound {
            extension: recorded.kind.extension(),
            bytes: bytes.clone(),
        };
        match self.heard(&sound, recorded.seconds, HEARING_TIMEOUT).await {
            Ok(segments) => {
                let piece = Piece {
                    offset: 0.0,
                    segments,
                };
                added(reading, recorded, vec![piece]).await
            }
            Err(error) => {
                tracing::warn!(%error, "a recording was not heard");
                add_note(&mut reading, failed(recorded.word(), &error));
                reading
            }
        }
    }

    /// What was heard in a sound of this length, within `patience`.
    async fn heard(
        &self,
        sound: &Sound,
        seconds: Option<f64>,
        patience: Duration,
    ) -> Result<Vec<Segment>, RecognitionError> {
        let transcribing = async {
            match &self.hearing {
                Hearing::Service(service) => service.transcribe(sound).await,
                Hearing::Program(whisper) => self.run_whisper(whisper, sound, patience).await,
                Hearing::Off => Ok(Transcript::default()),
            }
        };
        let transcript = tokio::time::timeout(patience, transcribing)
            .await
            .map_err(|_| RecognitionError::TimedOut)??;
        checked_segments(transcript, seconds)
    }

    async fn run_whisper(
        &self,
        whisper: &WhisperCli,
        sound: &Sound,
        patience: Duration,
    ) -> Result<Transcript, RecognitionError> {
        let not_run = |error: ToolError| match error {
            ToolError::TookTooLong => RecognitionError::TimedOut,
            error => RecognitionError::NotRun {
                problem: error.to_string(),
            },
        };
        let program = whisper.program.clone();
        let program = program.ok_or_else(|| not_run(ToolError::Missing))?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let mut arguments: Vec<OsString> = vec!["-m".into(), whisper.model.clone().into()];
        arguments.extend(["-f", "-", "-np", "-t"].map(OsString::from));
        arguments.push(cores.min(MAX_THREADS).to_string().into());
        let run = ToolRun {
            program,
            data: Some(whisper.model.clone()),
            arguments,
            bounds: ToolBounds::Speech,
            allow_unconfined: self.allow_unconfined,
        };
        let output = self
            .run_tool(&run, &sound.bytes, MAX_LINES, patience)
            .await
            .map_err(not_run)?;
        Ok(segments_of(&String::from_utf8_lossy(&output)))
    }

    /// Has a second of silence heard.
    pub async fn try_hearing(&self) -> Result<(), RecognitionError> {
        let sound = Sound {
            extension: "wav",
            bytes: silence().into(),
        };
        self.heard(&sound, None, self.patience).await.map(drop)
    }
}

/// A second of silence as a WAV file: 16,000 samples of two bytes.
fn silence() -> Vec<u8> {
    const BYTES: u32 = 32_000;
    let mut wav = b"RIFF".to_vec();
    wav.extend((BYTES + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(16_000_u32.to_le_bytes());
    wav.extend(BYTES.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(BYTES.to_le_bytes());
    wav.resize(wav.len() + 32_000, 0);
    wav
}

/// Puts what was heard to the text of its file, away from the threads that wait for others.
async fn added(reading: Reading, recorded: Recorded, pieces: Vec<Piece>) -> Reading {
    let before = reading.clone();
    tokio::task::spawn_blocking(move || add_speech(reading, recorded.word(), pieces))
        .await
        .unwrap_or(before)
}
