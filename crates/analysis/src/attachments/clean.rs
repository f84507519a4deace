//! One form for every text: plain line breaks and spaces, composed letters, and nothing that is read but cannot be seen.
//! Whatever stands in a source's text went through here, so that a quote can be exact. It knows no format.

use unicode_normalization::{UnicodeNormalization, is_nfc_quick};

/// A text in one form, and how many characters nobody would have seen were taken out of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clean {
    pub text: String,
    pub hidden: usize,
}

/// Brings `raw` into one form: `\n` line breaks, plain spaces, NFC, ligatures spelt out, no invisible characters.
pub fn clean(raw: &str) -> Clean {
    let mut text = String::with_capacity(raw.len());
    let mut hidden = 0;
    let mut characters = raw.chars().peekable();
    let mut before = '\n';
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    text.push('\n');
                }
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' => text.push('\n'),
            '\u{2029}' => text.push_str("\n\n"),
            '\t' => text.push('\t'),
            // A place where a word may be broken; typography, not a trick.
            '\u{ad}' => {}
            '\u{fb00}'..='\u{fb06}' => text.push_str(ligature(character)),
            joiner @ ('\u{200c}' | '\u{200d}')
                if joins(before) && characters.peek().copied().is_some_and(joins) =>
            {
                text.push(joiner);
            }
            _ if is_hidden(character) => hidden += 1,
            space if space.is_whitespace() => text.push(' '),
            _ => text.push(character),
        }
        before = character;
    }
    if is_nfc_quick(text.chars()) != unicode_normalization::IsNormalized::Yes {
        text = text.nfc().collect();
    }
    Clean { text, hidden }
}

/// Characters that a machine reads and a person does not see: zero-width, text direction, tags, control codes.
pub fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{180e}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || character.is_control()
}

/// Scripts and pictures that are spelt with joiners: Arabic, the Indic ones, emoji.
fn joins(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{1fff}' | '\u{fe0f}' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

fn ligature(character: char) -> &'static str {
    match character {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        _ => "st",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn line_breaks_spaces_ligatures_and_accents_take_one_form() {
        let clean =
            clean("a\r\nb\rc\u{2028}d\u{a0}5\u{202f}300 o\u{fb03}ce re\u{ad}port cafe\u{301}");
        assert_eq!(clean.text, "a\nb\nc\nd 5 300 office report café");
        assert_eq!(clean.hidden, 0);
    }

    #[test]
    fn what_cannot_be_seen_is_taken_out_and_counted() {
        let clean = clean("ig\u{200b}nore\u{202e}\u{e0041}\u{e0042} \u{feff}this\u{0}\u{1b}");
        assert_eq!(clean.text, "ignore this");
        assert_eq!(clean.hidden, 7);
    }

    #[test]
    fn joiners_stay_where_a_script_needs_them() {
        assert_eq!(clean("می\u{200c}خواهم").hidden, 0);
        assert_eq!(clean("👩\u{200d}🔬").text, "👩\u{200d}🔬");
        assert_eq!(clean("ad\u{200d}min").text, "admin");
    }

    proptest! {
        #[test]
        fn a_clean_text_stays_as_it_is(raw in "\\PC{0,80}") {
            let once = clean(&raw).text;
            let twice = clean(&once);
            prop_assert_eq!(&twice.text, &once);
        }
    }
}
