//! One value: figures or words, with scales, fractions and a unit.

use super::{Parser, Value, share_of};
use crate::statement::quantity::literal::literal;
use crate::statement::quantity::units::{Named, Unit};
use crate::statement::quantity::words::{cardinal, collective, fraction, is_tens, ordinal, scale};
use crate::statement::token::TokenKind;

impl Parser<'_> {
    /// A figure or number word with scale and unit.
    pub(super) fn value(&self, at: usize, is_money: bool) -> Option<Value> {
        let mut value = if self.tokens[at].kind == TokenKind::Number {
            self.figure(at, is_money)?
        } else {
            self.in_words(at)?
        };
        if value.unit.is_none() {
            self.unit(&mut value);
        } else if value.plain {
            // An ordinal or a share takes no unit, but `a quarter point` is one.
            self.points(&mut value);
        }
        Some(value)
    }

    pub(super) fn figure(&self, at: usize, is_money: bool) -> Option<Value> {
        let written = literal(&self.tokens[at].lower)?;
        let mut value = Value {
            low: written.value,
            step: written.step,
            rounded: written.rounded,
            alternative: written.alternative,
            unit: None,
            end: at + 1,
            scaled: None,
            plain: false,
        };
        if self.is_glued(value.end) && matches!(self.lower(value.end), "st" | "nd" | "rd" | "th") {
            value.end += 1;
            value.unit = Some(Named {
                unit: Unit::Ordinal,
                factor: 1.0,
                offset: 0.0,
            });
            return Some(value);
        }
        // `3 1/2`, `1/4`
        if self
            .tokens
            .get(value.end)
            .is_some_and(|token| token.is_sign('/') && token.glued)
            && self.is_glued(value.end + 1)
            && let Some(below) = self
                .tokens
                .get(value.end + 1)
                .and_then(|token| literal(&token.lower))
            && below.value >= 2.0
            && below.value <= 16.0
            && written.value < below.value
        {
            value.low /= below.value;
            value.step = 1e-4;
            value.rounded = 1e-4;
            value.end += 2;
            return Some(value);
        }
        while let Some(times) = self.scale_at(value.end, is_money) {
            value.low *= times;
            value.step *= times;
            value.rounded = value.step.max(value.rounded * times);
            value.alternative = None;
            value.scaled = Some(value.scaled.unwrap_or(1.0) * times);
            value.end += 1;
        }
        if value.scaled.is_some() && written.step >= 0.5 {
            // `4 million` of 4,215,000 rounds well, but says less than a decimal would: only what is near is the same.
            value.rounded = value.step.max(value.rounded);
            value.step = value.step.min(value.low.abs() * 0.015);
        }
        if let Some(times) = collective(self.lower(value.end)) {
            value.low *= times;
            value.end += 1;
        }
        Some(value)
    }

    pub(super) fn scale_at(&self, at: usize, is_money: bool) -> Option<f64> {
        let token = self.tokens.get(at)?;
        if token.is_sign('-') {
            return None;
        }
        scale(&token.lower, token.glued, token.capital, is_money)
    }

    /// `sixty-seven million`, `two and a half`, `three quarters`, `a dozen`, `third`.
    pub(super) fn in_words(&self, at: usize) -> Option<Value> {
        let word = self.lower(at);
        let new = |low: f64, end: usize, unit: Option<Unit>| Value {
            low,
            step: 0.5,
            rounded: 0.5,
            alternative: None,
            unit: unit.map(|unit| Named {
                unit,
                factor: 1.0,
                offset: 0.0,
            }),
            end,
            scaled: None,
            plain: true,
        };
        if matches!(word, "a" | "an" | "one") {
            let next = self.lower(at + 1);
            if let Some(times) = collective(next) {
                return Some(new(times, at + 2, None));
            }
            if let Some(share) = self.share(at + 1) {
                return Some(share_of(share, new(0.0, at + 2, Some(Unit::Percent))));
            }
            if matches!(next, "hundred" | "thousand" | "million" | "billion") {
                return Some(self.multiplied(new(1.0, at + 1, None)));
            }
            // `half a million`
            if word != "one" {
                return None;
            }
        }
        if matches!(word, "half" | "½" | "¼" | "¾" | "⅓" | "⅔") {
            if matches!(self.lower(at + 1), "a" | "an")
                && scale(self.lower(at + 2), false, false, false).is_some()
            {
                return Some(self.multiplied(new(0.5, at + 2, None)));
            }
            if self.lower(at + 1) == "a" && self.lower(at + 2) == "dozen" {
                return Some(new(6.0, at + 3, None));
            }
            if matches!(self.lower(at + 1), "a" | "an") {
                let mut value = new(0.5, at + 2, None);
                value.step = 1e-3;
                value.rounded = 1e-3;
                return Some(value);
            }
            return Some(share_of(
                fraction(word)?,
                new(0.0, at + 1, Some(Unit::Percent)),
            ));
        }
        let doubles = word == "twice"
            || matches!(word, "double" | "doubled")
                && matches!(
                    self.lower(at + 1),
                    "the" | "that" | "what" | "its" | "their" | "in" | "" | "." | ","
                );
        if doubles {
            return Some(new(2.0, at + 1, Some(Unit::Times)));
        }
        if matches!(word, "tripled" | "threefold") {
            return Some(new(3.0, at + 1, Some(Unit::Times)));
        }
        if let Some(place) = ordinal(word) {
            // `a second time`, `the second hand` would need more than a word: the place is what is written.
            return (!matches!(self.lower(at + 1), "hand"))
                .then(|| new(place, at + 1, Some(Unit::Ordinal)));
        }
        if word == "quarter" && matches!(self.lower(at + 1), "point" | "points") {
            return Some(share_of(0.25, new(0.0, at + 1, Some(Unit::Percent))));
        }
        let mut value = cardinal(word)?;
        if word == "one" && !self.counts_one(at) {
            return None;
        }
        let mut end = at + 1;
        if is_tens(word) {
            let unit = if self.lower(end) == "-" { end + 1 } else { end };
            if let Some(ones) = cardinal(self.lower(unit)).filter(|ones| (1.0..10.0).contains(ones))
            {
                value += ones;
                end = unit + 1;
            } else if let Some(place) =
                ordinal(self.lower(unit)).filter(|ones| (1.0..10.0).contains(ones))
            {
                return Some(new(value + place, unit + 1, Some(Unit::Ordinal)));
            }
        }
        // `two thirds`, `three-quarters`
        let parts = if self.lower(end) == "-" { end + 1 } else { end };
        if let Some(part) = self.share(parts) {
            return Some(share_of(
                value * part,
                new(0.0, parts + 1, Some(Unit::Percent)),
            ));
        }
        // `one in five`, `two out of three`
        let of = match (self.lower(end), self.lower(end + 1)) {
            ("in", _) => Some(end + 1),
            ("out", "of") => Some(end + 2),
            _ => None,
        };
        if let Some(of) = of
            && value < 10.0
            && let Some(whole) = cardinal(self.lower(of))
                .or_else(|| literal(self.lower(of)).map(|whole| whole.value))
            && whole > value
            && whole <= 100.0
            && whole.fract() == 0.0
        {
            return Some(share_of(
                value / whole,
                new(0.0, of + 1, Some(Unit::Percent)),
            ));
        }
        let mut found = new(value, end, None);
        if self.lower(end) == "and" && self.lower(end + 1) == "a" && self.lower(end + 2) == "half" {
            found.low += 0.5;
            found.step = 1e-3;
            found.rounded = 1e-3;
            found.end = end + 3;
        }
        if let Some(times) = collective(self.lower(found.end)) {
            found.low *= times;
            found.end += 1;
        }
        Some(self.multiplied(found))
    }

    /// Scales after a number in words, and smaller numbers after them: `two thousand three hundred and five`.
    pub(super) fn multiplied(&self, mut value: Value) -> Value {
        let mut total = 0.0;
        let mut current = value.low;
        loop {
            let next = self.lower(value.end);
            if let Some(times) = scale(next, false, false, false) {
                if times > 100.0 {
                    total += current * times;
                    current = 0.0;
                    value.step = 0.5 * times;
                } else {
                    current *= times;
                    value.step = 0.5 * times;
                }
                value.scaled = Some(times);
                value.end += 1;
                continue;
            }
            let after = if matches!(next, "and" | "-") {
                value.end + 1
            } else {
                value.end
            };
            if value.scaled.is_some()
                && let Some(more) = cardinal(self.lower(after))
                && scale(self.lower(after + 1), false, false, false)
                    .is_none_or(|times| times <= 100.0)
                && (next != "and" || current > 0.0 || total > 0.0)
                && self.goes_on_as_number(after)
            {
                current += more;
                value.step = 0.5;
                value.end = after + 1;
                continue;
            }
            break;
        }
        value.low = total + current;
        value.rounded = value.step;
        value
    }

    /// `two hundred and five` is one number, `two hundred and five dogs and …` too; `100 and two` is not met here.
    pub(super) fn goes_on_as_number(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == TokenKind::Word)
    }

    /// `thirds`, `quarter`: a part of a whole, told from an ordinal by what follows.
    pub(super) fn share(&self, at: usize) -> Option<f64> {
        let word = self.lower(at);
        let share = fraction(word)?;
        let next = self.lower(at + 1);
        let plural = word.ends_with('s') && word != "halves";
        let is_part = match word {
            "half" | "halves" | "quarter" => {
                !matches!(next, "hour" | "of" if word == "quarter" && self.is_a_period(at))
            }
            _ if plural => true,
            // `a third cycle`: a part where the clause ends after the verb.
            _ => {
                matches!(
                    next,
                    "of" | ""
                        | ","
                        | "."
                        | ";"
                        | "more"
                        | "less"
                        | "are"
                        | "were"
                        | "is"
                        | "was"
                        | "have"
                        | "had"
                ) || matches!(self.lower(at + 2), "," | "." | ";" | "")
            }
        };
        is_part.then_some(share)
    }

    /// `a quarter of 2024`
    pub(super) fn is_a_period(&self, at: usize) -> bool {
        self.tokens
            .get(at + 2)
            .is_some_and(|token| token.kind == TokenKind::Number && token.lower.len() == 4)
    }

    /// `one mill`, not `no one`, `this one`, `one of them`.
    pub(super) fn counts_one(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.lower(before));
        let next = self.lower(at + 1);
        let is_pronoun = matches!(
            before,
            "no" | "this" | "that" | "which" | "any" | "every" | "the" | "each" | "another"
        );
        !is_pronoun
            && self
                .tokens
                .get(at + 1)
                .is_some_and(|token| token.kind == TokenKind::Word)
            && !matches!(
                next,
                "of" | "is" | "was" | "can" | "may" | "must" | "should" | "and" | "or" | "another"
            )
    }

    pub(super) fn points(&self, value: &mut Value) {
        if matches!(self.lower(value.end), "point" | "points")
            && let Some(unit) = &mut value.unit
            && unit.unit == Unit::Percent
        {
            value.low /= 100.0;
            unit.unit = Unit::Points;
            value.end += 1;
        }
    }
}
