//! Parts of speech: a trained tagger, corrected where it does not know a word or a number's place is certain.

mod places;
mod verbs;

use harper_brill::{Tagger as _, UPOS, brill_tagger};

use super::groups::is_participle;
use super::lexical;
use super::token::{Token, TokenKind};
use places::{
    ends_a_predicate, find_a_verb, is_verb_by_place, leads_to_a_noun, opens_the_rest, verb_not_done,
};

/// The part of speech of a token, as far as statements need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Noun,
    Name,
    Verb,
    Auxiliary,
    Adjective,
    Adverb,
    Preposition,
    Determiner,
    Pronoun,
    Conjunction,
    Subordinator,
    Particle,
    Number,
    Sign,
    Other,
}

/// Tags the tokens of a sentence. `counted` marks those that belong to an amount or a date.
pub fn tags(text: &str, tokens: &[Token], counted: &[bool]) -> Vec<Tag> {
    let written: Vec<String> = tokens
        .iter()
        .map(|token| {
            text[token.bytes.clone()]
                .trim_end_matches("'s")
                .trim_end_matches("’s")
                .to_owned()
        })
        .collect();
    let guessed = brill_tagger().tag_sentence(&written);
    let mut tags: Vec<Tag> = tokens
        .iter()
        .enumerate()
        .map(|(at, token)| tag(token, counted[at], guessed.get(at).copied().flatten()))
        .collect();
    correct(tokens, &mut tags);
    verbs::find_missed(tokens, &mut tags);
    tags
}

fn tag(token: &Token, counted: bool, guessed: Option<UPOS>) -> Tag {
    if counted {
        return Tag::Number;
    }
    match token.kind {
        TokenKind::Sign => {
            return if token.lower == "&" {
                Tag::Conjunction
            } else {
                Tag::Sign
            };
        }
        TokenKind::Number => return Tag::Number,
        TokenKind::Word => {}
    }
    let lower = token.lower.as_str();
    if lexical::is_auxiliary(lower)
        && !(lower == "may" && token.capital)
        && !(lower == "will" && token.capital)
    {
        return Tag::Auxiliary;
    }
    if matches!(lower, "and" | "or" | "but" | "nor") {
        return Tag::Conjunction;
    }
    if lexical::denies(lower) {
        return Tag::Particle;
    }
    match guessed {
        Some(UPOS::NOUN) => Tag::Noun,
        Some(UPOS::PROPN) => Tag::Name,
        Some(UPOS::VERB | UPOS::AUX) => Tag::Verb,
        Some(UPOS::ADJ) => Tag::Adjective,
        Some(UPOS::ADV) => Tag::Adverb,
        Some(UPOS::ADP) => Tag::Preposition,
        Some(UPOS::DET) => Tag::Determiner,
        Some(UPOS::PRON) => Tag::Pronoun,
        Some(UPOS::CCONJ) => Tag::Conjunction,
        Some(UPOS::SCONJ) => Tag::Subordinator,
        Some(UPOS::PART) => Tag::Particle,
        Some(UPOS::NUM) => Tag::Number,
        _ => Tag::Other,
    }
}

/// What the tagger does not know, from the word's form and its neighbours.
fn correct(tokens: &[Token], tags: &mut [Tag]) {
    for at in 0..tokens.len() {
        let token = &tokens[at];
        let before = at.checked_sub(1).map(|before| tags[before]);
        let next = tokens.get(at + 1);
        let next_tag = tags.get(at + 1).copied();
        let lower = token.lower.as_str();
        if token.kind != TokenKind::Word || tags[at] == Tag::Number {
            continue;
        }
        // A capital within a sentence is a name, whatever the word is elsewhere.
        if token.capital
            && at > 0
            && !lexical::is_function_word(lower)
            && !tokens[at - 1].is_sign('.')
        {
            tags[at] = Tag::Name;
            continue;
        }
        // At the beginning a capital says nothing, unless a name follows at once.
        let names_on = |next: &Token| {
            // Within a title the small words have capitals too: `Reign Over Me`.
            next.capital && next.kind == TokenKind::Word && next.lower != "i"
        };
        let next_word = if next.is_some_and(|next| next.is_sign('.')) && lower.chars().count() == 1
        {
            tokens.get(at + 2)
        } else {
            next
        };
        if token.capital
            && at == 0
            && !lexical::is_function_word(lower)
            && next_word.is_some_and(names_on)
            && !lexical::is_preposition(lower)
        {
            tags[at] = Tag::Name;
            continue;
        }
        // `incapable of barking`
        if lower.ends_with("ing")
            && at > 1
            && tokens[at - 1].lower == "of"
            && lexical::is_inability(&tokens[at - 2].lower)
        {
            tags[at] = Tag::Verb;
            continue;
        }
        if lower == "need" && next.is_some_and(|next| next.lower == "not") {
            tags[at] = Tag::Auxiliary;
            continue;
        }
        // `Guided tours are held`: a participle that opens the sentence before a plural describes it.
        if at == 0
            && tags[0] == Tag::Verb
            && lower.ends_with("ed")
            && next_tag == Some(Tag::Noun)
            && next.is_some_and(|next| next.lower.ends_with('s'))
            && (2..tokens.len())
                .take_while(|place| !tokens[*place].is_sign(','))
                .any(|place| tags[place] == Tag::Auxiliary || tags[place] == Tag::Verb)
        {
            tags[0] = Tag::Adjective;
            continue;
        }
        // `crops rose from 8 percent`, `and climbs 640 m`
        let changes = matches!(
            lower,
            "rose" | "fell" | "grew" | "climbs" | "rises" | "falls"
        ) && tags[at] == Tag::Noun
            && (next.is_some_and(|next| matches!(next.lower.as_str(), "from" | "by" | "to"))
                && tags.get(at + 2) == Some(&Tag::Number)
                || before == Some(Tag::Conjunction) && next_tag == Some(Tag::Number));
        if changes {
            tags[at] = Tag::Verb;
            continue;
        }
        // `Gas grills are allowed`: no verb stands right before an auxiliary.
        if tags[at] == Tag::Verb
            && lower.ends_with('s')
            && next_tag == Some(Tag::Auxiliary)
            && matches!(before, Some(Tag::Noun | Tag::Adjective | Tag::Determiner))
            && next.is_some_and(|next| !lexical::denies(&next.lower))
        {
            tags[at] = Tag::Noun;
            continue;
        }
        // `Do not open the lid`: after `do not` stands a verb, whatever else the word may be.
        if matches!(tags[at], Tag::Adjective | Tag::Noun)
            && at > 1
            && tokens[at - 1].lower == "not"
            && matches!(tokens[at - 2].lower.as_str(), "do" | "does" | "did")
            || matches!(tags[at], Tag::Adjective | Tag::Noun)
                && at > 0
                && matches!(
                    tokens[at - 1].lower.as_str(),
                    "don't" | "doesn't" | "didn't"
                )
        {
            tags[at] = Tag::Verb;
            continue;
        }
        if lexical::is_serving(lower) && next.is_some_and(|next| next.lower == "as") {
            tags[at] = Tag::Auxiliary;
            continue;
        }
        if lexical::is_preposition(lower)
            && matches!(
                tags[at],
                Tag::Other | Tag::Noun | Tag::Verb | Tag::Subordinator
            )
        {
            tags[at] = Tag::Preposition;
        }
        if lower == "to"
            && let Some(verb) = verb_not_done(tokens, tags, at)
        {
            tags[at] = Tag::Particle;
            tags[verb] = Tag::Verb;
            continue;
        }
        if lower == "to" {
            let infinitive = next_tag == Some(Tag::Verb) && next.is_some_and(|next| !next.capital)
                || next.is_some_and(|next| lexical::is_be(&next.lower) || next.lower == "have");
            // `opened to traffic in 1931`: a word that is no common verb and has no object is a noun.
            let is_noun = infinitive
                && next.is_some_and(|next| !lexical::is_common_verb(&next.lower))
                && at > 0
                && matches!(
                    tags.get(at + 2),
                    None | Some(Tag::Sign | Tag::Number | Tag::Preposition | Tag::Conjunction)
                )
                && !matches!(before, Some(Tag::Auxiliary | Tag::Noun))
                && !lexical::is_intention(&tokens[at - 1].lower)
                && !lexical::is_failure(&tokens[at - 1].lower);
            if is_noun {
                tags[at] = Tag::Preposition;
                tags[at + 1] = Tag::Noun;
                continue;
            }
            tags[at] = if infinitive {
                Tag::Particle
            } else {
                Tag::Preposition
            };
        }
        if tags[at] == Tag::Other {
            tags[at] = if lower.ends_with("ly") {
                Tag::Adverb
            } else if lower.len() > 4 && lower.ends_with("ed") {
                Tag::Verb
            } else if lower.len() > 3
                && lower.ends_with('s')
                && !lower.ends_with("ss")
                && matches!(before, Some(Tag::Noun | Tag::Name | Tag::Pronoun))
                && matches!(
                    next_tag,
                    Some(
                        Tag::Determiner
                            | Tag::Number
                            | Tag::Name
                            | Tag::Pronoun
                            | Tag::Preposition
                            | Tag::Adverb
                    )
                )
            {
                Tag::Verb
            } else if token.capital {
                Tag::Name
            } else {
                Tag::Noun
            };
        }
        if matches!(tags[at], Tag::Noun | Tag::Adjective)
            && matches!(
                before,
                Some(Tag::Noun | Tag::Name | Tag::Pronoun | Tag::Conjunction)
            )
            && at > 0
            && is_verb_by_place(tokens, tags, at)
        {
            tags[at] = Tag::Verb;
        }
        // A singular noun takes no plain form: `a mystery film`, `a jazz song`.
        if tags[at] == Tag::Verb
            && matches!(before, Some(Tag::Noun | Tag::Adjective))
            && !lexical::is_common_verb(lower)
            && (!lower.ends_with('s') || lower.ends_with("ss"))
            && !lower.ends_with("ed")
            && !lower.ends_with("en")
            && at > 0
            && !tokens[at - 1].lower.ends_with('s')
        {
            tags[at] = Tag::Noun;
        }
        // `a weekend pass costs`: of two verbs side by side, the second is the verb.
        if at > 0
            && lower.ends_with('s')
            && lexical::is_common_verb(lower)
            && before == Some(Tag::Verb)
            && matches!(tags.get(at + 1), Some(Tag::Number | Tag::Determiner))
            && matches!(
                at.checked_sub(2).map(|at| tags[at]),
                Some(Tag::Noun | Tag::Adjective | Tag::Determiner)
            )
        {
            tags[at] = Tag::Verb;
            tags[at - 1] = Tag::Noun;
        }
        // `a player playing for Orby`
        if tags[at] == Tag::Noun
            && before == Some(Tag::Noun)
            && next_tag == Some(Tag::Preposition)
            && matches!(
                lower,
                "playing" | "working" | "living" | "serving" | "competing" | "studying"
            )
        {
            tags[at] = Tag::Verb;
        }
        // `its ward`: a verb does not follow a possessive pronoun.
        if tags[at] == Tag::Verb
            && at > 0
            && matches!(
                tokens[at - 1].lower.as_str(),
                "its" | "his" | "their" | "our" | "my" | "your"
            )
            && !lower.ends_with("ed")
            && !lower.ends_with("ing")
        {
            tags[at] = Tag::Noun;
        }
        // `is a TV show`, `the album's lead single`: a plain form within what a noun phrase says is no verb.
        if tags[at] == Tag::Verb
            && !lower.ends_with("ed")
            && !lower.ends_with("ing")
            && !is_participle(lower)
            && (at > 0 && tokens[at - 1].possessive && leads_to_a_noun(tags, at)
                || ends_a_predicate(tokens, tags, at))
        {
            tags[at] = Tag::Noun;
        }
        // `a handheld, hinged tool`: a participle beside an adjective describes the noun that follows.
        if tags[at] == Tag::Verb
            && at > 2
            && lower.ends_with("ed")
            && next_tag == Some(Tag::Noun)
            && tokens[at - 1].is_sign(',')
            && matches!(tags[at - 2], Tag::Noun | Tag::Adjective)
            && matches!(tokens[at - 3].lower.as_str(), "a" | "an")
        {
            tags[at] = Tag::Adjective;
            tags[at - 2] = Tag::Adjective;
        }
        if tags[at] == Tag::Noun && opens_the_rest(tokens, tags, at) {
            tags[at] = Tag::Verb;
        }
        // A verb does not follow an article or an adjective before it.
        if tags[at] == Tag::Verb
            && matches!(before, Some(Tag::Determiner))
            && !lower.ends_with("ed")
            && !matches!(
                tokens[at - 1].lower.as_str(),
                "that" | "this" | "all" | "those" | "these"
            )
        {
            tags[at] = Tag::Noun;
        }
    }
    let is_finite = |at: usize| {
        tags[at] == Tag::Auxiliary
            || (tags[at] == Tag::Verb && (at == 0 || tokens[at - 1].lower != "to"))
    };
    if !(0..tokens.len()).any(is_finite) {
        find_a_verb(tokens, tags);
    }
}
