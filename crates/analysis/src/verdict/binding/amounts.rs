//! The claim's amounts and times beside those of the source's statement.

use super::terms::{Found, Matched};
use super::{Around, Side};
use crate::statement::quantity::{Bound, Comparison, Quantity, Role, Unit};
use crate::statement::time::{Agreement, Time, When};

/// What the source's statement says of one amount or time of the claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Position in the claim's quantities or times.
    pub wanted: usize,
    /// Position in the source's.
    pub given: Option<usize>,
    pub is_time: bool,
    pub outcome: Outcome,
    /// `number`, `percentage`, `year`, … for the check's name.
    pub kind: &'static str,
}

/// The same, another, not to be told, or not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Same,
    Differs,
    Open,
    Absent,
    /// Some of the things that the claim speaks of all of, or of none of.
    Instance,
}

impl Answer {
    /// The claim's side as it is written.
    pub fn claimed(&self, claim: Side<'_>) -> String {
        let tokens = if self.is_time {
            &claim.sentence.times[self.wanted].tokens
        } else {
            &claim.sentence.quantities[self.wanted].tokens
        };
        claim.sentence.written(tokens).to_owned()
    }

    /// Both sides as they are written.
    pub fn detail(&self, claim: Side<'_>, source: Side<'_>) -> String {
        let given = self.given.map_or(String::new(), |given| {
            let tokens = if self.is_time {
                &source.sentence.times[given].tokens
            } else {
                &source.sentence.quantities[given].tokens
            };
            source.sentence.written(tokens).to_owned()
        });
        if given.is_empty() {
            return format!("claim {}", self.claimed(claim));
        }
        format!("claim {}, source {given}", self.claimed(claim))
    }
}

/// Answers for each amount of the claim's statement.
pub fn amounts(claim: Side<'_>, source: Side<'_>, matched: &[Matched]) -> Vec<Answer> {
    let wanted: Vec<usize> = claim
        .statement
        .quantities
        .iter()
        .copied()
        // A part that was computed says again what its share and whole say.
        .filter(|index| !is_computed(claim, *index))
        .collect();
    wanted
        .iter()
        .map(|index| amount(*index, claim, source, matched))
        .collect()
}

fn is_computed(claim: Side<'_>, index: usize) -> bool {
    let quantity = &claim.sentence.quantities[index];
    claim
        .sentence
        .quantities
        .iter()
        .enumerate()
        .any(|(other, whole)| other < index && whole.tokens.start == quantity.tokens.start)
}

fn amount(index: usize, claim: Side<'_>, source: Side<'_>, matched: &[Matched]) -> Answer {
    let wanted = &claim.sentence.quantities[index];
    let answer = |given: Option<usize>, outcome| Answer {
        wanted: index,
        given,
        is_time: false,
        outcome,
        kind: kind(wanted),
    };
    let mut answers: Vec<(usize, Comparison)> = source
        .statement
        .quantities
        .iter()
        .filter(|given| {
            let given = &source.sentence.quantities[**given];
            fits(wanted, given, matched) && !is_share_of_another(wanted, given, source)
        })
        .map(|given| (*given, wanted.compare(&source.sentence.quantities[*given])))
        .filter(|(_, comparison)| *comparison != Comparison::Incomparable)
        .collect();
    answers.sort_by_key(|(_, comparison)| match comparison {
        Comparison::Same => 0,
        Comparison::Open => 1,
        Comparison::Differs | Comparison::Incomparable => 2,
    });
    let one_currency = source.statement.quantities.iter().find(|given| {
        let given = &source.sentence.quantities[**given];
        matches!((wanted.unit, given.unit), (Unit::Money(_), Unit::Money(_)))
            && (wanted.low - given.low).abs() < 1e-6 * wanted.low.abs()
    });
    let instance = source.statement.quantities.iter().find(|given| {
        let given = &source.sentence.quantities[**given];
        wanted.quantifier
            && (wanted.low > 99.9 || wanted.high < 0.1)
            && given.unit == Unit::Count
            && given.low >= 1.0
            && given.role == Role::Value
            && !given.of.is_empty()
            && given.of.iter().any(|stem| wanted.of.contains(stem))
    });
    match answers.as_slice() {
        [] if instance.is_some() => answer(instance.copied(), Outcome::Instance),
        // The same figure in another currency is another amount.
        [] => one_currency.map_or_else(
            || answer(None, Outcome::Absent),
            |given| answer(Some(*given), Outcome::Differs),
        ),
        [(given, Comparison::Same), ..] => answer(Some(*given), Outcome::Same),
        [(given, Comparison::Open), ..] => answer(Some(*given), Outcome::Open),
        // `is the fifth novel`: said of the subject, it is no name of another one.
        [(given, _)]
            if wanted.unit == Unit::Ordinal
                && is_predicate(wanted, claim)
                && is_predicate(&source.sentence.quantities[*given], source)
                && is_of_the_same(wanted, &source.sentence.quantities[*given]) =>
        {
            answer(Some(*given), Outcome::Differs)
        }
        [(given, _)]
            if is_name_of_one(wanted) || is_name_of_one(&source.sentence.quantities[*given]) =>
        {
            answer(Some(*given), Outcome::Open)
        }
        [(given, _)] if is_notice(wanted, &source.sentence.quantities[*given], claim, source) => {
            answer(Some(*given), Outcome::Open)
        }
        [(given, _)] if wanted.role == Role::Label => answer(Some(*given), Outcome::Open),
        [(given, _)] => answer(Some(*given), Outcome::Differs),
        // Several amounts that the claim's could be compared with: none is certainly the one.
        [(given, _), ..] => answer(Some(*given), Outcome::Open),
    }
}

/// `the samples all contained`: `all` of them is no share to set beside `18.9% water`, but beside `half of the samples`.
fn is_share_of_another(wanted: &Quantity, given: &Quantity, source: Side<'_>) -> bool {
    let next = source.sentence.tokens.get(given.tokens.end);
    wanted.quantifier
        && wanted.of.is_empty()
        && !given.quantifier
        && next.is_none_or(|next| next.lower != "of")
}

/// `up to 14 days before arrival` allows 20 days before: how long before or after an event a bound still lets pass is a
/// matter of which way it counts.
fn is_notice(wanted: &Quantity, given: &Quantity, claim: Side<'_>, source: Side<'_>) -> bool {
    let counts_to_an_event = |quantity: &Quantity, side: Side<'_>| {
        let next = side.sentence.tokens.get(quantity.tokens.end);
        matches!(quantity.unit, Unit::Measure("s") | Unit::Months)
            && next.is_some_and(|next| {
                matches!(
                    next.lower.as_str(),
                    "before" | "after" | "prior" | "ahead" | "beforehand"
                )
            })
    };
    (wanted.bound != Bound::Exact || given.bound != Bound::Exact)
        && (counts_to_an_event(wanted, claim) || counts_to_an_event(given, source))
}

/// Whether the amount says what the subject is: `is the fifth novel`.
fn is_predicate(quantity: &Quantity, side: Side<'_>) -> bool {
    side.statement.copular && quantity.tokens.start >= super::terms::verb_start(side)
}

/// Whether two ordinals count things of one name.
fn is_of_the_same(one: &Quantity, other: &Quantity) -> bool {
    match (one.of.last(), other.of.last()) {
        (Some(one), Some(other)) => super::super::relations::are_same(one, other),
        _ => false,
    }
}

/// `the third quarter`, `the second edition`: which one is meant, not how it did.
fn is_name_of_one(quantity: &Quantity) -> bool {
    quantity.unit == Unit::Ordinal
        && quantity
            .of
            .first()
            .is_some_and(|noun| !matches!(noun.as_str(), "place" | "posit" | "rank"))
}

/// Whether the source's amount says how much of the same thing.
fn fits(wanted: &Quantity, given: &Quantity, matched: &[Matched]) -> bool {
    let roles = match (wanted.role, given.role) {
        (Role::Label, other) | (other, Role::Label) => other == Role::Label,
        (one, other) => one == other,
    };
    if !roles {
        return false;
    }
    let share = |one: &[String], other: &[String]| {
        one.iter().any(|stem| {
            other
                .iter()
                .any(|given| super::super::relations::are_same(stem, given))
        })
    };
    if wanted.quantifier
        || given.quantifier
        || wanted.unit == Unit::Percent
        || given.unit == Unit::Percent
    {
        return wanted.of.is_empty() || given.of.is_empty() || share(&wanted.of, &given.of);
    }
    match (wanted.unit, given.unit) {
        (Unit::Count, Unit::Count) => {
            // `had 410 employees`, `employed 410 people`: the noun of one is the verb of the other.
            let by_verb = given.of.iter().any(|stem| stem == "person")
                && wanted.of.iter().any(|stem| {
                    matched.iter().any(|matched| {
                        &matched.stem == stem && matches!(matched.found, Found::Here(_))
                    })
                });
            // A bare figure counts what the statement is about.
            let is_about_the_claim = matched
                .iter()
                .any(|matched| matches!(matched.found, Found::Here(_)));
            wanted.of.is_empty()
                || given.of.is_empty() && is_about_the_claim
                || share(&wanted.of, &given.of)
                || by_verb
        }
        _ => true,
    }
}

fn kind(quantity: &Quantity) -> &'static str {
    match quantity.unit {
        Unit::Percent | Unit::Points => "percentage",
        Unit::Ordinal => "rank",
        Unit::Clock => "time",
        _ => "number",
    }
}

/// Answers for each time of the claim's statement.
pub fn times(claim: Side<'_>, source: Side<'_>, around: &Around) -> Vec<Answer> {
    claim
        .statement
        .times
        .iter()
        .map(|index| time(*index, claim, source, around))
        .collect()
}

fn time(index: usize, claim: Side<'_>, source: Side<'_>, around: &Around) -> Answer {
    let wanted = &claim.sentence.times[index];
    let answer = |given: Option<usize>, outcome| Answer {
        wanted: index,
        given,
        is_time: true,
        outcome,
        kind: match &wanted.when {
            When::Days(_) => "year",
            When::Month { .. } => "day",
            When::Weekday(_) => "day",
        },
    };
    let own = &source.statement.times;
    let given: &[usize] = if own.is_empty() {
        &source.statement.inherited_times
    } else {
        own
    };
    if let Some(span) = whole_span(given, source)
        && let Some((first, last)) = wanted.span()
        && span == (first, last)
    {
        return answer(given.first().copied(), Outcome::Same);
    }
    let mut answers: Vec<(usize, Agreement)> = given
        .iter()
        .map(|given| {
            (
                *given,
                agree(wanted, &source.sentence.times[*given], around),
            )
        })
        .collect();
    answers.sort_by_key(|(_, agreement)| match agreement {
        Agreement::Same => 0,
        Agreement::Open => 1,
        Agreement::Differs => 2,
    });
    match answers.as_slice() {
        [] => {
            // The document's date holds for its figures; it is no answer to when something happened.
            let around = !claim.statement.quantities.is_empty()
                && around
                    .times
                    .iter()
                    .any(|time| wanted.compare(time) == Agreement::Same);
            answer(
                None,
                if around {
                    Outcome::Same
                } else {
                    Outcome::Absent
                },
            )
        }
        [(given, Agreement::Same), ..] => answer(Some(*given), Outcome::Same),
        [(given, Agreement::Open), ..] => answer(Some(*given), Outcome::Open),
        [(given, Agreement::Differs)] => answer(Some(*given), Outcome::Differs),
        [(given, Agreement::Differs), ..] => answer(Some(*given), Outcome::Open),
    }
}

/// The years from the first to the last time of a statement: `from … in 2010 to … in 2020` is between 2010 and 2020.
fn whole_span(given: &[usize], source: Side<'_>) -> Option<(i64, i64)> {
    let [first, .., last] = given else {
        return None;
    };
    let (from, _) = source.sentence.times[*first].span()?;
    let (_, to) = source.sentence.times[*last].span()?;
    (from <= to).then_some((from, to))
}

/// A date without its year, where the document's own date names the year.
fn agree(wanted: &Time, given: &Time, around: &Around) -> Agreement {
    let plain = wanted.compare(given);
    if plain != Agreement::Open {
        return plain;
    }
    if let (When::Days(_), When::Month { month, day }) = (&wanted.when, &given.when) {
        let years: Vec<i64> = around
            .times
            .iter()
            .filter_map(|time| {
                time.span()
                    .map(|(first, _)| crate::statement::time::civil(first).0)
            })
            .collect();
        if let [year] = years.as_slice() {
            let (from, to) = match day {
                Some(day) => (*day, *day),
                None => (1, crate::statement::time::month_length(*year, *month)),
            };
            let dated = Time {
                when: When::Days(vec![(
                    crate::statement::time::days(*year, *month, from),
                    crate::statement::time::days(*year, *month, to),
                )]),
                ..given.clone()
            };
            return wanted.compare(&dated);
        }
    }
    Agreement::Open
}
