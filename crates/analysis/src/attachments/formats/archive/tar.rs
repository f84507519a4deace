//! Tar archives.

use std::io::Cursor;

use ::tar::{Archive, EntryType};

use super::{is_litter, read_member};
use crate::attachments::Depth;
use crate::attachments::draft::{Draft, Reading};
use crate::attachments::members::Members;

/// Where a tar archive's first header says what it is.
const MAGIC: std::ops::Range<usize> = 257..262;

/// Whether the bytes begin with a tar header.
pub fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(MAGIC) == Some(b"ustar")
}

/// Reads the files of a tar archive. `is_cut` says that the archive goes on after these bytes.
pub fn read(bytes: &[u8], draft: Draft, depth: Depth, is_cut: bool) -> Reading {
    let mut members = Members::new(draft, "file", depth);
    let mut archive = Archive::new(Cursor::new(bytes));
    let Ok(entries) = archive.entries() else {
        return Reading::refused(
            "The tar archive cannot be read. Make it again, or attach the files in it.",
        );
    };
    for entry in entries {
        let Ok(entry) = entry else {
            let reason = if is_cut {
                "The archive unpacks to more than 64 MB; what follows was not read. Attach those files by themselves."
            } else {
                "The tar archive is damaged; what follows the damage was not read. Make it again, or attach the files in it."
            };
            members.draft().unread(None, reason);
            break;
        };
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                if !is_litter(&name) {
                    let declared = entry.size();
                    read_member(&mut members, &name, declared, entry);
                }
            }
            EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => {}
            EntryType::Link | EntryType::Symlink => {
                members.leave(&name, "It is a link to another file. Attach that file.");
            }
            _ => members.leave(
                &name,
                "It is no plain file (a device, a pipe, or a file with holes).",
            ),
        }
    }
    members.finish()
}
