//! Claims that one row has the most or the least: of the whole table, of the rows that a value narrows it to, of its time,
//! or of its own times.

use clara_domain::verdict::Check;

use super::Cell;
use super::claim::Claim;
use super::graded::{self, Graded};
use super::naming::Filter;
use super::table::{Row, Table};
use super::values::{IDLE, take_end};
use crate::statement::quantity::Unit;
use crate::verdict::binding::{Bound, Ground, Outcome};

/// The superlative of a claim.
struct Superlative {
    at: usize,
    graded: Graded,
    /// `its highest`: among its own times.
    own: bool,
}

/// `the oldest primary school`: the answer of the one table that can give one.
pub(super) fn leading(claim: &Claim<'_>, tables: &[Table<'_>]) -> Option<(usize, Bound)> {
    let superlative = superlative(claim)?;
    let mut found = tables
        .iter()
        .filter_map(|table| of_table(claim, &superlative, table));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn superlative(claim: &Claim<'_>) -> Option<Superlative> {
    let mut found = (1..claim.len()).filter_map(|at| read(claim, at));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn read(claim: &Claim<'_>, at: usize) -> Option<Superlative> {
    let own = matches!(claim.before(at), "its" | "their");
    if claim.before(at) != "the" && !own {
        return None;
    }
    let graded = graded::superlative(claim, at)?;
    Some(Superlative { at, graded, own })
}

fn of_table(
    claim: &Claim<'_>,
    superlative: &Superlative,
    table: &Table<'_>,
) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let at = superlative.at;
    claim.take(at..at + superlative.graded.words);
    let filters = table.filters(&claim)?;
    for filter in &filters {
        claim.take(filter.tokens.clone());
    }
    let (subject, group): (Vec<Filter>, Vec<Filter>) = filters
        .iter()
        .cloned()
        .partition(|filter| table.is_key(filter.column));
    let times = claim.times()?;
    let spans: Vec<(i64, i64)> = times.iter().filter_map(|time| time.span()).collect();
    for time in &times {
        claim.take(time.tokens.clone());
    }
    let mut own_quarter = None;
    if superlative.own {
        own_quarter = Some(take_quarter(&mut claim, &spans)).flatten();
    }
    let column = column(&mut claim, superlative, table, &spans)?;
    let time_left: Vec<(i64, i64)> = spans
        .iter()
        .copied()
        .filter(|span| Some(*span) != table.columns[column].time)
        .collect();
    table.take_nouns(&mut claim, &filters);
    claim.take_idle(IDLE);
    claim.take_idle(&["costs", "cost", "priced"]);
    take_end(&mut claim);
    let counted = take_number_of_all(&mut claim);
    if !claim.is_spent() || subject.len() != 1 {
        return None;
    }
    let (rows, own): (Vec<&Row>, &Row) = if superlative.own {
        of_its_times(table, &filters, &time_left, own_quarter)?
    } else {
        let time = match time_left[..] {
            [] => None,
            [time] => Some(time),
            _ => return None,
        };
        let named = table.select(&filters, time);
        let [own] = named[..] else { return None };
        let rows = table.select(&group, own.time);
        (rows, own)
    };
    if counted.is_some_and(|count| count != rows.len()) || rows.len() < 2 {
        return None;
    }
    compare(table, column, superlative.graded.sign, own, &rows)
}

/// The column that is graded, whose words are taken.
fn column(
    claim: &mut Claim<'_>,
    superlative: &Superlative,
    table: &Table<'_>,
    spans: &[(i64, i64)],
) -> Option<usize> {
    let graded = &superlative.graded;
    let named = table.target(claim, &(0..claim.len()), spans);
    if let Some(named) = named {
        let fits = graded.columns.is_empty() || graded.grades(table, named.column);
        for at in &named.words {
            claim.take(*at..*at + 1);
        }
        claim.take_stems(&table.columns[named.column].name);
        return fits.then_some(named.column);
    }
    let is_of_time = |at: &usize| {
        table.columns[*at]
            .time
            .is_none_or(|time| spans.contains(&time))
    };
    only((0..table.columns.len()).filter(|at| is_of_time(at) && graded.grades(table, *at)))
}

fn only(mut found: impl Iterator<Item = usize>) -> Option<usize> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// `of the three regions`: how many there are, which has to be true.
fn take_number_of_all(claim: &mut Claim<'_>) -> Option<usize> {
    for quantity in claim.amounts() {
        let start = quantity.tokens.start;
        let led = matches!(claim.before(start), "the" | "all" | "these" | "of");
        if led && quantity.unit == Unit::Count && quantity.is_exact() && quantity.low.fract() == 0.0
        {
            claim.take(quantity.tokens.clone());
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small whole number"
            )]
            return Some(quantity.low as usize);
        }
    }
    None
}

/// `in the third quarter`, beside a year that the claim names.
fn take_quarter(claim: &mut Claim<'_>, spans: &[(i64, i64)]) -> Option<(i64, i64)> {
    let [year] = spans else { return None };
    let at = (1..claim.len()).find(|at| claim.lower(*at) == "quarter")?;
    let place = ["first", "second", "third", "fourth"]
        .iter()
        .position(|word| *word == claim.before(at))?;
    let (number, _, _) = crate::statement::time::civil(year.0);
    let month = u32::try_from(place * 3 + 1).ok()?;
    claim.take(at - 1..at + 1);
    let last = crate::statement::time::month_length(number, month + 2);
    Some((
        crate::statement::time::days(number, month, 1),
        crate::statement::time::days(number, month + 2, last),
    ))
}

/// `its highest sales of 2023 in the third quarter`: the rows of its own times, and the one that is meant.
fn of_its_times<'t>(
    table: &'t Table<'_>,
    filters: &[Filter],
    spans: &[(i64, i64)],
    quarter: Option<(i64, i64)>,
) -> Option<(Vec<&'t Row>, &'t Row)> {
    let all = table.select(filters, None);
    let meant = quarter.or_else(|| {
        let of_row = |span: &&(i64, i64)| all.iter().any(|row| row.time == Some(**span));
        let mut found = spans.iter().filter(of_row);
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    })?;
    let around = spans.iter().find(|span| **span != meant);
    let inside = |row: &&&Row| {
        around.is_none_or(|(first, last)| {
            row.time
                .is_some_and(|(from, to)| from >= *first && to <= *last)
        })
    };
    let rows: Vec<&Row> = all.iter().filter(inside).copied().collect();
    let distinct: std::collections::HashSet<_> = rows.iter().map(|row| row.time).collect();
    let mut own = rows.iter().filter(|row| row.time == Some(meant));
    let (Some(own), None, true) = (
        own.next().copied(),
        own.next(),
        distinct.len() == rows.len(),
    ) else {
        return None;
    };
    Some((rows, own))
}

/// The amount, or the first day of the year, of a value.
fn figure(cell: &Cell) -> Option<(f64, Option<Unit>)> {
    if let Some(quantity) = &cell.quantity {
        return quantity
            .is_exact()
            .then_some((quantity.low, Some(quantity.unit)));
    }
    let (first, _) = cell.time.as_ref()?.span()?;
    Some((f64::from(i32::try_from(first).ok()?), None))
}

/// The row beside the others: a missing value leaves open who leads, but for one that is ahead.
fn compare(
    table: &Table<'_>,
    column: usize,
    sign: f64,
    own: &Row,
    rows: &[&Row],
) -> Option<(usize, Bound)> {
    let this = table.value(own, column)?;
    let (value, unit) = figure(&this)?;
    let (mut is_unknown, mut is_level) = (table.is_partial, false);
    let mut ahead: Option<(&Row, Cell, f64)> = None;
    for row in rows.iter().filter(|row| row.record != own.record) {
        let given = table.value(row, column);
        let read = given
            .as_ref()
            .and_then(figure)
            .filter(|(_, other)| *other == unit);
        let (Some(given), Some((other, _))) = (given, read) else {
            is_unknown = true;
            continue;
        };
        let difference = (value - other) * sign;
        is_level |= difference.abs() < 1e-9;
        if difference < -1e-9
            && ahead
                .as_ref()
                .is_none_or(|(_, _, best)| (other - best) * sign > 0.0)
        {
            ahead = Some((row, given, other));
        }
    }
    let count = rows.len();
    let (outcome, beside) = match &ahead {
        Some((row, given, _)) => (
            Outcome::Refutes(Ground::Cell),
            format!(
                "of {count} rows, {} leads with {}",
                table.label(row),
                given.text
            ),
        ),
        None if is_unknown || is_level => return None,
        None => (
            Outcome::Supports(Ground::Cell),
            format!("first of {count} rows"),
        ),
    };
    let detail = format!("{} ({}): {beside}", this.text, this.title);
    Some(rows_compared(table.answer(
        own,
        Some(column),
        outcome,
        detail,
    )?))
}

/// The answer, with its check named for what was done.
pub(super) fn rows_compared((number, found): (usize, Bound)) -> (usize, Bound) {
    let checks = found.checks.into_iter().map(|check| Check {
        name: "rows_compared".to_owned(),
        ..check
    });
    let checks = checks.collect();
    (number, Bound { checks, ..found })
}
