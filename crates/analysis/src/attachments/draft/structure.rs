//! Records on their way into a draft: rows, objects and the names of their values, up to what the answer may hold.

use std::collections::HashMap;
use std::ops::Range;

use super::counted::Counted;
use super::{Draft, MAX_CHARACTERS};
use clara_domain::evidence::{Field, Layout, Record};
use clara_domain::text::Span;

/// The most bytes that records may take in the child's answer, beside the text. A record and a value are counted with what
/// they take at most.
const MAX_RECORD_BYTES: usize = 20 * 1024 * 1024;
const RECORD_BYTES: usize = 40;
const FIELD_BYTES: usize = 14;

/// What is known of the records so far.
#[derive(Debug, Default)]
pub(super) struct Structure {
    layouts: HashMap<Layout, usize>,
    /// What the records will take in the answer.
    bytes: usize,
    /// Whether no more are taken.
    pub(super) is_full: bool,
    /// Whether something lies too deep to be taken.
    pub(super) is_cut: bool,
}

impl Draft {
    /// The position of a layout, for [`Record::layout`]; equal ones are kept once.
    pub fn layout(&mut self, layout: Layout) -> usize {
        if let Some(known) = self.structure.layouts.get(&layout) {
            return *known;
        }
        let names = layout.names.iter().chain(&layout.under);
        self.structure.bytes += names.map(|name| name.len() + 3).sum::<usize>() + RECORD_BYTES;
        if self.structure.bytes > MAX_RECORD_BYTES {
            self.structure.is_full = true;
            return 0;
        }
        let at = self.reading.layouts.len();
        self.reading.layouts.push(layout.clone());
        self.structure.layouts.insert(layout, at);
        at
    }

    /// Adds a table's row as one line that came out of [`Draft::clean`]. `cells` are byte ranges of `text`, in the order
    /// of the columns; empty ones are no values.
    pub fn row(&mut self, layout: usize, number: u32, text: &str, cells: &[Range<usize>]) {
        self.separate("\n");
        let characters = text.chars().count();
        if self.full || characters > MAX_CHARACTERS - self.characters {
            // A part of a row is no record.
            self.push_clean(text);
            return;
        }
        let start = self.characters;
        self.push_clean(text);
        let mut counted = Counted::new(text, start);
        let fields = cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, cell)| Field {
                name,
                value: counted.span(cell),
            })
            .collect();
        self.record(Record {
            layout,
            span: Span::new(start, start + characters),
            row: Some(number),
            parent: None,
            fields,
        });
    }

    /// Says that what follows, or what is nested deeper, is not taken as records.
    pub fn records_end(&mut self, is_some: bool) {
        self.structure.is_cut |= is_some && !self.full;
    }

    /// Adds a record of text that is written already. Gives its position, or `None` where no more are taken.
    pub fn record(&mut self, mut record: Record) -> Option<usize> {
        if self.structure.is_full {
            return None;
        }
        record.span.end = record.span.end.min(self.characters);
        record
            .fields
            .retain(|field| field.value.end <= record.span.end);
        if record.span.is_empty() || record.fields.is_empty() {
            return None;
        }
        self.structure.bytes += RECORD_BYTES + FIELD_BYTES * record.fields.len();
        if self.structure.bytes > MAX_RECORD_BYTES {
            self.structure.is_full = true;
            return None;
        }
        self.reading.records.push(record);
        Some(self.reading.records.len() - 1)
    }
}
