//! Office documents and books: what they say, in the order in which a person reads it, with the names of their parts: slides,
//! sheets, chapters, notes. They fetch nothing, run nothing, and read within bounds.

mod about;
mod docx;
mod grid;
mod kind;
mod package;
mod relations;
mod story;
#[cfg(test)]
mod testing;
mod xml;

pub use kind::Office;

use crate::attachments::draft::{Draft, Reading};
use package::{Package, Refusal};

/// Reads an office document of the kind that its bytes are.
pub fn read(office: Office, bytes: &[u8], mut draft: Draft) -> Reading {
    let read = match office {
        Office::Docx => packaged(bytes, &mut draft),
        _ => {
            let kind = office.name();
            return Reading::refused(format!(
                "The file is {kind}, which is not read here. Export it as PDF and attach that."
            ));
        }
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

fn packaged(bytes: &[u8], draft: &mut Draft) -> Result<(), Refusal> {
    let mut package = Package::open(bytes)?;
    let main = relations::main_part(&mut package)?.ok_or(Refusal::Damaged)?;
    docx::read(&mut package, &main, draft)
}
