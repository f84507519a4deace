//! What a terminal gets is safe: signs that act instead of being read are shown as such. One sanitizer for all that the
//! command line prints; in JSON they become escapes, which say the same to a program.

use std::fmt::Write as _;

use serde::Serialize;

use crate::domain::invisible::is_invisible;

/// Whether a sign steers a terminal, turns the direction of reading or is not seen.
fn acts(sign: char) -> bool {
    sign.is_control() && !matches!(sign, '\n' | '\t')
        || is_invisible(sign)
        // Separators of lines and paragraphs, and marks of notes between the lines.
        || matches!(sign, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}')
}

/// The text with a mark in the place of each sign that acts. Line breaks and tabs stay.
pub fn text(text: &str) -> String {
    let plain = |sign: char| if acts(sign) { '\u{fffd}' } else { sign };
    text.chars().map(plain).collect()
}

/// The same for a text that we coloured: our own colours stay.
pub fn coloured(coloured: &str) -> String {
    let mut safe = String::with_capacity(coloured.len());
    let mut rest = coloured;
    while let Some(start) = rest.find("\x1b[") {
        safe.push_str(&text(&rest[..start]));
        let end = rest[start + 2..].find(|sign: char| !sign.is_ascii_digit() && sign != ';');
        let end = end.map(|end| start + 2 + end);
        if let Some(end) = end.filter(|end| rest[*end..].starts_with('m')) {
            safe.push_str(&rest[start..=end]);
            rest = &rest[end + 1..];
        } else {
            safe.push('\u{fffd}');
            rest = &rest[start + 1..];
        }
    }
    safe.push_str(&text(rest));
    safe
}

/// JSON to read, with every sign that acts as an escape. Such signs stand in its strings alone, where an escape may stand.
pub fn json(value: &impl Serialize) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut safe = String::with_capacity(pretty.len());
    for sign in pretty.chars() {
        if acts(sign) {
            for unit in sign.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(sign);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const HOSTILE: &str =
        "a\u{9b}2J\u{1b}]0;x\u{7}\u{202e}b\u{200b}c\u{ad}\u{feff}\u{e0041}\r\u{7f}";

    #[test]
    fn json_for_a_terminal_escapes_what_acts() {
        let value = json!({"text": HOSTILE, HOSTILE: "plain: äß漢字 👍"});
        let printed = super::json(&value);
        assert!(!printed.chars().any(acts), "{printed:?}");
        assert!(printed.contains("\\u009b") && printed.contains("\\udb40\\udc41"));
        let read: Value = serde_json::from_str(&printed).unwrap();
        assert_eq!(read, value, "a program reads the same");
    }

    #[test]
    fn text_for_a_terminal_acts_on_nothing() {
        assert!(!text(HOSTILE).chars().any(acts));
        assert_eq!(text("äß\t漢字\n👍"), "äß\t漢字\n👍");
        let ours = format!("\x1b[1;31mred\x1b[0m {HOSTILE} \x1b[2J");
        let safe = coloured(&ours);
        assert!(safe.starts_with("\x1b[1;31mred\x1b[0m "), "{safe:?}");
        let escapes = safe.matches('\x1b').count();
        assert_eq!(escapes, 2, "our two colours: {safe:?}");
    }
}
