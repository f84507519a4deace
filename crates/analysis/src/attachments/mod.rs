//! Attachments become sources: what a file is, its text in one form that can be quoted exactly, the page or second of each
//! part, and what could not be read with what to do about it. Hostile files are read in a child process that may do
//! nothing but read. It knows no task, no account and no protocol.

pub mod child;
mod clean;
mod decode;
mod draft;
mod extractor;
mod format;
mod formats;
#[cfg(test)]
mod garbled_tests;
mod headers;
mod inline;
pub(crate) mod packed;
mod paragraphs;
mod rows;
#[cfg(test)]
mod testing;
mod values;

pub use child::{SandboxLimit, extract_child_main};
pub use draft::{MAX_CHARACTERS, Reading};
pub use extractor::{ExtractionError, Extractor, PATIENCE, sha256};
pub use format::{Format, format_of};
pub use formats::office::Office;
pub use formats::pdf::MAX_PAGES;

use decode::{decode, decode_html};
use draft::Draft;
use format::Recognised;
use formats::{csv, html, json, markdown, office, pdf, plain, subtitles};

/// Reads a file in this very process. Whatever the bytes are, there is an answer; but it may take long and much memory,
/// so that a server calls [`Extractor::read`] instead.
pub fn read_here(name: &str, bytes: &[u8]) -> Reading {
    read_from_web(name, None, bytes)
}

/// The same of a file that was fetched, where the server may have named its character encoding.
pub fn read_from_web(name: &str, charset: Option<&str>, bytes: &[u8]) -> Reading {
    let Recognised { format, note } = match format_of(name, bytes) {
        Ok(recognised) => recognised,
        Err(reason) => return Reading::refused(reason),
    };
    let mut draft = Draft::default();
    if let Some(note) = note {
        draft.unread(None, note);
    }
    match format {
        Format::Pdf => return pdf::read(bytes, draft),
        Format::Office(office) => return office::read(office, bytes, draft),
        _ => {}
    }
    let decoded = match format {
        Format::Html => decode_html(bytes, charset),
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
        Format::Plain | Format::Pdf | Format::Office(_) => plain::read(text, draft),
        Format::Markdown => markdown::read(text, draft),
        Format::Html => html::read(text, draft),
        Format::Csv => csv::read(text, draft),
        Format::Json => json::read(text, draft),
        Format::Subtitles => subtitles::read(text, draft),
    }
}
