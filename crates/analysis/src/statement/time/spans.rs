//! Spans of two dates, decades and centuries.

use super::yearless::within_a_year;
use super::{MONTHS, Reader, When, civil, days, month_length, year_span};

/// Of the last century, where none is named.
const DECADES: [&str; 8] = [
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
];

impl Reader<'_> {
    /// `H1 2024`, `the first half of 2024`.
    pub(super) fn half(&self, at: usize) -> Option<(When, usize)> {
        let (half, after) = match (self.lower(at), self.lower(at + 1)) {
            ("h1", _) => (0, at + 1),
            ("h2", _) => (1, at + 1),
            ("first", "half") => (0, at + 2),
            ("second" | "latter", "half") => (1, at + 2),
            _ => return None,
        };
        let (year, end) = self.year_at(after)?;
        let first = half * 6 + 1;
        let span = (
            days(year, first, 1),
            days(year, first + 5, month_length(year, first + 5)),
        );
        Some((When::Days(vec![span]), end))
    }

    /// `the 1960s`, `the 20th century`.
    pub(super) fn century_or_decade(&self, at: usize) -> Option<(When, usize)> {
        let decade = |year: i64, end: usize| {
            (
                When::Days(vec![(days(year, 1, 1), days(year + 9, 12, 31))]),
                end,
            )
        };
        if let Some(year) = self.number(at)
            && self.lower(at).len() == 4
            && year % 10 == 0
            && let Some(end) = self.plural_end(at)
        {
            let year = i64::from(year);
            let (mut when, end) = decade(year, end);
            // `the 1900s` are ten years or a hundred.
            if let When::Days(readings) = &mut when
                && year % 100 == 0
            {
                readings.push((days(year, 1, 1), days(year + 99, 12, 31)));
            }
            return Some((when, end));
        }
        if let Some(place) = DECADES.iter().position(|word| *word == self.lower(at))
            && self.is_of_the_calendar(at)
        {
            let tens = i64::try_from(place).ok()?;
            return Some(decade(1920 + 10 * tens, at + 1));
        }
        let (place, after) = match self.number(at) {
            Some(place) if matches!(self.lower(at + 1), "st" | "nd" | "rd" | "th") => {
                (place, at + 2)
            }
            _ => self.day(at).filter(|_| self.number(at).is_none())?,
        };
        if self.lower(after) != "century" || !(1..=22).contains(&place) {
            return None;
        }
        let last = i64::from(place) * 100;
        let (first, last, end) = if self.lower(after + 1) == "bc" {
            (1 - last, 100 - last, after + 2)
        } else {
            (last - 99, last, after + 1)
        };
        Some((
            When::Days(vec![(days(first, 1, 1), days(last, 12, 31))]),
            end,
        ))
    }

    /// The end of `1960s` or `1960's` after its figure.
    fn plural_end(&self, at: usize) -> Option<usize> {
        let glued = |at: usize| self.tokens.get(at).is_some_and(|token| token.glued);
        match (self.lower(at + 1), self.lower(at + 2)) {
            ("s", _) if glued(at + 1) => Some(at + 2),
            ("'" | "’", "s") if glued(at + 1) && glued(at + 2) => Some(at + 3),
            _ => None,
        }
    }

    /// `in the seventies`, `the early seventies`, but not `in his seventies`.
    fn is_of_the_calendar(&self, at: usize) -> bool {
        let before = |back: usize| at.checked_sub(back).map_or("", |at| self.lower(at));
        before(1) == "the" || matches!(before(1), "early" | "mid" | "late") && before(2) == "the"
    }

    /// The second half of a span: `1618 to 1648`, `between 1960 and 1970`, `1914–1918`.
    #[expect(
        clippy::type_complexity,
        reason = "the span, where it ends, and its two dates"
    )]
    pub(super) fn until(
        &self,
        at: usize,
        first: &When,
        end: usize,
    ) -> Option<(When, usize, (i64, i64), (i64, i64))> {
        let link = self.lower(end);
        let is_range = match link {
            "and" => self.before(at) == "between",
            "until" | "till" => self.before(at) == "from",
            "to" => self.before(at) != "from" || self.number(end + 1).is_some(),
            "–" | "-" | "—" | "−" => true,
            _ => false,
        };
        if !is_range {
            return None;
        }
        let short = self.number(end + 1).filter(|year| {
            let is_day = MONTHS.contains(&self.lower(end + 2));
            link != "to"
                && link != "and"
                && *year < 100
                && self.lower(end + 1).len() == 2
                && !is_day
        });
        let (second, second_end) = match short {
            // `2019–21`
            Some(year) => {
                let When::Days(first) = first else {
                    return None;
                };
                let (from, _, _) = civil(first.first()?.0);
                let year = from - from.rem_euclid(100) + i64::from(year);
                (When::Days(vec![year_span(year)]), end + 2)
            }
            None => self.when(end + 1)?,
        };
        if let (When::Month { .. }, When::Month { .. }) = (first, &second) {
            return within_a_year(first, &second, second_end);
        }
        let When::Days(second) = second else {
            return None;
        };
        let first = match first {
            When::Days(first) => first.clone(),
            // `3 May to 12 June 2021`: the year is named once.
            When::Month { month, day } => {
                let (year, _, _) = civil(second.first()?.0);
                let (from, to) = day.map_or((1, month_length(year, *month)), |day| (day, day));
                vec![(days(year, *month, from), days(year, *month, to))]
            }
            When::Weekdays(_) => return None,
        };
        let (from, to) = (first.first()?.0, second.first()?.1);
        // `from 20 in 2010 to 25 in 2020` has its figures between; here two dates stand side by side.
        (from <= to && first.len() == 1 && second.len() == 1).then(|| {
            (
                When::Days(vec![(from, to)]),
                second_end,
                first[0],
                second[0],
            )
        })
    }
}
