//! Whether one amount bears out another. Three answers: the same, another, or not to be told from what is written.

use super::{Bound, Quantity, Unit};

/// What a source's amount says of a claim's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Same,
    Differs,
    /// Of one kind, but too coarse, too open or too ambiguous to decide.
    Open,
    /// Of different kinds: neither can contradict the other.
    Incomparable,
}

/// How far a value may be from an amount that is called approximate.
const APPROXIMATE: f64 = 0.1;
/// So far, it is contradicted.
const FAR: f64 = 0.15;
/// So close, an amount called approximate is borne out.
const NEAR: f64 = 0.02;
/// A figure that rounds away more than this share of the value may as well be a wrong one: `2 metres` of 1.8.
const COARSE: f64 = 0.08;
/// A calendar month or year has no fixed number of days; beyond this share the difference is real.
const CALENDAR: f64 = 0.04;

impl Quantity {
    /// Compares this amount, the claim's, with a source's.
    pub fn compare(&self, source: &Quantity) -> Comparison {
        let Some((claim, given, slack)) = to_one_kind(self, source) else {
            return Comparison::Incomparable;
        };
        if claim.role == super::Role::Label {
            // One of the things that `pages 12 to 18` names is said to be so; another one is another thing.
            let inside = claim.low >= given.low && claim.high <= given.high;
            return if inside {
                Comparison::Same
            } else {
                Comparison::Open
            };
        }
        // `half past six` is said of either half of the day: the one that the other side names is meant.
        if claim.unit == Unit::Clock
            && let Some(other) = claim.alternative.xor(given.alternative)
        {
            let written = if claim.alternative.is_some() {
                given.low
            } else {
                claim.low
            };
            if (written - other).abs() < 1e-9 {
                return Comparison::Same;
            }
            return compare(
                &Quantity {
                    alternative: None,
                    ..claim
                },
                &Quantity {
                    alternative: None,
                    ..given
                },
                slack,
            );
        }
        if let Some(other) = given.alternative.or(claim.alternative) {
            return compare_ambiguous(&claim, &given, other);
        }
        compare(&claim, &given, slack)
    }
}

/// Both in one kind, and the share of the value within which a difference means nothing.
fn to_one_kind(claim: &Quantity, source: &Quantity) -> Option<(Quantity, Quantity, f64)> {
    let (mut one, mut other) = (claim.clone(), source.clone());
    if one.unit == other.unit {
        return Some((one, other, 0.0));
    }
    match (one.unit, other.unit) {
        // `0.2` is a share where the other side is one.
        (Unit::Count, Unit::Percent) if one.of.is_empty() && one.high < 1.0 && one.low > 0.0 => {
            scale(&mut one, 100.0);
            Some((one, other, 0.0))
        }
        (Unit::Percent, Unit::Count)
            if other.of.is_empty() && other.high < 1.0 && other.low > 0.0 =>
        {
            scale(&mut other, 100.0);
            Some((one, other, 0.0))
        }
        (Unit::Months, Unit::Measure("s")) => {
            scale(&mut one, 2_629_746.0);
            Some((one, other, CALENDAR))
        }
        (Unit::Measure("s"), Unit::Months) => {
            scale(&mut other, 2_629_746.0);
            Some((one, other, CALENDAR))
        }
        (Unit::Measure("°"), Unit::Measure("°C")) | (Unit::Measure("°C"), Unit::Measure("°")) =>
        {
            // `degrees` alone may be of any scale: the same figure is the same, another decides nothing.
            one.unit = Unit::Measure("°C");
            other.unit = Unit::Measure("°C");
            (compare(&one, &other, 0.0) == Comparison::Same).then_some((one, other, 0.0))
        }
        _ => None,
    }
}

fn scale(quantity: &mut Quantity, factor: f64) {
    quantity.low *= factor;
    quantity.high *= factor;
    quantity.step *= factor;
    quantity.rounded *= factor;
}

/// With two readings of one side, only what both say counts.
fn compare_ambiguous(claim: &Quantity, given: &Quantity, other: f64) -> Comparison {
    let plain = |quantity: &Quantity| Quantity {
        alternative: None,
        ..quantity.clone()
    };
    let swapped = |quantity: &Quantity| Quantity {
        low: other,
        high: other,
        step: 0.5,
        rounded: 0.5,
        ..plain(quantity)
    };
    if let (Some(one), Some(two)) = (claim.alternative, given.alternative)
        && (one - two).abs() < 1e-9
    {
        return Comparison::Same;
    }
    let first = compare(&plain(claim), &plain(given), 0.0);
    let second = if given.alternative.is_some() {
        compare(&plain(claim), &swapped(given), 0.0)
    } else {
        compare(&swapped(claim), &plain(given), 0.0)
    };
    if first == second {
        first
    } else {
        Comparison::Open
    }
}

fn compare(claim: &Quantity, given: &Quantity, slack: f64) -> Comparison {
    let tiny = 1e-6 * claim.high.abs().max(given.high.abs()).max(1e-9);
    let (least, most) = reach(given);
    match claim.bound {
        Bound::AtLeast | Bound::MoreThan => {
            let strict = claim.bound == Bound::MoreThan && given.bound != Bound::MoreThan;
            if least > claim.low + tiny || (!strict && least >= claim.low - tiny) {
                Comparison::Same
            } else if most < claim.low - tiny || (strict && most <= claim.low + tiny) {
                Comparison::Differs
            } else {
                Comparison::Open
            }
        }
        Bound::AtMost | Bound::LessThan => {
            let strict = claim.bound == Bound::LessThan && given.bound != Bound::LessThan;
            // `up to 250` of `200 to 250` is the upper end itself.
            if most < claim.high - tiny || (!strict && most <= claim.high + tiny) {
                Comparison::Same
            } else if least > claim.high + tiny || (strict && least >= claim.high - tiny) {
                Comparison::Differs
            } else {
                Comparison::Open
            }
        }
        Bound::Between => {
            if least >= claim.low - tiny && most <= claim.high + tiny {
                Comparison::Same
            } else if most < claim.low - tiny || least > claim.high + tiny {
                Comparison::Differs
            } else {
                Comparison::Open
            }
        }
        Bound::About | Bound::Nearly
            if matches!(given.bound, Bound::About | Bound::Nearly)
                && (claim.low - given.low).abs() <= tiny =>
        {
            Comparison::Same
        }
        Bound::About | Bound::Nearly => {
            let room = (claim.low.abs() * NEAR).max(claim.rounded);
            let far = (claim.low.abs() * FAR).max(claim.rounded);
            within(claim.low, least, most, room, far)
        }
        Bound::Exact => exact(claim, given, (least, most), slack, tiny),
    }
}

fn exact(
    claim: &Quantity,
    given: &Quantity,
    (least, most): (f64, f64),
    slack: f64,
    tiny: f64,
) -> Comparison {
    let value = claim.low;
    let loose = claim.rounded.max(given.rounded).max(value.abs() * slack) + tiny;
    match given.bound {
        Bound::Exact => {
            let apart = (value - given.low).abs();
            if apart <= tiny
                || (apart <= claim.step + tiny
                    && claim.step >= given.step
                    && slack == 0.0
                    && apart <= given.low.abs() * COARSE + tiny)
            {
                Comparison::Same
            } else if apart <= loose {
                Comparison::Open
            } else {
                Comparison::Differs
            }
        }
        Bound::About | Bound::Nearly => {
            if (value - given.low).abs() <= tiny && given.bound == Bound::About {
                Comparison::Same
            } else if (value - given.low).abs() <= (given.low.abs() * FAR).max(given.rounded) {
                Comparison::Open
            } else {
                Comparison::Differs
            }
        }
        _ if value < least - loose || value > most + loose => Comparison::Differs,
        _ => Comparison::Open,
    }
}

fn within(value: f64, least: f64, most: f64, room: f64, far: f64) -> Comparison {
    if least >= value - room && most <= value + room {
        Comparison::Same
    } else if most < value - far || least > value + far {
        Comparison::Differs
    } else {
        Comparison::Open
    }
}

/// The least and the greatest value that an amount allows.
fn reach(quantity: &Quantity) -> (f64, f64) {
    match quantity.bound {
        Bound::Exact | Bound::Between => (quantity.low, quantity.high),
        Bound::About => {
            let room = quantity.low.abs() * APPROXIMATE;
            (quantity.low - room, quantity.high + room)
        }
        Bound::Nearly => (
            quantity.low - quantity.low.abs() * APPROXIMATE,
            quantity.high,
        ),
        Bound::AtLeast | Bound::MoreThan => (quantity.low, f64::INFINITY),
        Bound::AtMost | Bound::LessThan => (f64::NEG_INFINITY, quantity.high),
    }
}
