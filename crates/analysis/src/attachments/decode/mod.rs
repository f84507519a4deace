//! Bytes to characters: by a byte order mark, as UTF-8, by what a page says of itself, else by detection with the guess named.
//! What does not fit is replaced and counted, and bytes that are mostly no text are refused.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The text of a file and how many of its characters could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub replaced: usize,
    /// The encoding's name, where nothing in the file says it.
    pub guess: Option<&'static str>,
}

impl Decoded {
    /// What to say of a guess and of what could not be read.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(guess) = self.guess {
            notes.push(format!(
                "The file does not say how its characters are encoded. It was read as {guess}, the likeliest: save it as UTF-8 \
                 and attach it again if letters or signs look wrong."
            ));
        }
        if self.replaced > 0 {
            notes.push(format!(
                "{} characters could not be read, because they do not fit the file's encoding. Save it as UTF-8 and attach \
                 it again if they matter.",
                self.replaced
            ));
        }
        notes
    }
}

/// One unreadable character in this many is still a text with a flaw; more is something else.
const ONE_IN: usize = 20;
/// So many bytes of a page are looked through for the name of its encoding.
const PRESCAN: usize = 4_096;
/// So many bytes decide what the encoding is likely to be.
const SAMPLE: usize = 512 * 1024;

/// Reads `bytes` as text, by the server's word for their encoding where it gave one; `None` where they are mostly no text.
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Option<Decoded> {
    decode_as(bytes, named(charset))
}

/// Reads the bytes of an HTML page, which may say how it is encoded. What the server says goes before.
pub fn decode_html(bytes: &[u8], charset: Option<&str>) -> Option<Decoded> {
    decode_as(bytes, named(charset).or_else(|| declared(bytes)))
}

fn named(charset: Option<&str>) -> Option<&'static Encoding> {
    Encoding::for_label(charset?.as_bytes())
}

fn decode_as(bytes: &[u8], declared: Option<&'static Encoding>) -> Option<Decoded> {
    let (encoding, guessed, body) = if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        (encoding, false, &bytes[length..])
    } else if let Some(wide) = wide_without_mark(bytes) {
        (wide, false, bytes)
    } else if std::str::from_utf8(bytes).is_ok() {
        (UTF_8, false, bytes)
    } else if let Some(declared) = declared.filter(|declared| *declared != UTF_8) {
        (declared, false, bytes)
    } else if is_flawed_utf8(bytes) {
        (UTF_8, false, bytes)
    } else {
        (likeliest(bytes), true, bytes)
    };
    let (text, _) = encoding.decode_without_bom_handling(body);
    let own = if encoding == UTF_8 {
        body.windows(3)
            .filter(|window| *window == [0xef, 0xbf, 0xbd])
            .count()
    } else {
        0
    };
    let mut characters = 0;
    let mut replaced = 0;
    let mut binary = 0;
    for character in text.chars() {
        characters += 1;
        replaced += usize::from(character == char::REPLACEMENT_CHARACTER);
        binary += usize::from(is_binary(character));
    }
    ((replaced + binary) * ONE_IN <= characters).then(|| Decoded {
        text: text.trim_start_matches('\u{feff}').to_owned(),
        replaced: replaced.saturating_sub(own),
        guess: guessed.then(|| encoding.name()),
    })
}

/// UTF-16 without a byte order mark: every other byte of what is ASCII is zero.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(PRESCAN) & !1];
    let mut zeros = [0_usize; 2];
    for pair in sample.chunks_exact(2) {
        zeros[0] += usize::from(pair[0] == 0);
        zeros[1] += usize::from(pair[1] == 0);
    }
    let enough = (sample.len() / 2).div_ceil(20).max(2);
    let encoding = match zeros {
        [0, little] if little >= enough => UTF_16LE,
        [big, 0] if big >= enough => UTF_16BE,
        _ => return None,
    };
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let bad = text
        .chars()
        .filter(|c| is_binary(*c) || *c == char::REPLACEMENT_CHARACTER)
        .count();
    (bad * ONE_IN <= text.chars().count()).then_some(encoding)
}

/// Mostly sound sequences of several bytes: UTF-8 with a flaw, nothing else.
fn is_flawed_utf8(bytes: &[u8]) -> bool {
    let mut sound = 0;
    let mut flaws = 0;
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        flaws += usize::from(!chunk.invalid().is_empty());
    }
    sound > flaws
}

fn likeliest(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess != WINDOWS_1252 && guess.is_single_byte() && differs_in_signs_only(sample, guess) {
        WINDOWS_1252
    } else {
        guess
    }
}

/// Whether the guess reads a letter only where the Western encoding reads a sign beside a figure: `Ł4,312` is `£4,312`.
fn differs_in_signs_only(bytes: &[u8], guess: &'static Encoding) -> bool {
    let (guessed, _) = guess.decode_without_bom_handling(bytes);
    let (western, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let western: Vec<char> = western.chars().collect();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| western.get(at))
            .is_some_and(char::is_ascii_digit)
    };
    guessed
        .chars()
        .zip(&western)
        .enumerate()
        .all(|(at, (guessed, western))| {
            let beside_figure = is_digit(at.checked_sub(1)) || is_digit(Some(at + 1));
            guessed == *western || (!western.is_alphanumeric() && beside_figure)
        })
}

/// The encoding that a page names in its first bytes: `<meta charset>`, `http-equiv`, or an XML declaration.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: String = bytes[..bytes.len().min(PRESCAN)]
        .iter()
        .map(|byte| char::from(*byte).to_ascii_lowercase())
        .collect();
    let tags = head
        .split('<')
        .filter(|tag| tag.starts_with("meta") || tag.starts_with("?xml"));
    tags.filter_map(|tag| {
        let tag = tag.split('>').next()?;
        let (_, value) = tag
            .split_once("charset")
            .or_else(|| tag.split_once("encoding"))?;
        let label: String = value
            .trim_start()
            .strip_prefix('=')?
            .trim_start_matches(['"', '\'', ' '])
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
            .collect();
        Encoding::for_label(label.as_bytes())
    })
    // A page that can say it is UTF-16 is not.
    .find(|encoding| !matches!(encoding.name(), "UTF-16LE" | "UTF-16BE"))
}

/// Control codes that no text file has a use for; an escape may colour a log, a form feed may end a page.
fn is_binary(character: char) -> bool {
    character.is_control()
        && !matches!(
            character,
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{1b}' | '\u{85}'
        )
}

#[cfg(test)]
mod tests;
