//! Verbs that the tagger takes for nouns, names or adjectives, found by the tags beside them.

use super::Tag;
use crate::language::lexicon;
use crate::statement::groups::is_participle;
use crate::statement::lexical;
use crate::statement::token::{Token, TokenKind};

/// Finds them, after everything else has its tag.
pub(super) fn find_missed(tokens: &[Token], tags: &mut [Tag]) {
    no_longer(tokens, tags);
    failures(tokens, tags);
    after_modals(tokens, tags);
    passives(tokens, tags);
    only_verb(tokens, tags);
}

fn is_plain_word(token: &Token) -> bool {
    token.kind == TokenKind::Word && !token.capital
}

/// `no longer charges`: the two words deny, and the second compares nothing.
fn no_longer(tokens: &[Token], tags: &mut [Tag]) {
    for at in 1..tokens.len() {
        if tokens[at].lower == "longer" && tokens[at - 1].lower == "no" {
            tags[at] = Tag::Adverb;
        }
    }
}

/// `forgot` of `The chairman forgot to sign`.
fn failures(tokens: &[Token], tags: &mut [Tag]) {
    for at in 1..tokens.len().saturating_sub(2) {
        if lexical::is_failure(&tokens[at].lower)
            && is_plain_word(&tokens[at])
            && tags[at] == Tag::Noun
            && matches!(tags[at - 1], Tag::Noun | Tag::Name | Tag::Pronoun)
            && tokens[at + 1].lower == "to"
            && matches!(tags[at + 2], Tag::Verb | Tag::Noun)
            && lexicon::is_verb(&tokens[at + 2].lower)
        {
            tags[at] = Tag::Verb;
            tags[at + 2] = Tag::Verb;
        }
    }
}

/// `close` of `the shop will close`.
fn after_modals(tokens: &[Token], tags: &mut [Tag]) {
    for at in 1..tokens.len() {
        let modal = (0..at)
            .rev()
            .find(|before| !matches!(tags[*before], Tag::Adverb | Tag::Particle));
        let is_modal = modal.is_some_and(|modal| {
            tags[modal] == Tag::Auxiliary
                && matches!(
                    tokens[modal].lower.as_str(),
                    "will"
                        | "can"
                        | "may"
                        | "must"
                        | "shall"
                        | "should"
                        | "would"
                        | "could"
                        | "cannot"
                        | "won't"
                        | "can't"
                )
        });
        let ends = !matches!(
            tags.get(at + 1),
            Some(Tag::Noun | Tag::Auxiliary | Tag::Verb)
        );
        if is_modal
            && ends
            && matches!(tags[at], Tag::Noun | Tag::Adjective)
            && is_plain_word(&tokens[at])
            && lexicon::is_verb(&tokens[at].lower)
        {
            tags[at] = Tag::Verb;
        }
    }
}

/// `overtaken` of `was overtaken by the bus`.
fn passives(tokens: &[Token], tags: &mut [Tag]) {
    for at in 1..tokens.len().saturating_sub(1) {
        if tags[at - 1] == Tag::Auxiliary
            && lexical::is_be(&tokens[at - 1].lower)
            && matches!(tags[at], Tag::Noun | Tag::Adjective)
            && is_plain_word(&tokens[at])
            && is_participle(&tokens[at].lower)
            && tokens[at + 1].lower == "by"
        {
            tags[at] = Tag::Verb;
        }
    }
}

/// `sells` of `Orrin sells its jam to the inn`: a whole sentence without a verb has a word that may be one.
fn only_verb(tokens: &[Token], tags: &mut [Tag]) {
    let ends = tokens.last().is_some_and(|last| last.is_sign('.'));
    if !ends || tokens.len() < 5 {
        return;
    }
    if tags
        .iter()
        .any(|tag| matches!(tag, Tag::Verb | Tag::Auxiliary))
    {
        return;
    }
    let found = (1..tokens.len() - 2).find(|at| {
        let lower = &tokens[*at].lower;
        is_plain_word(&tokens[*at])
            && lexicon::is_verb(lower)
            && (lower.ends_with('s') || lexicon::regular_form(lower).is_some())
            && matches!(tags[*at], Tag::Noun | Tag::Name | Tag::Adjective)
            && matches!(
                tags[at - 1],
                Tag::Noun | Tag::Name | Tag::Adverb | Tag::Pronoun
            )
            && matches!(
                tags[at + 1],
                Tag::Determiner | Tag::Pronoun | Tag::Preposition | Tag::Number | Tag::Adverb
            )
    });
    if let Some(at) = found {
        tags[at] = Tag::Verb;
    }
}
