//! Office documents and books: what they say, in the order in which a person reads it, with the names of their parts: slides,
//! sheets, chapters, notes. They fetch nothing, run nothing, and read within bounds.

mod about;
mod docx;
mod drawing;
mod epub;
mod grid;
mod kind;
mod odf;
mod package;
mod pptx;
mod relations;
mod rtf;
mod sheet;
mod story;
#[cfg(test)]
mod testing;
mod xls;
mod xlsx;
mod xml;

pub use kind::Office;

use crate::attachments::draft::{Draft, Reading};
use package::{Package, Refusal};

/// Reads an office document of the kind that its bytes are.
pub fn read(office: Office, bytes: &[u8], mut draft: Draft) -> Reading {
    let read = match office {
        Office::Docx => packaged(bytes, &mut draft, docx::read),
        Office::Xlsx => packaged(bytes, &mut draft, xlsx::read),
        Office::Pptx => packaged(bytes, &mut draft, pptx::read),
        Office::Xls => xls::read(bytes, &mut draft),
        Office::Odt => open_document(bytes, &mut draft, odf::Kind::Text),
        Office::Ods => open_document(bytes, &mut draft, odf::Kind::Sheets),
        Office::Odp => open_document(bytes, &mut draft, odf::Kind::Slides),
        Office::Rtf => {
            rtf::read(bytes, &mut draft);
            Ok(())
        }
        Office::Epub => Package::open(bytes).and_then(|mut book| epub::read(&mut book, &mut draft)),
    };
    if let Err(refusal) = read {
        if draft.is_empty() {
            return Reading::refused(refusal.reason());
        }
        draft.unread(
            None,
            format!("Not all of the file was read. {}", refusal.reason()),
        );
    } else if draft.is_empty() {
        draft.unread(None, "The file has no text.");
    }
    draft.finish()
}

fn open_document(bytes: &[u8], draft: &mut Draft, kind: odf::Kind) -> Result<(), Refusal> {
    odf::read(&mut Package::open(bytes)?, kind, draft)
}

fn packaged(
    bytes: &[u8],
    draft: &mut Draft,
    read: fn(&mut Package, &str, &mut Draft) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let mut package = Package::open(bytes)?;
    let main = relations::main_part(&mut package)?.ok_or(Refusal::Damaged)?;
    read(&mut package, &main, draft)
}
