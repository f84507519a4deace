//! Who is in a film, and whom a film shows: one event from two sides.

use crate::statement::{Place, Term};

/// `Ada stars in Salt Road` beside `Salt Road stars Ada`: who is in a film, and whom the film shows.
pub(super) fn is_cast(moved: &[&&(&Term, &Term)], pairs: &[(&Term, &Term)]) -> bool {
    let is_verb = |of: fn(&str) -> bool| {
        pairs.iter().any(|(term, given)| {
            term.place == Place::Verb
                && of(&term.lower)
                && given.place == Place::Verb
                && is_casting(&given.lower)
        })
    };
    // A title has prepositions of its own: `stars in Trouble with the Kerb`.
    let after = |place: &Place| matches!(place, Place::After(_));
    // The claim names who is in it first: `stars in`, `appears in`.
    let claim_is_of_a_person = moved.iter().all(|(term, other)| {
        (term.place == Place::Subject && other.place == Place::Object)
            || (after(&term.place) && other.place == Place::Subject)
    });
    let claim_is_of_a_film = moved.iter().all(|(term, other)| {
        (term.place == Place::Subject && after(&other.place))
            || (term.place == Place::Object && other.place == Place::Subject)
    });
    let appears = |lower: &str| is_casting(lower) || lower.starts_with("appear");
    is_verb(appears) && claim_is_of_a_person || is_verb(is_casting) && claim_is_of_a_film
}

fn is_casting(lower: &str) -> bool {
    matches!(
        lower,
        "star"
            | "stars"
            | "starred"
            | "starring"
            | "feature"
            | "features"
            | "featured"
            | "featuring"
    )
}
