//! Rich text (RTF): the words, tables, notes and comments. Pictures, objects and everything that only says how it looks are
//! passed over.

mod encodings;
mod tokens;
mod walk;
mod words;

use crate::attachments::draft::Draft;
use walk::Walk;

/// Reads a rich-text file.
pub fn read(bytes: &[u8], draft: &mut Draft) {
    let mut walk = Walk::new(draft);
    let ended = walk.read(bytes);
    walk.finish();
    if !ended {
        draft.unread(
            None,
            "The file ends in the middle, or its groups are nested too deeply; what was read may lack its end. Save it anew and \
             attach it again.",
        );
    }
}

#[cfg(test)]
mod tests;
