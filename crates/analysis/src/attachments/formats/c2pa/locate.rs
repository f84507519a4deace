//! Where the manifest store lies in a file. A store may be in several pieces, which are put together.

use std::ops::Range;

use super::Carrier;
use super::base_media::{self, TopBox};
use super::jumbf::Superbox;

/// A longer store is not read.
pub const MAX_STORE: usize = 8 * 1024 * 1024;
/// Of a file of more pieces than these, the rest is not looked at.
const MAX_PIECES: usize = 20_000;
/// A JPEG with more boxes than these is damaged.
const MAX_BOXES: usize = 100;
/// The tag of TIFF that holds the store.
const TIFF_TAG: u16 = 0xcd41;

/// A manifest store, and the file as far as its binding needs it.
#[derive(Debug, Default, PartialEq)]
pub struct Located {
    pub store: Vec<u8>,
    /// The bytes of the file that a hash may leave out, in order: those that hold the store.
    pub ranges: Vec<Range<usize>>,
    /// The boxes that the file consists of, where it is an ISO base media file.
    pub boxes: Vec<TopBox>,
    /// Why the file cannot be checked, whatever the store says.
    pub unchecked: Option<&'static str>,
}

/// What of content credentials a file holds.
#[derive(Debug, PartialEq)]
pub enum Search {
    Absent,
    /// Two stores, pieces that do not fit, or more than is read.
    Damaged,
    /// Of a kind that is not read.
    Unsupported,
    Found(Located),
}

/// Looks where the format has the store.
pub fn locate(carrier: Carrier, bytes: &[u8]) -> Search {
    let found = match carrier {
        Carrier::Jpeg => jpeg(bytes),
        Carrier::Png => pieces(png(bytes), bytes),
        Carrier::Riff => pieces(riff(bytes), bytes),
        Carrier::Tiff => pieces(tiff(bytes).into_iter().collect(), bytes),
        Carrier::BaseMedia => return base_media::locate(bytes),
        Carrier::Other => return Search::Absent,
    };
    match found {
        Ok(Some(located)) if located.store.len() <= MAX_STORE => Search::Found(located),
        Ok(None) => Search::Absent,
        _ => Search::Damaged,
    }
}

/// The store is not in the file as it has to be.
#[derive(Debug)]
struct Damage;

/// A store in one piece, and all bytes of the file that are there for it.
struct Piece {
    content: Range<usize>,
    ranges: Vec<Range<usize>>,
}

fn pieces(mut found: Vec<Piece>, bytes: &[u8]) -> Result<Option<Located>, Damage> {
    let Some(piece) = found.pop() else {
        return Ok(None);
    };
    if !found.is_empty() {
        return Err(Damage);
    }
    let content = bytes.get(piece.content).ok_or(Damage)?;
    Ok(Some(Located {
        store: content.to_vec(),
        ranges: piece.ranges,
        ..Located::default()
    }))
}

/// Segments APP11 that JUMBF writes: which box they are of, their number in it, and their content from the box's head on.
fn jpeg(bytes: &[u8]) -> Result<Option<Located>, Damage> {
    let mut stores: Vec<(u16, u32, Located)> = Vec::new();
    let mut at = 2_usize;
    for _ in 0..MAX_PIECES {
        let Some([0xff, marker]) = chunk(bytes, at) else {
            break;
        };
        match marker {
            // A fill byte before the marker.
            0xff => {
                at += 1;
                continue;
            }
            0x01 | 0xd0..=0xd8 => {
                at += 2;
                continue;
            }
            // Pixels, or the end.
            0xd9 | 0xda => break,
            _ => {}
        }
        let Some(length) = chunk(bytes, at + 2).map(u16::from_be_bytes) else {
            break;
        };
        let whole = at..at + 2 + usize::from(length);
        let Some(segment) = bytes.get(whole.clone()).filter(|_| length >= 2) else {
            break;
        };
        at = whole.end;
        if marker == 0xeb
            && let Some((instance, number, piece)) = jumbf_piece(segment)
        {
            join(&mut stores, instance, number, piece, whole)?;
        }
    }
    let is_c2pa =
        |store: &Located| Superbox::parse(&store.store).is_some_and(|found| found.label == "c2pa");
    let mut stores = stores
        .into_iter()
        .map(|(_, _, store)| store)
        .filter(is_c2pa);
    let found = stores.next();
    if stores.next().is_some() {
        return Err(Damage);
    }
    Ok(found)
}

fn jumbf_piece(segment: &[u8]) -> Option<(u16, u32, &[u8])> {
    let content = segment.get(4..)?.strip_prefix(b"JP")?;
    let instance = u16::from_be_bytes(chunk(content, 0)?);
    let number = u32::from_be_bytes(chunk(content, 2)?);
    Some((instance, number, content.get(6..)?))
}

fn join(
    stores: &mut Vec<(u16, u32, Located)>,
    instance: u16,
    number: u32,
    piece: &[u8],
    whole: Range<usize>,
) -> Result<(), Damage> {
    let Some((_, last, store)) = stores.iter_mut().find(|(known, _, _)| *known == instance) else {
        let located = Located {
            store: piece.to_vec(),
            ranges: vec![whole],
            ..Located::default()
        };
        stores.push((instance, number, located));
        return if stores.len() > MAX_BOXES {
            Err(Damage)
        } else {
            Ok(())
        };
    };
    // The head of the box is repeated in each piece.
    let is_long = chunk(piece, 0).map(u32::from_be_bytes) == Some(1);
    let rest = piece.get(if is_long { 16 } else { 8 }..).ok_or(Damage)?;
    if last.checked_add(1) != Some(number) || store.store.len() + rest.len() > MAX_STORE {
        return Err(Damage);
    }
    *last = number;
    store.store.extend(rest);
    store.ranges.push(whole);
    Ok(())
}

fn png(bytes: &[u8]) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut at = 8_usize;
    for _ in 0..MAX_PIECES {
        let Some(length) = chunk(bytes, at).map(u32::from_be_bytes) else {
            break;
        };
        let kind: Option<[u8; 4]> = chunk(bytes, at + 4);
        let content = at + 8..at.saturating_add(8).saturating_add(size(length));
        let whole = at..content.end.saturating_add(4);
        at = whole.end;
        match kind {
            Some(kind) if kind == *b"caBX" => found.push(Piece {
                content,
                ranges: vec![whole],
            }),
            Some(kind) if kind != *b"IEND" => {}
            _ => break,
        }
    }
    found
}

fn riff(bytes: &[u8]) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut at = 12_usize;
    for _ in 0..MAX_PIECES {
        let Some(length) = chunk(bytes, at.saturating_add(4)).map(u32::from_le_bytes) else {
            break;
        };
        let content = at + 8..at.saturating_add(8).saturating_add(size(length));
        let whole = at..content.end.saturating_add(size(length) % 2);
        if bytes
            .get(at..)
            .is_some_and(|rest| rest.starts_with(b"C2PA"))
        {
            found.push(Piece {
                content,
                ranges: vec![whole.clone()],
            });
        }
        at = whole.end;
    }
    found
}

/// The entry of the first directory.
fn tiff(bytes: &[u8]) -> Option<Piece> {
    let is_little = bytes.starts_with(b"II");
    let short = |at| {
        let number = chunk(bytes, at)?;
        Some(if is_little {
            u16::from_le_bytes(number)
        } else {
            u16::from_be_bytes(number)
        })
    };
    let long = |at| {
        let number = chunk(bytes, at)?;
        Some(size(if is_little {
            u32::from_le_bytes(number)
        } else {
            u32::from_be_bytes(number)
        }))
    };
    // Big TIFF, with numbers of eight bytes, has another mark here.
    (short(2)? == 42).then_some(())?;
    let directory = long(4)?;
    let count = usize::from(short(directory)?);
    let entry = (0..count)
        .map(|number| directory.saturating_add(2 + 12 * number))
        .find(|entry| short(*entry) == Some(TIFF_TAG))?;
    // Bytes, whatever the type says: one of them each.
    matches!(short(entry + 2)?, 1 | 7).then_some(())?;
    let (length, start) = (long(entry + 4)?, long(entry + 8)?);
    let content = start..start.saturating_add(length);
    // The length is known only when the rest has been signed.
    let ranges = vec![entry + 4..entry + 8, content.clone()];
    Some(Piece { content, ranges })
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A JPEG of one store, whose box is cut into pieces of this length.
    fn jpeg_in_pieces(store: &[u8], length: usize) -> Vec<u8> {
        let mut bytes = b"\xff\xd8".to_vec();
        for (number, piece) in (1_u32..).zip(store[8..].chunks(length)) {
            let whole = [b"JP\0\x01", &number.to_be_bytes()[..], &store[..8], piece].concat();
            bytes.extend(b"\xff\xeb");
            bytes.extend(u16::try_from(whole.len() + 2).unwrap().to_be_bytes());
            bytes.extend(whole);
        }
        bytes.extend(b"\xff\xd9");
        bytes
    }

    /// A file type, and the beginning of a box that reaches to the end and holds a store.
    const C2PA_BOX: &[u8] = b"\0\0\0\x08ftyp\0\0\0\0uuid\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81\0\0\0\0manifest\0\0\0\0\0\0\0\0\0";

    fn store() -> Vec<u8> {
        let description = [b"c2pa", &[0; 12][..], b"\x03c2pa\0"].concat();
        let content = [&[0, 0, 0, 30][..], b"jumd", &description, &[7; 900]].concat();
        let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [&length[..], b"jumb", &content].concat()
    }

    #[test]
    fn pieces_in_segments_are_joined() {
        let store = store();
        let bytes = jpeg_in_pieces(&store, 300);
        let Search::Found(located) = locate(Carrier::Jpeg, &bytes) else {
            panic!("no store");
        };
        assert_eq!(located.store, store);
        assert_eq!(located.ranges.len(), 4);
        assert_eq!(located.ranges[0].start, 2);
        assert_eq!(located.ranges[3].end, bytes.len() - 2);
    }

    #[test]
    fn pieces_that_do_not_fit_are_damage() {
        let bytes = jpeg_in_pieces(&store(), 300);
        // The second piece says that it is the third.
        let at = bytes
            .windows(8)
            .position(|head| head == b"JP\0\x01\0\0\0\x02");
        let mut broken = bytes.clone();
        broken[at.unwrap() + 7] = 3;
        assert_eq!(locate(Carrier::Jpeg, &broken), Search::Damaged);
        // A store of another number beside the first.
        let twice = [&bytes[..bytes.len() - 2], &bytes[2..]].concat();
        assert_eq!(locate(Carrier::Jpeg, &twice), Search::Damaged);
        assert_eq!(locate(Carrier::Jpeg, b"\xff\xd8\xff\xd9"), Search::Absent);
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_store_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for (kind, head) in [
                (Carrier::Jpeg, &b"\xff\xd8\xff\xeb"[..]),
                (Carrier::Png, b"\x89PNG\r\n\x1a\n\0\0\0\x10caBX"),
                (Carrier::Riff, b"RIFF\xff\0\0\0WEBPC2PA"),
                (Carrier::Tiff, b"II*\0\x08\0\0\0\x01\0\x41\xcd\x07\0"),
                (Carrier::Tiff, b"MM\0*"),
                (Carrier::BaseMedia, b"\0\0\0\x08ftyp"),
                (Carrier::BaseMedia, C2PA_BOX),
            ] {
                let _ = locate(kind, &[head, &bytes].concat());
            }
        }
    }
}
