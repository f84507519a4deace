//! Days of the week and sets of them: `Mondays`, `Monday to Friday`, `on weekdays`, `every day except Tuesday`.

use super::{Agreement, Reader, WEEKDAYS, When};
use crate::statement::token::TokenKind;

/// A set of weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Weekdays(u8);

/// Shorter names, from Monday on.
const SHORT: [&str; 7] = [
    "mon",
    "tue tues",
    "wed weds",
    "thu thur thurs",
    "fri",
    "sat",
    "sun",
];

impl Weekdays {
    /// Monday to Friday.
    const WORKING: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    const WEEKEND: Self = Self(0b110_0000);
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);

    /// One day; 0 is Monday.
    fn one(day: usize) -> Self {
        Self(1 << (day % 7))
    }

    /// From the one day to the other, over the weekend where the second comes before the first.
    fn between(first: usize, last: usize) -> Self {
        let days = (last + 7 - first) % 7;
        (0..=days).fold(Self(0), |all, by| all.with(Self::one(first + by)))
    }

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is so on these days, beside what the claim says of its own: on some of them, on others, or on more of them.
    pub(super) fn compare(self, given: Self) -> Agreement {
        let both = self.0 & given.0;
        if both == self.0 {
            Agreement::Same
        // `every day` beside `Monday to Friday`
        } else if both == 0 || both == given.0 && self.0.count_ones() >= 5 {
            Agreement::Differs
        } else {
            Agreement::Open
        }
    }

    /// Whether some day is in both.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl Reader<'_> {
    /// The weekdays that stand at a token, with all that are joined to them.
    pub(super) fn weekdays(&self, at: usize) -> Option<(When, usize)> {
        let (mut days, mut end) = self.some_days(at)?;
        loop {
            let next = match self.lower(end) {
                "," if matches!(self.lower(end + 1), "and" | "or" | "&") => end + 2,
                "," | "and" | "or" | "&" => end + 1,
                _ => break,
            };
            // Of a list only what is called by its own name: `Monday, Tuesday and Friday`.
            let Some((others, after)) = self.some_days(next).filter(|_| self.is_a_day(next)) else {
                break;
            };
            // `Monday to Friday 9 to 5, Saturday 10 to 2`: each with its own hours.
            if self.has_hours(after) || self.is_dated(next) {
                break;
            }
            days = days.with(others);
            end = after;
        }
        let is_exception = match self.lower(end) {
            "except" | "excluding" => true,
            "but" => days.0.count_ones() > 2,
            "apart" => self.lower(end + 1) == "from",
            _ => false,
        };
        let except = if matches!(self.lower(end + 1), "for" | "on" | "from") {
            end + 2
        } else {
            end + 1
        };
        if is_exception
            && let Some((others, after)) = self.some_days(except)
            && self.is_a_day(except)
        {
            days = days.without(others);
            end = after;
        }
        (days.0 != 0).then_some((When::Weekdays(days), end))
    }

    /// One day, a span of days, or a word for several.
    fn some_days(&self, at: usize) -> Option<(Weekdays, usize)> {
        if let Some(day) = self.day_of_week(at) {
            let link = self.lower(at + 1);
            let range = matches!(link, "to" | "through" | "–" | "-" | "—" | "till" | "until");
            if range && let Some(last) = self.day_of_week(at + 2) {
                return Some((Weekdays::between(day, last), at + 3));
            }
            return Some((Weekdays::one(day), at + 1));
        }
        let led = matches!(
            self.before(at),
            "on" | "at" | "over" | "during" | "every" | "each" | "and" | "or" | "the"
        );
        match self.lower(at) {
            // `free except at weekends`: on all other days.
            "except" | "excluding" => {
                let next = if matches!(self.lower(at + 1), "on" | "at" | "for") {
                    at + 2
                } else {
                    at + 1
                };
                let (others, end) = self.some_days(next).filter(|_| self.is_a_day(next))?;
                Some((Weekdays::ALL.without(others), end))
            }
            "weekdays" => Some((Weekdays::WORKING, at + 1)),
            "weekends" => Some((Weekdays::WEEKEND, at + 1)),
            "weekday" if led => Some((Weekdays::WORKING, at + 1)),
            "weekend" if led && self.before(at) != "the" => Some((Weekdays::WEEKEND, at + 1)),
            "every" if self.lower(at + 1) == "day" => Some((Weekdays::ALL, at + 2)),
            "daily" if self.ends_a_phrase(at + 1) => Some((Weekdays::ALL, at + 1)),
            _ => None,
        }
    }

    /// Which day of the week a word names; 0 is Monday. A short name counts only beside another day or an hour.
    fn day_of_week(&self, at: usize) -> Option<usize> {
        let token = self
            .tokens
            .get(at)
            .filter(|token| token.kind == TokenKind::Word && token.capital)?;
        let lower = token.lower.as_str();
        let whole = lower.strip_suffix('s').unwrap_or(lower);
        if let Some(day) = WEEKDAYS.iter().position(|day| *day == whole) {
            return Some(day);
        }
        let short = SHORT
            .iter()
            .position(|names| names.split(' ').any(|name| name == lower))?;
        let is_link = |at: usize| matches!(self.lower(at), "to" | "–" | "-" | "—" | "&" | "/");
        let is_word = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| token.kind == TokenKind::Word && token.capital)
        };
        let beside = is_link(at + 1) && is_word(at + 2)
            || at > 1 && is_link(at - 1) && is_word(at - 2)
            || self.has_hours(at + 1);
        beside.then_some(short)
    }

    /// Whether a day is called by its own name here.
    fn is_a_day(&self, at: usize) -> bool {
        self.day_of_week(at).is_some() || matches!(self.lower(at), "weekdays" | "weekends")
    }

    /// Whether a date follows the day's name, which then says more.
    fn is_dated(&self, at: usize) -> bool {
        let next = if self.lower(at + 1) == "," {
            at + 2
        } else {
            at + 1
        };
        self.day_and_month(next)
            .or_else(|| self.month_first(next))
            .is_some()
    }

    /// Whether a figure follows, after a colon, a comma or `from` at most: `Saturday: 10 to 2`.
    fn has_hours(&self, at: usize) -> bool {
        let next = if matches!(self.lower(at), ":" | "," | "from" | "at") {
            at + 1
        } else {
            at
        };
        self.number(next).is_some()
            || self
                .tokens
                .get(next)
                .is_some_and(|token| token.kind == TokenKind::Number)
    }

    /// Whether nothing that the word could describe follows: `opens daily.`, not `the daily rate`.
    fn ends_a_phrase(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| {
            token.kind == TokenKind::Sign
                || matches!(
                    token.lower.as_str(),
                    "from" | "at" | "except" | "until" | "between" | "and" | "in" | "for" | "but"
                )
        })
    }
}
