//! ISO base media files (ISO 14496-12: HEIC, AVIF, MP4, M4A, MOV): the boxes that a file consists of, and the one that holds the
//! manifest store. No box is looked into but that.

use std::ops::Range;

use super::jumbf::Superbox;
use super::locate::{Located, MAX_STORE, Search};

/// A file of more boxes is not read to its end; a film of an hour in fragments of a second has some 7,000.
const MAX_BOXES: usize = 50_000;
/// A longer list of brands is none.
const MAX_FILE_TYPE: usize = 1_024;
/// The user type of boxes that belong to content credentials.
const C2PA: &[u8] = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81";

const CUT_OFF: &str = "the file is cut off, damaged, or in too many parts";
/// Why hashes of pieces are not checked.
pub const IN_PIECES: &str = "they are bound to the pieces of the file one by one";
const UPDATED: &str = "they are of a kind that is not read";
const FOLLOWED: &str = "bytes follow them that nobody signed";

/// A box at the top level of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct TopBox {
    pub kind: [u8; 4],
    /// Where it lies in the file, its head included.
    pub range: Range<usize>,
    /// The length of size and kind.
    head: usize,
}

impl TopBox {
    fn parse(file: &[u8], start: usize) -> Option<Self> {
        let rest = file.get(start..)?;
        let length = u32::from_be_bytes(*rest.first_chunk()?);
        let kind = *rest.get(4..)?.first_chunk()?;
        let (head, length) = match length {
            // A length of zero: the box reaches to the end of the file.
            0 => (8, rest.len()),
            1 => {
                let length = u64::from_be_bytes(*rest.get(8..)?.first_chunk()?);
                (16, usize::try_from(length).ok()?)
            }
            length => (8, usize::try_from(length).ok()?),
        };
        let range = start..start.checked_add(length)?;
        (head <= length).then_some(Self { kind, range, head })
    }

    /// The version and the flags, of a box that belongs to content credentials. Of no other is it known that it has any.
    pub fn version_and_flags(&self, file: &[u8]) -> Option<[u8; 4]> {
        let content = self.content(file)?.strip_prefix(C2PA)?;
        content.first_chunk().copied()
    }

    fn is_c2pa(&self, file: &[u8]) -> bool {
        let content = file.get(self.range.start + self.head..);
        &self.kind == b"uuid" && content.is_some_and(|content| content.starts_with(C2PA))
    }

    fn content<'f>(&self, file: &'f [u8]) -> Option<&'f [u8]> {
        file.get(self.range.clone())?.get(self.head..)
    }

    /// What a box of content credentials is there for, and its data.
    fn purpose<'f>(&self, file: &'f [u8]) -> Option<(&'f [u8], &'f [u8])> {
        let content = self.content(file)?.strip_prefix(C2PA)?;
        let content = content.strip_prefix(&[0; 4])?;
        let end = content.iter().position(|byte| *byte == 0)?;
        Some((content.get(..end)?, content.get(end + 1..)?))
    }

    /// Whether a hash may leave the box out. The standard has every hash leave out the first three (C2PA 2.2, A.5.6), and signers leave
    /// out free space as well. It allows any other too, and that is not allowed here: behind it a file could be changed.
    fn may_be_left_out(&self, file: &[u8]) -> bool {
        match &self.kind {
            // One at the beginning, where readers look for it, of no more than a list of brands.
            b"ftyp" => self.range.start == 0 && self.head == 8 && self.range.end <= MAX_FILE_TYPE,
            b"mfra" => true,
            // What is in them means nothing, but other boxes could point there.
            b"free" | b"skip" => self
                .content(file)
                .is_some_and(|content| content.iter().all(|byte| *byte == 0)),
            _ => self.is_c2pa(file),
        }
    }
}

/// Looks for the manifest store.
pub fn locate(file: &[u8]) -> Search {
    let (boxes, is_whole) = top_boxes(file);
    let mut data = None;
    let mut unchecked = (!is_whole).then_some(CUT_OFF);
    for found in boxes.iter().filter(|found| found.is_c2pa(file)) {
        match found.purpose(file) {
            Some((b"manifest", of_manifest)) => {
                if data.replace(of_manifest).is_some() {
                    return Search::Damaged;
                }
            }
            Some((b"merkle", _)) => unchecked = Some(IN_PIECES),
            Some((b"original" | b"update", _)) => unchecked = Some(UPDATED),
            _ => return Search::Damaged,
        }
    }
    let Some(data) = data else {
        return match unchecked {
            Some(IN_PIECES | UPDATED) => Search::Unsupported,
            _ => Search::Absent,
        };
    };
    let Some((offset, rest)) = data.split_first_chunk::<8>() else {
        return Search::Damaged;
    };
    let Some((store, padding)) =
        Superbox::split(rest).filter(|(store, _)| store.len() <= MAX_STORE)
    else {
        return Search::Damaged;
    };
    // Where the hashes of pieces are.
    if *offset != [0; 8] {
        unchecked = Some(IN_PIECES);
    }
    if padding.iter().any(|byte| *byte != 0) {
        unchecked = Some(FOLLOWED);
    }
    let left_out = boxes.iter().filter(|found| found.may_be_left_out(file));
    Search::Found(Located {
        store: store.to_vec(),
        ranges: left_out.map(|found| found.range.clone()).collect(),
        boxes,
        unchecked,
    })
}

/// The boxes of the file, and whether they fill it. One that ends behind the file is the last.
fn top_boxes(file: &[u8]) -> (Vec<TopBox>, bool) {
    let mut boxes: Vec<TopBox> = Vec::new();
    let mut at = 0;
    while at < file.len() {
        let found = TopBox::parse(file, at).filter(|_| boxes.len() < MAX_BOXES);
        let Some(found) = found else {
            return (boxes, false);
        };
        at = found.range.end;
        boxes.push(found);
    }
    (boxes, at == file.len())
}

#[cfg(test)]
mod tests;
