//! Finds the amounts in a sentence: bounds, signs, currencies, figures or words, scales, units and ranges.

mod bounds;
mod clock;
mod unit;
mod value;

use super::super::token::{Token, TokenKind};
use super::units::{Named, Unit};
use super::words::quantifier;
use super::{Bound, Quantity, Role};

/// The amounts of a sentence in order. Tokens in `taken` belong to something else, such as a date.
pub fn quantities(text: &str, tokens: &[Token], taken: &[bool]) -> Vec<Quantity> {
    let parser = Parser {
        text,
        tokens,
        taken,
    };
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match parser.amount(at) {
            Some(quantity) => {
                at = quantity.tokens.end;
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    parser.join_hours(&mut found);
    for index in 0..found.len() {
        let start = found[index].tokens.start;
        let before = index.checked_sub(1).map_or(0, |one| found[one].tokens.end);
        parser.bound_before(&mut found[index], before);
        debug_assert!(found[index].tokens.start <= start);
    }
    found
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    taken: &'t [bool],
}

/// A value with what it is a value of, before its surroundings are looked at.
#[derive(Clone)]
struct Value {
    low: f64,
    step: f64,
    rounded: f64,
    alternative: Option<f64>,
    unit: Option<Named>,
    end: usize,
    scaled: Option<f64>,
    /// A bare number word or figure, to which a unit may still come.
    plain: bool,
}

impl Parser<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn written(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| &self.text[token.bytes.clone()])
    }

    fn is_glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    fn is_free(&self, at: usize) -> bool {
        at < self.tokens.len() && !self.taken[at]
    }

    fn amount(&self, at: usize) -> Option<Quantity> {
        if !self.is_free(at) {
            return None;
        }
        if let Some(clock) = self.clock(at) {
            return Some(clock);
        }
        let negated = self.lower(at) == "not"
            && matches!(
                self.lower(at + 1),
                "all" | "every" | "each" | "everyone" | "everybody"
            );
        let quantifier = if negated {
            Some((0.0, 99.99))
        } else {
            self.quantifier_at(at)
        };
        if let Some((least, most)) = quantifier {
            return Some(Quantity {
                tokens: at..at + 1 + usize::from(negated),
                low: least,
                high: most,
                bound: if (least - most).abs() < 1e-9 {
                    Bound::Exact
                } else {
                    Bound::Between
                },
                role: Role::Value,
                unit: Unit::Percent,
                step: 1e-6,
                rounded: 1e-6,
                alternative: None,
                quantifier: true,
                of: Vec::new(),
            });
        }
        let (start, first) = self.signed(at)?;
        let (second, end) = self
            .range_end(&first)
            .map_or((None, first.end), |(value, end)| (Some(value), end));
        let unit = second
            .as_ref()
            .and_then(|value| value.unit)
            .or(first.unit)
            .unwrap_or(Named {
                unit: Unit::Count,
                factor: 1.0,
                offset: 0.0,
            });
        let factor = |value: &Value| {
            let own = value.unit.unwrap_or(unit);
            // `6 to 8 million`: the scale of the second figure is the first one's too.
            let scale = match (
                value.scaled,
                second.as_ref().and_then(|second| second.scaled),
            ) {
                (None, Some(scale)) => scale,
                _ => 1.0,
            };
            (own.factor * scale, own.offset)
        };
        let (times, offset) = factor(&first);
        let low = first.low * times + offset;
        let high = second.as_ref().map_or(low, |second| {
            let (times, offset) = factor(second);
            second.low * times + offset
        });
        if !(low.is_finite() && high.is_finite()) || high < low {
            return second
                .is_some()
                .then(|| self.single(start, &first))
                .flatten();
        }
        Some(Quantity {
            tokens: start..end,
            low,
            high,
            bound: if second.is_some() {
                Bound::Between
            } else {
                Bound::Exact
            },
            role: self.role(start, unit.unit),
            unit: unit.unit,
            step: first.step * times.abs(),
            rounded: first.rounded * times.abs(),
            alternative: first
                .alternative
                .filter(|_| second.is_none())
                .map(|other| other * times + offset),
            quantifier: false,
            of: Vec::new(),
        })
    }

    fn single(&self, start: usize, value: &Value) -> Option<Quantity> {
        let unit = value.unit?;
        Some(Quantity {
            tokens: start..value.end,
            low: value.low * unit.factor + unit.offset,
            high: value.low * unit.factor + unit.offset,
            bound: Bound::Exact,
            role: self.role(start, unit.unit),
            unit: unit.unit,
            step: value.step * unit.factor,
            rounded: value.rounded * unit.factor,
            alternative: None,
            quantifier: false,
            of: Vec::new(),
        })
    }

    fn quantifier_at(&self, at: usize) -> Option<(f64, f64)> {
        let word = self.lower(at);
        let found = quantifier(word)?;
        let next = self.lower(at + 1);
        let names_things = match word {
            // `every day`, `each month` are times; `all over`, `most famous` are no shares.
            "every" | "each" => !matches!(
                next,
                "day" | "week" | "month" | "year" | "hour" | "other" | "time" | "three" | "two"
            ),
            "most" => next.ends_with('s') || next == "of" || next == "people",
            "some" => {
                !next.starts_with(|first: char| first.is_ascii_digit())
                    && (next.ends_with('s') || next == "of" || next == "people")
            }
            "both" => false,
            "few" => next == "of",
            "all" => !matches!(next, "over" | "in" | "but" | "right" | "day" | "year"),
            _ => true,
        };
        names_things.then_some(found)
    }

    /// A value with a sign or currency before it.
    fn signed(&self, at: usize) -> Option<(usize, Value)> {
        let mut from = at;
        let mut negative = false;
        let mut currency = None;
        let mut moved = true;
        while moved && self.is_free(from) {
            moved = false;
            let token = &self.tokens[from];
            let next_is_glued = self.is_glued(from + 1);
            let stands_alone =
                !token.glued || from == 0 || self.tokens[from - 1].kind == TokenKind::Sign;
            if !negative
                && ((token.is_sign('-') || token.is_sign('−') || token.is_sign('–'))
                    && next_is_glued
                    && stands_alone
                    || token.lower == "minus")
            {
                negative = true;
                from += 1;
                moved = true;
            } else if currency.is_none()
                && let Some(named) = self.currency(from)
            {
                currency = Some(named);
                from += if self.lower(from) == "us" || self.lower(from) == "a" {
                    2
                } else {
                    1
                };
                moved = true;
            }
        }
        if !self.is_free(from) {
            return None;
        }
        let mut value = self.value(from, currency.is_some())?;
        if let Some(currency) = currency {
            value.unit = Some(currency);
        }
        if negative {
            value.low = -value.low;
            value.alternative = value.alternative.map(|other| -other);
        }
        Some((at, value))
    }
}

/// Whether the verb form says that an amount changed.
fn is_change(lower: &str) -> bool {
    const FORMS: &[&str] = &[
        "rose",
        "rises",
        "rise",
        "risen",
        "grew",
        "grows",
        "grow",
        "grown",
        "fell",
        "falls",
        "fall",
        "fallen",
        "increased",
        "increases",
        "increase",
        "decreased",
        "decreases",
        "decrease",
        "dropped",
        "drops",
        "drop",
        "climbed",
        "climbs",
        "declined",
        "declines",
        "shrank",
        "gained",
        "gains",
        "lost",
        "jumped",
        "slipped",
        "soared",
        "expanded",
        "up",
        "down",
    ];
    FORMS.contains(&lower)
}

fn share_of(share: f64, mut value: Value) -> Value {
    value.low = share * 100.0;
    value.step = 0.5;
    value.rounded = 0.5;
    // Halves and quarters are exact; a third is a rounded figure in percent.
    if (value.low - value.low.round()).abs() < 1e-9 {
        value.step = 1e-6;
        value.rounded = 1e-6;
    }
    value
}
