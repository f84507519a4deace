//! The records of a JSON text: an object with its own values, rows of lists of lists, and columns that stand side by side.

use std::ops::Range;

use serde_json::value::RawValue;

use super::names::{are_indices, in_words};
use super::pieces::{Members, Value, content, is_scalar, parse, scalars};
use super::shapes::{are_columns_by_index, columns, lists, split_table};
use crate::attachments::draft::{Draft, MAX_CHARACTERS};
use crate::attachments::headers::{self, ROWS_LOOKED_AT};
use clara_domain::evidence::{Field, Layout, Record};
use clara_domain::text::Text;

/// Objects nested deeper have no record; their text is there.
const MAX_DEPTH: usize = 64;
/// So many bytes are taken apart: each level of nesting is read anew.
const MAX_SCANNED: usize = 200 * 1024 * 1024;
/// The most values that one record keeps.
const MAX_FIELDS: usize = 10_000;

/// Adds the records of these values, which are pieces of `text`; several are the lines of JSON Lines.
pub fn records(text: &str, values: &[&RawValue], draft: &mut Draft) {
    let mut walk = Walk {
        text,
        index: Text::new(text),
        under: Vec::new(),
        scanned: 0,
        draft,
    };
    if let [value] = values {
        walk.value(value, &Place::default());
    } else {
        walk.list(values, &Place::default());
    }
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    parent: Option<usize>,
    row: Option<u32>,
}

struct Walk<'a, 'd> {
    text: &'a str,
    index: Text,
    under: Vec<String>,
    scanned: usize,
    draft: &'d mut Draft,
}

impl<'a> Walk<'a, '_> {
    fn range(&self, piece: &str) -> Range<usize> {
        // The piece is borrowed from the text: its address says where it stands.
        let start = (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        start..start + piece.len()
    }

    fn is_past_end(&self, raw: &RawValue) -> bool {
        self.index.span_of(self.range(raw.get())).start >= MAX_CHARACTERS
    }

    fn value(&mut self, raw: &'a RawValue, place: &Place) {
        self.scanned += raw.get().len();
        if self.under.len() > MAX_DEPTH || self.scanned > MAX_SCANNED || self.is_past_end(raw) {
            self.draft.records_end(raw.get().starts_with(['[', '{']));
            return;
        }
        match parse(raw) {
            Value::Scalar => {}
            Value::List(items) => self.list(&items, place),
            Value::Object(members) => self.object(raw, &members, place),
        }
    }

    fn list(&mut self, items: &[&'a RawValue], place: &Place) {
        if lists(items) {
            let head: Vec<Vec<&str>> = items
                .iter()
                .take(ROWS_LOOKED_AT)
                .filter_map(|item| scalars(item))
                .map(|row| row.into_iter().map(content).collect())
                .collect();
            let found = headers::find(&head, true);
            self.rows(&items[found.data..], &found.names, place.parent);
            return;
        }
        let items = items.iter().filter(|item| !is_scalar(item));
        for (row, item) in (1..).zip(items) {
            self.nested(
                item,
                &Place {
                    row: Some(row),
                    parent: place.parent,
                },
            );
        }
    }

    /// A value one level down that adds no name: lists in lists end somewhere too.
    fn nested(&mut self, raw: &'a RawValue, place: &Place) {
        if raw.get().starts_with('[') {
            self.under.push(String::new());
            self.value(raw, place);
            self.under.pop();
        } else {
            self.value(raw, place);
        }
    }

    fn object(&mut self, raw: &'a RawValue, members: &Members<'a>, place: &Place) {
        let columns = columns(members);
        let table = split_table(members);
        let mut names: Vec<String> = Vec::new();
        let mut fields = Vec::new();
        for (at, (name, value)) in members.iter().enumerate() {
            if fields.len() >= MAX_FIELDS {
                break;
            }
            let own = if is_scalar(value) {
                vec![*value]
            } else if columns.contains(&at) || table.is_some_and(|table| table.takes(at)) {
                continue;
            } else {
                scalars(value).unwrap_or_default()
            };
            if own.is_empty() {
                continue;
            }
            let name_at = names.len();
            names.push(in_words(name));
            fields.extend(own.iter().filter_map(|value| self.field(name_at, value)));
        }
        let span = self.index.span_of(self.range(raw.get()));
        let layout = self.layout(names);
        let own = self.draft.record(Record {
            layout,
            span,
            row: place.row,
            parent: place.parent,
            fields,
        });
        let parent = own.or(place.parent);
        if are_columns_by_index(members) {
            self.columns_by_index(raw, members, parent);
            return;
        }
        let counts = are_indices(members.iter().map(|(name, _)| &**name));
        for (at, (name, value)) in members.iter().enumerate() {
            if columns.first() == Some(&at) {
                self.columns(members, &columns, parent);
            }
            if is_scalar(value) || columns.contains(&at) {
                continue;
            }
            if let Some(table) = table.filter(|table| table.rows == at) {
                self.under.push(in_words(name));
                let names = scalars(members[table.names].1).unwrap_or_default();
                let names: Vec<String> = names
                    .into_iter()
                    .map(|name| content(name).to_owned())
                    .collect();
                if let Value::List(rows) = parse(value) {
                    self.rows(&rows, &names, parent);
                }
                self.under.pop();
                continue;
            }
            let row = counts.then(|| u32::try_from(at + 1).ok()).flatten();
            self.under.push(if counts {
                String::new()
            } else {
                in_words(name)
            });
            self.value(value, &Place { parent, row });
            self.under.pop();
        }
    }

    fn field(&self, name: usize, value: &RawValue) -> Option<Field> {
        let content = content(value);
        (!content.trim().is_empty() && value.get() != "null").then(|| Field {
            name,
            value: self.index.span_of(self.range(content)),
        })
    }

    fn layout(&mut self, names: Vec<String>) -> usize {
        let under = self.under.iter().filter(|name| !name.is_empty());
        let under = under.cloned().collect();
        self.draft.layout(Layout {
            under,
            names,
            first_column: None,
        })
    }

    /// Lists as rows of a table with these names.
    fn rows(&mut self, rows: &[&'a RawValue], names: &[String], parent: Option<usize>) {
        for (number, raw) in (1..).zip(rows) {
            if self.is_past_end(raw) {
                return;
            }
            let cells = scalars(raw).unwrap_or_default();
            let mut names = names.to_vec();
            names.resize(names.len().max(cells.len()), String::new());
            let layout = self.layout(names);
            let cells = cells.iter().take(MAX_FIELDS).enumerate();
            let fields = cells
                .filter_map(|(name, cell)| self.field(name, cell))
                .collect();
            self.draft.record(Record {
                layout,
                span: self.index.span_of(self.range(raw.get())),
                row: Some(number),
                parent,
                fields,
            });
        }
    }

    /// Lists of equal length side by side: the first values of each belong together, the second, and so on.
    fn columns(&mut self, members: &Members<'a>, columns: &[usize], parent: Option<usize>) {
        let lists: Vec<Vec<&RawValue>> = columns
            .iter()
            .filter_map(|at| scalars(members[*at].1))
            .collect();
        let names = columns.iter().map(|at| in_words(&members[*at].0)).collect();
        let (Some(first), Some(last)) = (columns.first(), columns.last()) else {
            return;
        };
        let start = self.range(members[*first].1.get()).start;
        let end = self.range(members[*last].1.get()).end;
        self.transposed(start..end, names, &lists, parent);
    }

    /// `{"town": {"0": …, "1": …}, "staff": {"0": …, "1": …}}`.
    fn columns_by_index(&mut self, raw: &RawValue, members: &Members<'a>, parent: Option<usize>) {
        let names = members.iter().map(|(name, _)| in_words(name)).collect();
        let lists: Vec<Vec<&RawValue>> = members
            .iter()
            .map(|(_, value)| match parse(value) {
                Value::Object(cells) => cells.into_iter().map(|(_, cell)| cell).collect(),
                _ => Vec::new(),
            })
            .collect();
        self.transposed(self.range(raw.get()), names, &lists, parent);
    }

    fn transposed(
        &mut self,
        range: Range<usize>,
        names: Vec<String>,
        lists: &[Vec<&RawValue>],
        parent: Option<usize>,
    ) {
        let span = self.index.span_of(range);
        let layout = self.layout(names);
        let rows = lists.iter().map(Vec::len).min().unwrap_or(0);
        for row in 0..rows {
            let fields = lists
                .iter()
                .enumerate()
                .filter_map(|(name, list)| self.field(name, list[row]))
                .collect();
            self.draft.record(Record {
                layout,
                span,
                row: u32::try_from(row + 1).ok(),
                parent,
                fields,
            });
        }
    }
}
