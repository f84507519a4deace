//! What the subject is said to be: a kind that includes the source's, one that shuts it out, or a trade by its verb.

use super::super::kinds;
use super::super::relations::{self, Contrast};
use super::Side;
use super::terms::{Found, is_topic};
use crate::statement::{Place, Term};

/// `X is a person` beside `X is a singer`: the one kind includes the other, or shuts it out.
pub(super) fn of_a_kind(term: &Term, claim: Side<'_>, source: Side<'_>) -> Option<Found> {
    let is_predicate = |term: &Term, side: Side<'_>| {
        side.statement.copular
            && term.place == Place::Object
            && !term.describes
            && !term.name
            && !is_topic(term, side)
    };
    if !is_predicate(term, claim) {
        return None;
    }
    let mut given = source
        .statement
        .terms
        .iter()
        .filter(|given| is_predicate(given, source));
    if let Some(member) = given
        .clone()
        .find(|given| kinds::includes(&term.stem, &given.stem))
    {
        return Some(Found::Here(member.at));
    }
    let first = given.next()?;
    let is_head = claim
        .statement
        .terms
        .iter()
        .find(|other| is_predicate(other, claim))
        .is_some_and(|head| head.at == term.at);
    // What the source's subject is says nothing of another.
    let same_subject = claim.statement.terms.iter().any(|one| {
        is_topic(one, claim)
            && source
                .statement
                .terms
                .iter()
                .any(|other| is_topic(other, source) && other.stem == one.stem)
    });
    (is_head
        && same_subject
        && kinds::are_apart(&term.stem, &first.stem)
        && given.all(|given| !relations::are_same(&term.stem, &given.stem)))
    .then_some(Found::Contrast(first.at, Contrast::Other))
}

/// `Ada sings` beside `Ada is a singer`: what somebody does, and nothing of whom or what it is done to.
pub(super) fn by_trade(term: &Term, claim: Side<'_>, source: Side<'_>) -> Option<Found> {
    let alone = claim
        .statement
        .terms
        .iter()
        .all(|other| other.at == term.at || other.place == Place::Subject);
    if term.place != Place::Verb || !alone || !source.statement.copular {
        return None;
    }
    source
        .statement
        .terms
        .iter()
        .find(|given| given.place == Place::Object && relations::is_trade(&term.stem, &given.stem))
        .map(|given| Found::Here(given.at))
}
