//! Sums that a claim asks for: of the times that make up the time it names, or of the rows that it names.

use super::claim::Claim;
use super::compare;
use super::leading::rows_compared;
use super::naming::unit_words;
use super::table::{Row, Table};
use super::values::IDLE;
use crate::statement::quantity::{Bound as Limit, Comparison, Role, Unit};
use crate::verdict::binding::{Bound, Ground, Outcome};

/// Words that ask for a sum.
const SUMS: &[&str] = &[
    "total",
    "totalled",
    "totaled",
    "totalling",
    "altogether",
    "combined",
    "together",
    "sum",
    "added",
    "overall",
];
/// Words beside them that say nothing more.
const BESIDE: &[&str] = &["up", "whole", "over", "full", "all"];
/// What is there at a time and does not add up over several.
const STOCKS: &[&str] = &[
    "employees",
    "employee",
    "staff",
    "headcount",
    "population",
    "stock",
    "balance",
    "members",
    "inhabitants",
    "residents",
    "beds",
    "rooms",
    "pupils",
    "teachers",
    "students",
    "assets",
    "debt",
    "capacity",
];
/// What does not add up at all.
const RATES: &[&str] = &[
    "price",
    "rate",
    "average",
    "mean",
    "share",
    "temperature",
    "per",
    "percent",
    "height",
    "width",
    "depth",
    "speed",
    "age",
    "rating",
    "score",
    "rank",
    "index",
    "median",
    "maximum",
    "minimum",
    "fee",
    "fare",
    "opened",
    "founded",
    "built",
];

/// `Over the whole of 2023 Alpine's sales added up to EUR 17.28 million`.
pub(super) fn sums(claim: &Claim<'_>, tables: &[Table<'_>]) -> Option<(usize, Bound)> {
    let mut found = tables.iter().filter_map(|table| of_table(claim, table));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn of_table(claim: &Claim<'_>, table: &Table<'_>) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let asks = (0..claim.len()).find(|at| SUMS.contains(&claim.lower(*at)))?;
    if table.is_partial {
        return None;
    }
    let filters = table.filters(&claim)?;
    for filter in &filters {
        claim.take(filter.tokens.clone());
    }
    let times = claim.times()?;
    let spans: Vec<(i64, i64)> = times.iter().filter_map(|time| time.span()).collect();
    let mut amounts = claim.amounts();
    let counted = amounts.iter().position(|amount| {
        amount.unit == Unit::Count
            && claim.before(amount.tokens.start) == "the"
            && amounts.len() == 2
    });
    let counted = counted.map(|at| amounts.remove(at));
    let [wanted] = amounts[..] else { return None };
    let mut wanted = wanted.clone();
    // `added up to £3.9 million` is no `up to £3.9 million`.
    let start = wanted.tokens.start;
    if claim.lower(start) == "up" && claim.before(start) == "added" {
        wanted.bound = Limit::Exact;
    }
    let wanted = &wanted;
    if wanted.role == Role::Label || wanted.role == Role::Change {
        return None;
    }
    claim.take(asks..asks + 1);
    for tokens in times
        .iter()
        .map(|time| &time.tokens)
        .chain(counted.iter().map(|amount| &amount.tokens))
        .chain([&wanted.tokens])
    {
        claim.take(tokens.clone());
    }
    let target = table.target(&claim, &(0..claim.len()), &spans)?;
    for at in &target.words {
        claim.take(*at..*at + 1);
    }
    let column = &table.columns[target.column];
    claim.take_stems(&column.name);
    table.take_nouns(&mut claim, &filters);
    claim.take_idle(unit_words(wanted));
    claim.take_idle(IDLE);
    claim.take_idle(BESIDE);
    let title = column.title.to_lowercase();
    let has = |list: &[&str]| {
        title
            .split(|letter: char| !letter.is_alphabetic())
            .any(|word| list.contains(&word))
    };
    if !claim.is_spent() || has(RATES) {
        return None;
    }
    let left: Vec<(i64, i64)> = spans
        .iter()
        .copied()
        .filter(|span| Some(*span) != column.time)
        .collect();
    let (rows, over_time) = rows(table, &filters, &left)?;
    if rows.len() < 2 || over_time && has(STOCKS) {
        return None;
    }
    if counted.is_some_and(|count| {
        (count.low - f64::from(u32::try_from(rows.len()).unwrap_or(0))).abs() > 1e-9
    }) {
        return None;
    }
    let mut sum = 0.0;
    let mut unit: Option<Unit> = None;
    let mut first = None;
    for row in &rows {
        let cell = table.value(row, target.column)?;
        let quantity = cell
            .quantity
            .as_ref()
            .filter(|quantity| quantity.is_exact())?
            .clone();
        let summable = matches!(
            quantity.unit,
            Unit::Count | Unit::Money(_) | Unit::Measure(_) | Unit::Months
        );
        if !summable || unit.is_some_and(|unit| unit != quantity.unit) {
            return None;
        }
        unit = Some(quantity.unit);
        sum += quantity.low;
        first.get_or_insert(quantity);
    }
    let given = first?.computed((sum * 1e6).round() / 1e6, unit?, Role::Value);
    let outcome = match compare(wanted, &given) {
        Comparison::Same => Outcome::Supports(Ground::Cell),
        Comparison::Differs => Outcome::Refutes(Ground::Cell),
        _ => return None,
    };
    let detail = format!(
        "{} rows add up to {} ({})",
        rows.len(),
        given.low,
        column.title
    );
    Some(rows_compared(table.answer(
        rows.first()?,
        None,
        outcome,
        detail,
    )?))
}

/// The rows that are added up, and whether they are of one thing at several times.
fn rows<'t>(
    table: &'t Table<'_>,
    filters: &[super::naming::Filter],
    times: &[(i64, i64)],
) -> Option<(Vec<&'t Row>, bool)> {
    let all = table.select(filters, None);
    let [time] = times else {
        let untimed = times.is_empty() && all.iter().all(|row| row.time.is_none());
        return untimed.then_some((all, false));
    };
    let same = table.select(filters, Some(*time));
    if !same.is_empty() {
        return Some((same, false));
    }
    let inside = |row: &&&Row| {
        row.time
            .is_some_and(|span| span.0 >= time.0 && span.1 <= time.1)
    };
    let mut parts: Vec<&Row> = all.iter().filter(inside).copied().collect();
    parts.sort_by_key(|row| row.time);
    let follows = parts.windows(2).all(
        |two| matches!((two[0].time, two[1].time), (Some(one), Some(next)) if one.1 + 1 == next.0),
    );
    let begins = parts.first().and_then(|row| row.time)?.0 == time.0;
    let ends = parts.last().and_then(|row| row.time)?.1 == time.1;
    (follows && begins && ends).then_some((parts, true))
}
