//! JSON as a person reads it: letters that were escaped are letters, a line break in a string is a space. Nothing that JSON is
//! built of changes, so that the result is JSON too.

/// The text with escapes of letters and white space resolved.
pub fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at..];
        let (length, letter) = resolve(escape);
        match letter {
            Some(letter) => out.push(letter),
            None => out.push_str(&escape[..length]),
        }
        rest = &escape[length..];
    }
    out.push_str(rest);
    out
}

/// How long the escape at the beginning is in bytes, and the character it stands for where that may be shown.
fn resolve(escape: &str) -> (usize, Option<char>) {
    match escape.as_bytes().get(1) {
        Some(b'n' | b't' | b'r' | b'f' | b'b') => (2, Some(' ')),
        Some(b'/') => (2, Some('/')),
        Some(b'u') => {
            let Some(first) = unit(escape) else {
                return (1, None);
            };
            if let Some(letter) = char::from_u32(first) {
                return (6, is_plain(letter).then_some(letter));
            }
            let second = escape.get(6..).and_then(unit);
            let pair = second
                .and_then(|second| char::decode_utf16([low(first), low(second)]).next()?.ok())
                .filter(|letter| is_plain(*letter));
            match pair {
                Some(letter) => (12, Some(letter)),
                None => (6, None),
            }
        }
        Some(byte) if byte.is_ascii() => (2, None),
        _ => (1, None),
    }
}

/// The four hexadecimal digits of `\uXXXX`.
fn unit(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

fn low(unit: u32) -> u16 {
    u16::try_from(unit).unwrap_or_default()
}

/// No quotation mark, backslash or control code, which would change what the JSON says.
fn is_plain(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '"' | '\\' | '\u{2028}' | '\u{2029}')
}
