//! What the subject is said to be: a kind that includes the source's, one that shuts it out, or a trade by its verb.

use super::super::kinds;
use super::super::relations::{self, Contrast};
use super::Side;
use super::idle::is_kind_of;
use super::terms::{Found, Matched, is_capital, is_topic, verb_start};
use crate::language::lexicon::meaning;
use crate::statement::tags::Tag;
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
    let given = source
        .statement
        .terms
        .iter()
        // `was King of Norland`: what somebody is may be written as a name is.
        .filter(|given| {
            is_predicate(given, source)
                || source.statement.copular
                    && given.place == Place::Object
                    && given.name
                    && !given.describes
                    && !is_topic(given, source)
                    && kinds::includes("person", &given.stem)
        });
    if let Some(member) = given
        .clone()
        .find(|given| kinds::includes(&term.stem, &given.stem))
    {
        return Some(Found::Here(member.at));
    }
    // `an international criminal gang that`: the noun that says what it is, before a preposition leads to another.
    let start = verb_start(source);
    let in_the_phrase = |given: &&Term| {
        given.at >= start
            && (start..given.at).all(|at| {
                source.sentence.tags[at] != Tag::Preposition
                    && source.sentence.tokens[at].lower != "of"
                    && !source.sentence.tokens[at].is_sign(',')
            })
    };
    let first = given
        .clone()
        .filter(in_the_phrase)
        .find(|given| kinds::is_known(&given.stem))
        .or_else(|| given.clone().next())?;
    let is_head = claim
        .statement
        .terms
        .iter()
        .find(|other| is_predicate(other, claim) && !is_kind_of(other, claim))
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
        && given
            .clone()
            .all(|given| !relations::are_same(&term.stem, &given.stem)))
    .then_some(Found::Contrast(first.at, Contrast::Other))
}

/// `X is a Canadian stage actor` beside `X is a Danish painter`: one thing of several that X is said to be at once is enough to
/// refute the claim. What describes that noun, and what stands beside where somebody is from, need not be found.
pub(super) fn leave_out_what_is_settled(claim: Side<'_>, source: Side<'_>, found: &mut [Matched]) {
    let plain = |side: Side<'_>| side.statement.copular && !side.statement.denied;
    let terms = &claim.statement.terms;
    let mut subject = found
        .iter()
        .zip(terms)
        .filter(|(_, term)| is_topic(term, claim))
        .peekable();
    let same_subject = subject.peek().is_some()
        && subject.all(|(one, _)| matches!(one.found, Found::Here(at) if at < verb_start(source)));
    if !plain(claim) || !plain(source) || !same_subject {
        return;
    }
    let predicate = |term: &Term| term.place == Place::Object && !is_topic(term, claim);
    let Some(index) = found
        .iter()
        .position(|one| {
            matches!(
                one.found,
                Found::Contrast(_, Contrast::Other | Contrast::Opposite)
            )
        })
        .filter(|index| predicate(&terms[*index]))
    else {
        return;
    };
    let settled = &terms[index];
    // `a work of music` is a work, whatever it is of.
    let is_first = terms[..index]
        .iter()
        .all(|term| !predicate(term) || term.describes || is_kind_of(term, claim));
    if !is_first {
        return;
    }
    let Found::Contrast(given, _) = found[index].found else {
        return;
    };
    let given = source.statement.terms.iter().find(|term| term.at == given);
    let origin = meaning::is_nationality(&settled.stem)
        && given.is_some_and(|given| given.place == Place::Object);
    for (one, term) in found.iter_mut().zip(terms) {
        let described = !settled.describes && term.describes && term.at < settled.at;
        let beside = origin && settled.describes && term.at > settled.at;
        if one.found == Found::Missing
            && predicate(term)
            && (!is_capital(term, claim) || term.lower == "tv")
            && (described || beside && is_of_origin(settled, terms))
        {
            one.found = Found::Idle;
        }
    }
}

/// `was born in Tampa, Florida` beside `was born in Reno, Nevada`: where the state is another, so is the town.
pub(super) fn leave_out_the_town(claim: Side<'_>, found: &mut [Matched]) {
    let terms = &claim.statement.terms;
    for index in 1..found.len().min(terms.len()) {
        let state = &terms[index];
        let follows_a_comma = state
            .at
            .checked_sub(1)
            .is_some_and(|before| claim.sentence.tokens[before].is_sign(','));
        if !matches!(found[index].found, Found::Contrast(_, Contrast::Other))
            || !follows_a_comma
            || !state.name
        {
            continue;
        }
        let mut next = state.at - 1;
        for before in (0..index).rev() {
            let town = &terms[before];
            if !town.name || town.place != state.place || town.at + 1 != next {
                break;
            }
            if found[before].found == Found::Missing {
                found[before].found = Found::Idle;
            }
            next = town.at;
        }
    }
}

/// Whether the word says where a person or a thing is from: not in `a French horn player`, `an English teacher`.
fn is_of_origin(origin: &Term, terms: &[Term]) -> bool {
    const NOT_FROM_THERE: &str = "horn teacher professor football language literature history shepherd bulldog translator studies \
        restaurant cuisine food scholar folk lesson class course tutor interpreter speaker dictionary";
    let next = terms.iter().find(|term| term.at > origin.at);
    next.is_some_and(|next| {
        next.at <= origin.at + 1
            && !NOT_FROM_THERE
                .split_whitespace()
                .any(|word| word == next.lower)
    })
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
