//! A claim read by itself: what its pronoun stands for, written in its place, where one singular subject of the sentence before
//! can be meant and nothing else. The engine judges the same reading, for it looks for that subject's words too.

use clara_domain::claim::ClaimSpan;

use super::binding::{Side, verb_start};
use super::kinds::includes;
use crate::language::detect::language;
use crate::language::words::stem_of;
use crate::statement::tags::Tag;
use crate::statement::token::TokenKind;
use crate::statement::{Place, Sentence, Statement, Subject};

/// `The Ardmoor Bridge's main span is 412 metres long.` for `Its main span is 412 metres long.`
pub fn standalone(claim: &ClaimSpan) -> Option<String> {
    if language(&claim.text).is_some_and(|found| found != "en") {
        return None;
    }
    let sentence = Sentence::new(&claim.text);
    let statement = sentence
        .statements
        .iter()
        .find(|statement| statement.has_verb)?;
    let verb = verb_start(side(&sentence, statement));
    let at = (statement.tokens.start..verb).find(|at| {
        matches!(
            sentence.tokens[*at].lower.as_str(),
            "it" | "its" | "he" | "his" | "she" | "her"
        )
    })?;
    let pronoun = &sentence.tokens[at];
    let is_personal = !pronoun.lower.starts_with("it");
    // `It's`, and the `it` that stands for nothing.
    if pronoun.possessive || pronoun.lower == "it" && stands_for_nothing(&sentence, verb) {
        return None;
    }
    let named = antecedent(&claim.before, is_personal)?;
    let named = match named.split_once(' ') {
        Some((article, rest)) if is_article(article) => {
            let article = if at == 0 { "The" } else { "the" };
            format!("{article} {rest}")
        }
        _ => named,
    };
    let ending = match pronoun.lower.as_str() {
        "its" | "his" | "her" if named.ends_with('s') => "’",
        "its" | "his" | "her" => "’s",
        _ => "",
    };
    let mut text = claim.text.clone();
    text.replace_range(pronoun.bytes.clone(), &format!("{named}{ending}"));
    Some(text)
}

fn side<'s>(sentence: &'s Sentence, statement: &'s Statement) -> Side<'s> {
    Side {
        sentence,
        statement,
    }
}

fn is_article(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "the" | "a" | "an" | "this")
}

/// `It is known that`, `it took two years to`, `it rained`.
fn stands_for_nothing(sentence: &Sentence, verb: usize) -> bool {
    let lower = |at: usize| {
        sentence
            .tokens
            .get(at)
            .map_or("", |token| token.lower.as_str())
    };
    let empty = (verb..verb + 3).any(|at| {
        matches!(
            lower(at),
            "take"
                | "takes"
                | "took"
                | "rain"
                | "rains"
                | "rained"
                | "snow"
                | "snows"
                | "snowed"
                | "seem"
                | "seems"
                | "seemed"
                | "appears"
                | "appeared"
                | "happened"
                | "happens"
                | "turned"
        )
    });
    let leads_on =
        (verb..verb + 5).any(|at| matches!(lower(at), "that" | "who" | "whether" | "to"));
    empty || leads_on
}

/// The one subject that a pronoun can stand for, as it is written in the sentence before.
fn antecedent(before: &[String], is_personal: bool) -> Option<String> {
    for text in before {
        let sentence = Sentence::new(text);
        let statement = sentence
            .statements
            .iter()
            .find(|statement| statement.has_verb)?;
        let first = sentence.tokens.first()?.lower.as_str();
        let goes_on = if is_personal {
            matches!(first, "he" | "she")
        } else {
            first == "it"
        };
        // `It opened in 1933.` after the sentence that names it.
        if statement.subject == Subject::Pronoun && goes_on && !names_another(&sentence, statement)
        {
            continue;
        }
        return subject(&sentence, statement, is_personal);
    }
    None
}

fn subject(sentence: &Sentence, statement: &Statement, is_personal: bool) -> Option<String> {
    let tokens = &sentence.tokens;
    let verb = verb_start(side(sentence, statement));
    if matches!(tokens.get(verb)?.lower.as_str(), "are" | "were" | "have") {
        return None;
    }
    let is_head = |at: usize| matches!(sentence.tags[at], Tag::Noun | Tag::Name);
    let last = (0..verb).rev().find(|at| {
        !matches!(
            sentence.tags[*at],
            Tag::Adverb | Tag::Auxiliary | Tag::Particle
        )
    })?;
    if !is_head(last) || tokens[last].possessive {
        return None;
    }
    let mut first = last;
    while let Some(before) = first.checked_sub(1) {
        let belongs = matches!(
            sentence.tags[before],
            Tag::Noun | Tag::Name | Tag::Adjective | Tag::Determiner
        ) || tokens[before].lower == "-";
        if !belongs {
            break;
        }
        first = before;
        if sentence.tags[before] == Tag::Determiner {
            break;
        }
    }
    // What stands before it is nothing, or set off by a comma; a preposition or an `and` makes it part of something else.
    if first > 0 && !tokens[first - 1].is_sign(',') {
        return None;
    }
    let opening = tokens[first].lower.as_str();
    let determined = sentence.tags[first] == Tag::Determiner;
    if determined && !is_article(opening) {
        return None;
    }
    let head = tokens[last].lower.as_str();
    let is_name = sentence.tags[last] == Tag::Name;
    let is_plural =
        !is_name && head.ends_with('s') && !head.ends_with("ss") && !head.ends_with("us");
    let is_person = includes(&stem_of("person"), &stem_of(head));
    let fits = if is_personal {
        is_name || is_person
    } else {
        !is_person
    };
    let one_subject = sentence.statements.iter().all(|other| {
        let start = verb_start(side(sentence, other));
        other.terms.iter().all(|term| {
            term.at >= start
                || !matches!(term.place, Place::Subject | Place::Object)
                || (first..=last).contains(&term.at)
        })
    });
    let another = names_another(sentence, statement);
    (fits && !is_plural && one_subject && !another)
        .then(|| sentence.written(&(first..last + 1)).to_owned())
}

/// Whether the sentence has something after its verb that a pronoun could stand for as well.
fn names_another(sentence: &Sentence, statement: &Statement) -> bool {
    let start = verb_start(side(sentence, statement));
    sentence.statements.iter().any(|other| {
        other.terms.iter().any(|term| {
            let is_thing = matches!(sentence.tags[term.at], Tag::Noun | Tag::Name)
                && sentence.tokens[term.at].kind == TokenKind::Word;
            let is_object = matches!(term.place, Place::Object | Place::Subject) && !other.copular;
            term.at >= start && is_thing && (term.name || is_object)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clara_domain::text::Span;

    fn reading(claim: &str, before: &[&str]) -> Option<String> {
        standalone(&ClaimSpan {
            text: claim.to_owned(),
            span: Span::new(0, claim.chars().count()),
            before: before.iter().map(|text| (*text).to_owned()).collect(),
        })
    }

    #[test]
    fn a_pronoun_is_read_as_what_it_stands_for() {
        for (before, claim, read) in [
            (
                "The Ardmoor Bridge was opened to traffic in 1931.",
                "Its main span is 412 metres long.",
                "The Ardmoor Bridge’s main span is 412 metres long.",
            ),
            (
                "A new library opened in 2004.",
                "In 2010 it lent 300 books a day.",
                "In 2010 the new library lent 300 books a day.",
            ),
            (
                "Ada Lorne was born in 1890.",
                "She died in 1960.",
                "Ada Lorne died in 1960.",
            ),
        ] {
            assert_eq!(reading(claim, &[before]).as_deref(), Some(read));
        }
    }

    #[test]
    fn a_pronoun_leans_through_a_pronoun() {
        assert_eq!(
            reading(
                "It has 24 rooms.",
                &["It closed in 2001.", "The hotel opened in 1931."]
            )
            .as_deref(),
            Some("The hotel has 24 rooms.")
        );
    }

    #[test]
    fn what_may_stand_for_two_things_is_not_read() {
        for (before, claim) in [
            (
                "The firm bought the mill in 1912.",
                "It employs 410 people.",
            ),
            (
                "The bridge and the tunnel opened in 1931.",
                "It is 412 metres long.",
            ),
            ("The towers are old.", "It is 412 metres long."),
            (
                "The bridge opened in 1931 and the tunnel opened in 1950.",
                "It is long.",
            ),
            ("The roof of the hall leaks.", "It was built in 1931."),
            ("Ada Lorne moved to Bergen.", "It is a large city."),
            ("Ada Lorne married Tom Berg.", "She died in 1960."),
            ("The bridge opened in 1931.", "She died in 1960."),
            ("The singer was born in 1890.", "It is large."),
            (
                "The bridge opened in 1931.",
                "It took two years to build it.",
            ),
            (
                "The bridge opened in 1931.",
                "It is known that the toll was high.",
            ),
            ("The bridge opened in 1931.", "The bridge is long."),
        ] {
            assert_eq!(reading(claim, &[before]), None, "{before} {claim}");
        }
        assert_eq!(reading("It is long.", &[]), None);
    }
}
