//! Words that contrast and still refute nothing: of two things each has its own, and of two deeds both may have been done.

use super::super::relations;
use super::scopes::PERMISSIONS;
use super::subjects::{is_in, is_superlative};
use super::{Binding, Found, terms};
use crate::statement::Place;

impl Binding<'_> {
    /// `The blue house` beside `the red house`, `the mother` beside `the father`: two things, each with its own. Where one of
    /// two does it, as the buyer or the seller pays, the other does not.
    pub(super) fn contrast_is_of_two_things(&self, contrasts: &[usize]) -> bool {
        contrasts.iter().any(|index| {
            let Found::Contrast(at, _) = self.matched[*index].found else {
                return false;
            };
            let term = &self.claim.statement.terms[*index];
            let given = self
                .source
                .statement
                .terms
                .iter()
                .find(|given| given.at == at);
            // `The newest house is the mill` is no other thing than `the oldest house is the mill`.
            let ranks = self.claim.statement.copular && is_superlative(&term.lower);
            let other_subject = terms::is_topic(term, self.claim)
                && !ranks
                && given.is_some_and(|given| {
                    terms::is_topic(given, self.source)
                        && !relations::are_sides(&term.stem, &given.stem)
                });
            // What is sold in one country may be sold in another, and what the one house passes the other may pass.
            let verbs = || {
                let terms = &self.claim.statement.terms;
                terms.iter().filter(|one| one.place == Place::Verb)
            };
            let once = verbs()
                .any(|verb| relations::is_single(&verb.stem) || relations::is_unique(&verb.stem));
            let elsewhere = !self.claim.statement.copular
                && !once
                && self.claim.statement.passive
                && given.is_some_and(|given| {
                    matches!(term.place, Place::After("in")) && (term.name && given.name)
                        || term.place == Place::Subject && given.place == Place::Subject
                });
            // What is valid for children may be valid for adults too.
            let permits = matches!(term.place, Place::After(_))
                && self
                    .claim
                    .statement
                    .terms
                    .iter()
                    .any(|one| is_in(PERMISSIONS, &one.lower));
            other_subject || permits || elsewhere
        })
    }

    /// `Ada bought it` beside `Ada sold it to Tom`: who sold it may have bought it before.
    pub(super) fn contrast_is_of_two_deeds(&self, contrasts: &[usize]) -> bool {
        contrasts.iter().any(|index| {
            let Found::Contrast(at, _) = self.matched[*index].found else {
                return false;
            };
            let source = &self.source.statement.terms;
            self.claim.statement.terms[*index].place == Place::Verb
                && source.iter().any(|given| {
                    given.at == at
                        && given.place == Place::Verb
                        && relations::are_converse(&given.stem, &self.matched[*index].stem)
                })
        }) && self.claim.statement.times.is_empty()
            && !self
                .claim
                .statement
                .terms
                .iter()
                .any(|term| matches!(term.place, Place::After("from" | "to" | "by")))
    }
}
