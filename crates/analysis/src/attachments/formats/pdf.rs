//! PDF with a text layer: the text of each page in reading order, wrapped lines joined, one place a page. A page that is a
//! picture, broken or out of bounds is named; one bad page never costs the others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use pdf_oxide::object::Object;
use pdf_oxide::{PdfDocument, error::Error};

use crate::attachments::decode::decode;
use crate::attachments::draft::{Draft, Reading};
use crate::attachments::paragraphs::unwrap_lines;

/// The most pages that are read.
pub const MAX_PAGES: usize = 500;
/// After this long the pages that are left are named and left out: the child's own end would cost all of them.
const PATIENCE: Duration = Duration::from_secs(15);
/// Letters of a PDF are not equally wide: a full line has about this share fewer of them than the fullest.
const SLACK: f64 = 0.15;

/// Reads a PDF.
pub fn read(bytes: &[u8], draft: Draft) -> Reading {
    let until = Instant::now() + PATIENCE;
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
    let mut pictures = 0_usize;
    for index in 0..count.min(MAX_PAGES) {
        if draft.is_full() || Instant::now() > until {
            draft.unread(
                None,
                format!(
                    "Pages {} to {count} were not read: the pages before them were as much as can be read. \
                     Attach the pages that matter as a PDF of their own.",
                    index + 1
                ),
            );
            break;
        }
        pictures += usize::from(page(&document, index, &mut draft) == PageText::Picture);
    }
    if count > MAX_PAGES && !draft.is_full() {
        draft.unread(
            None,
            format!(
                "Pages {} to {count} were not read: at most {MAX_PAGES} are. Attach the pages that matter as a PDF of \
                 their own.",
                MAX_PAGES + 1
            ),
        );
    }
    if pictures == count {
        draft.unread(
            None,
            "The whole PDF is pictures, a scan perhaps. Run it through a program that recognises text (OCR) and attach \
             the result.",
        );
    }
    if !is_whole {
        draft.unread(
            None,
            "The PDF is cut off: its end is missing. What could be recovered was read; save it again for the rest.",
        );
    }
    draft.finish()
}

#[derive(Debug, PartialEq, Eq)]
enum PageText {
    Read,
    Blank,
    Picture,
    Failed,
}

fn page(document: &PdfDocument, index: usize, draft: &mut Draft) -> PageText {
    let number = u32::try_from(index + 1).ok();
    let extracted = catch_unwind(AssertUnwindSafe(|| document.extract_text(index)));
    let Ok(Ok(raw)) = extracted else {
        draft.unread(number, "The page is damaged and could not be read.");
        return PageText::Failed;
    };
    let clean = draft.clean(&raw);
    let text = unwrap_lines(&clean, SLACK);
    let characters = text.chars().count();
    if text.trim().is_empty() {
        let painted = painted(document, index);
        match painted {
            PageText::Picture => {
                draft.unread(number, "The page is a picture and no OCR is set up.");
            }
            PageText::Failed => draft.unread(
                number,
                "The page's content could not be unpacked: it is damaged, or larger than 64 MB.",
            ),
            PageText::Blank | PageText::Read => {}
        }
        return painted;
    }
    if text.matches(char::REPLACEMENT_CHARACTER).count() * 4 > characters {
        draft.unread(
            number,
            "The page's letters have no meaning attached, only shapes. Run the PDF through OCR and attach the result.",
        );
        return PageText::Failed;
    }
    draft.place(number, None, "\n\n");
    draft.clean_paragraph(&text);
    PageText::Read
}

/// What a page without text is.
fn painted(document: &PdfDocument, index: usize) -> PageText {
    let content = catch_unwind(AssertUnwindSafe(|| document.get_page_content_data(index)));
    let Ok(Ok(content)) = content else {
        return PageText::Failed;
    };
    let paints = content.split(u8::is_ascii_whitespace).any(|token| {
        matches!(
            token,
            b"Do" | b"BI" | b"sh" | b"S" | b"s" | b"f" | b"f*" | b"B" | b"b"
        )
    });
    if paints {
        PageText::Picture
    } else {
        PageText::Blank
    }
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
        decode(bytes)?.text
    } else {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    };
    let text = super::super::clean::clean(&text).text;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
