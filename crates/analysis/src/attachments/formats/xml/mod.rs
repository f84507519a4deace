//! XML: elements with values as records (`title: …; year: …`), elements with running text as paragraphs. A document type is not
//! followed: no entity is expanded and nothing it names is fetched.

mod tree;
mod write;

use crate::attachments::draft::{Draft, Reading};
pub use tree::{Tree, resolve};

/// Reads an XML file.
pub fn read(text: &str, mut draft: Draft) -> Reading {
    let tree = Tree::parse(text);
    if tree.nodes.is_empty() {
        return Reading::refused(
            "The file is no XML: it has no element. Name it .txt if it is plain text.",
        );
    }
    for note in tree.notes() {
        draft.unread(None, note);
    }
    write::write(&tree, &mut draft);
    draft.finish()
}

#[cfg(test)]
mod tests;
