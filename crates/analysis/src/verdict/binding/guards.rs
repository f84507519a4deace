//! What keeps a statement from deciding: moods that differ, words that narrow, pairs that are not plain, parts of a thing.

use std::collections::HashSet;

use super::super::relations;
use super::{Binding, Found, Side, amounts, terms};
use crate::statement::quantity::{Bound, Role, Unit};
use crate::statement::tags::Tag;
use crate::statement::{
    Mood, Place, Statement, Term, is_exclusion, is_exclusive, is_failure, is_inability,
};

impl Binding<'_> {
    /// A time that belongs to another part of the statement: `entered electronics in 1969 and shipbuilding in 1974`.
    pub(super) fn time_is_of_another_part(&self) -> bool {
        let source = self.source;
        let mut own: Vec<usize> = source.statement.times.clone();
        own.sort_by_key(|index| source.sentence.times[*index].tokens.start);
        if own.len() < 2 {
            return false;
        }
        let topic_end = terms::verb_start(source);
        self.times
            .iter()
            .filter(|answer| answer.outcome == amounts::Outcome::Same)
            .filter_map(|answer| answer.given)
            .any(|given| {
                let Some(place) = own.iter().position(|index| *index == given) else {
                    return false;
                };
                let Some(before) = place.checked_sub(1).map(|before| own[before]) else {
                    return false;
                };
                let segment = source.sentence.times[before].tokens.end
                    ..source.sentence.times[given].tokens.start;
                let joined = segment.len() <= 1;
                let speaks = self.matched.iter().any(|matched| {
                    matches!(matched.found, Found::Here(at) if segment.contains(&at) && at >= topic_end)
                });
                !joined && !speaks
            })
    }

    /// `the 2016 race`: a year that says which one is meant, not when it happened.
    pub(super) fn time_names_one(&self, answer: &amounts::Answer) -> bool {
        let names = |side: Side<'_>, index: usize| {
            let time = &side.sentence.times[index];
            let bare = time.tokens.len() == 1
                || matches!(
                    side.sentence.tokens[time.tokens.start].lower.as_str(),
                    "the" | "a" | "an"
                );
            bare && time.tokens.end < terms::verb_start(side)
                && side
                    .statement
                    .terms
                    .iter()
                    .any(|term| term.at == time.tokens.end)
        };
        names(self.claim, answer.wanted)
            || answer.given.is_some_and(|given| {
                let time = &self.source.sentence.times[given];
                let bare = time.tokens.len() == 1
                    || self.source.sentence.tokens[time.tokens.start].lower == "the";
                bare && self
                    .source
                    .statement
                    .terms
                    .iter()
                    .any(|term| term.name && term.at == time.tokens.end)
            })
    }

    /// Whether the claim's time says which one is meant, and the source's sentence says the same of it: `a 1974 film`.
    pub(super) fn names_one_alike(&self, answer: &amounts::Answer) -> bool {
        let describes = |side: Side<'_>, index: usize| {
            let tokens = &side.sentence.times[index].tokens;
            let article = matches!(
                side.sentence.tokens[tokens.start].lower.as_str(),
                "the" | "a" | "an"
            );
            (tokens.len() == 1 || tokens.len() == 2 && article)
                && matches!(
                    side.sentence.tags.get(tokens.end),
                    Some(Tag::Noun | Tag::Adjective | Tag::Name)
                )
                && side
                    .sentence
                    .tokens
                    .get(tokens.end)
                    .is_some_and(|next| !next.glued)
        };
        if !answer.is_time || !describes(self.claim, answer.wanted) {
            return false;
        }
        let when = &self.claim.sentence.times[answer.wanted].when;
        (0..self.source.sentence.times.len()).any(|index| {
            self.source.sentence.times[index].when == *when && describes(self.source, index)
        })
    }

    /// Whether what the claim says is done is a verb in the source too: `ended` is not `by the end of`.
    pub(super) fn verb_is_a_noun(&self) -> bool {
        let terms = &self.claim.statement.terms;
        self.matched.iter().zip(terms).any(|(matched, term)| {
            let Found::Here(at) = matched.found else {
                return false;
            };
            let tag = self.source.sentence.tags.get(at);
            term.place == Place::Verb
                && !term.inherited
                && matches!(tag, Some(Tag::Noun | Tag::Name))
                && !self
                    .source
                    .statement
                    .terms
                    .iter()
                    .any(|given| given.at == at && (given.inherited || given.place == Place::Verb))
        })
    }

    /// Several amounts of a kind beside several times in one statement.
    pub(super) fn pairs_are_unclear(&self) -> bool {
        let statement = self.source.statement;
        let unit = |index: usize| self.source.sentence.quantities[index].unit;
        let given: Vec<usize> = self
            .amounts
            .iter()
            .filter_map(|answer| answer.given)
            .collect();
        let rivals = given.iter().any(|one| {
            statement.quantities.iter().any(|other| {
                let role = |index: usize| self.source.sentence.quantities[index].role;
                // By how much it changed is no rival of what it was.
                other != one
                    && unit(*one) == unit(*other)
                    && (role(*one) == Role::Change) == (role(*other) == Role::Change)
                    && !given.contains(other)
            })
        });
        let used: Vec<usize> = self
            .times
            .iter()
            .filter_map(|answer| answer.given)
            .collect();
        rivals && statement.times.iter().any(|time| !used.contains(time))
    }

    /// Words of the claim that a contradiction can do without: where, by whom or for what it happened, if its time or amount
    /// cannot be and it can have happened only once.
    pub(super) fn may_be_missing(&self, missing: &[usize]) -> bool {
        let differs = self
            .times
            .iter()
            .any(|answer| answer.outcome == amounts::Outcome::Differs);
        let apart = missing.iter().all(|at| {
            let term = &self.claim.statement.terms[*at];
            matches!(term.place, Place::After(_))
                || (self.claim.statement.passive && term.place == Place::Subject)
        });
        let terms = &self.claim.statement.terms;
        let mut verbs = terms.iter().filter(|term| term.place == Place::Verb);
        let single = verbs.any(|verb| relations::is_single_of(&verb.stem, terms));
        differs && apart && single
    }

    /// Whether the words that contrast say how an amount changed.
    pub(super) fn is_about_change(&self, contrasts: &[usize]) -> bool {
        contrasts
            .iter()
            .all(|at| relations::is_change(&self.matched[*at].stem))
    }

    /// What is planned, possible, conditional or reported bears out and refutes only what is said in the same way.
    pub(super) fn not_comparable(&self) -> Option<String> {
        let (claimed, given) = (self.claim.statement.mood, self.source.statement.mood);
        let is_permission = |mood: Mood| matches!(mood, Mood::Permitted | Mood::Able);
        let (denies, is_denied) = (self.claim.statement.denied, self.source.statement.denied);
        let alike = match (claimed, given) {
            // `must not park` and `may not park` forbid the same, and `may park` contradicts both.
            (Mood::Obliged, other) if is_permission(other) => denies || is_denied,
            (other, Mood::Obliged) if is_permission(other) => denies || is_denied,
            // `need not pay` beside `must pay`
            (Mood::Obliged, Mood::Optional) => !denies,
            (Mood::Optional, Mood::Obliged) => !is_denied,
            (one, other) => one == other || is_permission(one) && is_permission(other),
        };
        if alike && (self.is_over() || self.ended()) {
            return Some(
                "in the source it was so for a time, in the claim it is so now".to_owned(),
            );
        }
        (!alike).then(|| {
            format!(
                "in the source it is {}, in the claim {}",
                given.words(),
                claimed.words()
            )
        })
    }

    /// Words that narrow one side only.
    pub(super) fn narrowed(&self) -> Option<String> {
        let (claim, source) = (self.claim.statement, self.source.statement);
        let lacking = |side: &Statement, other: &Side<'_>| {
            side.restrictions
                .iter()
                .filter(|word| {
                    !other.statement.restrictions.contains(word)
                        && !other
                            .sentence
                            .tokens
                            .iter()
                            .any(|token| token.lower == **word)
                })
                .cloned()
                .collect::<Vec<String>>()
        };
        lacking(source, &self.claim)
            .into_iter()
            .find(|word| self.narrows_what_is_said(word) && !self.exclusive_is_met(word))
            .map(|word| format!("the source narrows it (“{word}”)"))
            .or_else(|| {
                lacking(claim, &self.source)
                    .into_iter()
                    .next()
                    // What refutes the claim without it refutes the claim.
                    .filter(|word| claim.denied || !is_exclusive(word))
                    .map(|word| format!("the claim narrows it (“{word}”), the source does not"))
            })
    }

    /// The word by which the claim says more than the source, where it says the same: `is exclusively Norse`.
    pub(super) fn says_more(&self) -> Option<&str> {
        let given = &self.source.sentence.tokens;
        self.claim
            .statement
            .tokens
            .clone()
            .map(|at| self.claim.sentence.tokens[at].lower.as_str())
            .find(|lower| is_exclusive(lower) && !given.iter().any(|token| token.lower == *lower))
    }

    /// Whether the claim denies by a verb that the source has not: `refused to sign`.
    pub(super) fn denies_by_a_verb(&self) -> bool {
        self.matched
            .iter()
            .zip(&self.claim.statement.terms)
            .any(|(matched, term)| {
                matched.found == Found::Idle
                    && (is_failure(&term.lower)
                        || is_inability(&term.lower)
                        || is_exclusion(&term.lower)
                        || term.place == Place::Verb && self.claim.statement.denied)
            })
    }

    /// Whether both sides deny something of whom they are about only: `inmates who do not choose`. What is denied of whom is
    /// then not plain.
    pub(super) fn denial_is_of_a_part(&self) -> bool {
        let within = |side: Side<'_>| {
            let tokens = &side.sentence.tokens;
            (0..tokens.len()).any(|at| {
                matches!(tokens[at].lower.as_str(), "not" | "never" | "n't")
                    && (at.saturating_sub(3)..at).any(|before| {
                        matches!(tokens[before].lower.as_str(), "who" | "which" | "that")
                    })
            })
        };
        within(self.claim) && within(self.source)
    }

    /// `He played on 4 August, making 8 saves`: the amount is that day's, which the participle does not repeat.
    pub(super) fn amount_is_of_a_time(&self) -> bool {
        let claim = self.claim.statement;
        let tokens = &self.claim.sentence.tokens;
        let begins_with_a_gerund = claim.tokens.start > 0
            && tokens
                .get(claim.tokens.start)
                .is_some_and(|token| token.lower.ends_with("ing"));
        begins_with_a_gerund && claim.times.is_empty() && !self.claim.sentence.times.is_empty()
    }

    /// Whether an amount of the claim says that there is none of what it counts.
    pub(super) fn is_zero(&self, answer: &amounts::Answer) -> bool {
        let quantity = &self.claim.sentence.quantities;
        !answer.is_time
            && quantity[answer.wanted].high.abs() < 1e-9
            && self.is_count_of_something_here(answer)
    }

    /// Whether an amount of the claim says no more than that there is something: `at least one prize`.
    pub(super) fn is_at_least_one(&self, answer: &amounts::Answer) -> bool {
        !answer.is_time
            && !self.claim.statement.denied
            && !self.source.statement.denied
            && {
                let quantity = &self.claim.sentence.quantities[answer.wanted];
                quantity.bound == Bound::AtLeast && (quantity.low - 1.0).abs() < 1e-9
            }
            && self.is_count_of_something_here(answer)
    }

    fn is_count_of_something_here(&self, answer: &amounts::Answer) -> bool {
        let quantity = &self.claim.sentence.quantities[answer.wanted];
        let counts = |stem: &String| {
            let mut counted = self.matched.iter().filter(|matched| matched.stem == *stem);
            counted.any(|matched| matches!(matched.found, Found::Here(_)))
        };
        quantity.unit == Unit::Count && !quantity.of.is_empty() && quantity.of.iter().all(counts)
    }

    /// Whether the source's subject is described by a name, number or word that the claim's is not: `the south wing` beside
    /// `the wing`. What it says otherwise may then be said of another one.
    pub(super) fn source_is_about_a_part(&self, differs: &[amounts::Answer]) -> bool {
        let used: HashSet<usize> = self
            .matched
            .iter()
            .filter_map(|matched| match matched.found {
                Found::Here(at) | Found::Contrast(at, _) => Some(at),
                _ => None,
            })
            .collect();
        // `The board ranked Ada as the best` beside `Ada was ranked the best`: who did it is another matter.
        let leaves_agent_out = self.claim.statement.passive && !self.source.statement.passive;
        let unused_name = self.source.statement.terms.iter().any(|term| {
            !leaves_agent_out
                && !used.contains(&term.at)
                && !term.inherited
                && (term.name || term.describes)
                && terms::is_topic(term, self.source)
                && !self.around.titles.contains(&term.stem)
                && !self.matched.iter().any(|matched| matched.stem == term.stem)
                && !self.is_within_a_name(term, &used)
        });
        let other_ordinal = self.source.statement.quantities.iter().any(|index| {
            let quantity = &self.source.sentence.quantities[*index];
            quantity.unit == Unit::Ordinal
                && (quantity.low - 1.0).abs() > 1e-9
                && !differs
                    .iter()
                    .any(|answer| answer.given == Some(*index) && !answer.is_time)
                && !self
                    .amounts
                    .iter()
                    .any(|answer| answer.given == Some(*index))
                && quantity.tokens.start < terms::verb_start(self.source)
        });
        unused_name || other_ordinal
    }

    /// `Dale` of `Michael Dale Hackby`, where the claim names Michael Hackby: two of the name's words are the claim's.
    fn is_within_a_name(&self, term: &Term, used: &HashSet<usize>) -> bool {
        let (tokens, tags) = (&self.source.sentence.tokens, &self.source.sentence.tags);
        let belongs = |at: &usize| {
            tags[*at] == Tag::Name
                || matches!(tokens[*at].lower.as_str(), "\"" | "“" | "”" | "'" | ".")
        };
        let before = (0..term.at).rev().take_while(belongs);
        let after = (term.at + 1..tokens.len()).take_while(belongs);
        term.name && before.chain(after).filter(|at| used.contains(at)).count() >= 2
    }
}
