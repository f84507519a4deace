//! What a word is by the place where it stands.

use super::Tag;
use crate::statement::groups::is_participle;
use crate::statement::lexical;
use crate::statement::token::{Token, TokenKind};

/// `open` of `refused to ever open`, `unable to open`, `has yet to open`: the infinitive of what did not happen, whatever else
/// the word may be.
pub(super) fn verb_not_done(tokens: &[Token], tags: &[Tag], to: usize) -> Option<usize> {
    let before = &tokens[to.checked_sub(1)?].lower;
    let fails = before == "yet"
        || lexical::is_inability(before)
        || lexical::is_failure(before) && !before.starts_with("declin");
    let verb = if tokens.get(to + 1)?.lower == "ever" {
        to + 2
    } else {
        to + 1
    };
    let token = tokens.get(verb)?;
    (fails
        && !token.capital
        && token.kind == TokenKind::Word
        && !lexical::is_function_word(&token.lower)
        && !token.lower.ends_with('s')
        && matches!(
            tags[verb],
            Tag::Noun | Tag::Adjective | Tag::Verb | Tag::Other
        ))
    .then_some(verb)
}

pub(super) fn leads_to_a_noun(tags: &[Tag], at: usize) -> bool {
    matches!(
        tags.get(at + 1),
        Some(Tag::Noun | Tag::Adjective | Tag::Name)
    )
}

/// `show` of `Salt Road is a TV show.`: the last word of what somebody or something is.
pub(super) fn ends_a_predicate(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    let is_last = matches!(
        tokens.get(at + 1).map(|next| next.lower.as_str()),
        None | Some("." | "!" | ",")
    );
    let article = (0..at).rev().find(|before| {
        !matches!(
            tags[*before],
            Tag::Noun | Tag::Name | Tag::Adjective | Tag::Number
        )
    });
    is_last
        && article.is_some_and(|article| {
            article + 1 < at
                && article > 0
                && matches!(tokens[article].lower.as_str(), "a" | "an")
                && lexical::is_be(&tokens[article - 1].lower)
        })
}

/// Whether a noun after a noun is a verb by what follows it: `the plan costs 20 euros`, `the council plans to build`.
pub(super) fn is_verb_by_place(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    let lower = tokens[at].lower.as_str();
    let Some(next) = tokens.get(at + 1) else {
        return false;
    };
    if tokens[at].possessive || tokens[at - 1].possessive {
        return false;
    }
    let infinitive =
        next.lower == "to" && tags.get(at + 2) == Some(&Tag::Verb) && lexical::is_intention(lower);
    let changes = lexical::is_change_form(lower)
        && tokens[at - 1].lower.ends_with('s')
        && matches!(
            next.lower.as_str(),
            "to" | "by" | "from" | "below" | "above" | "sharply" | "slightly"
        );
    let takes_an_object = lexical::is_common_verb(lower)
        && (matches!(tags[at + 1], Tag::Number | Tag::Determiner | Tag::Pronoun)
            || (tags[at + 1] == Tag::Preposition && lower.ends_with('s'))
            || matches!(next.lower.as_str(), "$" | "€" | "£" | "below" | "above"));
    let reports = next.lower == "that" && lexical::is_report(lower);
    infinitive || reports || changes || takes_an_object
}

/// A statement has a verb: where the tagger saw none, the likeliest word is one.
pub(super) fn find_a_verb(tokens: &[Token], tags: &mut [Tag]) {
    let candidate = (1..tokens.len()).find(|at| {
        let lower = tokens[*at].lower.as_str();
        matches!(tags[*at], Tag::Noun | Tag::Adjective)
            && lexical::is_common_verb(lower)
            && !matches!(
                tags[*at - 1],
                Tag::Determiner | Tag::Adjective | Tag::Preposition
            )
    });
    // `The shop sells bicycles`: the tagger takes some verbs for names.
    let by_form = || {
        (1..tokens.len()).find(|at| {
            let token = &tokens[*at];
            let ends_in_s = token.lower.ends_with('s') && !token.lower.ends_with("ss");
            ends_in_s
                && !token.capital
                && !token.possessive
                && matches!(tags[*at], Tag::Noun | Tag::Name)
                && matches!(tags[*at - 1], Tag::Noun | Tag::Name)
                && !tokens[*at - 1].lower.ends_with('s')
                && !tokens[*at - 1].possessive
                && matches!(
                    tags.get(*at + 1),
                    Some(
                        Tag::Determiner
                            | Tag::Preposition
                            | Tag::Number
                            | Tag::Name
                            | Tag::Noun
                            | Tag::Adjective
                    )
                )
                && lexical::is_verb_in_s(&token.lower)
        })
    };
    let switches = (1..tokens.len()).find(|at| {
        let particle = tokens.get(at + 1).map(|next| next.lower.as_str());
        lexical::is_switching(&tokens[*at].lower)
            && matches!(particle, Some("on" | "off"))
            && matches!(tags[*at - 1], Tag::Noun | Tag::Name)
    });
    if let Some(at) = switches.or(candidate).or_else(by_form) {
        tags[at] = Tag::Verb;
    }
}

/// `lifts` of `The pump, made by Orlec, lifts water`: after a participle between commas, the verb of the subject.
pub(super) fn opens_the_rest(tokens: &[Token], tags: &[Tag], at: usize) -> bool {
    at > 3
        && tokens[at - 1].is_sign(',')
        && lexical::is_verb_in_s(&tokens[at].lower)
        && (1..at - 1).any(|comma| {
            tokens[comma].is_sign(',')
                && is_participle(&tokens[comma + 1].lower)
                && tags[..comma]
                    .iter()
                    .all(|tag| !matches!(tag, Tag::Verb | Tag::Auxiliary))
        })
}
