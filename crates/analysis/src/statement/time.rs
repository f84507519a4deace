//! Dates and spans of the calendar as a text gives them, and whether one bears out another. What a date leaves open (a year,
//! the order of `3/4/2021`) stays open.

mod impossible;
mod read;
mod spans;
mod weekdays;
mod yearless;

use std::ops::Range;

use super::token::{Token, TokenKind};

pub use impossible::{impossible_days, wrong_weekdays};
pub use weekdays::Weekdays;

/// How a date bounds what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `in 1912`, `on 4 March`
    At,
    Before,
    After,
    /// `by 1970`
    By,
    Since,
    Until,
}

/// A date or span where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Time {
    /// Its tokens, with the preposition that says how it is meant.
    pub tokens: Range<usize>,
    pub relation: Relation,
    pub when: When,
    /// The two dates of a span that was written as two: `12 June 1875 – 1 December 1947`.
    pub ends: Option<((i64, i64), (i64, i64))>,
}

/// What is named of the calendar.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// First and last day, counted from 1 January 1970; more than one reading where the text leaves it open.
    Days(Vec<(i64, i64)>),
    /// A month, or a day of a month, of no named year.
    Month { month: u32, day: Option<u32> },
    /// Days of the week.
    Weekdays(Weekdays),
}

/// What a source's date says of a claim's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    Same,
    Differs,
    Open,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

const CAPITALIZED: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Days from 1 January 1970 to a day of the Gregorian calendar.
pub fn days(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = (i64::from(month) + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// How many days a month has.
pub fn month_length(year: i64, month: u32) -> u32 {
    let (next_year, next) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    u32::try_from(days(next_year, next, 1) - days(year, month, 1)).unwrap_or(31)
}

impl Time {
    /// Compares this time, the claim's, with a source's.
    pub fn compare(&self, source: &Time) -> Agreement {
        if let Some(answer) = self
            .compare_end(source)
            .or_else(|| self.compare_in_any_year(source))
        {
            return answer;
        }
        match (&self.when, &source.when) {
            // Two spans with their ends: another one is named where they differ, unless one lies within the other.
            (When::Days(claimed), When::Days(given))
                if self.ends.is_some()
                    && source.ends.is_some()
                    && claimed.len() == 1
                    && given.len() == 1
                    && claimed != given =>
            {
                let inside = claimed[0].0 >= given[0].0 && claimed[0].1 <= given[0].1;
                if inside {
                    Agreement::Open
                } else {
                    Agreement::Differs
                }
            }
            // What was so from 2014 to 2019 was so in 2016.
            (When::Days(claimed), When::Days(given))
                if source.ends.is_some()
                    && self.relation == Relation::At
                    && source.relation == Relation::At
                    && claimed.len() == 1
                    && given.len() == 1
                    && claimed[0].0 >= given[0].0
                    && claimed[0].1 <= given[0].1 =>
            {
                Agreement::Same
            }
            (When::Days(claimed), When::Days(given)) => {
                let mut answers = claimed
                    .iter()
                    .flat_map(|one| given.iter().map(move |other| (one, other)))
                    .map(|(one, other)| {
                        let answer =
                            spans(reach(self.relation, *one), reach(source.relation, *other));
                        // What has been so since 2019 may have been so in 2021, and in 2017.
                        let lasts = matches!(source.relation, Relation::Since | Relation::Until)
                            && self.relation == Relation::At;
                        if lasts && answer == Agreement::Differs {
                            Agreement::Open
                        } else {
                            answer
                        }
                    });
                let Some(first) = answers.next() else {
                    return Agreement::Open;
                };
                if answers.all(|answer| answer == first) {
                    first
                } else {
                    Agreement::Open
                }
            }
            (
                When::Month { month, day },
                When::Month {
                    month: other,
                    day: given,
                },
            ) => {
                if month != other {
                    return Agreement::Differs;
                }
                match (day, given) {
                    (Some(one), Some(two)) if one != two => Agreement::Differs,
                    (Some(_), None) => Agreement::Open,
                    _ => Agreement::Same,
                }
            }
            (When::Month { month, day }, When::Days(given)) => {
                let [(first, last)] = given.as_slice() else {
                    return Agreement::Open;
                };
                let (_, from_month, from_day) = civil(*first);
                let (_, to_month, _) = civil(*last);
                if last - first > 31 {
                    Agreement::Open
                } else if from_month != *month || to_month != *month {
                    Agreement::Differs
                } else if first == last && day.is_some_and(|day| day != from_day) {
                    Agreement::Differs
                } else if day.is_none() || first == last {
                    Agreement::Same
                } else {
                    Agreement::Open
                }
            }
            (When::Days(claimed), When::Month { month, day }) => {
                let [(first, last)] = claimed.as_slice() else {
                    return Agreement::Open;
                };
                let (_, from_month, from_day) = civil(*first);
                if last - first <= 31
                    && (from_month != *month
                        || (first == last && day.is_some_and(|day| day != from_day)))
                {
                    Agreement::Differs
                } else {
                    Agreement::Open
                }
            }
            (When::Weekdays(claimed), When::Weekdays(given)) => claimed.compare(*given),
            _ => Agreement::Open,
        }
    }

    /// The only span it names, where it names a year.
    pub fn span(&self) -> Option<(i64, i64)> {
        match &self.when {
            When::Days(spans) if spans.len() == 1 => spans.first().copied(),
            _ => None,
        }
    }
}

fn reach(relation: Relation, (first, last): (i64, i64)) -> (i64, i64) {
    match relation {
        Relation::At => (first, last),
        Relation::Before => (i64::MIN, first - 1),
        Relation::After => (last + 1, i64::MAX),
        Relation::By => (i64::MIN, last),
        // What has been so since, or was so until, is named by that one end.
        Relation::Since | Relation::Until => (first, last),
    }
}

fn spans(claim: (i64, i64), given: (i64, i64)) -> Agreement {
    if given.0 >= claim.0 && given.1 <= claim.1 {
        Agreement::Same
    } else if given.1 < claim.0 || given.0 > claim.1 {
        Agreement::Differs
    } else {
        Agreement::Open
    }
}

/// Year, month and day of a day counted from 1 January 1970.
pub fn civil(day: i64) -> (i64, u32, u32) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    (
        year,
        u32::try_from(month).unwrap_or(1),
        u32::try_from(day).unwrap_or(1),
    )
}

/// The times of a sentence in order.
pub fn times(tokens: &[Token]) -> Vec<Time> {
    let reader = Reader { tokens };
    let mut found: Vec<Time> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match reader.time(at) {
            Some(time) => {
                at = time.tokens.end;
                found.push(time);
            }
            None => at += 1,
        }
    }
    found
}

struct Reader<'t> {
    tokens: &'t [Token],
}

impl Reader<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn number(&self, at: usize) -> Option<u32> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Number)?;
        token.lower.parse().ok()
    }

    fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |at| self.lower(at))
    }

    fn time(&self, at: usize) -> Option<Time> {
        let (when, end, ends) = if let Some((both, end, first, last)) = self.days_of_a_month(at) {
            (both, end, Some((first, last)))
        } else {
            let (when, end) = self.when(at)?;
            match self.until(at, &when, end) {
                Some((both, end, first, last)) => (both, end, Some((first, last))),
                None => (when, end, None),
            }
        };
        let mut start = at;
        if matches!(self.before(start), "the" | "early" | "late" | "mid" | "-") {
            start -= 1;
            if self.before(start) == "mid" {
                start -= 1;
            }
        }
        let (relation, taken) = match self.before(start) {
            "before" => (Relation::Before, 1),
            "to" if start >= 2 && self.lower(start - 2) == "prior" => (Relation::Before, 2),
            "after" => (Relation::After, 1),
            "by" => (Relation::By, 1),
            "since" => (Relation::Since, 1),
            "until" | "till" => (Relation::Until, 1),
            "in" | "on" | "at" | "of" | "during" | "for" | "from" | "between" => (Relation::At, 1),
            _ => (Relation::At, 0),
        };
        // `three months from May`, `the end of 2024`: `of` and `from` may belong to a noun; the date is the same.
        Some(Time {
            tokens: start - taken..end,
            relation,
            when,
            ends,
        })
    }
}

fn year_span(year: i64) -> (i64, i64) {
    (days(year, 1, 1), days(year, 12, 31))
}
