//! A value that rose or fell from one time that the claim names to another.

use super::between::{Sides, Span, column, concluded, finish, judged, operand, take_share};
use super::claim::Claim;
use super::graded::Graded;
use super::table::Table;
use crate::statement::quantity::Unit;
use crate::statement::time::{civil, days};
use crate::verdict::binding::Bound;

/// `sales rose from the first to the second quarter of 2023`.
pub(super) fn rising(claim: &Claim<'_>, table: &Table<'_>) -> Option<(usize, Bound)> {
    let mut claim = claim.clone();
    let mut verbs = (0..claim.len()).filter_map(|at| Some((at, direction(claim.lower(at))?)));
    let ((at, sign), None) = (verbs.next()?, verbs.next()) else {
        return None;
    };
    claim.take(at..at + 1);
    let filters = table.filters(&claim)?;
    for filter in &filters {
        claim.take(filter.tokens.clone());
    }
    if !claim
        .amounts()
        .iter()
        .all(|amount| amount.unit == Unit::Ordinal)
    {
        return None;
    }
    let (early, late) = ends(&mut claim)?;
    let sides = Sides {
        filters: [filters.clone(), filters.clone()],
        times: vec![[Some(late), Some(early)]],
    };
    let graded = Graded::of_named(sign);
    let column = column(&mut claim, table, &graded, &sides)?;
    take_share(&mut claim, table, column);
    finish(&mut claim, table, &filters, None)?;
    let (row, this) = operand(table, &filters, column, Some(late))?;
    let (other, that) = operand(table, &filters, column, Some(early))?;
    if row.record == other.record && this.title == that.title {
        return None;
    }
    let holds = judged(&this, &that, sign, None)?;
    concluded(table, &[(row, holds, this, that)])
}

fn direction(lower: &str) -> Option<f64> {
    match lower {
        "rose" | "grew" | "increased" | "climbed" => Some(1.0),
        "fell" | "dropped" | "declined" | "decreased" | "shrank" | "sank" => Some(-1.0),
        _ => None,
    }
}

/// The two times that a change leads from and to.
fn ends(claim: &mut Claim<'_>) -> Option<(Span, Span)> {
    let times: Vec<_> = claim.sentence.times.iter().collect();
    let found = match times[..] {
        [one] if one.ends.is_some() => one.ends?,
        [one, two]
            if claim.lower(one.tokens.start) == "from"
                || claim.before(one.tokens.start) == "from" =>
        {
            (one.span()?, two.span()?)
        }
        [one] => {
            let span = one.span()?;
            let (year, month, day) = civil(span.0);
            let is_quarter = (89..93).contains(&(span.1 - span.0 + 1)) && day == 1;
            let start = one.tokens.start;
            let to = (0..=start).rev().find(|at| claim.lower(*at) == "to")?;
            let place = ["first", "second", "third"]
                .iter()
                .position(|word| *word == claim.before(to))?;
            let from = (0..to).rev().find(|at| claim.lower(*at) == "from")?;
            let first = u32::try_from(place * 3 + 1).ok()?;
            if !is_quarter || to < from + 2 || to - from > 4 || first >= month {
                return None;
            }
            claim.take(from..to);
            let last = crate::statement::time::month_length(year, first + 2);
            ((days(year, first, 1), days(year, first + 2, last)), span)
        }
        _ => return None,
    };
    for time in times {
        claim.take(time.tokens.clone());
    }
    (found.0.1 < found.1.0).then_some(found)
}
