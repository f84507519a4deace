//! What an analysis may spend on a judge, and what it has spent. A call is entered with its estimate before it is made, so that
//! calls under way at once cannot pass a bound together.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::judge::JudgeError;

/// Prices are per so many tokens.
const TOKENS_OF_A_PRICE: f64 = 1_000_000.0;

/// What one analysis may spend.
#[derive(Debug, Clone, PartialEq)]
pub struct Budget {
    pub max_calls: u32,
    /// Of questions and answers together.
    pub max_tokens: u64,
    pub max_time: Duration,
    /// In the currency of `prices`; holds only where there are any.
    pub max_cost: Option<f64>,
    pub prices: Option<Prices>,
}

/// What a million tokens cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    pub input: f64,
    pub output: f64,
}

impl Prices {
    fn of(self, tokens: Tokens) -> f64 {
        // Counts of tokens are far below what an f64 counts exactly.
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let price = |count: u64, price: f64| count as f64 * price / TOKENS_OF_A_PRICE;
        price(tokens.input, self.input) + price(tokens.output, self.output)
    }
}

/// A bound of the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Calls,
    Tokens,
    Seconds,
    Cost,
}

impl Bound {
    /// The setting that raises it.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Calls => "MODEL_MAX_CALLS",
            Self::Tokens => "MODEL_MAX_TOKENS",
            Self::Seconds => "MODEL_MAX_SECONDS",
            Self::Cost => "MODEL_MAX_COST",
        }
    }

    pub(super) fn advice(self) -> String {
        format!(
            "send a shorter text, judge what is open yourself, or have the operator raise {}",
            self.setting()
        )
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Calls => "the number of calls that an analysis may make",
            Self::Tokens => "the number of tokens that an analysis may use",
            Self::Seconds => "the time that a model may take for an analysis",
            Self::Cost => "the money that an analysis may spend on a model",
        })
    }
}

/// Tokens of a question and its answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    pub input: u64,
    pub output: u64,
}

impl Tokens {
    fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_sub(other.input),
            output: self.output.saturating_sub(other.output),
        }
    }
}

/// What a judge used for one report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelUsage {
    pub calls: u32,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Wall-clock time in which the judge was asked, to a tenth.
    pub seconds: f64,
    /// In the currency of the prices that the operator set; `null` where none are.
    pub cost: Option<f64>,
}

#[derive(Debug, Default)]
struct Spent {
    calls: u32,
    /// Of calls that were made, and the estimates of those under way.
    tokens: Tokens,
}

/// What one analysis has spent so far.
#[derive(Debug)]
pub struct Spending {
    budget: Budget,
    spent: Mutex<Spent>,
}

impl Spending {
    /// Nothing is spent yet.
    pub fn new(budget: Budget) -> Self {
        Self {
            budget,
            spent: Mutex::default(),
        }
    }

    /// Enters a call of about so many tokens, unless that would pass a bound.
    pub fn reserve(&self, estimate: Tokens) -> Result<Reservation<'_>, JudgeError> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = spent.tokens.plus(estimate);
        let costs = self.budget.prices.map(|prices| prices.of(tokens));
        let bound = if spent.calls >= self.budget.max_calls {
            Some(Bound::Calls)
        } else if tokens.total() > self.budget.max_tokens {
            Some(Bound::Tokens)
        } else if matches!((costs, self.budget.max_cost), (Some(costs), Some(most)) if costs > most)
        {
            Some(Bound::Cost)
        } else {
            None
        };
        if let Some(bound) = bound {
            return Err(JudgeError::Spent { bound });
        }
        spent.calls += 1;
        spent.tokens = tokens;
        Ok(Reservation {
            spending: self,
            estimate,
        })
    }

    /// What was used, calls under way with their estimates.
    pub fn usage(&self, time: Duration) -> ModelUsage {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let cost = self.budget.prices.map(|prices| prices.of(spent.tokens));
        ModelUsage {
            calls: spent.calls,
            input_tokens: spent.tokens.input,
            output_tokens: spent.tokens.output,
            seconds: (time.as_secs_f64() * 10.0).round() / 10.0,
            cost: cost.map(|cost| (cost * 1_000_000.0).round() / 1_000_000.0),
        }
    }
}

/// A call that is under way. One that is dropped counts with its whole estimate: what became of it nobody knows.
#[derive(Debug)]
#[must_use]
pub struct Reservation<'s> {
    spending: &'s Spending,
    estimate: Tokens,
}

impl Reservation<'_> {
    /// The call took so many tokens.
    pub fn settle(self, used: Tokens) {
        let mut spent = self
            .spending
            .spent
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        spent.tokens = spent.tokens.minus(self.estimate).plus(used);
    }

    /// The call was refused before a model saw it; it still counts as a call.
    pub fn release(self) {
        self.settle(Tokens::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget() -> Budget {
        Budget {
            max_calls: 3,
            max_tokens: 1_000,
            max_time: Duration::from_secs(60),
            max_cost: Some(0.01),
            prices: Some(Prices {
                input: 10.0,
                output: 30.0,
            }),
        }
    }

    fn bound(spending: &Spending, input: u64, output: u64) -> Option<Bound> {
        match spending.reserve(Tokens { input, output }) {
            Err(JudgeError::Spent { bound }) => Some(bound),
            _ => None,
        }
    }

    #[test]
    fn a_budget_ends_at_each_of_its_bounds() {
        let spending = Spending::new(budget());
        assert_eq!(bound(&spending, 900, 200), Some(Bound::Tokens));
        assert_eq!(bound(&spending, 400, 300), Some(Bound::Cost));
        for _ in 0..3 {
            assert_eq!(bound(&spending, 10, 10), None);
        }
        assert_eq!(bound(&spending, 1, 1), Some(Bound::Calls));
    }

    #[test]
    fn calls_under_way_count_with_their_estimate() {
        let spending = Spending::new(budget());
        let tokens = |input, output| Tokens { input, output };
        let first = spending.reserve(tokens(500, 100)).unwrap();
        assert_eq!(bound(&spending, 500, 0), Some(Bound::Tokens));
        first.settle(tokens(300, 50));
        let second = spending.reserve(tokens(500, 0)).unwrap();
        second.release();
        let usage = spending.usage(Duration::from_millis(1_240));
        assert_eq!(
            (usage.calls, usage.input_tokens, usage.output_tokens),
            (2, 300, 50)
        );
        assert!((usage.seconds - 1.2).abs() < 1e-9);
        assert!((usage.cost.unwrap() - 0.0045).abs() < 1e-9);
    }
}
