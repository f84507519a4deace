//! Spans that name no year, `from 4 to 15 March`, `between October and March`, and the end that a span has in common with
//! `until`.

use super::{Agreement, Reader, Relation, Time, When, civil, days, month_length, spans};

/// A leap year that stands for any.
const ANY_YEAR: i64 = 1972;
/// The days of that year.
const LENGTH: i64 = 366;

/// A span, where it ends in the text, and its two dates.
pub(super) type Span = (When, usize, (i64, i64), (i64, i64));

impl Time {
    /// `until 1958` beside `between 1921 and 1958`: the one date is the other's end.
    pub(super) fn compare_end(&self, source: &Time) -> Option<Agreement> {
        let (_, last) = source.ends?;
        if self.relation != Relation::Until || source.relation != Relation::At {
            return None;
        }
        let claimed = in_any_year(self).or_else(|| self.span())?;
        let alike =
            matches!(self.when, When::Month { .. }) == matches!(source.when, When::Month { .. });
        Some(if alike {
            spans(claimed, last)
        } else {
            Agreement::Open
        })
    }

    /// Two dates of which one is a span, where no year is named.
    pub(super) fn compare_in_any_year(&self, source: &Time) -> Option<Agreement> {
        let is_yearless = |time: &Time| matches!(time.when, When::Month { .. });
        if self.ends.is_none() && source.ends.is_none()
            || !is_yearless(self) && !is_yearless(source)
        {
            return None;
        }
        if self.relation != Relation::At || source.relation != Relation::At {
            return Some(Agreement::Open);
        }
        let (claimed, given) = match (in_any_year(self), in_any_year(source)) {
            (Some(claimed), Some(given)) => (claimed, given),
            // `10 March` beside `from 4 to 15 March 2024`: the year is named on one side.
            (Some(_), None) if source.span().is_some() => {
                let (first, last) = source.span()?;
                let (month, day) = (civil(first), civil(last));
                if month.0 != day.0 {
                    return Some(Agreement::Open);
                }
                let shift = days(ANY_YEAR, 1, 1) - days(month.0, 1, 1);
                (in_any_year(self)?, (first + shift, last + shift))
            }
            _ => return Some(Agreement::Open),
        };
        let answer = within(claimed, given);
        // A span within another is another one: it may be meant for less, and says so.
        if self.ends.is_some()
            && source.ends.is_some()
            && claimed != given
            && answer == Agreement::Same
        {
            return Some(Agreement::Open);
        }
        // That something was so for a while does not say that it never was before or after.
        Some(if answer == Agreement::Differs && self.ends.is_none() {
            Agreement::Open
        } else {
            answer
        })
    }
}

/// What was so on all days of a span was so on one of them.
fn within(claimed: (i64, i64), given: (i64, i64)) -> Agreement {
    // A span over the turn of the year goes on into the next.
    let shifted = [0, LENGTH].map(|by| (claimed.0 + by, claimed.1 + by));
    if shifted
        .iter()
        .any(|one| one.0 >= given.0 && one.1 <= given.1)
    {
        Agreement::Same
    } else if shifted.iter().all(|one| one.1 < given.0 || one.0 > given.1) {
        Agreement::Differs
    } else {
        Agreement::Open
    }
}

/// The first and last day of a date without a year, in a year that stands for any.
fn in_any_year(time: &Time) -> Option<(i64, i64)> {
    if !matches!(time.when, When::Month { .. }) {
        return None;
    }
    match time.ends {
        Some((first, last)) => Some((first.0, last.1)),
        None => days_of(&time.when),
    }
}

fn days_of(when: &When) -> Option<(i64, i64)> {
    let When::Month { month, day } = when else {
        return None;
    };
    let (first, last) = day.map_or((1, month_length(ANY_YEAR, *month)), |day| (day, day));
    Some((days(ANY_YEAR, *month, first), days(ANY_YEAR, *month, last)))
}

/// `from 28 March to 4 April`, `between October and March`.
pub(super) fn within_a_year(first: &When, second: &When, end: usize) -> Option<Span> {
    let (from, mut to) = (days_of(first)?, days_of(second)?);
    if to.1 < from.0 {
        to = (to.0 + LENGTH, to.1 + LENGTH);
    }
    let When::Month { month, .. } = first else {
        return None;
    };
    let both = When::Month {
        month: *month,
        day: None,
    };
    Some((both, end, from, to))
}

impl Reader<'_> {
    /// `from 4 to 15 March`, `4–15 March 2024`: the month is named once.
    pub(super) fn days_of_a_month(&self, at: usize) -> Option<Span> {
        self.number(at)?;
        let (day, after) = self.day(at)?;
        let is_range = match self.lower(after) {
            "to" => self.before(at) == "from",
            "and" => self.before(at) == "between",
            "–" | "-" | "—" | "−" => true,
            _ => false,
        };
        if !is_range {
            return None;
        }
        self.number(after + 1)?;
        let (when, end) = self.day_and_month(after + 1)?;
        match when {
            When::Month {
                month,
                day: Some(last),
            } if day < last => within_a_year(
                &When::Month {
                    month,
                    day: Some(day),
                },
                &When::Month {
                    month,
                    day: Some(last),
                },
                end,
            ),
            When::Days(spans) => {
                let [(last, _)] = spans[..] else {
                    return None;
                };
                let (year, month, of_month) = civil(last);
                let first = days(year, month, day);
                (day < of_month).then(|| {
                    let both = When::Days(vec![(first, last)]);
                    (both, end, (first, first), (last, last))
                })
            }
            _ => None,
        }
    }
}
