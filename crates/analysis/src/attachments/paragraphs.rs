//! Joins the lines of a paragraph that was wrapped to a width, so that a sentence stands on one line and can be quoted.
//! A line is joined to the next where the next one's first word would not have fitted: lists, headings, verses and
//! tables keep their lines. It knows no format.

use std::collections::HashSet;

/// Text narrower than this was not wrapped, it is a list.
const NARROWEST: usize = 40;

/// How a text was wrapped, to join the lines of its parts.
pub struct Wrapping<'a> {
    width: Option<usize>,
    words: OwnWords<'a>,
}

impl<'a> Wrapping<'a> {
    /// What the whole text says of its width and its words. `slack` is how far a line may stay below the width and still
    /// count as full: 0 where every character is equally wide, more where they are not.
    pub fn of(text: &'a str, slack: f64) -> Self {
        Self {
            width: width(text, slack),
            words: OwnWords::of(text),
        }
    }

    /// A part of the text with wrapped lines joined; paragraphs stay separated by one blank line.
    pub fn unwrap(&self, text: &str) -> String {
        let mut joined = String::with_capacity(text.len());
        let mut before: Option<&str> = None;
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                before = None;
                continue;
            }
            match before {
                None if joined.is_empty() => joined.push_str(line),
                None => {
                    joined.push_str("\n\n");
                    joined.push_str(line);
                }
                Some(last) if continues(last, line, self.width) => {
                    self.words.join(&mut joined, line);
                }
                Some(_) => {
                    joined.push('\n');
                    joined.push_str(line);
                }
            }
            before = Some(line);
        }
        joined
    }
}

/// How wide a line must be to be full, `None` where the text is not wrapped. Of all lines all but the widest
/// twentieth count: one long address says nothing about the rest.
fn width(text: &str, slack: f64) -> Option<usize> {
    let mut lengths: Vec<usize> = text
        .lines()
        .map(|line| line.trim().chars().count())
        .filter(|length| *length > 0)
        .collect();
    lengths.sort_unstable();
    let widest = *lengths.get(lengths.len() * 95 / 100)?;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a line's length, far from any limit"
    )]
    let full = (widest as f64 * (1.0 - slack)) as usize;
    (widest >= NARROWEST).then_some(full)
}

/// Whether `line` goes on with the sentence of the line before it.
fn continues(before: &str, line: &str, width: Option<usize>) -> bool {
    let Some(width) = width else { return false };
    if begins_item(line) || is_rule(before) || is_rule(line) {
        return false;
    }
    let length = before.chars().count();
    let first_word = line
        .split_whitespace()
        .next()
        .map_or(0, |word| word.chars().count());
    let was_full = length + 1 + first_word > width;
    let open = !before.ends_with(['.', '!', '?', ':', ';', '…', '"', '”', ')', '|']);
    let goes_on = line.starts_with(char::is_lowercase) && length * 2 > width;
    was_full || (open && goes_on)
}

/// A bullet, or a number with a dot or bracket: `• a`, `- a`, `12. a`, `(b) a`.
pub fn begins_item(line: &str) -> bool {
    let Some((mark, rest)) = line.split_once(char::is_whitespace) else {
        return false;
    };
    if rest.trim().is_empty() {
        return false;
    }
    if matches!(
        mark,
        "•" | "◦" | "▪" | "‣" | "·" | "*" | "-" | "–" | "—" | "+" | "o"
    ) {
        return true;
    }
    let numbered = mark
        .strip_suffix(['.', ')'])
        .map(|number| number.trim_start_matches('('));
    numbered.is_some_and(|number| {
        (1..=3).contains(&number.len()) && number.chars().all(|c| c.is_ascii_digit())
            || mark.ends_with(')') && number.len() == 1 && number.chars().all(char::is_alphabetic)
    })
}

/// A drawn line, or a table's row.
fn is_rule(line: &str) -> bool {
    line.starts_with('|') || !line.chars().any(char::is_alphanumeric)
}

/// The words of a text, to tell a hyphen that breaks a word (`construc-tion`) from the word's own (`well-known`).
pub struct OwnWords<'a> {
    hyphenated: HashSet<&'a str>,
}

impl<'a> OwnWords<'a> {
    /// The words of a text, or of the lines of one.
    pub fn of(text: &'a str) -> Self {
        Self::of_all(std::iter::once(text))
    }

    /// The words of several texts.
    pub fn of_all(texts: impl Iterator<Item = &'a str>) -> Self {
        let hyphenated = texts
            .flat_map(str::split_whitespace)
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.contains('-'))
            .collect();
        Self { hyphenated }
    }

    /// Appends `line` to the paragraph, closing a word that was broken at the line's end.
    pub fn join(&self, paragraph: &mut String, line: &str) {
        let broken = paragraph
            .strip_suffix(['-', '\u{2010}'])
            .is_some_and(|rest| {
                rest.ends_with(char::is_alphabetic) && line.starts_with(char::is_alphabetic)
            });
        if !broken {
            // `1990-` at a line's end goes on with its second half.
            if !paragraph.ends_with('-') || !line.starts_with(|c: char| c.is_ascii_digit()) {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
            return;
        }
        let head_start = paragraph
            .rfind(char::is_whitespace)
            .map_or(0, |space| space + 1);
        let head = paragraph[head_start..].trim_start_matches(|c: char| !c.is_alphanumeric());
        let tail = line
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .trim_end_matches(|c: char| !c.is_alphanumeric());
        let whole = format!("{}-{tail}", head.trim_end_matches(['-', '\u{2010}']));
        let own = self.hyphenated.contains(whole.as_str()) || !line.starts_with(char::is_lowercase);
        if !own {
            paragraph.pop();
        }
        paragraph.push_str(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unwrap_lines(text: &str, slack: f64) -> String {
        Wrapping::of(text, slack).unwrap(text)
    }

    const REPORT: &str = "Ardmoor Bridge Authority\nAnnual report 1934\n\n1. The crossing\n\n\
        The Ardmoor Bridge carries the coast road over the Sound of Kell, between Ardmoor and\n\
        the island of Skerrow. Before the bridge was built, a steam ferry made the crossing\n\
        eleven times a day. The ferry was withdrawn in the summer after the opening.\n\n\n\
        The main span is 412 metres long and the well-known towers stand on rock, as the construc-\n\
        tion report says of them. The towers are 96 metres high over the water, as is well-\n\
        known on the island.\n";

    #[test]
    fn wrapped_sentences_stand_on_one_line_and_headings_on_their_own() {
        let joined = unwrap_lines(REPORT, 0.0);
        let lines: Vec<&str> = joined.lines().collect();
        assert_eq!(lines[0], "Ardmoor Bridge Authority");
        assert_eq!(lines[1], "Annual report 1934");
        assert_eq!(lines[3], "1. The crossing");
        assert!(lines[5].starts_with("The Ardmoor Bridge carries"));
        assert!(lines[5].contains("between Ardmoor and the island of Skerrow. Before"));
        assert!(lines[5].ends_with("after the opening."));
        assert_eq!(lines.len(), 8);
    }

    #[test]
    fn a_broken_word_is_closed_and_a_words_own_hyphen_stays() {
        let joined = unwrap_lines(REPORT, 0.0);
        assert!(joined.contains("as the construction report says"));
        assert!(joined.contains("as is well-known on the island."));
        let years = "The bridge over the sound was under construction in the years 1929-\n1933 and was opened then.";
        assert!(unwrap_lines(years, 0.0).contains("1929-1933"));
    }

    #[test]
    fn lists_tables_and_verses_keep_their_lines() {
        for kept in [
            "Population: 5,000\nArea: 40 km2\nFounded: 1820",
            "The first thing that was built here was the ferry landing of 1871:\n- a pier of wood and a small waiting room for travellers\n- a shed for the coal of the steamer and for its spare parts",
            "| year | vehicles that crossed the bridge | toll in crowns of the time |\n| 1934 | 211,000 | 1 crown for a car, nothing for pedestrians |",
        ] {
            assert_eq!(unwrap_lines(kept, 0.0), kept);
        }
    }

    proptest! {
        #[test]
        fn only_white_space_and_hyphens_change(text in "[a-z\\-. \n]{0,400}") {
            let bare = |s: &str| s.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
            prop_assert_eq!(bare(&unwrap_lines(&text, 0.1)), bare(&text));
        }
    }
}
