//! The document around the pages: opening it, what it says of itself, and its pages one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use clara_domain::evidence::ReadUnit;
use pdf_oxide::object::Object;
use pdf_oxide::optional_content::compute_default_off_ocgs;
use pdf_oxide::{PdfDocument, error::Error};

use super::content::Shared;
use super::fonts::Fonts;
use super::noise::is_noise;
use super::page::{Failed, Page, read_page};
use super::running::remove_running;
use super::write::write_pages;
use crate::attachments::clean::clean;
use crate::attachments::decode::decode;
use crate::attachments::draft::{Draft, MAX_CHARACTERS, Reading, Scanned, ScannedPage};

/// The most pages that are read.
pub const MAX_PAGES: usize = 500;
/// After this long the pages that are left are named and left out: the child's own end would cost all of them.
const READING_TIMEOUT: Duration = Duration::from_secs(15);

/// Reads a PDF.
pub fn read(bytes: &[u8], draft: Draft) -> Reading {
    let until = Instant::now() + READING_TIMEOUT;
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    let is_whole = tail.windows(5).any(|window| window == b"%%EOF");
    catch_unwind(AssertUnwindSafe(|| document(bytes, draft, is_whole, until)))
        .unwrap_or_else(|_| Reading::refused(broken(is_whole)))
}

fn broken(is_whole: bool) -> &'static str {
    if is_whole {
        "The PDF is damaged and could not be read. Open it in a viewer, print it to a new PDF and attach that."
    } else {
        "The PDF is cut off: its end is missing. Download or save it again and attach that."
    }
}

fn document(bytes: &[u8], mut draft: Draft, is_whole: bool, until: Instant) -> Reading {
    let locked = "The PDF needs a password. Save a copy without one and attach that.";
    let opened = PdfDocument::from_bytes(bytes.to_vec());
    let document = match opened {
        Ok(document) if document.is_encrypted() && !document.is_authenticated() => {
            return Reading::refused(locked);
        }
        // The library takes revision 6's key for it and reads noise.
        Ok(document) if encryption_revision(&document) == Some(5) => {
            return Reading::refused(
                "The PDF is encrypted with AES-256 in its first form (revision 5), which is not read. Save a copy without \
                 encryption and attach that.",
            );
        }
        Ok(document) => document,
        Err(Error::EncryptedPdf) => return Reading::refused(locked),
        Err(_) => return Reading::refused(broken(is_whole)),
    };
    let count = match document.page_count() {
        Ok(0) | Err(_) => return Reading::refused(broken(is_whole)),
        Ok(count) => count,
    };
    draft.about().title = title(&document);
    draft.about().language = language(&document);
    let ReadPages {
        mut pages,
        pictures,
        read,
    } = read_pages(&document, count, until, &mut draft);
    draft.share(ReadUnit::Pages, read, count);
    if !pictures.is_empty() {
        draft.about().scanned = Some(Scanned::Pages(pictures));
    }
    let mut mains: Vec<_> = pages
        .iter_mut()
        .map(|(_, page)| match page.frames.first_mut() {
            Some(frame) => (frame.area, std::mem::take(&mut frame.rows)),
            None => (super::geometry::Area::EMPTY, Vec::new()),
        })
        .collect();
    let removed = remove_running(&mut mains);
    for ((_, page), (_, rows)) in pages.iter_mut().zip(mains) {
        if let Some(frame) = page.frames.first_mut() {
            frame.rows = rows;
        }
    }
    let frames = pages.iter().flat_map(|(_, page)| &page.frames);
    if is_noise(frames.flat_map(|frame| &frame.rows)) {
        draft.unread(
            None,
            "The letters of the PDF make no words: its fonts say that they stand for other letters than they show. Run the \
             PDF through OCR and attach the result.",
        );
        return draft.finish();
    }
    write_pages(pages, &mut draft);
    if let Some(sentence) = removed.sentence() {
        draft.unread(None, sentence);
    }
    if !is_whole {
        draft.unread(
            None,
            "The PDF is cut off: its end is missing. What could be recovered was read; save it again for the rest.",
        );
    }
    draft.finish()
}

/// The revision of the encryption, where there is one.
fn encryption_revision(document: &PdfDocument) -> Option<i64> {
    let encryption = document.trailer().as_dict()?.get("Encrypt")?;
    let encryption = document.resolve_object(encryption).ok()?;
    encryption.as_dict()?.get("R")?.as_integer()
}

/// The pages that have text, with their numbers, and how many others are pictures. What cannot be read is named.
/// The pages of a document, read.
#[derive(Default)]
struct ReadPages {
    /// Those with text, by number.
    pages: Vec<(u32, Page)>,
    /// Those that are pictures.
    pictures: Vec<ScannedPage>,
    /// How many were read, blank ones among them.
    read: usize,
}

fn read_pages(
    document: &PdfDocument,
    count: usize,
    until: Instant,
    draft: &mut Draft,
) -> ReadPages {
    let mut shared = Shared {
        document,
        fonts: Fonts::default(),
        layers_off: catch_unwind(AssertUnwindSafe(|| compute_default_off_ocgs(document)))
            .unwrap_or_default(),
    };
    let mut found = ReadPages::default();
    let mut letters = 0_usize;
    for index in 0..count.min(MAX_PAGES) {
        if letters > MAX_CHARACTERS || Instant::now() > until {
            draft.unread(
                None,
                format!(
                    "Pages {} to {count} were not read: the pages before them were as much as can be read. \
                     Attach the pages that matter as a PDF of their own.",
                    index + 1
                ),
            );
            return found;
        }
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let read = catch_unwind(AssertUnwindSafe(|| read_page(&mut shared, index)));
        let page = match read.unwrap_or(Err(Failed::Missing)) {
            Ok(page) => page,
            Err(failed) => {
                draft.unread(Some(number), failed.reason());
                continue;
            }
        };
        letters += page.letters;
        for reason in page.reasons() {
            draft.unread(Some(number), reason);
        }
        if page.is_picture() {
            let (width, height) = page.size;
            found.pictures.push(ScannedPage {
                number,
                width,
                height,
            });
        } else {
            found.read += 1;
        }
        if page.letters > 0 {
            found.pages.push((number, page));
        }
    }
    if count > MAX_PAGES {
        draft.unread(
            None,
            format!(
                "Pages {} to {count} were not read: at most {MAX_PAGES} are. Attach the pages that matter as a PDF of \
                 their own.",
                MAX_PAGES + 1
            ),
        );
    }
    found
}

fn title(document: &PdfDocument) -> Option<String> {
    let about = document.trailer().as_dict()?.get("Info")?;
    let about = document.resolve_object(about).ok()?;
    let title = about.as_dict()?.get("Title")?;
    text_string(&document.resolve_object(title).ok()?)
}

fn language(document: &PdfDocument) -> Option<String> {
    let catalog = document.catalog().ok()?;
    let language = catalog.as_dict()?.get("Lang")?;
    text_string(&document.resolve_object(language).ok()?)
}

/// A PDF's own strings are UTF-16 with a mark, or one byte a character.
fn text_string(object: &Object) -> Option<String> {
    let bytes = object.as_string()?;
    let text = if bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\xef\xbb\xbf") {
        decode(bytes, None)?.text
    } else {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    };
    let text = clean(&text).text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
