//! Whether a record is the one that a claim speaks of, and which of its values the claim names.

use super::{Cell, GENERIC, ReadRecord, words};
use crate::statement::quantity::Unit;
use crate::statement::time::Agreement;
use crate::statement::{Term, is_light_verb};
use crate::verdict::binding::Side;
use crate::verdict::relations;

/// How a record fits a claim.
pub(super) struct Reading {
    /// How many words and dates of the claim its values name.
    pub(super) named: usize,
    /// Whether the claim names a column or member of the record itself.
    pub(super) names_column: bool,
    /// How many of its words what the record stands under names.
    pub(super) around: usize,
    /// The cell of what happened once, whose date is another one than the claim's.
    pub(super) other_time: Option<usize>,
    /// Cells that the claim's amount may be compared with: those whose name it gives.
    pub(super) targets: Vec<usize>,
}

/// Whether every word of the claim is named by the record, its columns or what it stands under.
pub(super) fn fit(
    side: Side<'_>,
    terms: &[Term],
    times: &[usize],
    record: &ReadRecord,
) -> Option<Reading> {
    let (mut named, mut around, mut other_time) = (0, 0, None);
    let mut used_names: Vec<usize> = Vec::new();
    let same =
        |one: &str, stems: &[String]| stems.iter().any(|stem| relations::are_same(one, stem));
    let has = |stem: &str| {
        terms
            .iter()
            .any(|term| relations::are_same(&term.stem, stem))
    };
    let amounts = &side.statement.quantities;
    // Of `Pupils 2023` the words have to be named too, for the year to choose it.
    let covered = |cell: &Cell| cell.name.iter().all(|stem| has(stem));
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
        } else if record
            .around
            .iter()
            .any(|stem| relations::are_same(&term.stem, stem))
        {
            around += 1;
        } else if !(is_idle(term, side, !amounts.is_empty())
            || is_the_thing(term, side, record)
            || amounts.is_empty()
                && words::is_said_by_yes(term)
                && record.cells.iter().any(Cell::is_yes_or_no))
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
                && covered(cell)
                && cell
                    .name_time
                    .as_ref()
                    .is_some_and(|time| wanted.compare(time) == Agreement::Same)
        }) {
            // Years as columns: the column is chosen by it.
        } else if let Some(at) = words::single_time(record)
            && !answers.contains(&Agreement::Open)
            && other_time.is_none()
        {
            other_time = Some(at);
        } else {
            return None;
        }
    }
    let is_of_another_time = |cell: &Cell| {
        cell.name_time.as_ref().is_some_and(|time| {
            !times
                .iter()
                .any(|index| side.sentence.times[*index].compare(time) == Agreement::Same)
        })
    };
    let mut targets: Vec<usize> = used_names
        .into_iter()
        .filter(|at| record.cells[*at].own && covered(&record.cells[*at]))
        .filter(|at| !record.cells[*at].is_identifier() && !is_of_another_time(&record.cells[*at]))
        .collect();
    targets.sort_unstable();
    targets.dedup();
    let names_column = !targets.is_empty();
    let by_time: Vec<usize> = (0..record.cells.len())
        .filter(|at| {
            let cell = &record.cells[*at];
            cell.own
                && covered(cell)
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
                    && cell.name_time.is_none()
                    && cell
                        .name
                        .iter()
                        .all(|stem| GENERIC.contains(&stem.as_str()))
            })
            .collect();
    }
    Some(Reading {
        named,
        names_column,
        around,
        other_time,
        targets,
    })
}

/// The last words of columns whose figures say which one is meant: `order_no`, `customer id`.
const IDENTIFIERS: &[&str] = &[
    "no",
    "nr",
    "id",
    "code",
    "ref",
    "reference",
    "sku",
    "key",
    "isbn",
];

impl Cell {
    /// Whether its figure counts nothing.
    fn is_identifier(&self) -> bool {
        let title = self.title.to_lowercase();
        let mut words = title
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let last = words.next_back();
        last.is_some_and(|last| {
            IDENTIFIERS.contains(&last) || last == "number" && words.next().is_some()
        })
    }
}

/// `the appliance` of `the appliance weighs 12 kg`, beside a data sheet: a list of names and values is of the one thing that
/// its document is about.
fn is_the_thing(term: &Term, side: Side<'_>, record: &ReadRecord) -> bool {
    const THINGS: &[&str] = &[
        "appliance",
        "device",
        "machine",
        "product",
        "unit",
        "model",
        "equipment",
    ];
    let led = term.at > 0 && side.sentence.tokens[term.at - 1].lower == "the";
    let is_data_sheet = record.cells.len() == 2
        && record.cells.iter().all(|cell| {
            cell.name
                .iter()
                .all(|stem| GENERIC.contains(&stem.as_str()))
        });
    led && !term.describes && THINGS.contains(&term.lower.as_str()) && is_data_sheet
}

/// Words that an amount's unit or a table's cell says already.
pub(super) fn is_idle(term: &Term, side: Side<'_>, has_amount: bool) -> bool {
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
