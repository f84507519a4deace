//! Dates that the calendar does not have.

use std::ops::Range;

use super::{CAPITALIZED, Reader, WEEKDAYS, When, month_length};
use crate::statement::token::Token;

/// Days that their month does not have (`30 February`, `April 31`): the tokens, and how many days it has.
pub fn impossible_days(tokens: &[Token]) -> Vec<(Range<usize>, u32)> {
    let reader = Reader { tokens };
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let named = reader
            .day(at)
            .and_then(|(day, after)| {
                let after = if reader.lower(after) == "of" {
                    after + 1
                } else {
                    after
                };
                reader.month(after).map(|month| (day, month, at, after + 1))
            })
            .or_else(|| {
                let month = reader.month(at)?;
                let (day, end) = reader
                    .day(at + 1)
                    .filter(|_| reader.number(at + 1).is_some())?;
                Some((day, month, at, end))
            });
        let Some((day, month, start, end)) = named else {
            continue;
        };
        let (year, end) = reader
            .year_at(end)
            .map_or((None, end), |(year, end)| (Some(year), end));
        // Without a year, February may have 29 days.
        let length = month_length(year.unwrap_or(2000), month);
        if day > length
            && !found
                .iter()
                .any(|(range, _): &(Range<usize>, u32)| range.contains(&start))
        {
            found.push((start..end, length));
        }
    }
    found
}

/// Weekdays beside a date that fell on another: the tokens, and the day that it was.
pub fn wrong_weekdays(tokens: &[Token]) -> Vec<(Range<usize>, &'static str)> {
    let reader = Reader { tokens };
    (0..tokens.len())
        .filter_map(|at| {
            let lower = reader.lower(at);
            let said = WEEKDAYS.iter().position(|day| *day == lower)?;
            let next = if reader.lower(at + 1) == "," {
                at + 2
            } else {
                at + 1
            };
            let (When::Days(spans), end) = reader
                .day_and_month(next)
                .or_else(|| reader.month_first(next))?
            else {
                return None;
            };
            let [(first, last)] = spans.as_slice() else {
                return None;
            };
            // 1 January 1970 was a Thursday.
            let real = usize::try_from((first + 3).rem_euclid(7)).ok()?;
            (first == last && real != said).then(|| (at..end, CAPITALIZED[real]))
        })
        .collect()
}
