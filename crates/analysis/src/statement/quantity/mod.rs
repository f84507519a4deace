//! Amounts as a text gives them: value, unit, precision, range, sign and bound, in one type that compares itself.

mod compare;
mod literal;
mod parse;
mod units;
mod words;

use std::ops::Range;

pub use compare::Comparison;
pub use parse::quantities;
pub use units::{Named, Unit, named};

/// How the value is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// `410`
    Exact,
    /// `about 410`
    About,
    /// `nearly 410`: a little less.
    Nearly,
    /// `at least 410`, `410 or more`
    AtLeast,
    /// `more than 410`, `exceeded 410`
    MoreThan,
    /// `at most 410`, `up to 410`
    AtMost,
    /// `fewer than 410`, `under 410`
    LessThan,
    /// `between 6 and 8`, `6–8`
    Between,
}

/// What the value says of the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// How much it is: `was 25 percent`, `rose to 25 percent`.
    Value,
    /// How much it was before: `from 20 percent`.
    Start,
    /// By how much it changed: `rose by 5 percent`.
    Change,
    /// Which one it is: `Page 15`, `Plan 3`, `mill number 1,371`.
    Label,
}

/// An amount where it stands. Values are in the unit's base (metres, grams, seconds, whole currency, percent).
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Its tokens, bound and unit included.
    pub tokens: Range<usize>,
    pub low: f64,
    /// Equal to `low` but for a range.
    pub high: f64,
    pub bound: Bound,
    pub role: Role,
    pub unit: Unit,
    /// Half of the last digit that is written: 0.05 million for `4.2 million`.
    pub step: f64,
    /// The same with trailing zeros taken for rounding: 500 for `5,000`.
    pub rounded: f64,
    /// The other reading of `1.250`, where there is one.
    pub alternative: Option<f64>,
    /// Whether it stands for `all`, `most`, `some`, `none`.
    pub quantifier: bool,
    /// Stems of the noun that is counted: `employee` in `410 employees`.
    pub of: Vec<String>,
}

impl Quantity {
    /// An exact value that was computed rather than read.
    #[must_use]
    pub fn computed(&self, value: f64, unit: Unit, role: Role) -> Self {
        Self {
            low: value,
            high: value,
            bound: Bound::Exact,
            role,
            unit,
            step: value.abs().max(1e-9) * 1e-9,
            rounded: value.abs().max(1e-9) * 1e-9,
            alternative: None,
            quantifier: false,
            ..self.clone()
        }
    }

    /// Whether it is one exact value.
    pub fn is_exact(&self) -> bool {
        self.bound == Bound::Exact && self.alternative.is_none()
    }
}

#[cfg(test)]
mod tests;
