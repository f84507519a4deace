//! A value of a record, read: its name, its unit, and what it says.

use std::collections::HashSet;

use clara_domain::evidence::{Field, Record, Source};

use super::Cell;
use crate::language::words::Stems;
use crate::statement::Sentence;
use crate::statement::quantity::{Quantity, Role, Unit, quantities};
use crate::statement::time::{Relation, Time};
use crate::statement::token::tokens;

pub(super) fn collect(
    source: &Source,
    record: &Record,
    own: bool,
    stems: &Stems,
    cells: &mut Vec<Cell>,
    around: &mut HashSet<String>,
) {
    for field in &record.fields {
        cells.push(cell(source, record, *field, own, stems));
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
        collect(source, parent, false, stems, cells, around);
    }
}

pub(super) fn cell(
    source: &Source,
    record: &Record,
    field: Field,
    own: bool,
    stems: &Stems,
) -> Cell {
    let name = source.name_of(record, field).to_owned();
    let text = source.text.slice(field.value).trim().to_owned();
    let read_name = Sentence::new(&name);
    // The unit of a column belongs to its values: `Revenue (EUR)`, `Length in km`.
    let (unit, scale, in_unit) = unit_of(&name);
    let read = Sentence::new(&text);
    let mut quantity = amount(&text).or_else(|| accounting(&text));
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
    });
    let time = read
        .times
        .first()
        .filter(|time| time.tokens.len() >= read.tokens.len())
        .cloned()
        .or_else(|| is_year_name.then(|| year(&text)).flatten());
    Cell {
        name: read_name
            .tokens
            .iter()
            .filter(|token| !in_unit.contains(&token.bytes.start))
            .filter(|token| {
                token.lower.chars().any(char::is_alphanumeric)
                    && !crate::statement::is_function_word(&token.lower)
            })
            .map(|token| stems.of(&token.lower))
            .collect(),
        name_time: year(&name).or_else(|| {
            read_name
                .times
                .first()
                .filter(|time| time.tokens.len() >= read_name.tokens.len())
                .cloned()
        }),
        title: name,
        stems: read.words(),
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
