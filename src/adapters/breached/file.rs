//! Searches a sorted file of digests by halving it: a list of a thousand million takes some thirty small reads. Lines may
//! be of any length, and end as on any system.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::Path;

use super::{BreachedError, DIGITS};

/// A line takes at most so much: a digest, a count and its ends.
const MAX_LINE: u64 = 80;

/// Whether the file has a line with this digest.
pub(super) fn holds(path: &Path, digest: &str) -> Result<bool, BreachedError> {
    let file = File::open(path)?;
    let (mut low, mut high) = (0, file.metadata()?.len());
    let mut reader = BufReader::with_capacity(256, file);
    // The line looked for begins in low..high, if there is one.
    while low < high {
        let middle = low + (high - low) / 2;
        let Some((begin, line)) = line_from(&mut reader, middle, low)? else {
            high = middle;
            continue;
        };
        if begin >= high {
            high = middle;
            continue;
        }
        match digest_in(&line)?.cmp(digest) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = begin + line.len() as u64,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

/// The first line that begins at or after `middle`, and where; `low` is where a line is known to begin.
fn line_from(
    reader: &mut BufReader<File>,
    middle: u64,
    low: u64,
) -> Result<Option<(u64, String)>, BreachedError> {
    let mut begin = middle;
    if middle > low {
        // One back: where the line before ends right there, this one begins at `middle`.
        reader.seek(SeekFrom::Start(middle - 1))?;
        begin = middle - 1 + read_line(reader)?.len() as u64;
    } else {
        reader.seek(SeekFrom::Start(middle))?;
    }
    let line = read_line(reader)?;
    Ok((!line.is_empty()).then_some((begin, line)))
}

fn read_line(reader: &mut BufReader<File>) -> Result<String, BreachedError> {
    let mut line = Vec::new();
    std::io::Read::take(reader, MAX_LINE).read_until(b'\n', &mut line)?;
    String::from_utf8(line).map_err(|_| BreachedError::NoDigest)
}

fn digest_in(line: &str) -> Result<&str, BreachedError> {
    let digest = line.trim_end().split(':').next().unwrap_or_default();
    let is_one = digest.len() == DIGITS
        && digest
            .bytes()
            .all(|digit| digit.is_ascii_digit() || (b'A'..=b'F').contains(&digit));
    if is_one {
        Ok(digest)
    } else {
        Err(BreachedError::NoDigest)
    }
}
