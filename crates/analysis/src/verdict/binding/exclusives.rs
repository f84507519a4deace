//! `only` in a source, and numbers that are parts of words.

use super::subjects::is_in;
use super::{Binding, amounts, terms};
use crate::statement::Sentence;
use crate::statement::quantity::{Comparison, Quantity};
use crate::statement::tags::Tag;

/// Words by which a source says that something is so of one thing, and of nothing else.
const EXCLUSIVE: &str = "only solely exclusively";

impl Binding<'_> {
    /// Whether the word narrows nothing beside this claim: `tickets are sold only at the gate` says that they are sold at the
    /// gate. What it is said of must stand in the claim, or be what the claim has another thing for.
    pub(super) fn exclusive_is_met(&self, word: &str) -> bool {
        let source = self.source;
        let tokens = &source.sentence.tokens;
        if !is_in(EXCLUSIVE, word) {
            return false;
        }
        let mut places = source
            .statement
            .tokens
            .clone()
            .filter(|at| tokens[*at].lower == word);
        let (Some(place), None) = (places.next(), places.next()) else {
            return false;
        };
        let before = place
            .checked_sub(1)
            .map_or("", |at| tokens[at].lower.as_str());
        // `the only bakery`, `not only`
        if matches!(
            before,
            "the" | "its" | "their" | "an" | "not" | "his" | "her" | "if"
        ) {
            return false;
        }
        // `only two of the lifts work`
        let mut counted = source.sentence.quantities.iter();
        if counted.any(|quantity| {
            quantity.tokens.contains(&(place + 1))
                && matches!(tokens.get(quantity.tokens.end), Some(next) if next.lower == "of")
        }) {
            return false;
        }
        let follows = |at: usize| at > place && source.statement.tokens.contains(&at);
        let mut focus: Vec<usize> = self.stated().filter(|at| follows(*at)).collect();
        if focus.is_empty() {
            // `is permitted at the deep end only`
            let start = terms::verb_start(source);
            focus = self.stated().filter(|at| *at >= start).collect();
        }
        !focus.is_empty() && focus.iter().all(|at| self.is_met(*at))
    }

    /// The first tokens of all words, amounts and times that the source's statement says itself.
    fn stated(&self) -> impl Iterator<Item = usize> {
        let source = self.source;
        let words = source.statement.terms.iter();
        let words = words.filter(|term| !term.inherited).map(|term| term.at);
        let amounts = source.statement.quantities.iter();
        let amounts = amounts.map(move |index| source.sentence.quantities[*index].tokens.start);
        let times = source.statement.times.iter();
        let times = times.map(move |index| source.sentence.times[*index].tokens.start);
        words.chain(amounts).chain(times)
    }

    /// Whether the claim has what begins at this token of the source, or something else in its place.
    fn is_met(&self, at: usize) -> bool {
        let sentence = self.source.sentence;
        let answered = |answer: &amounts::Answer| {
            answer.given.is_some_and(|given| {
                let tokens = if answer.is_time {
                    &sentence.times[given].tokens
                } else {
                    &sentence.quantities[given].tokens
                };
                tokens.contains(&at)
            })
        };
        self.is_used(at) || self.amounts.iter().any(answered) || self.times.iter().any(answered)
    }

    /// `ten` of `the ten-visit card`, where the source's sentence has the same word before the clause that is compared.
    pub(super) fn is_part_of_a_word(&self, answer: &amounts::Answer) -> bool {
        let (claim, source) = (self.claim.sentence, self.source.sentence);
        if answer.is_time {
            return false;
        }
        let joined = |sentence: &Sentence, quantity: &Quantity| {
            let at = quantity.tokens.end;
            let sign = sentence
                .tokens
                .get(at)
                .filter(|sign| sign.is_sign('-') && sign.glued)?;
            let noun = sentence.tokens.get(at + 1)?;
            sign.glued.then(|| noun.lower.clone())
        };
        let wanted = &claim.quantities[answer.wanted];
        let Some(noun) = joined(claim, wanted) else {
            return false;
        };
        let before_verb = wanted.tokens.end < terms::verb_start(self.claim);
        before_verb
            && source.quantities.iter().any(|given| {
                joined(source, given).as_ref() == Some(&noun)
                    && wanted.compare(given) == Comparison::Same
            })
    }

    /// `60-litre` of `a 60-litre bin costs €73`, beside `a 120-litre bin`: which one is meant.
    pub(super) fn amount_names_one(&self, answer: &amounts::Answer) -> bool {
        if answer.is_time {
            return false;
        }
        let sentence = self.claim.sentence;
        let tokens = &sentence.quantities[answer.wanted].tokens;
        let has_hyphen = tokens
            .clone()
            .any(|at| sentence.tokens[at].is_sign('-') && at > tokens.start);
        let describes = matches!(
            sentence.tags.get(tokens.end),
            Some(Tag::Noun | Tag::Adjective | Tag::Name)
        );
        has_hyphen && describes && tokens.end < terms::verb_start(self.claim)
    }
}
