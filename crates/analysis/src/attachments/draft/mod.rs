//! A source's text while it is being put together: cleaned on the way in, cut at the promised length, with a place for
//! each page or second. Readers of formats write into it; it knows none of them.

mod append;
mod counted;
mod recorded;
mod structure;

use super::clean::clean;
pub use recorded::{Recorded, SpokenPlace};
use structure::Structure;

use clara_domain::evidence::{Layout, Place, ReadShare, ReadUnit, Record, Unread};

/// The longest text that is read from one attachment, in characters.
pub const MAX_CHARACTERS: usize = 2_000_000;

/// The longest title that is kept, in characters.
pub(super) const MAX_NAME: usize = 300;

/// The most bytes that the names of places may take in the answer.
const MAX_LABEL_BYTES: usize = 4 * 1024 * 1024;

/// What a reader made of a file. Everything a source has, less what only the caller knows.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    pub title: Option<String>,
    pub publisher: Option<String>,
    pub published_at: Option<String>,
    pub language: Option<String>,
    pub text: String,
    #[serde(with = "super::packed::places")]
    pub places: Vec<Place>,
    #[serde(with = "super::packed::records")]
    pub records: Vec<Record>,
    pub layouts: Vec<Layout>,
    pub read: Option<ReadShare>,
    pub unread: Vec<Unread>,
    /// What of the file is a picture whose words only OCR reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scanned: Option<Scanned>,
    /// The recording that the file is, where what is said in it is not in the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
}

/// Pictures of a file that may hold words, none of which are in its text.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Scanned {
    /// The file is a picture.
    Picture,
    /// Pages of a PDF, by their number.
    Pages(Vec<ScannedPage>),
}

/// A page that is a picture, with its size as it is seen, in points of 1/72 inch.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScannedPage {
    pub number: u32,
    pub width: f32,
    pub height: f32,
}

impl Reading {
    /// A file of which nothing could be read, and what to do about it.
    pub fn refused(reason: impl Into<String>) -> Self {
        Self {
            unread: vec![Unread {
                reason: reason.into(),
                ..Unread::default()
            }],
            ..Self::default()
        }
    }
}

/// Where OCR read what follows, and how sure it is of its words, in percent.
#[derive(Debug, Clone, Copy)]
pub struct OcrPlace {
    pub page: Option<u32>,
    pub seconds: Option<f64>,
    pub percent: u8,
    pub after_gap: bool,
    pub separator: &'static str,
}

/// A reading in the making.
#[derive(Debug, Default)]
pub struct Draft {
    reading: Reading,
    characters: usize,
    /// Characters that did not fit, or were left out.
    lost: usize,
    hidden: usize,
    full: bool,
    /// Whether a blank line comes before what follows.
    block_ended: bool,
    structure: Structure,
    /// What the names of places take in the answer.
    label_bytes: usize,
}

impl Draft {
    /// Adds text; what does not fit any more is left out and named at the end.
    pub fn push(&mut self, raw: &str) {
        let text = self.clean(raw);
        self.push_clean(&text);
    }

    /// Adds text that came out of [`Draft::clean`].
    pub fn push_cleaned(&mut self, text: &str) {
        self.push_clean(text);
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
        self.clean_line(&text);
    }

    /// Adds one line that came out of [`Draft::clean`].
    pub fn clean_line(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.separate("\n");
        self.push_clean(text);
    }

    /// Ends the block: what follows stands after a blank line.
    pub fn end_block(&mut self) {
        self.block_ended = true;
    }

    /// Ends the line or the block before what follows.
    pub fn separate_by(&mut self, separator: &str) {
        self.separate(separator);
    }

    /// What follows, from the next block's beginning on, belongs to this page or second.
    pub fn place(&mut self, page: Option<u32>, seconds: Option<f64>, separator: &str) {
        let place = Place {
            page,
            seconds,
            ..Place::default()
        };
        self.begin(place, separator);
    }

    /// What follows, from the next line's or block's beginning on, belongs to the part of this name: `slide 4`.
    pub fn named_place(&mut self, name: &str, separator: &str) {
        let label = one_line(name);
        self.label_bytes += label.len();
        let place = Place {
            label: (!label.is_empty() && self.label_bytes <= MAX_LABEL_BYTES).then_some(label),
            ..Place::default()
        };
        self.begin(place, separator);
    }

    /// What follows is a comment on the text: `comment 2 by Ann Lee`.
    pub fn comment_place(&mut self, name: &str, separator: &str) {
        self.named_place(name, separator);
        if let Some(place) = self.reading.places.last_mut()
            && place.start == self.characters
        {
            place.is_comment = true;
        }
    }

    /// What follows was read by OCR.
    pub fn ocr_place(&mut self, name: &str, read: OcrPlace) {
        self.named_place(name, read.separator);
        if let Some(place) = self.reading.places.last_mut()
            && place.start == self.characters
        {
            place.page = read.page;
            place.seconds = read.seconds;
            place.ocr = Some(read.percent);
            place.after_gap = read.after_gap;
        }
    }

    fn begin(&mut self, mut place: Place, separator: &str) {
        self.separate(separator);
        if self.full {
            return;
        }
        place.start = self.characters;
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
            ..Unread::default()
        });
    }

    /// Names a line of the file that was left out.
    pub fn unread_line(&mut self, line: usize, reason: impl Into<String>) {
        self.reading.unread.push(Unread {
            line: u32::try_from(line).ok(),
            reason: reason.into(),
            ..Unread::default()
        });
    }

    /// Says how much of the file was read, where that is not counted in characters.
    pub fn share(&mut self, unit: ReadUnit, read: usize, of: usize) {
        self.reading.read = Some(ReadShare { unit, read, of });
    }

    /// Counts characters that a person would see and that are not taken.
    pub fn left_out(&mut self, characters: usize) {
        self.lost += characters;
    }

    /// Counts characters that nobody sees and that were taken out before the draft had them.
    pub fn add_hidden(&mut self, characters: usize) {
        self.hidden += characters;
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

    /// How many characters have been taken so far.
    pub fn characters(&self) -> usize {
        self.characters
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
        for record in &mut self.reading.records {
            record.span.end = record.span.end.min(characters);
        }
        if self.structure.is_cut {
            self.unread(
                None,
                "Parts of the file are nested too deeply to be taken as values with names; they were read as plain text.",
            );
        }
        if self.structure.is_full {
            let rows = self.reading.records.len();
            self.unread(
                None,
                format!(
                    "Only the first {rows} rows were taken as rows with named columns; what follows them was read as plain \
                     lines. Split the file and attach the part that matters."
                ),
            );
        }
        self.reading.read = self.reading.read.or(Some(ReadShare {
            unit: ReadUnit::Characters,
            read: characters,
            of: characters + self.lost,
        }));
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
        let separator = if std::mem::take(&mut self.block_ended) {
            "\n\n"
        } else {
            separator
        };
        if self.characters > 0 && !self.reading.text.ends_with(separator) {
            let kept = self.reading.text.trim_end_matches('\n').len();
            let cut = self.reading.text.len() - kept;
            self.reading.text.truncate(kept);
            self.characters -= cut;
            self.push_clean(separator);
        }
    }

    fn push_clean(&mut self, text: &str) {
        if self.block_ended {
            self.separate("\n\n");
        }
        let count = text.chars().count();
        if self.full {
            self.lost += count;
            return;
        }
        let room = MAX_CHARACTERS - self.characters;
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
        self.lost += count - room;
        self.full = true;
    }
}

/// A title or name as it may be shown: clean, on one line, of a bearable length.
fn one_line(raw: &str) -> String {
    let clean = clean(raw).text;
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests;
