//! Zip archives.

use std::io::Cursor;

use ::zip::{CompressionMethod, ZipArchive};

use super::{is_litter, read_member};
use crate::attachments::Depth;
use crate::attachments::draft::{Draft, Reading};
use crate::attachments::members::Members;

const NEEDS_PASSWORD: &str = "It needs a password. Attach it by itself, without one.";

/// Reads the files of a zip archive.
pub fn read(bytes: &[u8], draft: Draft, depth: Depth) -> Reading {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return Reading::refused(
            "The zip archive is damaged: its list of files cannot be read. Make it again, or attach the files in it.",
        );
    };
    let mut members = Members::new(draft, "file", depth);
    let has_twins = archive.has_duplicate_names();
    for index in 0..archive.len() {
        read_one(&mut archive, index, &mut members);
    }
    if has_twins {
        members.draft().unread(
            None,
            "Files of the archive have the same name; one of each was read. Attach the others by themselves.",
        );
    }
    members.finish()
}

fn read_one(archive: &mut ZipArchive<Cursor<&[u8]>>, index: usize, members: &mut Members) {
    let Ok(entry) = archive.by_index_data(index) else {
        return;
    };
    let name = entry.name().map_or_else(
        |_| String::from_utf8_lossy(entry.name_raw()).into_owned(),
        std::borrow::Cow::into_owned,
    );
    if entry.is_dir() || is_litter(&name) {
        return;
    }
    if entry.encrypted() {
        return members.leave(&name, NEEDS_PASSWORD);
    }
    if entry.is_symlink() {
        return members.leave(&name, "It is a link to another file. Attach that file.");
    }
    if !matches!(
        entry.compression(),
        CompressionMethod::Stored | CompressionMethod::Deflated
    ) {
        return members.leave(
            &name,
            "It is packed in a way that is not read here. Make the archive with plain zip (deflate).",
        );
    }
    let declared = entry.size();
    match archive.by_index(index) {
        Ok(content) => read_member(members, &name, declared, content),
        Err(_) => members.leave(&name, super::DAMAGED),
    }
}
