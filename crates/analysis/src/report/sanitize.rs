//! Text from outside, made harmless for the place it is shown in. Claims, quotes, file names and addresses were written
//! by others and may try to be markup, terminal commands or orders to a model; here they become visible, plain text.
//! The typed report keeps them as they are: only renderings pass through here.

/// One line of plain text: whitespace collapsed, control characters shown as symbols, text-direction and hidden
/// characters replaced. Safe for a terminal; markup is not touched.
pub(crate) fn plain(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.trim().chars() {
        if character.is_whitespace() {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else {
            line.push(visible(character));
        }
    }
    line
}

/// One line for Markdown: plain, and nothing in it is markup, a tag, a link or a picture.
pub fn markdown(text: &str) -> String {
    let plain = plain(text);
    let mut escaped = String::with_capacity(plain.len() + plain.len() / 16);
    for (byte, character) in plain.char_indices() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                escaped.push('\\');
                escaped.push(character);
            }
            // Many readers turn a bare address into a link; the backslash shows nothing and stops that.
            '/' if plain[..byte].ends_with(':') => escaped.push_str("\\/"),
            '.' if ends_with_www(&plain[..byte]) => escaped.push_str("\\."),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn ends_with_www(before: &str) -> bool {
    before.len() >= 3
        && before
            .get(before.len() - 3..)
            .is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// The character, or a mark in its place where it would act instead of being read.
fn visible(character: char) -> char {
    match character {
        // Unicode has a picture of each: an escape becomes a visible `␛`.
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '␡',
        // C1 controls, zero-width characters (joiners stay: scripts are written with them), marks that turn the reading
        // direction, invisible operators, interlinear marks, and tags, which spell words that nobody sees.
        '\u{80}'..='\u{9f}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        other => other,
    }
}

/// The text up to `most` characters, cut at a word where there is one, and whether anything was left out.
/// What is returned is a true beginning of the text: nothing is put in the place of what is missing.
pub(super) fn beginning(text: &str, most: usize) -> (&str, bool) {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return (text, false);
    };
    let window = &text[..end];
    let cut = match window.rfind(char::is_whitespace) {
        Some(gap) if gap * 2 > window.len() => window[..gap].trim_end(),
        _ => window,
    };
    (cut, true)
}

/// The same, for text that need not be exact: `…` stands for what is missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match beginning(text, most) {
        (whole, false) => whole.to_owned(),
        (cut, true) => format!("{cut}…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_and_hidden_characters_become_visible() {
        assert_eq!(
            plain(" a\u{1b}[31mb\r\n\tc\u{202e}d\u{e0041}\u{200b}\u{9b}e\u{7f} "),
            "a␛[31mb c\u{fffd}d\u{fffd}\u{fffd}\u{fffd}e␡"
        );
        assert_eq!(plain("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }

    #[test]
    fn markup_is_shown_not_followed() {
        assert_eq!(
            markdown("<system>x</system> ![a](https://e.org) **b** WWW.e.org"),
            "&lt;system&gt;x&lt;/system&gt; !\\[a\\](https:\\//e.org) \\*\\*b\\*\\* WWW\\.e.org"
        );
    }

    #[test]
    fn a_cut_keeps_whole_words_where_it_can() {
        assert_eq!(beginning("one two three", 9), ("one two", true));
        assert_eq!(beginning("one two", 7), ("one two", false));
        assert_eq!(shortened("abcdefghij", 4), "abcd…");
    }

    proptest! {
        #[test]
        fn nothing_that_acts_is_left(text in any::<String>()) {
            let shown = markdown(&text);
            prop_assert!(!shown.contains(['<', '>', '\n', '\u{202e}']), "{}", shown);
            prop_assert!(shown.chars().all(|c| !c.is_control()));
            prop_assert!(!shown.contains("://"));
        }
    }
}
