//! Words of the claim that say nothing which must be found, beside what the source says: a verb for being somewhere or
//! happening, a noun before a date, a word by which the claim says more, a verb by which it denies.

use super::Side;
use super::terms::{Found, Matched, is_topic, verb_start};
use crate::statement::quantity::Unit;
use crate::statement::tags::Tag;
use crate::statement::{Mood, Place, Term, is_exclusion, is_exclusive, is_failure, is_inability};

/// Nouns for what stands in a place for good: what is one of them in a town is located there.
const SITES: &str = "city town village hamlet commune municipality suburb borough district neighbourhood neighborhood settlement community \
    parish region province county prefecture island mountain hill volcano lake river bay beach valley desert forest peninsula waterfall \
    college university school academy institute museum gallery library theatre theater cinema hall church cathedral abbey monastery temple \
    mosque synagogue shrine castle palace fort fortress tower building skyscraper house mansion hotel stadium arena airport station bridge \
    tunnel dam park garden zoo hospital prison cemetery monument memorial mine quarry studio facility restaurant venue mall square street \
    port harbour harbor lighthouse mill farm factory";

/// Nouns for what happens: what was one of them in a war or a year happened then.
const EVENTS: &str = "battle war siege invasion massacre revolt rebellion uprising revolution coup election referendum festival concert \
    tournament championship race match conference summit exhibition earthquake flood eruption fire crash accident disaster strike riot \
    protest expedition campaign raid attack bombing assassination murder famine epidemic pandemic storm hurricane tornado";

fn is_in(list: &str, lower: &str) -> bool {
    list.split_whitespace().any(|word| word == lower)
}

/// Whether a word of the claim that is nowhere in the source need not be.
pub(super) fn is_idle(term: &Term, claim: Side<'_>, source: Side<'_>, found: &[Matched]) -> bool {
    is_said_by_the_unit(term, claim, source)
        || is_of_a_date(term, claim)
        || is_of_a_phrase(term, claim)
        || is_more_than_needed(term, claim)
        || is_a_denial(term, claim, source)
        || is_being_there(term, claim, source, found)
        || is_happening(term, source)
        || is_taking_place(term, claim, source)
        || is_working_as(term, claim, source)
        || is_playing_music(term, claim, source)
        || is_kind_of(term, claim)
        || is_of_its_name(term, claim)
        || is_legal_form(term, claim, source, found)
}

/// `costs` beside an amount of money, `weighs` beside kilograms: where the source only puts the amount beside the thing, the
/// unit says what is measured.
fn is_said_by_the_unit(term: &Term, claim: Side<'_>, source: Side<'_>) -> bool {
    if source.statement.has_verb && !source.statement.copular {
        return false;
    }
    let units = |side: Side<'_>, of: fn(Unit) -> bool| {
        side.statement
            .quantities
            .iter()
            .any(|index| of(side.sentence.quantities[*index].unit))
    };
    let both = |of: fn(Unit) -> bool| units(claim, of) && units(source, of);
    match term.stem.as_str() {
        "cost" | "price" => both(|unit| matches!(unit, Unit::Money(_))),
        "weigh" | "weight" => both(|unit| unit == Unit::Measure("g")),
        "last" | "durat" => both(|unit| matches!(unit, Unit::Measure("s") | Unit::Months)),
        "capac" | "hold" => both(|unit| matches!(unit, Unit::Measure("m³" | "B"))),
        _ => false,
    }
}

/// `year` of `in the year 2001`.
fn is_of_a_date(term: &Term, claim: Side<'_>) -> bool {
    matches!(term.lower.as_str(), "year" | "month")
        && !term.inherited
        && claim.statement.times.iter().any(|index| {
            let start = claim.sentence.times[*index].tokens.start;
            start == term.at + 1
                || start == term.at + 2 && claim.sentence.tokens[term.at + 1].lower == "of"
        })
}

/// `away` of `passed away`.
fn is_of_a_phrase(term: &Term, claim: Side<'_>) -> bool {
    term.lower == "away"
        && term
            .at
            .checked_sub(1)
            .is_some_and(|before| claim.sentence.tokens[before].lower == "passed")
}

/// `exclusively` of `is exclusively Norse`: without it the claim says less, and what refutes that refutes it.
fn is_more_than_needed(term: &Term, claim: Side<'_>) -> bool {
    is_exclusive(&term.lower) && !claim.statement.denied
}

/// `unable` of `is unable to swim`, `refused` of `refused to sign`, beside a source that says it is so: the claim denies it.
fn is_a_denial(term: &Term, claim: Side<'_>, source: Side<'_>) -> bool {
    let tokens = &claim.sentence.tokens;
    let offer = tokens.get(term.at + 1..).is_some_and(|after| {
        after.iter().take(3).any(|token| {
            matches!(
                token.lower.as_str(),
                "offer" | "offers" | "opportunity" | "invitation" | "chance"
            )
        })
    });
    let governs = offer
        || tokens
            .get(term.at + 1)
            .is_some_and(|next| matches!(next.lower.as_str(), "to" | "of" | "from" | "ever"));
    term.place == Place::Verb
        && !term.inherited
        && governs
        && (is_failure(&term.lower)
            || is_inability(&term.lower)
            || is_exclusion(&term.lower)
            || offer)
        && claim.statement.denied
        && !source.statement.denied
        && (is_past(claim) || !is_past(source))
}

/// Whether what is said is over: what was so says little of what can be now.
pub(in crate::verdict) fn is_past(side: Side<'_>) -> bool {
    let verbs = side
        .statement
        .tokens
        .clone()
        .filter(|at| matches!(side.sentence.tags[*at], Tag::Auxiliary | Tag::Verb));
    verbs
        .take(1)
        .all(|at| match side.sentence.tokens[at].lower.as_str() {
            "was" | "were" | "had" | "did" => true,
            lower => {
                side.sentence.tags[at] == Tag::Verb
                    && !lower.ends_with('s')
                    && !lower.ends_with("ing")
            }
        })
}

/// `located` of `is located in Norland`, beside `is a town in Norland`.
fn is_being_there(term: &Term, claim: Side<'_>, source: Side<'_>, found: &[Matched]) -> bool {
    if !matches!(
        term.lower.as_str(),
        "located" | "situated" | "lies" | "lie" | "sits"
    ) || term.place != Place::Verb
        || !source.statement.copular
    {
        return false;
    }
    let Some(site) = predicate(source).filter(|noun| is_in(SITES, &noun.lower)) else {
        return false;
    };
    let start = verb_start(source);
    let same_subject = found
        .iter()
        .zip(&claim.statement.terms)
        .filter(|(_, one)| is_topic(one, claim))
        .all(|(one, _)| {
            let Found::Here(at) = one.found else {
                return true;
            };
            let mut given = source.statement.terms.iter();
            at < start || !given.any(|term| term.at == at && matches!(term.place, Place::After(_)))
        });
    let mut places = found
        .iter()
        .zip(&claim.statement.terms)
        .filter(|(_, place)| place.place == Place::After("in"))
        .peekable();
    same_subject
        && places.peek().is_some()
        && places.all(|(matched, _)| {
            let Found::Here(at) = matched.found else {
                return false;
            };
            at > site.at && (site.at + 1..at).all(|between| is_plainly_in(source, between))
        })
}

/// Whether a token between a site and its place leaves it there: `near`, `5 km north of` and a further verb do not.
fn is_plainly_in(source: Side<'_>, at: usize) -> bool {
    let lower = source.sentence.tokens[at].lower.as_str();
    !matches!(source.sentence.tags[at], Tag::Verb | Tag::Auxiliary)
        && (source.sentence.tags[at] != Tag::Preposition
            || matches!(lower, "in" | "of" | "on" | "at"))
        && !matches!(
            lower,
            "north"
                | "south"
                | "east"
                | "west"
                | "northeast"
                | "northwest"
                | "southeast"
                | "southwest"
                | "near"
                | "outside"
                | "off"
                | "km"
                | "miles"
                | "who"
                | "which"
                | "that"
                | "and"
                | "but"
                | ";"
        )
}

/// `happened` of `happened in 1907`, beside `was a battle in 1907`.
fn is_happening(term: &Term, source: Side<'_>) -> bool {
    matches!(term.lower.as_str(), "happened" | "occurred")
        && term.place == Place::Verb
        && source.statement.copular
        && predicate(source).is_some_and(|noun| is_in(EVENTS, &noun.lower))
}

/// `place` of `took place in Norland`, beside `was fought in Norland`.
pub(super) fn is_taking_place(term: &Term, claim: Side<'_>, source: Side<'_>) -> bool {
    let tokens = &claim.sentence.tokens;
    let takes = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|token| matches!(token.lower.as_str(), "took" | "takes"))
    };
    let is_place = |at: usize| tokens.get(at).is_some_and(|token| token.lower == "place");
    let is_phrase = takes(term.at) && is_place(term.at + 1)
        || is_place(term.at) && term.at.checked_sub(1).is_some_and(takes);
    is_phrase && source.statement.passive && {
        let mut verbs = source
            .statement
            .terms
            .iter()
            .filter(|given| given.place == Place::Verb);
        verbs.all(|verb| is_staged(&verb.lower))
    }
}

/// `plays` and `music` of `plays folk music`, beside `is a folk band`.
fn is_playing_music(term: &Term, claim: Side<'_>, source: Side<'_>) -> bool {
    const PLAYERS: &str = "band group duo trio quartet quintet musician singer ensemble orchestra";
    let plays = |one: &Term| {
        one.place == Place::Verb
            && matches!(
                one.lower.as_str(),
                "plays" | "play" | "played" | "performs" | "performed"
            )
    };
    let music = |one: &Term| one.place == Place::Object && one.lower == "music" && !one.describes;
    let terms = &claim.statement.terms;
    // Of what kind, the source must say in the same breath: `folk band`.
    let kind = terms
        .iter()
        .any(|one| one.place == Place::Object && one.describes);
    (plays(term) || music(term))
        && terms.iter().any(plays)
        && terms.iter().any(music)
        && kind
        && predicate(source).is_some_and(|noun| is_in(PLAYERS, &noun.lower))
}

/// What is done to an event so that it takes place.
pub(super) fn is_staged(lower: &str) -> bool {
    matches!(
        lower,
        "fought" | "held" | "staged" | "contested" | "waged" | "conducted"
    )
}

/// `worked` of `worked as a nurse`, beside `was a nurse`.
fn is_working_as(term: &Term, claim: Side<'_>, source: Side<'_>) -> bool {
    let past = match term.lower.as_str() {
        "worked" => true,
        "works" => false,
        _ => return false,
    };
    let as_what = claim
        .statement
        .terms
        .iter()
        .any(|other| other.place == Place::After("as"));
    term.place == Place::Verb
        && as_what
        && source.statement.copular
        && source.statement.mood == Mood::Fact
        && (past || !is_past(source))
}

/// `type` of `is a type of dance`.
pub(super) fn is_kind_of(term: &Term, claim: Side<'_>) -> bool {
    let tokens = &claim.sentence.tokens;
    matches!(term.lower.as_str(), "type" | "kind" | "sort" | "form")
        && claim.statement.copular
        && !is_topic(term, claim)
        && tokens
            .get(term.at + 1)
            .is_some_and(|next| next.lower == "of")
        && term
            .at
            .checked_sub(1)
            .is_some_and(|before| matches!(tokens[before].lower.as_str(), "a" | "one"))
}

/// `state` of `in the state of Norland`, `genre` of `the genre of folk music`: what the name after it is anyway.
fn is_of_its_name(term: &Term, claim: Side<'_>) -> bool {
    let tokens = &claim.sentence.tokens;
    let word = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    !term.inherited
        && is_in(
            "city town village state province county country region month year genre",
            &term.lower,
        )
        && term.at > 0
        && word(term.at - 1) == "the"
        && word(term.at + 1) == "of"
        && matches!(
            claim.sentence.tags.get(term.at + 2),
            Some(Tag::Name | Tag::Noun | Tag::Number)
        )
        && !is_topic(term, claim)
}

/// `Ltd` of `Tarn Ltd`, where the source says `Tarn` and names no other form.
fn is_legal_form(term: &Term, claim: Side<'_>, source: Side<'_>, found: &[Matched]) -> bool {
    const FORMS: &str = "fc afc inc ltd plc corp llc llp gmbh ag";
    let terms = &claim.statement.terms;
    let name_is_here = found.iter().zip(terms).any(|(one, name)| {
        name.at + 1 == term.at && name.name && matches!(one.found, Found::Here(_))
    });
    is_in(FORMS, &term.lower)
        && name_is_here
        && !source
            .sentence
            .tokens
            .iter()
            .any(|token| is_in(FORMS, &token.lower))
}

/// The noun that says what the subject of `X is Y` is.
fn predicate(side: Side<'_>) -> Option<&Term> {
    let start = verb_start(side);
    side.statement.terms.iter().find(|term| {
        term.place == Place::Object && term.at >= start && !term.describes && !term.name
    })
}
