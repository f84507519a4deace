//! The dates that stand at a token: days, months, quarters, decades, centuries, weekdays and years.

use super::{MONTHS, Reader, WEEKDAYS, When, days, month_length, year_span};
use crate::statement::lexical;
use crate::statement::quantity::Unit;
use crate::statement::token::TokenKind;

/// Days of a month in words.
const DAYS: &str = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth \
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth";

impl Reader<'_> {
    pub(super) fn when(&self, at: usize) -> Option<(When, usize)> {
        self.numeric(at)
            .or_else(|| self.year_and_month(at))
            .or_else(|| self.day_and_month(at))
            .or_else(|| self.month_first(at))
            .or_else(|| self.quarter(at))
            .or_else(|| self.half(at))
            .or_else(|| self.century_or_decade(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.year(at))
    }

    /// `1967-01-15`, `15/01/1967`, `04.03.2021`.
    pub(super) fn numeric(&self, at: usize) -> Option<(When, usize)> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Number)?;
        let (parts, end): (Vec<String>, usize) = if token.lower.matches('.').count() == 2 {
            (token.lower.split('.').map(str::to_owned).collect(), at + 1)
        } else {
            let sign = self.lower(at + 1);
            if !matches!(sign, "-" | "/") || self.lower(at + 3) != sign {
                return None;
            }
            let glued =
                (at + 1..at + 5).all(|at| self.tokens.get(at).is_some_and(|token| token.glued));
            if !glued {
                return None;
            }
            let parts = [at, at + 2, at + 4].map(|at| self.lower(at).to_owned());
            (parts.to_vec(), at + 5)
        };
        let [one, two, three] = parts.as_slice() else {
            return None;
        };
        let number = |part: &str| part.parse::<u32>().ok();
        let readings: Vec<(i64, u32, u32)> = if one.len() == 4 {
            vec![(i64::from(number(one)?), number(two)?, number(three)?)]
        } else if three.len() == 4 {
            let year = i64::from(number(three)?);
            let (first, second) = (number(one)?, number(two)?);
            let day_first = (year, second, first);
            let month_first = (year, first, second);
            // A full stop between figures is the European style: the day comes first.
            if token.lower.contains('.') || first == second {
                vec![day_first]
            } else {
                vec![day_first, month_first]
            }
        } else {
            return None;
        };
        let spans: Vec<(i64, i64)> = readings
            .into_iter()
            .filter(|(year, month, day)| {
                (1..=12).contains(month) && *day >= 1 && *day <= month_length(*year, *month)
            })
            .map(|(year, month, day)| (days(year, month, day), days(year, month, day)))
            .collect();
        (!spans.is_empty()).then_some((When::Days(spans), end))
    }

    /// `2024-01`: a month by its number, with a nought before it; `2010-11` may be a season.
    fn year_and_month(&self, at: usize) -> Option<(When, usize)> {
        let year = self.number(at).filter(|_| self.lower(at).len() == 4)?;
        let month = self.number(at + 2)?;
        let written = self.lower(at + 2);
        let whole = self.tokens.len() == 3;
        let plain = written.len() == 2 && (written.starts_with('0') || whole);
        let glued = (at + 1..at + 3).all(|at| self.tokens.get(at).is_some_and(|token| token.glued));
        if self.lower(at + 1) != "-"
            || !plain
            || !glued
            || !(1..=12).contains(&month)
            || !(1000..2200).contains(&year)
        {
            return None;
        }
        let year = i64::from(year);
        let span = (
            days(year, month, 1),
            days(year, month, month_length(year, month)),
        );
        Some((When::Days(vec![span]), at + 3))
    }

    pub(super) fn month(&self, at: usize) -> Option<u32> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Word)?;
        let lower = token.lower.as_str();
        let place = MONTHS.iter().position(|month| {
            *month == lower
                || (lower.len() >= 3
                    && token.capital
                    && (*month).starts_with(lower)
                    && (lower.len() == 3 || lower == "sept"))
        })?;
        if !token.capital {
            return None;
        }
        // `May` and `March` begin sentences as verbs too: a month stands beside a number or after a preposition.
        let is_common_word = matches!(
            lower,
            "may" | "march" | "mar" | "dec" | "jan" | "sep" | "oct" | "jun"
        );
        let beside_number = self.number(at + 1).is_some()
            || at.checked_sub(1).is_some_and(|before| {
                self.number(before).is_some()
                    || matches!(self.lower(before), "th" | "st" | "nd" | "rd" | "of")
            });
        let after_preposition = matches!(
            self.before(at),
            "in" | "on"
                | "by"
                | "since"
                | "until"
                | "of"
                | "before"
                | "after"
                | "early"
                | "late"
                | "mid"
                | "during"
                | "from"
                | "to"
                | "last"
                | "next"
                | "this"
                | "between"
                | "and"
                | "every"
                | "each"
                | "for"
                | "-"
                | ","
                | "–"
        );
        (!is_common_word || beside_number || after_preposition)
            .then(|| u32::try_from(place + 1).unwrap_or(1))
    }

    /// A day of a month: `15`, `15th`, `fifteenth`.
    pub(super) fn day(&self, at: usize) -> Option<(u32, usize)> {
        if let Some(day) = self.number(at) {
            let end = if matches!(self.lower(at + 1), "st" | "nd" | "rd" | "th") {
                at + 2
            } else {
                at + 1
            };
            return (1..=31).contains(&day).then_some((day, end));
        }
        let word = self.lower(at);
        if let Some(day) = DAYS.split_whitespace().position(|day| day == word) {
            return Some((u32::try_from(day + 1).ok()?, at + 1));
        }
        if word == "thirtieth" {
            return Some((30, at + 1));
        }
        if matches!(word, "twenty" | "thirty") {
            let next = if self.lower(at + 1) == "-" {
                at + 2
            } else {
                at + 1
            };
            let ones = DAYS
                .split_whitespace()
                .position(|day| day == self.lower(next))?;
            let tens = if word == "twenty" { 20 } else { 30 };
            let day = tens + u32::try_from(ones + 1).ok()?;
            return (day <= 31).then_some((day, next + 1));
        }
        None
    }

    pub(super) fn year_at(&self, at: usize) -> Option<(i64, usize)> {
        let at = if self.lower(at) == "," || self.lower(at) == "of" {
            at + 1
        } else {
            at
        };
        let year = self.number(at)?;
        (self.lower(at).len() == 4 && (1000..=2199).contains(&year))
            .then_some((i64::from(year), at + 1))
    }

    /// `15 January 1967`, `the fifteenth of January, 1967`, `Tuesday 13 May 2024`.
    pub(super) fn day_and_month(&self, at: usize) -> Option<(When, usize)> {
        let (day, after) = self.day(at)?;
        let after = if self.lower(after) == "of" {
            after + 1
        } else {
            after
        };
        let month = self.month(after)?;
        Some(self.dated(month, Some(day), after + 1))
    }

    /// `January 15, 1967`, `Jan 1967`, `in May`.
    pub(super) fn month_first(&self, at: usize) -> Option<(When, usize)> {
        let month = self.month(at)?;
        let after = if self.lower(at + 1) == "." && self.number(at + 2).is_some() {
            at + 2
        } else {
            at + 1
        };
        match self.day(after).filter(|_| self.number(after).is_some()) {
            Some((day, end)) if self.year_at(after).is_none() => {
                Some(self.dated(month, Some(day), end))
            }
            _ => Some(self.dated(month, None, after)),
        }
    }

    pub(super) fn dated(&self, month: u32, day: Option<u32>, end: usize) -> (When, usize) {
        match self.year_at(end) {
            Some((year, end)) => {
                let span = match day {
                    Some(day) => (
                        days(year, month, day.min(month_length(year, month))),
                        days(year, month, day.min(month_length(year, month))),
                    ),
                    None => (
                        days(year, month, 1),
                        days(year, month, month_length(year, month)),
                    ),
                };
                (When::Days(vec![span]), end)
            }
            None => (When::Month { month, day }, end),
        }
    }

    /// `Q3 2024`, `the third quarter of 2024`.
    pub(super) fn quarter(&self, at: usize) -> Option<(When, usize)> {
        let word = self.lower(at);
        let (quarter, after) = match word {
            "q1" => (1, at + 1),
            "q2" => (2, at + 1),
            "q3" => (3, at + 1),
            "q4" => (4, at + 1),
            _ => {
                let (place, after) = self.day(at)?;
                if self.lower(after) != "quarter" || place > 4 {
                    return None;
                }
                (place, after + 1)
            }
        };
        let (year, end) = self.year_at(after)?;
        let first = quarter * 3 - 2;
        let span = (
            days(year, first, 1),
            days(year, first + 2, month_length(year, first + 2)),
        );
        Some((When::Days(vec![span]), end))
    }

    /// `Tuesday 13 May 2024`, where the date says it; else days of the week.
    pub(super) fn weekday(&self, at: usize) -> Option<(When, usize)> {
        let token = self.tokens.get(at)?;
        let lower = token.lower.strip_suffix('s').unwrap_or(&token.lower);
        if token.capital && WEEKDAYS.contains(&lower) {
            let next = if self.lower(at + 1) == "," {
                at + 2
            } else {
                at + 1
            };
            let dated = self.day_and_month(next).or_else(|| self.month_first(next));
            if dated.is_some() {
                return dated;
            }
        }
        self.weekdays(at)
    }

    /// `1912`, `in 2022`, `50 BC`.
    pub(super) fn year(&self, at: usize) -> Option<(When, usize)> {
        let year = self.number(at)?;
        if matches!(self.lower(at + 1), "bc" | "bce") {
            return Some((When::Days(vec![year_span(1 - i64::from(year))]), at + 2));
        }
        if matches!(self.lower(at + 1), "ad" | "ce") && year < 2200 {
            return Some((When::Days(vec![year_span(i64::from(year))]), at + 2));
        }
        if self.lower(at).len() != 4 || !(1000..=2199).contains(&year) || !self.is_year(at) {
            return None;
        }
        Some((When::Days(vec![year_span(i64::from(year))]), at + 1))
    }

    /// Four digits are a year unless they count, measure, price or number something.
    pub(super) fn is_year(&self, at: usize) -> bool {
        let before = self.before(at);
        let next = self.tokens.get(at + 1);
        let next_word = self.lower(at + 1);
        if matches!(
            before,
            "$" | "€"
                | "£"
                | "#"
                | "-"
                | "−"
                | "~"
                | "<"
                | ">"
                | "page"
                | "no"
                | "number"
                | "about"
                | "around"
                | "approximately"
                | "than"
                | "least"
                | "most"
                | "over"
                | "nearly"
                | "almost"
        ) && before != "-"
        {
            return false;
        }
        if matches!(before, "." | "/") && self.tokens[at].glued {
            return false;
        }
        let Some(next) = next else {
            return true;
        };
        if next.glued && next.kind == TokenKind::Word {
            return false;
        }
        if matches!(
            next_word,
            "%" | "€" | "°" | "£" | "$" | "percent" | "million" | "billion" | "thousand"
        ) {
            return false;
        }
        if next.kind == TokenKind::Word && Unit::is_unit(next_word) {
            return false;
        }
        let is_noun = next.kind == TokenKind::Word
            && !lexical::is_function_word(next_word)
            && !lexical::is_common_verb(next_word);
        if !is_noun {
            return true;
        }
        // `the 2023 report`, `In 2022 visitors came`; but `had 2023 employees`.
        matches!(
            before,
            "in" | "the"
                | "a"
                | "its"
                | "their"
                | "our"
                | "since"
                | "by"
                | "of"
                | "during"
                | "until"
                | "from"
                | "this"
                | ","
                | ""
                | "and"
                | "for"
                | "("
                | "after"
                | "before"
                | "'s"
        ) && !(before.is_empty()
            && next_word.ends_with('s')
            && self.lower(at + 2) != "were"
            && self.lower(at + 2) != "was")
    }
}
