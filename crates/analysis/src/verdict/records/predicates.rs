//! What a claim says of each row of a table, and which rows it is so of.

use super::claim::Claim;
use super::graded::comparative;
use super::naming::{Filter, is_yes_or_no, unit_words};
use super::table::{Row, Table};
use super::values::IDLE;
use super::{Cell, compare};
use crate::statement::quantity::{Comparison, Quantity, Role};
use crate::statement::time::{Agreement, Relation, Time};

type Span = (i64, i64);

/// What is said of a row beside the values that narrow which rows are meant.
pub(super) enum Predicate {
    /// Nothing: that there is such a row.
    Listed,
    /// `offer swimming lessons`
    YesOrNo { column: usize, wanted: bool },
    /// `had more than 300 pupils`
    Amount { column: usize, wanted: Quantity },
    /// `opened before 1970`
    Event { column: usize, wanted: Time },
    /// `had more pupils than Calder High`: above or below this figure of that row.
    Beside {
        column: usize,
        sign: f64,
        other: Box<Cell>,
        record: usize,
    },
}

/// The predicate of a claim whose quantifier is taken, and the time of the rows that are meant. Every word has to be accounted
/// for.
pub(super) fn predicate(
    claim: &mut Claim<'_>,
    table: &Table<'_>,
    filters: &[Filter],
    other: &[Filter],
) -> Option<(Predicate, Option<Span>)> {
    let times = plain_times(claim);
    let spans: Vec<Span> = times.iter().filter_map(|time| time.span()).collect();
    let negated = take_negation(claim)?;
    let beside = (0..claim.len()).find_map(|at| Some((at, comparative(claim, at)?)));
    let than = (0..claim.len()).find(|at| claim.lower(*at) == "than" && claim.is_free(*at));
    let amounts = claim.amounts();
    if amounts.len() > 1 || amounts.iter().any(|amount| amount.role != Role::Value) {
        return None;
    }
    let amount = amounts.first().copied();
    if let Some(amount) = amount {
        claim.take(amount.tokens.clone());
    }
    let target = table.target(claim, &(0..claim.len()), &spans);
    let column = target.as_ref().map(|target| target.column);
    if let Some(target) = &target {
        for at in &target.words {
            claim.take(*at..*at + 1);
        }
        claim.take_stems(&table.columns[target.column].name);
    }
    let of_column = column.and_then(|column| table.columns[column].time);
    let is_event = column.is_some_and(|column| table.columns[column].is_event);
    let mut left: Vec<&Time> = times
        .iter()
        .copied()
        .filter(|time| time.span() != of_column || of_column.is_none())
        .collect();
    for time in &times {
        claim.take(time.tokens.clone());
    }
    let found = match (column, amount, than) {
        (Some(column), None, Some(than)) if !other.is_empty() => {
            let (at, graded) = beside?;
            claim.take(at..at + graded.words);
            claim.take(than..than + 1);
            let rows = table.select(other, None);
            let ([row], true) = (
                &rows[..],
                graded.columns.is_empty() || graded.grades(table, column),
            ) else {
                return None;
            };
            let cell = table.value(row, column)?;
            Predicate::Beside {
                column,
                sign: graded.sign,
                record: row.record,
                other: Box::new(cell),
            }
        }
        _ if !other.is_empty() => return None,
        (Some(column), Some(amount), _) => {
            claim.take_idle(unit_words(amount));
            Predicate::Amount {
                column,
                wanted: amount.clone(),
            }
        }
        (Some(column), None, None) if is_event => {
            let ([wanted], false) = (
                &left[..],
                matches!(left.first()?.relation, Relation::Since | Relation::Until),
            ) else {
                return None;
            };
            let wanted = (*wanted).clone();
            left.clear();
            Predicate::Event { column, wanted }
        }
        (Some(column), None, None) if table.columns[column].is_yes_or_no => Predicate::YesOrNo {
            column,
            wanted: !negated,
        },
        (None, None, None) => Predicate::Listed,
        _ => return None,
    };
    if negated && !matches!(found, Predicate::YesOrNo { .. }) {
        return None;
    }
    let is_plain = |time: &&Time| time.relation == Relation::At && time.span().is_some();
    if !left.iter().all(is_plain) || left.len() > 1 {
        return None;
    }
    let time = left.first().and_then(|time| time.span());
    table.take_nouns(claim, filters);
    claim.take_idle(IDLE);
    claim.take_idle(&["do", "does", "did", "that", "which", "who"]);
    // Rows of several times are several times the same things.
    let is_timed = table.rows.iter().any(|row| row.time.is_some());
    (claim.is_spent() && is_timed == time.is_some()).then_some((found, time))
}

fn plain_times<'s>(claim: &Claim<'s>) -> Vec<&'s Time> {
    let times = claim.sentence.times.iter();
    let free = |time: &&Time| time.tokens.clone().any(|at| claim.is_free(at));
    times.filter(free).collect()
}

/// `do not have`, `without`, `lack`; nothing where it is denied twice.
fn take_negation(claim: &mut Claim<'_>) -> Option<bool> {
    let denials: Vec<usize> = (0..claim.len())
        .filter(|at| {
            claim.is_free(*at) && matches!(claim.lower(*at), "not" | "without" | "lack" | "lacks")
        })
        .collect();
    for at in &denials {
        claim.take(*at..*at + 1);
    }
    match denials.len() {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

impl Predicate {
    /// Whether it is so of the row; nothing where its value does not say.
    pub(super) fn holds(&self, table: &Table<'_>, row: &Row) -> Option<bool> {
        match self {
            Self::Listed => Some(true),
            Self::YesOrNo { column, wanted } => {
                let cell = table.value(row, *column)?;
                is_yes_or_no(&cell.text).then_some(())?;
                Some(cell.yes_or_no()? == *wanted)
            }
            Self::Amount { column, wanted } => {
                let cell = table.value(row, *column)?;
                match compare(wanted, cell.quantity.as_ref()?) {
                    Comparison::Same => Some(true),
                    Comparison::Differs => Some(false),
                    _ => None,
                }
            }
            Self::Event { column, wanted } => {
                let cell = table.value(row, *column)?;
                match wanted.compare(cell.event()?) {
                    Agreement::Same => Some(true),
                    Agreement::Differs => Some(false),
                    Agreement::Open => None,
                }
            }
            Self::Beside {
                column,
                sign,
                other,
                record,
            } => {
                if row.record == *record {
                    return Some(false);
                }
                let cell = table.value(row, *column)?;
                if let (Some(one), Some(two)) = (cell.event(), other.event()) {
                    let (one, two) = (one.span()?, two.span()?);
                    let apart = if *sign > 0.0 {
                        one.0 > two.1
                    } else {
                        one.1 < two.0
                    };
                    let settled = one == two || one.1 < two.0 || two.1 < one.0;
                    return settled.then_some(apart);
                }
                let (one, two) = (cell.quantity.as_ref()?, other.quantity.as_ref()?);
                let exact = one.is_exact() && two.is_exact() && one.unit == two.unit;
                exact.then_some((one.low - two.low) * sign > 1e-9)
            }
        }
    }

    pub(super) fn column(&self) -> Option<usize> {
        match self {
            Self::Listed => None,
            Self::YesOrNo { column, .. }
            | Self::Amount { column, .. }
            | Self::Event { column, .. }
            | Self::Beside { column, .. } => Some(*column),
        }
    }
}
