//! One value of one row, where the claim names the row, the column and the time, and says nothing else.

use super::claim::Claim;
use super::compare;
use super::naming::unit_words;
use super::table::Table;
use crate::statement::quantity::{Comparison, Role};
use crate::statement::time::{Agreement, Relation, Time};
use crate::verdict::binding::{Bound, Ground, Outcome, Side, exchange};

/// Words that say no more than that a value is so.
pub(super) const IDLE: &[&str] = &[
    "figure", "figures", "came", "number", "numbers", "exactly", "recorded", "reported",
];

/// `had 274 pupils in 2023`, `opened in 1963`: the answer of the one table that can give one.
pub(super) fn value(
    side: Side<'_>,
    claim: &Claim<'_>,
    tables: &[Table<'_>],
) -> Option<(usize, Bound)> {
    let mut found = tables
        .iter()
        .filter_map(|table| amount(side, claim, table).or_else(|| event(side, claim, table)));
    let first = found.next()?;
    found
        .all(|other| other.1.outcome == first.1.outcome)
        .then_some(first)
}

fn amount(side: Side<'_>, claim: &Claim<'_>, table: &Table<'_>) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let filters = table.filters(&claim)?;
    for filter in &filters {
        claim.take(filter.tokens.clone());
    }
    let times = claim.times()?;
    let amounts = claim.amounts();
    let ([wanted], true) = (&amounts[..], !filters.is_empty() || table.rows.len() == 1) else {
        return None;
    };
    if wanted.role != Role::Value {
        return None;
    }
    claim.take(wanted.tokens.clone());
    let spans: Vec<(i64, i64)> = times.iter().filter_map(|time| time.span()).collect();
    for time in &times {
        claim.take(time.tokens.clone());
    }
    let target = table.target(&claim, &(0..claim.len()), &spans)?;
    for at in &target.words {
        claim.take(*at..*at + 1);
    }
    let column = &table.columns[target.column];
    let mut left = spans.iter().filter(|span| Some(**span) != column.time);
    let time = left.next().copied();
    if left.next().is_some() {
        return None;
    }
    claim.take_stems(&column.name);
    table.take_nouns(&mut claim, &filters);
    claim.take_idle(unit_words(wanted));
    claim.take_idle(IDLE);
    if time.is_some() {
        take_end(&mut claim);
    }
    if !claim.is_spent() {
        return None;
    }
    let rows = table.select(&filters, time);
    let [row] = rows[..] else { return None };
    let cell = table.value(row, target.column)?;
    let given = cell.quantity.as_ref()?;
    let outcome = match compare(wanted, given) {
        Comparison::Same => Outcome::Supports(Ground::Cell),
        Comparison::Differs => Outcome::Refutes(Ground::Cell),
        _ => return None,
    };
    let written = side.sentence.written(&wanted.tokens);
    let detail = format!("claim {written}, source {} ({})", cell.text, cell.title);
    let (number, found) = table.answer(row, Some(target.column), outcome, detail)?;
    let exchange = exchange(side, &wanted.tokens, &cell.text, false);
    let exchange = exchange.filter(|_| matches!(outcome, Outcome::Refutes(_)));
    Some((number, Bound { exchange, ..found }))
}

/// `at the end of Q4 2023` is said of the row of that quarter.
pub(super) fn take_end(claim: &mut Claim<'_>) {
    for at in 1..claim.len() {
        if claim.lower(at) == "end" && claim.before(at) == "the" && claim.lower(at + 1) == "of" {
            claim.take(at..at + 1);
        }
    }
}

/// `Moorside opened in 1963`: the date of what happened once.
fn event(side: Side<'_>, claim: &Claim<'_>, table: &Table<'_>) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let filters = table.filters(&claim)?;
    for filter in &filters {
        claim.take(filter.tokens.clone());
    }
    let times: Vec<&Time> = side.sentence.times.iter().collect();
    let ([wanted], false, true) = (&times[..], filters.is_empty(), claim.amounts().is_empty())
    else {
        return None;
    };
    if matches!(wanted.relation, Relation::Since | Relation::Until) || wanted.span().is_none() {
        return None;
    }
    claim.take(wanted.tokens.clone());
    let target = table.target(&claim, &(0..claim.len()), &[])?;
    for at in &target.words {
        claim.take(*at..*at + 1);
    }
    table.take_nouns(&mut claim, &filters);
    if !claim.is_spent() {
        return None;
    }
    let rows = table.select(&filters, None);
    let [row] = rows[..] else { return None };
    let cell = table.value(row, target.column)?;
    let given = cell
        .event()
        .filter(|given| given.relation == Relation::At)?;
    let outcome = match wanted.compare(given) {
        Agreement::Same => Outcome::Supports(Ground::Cell),
        Agreement::Differs => Outcome::Refutes(Ground::Cell),
        Agreement::Open => return None,
    };
    let written = side.sentence.written(&wanted.tokens);
    let detail = format!("claim {written}, source {} ({})", cell.text, cell.title);
    table.answer(row, Some(target.column), outcome, detail)
}
