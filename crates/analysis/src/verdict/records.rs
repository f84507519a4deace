//! Rows and objects as evidence: one value of one record, read with the record's other values and names. Records about
//! different things never contradict each other: only the one record that the claim names is compared.

mod cell;
mod comparison;

use std::collections::HashSet;

use clara_domain::verdict::{Check, Verdict};

use super::binding::{Bound, Ground, Outcome, Side};
use super::relations;
use crate::engine::Passage;
use crate::language::words::Stems;
use crate::statement::quantity::{Comparison, Quantity, Role, Unit};
use crate::statement::time::{Agreement, Time};
use crate::statement::{Mood, Place, Sentence, Statement, Term, is_light_verb};

use cell::collect;
use comparison::compared;

/// A record, read.
pub struct ReadRecord {
    /// Its position among the records that were read.
    number: usize,
    cells: Vec<Cell>,
    /// Stems of the titles, captions and names it stands under, and of the names of the objects around it.
    around: HashSet<String>,
}

/// One value with its name.
struct Cell {
    name: Vec<String>,
    /// The name as it is written.
    title: String,
    /// The column's name says a year: `2021`.
    name_time: Option<Time>,
    text: String,
    stems: Vec<String>,
    quantity: Option<Quantity>,
    time: Option<Time>,
    /// Of the record itself, not of an object around it.
    own: bool,
}

/// Names of columns that name nothing.
const GENERIC: &[&str] = &[
    "valu", "amount", "figur", "number", "quantiti", "item", "name", "result", "data", "detail",
    "specif", "descript",
];

/// Reads the records among the passages.
pub fn read(passages: &[&Passage<'_>]) -> Vec<ReadRecord> {
    let stems = Stems::new();
    passages
        .iter()
        .enumerate()
        .filter_map(|(number, passage)| {
            let record = passage.source.records.get(passage.record?)?;
            let mut cells = Vec::new();
            let mut around: HashSet<String> = passage
                .titles
                .iter()
                .flat_map(|title| Sentence::new(title).words())
                .collect();
            collect(
                passage.source,
                record,
                true,
                &stems,
                &mut cells,
                &mut around,
            );
            Some(ReadRecord {
                number,
                cells,
                around,
            })
        })
        .collect()
}

/// What the records say of one statement of the claim: the record, and what its value says.
pub fn judge(
    claim: &Sentence,
    statement: &Statement,
    records: &[ReadRecord],
) -> Option<(usize, Bound)> {
    if statement.mood != Mood::Fact {
        return None;
    }
    let side = Side {
        sentence: claim,
        statement,
    };
    if let Some(found) = compared(side, records) {
        return Some(found);
    }
    let mut best: Vec<(&ReadRecord, Reading)> = Vec::new();
    let mut top = 0;
    for record in records {
        let Some(reading) = fit(side, &statement.terms, &statement.times, record) else {
            continue;
        };
        if reading.named > top {
            best.clear();
            top = reading.named;
        }
        if reading.named == top {
            best.push((record, reading));
        }
    }
    // Several records that the claim names alike: it does not say which it means.
    let [(record, reading)] = best.as_slice() else {
        return None;
    };
    answer(side, record, reading)
}

/// How a record fits a claim.
struct Reading {
    /// How many words and dates of the claim its values name.
    named: usize,
    /// Cells that the claim's amount may be compared with: those whose name it gives.
    targets: Vec<usize>,
}

/// Whether every word of the claim is named by the record, its columns or what it stands under.
fn fit(side: Side<'_>, terms: &[Term], times: &[usize], record: &ReadRecord) -> Option<Reading> {
    let mut named = 0;
    let mut used_names: Vec<usize> = Vec::new();
    let same =
        |one: &str, stems: &[String]| stems.iter().any(|stem| relations::are_same(one, stem));
    let has = |stem: &str| {
        terms
            .iter()
            .any(|term| relations::are_same(&term.stem, stem))
    };
    let amounts = &side.statement.quantities;
    for term in terms {
        let by_value = record.cells.iter().any(|cell| {
            cell.quantity.is_none()
                && same(&term.stem, &cell.stems)
                && cell.stems.iter().all(|stem| has(stem))
        });
        let by_name: Vec<usize> = (0..record.cells.len())
            .filter(|at| same(&term.stem, &record.cells[*at].name))
            .collect();
        if by_value {
            named += 1;
        } else if !by_name.is_empty() {
            used_names.extend(by_name);
        } else if !(record
            .around
            .iter()
            .any(|stem| relations::are_same(&term.stem, stem))
            || is_idle(term, side, !amounts.is_empty()))
        {
            return None;
        }
    }
    for index in times {
        let wanted = &side.sentence.times[*index];
        let answers: Vec<Agreement> = record
            .cells
            .iter()
            .filter_map(|cell| cell.time.as_ref())
            .map(|time| wanted.compare(time))
            .collect();
        if answers.contains(&Agreement::Same) {
            named += 1;
        } else if record.cells.iter().any(|cell| {
            cell.own
                && cell
                    .name_time
                    .as_ref()
                    .is_some_and(|time| wanted.compare(time) == Agreement::Same)
        }) {
            // Years as columns: the column is chosen by it.
        } else {
            return None;
        }
    }
    let covered = |cell: &Cell| cell.name.iter().all(|stem| has(stem));
    let mut targets: Vec<usize> = used_names
        .into_iter()
        .filter(|at| record.cells[*at].own && covered(&record.cells[*at]))
        .collect();
    targets.sort_unstable();
    targets.dedup();
    let by_time: Vec<usize> = (0..record.cells.len())
        .filter(|at| {
            let cell = &record.cells[*at];
            cell.own
                && times.iter().any(|index| {
                    cell.name_time.as_ref().is_some_and(|time| {
                        side.sentence.times[*index].compare(time) == Agreement::Same
                    })
                })
        })
        .collect();
    if !by_time.is_empty() {
        targets = by_time;
    } else if targets.is_empty() {
        targets = (0..record.cells.len())
            .filter(|at| {
                let cell = &record.cells[*at];
                cell.own
                    && cell.quantity.is_some()
                    && cell
                        .name
                        .iter()
                        .all(|stem| GENERIC.contains(&stem.as_str()))
            })
            .collect();
    }
    Some(Reading { named, targets })
}

/// Words that an amount's unit or a table's cell says already.
fn is_idle(term: &Term, side: Side<'_>, has_amount: bool) -> bool {
    if !has_amount {
        return false;
    }
    let unit = |of: fn(Unit) -> bool| {
        side.statement
            .quantities
            .iter()
            .any(|index| of(side.sentence.quantities[*index].unit))
    };
    is_light_verb(&term.lower)
        || matches!(
            term.lower.as_str(),
            "number"
                | "numbers"
                | "figure"
                | "figures"
                | "value"
                | "amount"
                | "recorded"
                | "reported"
                | "total"
        )
        || (matches!(term.stem.as_str(), "cost" | "price")
            && unit(|unit| matches!(unit, Unit::Money(_))))
        || (matches!(term.lower.as_str(), "weigh" | "weighs" | "weight" | "heavy")
            && unit(|unit| unit == Unit::Measure("g")))
        || (matches!(term.lower.as_str(), "long" | "length")
            && unit(|unit| unit == Unit::Measure("m")))
}

fn answer(side: Side<'_>, record: &ReadRecord, reading: &Reading) -> Option<(usize, Bound)> {
    let wanted: Vec<usize> = side.statement.quantities.clone();
    if wanted.is_empty() {
        return by_words(side, record, reading);
    }
    let mut outcome: Option<(Comparison, String)> = None;
    let mut column_name = None;
    for index in wanted {
        let wanted = &side.sentence.quantities[index];
        let answers: Vec<(Comparison, &Cell)> = reading
            .targets
            .iter()
            .map(|at| &record.cells[*at])
            .filter_map(|cell| Some((compare(wanted, cell.quantity.as_ref()?), cell)))
            .filter(|(comparison, _)| *comparison != Comparison::Incomparable)
            .collect();
        // A row's own amount, such as `Room 4`, may name it.
        let names_row = wanted.role == Role::Label
            && record.cells.iter().any(|cell| {
                cell.quantity
                    .as_ref()
                    .is_some_and(|given| (given.low - wanted.low).abs() < 1e-9)
            });
        if names_row {
            continue;
        }
        let [(comparison, cell)] = answers.as_slice() else {
            return None;
        };
        let column = if cell.title.is_empty() {
            String::new()
        } else {
            format!(" ({})", cell.title)
        };
        let detail = format!(
            "claim {}, source {}{column}",
            side.sentence.written(&wanted.tokens),
            cell.text
        );
        if !matches!(outcome, Some((Comparison::Differs, _))) {
            outcome = Some((*comparison, detail));
            column_name = (!cell.title.is_empty()).then(|| cell.title.clone());
        }
        if *comparison == Comparison::Open {
            break;
        }
    }
    let (comparison, detail) = outcome?;
    let denied = side.statement.denied;
    let outcome = match (comparison, denied) {
        (Comparison::Same, false) => Outcome::Supports(Ground::Cell),
        (Comparison::Same, true) | (Comparison::Differs, false) => Outcome::Refutes(Ground::Cell),
        _ => Outcome::Open,
    };
    let found = Bound {
        column: column_name,
        ..bound(outcome, detail)
    };
    Some((record.number, found))
}

fn bound(outcome: Outcome, detail: String) -> Bound {
    let (name, points_to) = match outcome {
        Outcome::Supports(_) => ("number_matches", Verdict::Supported),
        Outcome::Refutes(_) => ("number_differs", Verdict::Refuted),
        _ => ("value_missing", Verdict::NotEnoughEvidence),
    };
    let missing = matches!(outcome, Outcome::Open)
        .then(|| format!("the record is not exact enough: {detail}"));
    Bound {
        outcome,
        checks: vec![Check {
            name: name.to_owned(),
            points_to,
            detail,
        }],
        missing,
        cover: 1.0,
        column: None,
    }
}

/// A cell's bare figure has the unit that the claim gives it.
fn compare(wanted: &Quantity, given: &Quantity) -> Comparison {
    if given.unit == Unit::Count
        && matches!(
            wanted.unit,
            Unit::Money(_) | Unit::Measure(_) | Unit::Percent | Unit::Months
        )
    {
        let plain = Quantity {
            unit: wanted.unit,
            ..given.clone()
        };
        // Its unit is not said: the same figure may be meant, another one decides nothing.
        return if wanted.compare(&plain) == Comparison::Same {
            Comparison::Same
        } else {
            Comparison::Incomparable
        };
    }
    wanted.compare(given)
}

/// A claim without an amount: two values of one record, or a value and its name, say it.
fn by_words(side: Side<'_>, record: &ReadRecord, reading: &Reading) -> Option<(usize, Bound)> {
    let terms = &side.statement.terms;
    let values: Vec<&Cell> = record
        .cells
        .iter()
        .filter(|cell| {
            !cell.stems.is_empty()
                && cell.stems.iter().all(|stem| {
                    terms
                        .iter()
                        .any(|term| relations::are_same(&term.stem, stem))
                })
        })
        .collect();
    let names_one = values.iter().any(|cell| {
        cell.own
            && !cell.name.is_empty()
            && cell.name.iter().all(|stem| {
                terms
                    .iter()
                    .any(|term| relations::are_same(&term.stem, stem))
            })
    });
    let enough =
        values.iter().filter(|cell| cell.own).count() >= 2 || (names_one && reading.named >= 2);
    if !enough
        || side.statement.denied
        || terms.iter().any(|term| term.place == Place::After("than"))
    {
        return None;
    }
    let detail = format!(
        "the record gives: {}",
        values
            .iter()
            .map(|cell| cell.text.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    );
    Some((
        record.number,
        bound(Outcome::Supports(Ground::Cell), detail),
    ))
}
