//! A value of a record, read: its name, its unit, and what it says.

use std::collections::HashSet;

use clara_domain::evidence::{Field, Record, Source};

use super::Cell;
use super::declared::{Declarations, Declared};
use crate::language::words::Stems;
use crate::statement::Sentence;
use crate::statement::quantity::{Quantity, Role, Unit, quantities};
use crate::statement::time::{Relation, Time};
use crate::statement::token::tokens;

/// Participles that name columns of years.
const EVENT_NAMES: &[&str] = &[
    "opened",
    "founded",
    "built",
    "established",
    "completed",
    "launched",
    "born",
    "joined",
    "constructed",
    "inaugurated",
    "created",
    "released",
    "published",
    "introduced",
    "erected",
    "died",
    "elected",
    "appointed",
    "closed",
    "demolished",
    "renovated",
    "restored",
    "commissioned",
    "discovered",
    "incorporated",
];

pub(super) fn collect(
    source: &Source,
    record: &Record,
    own: bool,
    stems: &Stems,
    cells: &mut Vec<Cell>,
    around: &mut HashSet<String>,
    declarations: &mut Declarations,
) {
    let declared = declarations.of(source, record.layout);
    for field in &record.fields {
        cells.push(cell(source, record, *field, own, stems, &declared));
    }
    if let Some(layout) = source.layouts.get(record.layout) {
        around.extend(
            layout
                .under
                .iter()
                .flat_map(|name| Sentence::new(name).words()),
        );
    }
    if let Some(parent) = record.parent.and_then(|parent| source.records.get(parent)) {
        collect(source, parent, false, stems, cells, around, declarations);
    }
}

pub(super) fn cell(
    source: &Source,
    record: &Record,
    field: Field,
    own: bool,
    stems: &Stems,
    declared: &Declared,
) -> Cell {
    let name = source.name_of(record, field).to_owned();
    let text = source.text.slice(field.value).trim().to_owned();
    let read_name = Sentence::new(&name);
    // The unit of a column belongs to its values: `Revenue (EUR)`, `Length in km`.
    let (unit, scale, in_unit) = unit_of(&name);
    let read = Sentence::new(&text);
    let mut quantity = amount(&text).or_else(|| accounting(&text));
    let is_bare = quantity
        .as_ref()
        .is_some_and(|quantity| quantity.unit == Unit::Count && quantity.of.is_empty());
    if is_bare && unit.is_none() && scale <= 1.0 {
        let alone = || bare_figures(source, record) == 1;
        if let Some(declared) = declared.of(&name, alone) {
            quantity = quantity.and_then(|quantity| declared.apply(quantity));
        }
    }
    let is_unread = is_bare && quantity.is_none();
    if let Some(quantity) = &mut quantity {
        if quantity.unit == Unit::Count
            && let Some(named) = unit
        {
            quantity.unit = named.unit;
            let factor = named.factor * scale;
            quantity.low = quantity.low * factor + named.offset;
            quantity.high = quantity.high * factor + named.offset;
            quantity.step *= factor;
            quantity.rounded *= factor;
        } else if scale > 1.0 && matches!(quantity.unit, Unit::Count | Unit::Money(_)) {
            quantity.low *= scale;
            quantity.high *= scale;
            quantity.step *= scale;
            quantity.rounded *= scale;
        }
        quantity.role = Role::Value;
        quantity.of = Vec::new();
    }
    let is_year_name = read_name.words().iter().any(|word| {
        matches!(
            word.as_str(),
            "year" | "date" | "period" | "day" | "month" | "season" | "sinc"
        )
    }) || is_event_name(&read_name);
    let (name_time, in_time) = time_of_name(&name, &read_name);
    let time = read
        .times
        .first()
        .filter(|time| time.tokens.len() >= read.tokens.len())
        .cloned()
        .or_else(|| is_year_name.then(|| year(&text)).flatten())
        .filter(|_| is_year_name || !is_unread);
    Cell {
        name: read_name
            .tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| !in_unit.contains(&token.bytes.start))
            .filter(|(at, token)| {
                !in_time.contains(at)
                    && token.lower.chars().any(char::is_alphanumeric)
                    && !crate::statement::is_function_word(&token.lower)
            })
            .map(|(_, token)| stems.of(&token.lower))
            .collect(),
        name_time,
        title: name,
        // A figure whose scale is not understood says nothing.
        stems: if is_unread && time.is_none() {
            Vec::new()
        } else {
            read.words()
        },
        quantity: if time.is_some() && is_year_name {
            None
        } else {
            quantity
        },
        time,
        text,
        own,
    }
}

impl Cell {
    /// When something happened once, where the value is a date and no amount: `1240` may be either.
    pub(super) fn event(&self) -> Option<&Time> {
        self.time.as_ref().filter(|_| self.quantity.is_none())
    }
}

/// `Opened`, `Built in`: a column whose years say when something happened once.
fn is_event_name(name: &Sentence) -> bool {
    let mut words = name.tokens.iter().map(|token| token.lower.as_str());
    let is_event = words
        .next()
        .is_some_and(|first| EVENT_NAMES.contains(&first));
    is_event && words.all(|word| matches!(word, "in" | "on" | "year"))
}

/// The one time that a column's name says, alone or beside words (`Pupils 2023`), and the tokens it stands in.
fn time_of_name(name: &str, read: &Sentence) -> (Option<Time>, std::ops::Range<usize>) {
    if let Some(time) = year(name) {
        return (Some(time), 0..read.tokens.len());
    }
    match read.times.as_slice() {
        [time] if time.tokens.len() >= read.tokens.len() => {
            (Some(time.clone()), time.tokens.clone())
        }
        [time] if time.relation == Relation::At && time.span().is_some() => {
            (Some(time.clone()), time.tokens.clone())
        }
        _ => (None, 0..0),
    }
}

/// How many values of the record are figures whose column names no unit, years left out.
fn bare_figures(source: &Source, record: &Record) -> usize {
    let is_bare = |field: &&Field| {
        let text = source.text.slice(field.value).trim();
        let name = source.name_of(record, **field);
        unit_of(name).0.is_none()
            && year(text).is_none()
            && amount(text).is_some_and(|amount| amount.unit == Unit::Count)
    };
    record.fields.iter().filter(is_bare).count()
}

/// The amount that a value is, where it is nothing else; `1800` is one, whatever else it may be.
fn amount(text: &str) -> Option<Quantity> {
    let tokens = tokens(text);
    let found = quantities(text, &tokens, &vec![false; tokens.len()]);
    let [quantity] = found.as_slice() else {
        return None;
    };
    (quantity.tokens.len() == tokens.len()).then(|| quantity.clone())
}

/// `(85)` is minus 85.
pub(super) fn accounting(text: &str) -> Option<Quantity> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let quantity = amount(inside)?;
    Some(Quantity {
        low: -quantity.high,
        high: -quantity.low,
        ..quantity
    })
}

pub(super) fn year(text: &str) -> Option<Time> {
    let text = text.trim();
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_year {
        return None;
    }
    let sentence = Sentence::new(&format!("in {text}"));
    sentence
        .times
        .first()
        .filter(|time| time.relation == Relation::At)
        .cloned()
}

/// The unit and scale that a column's name gives its values, and where in the name they stand.
pub(super) fn unit_of(
    name: &str,
) -> (
    Option<crate::statement::quantity::Named>,
    f64,
    std::ops::Range<usize>,
) {
    let open = name
        .rfind(['(', '['])
        .or_else(|| name.rfind(" in ").map(|at| at + 3))
        .or_else(|| name.rfind(','))
        .or_else(|| name.rfind('/'));
    let inside_from = open.map_or(0, |at| at + 1);
    let Some(inside) = open.and_then(|at| name.get(at + 1..)) else {
        // `Weight kg`, `Price €`
        let last = name.rsplit([' ', '_']).next().unwrap_or_default();
        // `Frost days` counts days of a kind; a unit is short.
        let named = (last.len() < name.len() && last.chars().count() <= 3)
            .then(|| crate::statement::quantity::named(&last.to_lowercase(), last))
            .flatten();
        let range = if named.is_some() {
            name.len() - last.len()..name.len()
        } else {
            0..0
        };
        return (named, 1.0, range);
    };
    let mut scale = 1.0;
    let mut unit = None;
    for word in inside
        .split(|letter: char| {
            letter.is_whitespace() || matches!(letter, ')' | ']' | '(' | '[' | ',')
        })
        .filter(|word| !word.is_empty())
    {
        let lower = word.to_lowercase();
        match lower.as_str() {
            "thousand" | "thousands" | "'000" | "000" | "000s" | "k" | "1,000" => scale = 1e3,
            "million" | "millions" | "mn" | "mio" => scale = 1e6,
            "billion" | "billions" | "bn" => scale = 1e9,
            _ => unit = unit.or_else(|| crate::statement::quantity::named(&lower, word)),
        }
    }
    let range = if unit.is_some() || scale > 1.0 {
        inside_from..name.len()
    } else {
        0..0
    };
    (unit, scale, range)
}
