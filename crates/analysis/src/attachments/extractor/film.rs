//! Films are taken apart by ffmpeg in a child that gave up its rights: their subtitles are read, their sound is heard, and the
//! pictures at their cuts are given to OCR.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use super::super::child::{Header, Job, ToolBounds, ToolRun};
use super::super::draft::{Reading, Recorded};
use super::super::film::{Ffmpeg, add_subtitles, cuts, say_not_taken_apart};
use super::super::ocr::{NotAsked, Pictured, no_ocr_for_frames};
use super::super::recognise::RecordingKind;
use super::super::speech::{add_note, say_not_heard};
use super::Extractor;
use super::ocr::{GREY_MAP, MAX_DRAWN, added};
use super::tools::ToolError;

/// How long one film may take in all. Five films take less than an analysis may.
const FILM_TIMEOUT: Duration = Duration::from_secs(110);
/// How long its pictures may take of that.
const FRAMES_TIMEOUT: Duration = Duration::from_secs(40);
/// The most pictures of a film that are read by OCR.
const MAX_FRAMES: usize = 12;
/// The most tracks of subtitles that are read.
const MAX_SUBTITLES: u8 = 3;
/// The longest that ffmpeg may write of subtitles or cuts.
const MAX_TEXT: u64 = 8 * 1024 * 1024;
/// The most pixels of a picture that is decoded.
const MAX_PIXELS: &str = "50000000";
/// Pictures that differ by less from the one before are no cut, from 0 to 1.
const CUTS: &str = "select='eq(n,0)+gt(scene,0.2)',metadata=mode=print:file=-";
/// Letters are large on a screen: wider pictures are made smaller.
const SHRINK: &str = "scale='min(1920,iw)':-2,format=gray";

impl Extractor {
    /// Reads what is said and shown in a film.
    pub(super) async fn read_film(
        &self,
        mut reading: Reading,
        recorded: Recorded,
        film: &[u8],
    ) -> Reading {
        let Some(ffmpeg) = &self.ffmpeg else {
            say_not_taken_apart(&mut reading, recorded);
            return reading;
        };
        let until = Instant::now() + FILM_TIMEOUT;
        let film = Film {
            ffmpeg,
            kind: recorded.kind,
            bytes: film,
        };
        reading = self.read_subtitles(reading, recorded, &film, until).await;
        reading = self.read_frames(reading, &film, until).await;
        if !recorded.has_sound {
            return reading;
        }
        if !self.hearing.is_on() {
            reading.recorded = Some(recorded);
            say_not_heard(&mut reading, NotAsked::NotSetUp);
            return reading;
        }
        self.hear_pieces(reading, recorded, &film, until).await
    }

    /// The tracks of subtitles, each read in a child of its own as a file of subtitles is.
    async fn read_subtitles(
        &self,
        mut reading: Reading,
        recorded: Recorded,
        film: &Film<'_>,
        until: Instant,
    ) -> Reading {
        for track in 0..recorded.subtitles.min(MAX_SUBTITLES) {
            let left = until.saturating_duration_since(Instant::now());
            let map = format!("0:s:{track}");
            let arguments = ["-map", &map, "-f", "webvtt", "-"];
            let written = self
                .run_ffmpeg(film, &[], &arguments, MAX_TEXT, left.min(self.timeout))
                .await;
            let read = match written {
                Ok(text) => {
                    let header = Header {
                        name: "film.vtt".to_owned(),
                        charset: None,
                        length: text.len() as u64,
                        job: Job::Read,
                        allow_unconfined: self.allow_unconfined,
                    };
                    self.ask(&header, &text).await.ok()
                }
                Err(error) => {
                    tracing::warn!(%error, "a film's subtitles were not read");
                    None
                }
            };
            let number = track + 1;
            if let Some(answer) = read {
                reading = add_subtitles(reading, track, answer.reading);
            } else {
                let reason = format!(
                    "Subtitles {number} of the video were not read: they are pictures, damaged, or take too long. Hand them in as .srt or \
                     .vtt."
                );
                add_note(&mut reading, reason);
            }
        }
        reading
    }

    /// The words in the pictures at the film's cuts.
    async fn read_frames(&self, mut reading: Reading, film: &Film<'_>, until: Instant) -> Reading {
        if !self.ocr.reads_pictures() {
            add_note(&mut reading, no_ocr_for_frames());
            return reading;
        }
        let until = until.min(Instant::now() + FRAMES_TIMEOUT);
        let left = until.saturating_duration_since(Instant::now());
        // A new picture after a cut is a key frame: no other is decoded.
        let keys = ["-skip_frame", "nokey"];
        let arguments = ["-map", "0:v:0", "-vf", CUTS, "-f", "null", "-"];
        let listed = self
            .run_ffmpeg(film, &keys, &arguments, MAX_TEXT, left.min(self.timeout))
            .await;
        let (times, has_more) = match listed {
            Ok(listed) => cuts(&String::from_utf8_lossy(&listed), MAX_FRAMES),
            Err(error) => {
                tracing::warn!(%error, "a film's pictures were not read");
                let reason = "The pictures of the video could not be read: they are damaged, or take more time or memory than a film \
                              may use. Attach the pictures that matter by themselves.";
                add_note(&mut reading, reason.to_owned());
                return reading;
            }
        };
        let mut read = 0;
        for time in &times {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            read += 1;
            let timeout = left.min(self.timeout);
            let table = match self.frame(film, *time, timeout).await {
                Ok(picture) => self.words(&picture, None, timeout).await,
                Err(error) => Err(error),
            };
            reading = added(reading, Pictured::Frame(*time), table).await;
        }
        if (has_more || read < times.len())
            && let Some(last) = times.get(..read).and_then(<[u64]>::last)
        {
            let second = last / 1_000;
            let reason = format!(
                "Words that are shown in the video after its picture at second {second} were not read: the pictures before were as much as \
                 OCR may read of one film. Attach the pictures that matter by themselves."
            );
            add_note(&mut reading, reason);
        }
        reading
    }

    /// Whether ffmpeg runs, confined as for a film; it says its version.
    pub async fn try_ffmpeg(&self) -> Result<(), ToolError> {
        let ffmpeg = self.ffmpeg.as_ref().ok_or(ToolError::Missing)?;
        let run = ToolRun {
            program: ffmpeg.program.clone(),
            data: None,
            arguments: vec!["-version".into()],
            bounds: ToolBounds::Film,
            allow_unconfined: self.allow_unconfined,
        };
        self.run_tool(&run, &[], MAX_TEXT, self.timeout)
            .await
            .map(drop)
    }

    /// The picture at this time, in milliseconds, in grey.
    async fn frame(
        &self,
        film: &Film<'_>,
        time: u64,
        timeout: Duration,
    ) -> Result<Vec<u8>, ToolError> {
        let time = format!("{}.{:03}", time / 1_000, time % 1_000);
        let at = ["-ss", &time];
        let arguments = [
            "-map",
            "0:v:0",
            "-frames:v",
            "1",
            "-vf",
            SHRINK,
            "-c:v",
            "pgm",
            "-f",
            "image2pipe",
            "-",
        ];
        let picture = self
            .run_ffmpeg(film, &at, &arguments, MAX_DRAWN, timeout)
            .await?;
        if picture.starts_with(GREY_MAP) {
            Ok(picture)
        } else {
            Err(ToolError::Failed)
        }
    }

    /// Runs ffmpeg on a film: `before` are options of its input, `arguments` of its output.
    pub(super) async fn run_ffmpeg(
        &self,
        film: &Film<'_>,
        before: &[&str],
        arguments: &[&str],
        most: u64,
        timeout: Duration,
    ) -> Result<Vec<u8>, ToolError> {
        let mut words = vec!["-nostdin", "-v", "quiet", "-max_pixels", MAX_PIXELS];
        // Lists of other files and addresses are films too, to ffmpeg: nothing but the film itself is opened.
        words.extend(["-protocol_whitelist", "file,pipe", "-f", film.demuxer()]);
        words.extend(before);
        words.extend(["-i", INPUT]);
        words.extend(arguments);
        let run = ToolRun {
            program: film.ffmpeg.program.clone(),
            data: None,
            arguments: words.into_iter().map(OsString::from).collect(),
            bounds: ToolBounds::Film,
            allow_unconfined: self.allow_unconfined,
        };
        self.run_tool(&run, film.bytes, most, timeout).await
    }
}

/// Where ffmpeg finds the film: on Linux its child has made a file of it, in which it can go back and forth; elsewhere it is a pipe,
/// in which only films with their index in front are found.
const INPUT: &str = if cfg!(target_os = "linux") {
    "/proc/self/fd/0"
} else {
    "pipe:0"
};

/// A film on its way to ffmpeg.
pub(super) struct Film<'f> {
    pub ffmpeg: &'f Ffmpeg,
    pub kind: RecordingKind,
    pub bytes: &'f [u8],
}

impl Film<'_> {
    /// The one reader of ffmpeg that is to read it.
    fn demuxer(&self) -> &'static str {
        match self.kind {
            RecordingKind::Mp3 => "mp3",
            RecordingKind::Wav => "wav",
            RecordingKind::Ogg => "ogg",
            RecordingKind::Flac => "flac",
            RecordingKind::Mp4 | RecordingKind::QuickTime => "mov",
            RecordingKind::Matroska => "matroska",
        }
    }
}
