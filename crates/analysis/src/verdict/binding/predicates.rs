//! `X is Y`: whether what is said of the subject stands on the same side of the verb in both, and is what it is.

use super::super::kinds;
use super::Side;
use super::terms::{is_after_of, is_topic, verb_start};
use crate::statement::tags::Tag;
use crate::statement::{Place, Term};

/// In `X is Y`, whether words of the claim's one side stand on both sides of the source, or both of the claim's on one.
pub(super) fn mixes_sides(claim: Side<'_>, source: Side<'_>, pairs: &[(&Term, &Term)]) -> bool {
    let (mut kept, mut turned) = (false, false);
    let (mut first, mut second) = (0, 0);
    for (term, given) in pairs {
        let (here, there) = (is_topic(term, claim), is_topic(given, source));
        // `Halse University` beside `Halse is a university`, `Orby, Norland` beside `Orby is a town in Norland`: the rest of
        // its name is what the source says of it.
        let of_its_name = term.name
            && !there
            && (!source.sentence.tokens[given.at].capital
                && !given.describes
                && !term.describes
                && given.place == Place::Object
                || term
                    .at
                    .checked_sub(1)
                    .is_some_and(|before| claim.sentence.tokens[before].is_sign(',')));
        if here && of_its_name && names_both(pairs, claim, source) {
            continue;
        }
        if here {
            first += 1;
        } else {
            second += 1;
        }
        if here == there {
            kept = true;
        } else {
            turned = true;
        }
    }
    let pronoun = source.statement.subject == crate::statement::Subject::Pronoun;
    (first > 0 && second > 0 && kept && turned) || (pronoun && first > 0 && turned)
}

/// `pilot` of `the aunt of a pilot`: not of `one of the pilots`, `a kind of pilot`.
fn is_of_something(given: &Term, source: Side<'_>) -> bool {
    let tokens = &source.sentence.tokens;
    let start = verb_start(source);
    let Some(of) =
        (start..given.at).find(|at| tokens.get(*at).is_some_and(|token| token.lower == "of"))
    else {
        return false;
    };
    given.place == Place::Object
        && of.checked_sub(1).is_some_and(|before| {
            matches!(source.sentence.tags[before], Tag::Noun | Tag::Name)
                && !matches!(
                    tokens[before].lower.as_str(),
                    "one" | "type" | "kind" | "form" | "sort" | "series" | "pair" | "group" | "set"
                )
        })
}

/// Whether a name is what both sides are about.
fn names_both(pairs: &[(&Term, &Term)], claim: Side<'_>, source: Side<'_>) -> bool {
    pairs
        .iter()
        .any(|(term, given)| term.name && is_topic(term, claim) && is_topic(given, source))
}

/// `The club is the oldest` beside `The club, the oldest on the lake, has 60 members`: what the claim says of its subject only
/// goes with the subject there, where the sentence says something else of it.
pub(super) fn goes_with_the_subject(
    claim: Side<'_>,
    source: Side<'_>,
    pairs: &[(&Term, &Term)],
) -> bool {
    let mut said = pairs
        .iter()
        .filter(|(term, _)| !is_topic(term, claim))
        .peekable();
    claim.statement.copular
        && !source.statement.copular
        && source.statement.has_verb
        && claim.statement.quantities.is_empty()
        && claim.statement.times.is_empty()
        && said.peek().is_some()
        && said.all(|(_, given)| given.place != Place::Verb && is_topic(given, source))
}

/// `Ada is Norland` beside `Ada is the best known in Norland`, `Tom is a sailor` beside `Tom was mistaken for a sailor`: what they
/// are said to be is only where they are, or what they were taken for.
pub(super) fn is_only_beside(claim: Side<'_>, pairs: &[(&Term, &Term)]) -> bool {
    let mut predicate = pairs
        .iter()
        .filter(|(term, _)| {
            term.place == Place::Object && !term.describes && !is_topic(term, claim)
        })
        .peekable();
    predicate.peek().is_some() && predicate.all(|(_, given)| matches!(given.place, Place::After(_)))
}

/// `Ada is a film` beside `Ada is a film actor`: what she is said to be only says what kind of actor she is. A comedy film is a
/// comedy.
pub(super) fn is_only_described(
    claim: Side<'_>,
    source: Side<'_>,
    pairs: &[(&Term, &Term)],
) -> bool {
    const WORKS: &[&str] = &[
        "film",
        "movie",
        "series",
        "album",
        "song",
        "show",
        "novel",
        "game",
        "play",
        "programme",
        "program",
        "television",
    ];
    pairs.iter().any(|(term, given)| {
        let head =
            term.place == Place::Object && !term.describes && !term.name && !is_topic(term, claim);
        let next = source.sentence.tokens.get(given.at + 1);
        let used = pairs.iter().any(|(_, other)| other.at == given.at + 1);
        let of_another = term.place == Place::Object
            && !term.describes
            && !is_topic(term, claim)
            && is_of_something(given, source)
            && !is_after_of(term, claim);
        of_another
            || head
                && (kinds::is_known(&term.stem)
                    || term.lower == given.lower
                        && source.sentence.tags.get(given.at) == Some(&Tag::Noun))
                && given.describes
                && !given.name
                && !used
                && next.is_some_and(|next| {
                    !next.capital && (term.lower == "film" || !WORKS.contains(&next.lower.as_str()))
                })
                && matches!(source.sentence.tags.get(given.at + 1), Some(Tag::Noun))
    })
}
