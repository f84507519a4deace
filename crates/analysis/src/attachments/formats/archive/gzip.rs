//! Gzip: a tar archive or one file, packed.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;

use super::{is_tar, tar};
use crate::attachments::draft::{Draft, Reading};
use crate::attachments::members::{MAX_MEMBER_BYTES, MAX_UNPACKED, NESTED, is_archive};
use crate::attachments::{Depth, read_at};

/// Reads what is packed.
pub fn read(name: &str, bytes: &[u8], draft: Draft, depth: Depth) -> Reading {
    let mut unpacked = Vec::new();
    let limit = u64::try_from(MAX_UNPACKED).unwrap_or(u64::MAX);
    let mut decoder = MultiGzDecoder::new(bytes).take(limit + 1);
    let is_damaged = decoder.read_to_end(&mut unpacked).is_err();
    let is_cut = unpacked.len() > MAX_UNPACKED;
    unpacked.truncate(MAX_UNPACKED);
    if is_tar(&unpacked) {
        return tar::read(&unpacked, draft, depth, is_cut);
    }
    if unpacked.len() > MAX_MEMBER_BYTES {
        return Reading::refused(
            "The file unpacks to more than 25 MB, which is not read. Attach the part that matters.",
        );
    }
    if is_damaged {
        return Reading::refused(
            "The gzip file is damaged: it does not unpack. Make it again, or attach the file itself.",
        );
    }
    if depth == Depth::Within || is_archive(&unpacked) {
        return Reading::refused(NESTED);
    }
    let inner = name.strip_suffix(".gz").unwrap_or(name);
    read_at(inner, None, &unpacked, Depth::Within)
}
