//! Units and scales that are declared elsewhere than in a column's name: in an object of units, a caption, a title or a note.

use std::collections::HashMap;
use std::rc::Rc;

use clara_domain::evidence::{Record, Source};
use clara_domain::text::Span;

use super::scales::{declares, unit};
use crate::statement::quantity::{Named, Quantity, Unit};

/// So many characters before and after a table are looked through for what its figures are in.
const MAX_NOTE: usize = 300;
/// So many records are looked through for notes.
const MAX_RECORDS: usize = 500;

/// What the figures of one name are in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// A plain number of things.
    Plain,
    Known {
        unit: Option<Named>,
        factor: f64,
    },
    /// Something is declared that is not understood, or two things.
    Unknown,
}

/// What is declared of the figures of a source's records of one layout.
#[derive(Debug, Clone, Default)]
pub(super) struct Declared {
    by_name: HashMap<String, Scale>,
    whole: Option<Scale>,
}

/// What is declared, read once for each layout that is met.
#[derive(Default)]
pub(super) struct Declarations(HashMap<(String, usize), Rc<Declared>>);

impl Declarations {
    pub(super) fn of(&mut self, source: &Source, layout: usize) -> Rc<Declared> {
        let known = self.0.entry((source.id.clone(), layout));
        Rc::clone(known.or_insert_with(|| Rc::new(Declared::new(source, layout))))
    }
}

/// Names of objects that give other names their units.
const UNITS: &[&str] = &[
    "unit",
    "units",
    "unit of measure",
    "units of measure",
    "units of measurement",
    "measurement units",
    "scale",
    "scales",
];
/// Names of texts that speak of the other values.
const NOTES: &[&str] = &[
    "note",
    "notes",
    "caption",
    "title",
    "report",
    "description",
    "comment",
    "comments",
    "footnote",
    "footnotes",
    "remark",
    "remarks",
    "basis",
    "figures",
    "amounts",
    "values",
    "subtitle",
    "heading",
    "legend",
    "source",
    "unit",
    "units",
    "scale",
    "multiplier",
    "about",
    "info",
    "disclaimer",
];
/// Names of columns whose figures are money where money is declared.
const MONEY: &[&str] = &[
    "sales",
    "revenue",
    "revenues",
    "turnover",
    "income",
    "profit",
    "profits",
    "loss",
    "losses",
    "cost",
    "costs",
    "price",
    "prices",
    "budget",
    "spending",
    "expenditure",
    "expense",
    "expenses",
    "assets",
    "debt",
    "equity",
    "earnings",
    "ebit",
    "ebitda",
    "wages",
    "salaries",
    "fees",
    "tax",
    "taxes",
    "investment",
    "investments",
    "funding",
    "grants",
    "donations",
    "proceeds",
    "amount",
    "amounts",
    "balance",
    "fare",
    "rent",
    "salary",
    "fee",
    "total",
    "value",
];

impl Declared {
    pub(super) fn new(source: &Source, layout: usize) -> Self {
        let mut by_name: HashMap<String, Scale> = HashMap::new();
        let mut found: Vec<Scale> = Vec::new();
        for record in source.records.iter().take(MAX_RECORDS) {
            let under = source
                .layouts
                .get(record.layout)
                .map(|layout| &layout.under);
            let gives_units = under
                .and_then(|under| under.last())
                .is_some_and(|last| UNITS.contains(&last.to_lowercase().as_str()));
            for field in &record.fields {
                let name = source.name_of(record, *field).to_lowercase();
                let text = source.text.slice(field.value);
                if gives_units {
                    by_name.insert(name, unit(text));
                } else if let Some(of) = name.strip_suffix(" unit").or(name.strip_suffix(" units"))
                {
                    by_name.insert(of.to_owned(), unit(text));
                } else if UNITS.contains(&name.as_str()) || name == "multiplier" {
                    found.extend(Some(unit(text)).filter(|scale| !is_plain(*scale)));
                } else if NOTES.contains(&name.as_str())
                    || record.layout != layout && text.len() > 24
                {
                    found.extend(declares(text));
                }
            }
        }
        let under = source.layouts.get(layout).into_iter();
        let under = under.flat_map(|layout| layout.under.iter().map(String::as_str));
        let texts = under.chain(source.title.as_deref());
        found.extend(texts.filter_map(declares));
        found.extend(around(source, layout).into_iter().filter_map(declares));
        found.dedup();
        Self {
            by_name,
            whole: match found[..] {
                [] => None,
                [one] => Some(one),
                _ => Some(Scale::Unknown),
            },
        }
    }

    /// What the figures under this name are in; nothing where nothing is declared of them.
    pub(super) fn of(&self, name: &str, alone: impl FnOnce() -> bool) -> Option<Scale> {
        let lower = name.to_lowercase();
        if let Some(scale) = self.by_name.get(&lower) {
            return Some(*scale);
        }
        let is_money = lower.split_whitespace().any(|word| MONEY.contains(&word));
        match self.whole? {
            Scale::Known {
                unit: Some(unit), ..
            } if matches!(unit.unit, Unit::Money(_)) && is_money => self.whole,
            Scale::Known { unit: None, .. } if alone() => self.whole,
            _ => Some(Scale::Unknown),
        }
    }
}

impl Scale {
    /// The amount in what is declared; nothing where that is not understood.
    pub(super) fn apply(self, quantity: Quantity) -> Option<Quantity> {
        match self {
            Self::Plain => Some(quantity),
            Self::Unknown => None,
            Self::Known { unit, factor } => {
                let factor = factor * unit.map_or(1.0, |unit| unit.factor);
                let offset = unit.map_or(0.0, |unit| unit.offset);
                Some(Quantity {
                    low: quantity.low * factor + offset,
                    high: quantity.high * factor + offset,
                    step: quantity.step * factor,
                    rounded: quantity.rounded * factor,
                    unit: unit.map_or(quantity.unit, |unit| unit.unit),
                    ..quantity
                })
            }
        }
    }
}

/// Whether only one unit is said, which needs no reckoning: the same figure may be meant.
fn is_plain(scale: Scale) -> bool {
    match scale {
        Scale::Plain => true,
        Scale::Known { factor, .. } => (factor - 1.0).abs() < 1e-12,
        Scale::Unknown => false,
    }
}

/// The prose right before and right after the table's records.
fn around(source: &Source, layout: usize) -> Vec<&str> {
    let of = |record: &&Record| record.layout == layout;
    let Some(first) = source.records.iter().position(|record| of(&record)) else {
        return Vec::new();
    };
    let last = source.records.iter().rposition(|record| of(&record));
    let start = source.records[first].span.start;
    let before = first
        .checked_sub(1)
        .map_or(0, |at| source.records[at].span.end);
    let before = before.max(start.saturating_sub(MAX_NOTE)).min(start);
    let end = last.map_or(start, |last| source.records[last].span.end);
    let after = last
        .and_then(|last| source.records.get(last + 1))
        .map_or(source.text.len(), |next| next.span.start);
    let after = after.min(end + MAX_NOTE).max(end);
    let after = source.text.slice(Span::new(end, after));
    // What comes after the first line belongs to something else.
    let after = after.lines().find(|line| !line.trim().is_empty());
    std::iter::once(source.text.slice(Span::new(before, start)))
        .chain(after)
        .collect()
}
