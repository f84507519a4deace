//! Under which condition a clause stands: `if it rains`, `should it rain`, `as long as they sign`.

use super::{Builder, Clause, Link};
use crate::statement::lexical;
use crate::statement::tags::Tag;

impl Builder<'_> {
    /// Whether the clause, or the one that hangs on it, names a condition.
    pub(super) fn is_conditional(&self, number: usize, clauses: &[Clause]) -> bool {
        let clause = &clauses[number];
        let next_is_condition = clauses
            .get(number + 1)
            .is_some_and(|next| next.link == Link::Condition);
        let before_is_condition = number > 0
            && clauses[number - 1].link == Link::Condition
            && clause.link == Link::Coordinate;
        // `had it passed`: an auxiliary before its subject, at the end.
        let inverted = clauses.get(number + 1).is_some_and(|next| {
            matches!(self.lower(next.tokens.start), "had" | "were" | "should")
                && self.sentence.tags.get(next.tokens.start + 1) == Some(&Tag::Pronoun)
        });
        // `Should it rain, …`, `Had the pump been checked, …`
        let opens_inverted = matches!(self.lower(0), "should" | "had" | "were")
            && clauses.len() > 1
            && !matches!(self.sentence.tags.get(1), Some(Tag::Verb | Tag::Auxiliary));
        let opens_with_condition = opens_inverted
            || self.has_condition_of_several_words()
            || lexical::is_condition(self.lower(0)) && self.lower(0) != "whether";
        opens_with_condition
            || clause.link == Link::Condition
            || next_is_condition
            || before_is_condition
            || inverted
    }

    /// `as long as they sign`, `on condition that`, `in the event of`: but not `is twice as long as the other`.
    fn has_condition_of_several_words(&self) -> bool {
        const PHRASES: &[&[&str]] = &[
            &["as", "long", "as"],
            &["so", "long", "as"],
            &["on", "condition", "that"],
            &["on", "the", "condition", "that"],
            &["in", "the", "event", "of"],
            &["in", "the", "event", "that"],
            &["in", "case", "of"],
            &["subject", "to"],
        ];
        (0..self.sentence.tokens.len()).any(|at| {
            let stands = PHRASES.iter().any(|phrase| {
                phrase
                    .iter()
                    .enumerate()
                    .all(|(next, word)| self.lower(at + next) == *word)
            });
            let compares = self.lower(at) == "as"
                && at > 0
                && matches!(
                    self.lower(at - 1),
                    "is" | "are"
                        | "was"
                        | "were"
                        | "twice"
                        | "times"
                        | "half"
                        | "not"
                        | "just"
                        | "almost"
                        | "nearly"
                );
            stands && !compares
        })
    }
}
