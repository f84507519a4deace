//! Hours of the day: `17:30`, `5:30 p.m.`, `noon`, `a quarter past eleven`, `two in the afternoon`.

use std::ops::Range;

use super::{Parser, TokenKind};
use crate::statement::quantity::{Bound, Quantity, Role, Unit};

/// Minutes of half a day, by which the hours of a clock without morning and evening are told apart.
const HALF_A_DAY: u32 = 12 * 60;

/// Numbers that hours and minutes are said by.
const SPOKEN: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen \
    eighteen nineteen twenty";

impl Parser<'_> {
    /// `a quarter past eleven`, `ten to midnight`, `half past six in the evening`, `nine in the morning`.
    fn spoken(&self, at: usize) -> Option<Quantity> {
        let mut start = at;
        if self.lower(start) == "a" && self.lower(start + 1) == "quarter" {
            start += 1;
        }
        let (minutes, after) = match self.lower(start) {
            "quarter" => (15, start + 1),
            "half" => (30, start + 1),
            _ => self.minutes(start).unwrap_or((0, start)),
        };
        let (hour, hour_end, shift) = match self.lower(after) {
            "past" if after > start => {
                let (hour, end) = self.hour(after + 1)?;
                (hour, end, i64::from(minutes))
            }
            "to" if after > start && minutes != 30 => {
                let (hour, end) = self.hour(after + 1)?;
                // `two to three` is a range where nothing says that it is an hour.
                let is_hour = self.lower(start) == "quarter"
                    || hour.is_named
                    || self.lower(after - 1) == "minutes"
                    || self.part_of_day(end).is_some();
                if !is_hour {
                    return None;
                }
                (hour, end, -i64::from(minutes))
            }
            _ => {
                let (hour, end) = self.hour(start)?;
                // A bare number is no hour.
                if hour.is_named || self.part_of_day(end).is_none() {
                    return None;
                }
                (hour, end, 0)
            }
        };
        let part = self.part_of_day(hour_end);
        let of_the_day = i64::from(hour.minutes) + shift;
        let whole_day = i64::from(2 * HALF_A_DAY);
        let minute = |of_the_day: i64| u32::try_from(of_the_day.rem_euclid(whole_day)).ok();
        let (is_late, end) = match part {
            Some((is_late, end)) => (Some(is_late), end),
            None => (None, hour_end),
        };
        let half = i64::from(HALF_A_DAY);
        Some(match (hour.is_named, is_late) {
            (true, _) => at_minute(at..hour_end, minute(of_the_day)?),
            (false, Some(is_late)) => {
                let late = if is_late { half } else { 0 };
                at_minute(at..end, minute(of_the_day.rem_euclid(half) + late)?)
            }
            (false, None) => Quantity {
                alternative: Some(f64::from(minute(of_the_day + half)?)),
                ..at_minute(at..end, minute(of_the_day)?)
            },
        })
    }

    /// `between 8:00 and 9:30` is one span, not two hours.
    pub(super) fn join_hours(&self, found: &mut Vec<Quantity>) {
        let mut index = 1;
        while index < found.len() {
            let (first, second) = (&found[index - 1], &found[index]);
            let is_led = first
                .tokens
                .start
                .checked_sub(1)
                .is_some_and(|before| self.lower(before) == "between");
            let is_joined = first.tokens.end + 1 == second.tokens.start
                && self.lower(first.tokens.end) == "and";
            let hours = first.unit == Unit::Clock
                && second.unit == Unit::Clock
                && first.alternative.is_none()
                && second.alternative.is_none()
                && first.low < second.low;
            if is_led && is_joined && hours {
                let second = found.remove(index);
                let first = &mut found[index - 1];
                first.high = second.high;
                first.bound = Bound::Between;
                first.tokens.end = second.tokens.end;
            } else {
                index += 1;
            }
        }
    }

    /// `ten`, `twenty-five`, with `minutes` after it or not.
    fn minutes(&self, at: usize) -> Option<(u32, usize)> {
        let mut minutes = number(self.lower(at))?;
        let mut end = at + 1;
        if minutes == 20
            && self.lower(end) == "-"
            && let Some(more) = number(self.lower(end + 1)).filter(|more| *more < 10)
        {
            minutes += more;
            end += 2;
        }
        if self.lower(end) == "minutes" {
            end += 1;
        }
        Some((minutes, end))
    }

    fn hour(&self, at: usize) -> Option<(Hour, usize)> {
        let hour = |minutes: u32, is_named: bool| Hour { minutes, is_named };
        match self.lower(at) {
            "noon" | "midday" => Some((hour(HALF_A_DAY, true), at + 1)),
            "midnight" => Some((hour(0, true), at + 1)),
            word => {
                let spoken = number(word).filter(|number| *number <= 12);
                let written = || {
                    let figure = self.tokens.get(at)?;
                    (figure.kind == TokenKind::Number)
                        .then(|| word.parse::<u32>().ok())
                        .flatten()
                        .filter(|hour| (1..=12).contains(hour))
                };
                let hours = spoken.or_else(written)?;
                let end = if self.lower(at + 1) == "o'clock" {
                    at + 2
                } else {
                    at + 1
                };
                Some((hour(hours % 12 * 60, false), end))
            }
        }
    }

    /// `in the afternoon`, `at night`, `pm`: whether it is the later half of the day, and where it ends.
    fn part_of_day(&self, at: usize) -> Option<(bool, usize)> {
        match (self.lower(at), self.lower(at + 1), self.lower(at + 2)) {
            ("in", "the", "morning") => Some((false, at + 3)),
            ("in", "the", "afternoon" | "evening") => Some((true, at + 3)),
            ("at", "night", _) => Some((true, at + 2)),
            ("am", ..) => Some((false, at + 1)),
            ("pm", ..) => Some((true, at + 1)),
            _ => None,
        }
    }

    /// `17:30`, `5:30 p.m.`, `9 a.m.`, `noon`.
    pub(super) fn clock(&self, at: usize) -> Option<Quantity> {
        if let Some(spoken) = self.spoken(at) {
            return Some(spoken);
        }
        let token = &self.tokens[at];
        let mut end = at + 1;
        let (hours, minutes) = match token.lower.as_str() {
            "noon" | "midday" => (12, 0),
            "midnight" => (0, 0),
            written if token.kind == TokenKind::Number => {
                let (hours, minutes) = written.split_once(':').unwrap_or((written, ""));
                let minutes = if minutes.is_empty() {
                    None
                } else {
                    Some(
                        minutes
                            .get(..2)
                            .filter(|_| minutes.len() == 2)?
                            .parse::<u32>()
                            .ok()?,
                    )
                };
                let mut hours: u32 = hours.parse().ok()?;
                let half = match self.lower(end) {
                    "am" => Some(0),
                    "pm" => Some(12),
                    "o'clock" => None,
                    _ if minutes.is_some() => None,
                    _ => return None,
                };
                if matches!(self.lower(end), "am" | "pm" | "o'clock") {
                    end += 1;
                }
                if let Some(half) = half {
                    if hours == 0 || hours > 12 {
                        return None;
                    }
                    hours = hours % 12 + half;
                }
                (hours, minutes.unwrap_or(0))
            }
            _ => return None,
        };
        if hours > 24 || minutes > 59 {
            return None;
        }
        Some(at_minute(at..end, hours * 60 + minutes))
    }
}

/// An hour as it is said.
struct Hour {
    /// Minutes since midnight or noon.
    minutes: u32,
    /// `noon`, `midnight`: which half of the day is said by it.
    is_named: bool,
}

fn number(word: &str) -> Option<u32> {
    let at = SPOKEN
        .split_whitespace()
        .position(|spoken| spoken == word)?;
    u32::try_from(at + 1).ok()
}

fn at_minute(tokens: Range<usize>, minute: u32) -> Quantity {
    let value = f64::from(minute);
    Quantity {
        tokens,
        low: value,
        high: value,
        bound: Bound::Exact,
        role: Role::Value,
        unit: Unit::Clock,
        step: 0.5,
        rounded: 0.5,
        alternative: None,
        quantifier: false,
        of: Vec::new(),
    }
}
