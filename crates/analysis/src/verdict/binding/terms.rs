//! The claim's words found in the source's statement: by form, by meaning, by contrast, or in what stands around it.

use super::super::relations::{self, Contrast};
use super::comparisons;
use super::idle::is_idle;
use super::kinds::{by_trade, leave_out_the_town, leave_out_what_is_settled, of_a_kind};
use super::persons::{
    is_another_name, is_first_name, is_no_person, is_of_the_other_sex, is_short_form, is_title,
    opens_without_subject,
};
use super::surroundings::{around_names, is_generic};
use super::{Around, Side};
use crate::language::lexicon::meaning;
use crate::statement::quantity::Unit;
use crate::statement::tags::Tag;
use crate::statement::{Mood, Place, Subject, Term, is_light_verb};

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
        let here = best(term, claim, source, &used);
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
        found[index].found = missing(term, (claim, source), around, (&used, &found), amounts);
        if let Found::Contrast(at, _) | Found::Here(at) = found[index].found {
            used.push(at);
        }
    }
    comparisons::settle(claim, source, &mut found);
    leave_out_what_is_settled(claim, source, &mut found);
    leave_out_the_town(claim, &mut found);
    found
}

/// The source's word for a word of the claim: in the same place, if there is a choice.
fn best(term: &Term, claim: Side<'_>, source: Side<'_>, used: &[usize]) -> Option<usize> {
    let candidates: Vec<&Term> = source
        .statement
        .terms
        .iter()
        .filter(|given| {
            !used.contains(&given.at)
                && (means_the_same(term, given)
                    || is_short_form(term, given)
                    || says_as_much(term, claim, given, source))
        })
        .collect();
    // `Karl Voss` beside `Hedda Voss and Karl Voss`: the surname right after the first name.
    let follows = used.last().filter(|_| {
        let before = term.at.checked_sub(1);
        term.name && before.is_some_and(|at| claim.sentence.tags[at] == Tag::Name)
    });
    candidates
        .iter()
        .find(|given| given.stem == term.stem && follows.is_some_and(|last| last + 1 == given.at))
        .or_else(|| {
            candidates
                .iter()
                .find(|given| given.stem == term.stem && given.place == term.place)
        })
        .or_else(|| candidates.iter().find(|given| given.stem == term.stem))
        .or_else(|| candidates.iter().find(|given| given.place == term.place))
        .or_else(|| candidates.first())
        .map(|given| given.at)
}

fn means_the_same(term: &Term, given: &Term) -> bool {
    // `finally became` is not `the last`.
    let adverb = term.stem != given.stem && given.lower.ends_with("ly");
    relations::are_same(&term.stem, &given.stem) && !is_another_name(term, given) && !adverb
}

/// Verbs of which the source's says the claim's too: who starred in a film appeared in it, and what was founded in a year
/// began then.
fn says_as_much(term: &Term, claim: Side<'_>, given: &Term, source: Side<'_>) -> bool {
    let verbs = term.place == Place::Verb && given.place == Place::Verb;
    let plain = !source.statement.denied && source.statement.mood == Mood::Fact;
    verbs
        && plain
        && (relations::implies(&given.stem, &term.stem)
            || relations::begins_by(&given.stem, &term.stem)
                && source.statement.passive
                && is_intransitive(claim))
}

/// Whether nobody does anything to something: `The band started in 1980`.
pub(super) fn is_intransitive(side: Side<'_>) -> bool {
    !side.statement.passive
        && !side.statement.copular
        && side
            .statement
            .terms
            .iter()
            .all(|term| matches!(term.place, Place::Subject | Place::Verb))
}

fn missing(
    term: &Term,
    (claim, source): (Side<'_>, Side<'_>),
    around: &Around,
    (used, found): (&[usize], &[Matched]),
    amounts: bool,
) -> Found {
    if let Some(found) = of_a_kind(term, claim, source).or_else(|| by_trade(term, claim, source)) {
        return found;
    }
    if let Some((at, contrast)) = contrast(term, claim, source, used) {
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
    if is_idle(term, claim, source, found) {
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
        && !matches!(term.place, Place::After(_))
        && (source.statement.subject == Subject::Pronoun
            || opens_without_subject(source)
            || is_capital(term, claim) && is_generic(source))
        && !is_of_the_other_sex(term, source)
        && !is_no_person(term, claim, source)
    {
        return Found::Excerpt;
    }
    Found::Missing
}

/// A word of the source that contrasts with the claim's, in the same place of the statement.
fn contrast(
    term: &Term,
    claim: Side<'_>,
    source: Side<'_>,
    used: &[usize],
) -> Option<(usize, Contrast)> {
    source
        .statement
        .terms
        .iter()
        .filter(|given| !used.contains(&given.at))
        .find_map(|given| {
            let contrast =
                relations::contrast((&term.lower, &term.stem), (&given.lower, &given.stem))?;
            // `The Red Lion` and `The White Lion` are two houses, not one of two colours.
            let names =
                is_capital(term, claim) && is_capital(given, source) && is_topic(term, claim);
            if names
                && !meaning::exclude_as_names(&term.stem, &given.stem)
                && !(relations::are_sides(&term.stem, &given.stem)
                    && is_a_role(term, claim)
                    && is_a_role(given, source))
            {
                return None;
            }
            // `is not open until noon`, `closes at noon`: what is so, and what happens.
            let is_verb = |term: &Term| term.place == Place::Verb;
            if matches!(term.stem.as_str(), "open" | "close" | "shut")
                && is_verb(term) != is_verb(given)
                && has_hours(claim)
            {
                return None;
            }
            // `a Danish painter`, `a painter of French houses`: the one says where she is from, the other does not.
            if meaning::is_nationality(&term.stem)
                && (is_after_of(term, claim) != is_after_of(given, source)
                    || is_of_a_compound(given, source))
            {
                return None;
            }
            // `tours in Danish` are not denied by `tours in French`.
            if meaning::is_nationality(&term.stem)
                && term.place == Place::After("in")
                && !term.describes
                && term.at > 0
                && claim.sentence.tokens[term.at - 1].lower == "in"
                && is_language(&term.lower)
            {
                return None;
            }
            // `speaks Danish` is not denied by `speaks French`.
            if meaning::is_nationality(&term.stem)
                && !term.describes
                && term.place == Place::Object
                && !claim.statement.copular
                && claim.statement.has_verb
            {
                return None;
            }
            // `Halse Hospital` is not what a source denies that calls Halse a university.
            if given.place != term.place
                && is_capital(term, claim)
                && is_topic(term, claim)
                && !is_topic(given, source)
            {
                return None;
            }
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

/// `the Lender`, as a contract calls one side: an article and one word.
fn is_a_role(term: &Term, side: Side<'_>) -> bool {
    let before = term.at.checked_sub(1).map(|at| &side.sentence.tokens[at]);
    !term.describes && before.is_some_and(|before| before.lower == "the")
}

/// `French` of `a French-speaking town`, `American` of `an American Studies class`: it does not say where something is from.
fn is_of_a_compound(given: &Term, source: Side<'_>) -> bool {
    let next = source.sentence.tokens.get(given.at + 1);
    let noun = matches!(source.sentence.tags.get(given.at + 1), Some(Tag::Name))
        && next.is_some_and(|next| {
            matches!(
                next.lower.as_str(),
                "studies" | "literature" | "history" | "language" | "league" | "lit" | "philology"
            )
        });
    noun || next.is_some_and(|next| {
        next.is_sign('-')
            && source
                .sentence
                .tokens
                .get(given.at + 2)
                .is_some_and(|after| after.glued && !after.capital)
    })
}

/// Whether a statement names an hour of the day.
fn has_hours(side: Side<'_>) -> bool {
    let mut quantities = side.statement.quantities.iter();
    quantities.any(|index| side.sentence.quantities[*index].unit == Unit::Clock)
}

/// Whether the word names a language: `Danish`, not `Denmark`.
fn is_language(lower: &str) -> bool {
    lower.ends_with("ish")
        || lower.ends_with("ese")
        || lower.ends_with("ian")
        || matches!(
            lower,
            "french"
                | "dutch"
                | "german"
                | "greek"
                | "czech"
                | "welsh"
                | "thai"
                | "icelandic"
                | "korean"
        )
}

/// Whether the word is written as a name is: the tagger takes some small words for names.
pub(super) fn is_capital(term: &Term, side: Side<'_>) -> bool {
    side.sentence
        .tokens
        .get(term.at)
        .is_some_and(|token| token.capital)
}

pub(super) fn is_after_of(term: &Term, side: Side<'_>) -> bool {
    (verb_start(side)..term.at)
        .filter_map(|at| side.sentence.tokens.get(at))
        .any(|token| token.lower == "of")
}

/// Whether the word belongs to what the statement is about: what stands before its verb.
pub fn is_topic(term: &Term, side: Side<'_>) -> bool {
    if term.place == Place::Link && term.inherited {
        return false;
    }
    if !side.statement.has_verb {
        return true;
    }
    // `Founded in 1885, the mill employs 40 people`: the participle's subject comes after it.
    let follows = side.statement.passive
        && term.place == Place::Object
        && term.at >= side.statement.tokens.end;
    term.inherited && (term.place == Place::Subject || follows) || term.at < verb_start(side)
}

/// The first token of the verb group; of what the subject is called beside its name, the first of that.
pub fn verb_start(side: Side<'_>) -> usize {
    let tokens = &side.sentence.tokens;
    let mut own = side.statement.tokens.clone();
    let is_called = side.statement.copular
        && own.all(|at| !matches!(side.sentence.tags[at], Tag::Verb | Tag::Auxiliary));
    if is_called {
        return side.statement.tokens.start;
    }
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
