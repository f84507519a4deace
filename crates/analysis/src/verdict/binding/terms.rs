//! The claim's words found in the source's statement: by form, by meaning, by contrast, or in what stands around it.

use super::super::relations::{self, Contrast};
use super::kinds::{by_trade, of_a_kind};
use super::persons::{is_another_name, is_first_name, is_short_form, is_title};
use super::{Around, Side};
use crate::statement::quantity::Unit;
use crate::statement::{Place, Subject, Term, is_light_verb};

/// Where a word of the claim was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Found {
    /// At this token of the source.
    Here(usize),
    /// This token contrasts with it.
    Contrast(usize, Contrast),
    /// In the title, a heading, or what a pronoun stands for.
    Around,
    /// Nowhere: an excerpt begins with a pronoun, and this names its subject.
    Excerpt,
    /// Says nothing that must be found.
    Idle,
    Missing,
}

/// A word of the claim, and where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Matched {
    /// Its token in the claim.
    pub claim: usize,
    pub stem: String,
    pub found: Found,
}

/// Finds each word of the claim.
pub fn matched(claim: Side<'_>, source: Side<'_>, around: &Around) -> Vec<Matched> {
    let terms = &claim.statement.terms;
    let mut used: Vec<usize> = Vec::new();
    let mut found: Vec<Matched> = Vec::with_capacity(terms.len());
    for term in terms {
        let here = best(term, source, &used);
        if let Some(at) = here {
            used.push(at);
        }
        found.push(Matched {
            claim: term.at,
            stem: term.stem.clone(),
            found: here.map_or(Found::Missing, Found::Here),
        });
    }
    let amounts = !claim.statement.quantities.is_empty();
    for index in 0..found.len() {
        if found[index].found != Found::Missing {
            continue;
        }
        let term = &terms[index];
        found[index].found = missing(term, (claim, source), around, &used, amounts);
        if let Found::Contrast(at, _) = found[index].found {
            used.push(at);
        }
    }
    found
}

/// The source's word for a word of the claim: in the same place, if there is a choice.
fn best(term: &Term, source: Side<'_>, used: &[usize]) -> Option<usize> {
    let candidates: Vec<&Term> = source
        .statement
        .terms
        .iter()
        .filter(|given| {
            !used.contains(&given.at)
                && (relations::are_same(&term.stem, &given.stem) && !is_another_name(term, given)
                    || is_short_form(term, given))
        })
        .collect();
    candidates
        .iter()
        .find(|given| given.stem == term.stem && given.place == term.place)
        .or_else(|| candidates.iter().find(|given| given.stem == term.stem))
        .or_else(|| candidates.iter().find(|given| given.place == term.place))
        .or_else(|| candidates.first())
        .map(|given| given.at)
}

fn missing(
    term: &Term,
    (claim, source): (Side<'_>, Side<'_>),
    around: &Around,
    used: &[usize],
    amounts: bool,
) -> Found {
    if let Some(found) = of_a_kind(term, claim, source).or_else(|| by_trade(term, claim, source)) {
        return found;
    }
    if let Some((at, contrast)) = contrast(term, source, used) {
        return Found::Contrast(at, contrast);
    }
    if term.place == Place::Link {
        return Found::Missing;
    }
    if is_light_verb(&term.lower)
        && (amounts || term.place == Place::Verb && claim.statement.copular)
    {
        return Found::Idle;
    }
    if is_said_by_the_unit(term, claim, source) {
        return Found::Idle;
    }
    if around_names(term, claim, source, around) || is_first_name(term, claim, source, used) {
        return Found::Around;
    }
    if is_title(term, claim, source, used) {
        return Found::Idle;
    }
    if around.is_excerpt
        && is_topic(term, claim)
        && (source.statement.subject == Subject::Pronoun || is_generic(source))
    {
        return Found::Excerpt;
    }
    Found::Missing
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

/// A word of the source that contrasts with the claim's, in the same place of the statement.
fn contrast(term: &Term, source: Side<'_>, used: &[usize]) -> Option<(usize, Contrast)> {
    source
        .statement
        .terms
        .iter()
        .filter(|given| !used.contains(&given.at))
        .find_map(|given| {
            let contrast =
                relations::contrast((&term.lower, &term.stem), (&given.lower, &given.stem))?;
            let alike = given.place == term.place
                || (given.describes && term.describes)
                || (source.statement.copular
                    && !matches!(given.place, Place::After(_))
                    && !matches!(term.place, Place::After(_)))
                || !source.statement.has_verb
                || matches!(
                    (&given.place, &term.place),
                    (Place::Verb, Place::Object) | (Place::Object, Place::Verb)
                );
            alike.then_some((given.at, contrast))
        })
}

/// Whether what stands around the statement names the word: only where the statement itself leaves its subject open, or the
/// document is about it.
fn around_names(term: &Term, claim: Side<'_>, source: Side<'_>, around: &Around) -> bool {
    if !is_topic(term, claim) {
        return false;
    }
    let has = |stems: &std::collections::HashSet<String>| {
        stems.contains(&term.stem)
            || stems
                .iter()
                .any(|stem| relations::are_same(stem, &term.stem) && !term.name)
    };
    match source.statement.subject {
        Subject::Pronoun => has(&around.antecedent) || has(&around.titles),
        Subject::Absent => has(&around.titles),
        // `The company has 5,020 employees` under or after a text that names the company.
        Subject::Named => {
            // Further names that only go before a shared surname are the same person's.
            let competing = source.statement.terms.iter().any(|given| {
                given.name
                    && !given.describes
                    && is_topic(given, source)
                    && !has_stem(claim, &given.stem)
            });
            !competing
                && (has(&around.titles)
                    || (is_generic(source) && has(&around.antecedent))
                    || is_named_beside(term, source))
        }
    }
}

fn has_stem(side: Side<'_>, stem: &str) -> bool {
    side.statement.has(stem)
}

/// Whether another statement of the same sentence names it in its subject: `Revenue of Orvane was 5 million, and profit was 1`.
fn is_named_beside(term: &Term, source: Side<'_>) -> bool {
    term.name
        && source.sentence.statements.iter().any(|other| {
            other.tokens.start < source.statement.tokens.start
                && other.terms.iter().any(|given| {
                    given.stem == term.stem
                        && is_topic(
                            given,
                            Side {
                                statement: other,
                                ..source
                            },
                        )
                })
        })
}

/// `the company`, `the club`: a subject that stands for a name given before.
fn is_generic(source: Side<'_>) -> bool {
    const GENERIC: &[&str] = &[
        "company",
        "firm",
        "club",
        "group",
        "society",
        "association",
        "organisation",
        "organization",
        "university",
        "school",
        "museum",
        "town",
        "city",
        "village",
        "country",
        "state",
        "bridge",
        "building",
        "ship",
        "book",
        "film",
        "album",
        "song",
        "band",
        "team",
        "author",
        "artist",
        "player",
        "island",
        "river",
        "mountain",
        "station",
        "machine",
        "device",
        "product",
        "model",
        "library",
        "hospital",
        "church",
        "hotel",
        "airport",
        "park",
        "lake",
        "mill",
        "drug",
        "study",
        "survey",
        "report",
        "law",
        "bill",
        "war",
        "battle",
        "species",
        "plant",
        "animal",
        "bank",
        "party",
        "council",
        "board",
        "committee",
        "factory",
        "plant",
        "network",
    ];
    let mut subject = source
        .statement
        .terms
        .iter()
        .filter(|term| is_topic(term, source));
    matches!((subject.next(), subject.next()), (Some(only), None) if GENERIC.contains(&only.lower.as_str()))
}

/// Whether the word belongs to what the statement is about: what stands before its verb.
pub fn is_topic(term: &Term, side: Side<'_>) -> bool {
    if term.place == Place::Link && term.inherited {
        return false;
    }
    if !side.statement.has_verb {
        return true;
    }
    term.inherited && matches!(term.place, Place::Subject) || term.at < verb_start(side)
}

/// The first token of the verb group.
pub fn verb_start(side: Side<'_>) -> usize {
    let tokens = &side.sentence.tokens;
    side.statement
        .tokens
        .clone()
        .find(|at| {
            side.statement
                .terms
                .iter()
                .any(|term| term.at == *at && term.place == Place::Verb)
                || side.sentence.tags[*at] == crate::statement::tags::Tag::Auxiliary
        })
        .unwrap_or(tokens.len())
}

/// How much of the claim's words the source's statement speaks of.
pub fn cover(matched: &[Matched]) -> f64 {
    let counted = matched
        .iter()
        .filter(|matched| matched.found != Found::Idle);
    let (mut all, mut found) = (0.0, 0.0);
    for one in counted {
        all += 1.0;
        found += match one.found {
            Found::Here(_) | Found::Contrast(..) => 1.0,
            Found::Around | Found::Excerpt => 0.7,
            Found::Idle | Found::Missing => 0.0,
        };
    }
    crate::language::share(found, all)
}
