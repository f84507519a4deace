//! Claims of all rows, of none, of some number of them, or of one alone: `All schools in the North ward offer swimming lessons`,
//! `The table lists three special schools`.

use super::claim::Claim;
use super::leading::rows_compared;
use super::naming::Filter;
use super::predicates::{Predicate, predicate};
use super::table::{Row, Table};
use crate::statement::quantity::{Bound as Limit, Comparison, Quantity, Unit};
use crate::statement::tags::Tag;
use crate::verdict::binding::{Bound, Ground, Outcome};

/// Of how many rows something is said to be so.
enum Quantifier<'s> {
    All,
    None,
    /// The amount, and whether more than it would be another number.
    Number(&'s Quantity, bool),
    /// Of the row that the claim names, and of no other.
    Alone,
}

/// What the rows of the one table that the claim is about say.
pub(super) fn counting(claim: &Claim<'_>, tables: &[Table<'_>]) -> Option<(usize, Bound)> {
    let mut found = tables.iter().filter_map(|table| of_table(claim, table));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn of_table(claim: &Claim<'_>, table: &Table<'_>) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let all = table.filters(&claim)?;
    for filter in &all {
        claim.take(filter.tokens.clone());
    }
    let than = (0..claim.len())
        .find(|at| claim.lower(*at) == "than")
        .unwrap_or(usize::MAX);
    let (filters, other): (Vec<Filter>, Vec<Filter>) = all
        .iter()
        .cloned()
        .partition(|filter| filter.tokens.start < than);
    let (quantifier, after) = quantifier(&mut claim, &filters, table)?;
    let noun = noun(&claim, table, &filters, after)?;
    claim.take(noun..noun + 1);
    let size = match quantifier {
        // `all three special schools`
        Quantifier::All => number_before(&mut claim, noun).ok()?,
        _ => None,
    };
    let verb = predicate_start(&claim, table, &filters, noun);
    let (predicate, time) = predicate(&mut claim, table, &all, &other)?;
    let (keys, groups): (Vec<Filter>, Vec<Filter>) = filters
        .iter()
        .cloned()
        .partition(|filter| table.is_key(filter.column));
    let is_listed = matches!(predicate, Predicate::Listed);
    let (narrowing, said): (Vec<Filter>, Vec<Filter>) = match quantifier {
        Quantifier::All | Quantifier::None => groups
            .into_iter()
            .partition(|filter| filter.tokens.start < verb),
        _ => (groups, Vec::new()),
    };
    // `offer lessons in the North`: whether the place narrows the rows or is said of them is not told.
    if matches!(quantifier, Quantifier::All) && !said.is_empty() && !is_listed {
        return None;
    }
    let is_empty = is_listed && said.is_empty();
    if is_empty && matches!(quantifier, Quantifier::All | Quantifier::None)
        || is_empty && narrowing.is_empty() && matches!(quantifier, Quantifier::Alone)
    {
        return None;
    }
    let is_alone = matches!(quantifier, Quantifier::Alone);
    if keys.len() != usize::from(is_alone) {
        return None;
    }
    let rows = table.select(&narrowing, time);
    if rows.is_empty() && !matches!(quantifier, Quantifier::Number(..))
        || size.is_some_and(|size| size != rows.len())
    {
        return None;
    }
    let mut tally = Tally::default();
    for row in rows {
        let is_so = if said.iter().all(|filter| table.has(row, filter)) {
            predicate.holds(table, row)
        } else {
            Some(false)
        };
        match is_so {
            Some(true) => tally.yes.push(row),
            Some(false) => tally.no.push(row),
            None => tally.unknown += 1,
        }
    }
    let (outcome, row, detail) = tally.answer(table, &quantifier, keys.first())?;
    let row = row.or_else(|| table.rows.first())?;
    Some(rows_compared(table.answer(
        row,
        predicate.column(),
        outcome,
        detail,
    )?))
}

/// Of which rows it is so.
#[derive(Default)]
struct Tally<'t> {
    yes: Vec<&'t Row>,
    no: Vec<&'t Row>,
    unknown: usize,
}

impl<'t> Tally<'t> {
    fn answer(
        &self,
        table: &Table<'_>,
        quantifier: &Quantifier<'_>,
        key: Option<&Filter>,
    ) -> Option<(Outcome, Option<&'t Row>, String)> {
        let (supports, refutes) = (
            Outcome::Supports(Ground::Cell),
            Outcome::Refutes(Ground::Cell),
        );
        let count = self.yes.len() + self.no.len() + self.unknown;
        let whole = self.unknown == 0 && !table.is_partial;
        let so = format!("so of {} of {count} rows", self.yes.len());
        match quantifier {
            Quantifier::All => match self.no.first() {
                Some(row) => Some((
                    refutes,
                    Some(*row),
                    format!("{so}, not of {}", table.label(row)),
                )),
                None if whole && count > 1 => Some((supports, self.yes.first().copied(), so)),
                None => None,
            },
            Quantifier::None => match self.yes.first() {
                Some(row) => Some((refutes, Some(*row), format!("{so}: {}", table.label(row)))),
                None if whole && count > 0 => Some((supports, self.no.first().copied(), so)),
                None => None,
            },
            Quantifier::Alone => {
                let key = key?;
                let other = self.yes.iter().find(|row| !table.has(row, key));
                let own = self.yes.iter().find(|row| table.has(row, key));
                let denied = self.no.iter().find(|row| table.has(row, key));
                match (other, own, denied) {
                    (Some(other), Some(_), _) => Some((
                        refutes,
                        Some(*other),
                        format!("{so}, also of {}", table.label(other)),
                    )),
                    (_, _, Some(denied)) => Some((refutes, Some(*denied), so)),
                    (None, Some(own), None) if whole && self.yes.len() == 1 => {
                        Some((supports, Some(*own), so))
                    }
                    _ => None,
                }
            }
            Quantifier::Number(wanted, is_strict) => {
                let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
                let compared = |count: usize| {
                    let given = wanted.computed(number(count), Unit::Count, wanted.role);
                    wanted.compare(&given)
                };
                let (least, most) = (self.yes.len(), self.yes.len() + self.unknown);
                let row = self.yes.first().copied();
                if table.is_partial {
                    return None;
                }
                let outcome = match (compared(least), compared(most)) {
                    (Comparison::Same, Comparison::Same) => supports,
                    (Comparison::Differs, Comparison::Differs)
                        if *is_strict || number(least) < wanted.low =>
                    {
                        let crosses = number(least) < wanted.low && number(most) > wanted.low;
                        (!crosses).then_some(refutes)?
                    }
                    _ => return None,
                };
                Some((outcome, row, so))
            }
        }
    }
}

/// The quantifier, and the token behind it.
fn quantifier<'s>(
    claim: &mut Claim<'s>,
    filters: &[Filter],
    table: &Table<'_>,
) -> Option<(Quantifier<'s>, usize)> {
    let free = |claim: &Claim<'_>, words: &[&str]| -> Vec<usize> {
        (0..claim.len())
            .filter(|at| claim.is_free(*at) && words.contains(&claim.lower(*at)))
            .collect()
    };
    let all = free(claim, &["all", "every", "each"]);
    let none = free(claim, &["no", "none"]);
    let only = free(claim, &["only", "exactly", "just"]);
    let amounts = claim.amounts();
    let is_first = |at: usize| at == 0 || claim.before(at) == ",";
    match (&all[..], &none[..], &only[..]) {
        ([at], [], []) if is_first(*at) => {
            let at = *at;
            claim.take(at..at + 1);
            Some((Quantifier::All, at + 1))
        }
        ([], [at], []) if is_first(*at) => {
            let at = *at;
            claim.take(at..at + 1);
            Some((Quantifier::None, at + 1))
        }
        ([], [], [at]) if claim.lower(*at) == "only" && is_alone(claim, filters, table, *at) => {
            let at = *at;
            claim.take(at..at + 1);
            Some((Quantifier::Alone, at + 1))
        }
        ([], [], [] | [_]) => {
            let count = amounts.first()?;
            let (start, end) = (count.tokens.start, count.tokens.end);
            let lists = [
                "lists", "list", "names", "shows", "has", "contains", "includes", "are", "is",
                "were",
            ];
            let is_listed = claim.lower(0) == "there" || table_lists(claim, start);
            let leads = is_first(start) || only.iter().any(|at| *at + 1 == start && is_first(*at));
            let follows = is_listed && start > 0 && {
                let before = if only.iter().any(|at| *at + 1 == start) {
                    start - 1
                } else {
                    start
                };
                lists.contains(&claim.before(before))
            };
            let plain = count.unit == Unit::Count && count.low.fract() == 0.0 && count.low >= 1.0;
            if !(leads || follows) || !plain || matches!(count.bound, Limit::About | Limit::Nearly)
            {
                return None;
            }
            let is_strict = follows
                || !only.is_empty()
                || claim.lower(end) == "of"
                || count.bound != Limit::Exact;
            for at in only {
                claim.take(at..at + 1);
            }
            claim.take(count.tokens.clone());
            Some((Quantifier::Number(count, is_strict), end))
        }
        _ => None,
    }
}

/// `The table lists`, `the list has`
fn table_lists(claim: &Claim<'_>, before: usize) -> bool {
    (0..before).any(|at| {
        matches!(
            claim.lower(at),
            "table" | "list" | "file" | "catalogue" | "register"
        )
    })
}

/// `Only Ashgrove has`, `Ashgrove is the only school`.
fn is_alone(claim: &Claim<'_>, filters: &[Filter], table: &Table<'_>, at: usize) -> bool {
    let mut keys = filters.iter().filter(|filter| table.is_key(filter.column));
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return false;
    };
    at == 0 && key.tokens.start == 1 || claim.before(at) == "the" && key.tokens.end < at
}

/// Where what is said of the rows begins: behind their name and the values that narrow it.
fn predicate_start(claim: &Claim<'_>, table: &Table<'_>, filters: &[Filter], noun: usize) -> usize {
    let names_column = |at: usize| {
        let mut columns = filters.iter().map(|filter| &table.columns[filter.column]);
        columns.any(|column| column.name.contains(&claim.stems[at]))
    };
    let begins = |at: &usize| {
        matches!(claim.sentence.tags[*at], Tag::Verb | Tag::Auxiliary)
            || claim.is_free(*at) && !names_column(*at)
    };
    (noun + 1..claim.len()).find(begins).unwrap_or(claim.len())
}

/// What the rows are called, right behind the quantifier: nothing else may be counted.
fn noun(claim: &Claim<'_>, table: &Table<'_>, filters: &[Filter], after: usize) -> Option<usize> {
    let is_named = |at: usize| filters.iter().any(|filter| filter.tokens.contains(&at));
    let passed = |at: &usize| {
        let counts = claim
            .amounts()
            .iter()
            .any(|amount| amount.tokens.contains(at));
        is_named(*at) || counts || matches!(claim.lower(*at), "of" | "the" | "these" | "in" | "a")
    };
    let at = (after..claim.len()).find(|at| !passed(at))?;
    let is_row = table.row_nouns.iter().any(|stem| *stem == claim.stems[at]);
    // `Only Ashgrove has`: the name says what is meant.
    let is_name = after == 1
        && claim.lower(0) == "only"
        && filters.iter().any(|filter| filter.tokens.start == 1);
    (is_row || is_name).then_some(at)
}

/// An amount that is no number of rows.
struct NoCount;

/// The number in `all three special schools`, where there is one.
fn number_before(claim: &mut Claim<'_>, noun: usize) -> Result<Option<usize>, NoCount> {
    let amounts = claim.amounts();
    let Some(amount) = amounts.iter().find(|amount| amount.tokens.end <= noun) else {
        return Ok(None);
    };
    let exact = amount.unit == Unit::Count && amount.is_exact() && amount.low.fract() == 0.0;
    claim.take(amount.tokens.clone());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small whole number"
    )]
    let count = amount.low as usize;
    if exact { Ok(Some(count)) } else { Err(NoCount) }
}
