//! Ordinals that one side has: `the second largest` beside `the largest`, `the 44th governor` beside `governor`.

use super::{Binding, Found, Side, terms};
use crate::statement::quantity::{Quantity, Unit};

/// What an ordinal of the source means for a claim that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unused {
    /// It may say which one is meant: `the second prize` is not `the prize`.
    Narrows(String),
    /// `the second longest` cannot be `the longest`.
    Contradicts(String),
}

impl Binding<'_> {
    /// The ordinal of the source's predicate that no amount of the claim was compared with and that matters.
    pub(super) fn unused_ordinal(&self) -> Option<Unused> {
        let start = terms::verb_start(self.source);
        let (statement, sentence) = (self.source.statement, self.source.sentence);
        statement.quantities.iter().find_map(|index| {
            let quantity = &sentence.quantities[*index];
            let counts = quantity.unit == Unit::Ordinal
                && (quantity.low - 1.0).abs() > 1e-9
                && quantity.tokens.start >= start
                && !self
                    .amounts
                    .iter()
                    .any(|answer| answer.given == Some(*index));
            if !counts {
                return None;
            }
            let written = sentence.written(&quantity.tokens).to_owned();
            let next = quantity.tokens.end;
            let next = if sentence
                .tokens
                .get(next)
                .is_some_and(|token| token.is_sign('-'))
            {
                next + 1
            } else {
                next
            };
            let shared = |at: usize| {
                self.matched
                    .iter()
                    .find(|matched| matched.found == Found::Here(at))
            };
            if shared(next).is_some() && is_superlative(&sentence.tokens.get(next)?.lower) {
                let denied = self.claim.statement.denied || statement.denied;
                return Some(if denied {
                    Unused::Narrows(written)
                } else {
                    Unused::Contradicts(written)
                });
            }
            // The noun that it counts, where the claim has it.
            let noun = (next..sentence.tokens.len())
                .take(quantity.of.len().max(1))
                .rev()
                .find_map(shared)?;
            let is_one_of_them = self.claim.statement.copular && !self.is_definite(noun.claim);
            (!is_one_of_them).then_some(Unused::Narrows(written))
        })
    }

    /// Whether the claim speaks of the one thing of its kind: `the prize`, not `a prize`, `governor`.
    fn is_definite(&self, at: usize) -> bool {
        let tokens = &self.claim.sentence.tokens;
        (at.saturating_sub(3)..at)
            .rev()
            .map(|before| tokens[before].lower.as_str())
            .find(|lower| matches!(*lower, "the" | "a" | "an" | "is" | "was" | "are" | "were"))
            .is_some_and(|lower| lower == "the")
    }
}

fn is_superlative(lower: &str) -> bool {
    (lower.len() > 4 && lower.ends_with("est"))
        || matches!(lower, "most" | "least" | "best" | "worst")
}

/// `the first` of `the second edition came out eleven years after the first`, beside `the first edition`: which one of the
/// things is meant is said by the ordinal before their noun.
pub(super) fn is_of_another_noun(wanted: &Quantity, given: &Quantity, source: Side<'_>) -> bool {
    let shares = |other: &Quantity| {
        other.unit == Unit::Ordinal && other.of.iter().any(|stem| wanted.of.contains(stem))
    };
    wanted.unit == Unit::Ordinal
        && given.of.is_empty()
        && source.sentence.quantities.iter().any(shares)
}
