//! The hash of an ISO base media file by its boxes (`c2pa.hash.bmff.v2` and `.v3`; C2PA 2.2, 18.6): which bytes it is of.

use std::borrow::Cow;
use std::ops::Range;

use super::base_media::{IN_PIECES, TopBox};
use super::cbor::Value;
use super::locate::Located;
use super::manifest::LEFT_OUT;

/// An assertion of more exclusions, or an exclusion of more conditions, is not checked: each is held against each box.
const MAX_EXCLUSIONS: usize = 32;
const MAX_CONDITIONS: usize = 4;
/// A longer value that a box has to have is not looked for.
const MAX_VALUE: usize = 64;

/// Whether an assertion of this label is such a hash. A claim's second one has a number behind its name.
pub fn is_binding(label: &str) -> bool {
    let name = label.split_once("__").map_or(label, |(name, _)| name);
    matches!(name, "c2pa.hash.bmff.v2" | "c2pa.hash.bmff.v3")
}

/// What the hash is of: each box that is not left out whole, with the place in the file where it begins in front. Otherwise why that
/// is not checked. What is left out has to lie in what the standard has every hash leave out: behind anything else a file could be
/// changed.
pub fn covered<'f>(
    binding: &Value<'_>,
    located: &Located,
    file: &'f [u8],
) -> Result<Vec<Cow<'f, [u8]>>, &'static str> {
    if !matches!(binding.get("merkle"), None | Some(Value::Null)) {
        return Err(IN_PIECES);
    }
    let entries = binding.get("exclusions").map_or(&[][..], Value::entries);
    let exclusions: Option<Vec<_>> = entries.iter().map(Exclusion::read).collect();
    let exclusions = exclusions
        .filter(|exclusions| exclusions.len() <= MAX_EXCLUSIONS)
        .ok_or(LEFT_OUT)?;
    let mut numbers = vec![0_usize; exclusions.len()];
    let mut pieces = Vec::new();
    for found in &located.boxes {
        let mut left_out = Vec::new();
        let mut is_whole = false;
        for (exclusion, number) in exclusions.iter().zip(&mut numbers) {
            if exclusion.kind != found.kind {
                continue;
            }
            *number += 1;
            if !exclusion.matches(found, *number, file) {
                continue;
            }
            match &exclusion.subset {
                None => is_whole = true,
                Some(subset) => left_out.extend(subset.iter().map(|part| within(part, found))),
            }
        }
        if is_whole {
            left_out = vec![found.range.clone()];
        } else {
            let start = u64::try_from(found.range.start).map_err(|_| LEFT_OUT)?;
            pieces.push(Cow::Owned(start.to_be_bytes().to_vec()));
        }
        left_out.sort_by_key(|part| part.start);
        let mut at = found.range.start;
        for part in left_out {
            if !is_allowed(&part, located) {
                return Err(LEFT_OUT);
            }
            if at < part.start {
                pieces.extend(file.get(at..part.start).map(Cow::Borrowed));
            }
            at = at.max(part.end);
        }
        pieces.push(Cow::Borrowed(
            file.get(at..found.range.end).ok_or(LEFT_OUT)?,
        ));
    }
    Ok(pieces)
}

fn is_allowed(part: &Range<usize>, located: &Located) -> bool {
    let mut allowed = located.ranges.iter();
    part.is_empty() || allowed.any(|range| range.start <= part.start && part.end <= range.end)
}

/// A part of a box as a part of the file. A length of zero is all that follows, and nothing behind the box is in it.
fn within((offset, length): &(usize, usize), found: &TopBox) -> Range<usize> {
    let (start, end) = (found.range.start, found.range.end);
    let first = start.saturating_add(*offset).min(end);
    let last = match length {
        0 => end,
        length => first.saturating_add(*length).min(end),
    };
    first..last
}

/// Boxes that are left out, and what they have to be like.
struct Exclusion<'a> {
    kind: [u8; 4],
    /// Which of its kind, counted from one.
    number: Option<usize>,
    length: Option<usize>,
    data: Vec<(usize, &'a [u8])>,
    version: Option<usize>,
    flags: Option<[u8; 3]>,
    is_exact: bool,
    /// Offset and length of the parts that are left out, where it is not all of the box.
    subset: Option<Vec<(usize, usize)>>,
}

impl<'a> Exclusion<'a> {
    /// Nothing where it is not understood, or names boxes within boxes: those are never left out.
    fn read(entry: &Value<'a>) -> Option<Self> {
        let stated = |key| entry.get(key).filter(|value| **value != Value::Null);
        let number_of = |key| match stated(key) {
            None => Some(None),
            Some(value) => value.size().map(Some),
        };
        let list = |key| match stated(key) {
            None => Some(None),
            Some(value) => Some(Some(value.entries())).filter(|list| {
                list.is_some_and(|list| !list.is_empty() && list.len() <= MAX_CONDITIONS)
            }),
        };
        let path = entry
            .get("xpath")
            .and_then(Value::text)?
            .strip_prefix('/')?;
        let (name, number) = match path.strip_suffix(']') {
            None => (path, None),
            Some(path) => {
                let (name, number) = path.split_once('[')?;
                (name, Some(number.parse().ok()?))
            }
        };
        let data = list("data")?.unwrap_or_default().iter().map(|condition| {
            let value = condition.get("value")?.bytes()?;
            (value.len() <= MAX_VALUE).then_some((condition.get("offset")?.size()?, value))
        });
        let subset = list("subset")?.map(|parts| {
            let parts = parts.iter();
            parts
                .map(|part| Some((part.get("offset")?.size()?, part.get("length")?.size()?)))
                .collect::<Option<Vec<_>>>()
        });
        Some(Self {
            kind: name.as_bytes().try_into().ok()?,
            number,
            length: number_of("length")?,
            data: data.collect::<Option<_>>()?,
            version: number_of("version")?,
            flags: match stated("flags") {
                None => None,
                Some(flags) => Some(flags.bytes()?.try_into().ok()?),
            },
            is_exact: stated("exact") != Some(&Value::Bool(false)),
            subset: match subset {
                None => None,
                Some(subset) => Some(subset?),
            },
        })
    }

    /// Whether a box of its kind is as it says.
    fn matches(&self, found: &TopBox, number: usize, file: &[u8]) -> bool {
        let Some(whole) = file.get(found.range.clone()) else {
            return false;
        };
        let has = |(offset, value): &(usize, &[u8])| {
            let rest = whole.get(*offset..);
            rest.is_some_and(|rest| rest.starts_with(value))
        };
        self.number.is_none_or(|wanted| wanted == number)
            && self.length.is_none_or(|wanted| wanted == whole.len())
            && self.data.iter().all(has)
            && self.fits_version(found, file)
    }

    fn fits_version(&self, found: &TopBox, file: &[u8]) -> bool {
        if self.version.is_none() && self.flags.is_none() {
            return true;
        }
        let Some([version, flags @ ..]) = found.version_and_flags(file) else {
            return false;
        };
        let fits = |(flag, wanted): (u8, u8)| {
            if self.is_exact {
                flag == wanted
            } else {
                flag & wanted == wanted
            }
        };
        self.version
            .is_none_or(|wanted| wanted == usize::from(version))
            && self
                .flags
                .is_none_or(|wanted| flags.into_iter().zip(wanted).all(fits))
    }
}

#[cfg(test)]
mod tests;
