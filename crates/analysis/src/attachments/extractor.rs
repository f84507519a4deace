//! The parent's side of reading a file: one child process a file, at most one a core, killed with its whole group when it
//! takes too long, says too much, or nobody waits for it any more. Whatever the child answers is checked again here: it
//! has read a stranger's bytes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::process::Command;
use tokio::sync::Semaphore;

mod film;
mod ocr;
mod speech;
mod supported;
mod tools;

pub use ocr::OcrTrial;
pub use tools::ToolError;

use super::child::{Answer, Header, Job, SandboxLimit};
use super::clean::is_hidden;
use super::draft::{MAX_CHARACTERS, MAX_NAME, Reading, Scanned};
use super::film::Ffmpeg;
use super::formats::pdf::MAX_PAGES;
use super::ocr::OcrTools;
use super::running::Running;
use super::speech::Hearing;
use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::submission::Attachment;
use clara_domain::text::{Span, Text};

/// How long a child may take in all.
pub const EXTRACTION_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest answer that is taken: the longest text, four bytes a character, escaped, and its places.
const MAX_ANSWER: u64 = 32 * 1024 * 1024;
/// The allocator of the program that is started sets a gigabyte of addresses aside, which is more than a child may have.
const ALLOCATOR_RESERVE: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "0");
/// What one compressed stream of a PDF may unpack to; the reader takes it from its environment only.
const STREAM_MEGABYTES: (&str, &str) = ("PDF_OXIDE_MAX_DECOMPRESS_MB", "64");

/// Why a file has no reading.
#[derive(Debug, thiserror::Error)]
pub enum ExtractionError {
    /// The child was stopped, or broke down: worth one more try, for another program may have eaten the machine.
    #[error("the reading process {0}")]
    Killed(&'static str),
    /// The child cannot be started at all: nothing to do with the file.
    #[error("the reading process could not be started: {0}")]
    NotStarted(#[source] std::io::Error),
    /// The child could not limit itself, and so did not look at the file.
    #[error("the reading process could not be confined: this machine does not hold {0}")]
    Unconfined(String),
}

/// Reads files in child processes.
#[derive(Debug)]
pub struct Extractor {
    program: PathBuf,
    timeout: Duration,
    allow_unconfined: bool,
    places: Semaphore,
    ocr: OcrTools,
    hearing: Hearing,
    ffmpeg: Option<Ffmpeg>,
}

impl Extractor {
    /// Reads with `program extract`, which is this very program; its path is a setting, because a test's or an example's
    /// own program is another.
    pub fn new(program: PathBuf) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            program,
            timeout: EXTRACTION_TIMEOUT,
            allow_unconfined: false,
            places: Semaphore::new(cores),
            ocr: OcrTools::default(),
            hearing: Hearing::Off,
            ffmpeg: None,
        }
    }

    /// The same with another wall-clock limit.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same, with files read even where the child cannot limit itself, if `allow`.
    #[must_use]
    pub fn with_unconfined(mut self, allow: bool) -> Self {
        self.allow_unconfined = allow;
        self
    }

    /// The same, with words in pictures read by these programs.
    #[must_use]
    pub fn with_ocr(mut self, tools: OcrTools) -> Self {
        self.ocr = tools;
        self
    }

    /// The same, with what is said in recordings heard so.
    #[must_use]
    pub fn with_hearing(mut self, hearing: Hearing) -> Self {
        self.hearing = hearing;
        self
    }

    /// The same, with films taken apart by this program.
    #[must_use]
    pub fn with_ffmpeg(mut self, ffmpeg: Option<Ffmpeg>) -> Self {
        self.ffmpeg = ffmpeg;
        self
    }

    /// A child of this program's own that knows nothing of its parent.
    fn child(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("extract").env_clear();
        command.env(ALLOCATOR_RESERVE.0, ALLOCATOR_RESERVE.1);
        command
    }

    /// Reads one attachment. A file that cannot be read is a source without text that says why; an error means that the
    /// child did not live to answer.
    pub async fn read(
        &self,
        attachment: &Attachment,
        id: String,
        retrieved_at: Timestamp,
    ) -> Result<Source, ExtractionError> {
        let header = Header {
            name: attachment.name.clone(),
            charset: attachment.charset.clone(),
            length: attachment.bytes.len() as u64,
            job: Job::Read,
            allow_unconfined: self.allow_unconfined,
        };
        let reading = reading_of(self.ask(&header, &attachment.bytes).await?)?;
        let reading = self.read_pictures(reading, &attachment.bytes).await;
        let reading = self.hear(reading, &attachment.bytes).await;
        Ok(source(attachment, id, retrieved_at, reading).await)
    }

    /// The source of a file whose reading failed for good.
    pub async fn given_up(
        attachment: &Attachment,
        error: &ExtractionError,
        id: String,
        retrieved_at: Timestamp,
    ) -> Source {
        let reading = Reading::refused(match error {
            ExtractionError::Unconfined(_) => {
                "This server cannot confine the process that reads files, and so reads none. Its operator learns from \
                 `clara doctor` what is missing, and may set CLARA_ALLOW_UNCONFINED=true where all files are their own."
            }
            ExtractionError::Killed(_) | ExtractionError::NotStarted(_) => {
                "Reading the file took more time or memory than one file may use, or its reader broke down. Attach a \
                 smaller part of it, or save it anew as PDF or plain text."
            }
        });
        source(attachment, id, retrieved_at, reading).await
    }

    /// Which limits hold for children on this machine.
    pub async fn sandbox_report(&self) -> Result<Vec<SandboxLimit>, ExtractionError> {
        let header = Header {
            name: String::new(),
            charset: None,
            length: 0,
            job: Job::Limits,
            allow_unconfined: false,
        };
        let mut limits = self.ask(&header, &[]).await?.limits;
        limits.push(SandboxLimit {
            what: format!("{} s in all, then killed", self.timeout.as_secs()),
            holds: true,
            required: true,
        });
        Ok(limits)
    }

    /// Sends one request to a child of its own and takes its answer.
    pub async fn ask(&self, header: &Header, bytes: &[u8]) -> Result<Answer, ExtractionError> {
        let broken = || ExtractionError::Killed("broke down");
        let frame = header.frame().map_err(|_| broken())?;
        let _place = self.places.acquire().await.map_err(|_| broken())?;
        let mut command = self.child();
        command.env(STREAM_MEGABYTES.0, STREAM_MEGABYTES.1);
        let mut running = Running::start(command).map_err(ExtractionError::NotStarted)?;
        let exchange = running.exchange(&frame, bytes, MAX_ANSWER);
        let (status, answer) = tokio::time::timeout(self.timeout, exchange)
            .await
            .map_err(|_| ExtractionError::Killed("took too long"))?
            .map_err(|_| broken())?;
        if answer.len() as u64 > MAX_ANSWER {
            return Err(ExtractionError::Killed("said too much"));
        }
        if !status.success() {
            return Err(ExtractionError::Killed("ended before it answered"));
        }
        let answer: Answer = serde_json::from_slice(&answer).map_err(|_| broken())?;
        if is_sound(&answer.reading) {
            Ok(answer)
        } else {
            Err(broken())
        }
    }
}

/// What a child read. One that answers with its limits instead could not set them, and has not looked at the file.
fn reading_of(answer: Answer) -> Result<Reading, ExtractionError> {
    if answer.limits.is_empty() {
        return Ok(answer.reading);
    }
    let missing = answer.limits.iter();
    let missing = missing.filter(|limit| limit.required && !limit.holds);
    let missing: Vec<&str> = missing.map(|limit| limit.what.as_str()).collect();
    Err(ExtractionError::Unconfined(missing.join(", ")))
}

/// Whether a reading keeps the promises that the rest of the analysis builds on.
pub(super) fn is_sound(reading: &Reading) -> bool {
    let characters = reading.text.chars().count();
    let ascending = reading
        .places
        .windows(2)
        .all(|pair| pair[0].start < pair[1].start);
    let within = |span: Span| span.start <= span.end && span.end <= characters;
    let records_hold = reading.records.iter().enumerate().all(|(at, record)| {
        reading.layouts.get(record.layout).is_some_and(|layout| {
            record.fields.iter().all(|field| {
                field.name < layout.names.len()
                    && within(field.value)
                    && field.value.start >= record.span.start
                    && field.value.end <= record.span.end
            })
        }) && within(record.span)
            && record.parent.is_none_or(|parent| parent < at)
    });
    let in_order = reading
        .records
        .windows(2)
        .all(|pair| pair[0].span.start <= pair[1].span.start);
    let pictures_hold = match &reading.scanned {
        Some(Scanned::Pages(pages)) => {
            pages.len() <= MAX_PAGES && pages.windows(2).all(|pair| pair[0].number < pair[1].number)
        }
        Some(Scanned::Picture) | None => true,
    };
    characters <= MAX_CHARACTERS
        && pictures_hold
        && reading.recorded.is_none_or(|recorded| recorded.is_sound())
        && ascending
        && records_hold
        && in_order
        && reading.places.iter().all(|place| {
            let label = place.label.as_deref().unwrap_or_default();
            place.start < characters
                && label.chars().count() <= MAX_NAME
                && !label.chars().any(is_hidden)
        })
        && !reading
            .text
            .chars()
            .any(|c| is_hidden(c) && !matches!(c, '\n' | '\t' | '\u{200c}' | '\u{200d}'))
}

async fn source(
    attachment: &Attachment,
    id: String,
    retrieved_at: Timestamp,
    reading: Reading,
) -> Source {
    let bytes = Arc::clone(&attachment.bytes);
    let sha256 = tokio::task::spawn_blocking(move || sha256(&bytes))
        .await
        .unwrap_or_else(|_| sha256(&attachment.bytes));
    Source {
        id,
        kind: if attachment.url.is_some() {
            SourceKind::Link
        } else {
            SourceKind::Attachment
        },
        name: attachment.name.clone(),
        title: reading.title,
        url: attachment.url.clone(),
        publisher: reading.publisher,
        published_at: reading.published_at,
        retrieved_at,
        sha256,
        text: Text::new(reading.text),
        language: reading.language,
        places: reading.places,
        records: reading.records,
        layouts: reading.layouts,
        read: reading.read,
        unread: reading.unread,
    }
}

/// The SHA-256 of bytes as they came, in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[tokio::test]
    async fn as_many_children_as_cores_read_at_once_and_no_more() {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // Whoever gets a place finds out at once that there is no such program.
        let extractor = Extractor::new(PathBuf::from("/nowhere/clara"));
        let header = Header {
            name: String::new(),
            charset: None,
            length: 0,
            job: Job::Limits,
            allow_unconfined: false,
        };
        let held: Vec<_> = (0..cores)
            .map(|_| extractor.places.try_acquire().expect("a place a core"))
            .collect();
        assert!(extractor.places.try_acquire().is_err());
        let mut waiting = std::pin::pin!(extractor.ask(&header, &[]));
        let mut context = std::task::Context::from_waker(Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        drop(held);
        let started = waiting.await;
        assert!(matches!(started, Err(ExtractionError::NotStarted(_))));
        assert_eq!(extractor.places.available_permits(), cores);
    }

    #[tokio::test]
    async fn a_file_whose_reader_is_unconfined_is_unread() {
        let limit = |what: &str, holds| SandboxLimit {
            what: what.to_owned(),
            holds,
            required: true,
        };
        let answer = Answer {
            reading: Reading::default(),
            limits: vec![limit("no sockets", false), limit("memory", true)],
        };
        let error = reading_of(answer).unwrap_err();
        assert!(error.to_string().ends_with("does not hold no sockets"));
        let attachment = Attachment {
            name: "a.txt".to_owned(),
            url: None,
            charset: None,
            bytes: b"text".as_slice().into(),
        };
        let source = Extractor::given_up(&attachment, &error, "s1".to_owned(), Timestamp(0)).await;
        assert!(source.text.is_empty());
        assert!(source.unread[0].reason.contains("ALLOW_UNCONFINED"));
    }
}
