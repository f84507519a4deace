//! Texts of a PNG file: keyword and value, uncompressed.

use crate::attachments::formats::tag_text::{name, text};

/// The most texts that are told.
const MAX_TEXTS: usize = 20;

/// The file's texts. Checksums are not looked at: a wrong one does not change what the file says.
pub fn texts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut at = 8_usize;
    while texts.len() < MAX_TEXTS {
        let Some(chunk) = chunk(bytes, at) else { break };
        let (kind, content) = chunk;
        let found = match kind {
            b"tEXt" => latin(content),
            b"iTXt" => international(content),
            b"IEND" => break,
            _ => None,
        };
        texts.extend(found.filter(|(keyword, _)| !keyword.starts_with("XML:")));
        at = at.saturating_add(content.len()).saturating_add(12);
    }
    texts
}

fn chunk(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let length = bytes.get(at..at.checked_add(4)?)?;
    let length = u32::from_be_bytes(length.try_into().ok()?);
    let start = at.checked_add(8)?;
    let end = start.checked_add(usize::try_from(length).ok()?)?;
    Some((bytes.get(at + 4..start)?, bytes.get(start..end)?))
}

fn latin(content: &[u8]) -> Option<(String, String)> {
    let (keyword, value) = split(content)?;
    let letters = |bytes: &[u8]| encoding_rs::mem::decode_latin1(bytes).into_owned();
    Some((name(&letters(keyword))?, text(&letters(value))?))
}

/// Keyword, whether it is compressed, how, language, translated keyword, text.
fn international(content: &[u8]) -> Option<(String, String)> {
    let (keyword, rest) = split(content)?;
    let rest = rest.strip_prefix(&[0, 0])?;
    let (_, rest) = split(rest)?;
    let (_, value) = split(rest)?;
    let letters = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((name(&letters(keyword))?, text(&letters(value))?))
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}
