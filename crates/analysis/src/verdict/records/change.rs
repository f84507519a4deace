//! Claims of a change from one year to the next.

use super::comparison::only;
use super::{Cell, ReadRecord, bound};
use crate::statement::quantity::{Comparison, Quantity, Role, Unit};
use crate::statement::time::Time;
use crate::statement::{Place, Term};
use crate::verdict::binding::{Bound, Ground, Outcome, Side};

/// `Visitors in the North fell in 2022`: the row of that year beside the one before it, with all other names the same.
pub(super) fn changed(side: Side<'_>, records: &[ReadRecord]) -> Option<(usize, Bound)> {
    let statement = side.statement;
    let verb = statement
        .terms
        .iter()
        .find(|term| term.place == Place::Verb)?;
    let sign = direction(&verb.lower)?;
    if statement.denied {
        return None;
    }
    let rest: Vec<Term> = statement
        .terms
        .iter()
        .filter(|term| term.at != verb.at)
        .cloned()
        .collect();
    let (first_time, last_time) = match statement.times[..] {
        [one] => (None, one),
        [one, two] => (Some(one), two),
        _ => return None,
    };
    let (late, column) = only(side, &rest, &[last_time], records)?;
    let early = match first_time {
        Some(time) => {
            let (early, at) = only(side, &rest, &[time], records)?;
            (early.cells[at].title == late.cells[column].title).then_some(early)?
        }
        None => before(late, records)?,
    };
    if std::ptr::eq(early, late) {
        return None;
    }
    let from = cell_of(early, &late.cells[column])?;
    let to = &late.cells[column];
    let (low, high) = (from.quantity.as_ref()?, to.quantity.as_ref()?);
    if low.unit != high.unit || !low.is_exact() || !high.is_exact() {
        return None;
    }
    let difference = (high.low - low.low) * sign;
    let mut agrees = difference > 0.0;
    for index in &statement.quantities {
        let wanted = &side.sentence.quantities[*index];
        let given = value_of(wanted, low, high)?;
        match wanted.compare(&given) {
            Comparison::Same => {}
            Comparison::Differs => agrees = false,
            _ => return None,
        }
    }
    let outcome = if agrees {
        Outcome::Supports(Ground::Cell)
    } else {
        Outcome::Refutes(Ground::Cell)
    };
    let found = Bound {
        column: (!to.title.is_empty()).then(|| to.title.clone()),
        ..bound(outcome, format!("from {} to {}", from.text, to.text))
    };
    Some((late.number, found))
}

fn direction(lower: &str) -> Option<f64> {
    match lower {
        "rose" | "rise" | "rises" | "risen" | "grew" | "grow" | "grows" | "increased"
        | "increases" | "climbed" => Some(1.0),
        "fell" | "fall" | "falls" | "fallen" | "dropped" | "declined" | "decreased"
        | "decreases" | "shrank" => Some(-1.0),
        _ => None,
    }
}

/// The value that the claim's amount says: where it began, where it ended, or by how much it changed.
fn value_of(wanted: &Quantity, low: &Quantity, high: &Quantity) -> Option<Quantity> {
    let plain = |value: &Quantity| Quantity {
        unit: if value.unit == Unit::Count {
            wanted.unit
        } else {
            value.unit
        },
        role: wanted.role,
        ..value.clone()
    };
    Some(match wanted.role {
        Role::Start => plain(low),
        Role::Value => plain(high),
        Role::Change if wanted.unit == Unit::Percent => {
            let share = (high.low - low.low).abs() / low.low.abs() * 100.0;
            if low.low.abs() < 1e-9 {
                return None;
            }
            high.computed(share, Unit::Percent, Role::Change)
        }
        Role::Change => {
            let unit = if high.unit == Unit::Count {
                wanted.unit
            } else {
                high.unit
            };
            high.computed((high.low - low.low).abs(), unit, Role::Change)
        }
        Role::Label => return None,
    })
}

/// The cell of the same column in another record.
fn cell_of<'r>(record: &'r ReadRecord, like: &Cell) -> Option<&'r Cell> {
    record
        .cells
        .iter()
        .find(|cell| cell.own && cell.title == like.title)
}

fn time_of(record: &ReadRecord) -> Option<&Time> {
    record.cells.iter().find_map(|cell| cell.time.as_ref())
}

/// The record of the time right before in the same table whose names are all the same.
fn before<'r>(late: &ReadRecord, records: &'r [ReadRecord]) -> Option<&'r ReadRecord> {
    let own = time_of(late)?.span()?.0;
    let names = |record: &ReadRecord| -> Vec<Vec<String>> {
        record
            .cells
            .iter()
            .filter(|cell| cell.quantity.is_none() && cell.time.is_none())
            .map(|cell| cell.stems.clone())
            .collect()
    };
    let wanted = names(late);
    records
        .iter()
        .filter(|record| record.table == late.table && names(record) == wanted)
        // The time right before: a row in between may not have been among the passages.
        .find(|record| {
            time_of(record)
                .and_then(Time::span)
                .is_some_and(|(_, last)| last + 1 == own)
        })
}
