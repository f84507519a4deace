//! Names of files within files: they are a stranger's text and never a path. Sanitized before they are shown, so that a name
//! cannot pose as a folder above, as markup, as a device, or read backwards.

use super::clean::clean;

/// The longest name that is shown, in characters.
const MAX_NAME: usize = 120;
/// Names that Windows opens as devices, whatever their extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// The name as it may be shown: folders with `/`, no way up, no markup, no invisible characters, of a bearable length.
pub fn shown_name(raw: &str) -> String {
    let clean = clean(raw).text.replace('\\', "/");
    let mut parts = clean.split('/').map(str::trim).peekable();
    parts.next_if(|part| is_drive(part));
    let parts = parts.map(|part| {
        let part: String = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let part: String = part
            .chars()
            .map(|c| if is_markup(c) { '_' } else { c })
            .collect();
        if is_device(&part) {
            format!("_{part}")
        } else {
            part
        }
    });
    let parts: Vec<String> = parts
        .filter(|part| !matches!(part.as_str(), "" | "." | ".."))
        .collect();
    let name = parts.join("/");
    let length = name.chars().count();
    if name.is_empty() {
        "unnamed".to_owned()
    } else if length > MAX_NAME {
        // The end has the extension.
        let kept: String = name.chars().skip(length - MAX_NAME + 1).collect();
        format!("…{kept}")
    } else {
        name
    }
}

fn is_markup(character: char) -> bool {
    matches!(
        character,
        '<' | '>'
            | ':'
            | '"'
            | '`'
            | '|'
            | '*'
            | '['
            | ']'
            | '?'
            | '&'
            | '“'
            | '”'
            | char::REPLACEMENT_CHARACTER
    )
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = stem.len() - bare.len();
    DEVICES.contains(&bare) && (digits == usize::from(matches!(bare, "com" | "lpt")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_names_are_shown_harmless() {
        for (raw, shown) in [
            ("reports/a.csv", "reports/a.csv"),
            ("../../etc/passwd", "etc/passwd"),
            ("/dev/sda", "dev/sda"),
            ("C:\\Users\\me\\a.txt", "Users/me/a.txt"),
            ("NUL.txt", "_NUL.txt"),
            ("a/com1.log", "a/_com1.log"),
            ("common.txt", "common.txt"),
            ("<img src=x>.txt", "_img src=x_.txt"),
            ("[a](javascript:x).md", "_a_(javascript_x).md"),
            ("invoice\u{202e}txt.exe", "invoicetxt.exe"),
            ("a\n\u{0}b.txt", "a b.txt"),
            ("", "unnamed"),
            ("./.", "unnamed"),
        ] {
            assert_eq!(shown_name(raw), shown, "{raw:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let shown = shown_name(&format!("{}.csv", "x".repeat(300)));
        assert_eq!(shown.chars().count(), MAX_NAME);
        assert!(shown.ends_with("x.csv"));
        assert!(!shown_name("caf\u{fffd}.txt").contains('\u{fffd}'));
    }

    proptest! {
        #[test]
        fn shown_names_have_no_way_up(raw in "[./\\\\a\u{202e}<:]{0,40}") {
            let shown = shown_name(&raw);
            prop_assert!(!shown.starts_with('/') && !shown.contains('\\') && !shown.contains('<'));
            prop_assert!(shown.split('/').all(|part| part != ".."));
            prop_assert_eq!(shown_name(&shown), shown);
        }
    }
}
