//! Claims that set one record beside another: `The North had more visitors than the South`.

use super::{ReadRecord, bound, fit};
use crate::statement::{Place, Term, is_light_verb};
use crate::verdict::binding::{Bound, Ground, Outcome, Side, is_topic};

/// `The North had more visitors than the South in 2022`: two records, one column.
pub(super) fn compared(side: Side<'_>, records: &[ReadRecord]) -> Option<(usize, Bound)> {
    let statement = side.statement;
    let sign = statement
        .terms
        .iter()
        .find_map(|term| match term.lower.as_str() {
            "more" | "higher" | "larger" | "greater" | "bigger" | "longer" | "heavier" => {
                Some((term.at, 1.0))
            }
            "fewer" | "less" | "lower" | "smaller" | "shorter" | "lighter" => Some((term.at, -1.0)),
            _ => None,
        });
    let (at, sign) = sign?;
    let than = |term: &&Term| term.place == Place::After("than");
    let other: Vec<Term> = statement.terms.iter().filter(than).cloned().collect();
    let first: Vec<Term> = statement
        .terms
        .iter()
        .filter(|term| !than(term) && term.at != at)
        .cloned()
        .collect();
    let subject: Vec<&Term> = first.iter().filter(|term| is_topic(term, side)).collect();
    let than_token = side
        .sentence
        .tokens
        .iter()
        .position(|token| token.lower == "than")?;
    let (early, late): (Vec<usize>, Vec<usize>) = statement
        .times
        .iter()
        .partition(|index| side.sentence.times[**index].tokens.start < than_token);
    if !statement.quantities.is_empty() || statement.denied {
        return None;
    }
    let second: Vec<Term> = if other.is_empty() {
        first.clone()
    } else {
        first
            .iter()
            .filter(|term| !subject.iter().any(|one| one.at == term.at))
            .cloned()
            .chain(other)
            .collect()
    };
    let second_times = if late.is_empty() {
        early.clone()
    } else {
        late.clone()
    };
    let early = if early.is_empty() { late } else { early };
    let one = only(side, &first, &early, records)?;
    let two = only(side, &second, &second_times, records)?;
    let ((one, this), (two, that)) = (one, two);
    if std::ptr::eq(one, two) && this == that {
        return None;
    }
    let (this, that) = (&one.cells[this], &two.cells[that]);
    let (left, right) = (this.quantity.as_ref()?, that.quantity.as_ref()?);
    if left.unit != right.unit
        || !left.is_exact()
        || !right.is_exact()
        || this.name != that.name && this.name_time.is_none()
    {
        return None;
    }
    let difference = (left.low - right.low) * sign;
    let outcome = if difference > 0.0 {
        Outcome::Supports(Ground::Cell)
    } else {
        Outcome::Refutes(Ground::Cell)
    };
    Some((
        one.number,
        bound(outcome, format!("{} beside {}", this.text, that.text)),
    ))
}

/// The one record and cell that these words and dates name.
pub(super) fn only<'r>(
    side: Side<'_>,
    terms: &[Term],
    times: &[usize],
    records: &'r [ReadRecord],
) -> Option<(&'r ReadRecord, usize)> {
    let mut found: Vec<(&ReadRecord, usize)> = Vec::new();
    let mut top = 0;
    for record in records {
        let words: Vec<Term> = terms
            .iter()
            .filter(|term| {
                !is_light_verb(&term.lower) && !matches!(term.lower.as_str(), "number" | "numbers")
            })
            .cloned()
            .collect();
        let Some(reading) = fit(side, &words, times, record) else {
            continue;
        };
        let [target] = reading.targets.as_slice() else {
            continue;
        };
        if reading.named > top {
            found.clear();
            top = reading.named;
        }
        if reading.named == top {
            found.push((record, *target));
        }
    }
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}
