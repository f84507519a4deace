//! Claims without an amount: two values of one record, a value and its name, yes or no, and values of two records exchanged.

use super::states::{has_word, named_day};
use super::{Cell, GENERIC, ReadRecord, Reading, bound, is_idle};
use crate::statement::{Place, Term};
use crate::verdict::binding::{Bound, Ground, Outcome, Side};
use crate::verdict::relations;

/// Names of columns whose date is when something happened once.
const EVENTS: &[&str] = &[
    "since",
    "founded",
    "born",
    "opened",
    "built",
    "established",
    "joined",
    "died",
    "elected",
    "completed",
    "published",
    "released",
    "launched",
    "started",
    "starts",
    "ends",
    "expires",
    "due",
    "deadline",
    "appointed",
];

impl Cell {
    /// What a cell that says yes or no says.
    pub(super) fn yes_or_no(&self) -> Option<bool> {
        match self.text.trim().to_lowercase().as_str() {
            "yes" | "true" | "y" | "✓" | "✔" | "included" => Some(true),
            "no" | "false" | "n" | "✗" | "✘" | "not included" => Some(false),
            _ => None,
        }
    }

    pub(super) fn is_yes_or_no(&self) -> bool {
        self.own && self.yes_or_no().is_some()
    }
}

/// Verbs and adjectives that a yes says already.
pub(super) fn is_said_by_yes(term: &Term) -> bool {
    matches!(
        term.lower.as_str(),
        "include"
            | "includes"
            | "included"
            | "available"
            | "offer"
            | "offers"
            | "offered"
            | "provide"
            | "provides"
            | "provided"
            | "has"
            | "have"
            | "comes"
            | "come"
            | "features"
            | "supports"
            | "supported"
            | "equipped"
    )
}

/// The one date of a record that says when something happened once.
pub(super) fn single_time(record: &ReadRecord) -> Option<usize> {
    let mut found = (0..record.cells.len())
        .filter(|at| record.cells[*at].own && record.cells[*at].time.is_some());
    let at = found.next()?;
    let names_event = record.cells[at]
        .title
        .split_whitespace()
        .any(|word| EVENTS.contains(&word.to_lowercase().as_str()));
    (found.next().is_none() && names_event).then_some(at)
}

pub(super) fn quoted(outcome: Outcome, detail: String, cell: &Cell) -> Bound {
    Bound {
        column: (!cell.title.is_empty()).then(|| cell.title.clone()),
        ..bound(outcome, detail)
    }
}

/// Positions of the terms that say the cell's value, none of them used before.
fn said(cell: &Cell, terms: &[Term], used: &[usize]) -> Option<Vec<usize>> {
    if cell.stems.is_empty() {
        return None;
    }
    let mut found: Vec<usize> = Vec::new();
    for stem in &cell.stems {
        let at = (0..terms.len()).find(|at| {
            !used.contains(at) && !found.contains(at) && relations::are_same(&terms[*at].stem, stem)
        })?;
        found.push(at);
    }
    // `Greta Stanwick is the manager of the Novak branch` names no Greta Novak.
    let places = found.iter().map(|at| terms[*at].at);
    let (first, last) = (places.clone().min()?, places.max()?);
    let is_one_phrase = last - first <= found.len();
    let is_a_name = cell.text.starts_with(char::is_uppercase) && !cell.is_a_sentence();
    (is_one_phrase || !is_a_name).then_some(found)
}

/// The values that the claim gives, the longest first; each word of the claim says one value at most.
fn values<'r>(record: &'r ReadRecord, terms: &[Term], used: &mut Vec<usize>) -> Vec<&'r Cell> {
    let mut cells: Vec<&Cell> = record
        .cells
        .iter()
        .filter(|cell| cell.quantity.is_none())
        .collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.stems.len()));
    let mut found = Vec::new();
    for cell in cells {
        if let Some(said) = said(cell, terms, used) {
            used.extend(said);
            found.push(cell);
        }
    }
    found
}

/// Whether the claim names the cell's column in words of its own.
fn names(cell: &Cell, terms: &[Term], used: &[usize]) -> bool {
    let free = |stem: &String| {
        (0..terms.len()).any(|at| !used.contains(&at) && relations::are_same(&terms[at].stem, stem))
    };
    cell.own
        && !cell.name.is_empty()
        && cell.name.iter().all(free)
        && !cell
            .name
            .iter()
            .all(|stem| GENERIC.contains(&stem.as_str()))
}

/// A claim without an amount: two values of one record, or a value and its name, say it.
pub(super) fn by_words(
    side: Side<'_>,
    record: &ReadRecord,
    reading: &Reading,
) -> Option<(usize, Bound)> {
    let terms = &side.statement.terms;
    if terms.iter().any(|term| term.place == Place::After("than")) {
        return None;
    }
    if let Some(bound) = yes_or_no(side, record, reading) {
        return Some((record.number, bound));
    }
    if let Some(bound) = named_day(side, record, reading) {
        return Some((record.number, bound));
    }
    let mut used = Vec::new();
    let values = values(record, terms, &mut used);
    let named: Vec<&Cell> = record
        .cells
        .iter()
        .filter(|cell| names(cell, terms, &used))
        .collect();
    let own = values.iter().filter(|cell| cell.own).count();
    let given = |cell: &Cell| values.iter().any(|value| std::ptr::eq(*value, cell));
    // The claim names a column, and gives it the value of another one.
    if let [other] = named.iter().filter(|cell| !given(cell)).collect::<Vec<_>>()[..] {
        let claimed = values.iter().find(|cell| {
            cell.own && cell.stems.len() >= other.stems.len().min(2) && !names_row(cell, record)
        });
        let (Some(claimed), true, false) = (claimed, own >= 2, side.statement.denied) else {
            return None;
        };
        let detail = format!(
            "claim {}, source {} ({})",
            claimed.text, other.text, other.title
        );
        return Some((
            record.number,
            quoted(Outcome::Refutes(Ground::Cell), detail, other),
        ));
    }
    // A value of a column that the claim does not name, beside others that it might have meant: `Second` is not `First`.
    let unnamed = values.iter().any(|cell| {
        cell.own
            && !names_row(cell, record)
            && !cell.name.is_empty()
            && !named.iter().any(|named| std::ptr::eq(*named, *cell))
    });
    let others = record.cells.iter().any(|cell| {
        cell.own
            && cell.quantity.is_none()
            && cell.time.is_none()
            && cell.yes_or_no().is_none()
            && !given(cell)
            && !names_row(cell, record)
    });
    if unnamed && others {
        return None;
    }
    let names_one = named.iter().any(|cell| given(cell) && cell.own);
    let enough = own >= 2 || (names_one && reading.named + reading.around >= 2);
    let denied = side.statement.denied || values.iter().any(|cell| cell.is_denied());
    if !enough || denied && reading.other_time.is_some() {
        return None;
    }
    if let Some(at) = reading.other_time {
        let cell = &record.cells[at];
        let detail = format!("the record gives {} ({})", cell.text, cell.title);
        return Some((
            record.number,
            quoted(Outcome::Refutes(Ground::Cell), detail, cell),
        ));
    }
    let mut outcome = Outcome::Supports(Ground::Cell);
    match values.iter().filter(|cell| cell.is_denied()).count() {
        0 if side.statement.denied => return None,
        0 => {}
        // `dogs: not allowed`
        1 if side.statement.denied => {}
        1 => outcome = Outcome::Refutes(Ground::Cell),
        _ => return None,
    }
    if values.iter().any(|cell| cell.is_a_sentence()) {
        return None;
    }
    let narrows = |cell: &&Cell| cell.narrowed_by().is_some_and(|word| !has_word(side, word));
    if values.iter().any(narrows) {
        return None;
    }
    let listed: Vec<&str> = values.iter().map(|cell| cell.text.as_str()).collect();
    let detail = format!("the record gives: {}", listed.join(", "));
    Some((record.number, bound(outcome, detail)))
}

/// Whether the value stands in the record's first column, which says which record it is.
fn names_row(cell: &Cell, record: &ReadRecord) -> bool {
    record
        .cells
        .iter()
        .find(|other| other.own)
        .is_some_and(|first| std::ptr::eq(first, cell))
}

/// `in_stock: false`: a value that says whether its name is so.
fn yes_or_no(side: Side<'_>, record: &ReadRecord, reading: &Reading) -> Option<Bound> {
    let mut targets = reading
        .targets
        .iter()
        .map(|at| &record.cells[*at])
        .filter(|cell| cell.yes_or_no().is_some());
    let (cell, None) = (targets.next()?, targets.next()) else {
        return None;
    };
    if reading.named + reading.around == 0 {
        return None;
    }
    let outcome = if cell.yes_or_no()? == side.statement.denied {
        Outcome::Refutes(Ground::Cell)
    } else {
        Outcome::Supports(Ground::Cell)
    };
    Some(quoted(
        outcome,
        format!("the record gives: {} {}", cell.title, cell.text),
        cell,
    ))
}

/// `Judith is the treasurer` where the table has Colin as treasurer and Judith as secretary: values of two rows.
pub(super) fn exchanged(side: Side<'_>, records: &[ReadRecord]) -> Option<(usize, Bound)> {
    let statement = side.statement;
    if !statement.copular
        || statement.denied
        || !statement.quantities.is_empty()
        || !statement.times.is_empty()
    {
        return None;
    }
    let terms = &statement.terms;
    let mut found = Vec::new();
    for record in records {
        for key in record
            .cells
            .iter()
            .filter(|cell| cell.own && cell.quantity.is_none())
        {
            let Some(used) = said(key, terms, &[]) else {
                continue;
            };
            let rest: Vec<&Term> = (0..terms.len())
                .filter(|at| !used.contains(at))
                .map(|at| &terms[at])
                .filter(|term| {
                    !is_idle(term, side, true)
                        && !record
                            .around
                            .iter()
                            .any(|stem| relations::are_same(&term.stem, stem))
                        && !key
                            .name
                            .iter()
                            .any(|stem| relations::are_same(&term.stem, stem))
                })
                .collect();
            let is_other = |cell: &Cell| {
                cell.own
                    && cell.title != key.title
                    && cell.stems.len() == rest.len()
                    && !rest.is_empty()
                    && cell
                        .stems
                        .iter()
                        .all(|stem| rest.iter().any(|term| &term.stem == stem))
            };
            let others = records
                .iter()
                .filter(|other| other.table == record.table && other.number != record.number);
            let is_unique = others.clone().all(|other| {
                other
                    .cells
                    .iter()
                    .all(|cell| cell.title != key.title || cell.stems != key.stems)
            });
            let elsewhere = others
                .flat_map(|other| &other.cells)
                .find(|cell| is_other(cell));
            let here = elsewhere.and_then(|cell| {
                record
                    .cells
                    .iter()
                    .find(|own| own.own && own.title == cell.title)
            });
            if let (true, Some(other), Some(here)) = (is_unique, elsewhere, here)
                && here.stems != other.stems
                && !here.stems.is_empty()
            {
                found.push((record.number, key, here, other));
            }
        }
    }
    // The same two rows may be met from either side.
    let (Some((number, key, here, other)), true) = (found.first().copied(), found.len() <= 2)
    else {
        return None;
    };
    let detail = format!("claim {} ({}), source {}", other.text, key.text, here.text);
    Some((number, quoted(Outcome::Refutes(Ground::Cell), detail, here)))
}
