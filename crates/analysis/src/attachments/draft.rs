//! A source's text while it is being put together: cleaned on the way in, cut at the promised length, with a place for
//! each page or second. Readers of formats write into it; it knows none of them.

use super::clean::clean;
use clara_domain::evidence::{Layout, Place, Record, Unread};

/// The longest text that is read from one attachment, in characters.
pub const MAX_CHARACTERS: usize = 2_000_000;

/// The longest title that is kept, in characters.
const LONGEST_NAME: usize = 300;

/// What a reader made of a file. Everything a source has, less what only the caller knows.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    pub title: Option<String>,
    pub publisher: Option<String>,
    pub published_at: Option<String>,
    pub language: Option<String>,
    pub text: String,
    pub places: Vec<Place>,
    pub records: Vec<Record>,
    pub layouts: Vec<Layout>,
    pub unread: Vec<Unread>,
}

impl Reading {
    /// A file of which nothing could be read, and what to do about it.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self {
            unread: vec![Unread {
                page: None,
                reason: reason.into(),
            }],
            ..Self::default()
        }
    }
}

/// A reading in the making.
#[derive(Debug, Default)]
pub struct Draft {
    reading: Reading,
    characters: usize,
    hidden: usize,
    full: bool,
}

impl Draft {
    /// Adds text; what does not fit any more is left out and named at the end.
    pub fn push(&mut self, raw: &str) {
        let text = self.clean(raw);
        self.push_clean(&text);
    }

    /// Adds a block of text on lines of its own, a blank line after the block before it.
    pub fn paragraph(&mut self, raw: &str) {
        let text = self.clean(raw);
        self.clean_paragraph(&text);
    }

    /// Adds a block that came out of [`Draft::clean`].
    pub fn clean_paragraph(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.separate("\n\n");
        self.push_clean(text);
    }

    /// Adds one line.
    pub fn line(&mut self, raw: &str) {
        let text = self.clean(raw);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.separate("\n");
        self.push_clean(text);
    }

    /// What follows, from the next block's beginning on, belongs to this page or second.
    pub fn place(&mut self, page: Option<u32>, seconds: Option<f64>, separator: &str) {
        self.separate(separator);
        if self.full {
            return;
        }
        let place = Place {
            start: self.characters,
            page,
            seconds,
        };
        match self.reading.places.last_mut() {
            // Nothing stands in the place before: it would never be named.
            Some(last) if last.start == place.start => *last = place,
            _ => self.reading.places.push(place),
        }
    }

    /// Names a part that was left out.
    pub fn unread(&mut self, page: Option<u32>, reason: impl Into<String>) {
        self.reading.unread.push(Unread {
            page,
            reason: reason.into(),
        });
    }

    /// Cleans a text that its reader still has to work on, and counts what was taken out of it.
    pub fn clean(&mut self, raw: &str) -> String {
        let clean = clean(raw);
        self.hidden += clean.hidden;
        clean.text
    }

    /// Whether nothing more is taken.
    pub fn is_full(&self) -> bool {
        self.full
    }

    /// Whether no text has been taken so far.
    pub fn is_empty(&self) -> bool {
        self.characters == 0
    }

    /// The source's title, language and so on.
    pub fn about(&mut self) -> &mut Reading {
        &mut self.reading
    }

    /// The reading, with everything that was left out named.
    pub fn finish(mut self) -> Reading {
        let kept = self.reading.text.trim_end().len();
        self.reading.text.truncate(kept);
        for name in [
            &mut self.reading.title,
            &mut self.reading.publisher,
            &mut self.reading.published_at,
            &mut self.reading.language,
        ] {
            *name = name
                .take()
                .map(|raw| one_line(&raw))
                .filter(|name| !name.is_empty());
        }
        let characters = self.reading.text.chars().count();
        self.reading.places.retain(|place| place.start < characters);
        if self.full {
            self.unread(
                None,
                "Only the first 2,000,000 characters were read. Split the file and attach the part that matters.",
            );
        }
        if self.hidden > 0 {
            self.unread(
                None,
                format!(
                    "{} invisible character{} left out (zero-width, text direction, tags, control codes). \
                     Such characters can hide orders to a machine: look where the file comes from.",
                    self.hidden,
                    if self.hidden == 1 { " was" } else { "s were" }
                ),
            );
        }
        self.reading
    }

    fn separate(&mut self, separator: &str) {
        if self.characters > 0 && !self.reading.text.ends_with(separator) {
            let kept = self.reading.text.trim_end_matches('\n').len();
            let cut = self.reading.text.len() - kept;
            self.reading.text.truncate(kept);
            self.characters -= cut;
            self.push_clean(separator);
        }
    }

    fn push_clean(&mut self, text: &str) {
        if self.full {
            return;
        }
        let room = MAX_CHARACTERS - self.characters;
        let count = text.chars().count();
        if count <= room {
            self.reading.text.push_str(text);
            self.characters += count;
            return;
        }
        let cut = text
            .char_indices()
            .nth(room)
            .map_or(text.len(), |(byte, _)| byte);
        self.reading.text.push_str(&text[..cut]);
        self.characters += room;
        self.full = true;
    }
}

/// A title or name as it may be shown: clean, on one line, of a bearable length.
fn one_line(raw: &str) -> String {
    let clean = clean(raw).text;
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_the_promised_length_and_says_so() {
        let mut draft = Draft::default();
        for _ in 0..21 {
            draft.paragraph(&"ä".repeat(100_000));
        }
        assert!(draft.is_full());
        let reading = draft.finish();
        assert_eq!(reading.text.chars().count(), MAX_CHARACTERS);
        assert!(reading.unread[0].reason.contains("2,000,000"));
    }

    #[test]
    fn a_place_begins_where_its_text_begins() {
        let mut draft = Draft::default();
        draft.place(Some(1), None, "\n\n");
        draft.paragraph("Größe");
        draft.place(Some(2), None, "\n\n");
        draft.place(Some(3), None, "\n\n");
        draft.paragraph("drei");
        let reading = draft.finish();
        assert_eq!(reading.text, "Größe\n\ndrei");
        assert_eq!(
            reading
                .places
                .iter()
                .map(|p| (p.start, p.page))
                .collect::<Vec<_>>(),
            [(0, Some(1)), (7, Some(3))]
        );
    }

    #[test]
    fn hidden_characters_are_named() {
        let mut draft = Draft::default();
        draft.line("a\u{200b}b");
        let reading = draft.finish();
        assert_eq!(reading.text, "ab");
        assert!(
            reading.unread[0]
                .reason
                .starts_with("1 invisible character was left out")
        );
    }
}
