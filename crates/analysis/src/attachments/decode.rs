//! Bytes to characters: UTF-8 and UTF-16, with or without a byte order mark. It never guesses at older encodings; what
//! does not fit is replaced and counted, and bytes that are mostly no text are refused.

/// The text of a file and how many of its characters could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    pub replaced: usize,
}

/// One unreadable character in this many is still a text with a flaw; more is something else.
const ONE_IN: usize = 20;

/// Reads `bytes` as text; `None` where they are mostly no text.
pub fn decode(bytes: &[u8]) -> Option<Decoded> {
    let (text, already) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => unicode(rest),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => unicode(bytes),
    };
    let mut characters = 0;
    let mut bad = 0;
    for character in text.chars() {
        characters += 1;
        if character == char::REPLACEMENT_CHARACTER || is_binary(character) {
            bad += 1;
        }
    }
    (bad * ONE_IN <= characters).then(|| {
        let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
        Decoded {
            text,
            replaced: replaced.saturating_sub(already),
        }
    })
}

/// The text, and how many replacement characters its author wrote.
fn unicode(bytes: &[u8]) -> (String, usize) {
    let own = bytes
        .windows(3)
        .filter(|window| *window == [0xef, 0xbf, 0xbd])
        .count();
    (String::from_utf8_lossy(bytes).into_owned(), own)
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (String, usize) {
    let pairs = bytes.chunks_exact(2);
    let odd = !pairs.remainder().is_empty();
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    let own = units.iter().filter(|unit| **unit == 0xfffd).count();
    let mut text = String::from_utf16_lossy(&units);
    if odd {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, own)
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
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Option<(String, usize)> {
        decode(bytes).map(|decoded| (decoded.text, decoded.replaced))
    }

    #[test]
    fn byte_order_marks_are_followed_and_dropped() {
        assert_eq!(
            text(b"\xef\xbb\xbfBr\xc3\xbccke"),
            Some(("Brücke".into(), 0))
        );
        assert_eq!(text(b"\xff\xfeB\0\xfc\0"), Some(("Bü".into(), 0)));
        assert_eq!(text(b"\xfe\xff\0B\0\xfc"), Some(("Bü".into(), 0)));
        assert_eq!(text(b""), Some((String::new(), 0)));
    }

    #[test]
    fn a_few_bad_bytes_are_replaced_and_counted() {
        let raw = b"The bridge over the river was opened by the K\xf6nig in 1933.";
        let (read, replaced) = text(raw).unwrap();
        assert!(read.contains("K\u{fffd}nig"));
        assert_eq!(replaced, 1);
    }

    #[test]
    fn a_replacement_character_of_the_authors_own_is_not_counted() {
        assert_eq!(
            text("a line with \u{fffd} in the middle of it".as_bytes())
                .unwrap()
                .1,
            0
        );
    }

    #[test]
    fn mostly_binary_is_refused() {
        assert_eq!(text(&[0, 1, 2, 3, 0xff, 0xfe, 0, 0]), None);
        assert_eq!(text(b"B\0r\0i\0d\0g\0e\0"), None);
    }
}
