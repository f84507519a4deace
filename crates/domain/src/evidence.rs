//! Sources and what is quoted from them. A quote is always exactly what stands in its source at its position.

use super::clock::Timestamp;
use super::text::{Span, Text};
use super::verdict::Stance;

/// Where a source came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The submitted text itself.
    Submission,
    /// A file that came with it.
    Attachment,
    /// A page or file fetched from an address the sender gave.
    Link,
    /// Found by an evidence source such as Wikipedia.
    Search,
}

/// From `start` (a code point) on, the text belongs to this page, this second, the part of this name, or several of them.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    pub start: usize,
    /// Counted from 1.
    pub page: Option<u32>,
    /// From the recording's beginning.
    pub seconds: Option<f64>,
    /// What a person calls this part, where it is no page: `slide 4`, `sheet Budget, row 12`, `chapter 3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether somebody comments on the text here: what a comment says is no statement of the source's own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_comment: bool,
    /// How sure optical character recognition (OCR) is of the word it is least sure of here, in percent; `None` where the text
    /// stands in the file as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ocr: Option<u8>,
    /// How sure a speech recogniser is of what is said here, in percent; `None` where the text was not heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speech: Option<u8>,
    /// Whether words between what stands before and this place were left out: a pronoun here does not go back over them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_gap: bool,
}

/// How the text of a source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadBy {
    /// Some of it by optical character recognition: letters may be taken for others.
    Ocr,
    /// Some of it by a speech recogniser: words may be taken for others.
    Speech,
}

/// What the records of one table, or of one list of JSON objects, have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The table's caption or title, or the names that lead to the objects, outermost first; never an index.
    pub under: Vec<String>,
    /// The columns' names, or the members' names in words (`employeesPerYear` is `employees per year`). The names of two
    /// header rows are joined with a space, the upper one first. Empty where the source names no column.
    pub names: Vec<String>,
    /// Of a spreadsheet's table, the column of the sheet that `names` begin with, counted from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_column: Option<u32>,
}

/// One value of a structured source: a table's cell, or a member of a JSON object that is no object itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Position in [`Layout::names`].
    pub name: usize,
    /// Where the value stands in the source's text, without quotation marks.
    pub value: Span,
}

/// A table's row or a JSON object: values that belong together.
///
/// A statement of a structured source is one field of one record, read with the record's other fields, those of its
/// ancestors, and its layout. Values of different records never belong together.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Position in [`Source::layouts`].
    pub layout: usize,
    /// What is quoted for it: the row as it stands in the text, or the object.
    pub span: Span,
    /// Counted from 1 in its table or list, header rows left out.
    pub row: Option<u32>,
    /// Position in [`Source::records`] of the object around it, whose own values hold for this record too. Always smaller
    /// than the record's own position.
    pub parent: Option<usize>,
    /// In the order of the text.
    pub fields: Vec<Field>,
}

/// A part of a source that could not be read, and what to do about it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Unread {
    /// Counted from 1; `None` where the whole source, or something that is no page, could not be read.
    pub page: Option<u32>,
    /// Line of the file, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Row of its table, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    pub reason: String,
}

/// What a source is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadUnit {
    Pages,
    Rows,
    /// Of subtitles.
    Cues,
    Characters,
}

/// How much of a source was read: `read` of `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadShare {
    pub unit: ReadUnit,
    pub read: usize,
    pub of: usize,
}

/// A text that claims are checked against.
#[derive(Debug, Clone)]
pub struct Source {
    /// `s1`, `s2`, … in the order of the submission; `submission` for the submitted text itself.
    pub id: String,
    pub kind: SourceKind,
    /// The attachment's name, or the page's address.
    pub name: String,
    pub title: Option<String>,
    pub url: Option<String>,
    pub publisher: Option<String>,
    pub published_at: Option<String>,
    pub retrieved_at: Timestamp,
    /// Of the bytes as they came, lower-case hex.
    pub sha256: String,
    pub text: Text,
    /// BCP 47, where it is known.
    pub language: Option<String>,
    /// Ascending by `start`.
    pub places: Vec<Place>,
    /// The rows and objects of its tables and JSON documents, ascending by `span.start`; what no record covers is prose.
    pub records: Vec<Record>,
    /// What `records` point to.
    pub layouts: Vec<Layout>,
    /// How much of the file was read; `None` where there was no file.
    pub read: Option<ReadShare>,
    pub unread: Vec<Unread>,
}

impl Source {
    /// A source of which nothing but its text is known; it is called by its identifier.
    pub fn of_text(id: &str, kind: SourceKind, text: Text) -> Self {
        Self {
            id: id.to_owned(),
            kind,
            name: id.to_owned(),
            title: None,
            url: None,
            publisher: None,
            published_at: None,
            retrieved_at: Timestamp(0),
            sha256: String::new(),
            text,
            language: None,
            places: Vec::new(),
            records: Vec::new(),
            layouts: Vec::new(),
            read: None,
            unread: Vec::new(),
        }
    }

    /// The name that a value of a record stands under.
    pub fn name_of(&self, record: &Record, field: Field) -> &str {
        self.layouts
            .get(record.layout)
            .and_then(|layout| layout.names.get(field.name))
            .map_or("", String::as_str)
    }

    /// The identifier of the submitted text when it is its own evidence.
    pub const SUBMISSION: &'static str = "submission";

    /// The page and second that a position belongs to.
    pub fn place_of(&self, position: usize) -> (Option<u32>, Option<f64>) {
        let index = self.places.partition_point(|place| place.start <= position);
        index.checked_sub(1).map_or((None, None), |i| {
            (self.places[i].page, self.places[i].seconds)
        })
    }

    /// The name of the part that a position belongs to, and where a record of a sheet begins there and `column` is a name of
    /// its columns, that column's letters: `sheet Budget, row 12, B`.
    pub fn place_label(&self, position: usize, column: Option<&str>) -> Option<String> {
        let index = self.places.partition_point(|place| place.start <= position);
        let label = self.places.get(index.checked_sub(1)?)?.label.as_ref()?;
        let letters = column.and_then(|column| self.column_letters(position, column));
        Some(match letters {
            Some(letters) => format!("{label}, {letters}"),
            None => label.clone(),
        })
    }

    /// Whether a position lies in somebody's comment on the text.
    pub fn is_comment(&self, position: usize) -> bool {
        let index = self.places.partition_point(|place| place.start <= position);
        let place = index.checked_sub(1).and_then(|at| self.places.get(at));
        place.is_some_and(|place| place.is_comment)
    }

    /// How sure OCR or the speech recogniser is of what stands at `span`, from 0 to 1; `None` where it stands in the file as text.
    pub fn reading_confidence(&self, span: Span) -> Option<f64> {
        let first = self
            .places
            .partition_point(|place| place.start <= span.start);
        let places = self.places.iter().skip(first.saturating_sub(1));
        places
            .take_while(|place| place.start < span.end)
            .filter_map(|place| place.ocr.into_iter().chain(place.speech).min())
            .min()
            .map(|percent| f64::from(percent.min(100)) / 100.0)
    }

    /// Where words were left out of the text, in bytes, ascending.
    pub fn gaps(&self) -> impl Iterator<Item = usize> {
        let places = self.places.iter().filter(|place| place.after_gap);
        places.map(|place| self.text.byte_of(place.start))
    }

    /// How its text was read, where that is not as the text that the file holds.
    pub fn read_by(&self) -> Option<ReadBy> {
        let is_heard = self.places.iter().any(|place| place.speech.is_some());
        let is_ocr = self.places.iter().any(|place| place.ocr.is_some());
        if is_heard {
            Some(ReadBy::Speech)
        } else {
            is_ocr.then_some(ReadBy::Ocr)
        }
    }

    fn column_letters(&self, position: usize, column: &str) -> Option<String> {
        let at = self
            .records
            .partition_point(|record| record.span.start < position);
        let record = self.records.get(at)?;
        let layout = self.layouts.get(record.layout)?;
        let first = layout.first_column?;
        let mut named = (0..).zip(&layout.names).filter(|(_, name)| *name == column);
        // A name that two columns have says of neither which it is.
        let (Some((index, _)), None) = (named.next(), named.next()) else {
            return None;
        };
        (record.span.start == position).then(|| column_letters(first.saturating_add(index)))
    }
}

/// A sheet's column, counted from 0, as spreadsheets name it: `A`, `Z`, `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// A quote that an engine puts forward: it must stand in the source, character for character, or it is dropped.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The `id` of the source.
    pub source: String,
    pub span: Span,
    pub text: String,
    pub stance: Stance,
    /// 0 to 1: how much the passage is about the claim.
    pub relevance: f64,
    /// The name of the column or member whose value decides, where the quote is a record's.
    pub column: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_sheet() {
        for (column, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(column_letters(column), letters);
        }
        assert_eq!(column_letters(u32::MAX), "MWLQKWV");
    }
}
