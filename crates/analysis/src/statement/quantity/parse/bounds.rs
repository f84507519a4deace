//! Ranges, the words of a bound around an amount, and what the amount says of its thing.

use super::{Parser, Value, is_change};
use crate::statement::quantity::units::{Named, Unit};
use crate::statement::quantity::words::{cardinal, fraction};
use crate::statement::quantity::{Bound, Quantity, Role};
use crate::statement::token::TokenKind;

/// Nouns before a figure that says which one is meant.
const LABELS: &[&str] = &[
    "page",
    "pages",
    "number",
    "no",
    "nr",
    "room",
    "chapter",
    "section",
    "article",
    "figure",
    "table",
    "platform",
    "gate",
    "line",
    "route",
    "highway",
    "bus",
    "flight",
    "lot",
    "item",
    "unit",
    "version",
    "phase",
    "step",
    "level",
    "volume",
    "part",
    "plan",
    "model",
    "type",
    "class",
    "grade",
    "group",
    "team",
    "zone",
    "district",
    "building",
    "house",
    "shed",
    "mill",
    "station",
    "block",
    "floor",
    "row",
    "case",
    "clause",
    "paragraph",
    "episode",
    "season",
    "apollo",
    "windows",
    "boeing",
    "airbus",
];

impl Parser<'_> {
    /// The second value of a range, and where the range ends.
    pub(super) fn range_end(&self, first: &Value) -> Option<(Value, usize)> {
        let link = self.tokens.get(first.end)?;
        let (next, needs_between) = match link.lower.as_str() {
            "to" => (first.end + 1, false),
            "-" | "–" | "—" | "−" => (first.end + 1, false),
            "and" => (first.end + 1, true),
            _ => return None,
        };
        if first.unit.is_some_and(|unit| unit.unit == Unit::Ordinal) {
            return None;
        }
        if needs_between && !self.follows_between(first) {
            return None;
        }
        if link.lower == "to" && self.follows_from(first) {
            return None;
        }
        if link.kind == TokenKind::Sign
            && !(link.glued && self.is_glued(next))
            && link.lower != "–"
            && link.lower != "—"
        {
            return None;
        }
        if !self.is_free(next) {
            return None;
        }
        let skip = usize::from(self.currency(next).is_some());
        let mut value = self.value(
            next + skip,
            skip == 1
                || matches!(
                    first.unit,
                    Some(Named {
                        unit: Unit::Money(_),
                        ..
                    })
                ),
        )?;
        if skip == 1 {
            value.unit = self.currency(next);
        }
        if value.unit.is_none() {
            value.unit = first.unit;
        }
        // `20 percent to 25 euros` is no range.
        if let (Some(one), Some(other)) = (first.unit, value.unit)
            && one.unit != other.unit
        {
            return None;
        }
        (value.low > first.low || value.scaled.is_some()).then(|| {
            let end = value.end;
            (value, end)
        })
    }

    pub(super) fn first_token(&self, value: &Value) -> usize {
        // A value is a few tokens long; its own beginning is where its figure or word is.
        let mut at = value.end;
        while at > 0 {
            at -= 1;
            let token = &self.tokens[at];
            if token.kind == TokenKind::Number
                || cardinal(&token.lower).is_some()
                || fraction(&token.lower).is_some()
            {
                let signs = at > 0
                    && (self.tokens[at - 1].kind == TokenKind::Sign
                        && !self.tokens[at - 1].is_sign(','));
                return if signs { at - 1 } else { at };
            }
            if value.end - at > 6 {
                break;
            }
        }
        at
    }

    pub(super) fn follows_between(&self, value: &Value) -> bool {
        let first = self.first_token(value);
        (1..=3).any(|back| {
            first
                .checked_sub(back)
                .is_some_and(|at| self.lower(at) == "between")
        })
    }

    pub(super) fn follows_from(&self, value: &Value) -> bool {
        let first = self.first_token(value);
        first
            .checked_sub(1)
            .is_some_and(|at| self.lower(at) == "from")
    }

    /// What the value says of its thing, from the word before it.
    pub(super) fn role(&self, start: usize, unit: Unit) -> Role {
        let Some(before) = start.checked_sub(1) else {
            return Role::Value;
        };
        let token = &self.tokens[before];
        match token.lower.as_str() {
            "by" => Role::Change,
            "from" => Role::Start,
            // `grew 8.4%`
            lower
                if matches!(unit, Unit::Percent | Unit::Points | Unit::Times)
                    && is_change(lower) =>
            {
                Role::Change
            }
            _ if unit == Unit::Count && self.is_label(before) => Role::Label,
            _ => Role::Value,
        }
    }

    pub(super) fn is_label(&self, before: usize) -> bool {
        let token = &self.tokens[before];
        LABELS.contains(&token.lower.as_str())
            || token.is_sign('#')
            || (token.lower == "." && before > 0 && self.lower(before - 1) == "no")
    }

    /// Takes the words of a bound before the amount, and after it, into the amount.
    pub(super) fn bound_before(&self, quantity: &mut Quantity, not_before: usize) {
        let start = quantity.tokens.start;
        let back = |steps: usize| {
            start
                .checked_sub(steps)
                .filter(|at| *at >= not_before && !self.taken[*at])
                .map_or("", |at| self.lower(at))
        };
        let (bound, taken) = match (back(3), back(2), back(1)) {
            (_, "at", "least") | (_, "minimum", "of") => (Some(Bound::AtLeast), 2),
            // The denial belongs to the bound: `no fewer than 40` are at least 40.
            (
                "no" | "not",
                "fewer" | "less" | "lower" | "smaller" | "younger" | "shorter" | "lighter",
                "than",
            ) => (Some(Bound::AtLeast), 3),
            (
                "no" | "not",
                "more" | "greater" | "higher" | "longer" | "larger" | "older" | "heavier"
                | "taller" | "wider" | "bigger",
                "than",
            ) => (Some(Bound::AtMost), 3),
            (_, "at", "most") | (_, "up", "to") | (_, "maximum", "of") => (Some(Bound::AtMost), 2),
            (_, "more" | "greater" | "higher" | "longer" | "larger" | "older", "than") => {
                (Some(Bound::MoreThan), 2)
            }
            (_, "less" | "fewer" | "lower" | "smaller" | "younger" | "shorter", "than") => {
                (Some(Bound::LessThan), 2)
            }
            (_, "upwards", "of") | (_, "in", "excess") => (Some(Bound::MoreThan), 2),
            (_, "just" | "slightly" | "well", "over" | "above") => (Some(Bound::MoreThan), 2),
            (_, "just" | "slightly" | "well", "under" | "below") => (Some(Bound::LessThan), 2),
            (
                _,
                _,
                "over" | "above" | "exceeding" | "exceeded" | "exceeds" | "exceed" | "topped"
                | "surpassed" | "passed",
            ) => (Some(Bound::MoreThan), 1),
            (_, _, "under" | "below") => (Some(Bound::LessThan), 1),
            (
                _,
                _,
                "about" | "around" | "approximately" | "roughly" | "circa" | "ca" | "approx"
                | "estimated" | "~" | "≈" | "c",
            ) => (Some(Bound::About), 1),
            (_, _, "nearly" | "almost") => (Some(Bound::Nearly), 1),
            (_, "approx" | "ca" | "c", ".") => (Some(Bound::About), 2),
            (_, "max", ".") | (_, _, "max" | "maximum") => (Some(Bound::AtMost), 1),
            (_, "min", ".") | (_, _, "min" | "minimum") => (Some(Bound::AtLeast), 1),
            (_, _, "some") if !quantity.quantifier => (Some(Bound::About), 1),
            (_, _, ">") => (Some(Bound::MoreThan), 1),
            (_, _, "<") => (Some(Bound::LessThan), 1),
            (_, _, "≥") => (Some(Bound::AtLeast), 1),
            (_, _, "≤") => (Some(Bound::AtMost), 1),
            (_, _, "between") => (None, 1),
            _ => (None, 0),
        };
        if let Some(bound) = bound.filter(|_| quantity.bound == Bound::Exact) {
            quantity.bound = bound;
        }
        quantity.tokens.start -= taken.min(start);
        self.bound_after(quantity);
        let before = quantity
            .tokens
            .start
            .checked_sub(1)
            .map_or("", |at| self.lower(at));
        match before {
            "by" => quantity.role = Role::Change,
            "from" if quantity.role == Role::Value => quantity.role = Role::Start,
            _ => {}
        }
        // `only some`, `just 40`: nothing more than that.
        if matches!(before, "only")
            && quantity.quantifier
            && quantity.high > 99.0
            && quantity.low < 1.0
        {
            quantity.high = 99.99;
        }
    }

    pub(super) fn bound_after(&self, quantity: &mut Quantity) {
        let end = quantity.tokens.end;
        let bound = match (self.lower(end), self.lower(end + 1)) {
            ("or", "more" | "over" | "above" | "older" | "higher")
            | ("and", "over" | "above" | "more" | "older" | "up") => Some((Bound::AtLeast, 2)),
            ("or", "less" | "fewer" | "under" | "below" | "younger")
            | ("and", "under" | "below" | "younger") => Some((Bound::AtMost, 2)),
            ("+", _) if self.is_glued(end) => Some((Bound::AtLeast, 1)),
            _ => None,
        };
        if let Some((bound, taken)) = bound.filter(|_| quantity.bound == Bound::Exact) {
            quantity.bound = bound;
            quantity.tokens.end += taken;
        }
    }
}
