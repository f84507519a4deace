//! Ranges of whom a thing is right for: `rider height 180-195`, and a rider of 1.85 m.

use super::claim::Claim;
use super::table::Table;
use crate::statement::quantity::{Bound as Limit, Unit};
use crate::verdict::binding::{Bound, Ground, Outcome, Side};

/// Words that say that a thing is right for somebody.
const FITS: &[&str] = &[
    "right",
    "suitable",
    "fits",
    "fit",
    "suits",
    "correct",
    "recommended",
    "intended",
    "meant",
    "made",
    "designed",
    "one",
    "size",
    "who",
    "that",
    "which",
    "tall",
    "high",
    "old",
    "weighing",
    "weighs",
    "aged",
    "age",
    "measuring",
    "measures",
    "height",
    "weight",
];
/// One of these has to be there.
const SAYS_SO: &[&str] = &[
    "right",
    "suitable",
    "fits",
    "fit",
    "suits",
    "correct",
    "recommended",
    "intended",
    "meant",
    "made",
    "designed",
];

/// `Frame size L is right for a rider of 1.85 m`: the range of the one row that the claim names.
pub(super) fn fitting(
    side: Side<'_>,
    claim: &Claim<'_>,
    tables: &[Table<'_>],
) -> Option<(usize, Bound)> {
    let says_so = (0..claim.len()).any(|at| SAYS_SO.contains(&claim.lower(at)));
    let denied = side
        .sentence
        .statements
        .iter()
        .any(|statement| statement.denied);
    if !says_so || denied {
        return None;
    }
    let mut found = tables
        .iter()
        .filter_map(|table| of_table(side, claim, table));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn of_table(side: Side<'_>, claim: &Claim<'_>, table: &Table<'_>) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let filters = table.filters(&claim)?;
    for filter in &filters {
        claim.take(filter.tokens.clone());
    }
    // `the right one for …` counts nothing.
    let amounts = claim.amounts();
    let mut amounts = amounts.iter().filter(|amount| amount.unit != Unit::Count);
    let (Some(wanted), None, false) = (amounts.next(), amounts.next(), filters.is_empty()) else {
        return None;
    };
    if !side.sentence.times.is_empty() || !wanted.is_exact() {
        return None;
    }
    claim.take(wanted.tokens.clone());
    // `rider height`: whom it is for is a word of the column that says how tall they are.
    let fits = |number: &usize| {
        let column = &table.columns[*number];
        let graded = column
            .name
            .iter()
            .filter(|stem| matches!(stem.as_str(), "height" | "weight" | "age"));
        let mut persons = column
            .name
            .iter()
            .filter(|stem| !matches!(stem.as_str(), "height" | "weight" | "age"));
        column.depth == 0
            && graded.count() == 1
            && column.name.len() > 1
            && persons.all(|stem| claim.find(stem, &(0..claim.len())).is_some())
    };
    let mut columns = (0..table.columns.len()).filter(fits);
    let (column, None) = (columns.next()?, columns.next()) else {
        return None;
    };
    claim.take_stems(&table.columns[column].name);
    table.take_nouns(&mut claim, &filters);
    claim.take_idle(FITS);
    let rows = table.select(&filters, None);
    let ([row], true) = (&rows[..], claim.is_spent()) else {
        return None;
    };
    let cell = table.value(row, column)?;
    let range = cell
        .quantity
        .as_ref()
        .filter(|range| range.unit == wanted.unit)?;
    let tiny = 1e-9 * wanted.low.abs();
    let (low, high) = match range.bound {
        Limit::Between if range.low < range.high => (range.low, range.high),
        Limit::AtLeast => (range.low, f64::INFINITY),
        Limit::AtMost => (f64::NEG_INFINITY, range.high),
        _ => return None,
    };
    let outcome = if wanted.low >= low - tiny && wanted.low <= high + tiny {
        Outcome::Supports(Ground::Cell)
    } else {
        Outcome::Refutes(Ground::Cell)
    };
    let written = side.sentence.written(&wanted.tokens);
    let detail = format!("claim {written}, source {} ({})", cell.text, cell.title);
    table.answer(row, Some(column), outcome, detail)
}
