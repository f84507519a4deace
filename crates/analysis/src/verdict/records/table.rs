//! All rows of the tables that a claim's records are of: a table's rows, or the objects of one list, also where the lists
//! stand in several objects.

use std::collections::HashSet;

use clara_domain::evidence::{Field, Layout, Record, Source};

use super::cell::cell;
use super::declared::{Declarations, Declared};
use super::naming::is_yes_or_no;
use super::{Cell, bound};
use crate::engine::Passage;
use crate::language::words::Stems;
use crate::statement::Sentence;
use crate::statement::time::Time;
use crate::verdict::binding::{Bound, Outcome};

/// Tables with more rows are not looked through for one claim.
pub(super) const MAX_ROWS: usize = 2_000;
/// Columns beyond these are not read.
const MAX_COLUMNS: usize = 60;
/// Rows that add up or average others.
const SUMMARIES: &[&str] = &[
    "total", "totals", "sum", "average", "mean", "all", "overall", "subtotal", "median",
];
/// Names of columns that say of which time a row is.
const TIMES: &[&str] = &[
    "year", "quarter", "month", "period", "season", "date", "week", "day", "time",
];

/// A table with all its rows.
pub(super) struct Table<'a> {
    pub(super) source: &'a Source,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
    /// Stems of what it stands under, and of what its rows are called.
    pub(super) nouns: HashSet<String>,
    /// Stems of what one row is called.
    pub(super) row_nouns: HashSet<String>,
    /// Whether rows may be missing: some of the file was not read.
    pub(super) is_partial: bool,
    /// Its passages: their positions, and the records they show.
    shown: Vec<(usize, usize)>,
    declared: std::rc::Rc<Declared>,
    stems: Stems,
}

/// A column, or a member's name.
pub(super) struct Column {
    pub(super) title: String,
    /// How many objects around the row it is of.
    pub(super) depth: usize,
    pub(super) name: Vec<String>,
    /// The time that its name says: `Pupils 2023`.
    pub(super) time: Option<(i64, i64)>,
    /// Whether its values say of which time a row is.
    pub(super) is_time: bool,
    /// Whether its values are years or days of what happened once.
    pub(super) is_event: bool,
    /// Whether all its values say yes or no.
    pub(super) is_yes_or_no: bool,
    /// Whether all its values are texts, which name rows and are no amounts.
    pub(super) is_text: bool,
}

/// A row that sums up no others.
pub(super) struct Row {
    pub(super) record: usize,
    pub(super) values: Vec<Value>,
    /// The time that it is of.
    pub(super) time: Option<(i64, i64)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    pub(super) column: usize,
    owner: usize,
    field: Field,
}

/// The tables of the records that were found for a claim.
pub(super) fn tables<'a>(passages: &[&Passage<'a>]) -> Vec<Table<'a>> {
    let mut found: Vec<Table<'a>> = Vec::new();
    let mut declarations = Declarations::default();
    for (number, passage) in passages.iter().enumerate() {
        let source: &'a Source = passage.source;
        let Some(at) = passage.record else { continue };
        let known = found.iter_mut().find(|table| {
            table.source.id == source.id && table.rows.iter().any(|row| row.record == at)
        });
        if let Some(table) = known {
            table.shown.push((number, at));
            continue;
        }
        if let Some(mut table) = Table::new(source, at, &mut declarations) {
            table.shown.push((number, at));
            found.push(table);
        }
    }
    found
}

/// What holds the rows of one table together.
fn group<'s>(layout: &'s Layout, record: &Record) -> (&'s [String], bool) {
    let is_listed = record.row.is_some();
    let names = if is_listed {
        &layout.under[..]
    } else {
        // Objects by their names: `"Coast": {…}, "Hills": {…}`.
        &layout.under[..layout.under.len().saturating_sub(1)]
    };
    (names, is_listed)
}

impl<'a> Table<'a> {
    fn new(source: &'a Source, at: usize, declarations: &mut Declarations) -> Option<Self> {
        let record = source.records.get(at)?;
        let layout = source.layouts.get(record.layout)?;
        let wanted = group(layout, record);
        let is_of = |other: &&(usize, &Record)| {
            source
                .layouts
                .get(other.1.layout)
                .is_some_and(|layout| group(layout, other.1) == wanted)
        };
        let records: Vec<(usize, &Record)> = source.records.iter().enumerate().collect();
        let of_it: Vec<(usize, &Record)> = records.iter().filter(is_of).copied().collect();
        if of_it.len() > MAX_ROWS
            || of_it
                .iter()
                .any(|(_, one)| source.is_comment(one.span.start))
        {
            return None;
        }
        let mut table = Self {
            source,
            columns: Vec::new(),
            rows: Vec::new(),
            nouns: HashSet::new(),
            row_nouns: HashSet::new(),
            is_partial: !source.unread.is_empty(),
            shown: Vec::new(),
            declared: declarations.of(source, record.layout),
            stems: Stems::new(),
        };
        for (number, one) in of_it {
            table.add(number, one);
        }
        table.look_through_columns();
        table.name_rows(layout);
        Some(table)
    }

    fn add(&mut self, number: usize, record: &'a Record) {
        let source = self.source;
        let mut values = Vec::new();
        let (mut owner, mut depth) = (number, 0);
        loop {
            let one = &source.records[owner];
            for field in &one.fields {
                let title = source.name_of(one, *field);
                let known = self
                    .columns
                    .iter()
                    .position(|column| column.depth == depth && column.title == title);
                let column = match known {
                    Some(column) => column,
                    None if self.columns.len() < MAX_COLUMNS => {
                        self.columns.push(self.column(title, depth, owner, *field));
                        self.columns.len() - 1
                    }
                    None => continue,
                };
                values.push(Value {
                    column,
                    owner,
                    field: *field,
                });
            }
            match one.parent {
                Some(parent) if depth < 8 => (owner, depth) = (parent, depth + 1),
                _ => break,
            }
        }
        let is_summary = values.iter().any(|value| {
            let text = source.text.slice(value.field.value);
            self.columns[value.column].depth == 0
                && text.split_whitespace().take(4).any(|word| {
                    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
                    SUMMARIES.contains(&word.to_lowercase().as_str())
                })
        });
        if !is_summary {
            let time = self.time_of(record, &values);
            self.rows.push(Row {
                record: number,
                values,
                time,
            });
        }
    }

    fn column(&self, title: &str, depth: usize, owner: usize, field: Field) -> Column {
        let read = cell(
            self.source,
            &self.source.records[owner],
            field,
            depth == 0,
            &self.stems,
            &self.declared,
        );
        let lower = title.to_lowercase();
        Column {
            title: title.to_owned(),
            depth,
            time: read.name_time.as_ref().and_then(Time::span),
            is_event: read.event().is_some(),
            name: read.name,
            is_yes_or_no: false,
            is_text: false,
            is_time: lower
                .split_whitespace()
                .next_back()
                .is_some_and(|last| TIMES.contains(&last)),
        }
    }

    /// The narrowest of the times that a row's own values, the objects around it and the names above it say.
    fn time_of(&self, record: &Record, values: &[Value]) -> Option<(i64, i64)> {
        let texts = values
            .iter()
            .filter(|value| self.columns[value.column].is_time)
            .map(|value| self.source.text.slice(value.field.value).trim().to_owned());
        let under: &[String] = self
            .source
            .layouts
            .get(record.layout)
            .map_or(&[], |layout| &layout.under);
        let joined = under.windows(2).map(|two| format!("{} {}", two[1], two[0]));
        let spans: Vec<(i64, i64)> = texts
            .chain(under.iter().cloned())
            .chain(joined)
            .filter_map(|text| whole_time(&text))
            .collect();
        let narrowest = spans
            .iter()
            .copied()
            .min_by_key(|(first, last)| last - first)?;
        // `2023` around `Q1 2023` agrees; two times that do not lie in each other do not.
        let agrees = |span: &(i64, i64)| span.0 <= narrowest.0 && span.1 >= narrowest.1;
        spans.iter().all(agrees).then_some(narrowest)
    }

    fn look_through_columns(&mut self) {
        for number in 0..self.columns.len() {
            let values = self.rows.iter().flat_map(|row| &row.values);
            let texts: Vec<&str> = values
                .filter(|value| value.column == number)
                .map(|value| self.text(*value))
                .collect();
            let yes_or_no = !texts.is_empty() && texts.iter().all(|text| is_yes_or_no(text));
            let is_text = |text: &&str| {
                text.chars().any(char::is_alphabetic)
                    && !text.bytes().any(|byte| byte.is_ascii_digit())
            };
            let all_texts = texts.iter().all(is_text);
            let column = &mut self.columns[number];
            column.is_yes_or_no = yes_or_no;
            column.is_text = all_texts && !yes_or_no;
        }
    }

    fn name_rows(&mut self, layout: &Layout) {
        const ROWS: [&str; 6] = ["table", "list", "row", "entry", "record", "file"];
        let first = self.columns.iter().find(|column| column.depth == 0);
        let file = self.source.name.rsplit('/').next().unwrap_or_default();
        let file = file.rsplit_once('.').map_or("", |(stem, _)| stem);
        let texts = layout
            .under
            .iter()
            .map(String::as_str)
            .chain(self.source.title.as_deref())
            .chain(ROWS);
        let mut nouns: HashSet<String> = texts
            .flat_map(|text| Sentence::cached(text).words())
            .collect();
        let mut row_nouns: HashSet<String> = layout
            .under
            .last()
            .and_then(|name| head(name))
            .map(|head| self.stems.of(&head))
            .into_iter()
            .collect();
        row_nouns.extend(
            first
                .into_iter()
                .flat_map(|column| column.name.iter().cloned()),
        );
        row_nouns.extend(
            file.split(|letter: char| !letter.is_alphabetic())
                .filter(|word| word.len() > 2)
                .map(|word| self.stems.of(&word.to_lowercase())),
        );
        nouns.extend(row_nouns.iter().cloned());
        self.row_nouns = row_nouns;
        self.nouns = nouns;
    }

    /// The text of a value.
    pub(super) fn text(&self, value: Value) -> &'a str {
        let source: &'a Source = self.source;
        source.text.slice(value.field.value).trim()
    }

    /// The row's one value in a column.
    pub(super) fn value(&self, row: &Row, column: usize) -> Option<Cell> {
        let mut values = row.values.iter().filter(|value| value.column == column);
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let record = &self.source.records[value.owner];
        let own = self.columns[column].depth == 0;
        Some(cell(
            self.source,
            record,
            value.field,
            own,
            &self.stems,
            &self.declared,
        ))
    }

    /// An answer that rests on a row, shown with it where it is among the passages, else with another row of the table.
    pub(super) fn answer(
        &self,
        row: &Row,
        column: Option<usize>,
        outcome: Outcome,
        detail: String,
    ) -> Option<(usize, Bound)> {
        let of_row = self.shown.iter().find(|(_, record)| *record == row.record);
        let (number, shown) = of_row.or_else(|| self.shown.first())?;
        let title = column.map(|column| self.columns[column].title.clone());
        let found = Bound {
            column: title.filter(|title| !title.is_empty() && *shown == row.record),
            ..bound(outcome, detail)
        };
        Some((*number, found))
    }

    /// What a row is called: its first text.
    pub(super) fn label(&self, row: &Row) -> &'a str {
        let first = row.values.iter().map(|value| self.text(*value));
        let mut first = first.filter(|text| text.chars().any(char::is_alphabetic));
        first.next().unwrap_or("a row")
    }
}

/// What a caption is of: the last word before its first preposition.
fn head(caption: &str) -> Option<String> {
    let lower = caption.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    let mut head = None;
    for word in words.filter(|word| !word.is_empty()) {
        if matches!(
            word,
            "of" | "in" | "on" | "at" | "by" | "for" | "from" | "to" | "with" | "and" | "per"
        ) {
            break;
        }
        head = Some(word.to_owned());
    }
    head
}

/// The span of a text that is a time and nothing else.
fn whole_time(text: &str) -> Option<(i64, i64)> {
    if text.len() > 40 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Some(year) = super::cell::year(text) {
        return year.span();
    }
    let read = Sentence::cached(text);
    match read.times.as_slice() {
        [time] if time.tokens.len() >= read.tokens.len() => time.span(),
        _ => None,
    }
}
