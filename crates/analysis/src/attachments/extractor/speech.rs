//! Recordings are handed to a recogniser: a service behind an address, or a program of this machine in a child that gave up
//! its rights.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::child::{ToolBounds, ToolRun};
use super::super::draft::{Reading, Recorded};
use super::super::ocr::NotAsked;
use super::super::speech::{
    Hearing, MAX_SOUND_BYTES, Piece, RecognitionError, Segment, Sound, Transcript, WhisperCli,
    add_note, add_speech, checked_segments, failed, no_sound, say_not_heard, segments_of,
    too_large, unheard_rest,
};
use super::Extractor;
use super::film::Film;
use super::tools::ToolError;

/// How long the hearing of one file may take. Five files take less than an analysis may.
const HEARING_TIMEOUT: Duration = Duration::from_secs(110);
/// The longest answer of the program that is taken.
const MAX_LINES: u64 = 8 * 1024 * 1024;
/// How much of a film is heard at once, in seconds, and how much in all.
const PIECE_SECONDS: u32 = 600;
const MAX_PIECES: u32 = 18;
/// A second of sound as it is handed on, in bytes.
const SECOND_BYTES: usize = 32_000;
/// What a piece may take.
const MAX_PIECE: u64 = 20_000_000;
/// The most threads that the program works on.
const MAX_THREADS: usize = 4;

impl Extractor {
    /// Hears what is said in a recording, and puts it to its text.
    pub(super) async fn hear(&self, mut reading: Reading, bytes: &Arc<[u8]>) -> Reading {
        let Some(recorded) = reading.recorded else {
            return reading;
        };
        if recorded.is_film {
            reading.recorded = None;
            return self.read_film(reading, recorded, bytes).await;
        }
        if !self.hearing.is_on() {
            say_not_heard(&mut reading, NotAsked::NotSetUp);
            return reading;
        }
        reading.recorded = None;
        let is_program = matches!(self.hearing, Hearing::Program(_));
        let is_large = bytes.len() > MAX_SOUND_BYTES;
        if (is_large || is_program)
            && let Some(ffmpeg) = &self.ffmpeg
        {
            let film = Film {
                ffmpeg,
                kind: recorded.kind,
                bytes,
            };
            let until = Instant::now() + HEARING_TIMEOUT;
            return self.hear_pieces(reading, recorded, &film, until).await;
        }
        if is_large {
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

    /// Hears a film's sound, or a recording that is too much at once, piece by piece.
    pub(super) async fn hear_pieces(
        &self,
        mut reading: Reading,
        recorded: Recorded,
        film: &Film<'_>,
        until: Instant,
    ) -> Reading {
        let word = recorded.word();
        let mut pieces = Vec::new();
        for number in 0..MAX_PIECES {
            let begins = number * PIECE_SECONDS;
            let offset = f64::from(begins);
            let left = until.saturating_duration_since(Instant::now());
            let samples = match self.samples(film, begins, left.min(self.timeout)).await {
                Ok(samples) => samples,
                Err(error) if pieces.is_empty() => {
                    tracing::warn!(%error, "a film's sound was not heard");
                    add_note(&mut reading, no_sound(word));
                    break;
                }
                Err(_) => {
                    add_note(&mut reading, unheard_rest(word, offset, None));
                    break;
                }
            };
            let seconds = samples.len() / SECOND_BYTES;
            // The piece before ended with the film.
            if seconds == 0 && !pieces.is_empty() {
                break;
            }
            let length = f64::from(u32::try_from(seconds).unwrap_or(u32::MAX)) + 1.0;
            let sound = Sound {
                extension: "wav",
                bytes: wav(&samples).into(),
            };
            let left = until.saturating_duration_since(Instant::now());
            match self.heard(&sound, Some(length), left).await {
                Ok(segments) => pieces.push(Piece { offset, segments }),
                Err(error) => {
                    tracing::warn!(%error, "a piece of a recording was not heard");
                    let reason = if pieces.is_empty() {
                        failed(word, &error)
                    } else {
                        unheard_rest(word, offset, Some(&error))
                    };
                    add_note(&mut reading, reason);
                    break;
                }
            }
            let ends = offset + f64::from(PIECE_SECONDS);
            if length < f64::from(PIECE_SECONDS)
                || recorded.seconds.is_some_and(|seconds| seconds <= ends)
            {
                break;
            }
            if number + 1 == MAX_PIECES {
                add_note(&mut reading, unheard_rest(word, ends, None));
            }
        }
        if pieces.is_empty() {
            return reading;
        }
        added(reading, recorded, pieces).await
    }

    /// A piece of the sound, 16,000 samples a second of two bytes each.
    async fn samples(
        &self,
        film: &Film<'_>,
        begins: u32,
        timeout: Duration,
    ) -> Result<Vec<u8>, ToolError> {
        let (begins, length) = (begins.to_string(), PIECE_SECONDS.to_string());
        let before = ["-ss", &begins];
        let arguments = [
            "-map", "0:a:0", "-t", &length, "-ac", "1", "-ar", "16000", "-f", "s16le", "-",
        ];
        self.run_ffmpeg(film, &before, &arguments, MAX_PIECE, timeout)
            .await
    }

    /// What was heard in a sound of this length, within `timeout`.
    async fn heard(
        &self,
        sound: &Sound,
        seconds: Option<f64>,
        timeout: Duration,
    ) -> Result<Vec<Segment>, RecognitionError> {
        let transcribing = async {
            match &self.hearing {
                Hearing::Service(service) => service.transcribe(sound).await,
                Hearing::Program(whisper) => self.run_whisper(whisper, sound, timeout).await,
                Hearing::Off => Ok(Transcript::default()),
            }
        };
        let transcript = tokio::time::timeout(timeout, transcribing)
            .await
            .map_err(|_| RecognitionError::TimedOut)??;
        checked_segments(transcript, seconds)
    }

    async fn run_whisper(
        &self,
        whisper: &WhisperCli,
        sound: &Sound,
        timeout: Duration,
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
            .run_tool(&run, &sound.bytes, MAX_LINES, timeout)
            .await
            .map_err(not_run)?;
        Ok(segments_of(&String::from_utf8_lossy(&output)))
    }

    /// Has a second of silence heard.
    pub async fn try_hearing(&self) -> Result<(), RecognitionError> {
        let sound = Sound {
            extension: "wav",
            bytes: wav(&vec![0; SECOND_BYTES]).into(),
        };
        self.heard(&sound, None, self.timeout).await.map(drop)
    }
}

/// Samples as a WAV file: one channel, 16,000 a second, two bytes each.
fn wav(samples: &[u8]) -> Vec<u8> {
    const BYTES_A_SECOND: u32 = 32_000;
    let length = u32::try_from(samples.len()).unwrap_or(u32::MAX);
    let mut wav = b"RIFF".to_vec();
    wav.extend(length.saturating_add(36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(16_000_u32.to_le_bytes());
    wav.extend(BYTES_A_SECOND.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(length.to_le_bytes());
    wav.extend_from_slice(samples);
    wav
}

/// Puts what was heard to the text of its file, away from the threads that wait for others.
async fn added(reading: Reading, recorded: Recorded, pieces: Vec<Piece>) -> Reading {
    let before = reading.clone();
    tokio::task::spawn_blocking(move || add_speech(reading, recorded.word(), pieces))
        .await
        .unwrap_or(before)
}
