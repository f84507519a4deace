//! Values with names that are no table: header fields of a mail, members of an XML element. They stand on one line or one
//! below the other, and make one record.

use std::collections::HashMap;

use super::draft::Draft;
use clara_domain::evidence::{Field, Layout, Record};
use clara_domain::text::Span;

/// Names and values that belong together.
#[derive(Debug, Default)]
pub struct NamedValues {
    /// What they are values of, outermost first.
    pub under: Vec<String>,
    /// Counted from 1 among its like.
    pub row: Option<u32>,
    /// The record around this one.
    pub parent: Option<usize>,
    pub pairs: Vec<(String, String)>,
}

impl NamedValues {
    /// Writes `name: value` for each with `separator` between them. Gives the record's position, where one was taken.
    pub fn write(&self, separator: &str, draft: &mut Draft) -> Option<usize> {
        let mut text = String::new();
        let mut length = 0;
        let mut names: Vec<String> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut fields = Vec::new();
        for (name, value) in &self.pairs {
            let one_line = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let value = draft.clean(&one_line).trim().to_owned();
            if value.is_empty() {
                continue;
            }
            let name = draft.clean(name).trim().to_owned();
            let mut head = if text.is_empty() {
                String::new()
            } else {
                separator.to_owned()
            };
            if !name.is_empty() {
                head.push_str(&name);
                head.push_str(": ");
            }
            let start = length + head.chars().count();
            length = start + value.chars().count();
            text.push_str(&head);
            text.push_str(&value);
            let at = *known.entry(name.clone()).or_insert(names.len());
            if at == names.len() {
                names.push(name);
            }
            fields.push((at, start, length));
        }
        if text.is_empty() {
            return None;
        }
        draft.clean_line(&text);
        if draft.is_full() {
            // A part of it is no record.
            return None;
        }
        let end = draft.characters();
        let first = end.saturating_sub(length);
        let layout = draft.layout(Layout {
            under: self.under.clone(),
            names,
            ..Layout::default()
        });
        let fields = fields.into_iter().map(|(name, start, stop)| Field {
            name,
            value: Span::new(first + start, first + stop),
        });
        let fields = fields.collect();
        draft.record(Record {
            layout,
            span: Span::new(first, end),
            row: self.row,
            parent: self.parent,
            fields,
        })
    }
}
