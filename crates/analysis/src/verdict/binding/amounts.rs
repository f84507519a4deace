//! The claim's amounts and times beside those of the source's statement.

use super::Side;
use super::limits::{are_alike, is_end_of_a_change, is_of_each, is_total, says_of_which};
use super::ordinals::is_of_another_noun;
use super::terms::{Found, Matched};
use crate::statement::Mood;
use crate::statement::quantity::{Bound, Comparison, Quantity, Role, Unit};

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

/// `up to eight` beside `up to six`: what holds of no more than six holds of no more than eight, and still is another limit.
fn is_another_limit(wanted: &Quantity, given: &Quantity) -> bool {
    let is_limit = !matches!(wanted.bound, Bound::Exact | Bound::About | Bound::Nearly);
    is_limit && wanted.bound == given.bound && !are_alike(wanted, given)
}

/// Another limit contradicts a permission or a duty. Of a fact a wider limit is true, but misleading: it is left open.
fn of_another_limit(claim: Side<'_>) -> Comparison {
    match claim.statement.mood {
        Mood::Permitted | Mood::Able | Mood::Obliged => Comparison::Differs,
        _ => Comparison::Open,
    }
}

/// Of the things that the source speaks of, the claim's is one (`a parcel of 3 kg` of `parcels weighing 2 to 5 kg`) or none.
fn of_the_things_meant(
    wanted: &Quantity,
    given: &Quantity,
    (claim, source): (Side<'_>, Side<'_>),
) -> Comparison {
    let is_one_of_them = wanted.bound == Bound::Exact
        && wanted.low >= given.low
        && wanted.high <= given.high
        && given.low < given.high
        && !(given.bound == Bound::MoreThan && wanted.low <= given.low)
        && !(given.bound == Bound::LessThan && wanted.high >= given.high);
    if is_one_of_them && !claim.statement.denied && !source.statement.denied {
        Comparison::Same
    } else {
        Comparison::Open
    }
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
            fits(wanted, given, matched)
                && !is_end_of_a_change(given, claim, source)
                && !is_share_of_another(wanted, given, source)
                && is_whole(given, source) == is_whole(wanted, claim)
                && !is_of_another_noun(wanted, given, source)
        })
        .map(|given| {
            let other = &source.sentence.quantities[*given];
            let comparison = wanted.compare(other);
            let which = says_of_which(wanted, claim) || says_of_which(other, source);
            // Of other firms than `firms with more than 50 employees` nothing is said.
            if which && comparison != Comparison::Incomparable && !are_alike(wanted, other) {
                (*given, of_the_things_meant(wanted, other, (claim, source)))
            } else if is_side_of_an_hour(wanted, other, claim, source) {
                (*given, Comparison::Open)
            } else if comparison == Comparison::Differs
                && is_of_each(other, source)
                && !is_of_each(wanted, claim)
                || is_of_each(other, source) && is_total(wanted, claim)
                || is_total(other, source) && is_of_each(wanted, claim)
            {
                (*given, Comparison::Open)
            } else if comparison == Comparison::Same && is_another_limit(wanted, other) {
                (*given, of_another_limit(claim))
            } else {
                (*given, comparison)
            }
        })
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
            && wanted.unit != given.unit
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
    // `12 of 20 matches` says nothing of 20 matches but that they were played.
    let whole = source.statement.quantities.iter().find(|given| {
        let given = &source.sentence.quantities[**given];
        is_whole(given, source)
            && fits(wanted, given, matched)
            && wanted.compare(given) == Comparison::Same
    });
    if let Some(given) = whole.filter(|_| !is_whole(wanted, claim))
        && !matches!(answers.first(), Some((_, Comparison::Same)))
    {
        return answer(Some(*given), Outcome::Open);
    }
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
        // `was 50 million before`: what it is now says nothing of it.
        [(given, _)] if speaks_of_before(claim) && !speaks_of_before(source) => {
            answer(Some(*given), Outcome::Open)
        }
        [(given, _)] if wanted.role == Role::Label => answer(Some(*given), Outcome::Open),
        [(given, _)] => answer(Some(*given), Outcome::Differs),
        // Several amounts that the claim's could be compared with: none is certainly the one.
        [(given, _), ..] => answer(Some(*given), Outcome::Open),
    }
}

/// `after 9:30` beside `between 8:00 and 9:30`: what is so at other hours is not said by those.
fn is_side_of_an_hour(one: &Quantity, other: &Quantity, claim: Side<'_>, source: Side<'_>) -> bool {
    let lead = |quantity: &Quantity, side: Side<'_>| {
        let before = quantity.tokens.start.checked_sub(1)?;
        let lower = side.sentence.tokens[before].lower.as_str();
        matches!(lower, "after" | "before").then_some(lower == "after")
    };
    let own = lead(one, claim);
    one.unit == Unit::Clock && own.is_some() && own != lead(other, source)
}

fn speaks_of_before(side: Side<'_>) -> bool {
    let tokens = &side.sentence.tokens;
    let last = tokens.iter().rev().find(|token| !token.is_sign('.'));
    last.is_some_and(|last| last.lower == "before")
        || tokens.iter().any(|token| {
            matches!(
                token.lower.as_str(),
                "previously" | "originally" | "formerly" | "initially"
            )
        })
}

/// `the samples all contained`: `all` of them is no share to set beside `18.9% water`, but beside `half of the samples`.
fn is_share_of_another(wanted: &Quantity, given: &Quantity, source: Side<'_>) -> bool {
    let next = source.sentence.tokens.get(given.tokens.end);
    wanted.quantifier
        && wanted.of.is_empty()
        && !given.quantifier
        && next.is_none_or(|next| next.lower != "of")
}

/// `20` of `12 of 20 matches`, `nine` of `four of the nine judges`: what another amount is a part of.
fn is_whole(quantity: &Quantity, side: Side<'_>) -> bool {
    let tokens = &side.sentence.tokens;
    let of = (0..quantity.tokens.start).rev().find(|at| {
        !matches!(
            tokens[*at].lower.as_str(),
            "the" | "its" | "their" | "his" | "her" | "all" | "these"
        )
    });
    let Some(of) = of.filter(|at| tokens[*at].lower == "of") else {
        return false;
    };
    // `Of the 60 pupils, 12 are girls.`
    let opens = of == 0
        && (tokens[quantity.tokens.end..]
            .iter()
            .any(|token| token.is_sign(','))
            || side
                .sentence
                .quantities
                .iter()
                .any(|part| part.tokens.start > quantity.tokens.end));
    opens
        || side.sentence.quantities.iter().any(|part| {
            part.tokens.end <= of
                && matches!(part.unit, Unit::Count | Unit::Ordinal | Unit::Percent)
                && !part.quantifier
                && tokens[part.tokens.end..of]
                    .iter()
                    .all(|token| !token.is_sign(','))
                && of - part.tokens.end <= 1
        })
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
