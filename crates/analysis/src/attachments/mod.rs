//! Attachments become sources: what a file is, its text in one form that can be quoted exactly, the page or second of each
//! part, and what could not be read with what to do about it. Hostile files are read in a child process that may do
//! nothing but read. It knows no task, no account and no protocol.

pub mod child;
mod clean;
mod decode;
mod draft;
mod extractor;
mod film;
mod format;
mod formats;
#[cfg(test)]
mod garbled_tests;
mod headers;
mod inline;
mod member_names;
mod members;
mod named_values;
mod ocr;
pub(crate) mod packed;
mod paragraphs;
mod programs;
mod recognise;
mod rows;
mod running;
mod speech;
#[cfg(test)]
mod testing;
mod values;

pub use child::{SandboxLimit, extract_child_main, tool_child_main};
pub use draft::{MAX_CHARACTERS, Reading};
pub use extractor::{EXTRACTION_TIMEOUT, ExtractionError, Extractor, OcrTrial, ToolError, sha256};
pub use film::{
    Ffmpeg, INSTALL_FFMPEG_ON_DEBIAN, INSTALL_FFMPEG_ON_MACOS, INSTALL_FFMPEG_ON_WINDOWS,
};
pub use format::{Format, format_of};
pub use formats::office::Office;
pub use formats::pdf::MAX_PAGES;
pub use ocr::{INSTALL_ON_DEBIAN, INSTALL_ON_MACOS, INSTALL_ON_WINDOWS, OcrTools};
pub use speech::{
    Hearing, MAX_SOUND_BYTES, Recogniser, RecognitionError, Segment, Sound, Transcript, WhisperCli,
};

use clara_domain::evidence::Unread;
use decode::{decode, decode_html};
use draft::Draft;
use format::Recognised;
use formats::{
    archive, csv, html, json, mail, markdown, notebook, office, pdf, picture, plain, recording,
    subtitles, svg, xml,
};
use ocr::{NotAsked, say_not_asked};
use speech::say_not_heard;

/// Reads a file in this very process. Whatever the bytes are, there is an answer; but it may take long and much memory,
/// so that a server calls [`Extractor::read`] instead.
pub fn read_here(name: &str, bytes: &[u8]) -> Reading {
    let mut reading = read_from_web(name, None, bytes);
    say_not_asked(&mut reading, NotAsked::InProcess);
    say_not_heard(&mut reading, NotAsked::InProcess);
    reading
}

/// The same of a file that was fetched, where the server may have named its character encoding. What of it only OCR reads is
/// in [`Reading::scanned`].
pub fn read_from_web(name: &str, charset: Option<&str>, bytes: &[u8]) -> Reading {
    read_at(name, charset, bytes, Depth::Attached)
}

/// Where a file lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// It was attached by itself.
    Attached,
    /// It lies within a file that was attached; files within it are named and not opened.
    Within,
}

fn read_at(name: &str, charset: Option<&str>, bytes: &[u8], depth: Depth) -> Reading {
    let Recognised { format, note } = match format_of(name, bytes) {
        Ok(recognised) => recognised,
        Err(_) if depth == Depth::Within && is_plain_by_name(name) => Format::Plain.into(),
        Err(reason) => return Reading::refused(reason),
    };
    let draft = Draft::default();
    let mut reading = match format {
        Format::Pdf => pdf::read(bytes, draft),
        Format::Office(office) => office::read(office, bytes, draft),
        Format::Zip => archive::read_zip(bytes, draft, depth),
        Format::Tar => archive::read_tar(bytes, draft, depth, false),
        Format::Gzip => archive::read_gzip(name, bytes, draft, depth),
        Format::Mail => mail::read(bytes, draft, depth),
        Format::Mailbox => mail::read_mailbox(bytes, draft, depth),
        Format::Picture(kind) => picture::read(kind, bytes, draft),
        Format::Recording(kind) => recording::read(kind, bytes, draft),
        _ => read_text(format, charset, bytes, draft),
    };
    if depth == Depth::Within {
        say_not_asked(&mut reading, NotAsked::Within);
        say_not_heard(&mut reading, NotAsked::Within);
    }
    if let Some(reason) = note {
        let told = Unread {
            reason,
            ..Unread::default()
        };
        reading.unread.insert(0, told);
    }
    reading
}

/// Plain text under names that are usual within archives: `README`, `LICENSE`, `server.log`.
fn is_plain_by_name(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    match file.rsplit_once('.') {
        None => true,
        Some((_, extension)) => matches!(extension, "log" | "text" | "rst" | "tsv"),
    }
}

fn read_text(format: Format, charset: Option<&str>, bytes: &[u8], mut draft: Draft) -> Reading {
    let decoded = match format {
        Format::Html | Format::Xml | Format::Svg => decode_html(bytes, charset),
        _ => decode(bytes, charset),
    };
    let Some(decoded) = decoded else {
        return Reading::refused(
            "The file is no text: most of its bytes are no characters. Save it as UTF-8 text, or attach it as PDF.",
        );
    };
    for note in decoded.notes() {
        draft.unread(None, note);
    }
    let text = &decoded.text;
    match format {
        Format::Markdown => markdown::read(text, draft),
        Format::Html => html::read(text, draft),
        Format::Csv => csv::read(text, draft),
        Format::Json => json::read(text, draft),
        Format::Subtitles => subtitles::read(text, draft),
        Format::Notebook => notebook::read(text, draft),
        Format::Xml => xml::read(text, draft),
        Format::Svg => svg::read(text, draft),
        _ => plain::read(text, draft),
    }
}
