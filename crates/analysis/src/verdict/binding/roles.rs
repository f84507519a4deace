//! Who does what to whom: whether the words that both sides share stand in the same places.

use super::super::relations;
use super::Side;
use super::casts::is_cast;
use super::comparisons::{self, Order};
use super::idle::{is_staged, is_taking_place};
use super::places::{excludes, is_period, is_side, turns_round};
use super::predicates::{goes_with_the_subject, is_only_beside, is_only_described, mixes_sides};
use super::terms::{Found, Matched, is_intransitive};
use crate::statement::tags::Tag;
use crate::statement::{Place, Term};

/// How the places of shared words compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roles {
    Same,
    /// The same words with their places exchanged.
    Reversed,
    /// The same event from its other side: `A bought it from B`, `B sold it to A`.
    Converse,
    Unclear,
}

/// Compares the places of the words that both statements have.
pub fn compare(claim: Side<'_>, source: Side<'_>, matched: &[Matched]) -> Roles {
    let pairs: Vec<(&Term, &Term)> = matched
        .iter()
        .zip(&claim.statement.terms)
        .filter_map(|(matched, term)| {
            let (Found::Here(at) | Found::Contrast(at, _)) = matched.found else {
                return None;
            };
            let given = source.statement.terms.iter().find(|given| given.at == at)?;
            Some((term, given))
        })
        .collect();
    if !verbs_fit(claim, source, &pairs) {
        return Roles::Unclear;
    }
    let after = |side: Side<'_>, verb: &Term| {
        let next = side.sentence.tokens.get(verb.at + 1);
        next.map_or_else(String::new, |next| next.lower.clone())
    };
    if pairs.iter().any(|(term, given)| {
        term.place == Place::Verb && turns_round(&after(claim, term), &after(source, given))
    }) {
        return Roles::Unclear;
    }
    // `without pegs` is said of nothing that stands elsewhere in the source.
    let without = |place: &Place| *place == Place::After("without");
    if pairs.iter().any(|(term, given)| {
        without(&term.place) != without(&given.place) && !excludes(&term.place, &given.place)
    }) {
        return Roles::Unclear;
    }
    let compares = claim
        .statement
        .terms
        .iter()
        .any(|term| term.place == Place::After("than"));
    if !compares
        && claim.statement.copular
        && source.statement.copular
        && mixes_sides(claim, source, &pairs)
    {
        return Roles::Unclear;
    }
    if goes_with_the_subject(claim, source, &pairs) {
        return Roles::Unclear;
    }
    if claim.statement.copular
        && source.statement.copular
        && (is_only_beside(claim, &pairs) || is_only_described(claim, source, &pairs))
    {
        return Roles::Unclear;
    }
    // Which side of `than` each thing stands on is settled with the comparative itself.
    if comparisons::order(claim, source, matched).is_some_and(|order| order != Order::Unclear) {
        return Roles::Same;
    }
    let names = |side: Side<'_>, term: &Term| {
        (term.inherited || matches!(side.sentence.tags[term.at], Tag::Noun | Tag::Name))
            && !is_period(&term.lower)
            && term.place != Place::Verb
            && term.place != Place::Link
    };
    let nouns: Vec<&(&Term, &Term)> = pairs
        .iter()
        .filter(|(term, given)| names(claim, term) && names(source, given))
        .collect();
    let moved: Vec<&&(&Term, &Term)> = nouns
        .iter()
        .filter(|(term, given)| !fits(&term.place, &given.place, claim, source))
        .filter(|(term, given)| {
            given.place != Place::After("in")
                || !stands_in_a_place(term, claim)
                || has_another_name(source, &pairs)
        })
        .collect();
    if moved.is_empty() {
        return Roles::Same;
    }
    if is_cast(&moved, &pairs) {
        return Roles::Same;
    }
    let symmetric = claim
        .statement
        .terms
        .iter()
        .any(|term| term.place == Place::Verb && relations::is_symmetric(&term.stem));
    let opposite = |one: &Place, other: &Place| {
        matches!(
            (one, other),
            (Place::After("from"), Place::After("to")) | (Place::After("to"), Place::After("from"))
        )
    };
    let exchanged = moved.iter().any(|(term, given)| {
        nouns.iter().any(|(other, other_given)| {
            other.at != term.at
                && other.place == given.place
                && other_given.place == term.place
                && term.place != given.place
        })
    });
    let swapped = moved.len() >= 2 && exchanged;
    let turned = moved
        .iter()
        .all(|(term, given)| opposite(&term.place, &given.place));
    let converse = pairs
        .iter()
        .any(|(term, given)| relations::are_converse(&term.stem, &given.stem));
    if converse {
        // With the verb's other side, the sides of the event change places too; where they do not, the event is another.
        // `Harlow lost to Orby` beside `Harlow beat Orby`: the same one does both, so the one denies the other.
        let stays = nouns
            .iter()
            .any(|(term, given)| term.place == Place::Subject && given.place == Place::Subject);
        if stays && !turned {
            return Roles::Same;
        }
        let sides_exchanged = moved.iter().any(|(term, given)| {
            is_side(&term.place) && is_side(&given.place) && !opposite(&term.place, &given.place)
        });
        return if turned {
            Roles::Same
        } else if sides_exchanged {
            Roles::Converse
        } else {
            Roles::Unclear
        };
    }
    if let [(term, given)] = moved.as_slice()
        && excludes(&term.place, &given.place)
    {
        return Roles::Reversed;
    }
    let copular = claim.statement.copular && source.statement.copular;
    if swapped && copular && !compares {
        // `X is Y` may be turned round; `X is the mother of Y` may not.
        let names = moved.iter().filter(|(term, _)| term.name).count();
        // `The film is based on the novel` is not turned round either.
        let after = moved.iter().any(|(term, given)| {
            matches!(term.place, Place::After(_)) || matches!(given.place, Place::After(_))
        });
        return if names >= 2 || after {
            Roles::Unclear
        } else {
            Roles::Same
        };
    }
    // Who starred in what is not turned round by who is said to appear.
    let implied = pairs.iter().any(|(term, given)| {
        term.stem != given.stem && relations::implies(&given.stem, &term.stem)
    });
    if swapped && implied {
        return Roles::Unclear;
    }
    // `Ada's novel was adapted by Tom` is no other side of `Ada adapted Tom's novel`.
    let is_owner = |term: &Term, side: Side<'_>| {
        side.sentence.tokens[term.at].possessive || stands_after(term, side, &["of"])
    };
    let owned = moved
        .iter()
        .any(|(term, given)| is_owner(term, claim) || is_owner(given, source));
    if swapped && owned {
        return Roles::Unclear;
    }
    if swapped && !symmetric {
        return Roles::Reversed;
    }
    if swapped {
        return Roles::Same;
    }
    if turned {
        return Roles::Unclear;
    }
    // In `X is Y` the two sides may change places as long as nothing compares them.
    if copular && !compares {
        return Roles::Same;
    }
    Roles::Unclear
}

fn fits(claimed: &Place, given: &Place, claim: Side<'_>, source: Side<'_>) -> bool {
    if claimed == given {
        return true;
    }
    if !claim.statement.has_verb || !source.statement.has_verb {
        return true;
    }
    // `The shop opened in May`, `the shop was opened in May`: nobody else did it to something.
    let by_itself = (is_intransitive(claim) && source.statement.passive
        || claim.statement.passive && is_intransitive(source))
        && is_ergative(claim)
        && is_ergative(source);
    if by_itself
        && matches!(
            (claimed, given),
            (Place::Object, Place::Subject) | (Place::Subject, Place::Object)
        )
    {
        return true;
    }
    // `The war took place in Norland`, `the war was fought in Norland`
    let takes_place = claim
        .statement
        .terms
        .iter()
        .any(|term| is_taking_place(term, claim, source));
    if takes_place && (claimed, given) == (&Place::Subject, &Place::Object) {
        return true;
    }
    // `The valve is closed`, `the valve was closed by Ada`: a state and what was done say who alike.
    let state_and_act = (claim.statement.passive && source.statement.copular)
        || (claim.statement.copular && source.statement.passive);
    if state_and_act
        && matches!(
            (claimed, given),
            (Place::Object, Place::Subject) | (Place::Subject, Place::Object)
        )
    {
        return true;
    }
    match (claimed, given) {
        (Place::Subject, Place::After("by")) => claim.statement.passive,
        (Place::After("by"), Place::Subject) => source.statement.passive,
        // `was a sailor` is not said by `dressed as a sailor`, nor by `a candidate for mayor`.
        (Place::Object, Place::After("as" | "for")) if claim.statement.copular => false,
        // `The film is based on the novel` is not `the novel is based on the film`.
        (Place::Object, Place::After("in" | "with" | "other"))
        | (Place::After("in" | "with" | "other"), Place::Object)
            if claim.statement.passive && source.statement.passive =>
        {
            false
        }
        // `died of a fever`, `died from a fever`
        (Place::Object, Place::After("from")) | (Place::After("from"), Place::Object)
            if dies(claim) && dies(source) =>
        {
            true
        }
        // `finished third in the race` is not `finished the race`.
        (Place::Object, Place::After("in" | "for" | "with")) if is_deed(claim) => false,
        (Place::Object, Place::After("in" | "as" | "for" | "with" | "other"))
        | (Place::After("in" | "as" | "for" | "with" | "other"), Place::Object) => true,
        (Place::After("in"), Place::After("other" | "through" | "to"))
        | (Place::After("other" | "through" | "to"), Place::After("in")) => true,
        // `the population of Norland is`, `Norland has a population of`
        (Place::Subject, Place::After("in")) | (Place::After("in"), Place::Subject) => {
            claim.statement.copular || source.statement.copular || is_about_an_amount(claim)
        }
        (Place::Object, Place::Subject) | (Place::Subject, Place::Object) => {
            is_about_an_amount(claim) && is_about_an_amount(source) && light(claim, source)
        }
        _ => false,
    }
}

/// `Skerrow Point` of `the lamp at Skerrow Point was lit`, beside `the lamp was lit at Skerrow Point`.
fn stands_in_a_place(term: &Term, side: Side<'_>) -> bool {
    term.name && stands_after(term, side, &["at", "in", "on"])
}

/// Whether one of these prepositions leads a word's phrase.
fn stands_after(term: &Term, side: Side<'_>, prepositions: &[&str]) -> bool {
    let within = |at: &usize| matches!(side.sentence.tags[*at], Tag::Name | Tag::Determiner);
    let before = (0..term.at).rev().find(|at| !within(at));
    before.is_some_and(|at| prepositions.contains(&side.sentence.tokens[at].lower.as_str()))
}

/// `Halm` of `the grant of Halm was used in Orla`, of which `the grant in Orla was used` says nothing.
fn has_another_name(source: Side<'_>, pairs: &[(&Term, &Term)]) -> bool {
    source.statement.terms.iter().any(|term| {
        term.name
            && matches!(term.place, Place::Subject | Place::Object)
            && !pairs.iter().any(|(_, given)| given.at == term.at)
    })
}

fn dies(side: Side<'_>) -> bool {
    side.statement.terms.iter().any(|term| {
        term.place == Place::Verb && matches!(term.lower.as_str(), "died" | "dies" | "die")
    })
}

/// Whether somebody does something to something, and no amount says how much.
fn is_deed(side: Side<'_>) -> bool {
    let heavy = side
        .statement
        .terms
        .iter()
        .any(|term| term.place == Place::Verb && !crate::statement::is_light_verb(&term.lower));
    heavy && !side.statement.passive && !side.statement.copular && !is_about_an_amount(side)
}

/// Whether each verb names what a thing does by itself.
fn is_ergative(side: Side<'_>) -> bool {
    let mut verbs = side
        .statement
        .terms
        .iter()
        .filter(|term| term.place == Place::Verb)
        .peekable();
    verbs.peek().is_some() && verbs.all(|term| relations::is_ergative(&term.stem))
}

fn is_about_an_amount(side: Side<'_>) -> bool {
    !side.statement.quantities.is_empty()
}

/// Neither side has a verb that could tell who from whom.
fn light(claim: Side<'_>, source: Side<'_>) -> bool {
    let heavy = |side: Side<'_>| {
        side.statement
            .terms
            .iter()
            .any(|term| term.place == Place::Verb && !crate::statement::is_light_verb(&term.lower))
    };
    !heavy(claim) && !heavy(source)
}

/// Whether what is done is the same: each verb of the source that says something is one of the claim's.
fn verbs_fit(claim: Side<'_>, source: Side<'_>, pairs: &[(&Term, &Term)]) -> bool {
    let has_value = !claim.statement.quantities.is_empty();
    source
        .statement
        .terms
        .iter()
        .filter(|term| term.place == Place::Verb)
        .all(|verb| {
            let shared = pairs.iter().any(|(_, given)| given.at == verb.at);
            let light = crate::statement::is_light_verb(&verb.lower);
            let change =
                has_value && !source.statement.is_change && relations::is_change(&verb.stem);
            let takes_place = claim
                .statement
                .terms
                .iter()
                .any(|term| is_taking_place(term, claim, source));
            shared
                || takes_place && is_staged(&verb.lower)
                || (crate::statement::is_failure(&verb.lower)
                    || crate::statement::is_exclusion(&verb.lower))
                    && source.statement.denied
                || (light && (has_value || claim.statement.copular && is_staying(&verb.lower)))
                || (change && !has_own_change(source))
        })
}

/// `Orla remains a village`, `the hall became a school`: what it is, by a verb.
fn is_staying(lower: &str) -> bool {
    matches!(
        lower,
        "remain"
            | "remains"
            | "remained"
            | "become"
            | "becomes"
            | "became"
            | "stand"
            | "stands"
            | "stood"
    )
}

/// `rose by 5 percent` gives no value of the thing itself.
fn has_own_change(source: Side<'_>) -> bool {
    source.statement.quantities.iter().all(|index| {
        source.sentence.quantities[*index].role == crate::statement::quantity::Role::Change
    })
}
