//! The unit after a value, and the currency before it.

use super::{Parser, Value};
use crate::statement::quantity::units::{Named, Unit, is_short, named, per};
use crate::statement::token::TokenKind;

impl Parser<'_> {
    pub(super) fn currency(&self, at: usize) -> Option<Named> {
        let lower = self.lower(at);
        let number_follows = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| token.kind == TokenKind::Number)
                || (self
                    .tokens
                    .get(at)
                    .is_some_and(|token| token.is_sign('-') || token.is_sign('−'))
                    && self
                        .tokens
                        .get(at + 1)
                        .is_some_and(|token| token.kind == TokenKind::Number))
        };
        if matches!(lower, "us") && self.lower(at + 1) == "$" && number_follows(at + 2) {
            return named("$", "$");
        }
        let is_code = lower.len() == 3 && self.written(at).chars().all(char::is_uppercase);
        let is_sign = matches!(lower, "$" | "€" | "£" | "¥" | "₹" | "₩" | "₽");
        ((is_code || is_sign) && number_follows(at + 1))
            .then(|| named(lower, lower))
            .flatten()
            .filter(|named| matches!(named.unit, Unit::Money(_)))
    }

    /// The unit that follows a value: `km/h`, `square metres`, `percentage points`, `years old`.
    pub(super) fn unit(&self, value: &mut Value) {
        let mut at = value.end;
        // `30-day`, `400-metre`: the hyphen belongs to the two.
        if self.lower(at) == "-"
            && self.is_glued(at)
            && self.is_glued(at + 1)
            && named(self.lower(at + 1), "")
                .is_some_and(|unit| !matches!(unit.unit, Unit::Money(_)))
            && !is_short(self.lower(at + 1))
        {
            at += 1;
        }
        let power = match self.lower(at) {
            "square" | "sq" => Some("²"),
            "cubic" | "cu" => Some("³"),
            _ => None,
        };
        if let Some(power) = power {
            let next = if self.lower(at + 1) == "." {
                at + 2
            } else {
                at + 1
            };
            if let Some(length) = named(self.lower(next), self.written(next))
                && length.unit == Unit::Measure("m")
            {
                let (unit, exponent) = if power == "²" {
                    ("m²", 2)
                } else {
                    ("m³", 3)
                };
                value.unit = Some(Named {
                    unit: Unit::Measure(unit),
                    factor: length.factor.powi(exponent),
                    offset: 0.0,
                });
                value.end = next + 1;
            }
            return;
        }
        if matches!(self.lower(at), "percentage" | "percent")
            && matches!(self.lower(at + 1), "point" | "points")
        {
            value.unit = named("pp", "pp");
            value.end = at + 2;
            return;
        }
        if self.lower(at) == "basis" && matches!(self.lower(at + 1), "point" | "points") {
            value.unit = Some(Named {
                unit: Unit::Points,
                factor: 0.01,
                offset: 0.0,
            });
            value.end = at + 2;
            return;
        }
        if self.lower(at) == "per" && self.lower(at + 1) == "cent" {
            value.unit = named("%", "%");
            value.end = at + 2;
            return;
        }
        if matches!(self.lower(at), "°" | "º" | "degrees" | "degree") {
            let scale = match self.lower(at + 1) {
                "c" | "celsius" | "centigrade" => "°c",
                "f" | "fahrenheit" => "°f",
                _ => "",
            };
            value.unit = if scale.is_empty() {
                named("°", "°")
            } else {
                named(scale, scale)
            };
            value.end = at + if scale.is_empty() { 1 } else { 2 };
            return;
        }
        let Some(mut found) = self.unit_name(at) else {
            return;
        };
        let mut end = at + 1;
        let over = match (self.lower(end), self.lower(end + 1)) {
            ("/", _) => Some(end + 1),
            ("per" | "an" | "a", _) => Some(end + 1),
            _ => None,
        };
        if let Some(over) = over
            && let Some(other) = named(self.lower(over), self.written(over))
            && let Some(both) = per(found, other)
        {
            found = both;
            end = over + 1;
        }
        value.unit = Some(found);
        value.end = end;
        // `34 years old`: the last word is part of the unit.
        if found.unit == Unit::Months && self.lower(end) == "old" {
            value.end = end + 1;
        }
    }

    pub(super) fn unit_name(&self, at: usize) -> Option<Named> {
        let token = self.tokens.get(at)?;
        let found = named(&token.lower, self.written(at))?;
        if token.lower == "$"
            || (token.kind == TokenKind::Sign
                && !matches!(token.lower.as_str(), "%" | "€" | "£" | "°" | "¥"))
        {
            return None;
        }
        Some(found)
    }
}
