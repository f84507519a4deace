//! Two values of one column set side by side: of two rows, of two times, or of every time that the claim names.

use std::ops::Range;

use super::claim::Claim;
use super::graded::{Graded, comparative};
use super::leading::rows_compared;
use super::naming::{Filter, unit_words};
use super::table::{Row, Table};
use super::values::{IDLE, take_end};
use super::{Cell, compare};
use crate::statement::quantity::{Comparison, Quantity, Role, Unit};
use crate::statement::time::{civil, days};
use crate::verdict::binding::{Bound, Ground, Outcome};

pub(super) type Span = (i64, i64);

/// What stands on either side of `than`, or at either end of a change.
pub(super) struct Sides {
    pub(super) filters: [Vec<Filter>; 2],
    pub(super) times: Vec<[Option<Span>; 2]>,
}

/// `14 fewer pupils in 2024 than in 2023`, `sold more than Alpine in every quarter of 2023`, `fell from 2022 to 2023`.
pub(super) fn between(claim: &Claim<'_>, tables: &[Table<'_>]) -> Option<(usize, Bound)> {
    let mut found = tables
        .iter()
        .filter_map(|table| compared(claim, table).or_else(|| super::rising::rising(claim, table)));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn compared(claim: &Claim<'_>, table: &Table<'_>) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let mut thans = (0..claim.len()).filter(|at| claim.lower(*at) == "than");
    let (than, None) = (thans.next()?, thans.next()) else {
        return None;
    };
    let all = table.filters(&claim)?;
    for filter in &all {
        claim.take(filter.tokens.clone());
    }
    let mut graded = (0..than).filter_map(|at| Some((at, comparative(&claim, at)?)));
    let ((at, graded), None) = (graded.next()?, graded.next()) else {
        return None;
    };
    claim.take(than..than + 1);
    claim.take(at..at + graded.words);
    let (left, right): (Vec<Filter>, Vec<Filter>) = all
        .iter()
        .cloned()
        .partition(|filter| filter.tokens.start < than);
    let amount = difference(&mut claim, at).ok()?;
    let sides = sides(&mut claim, table, than, (left, right))?;
    let column = column(&mut claim, table, &graded, &sides)?;
    take_share(&mut claim, table, column);
    finish(&mut claim, table, &all, amount.as_ref())?;
    let mut outcomes = Vec::new();
    for times in &sides.times {
        let (row, this) = operand(table, &sides.filters[0], column, times[0])?;
        let (other, that) = operand(table, &sides.filters[1], column, times[1])?;
        if row.record == other.record && this.title == that.title {
            return None;
        }
        outcomes.push((
            row,
            judged(&this, &that, graded.sign, amount.as_ref())?,
            this,
            that,
        ));
    }
    concluded(table, &outcomes)
}

/// One that does not hold is enough to refute; all have to hold to bear it out.
pub(super) fn concluded(
    table: &Table<'_>,
    outcomes: &[(&Row, bool, Cell, Cell)],
) -> Option<(usize, Bound)> {
    let decides = outcomes
        .iter()
        .find(|(_, holds, ..)| !holds)
        .or_else(|| outcomes.first())?;
    let (row, holds, this, that) = decides;
    let outcome = if *holds {
        Outcome::Supports(Ground::Cell)
    } else {
        Outcome::Refutes(Ground::Cell)
    };
    let detail = format!(
        "{} ({}) beside {} ({})",
        this.text, this.title, that.text, that.title
    );
    Some(rows_compared(table.answer(row, None, outcome, detail)?))
}

/// Whether the one is more than the other by the claim's amount; nothing where it cannot be told.
pub(super) fn judged(
    this: &Cell,
    that: &Cell,
    sign: f64,
    amount: Option<&Quantity>,
) -> Option<bool> {
    if let (Some(one), Some(two)) = (this.event(), that.event()) {
        let (one, two) = (one.span()?, two.span()?);
        let apart = if sign > 0.0 {
            one.0 > two.1
        } else {
            one.1 < two.0
        };
        let settled = one == two || one.1 < two.0 || two.1 < one.0;
        return (settled && amount.is_none()).then_some(apart);
    }
    let (one, two) = (this.quantity.as_ref()?, that.quantity.as_ref()?);
    if one.unit != two.unit || !one.is_exact() || !two.is_exact() {
        return None;
    }
    let difference = (one.low - two.low) * sign;
    let tiny = 1e-9 * one.low.abs().max(two.low.abs()).max(1e-9);
    let Some(wanted) = amount else {
        return Some(difference > tiny);
    };
    if difference <= tiny {
        return Some(false);
    }
    let given = one.computed((difference / 1e-6).round() * 1e-6, one.unit, wanted.role);
    match compare(wanted, &given) {
        Comparison::Same => Some(true),
        Comparison::Differs => Some(false),
        _ => None,
    }
}

/// The claim gives an amount that is no difference.
struct OtherAmount;

/// `14 fewer`, `300 euros less`: the amount right before the comparative. No amount is none.
fn difference(claim: &mut Claim<'_>, at: usize) -> Result<Option<Quantity>, OtherAmount> {
    let amounts = claim.amounts();
    match amounts[..] {
        [] => Ok(None),
        [amount]
            if amount.tokens.end == at
                && matches!(amount.unit, Unit::Count | Unit::Money(_) | Unit::Measure(_))
                && amount.role != Role::Label =>
        {
            claim.take(amount.tokens.clone());
            Ok(Some(amount.clone()))
        }
        _ => Err(OtherAmount),
    }
}

fn sides(
    claim: &mut Claim<'_>,
    table: &Table<'_>,
    than: usize,
    (left, right): (Vec<Filter>, Vec<Filter>),
) -> Option<Sides> {
    let every = every(claim);
    let times = claim.times()?;
    let of = |is_left: bool| -> Vec<Span> {
        times
            .iter()
            .filter(|time| (time.tokens.start < than) == is_left)
            .filter_map(|time| time.span())
            .collect()
    };
    let (early, mut late) = (of(true), of(false));
    for time in &times {
        claim.take(time.tokens.clone());
    }
    if let ([one], true) = (&early[..], late.is_empty())
        && let Some(before) = year_before(claim, than, *one)
    {
        late.push(before);
    }
    let is_of_times = right.is_empty();
    let second = if is_of_times {
        left.clone()
    } else {
        let replaced = |filter: &&Filter| {
            !table.is_key(filter.column) && right.iter().all(|other| other.column != filter.column)
        };
        right
            .iter()
            .cloned()
            .chain(left.iter().filter(replaced).cloned())
            .collect()
    };
    let pairs = if let Some(lengths) = every {
        if is_of_times || early.len() + late.len() > 1 {
            return None;
        }
        let around = early.first().or(late.first()).copied();
        parts(table, &lengths, around)?
            .into_iter()
            .map(|span| [Some(span), Some(span)])
            .collect()
    } else {
        let pair = match (&early[..], &late[..]) {
            ([], []) if !is_of_times => [None, None],
            ([one], []) | ([], [one]) if !is_of_times => [Some(*one), Some(*one)],
            ([one], [two]) => [Some(*one), Some(*two)],
            _ => return None,
        };
        vec![pair]
    };
    if left.is_empty() && table.rows.len() > 1 {
        return None;
    }
    Some(Sides {
        filters: [left, second],
        times: pairs,
    })
}

/// `than the year before`, `than in the previous year`.
fn year_before(claim: &mut Claim<'_>, than: usize, one: Span) -> Option<Span> {
    let at = (than + 1..claim.len()).find(|at| claim.lower(*at) == "year")?;
    let after = claim.lower(at + 1);
    let words = if matches!(after, "before" | "earlier") && matches!(claim.before(at), "the" | "a")
    {
        at..at + 2
    } else if matches!(claim.before(at), "previous" | "preceding" | "last") {
        at - 1..at + 1
    } else {
        return None;
    };
    let (first, last) = (civil(one.0), civil(one.1));
    if claim.before(at) == "last"
        || (first.1, first.2, last.1, last.2) != (1, 1, 12, 31)
        || first.0 != last.0
    {
        return None;
    }
    claim.take(words);
    Some((days(first.0 - 1, 1, 1), days(first.0 - 1, 12, 31)))
}

/// `in every quarter`: how many days such a time has.
fn every(claim: &mut Claim<'_>) -> Option<Range<i64>> {
    let at = (1..claim.len()).find(|at| matches!(claim.before(*at), "every" | "each"))?;
    let lengths = match claim.lower(at) {
        "month" => 27..32,
        "quarter" => 89..93,
        "year" => 364..367,
        _ => return None,
    };
    claim.take(at - 1..at + 1);
    Some(lengths)
}

/// The times of the table's rows of this length that lie in the span, which has to be made up of them.
pub(super) fn parts(
    table: &Table<'_>,
    lengths: &Range<i64>,
    around: Option<Span>,
) -> Option<Vec<Span>> {
    let mut spans: Vec<Span> = table
        .rows
        .iter()
        .filter_map(|row| row.time)
        .filter(|(first, last)| lengths.contains(&(last - first + 1)))
        .filter(|(first, last)| around.is_none_or(|around| *first >= around.0 && *last <= around.1))
        .collect();
    spans.sort_unstable();
    spans.dedup();
    let follows = spans.windows(2).all(|two| two[0].1 + 1 == two[1].0);
    let (first, last) = (spans.first()?.0, spans.last()?.1);
    (follows && spans.len() > 1 && around.is_none_or(|around| around == (first, last)))
        .then_some(spans)
}

/// The column that is compared, by what the claim calls it or by what its adjective grades.
pub(super) fn column(
    claim: &mut Claim<'_>,
    table: &Table<'_>,
    graded: &Graded,
    sides: &Sides,
) -> Option<usize> {
    let spans: Vec<Span> = sides.times.iter().flatten().flatten().copied().collect();
    // Of `Pupils 2023` and `Pupils 2024` either stands for both.
    let first: Vec<Span> = spans.first().copied().into_iter().collect();
    let named = table
        .target(claim, &(0..claim.len()), &first)
        .or_else(|| table.target(claim, &(0..claim.len()), &spans));
    if let Some(named) = named {
        for at in &named.words {
            claim.take(*at..*at + 1);
        }
        claim.take_stems(&table.columns[named.column].name);
        let fits = graded.columns.is_empty() || graded.grades(table, named.column);
        return fits.then_some(named.column);
    }
    let mut fitting = (0..table.columns.len()).filter(|at| graded.grades(table, *at));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// The one row and value that these names and this time lead to, in a column of the same name.
pub(super) fn operand<'t>(
    table: &'t Table<'_>,
    filters: &[Filter],
    column: usize,
    time: Option<Span>,
) -> Option<(&'t Row, Cell)> {
    let name = &table.columns[column].name;
    let dated = (0..table.columns.len()).find(|at| {
        let other = &table.columns[*at];
        other.depth == 0 && other.time.is_some() && other.time == time && &other.name == name
    });
    let is_dated = table.columns[column].time.is_some();
    let (at, time) = match dated {
        Some(at) => (at, None),
        None if is_dated => return None,
        None => (column, time),
    };
    let rows = table.select(filters, time);
    let [row] = rows[..] else { return None };
    Some((row, table.value(row, at)?))
}

/// `the share of returns`, beside a column of percentages.
pub(super) fn take_share(claim: &mut Claim<'_>, table: &Table<'_>, column: usize) {
    let cell = table.rows.first().and_then(|row| table.value(row, column));
    if let Some(quantity) = cell.and_then(|cell| cell.quantity)
        && quantity.unit == Unit::Percent
    {
        claim.take_idle(unit_words(&quantity));
    }
}

/// Takes what is left of words that say nothing more; nothing where one does.
pub(super) fn finish(
    claim: &mut Claim<'_>,
    table: &Table<'_>,
    filters: &[Filter],
    amount: Option<&Quantity>,
) -> Option<()> {
    table.take_nouns(claim, filters);
    claim.take_idle(IDLE);
    if let Some(amount) = amount {
        claim.take_idle(unit_words(amount));
    }
    claim.take_idle(&["costs", "cost", "weighs", "measures", "did", "does"]);
    take_end(claim);
    claim.is_spent().then_some(())
}
