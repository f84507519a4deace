//! Archives: the files in them, each by the reader of its kind. One level, 100 files, 64 MB unpacked; nothing is written
//! anywhere, and a name in an archive is only ever shown.

mod gzip;
mod tar;
#[cfg(test)]
mod testing;
mod zip;

pub use gzip::read as read_gzip;
pub use tar::{is_tar, read as read_tar};
pub use zip::read as read_zip;

use std::io::Read;

use crate::attachments::members::Members;

const TOO_LARGE: &str = "It unpacks to more than is taken of one archive (25 MB a file, 64 MB together). Attach it by itself.";
const DAMAGED: &str =
    "It is damaged: its bytes do not unpack. Make the archive again, or attach it by itself.";

/// Files that operating systems add to archives by themselves.
fn is_litter(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX/")
        || file.starts_with("._")
        || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// Unpacks and reads one file; what does not unpack, or is too large, is named.
fn read_member(members: &mut Members, name: &str, declared: u64, content: impl Read) {
    let room = match members.room() {
        Ok(room) => room,
        Err(reason) => return members.leave(name, reason),
    };
    if usize::try_from(declared).is_ok_and(|declared| declared <= room) {
        let mut bytes = Vec::new();
        // The declared size is the archive's word: what comes is counted.
        let limit = u64::try_from(room).unwrap_or(u64::MAX).saturating_add(1);
        let unpacked = content.take(limit).read_to_end(&mut bytes);
        members.count(bytes.len());
        if bytes.len() > room {
            members.leave(name, TOO_LARGE);
        } else if unpacked.is_err() {
            members.leave(name, DAMAGED);
        } else {
            members.read(name, None, &bytes);
        }
    } else {
        members.leave(name, TOO_LARGE);
    }
}

#[cfg(test)]
mod tests;
