//! The words, amounts and times of a clause, each with its place.

use std::ops::Range;

use super::{Builder, Clause};
use crate::language::words::Stems;
use crate::statement::clause::{Mood, Place, Statement, Term, is_empty_word, preposition};
use crate::statement::groups::Group;
use crate::statement::lexical;
use crate::statement::quantity::{Quantity, Unit};
use crate::statement::tags::Tag;
use crate::statement::token::{Token, TokenKind, bracketed};

impl Builder<'_> {
    pub(super) fn term(&self, at: usize, place: Place) -> Term {
        let token = &self.sentence.tokens[at];
        let describes = matches!(
            self.sentence.tags[at],
            Tag::Noun | Tag::Adjective | Tag::Name
        ) && matches!(
            self.sentence.tags.get(self.after_initial(at)),
            Some(Tag::Noun | Tag::Name)
        ) && !self.sentence.tokens[at].possessive;
        Term {
            at,
            stem: self.stems.of(&token.lower),
            lower: token.lower.clone(),
            name: self.sentence.tags[at] == Tag::Name || (token.capital && at > 0),
            place,
            inherited: false,
            describes,
        }
    }

    /// The token after this one, and after the full stop of an initial.
    pub(super) fn after_initial(&self, at: usize) -> usize {
        let initial = self.sentence.tokens[at].lower.chars().count() == 1
            && self
                .sentence
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.is_sign('.') && next.glued);
        if initial { at + 2 } else { at + 1 }
    }

    /// The words, amounts and times of a clause with their places.
    pub(super) fn fill(&self, statement: &mut Statement, clause: &Clause, group: Option<&Group>) {
        let sentence = self.sentence;
        // What stands in brackets is said beside the statement, not in it.
        let bracketed = bracketed(&sentence.tokens);
        let within = |range: &Range<usize>| {
            range.start >= clause.tokens.start
                && range.start < clause.tokens.end
                && !bracketed[range.start]
        };
        let mut taken = vec![false; sentence.tokens.len()];
        for (index, quantity) in sentence
            .quantities
            .iter()
            .enumerate()
            .filter(|(_, quantity)| within(&quantity.tokens))
            // `rejected all offers to sell`
            .filter(|(_, quantity)| {
                let start = quantity.tokens.start;
                !quantity.quantifier
                    || !group.is_some_and(|group| group.denied && group.tokens.contains(&start))
            })
        {
            statement.quantities.push(index);
            taken[quantity.tokens.clone()].fill(true);
        }
        for (index, time) in sentence
            .times
            .iter()
            .enumerate()
            .filter(|(_, time)| within(&time.tokens))
        {
            statement.times.push(index);
            taken[time.tokens.clone()].fill(true);
        }
        let passive = group.is_some_and(|group| group.passive);
        let mut place = Place::Subject;
        let mut depth = 0_usize;
        for at in clause.tokens.clone() {
            let lower = self.lower(at);
            let token = &sentence.tokens[at];
            if group.is_some_and(|group| at == group.tokens.end) {
                place = Place::Object;
            }
            if taken[at] {
                continue;
            }
            if matches!(lower, "(" | "[") {
                depth += 1;
            } else if matches!(lower, ")" | "]") {
                depth = depth.saturating_sub(1);
            }
            let in_group = group.is_some_and(|group| group.tokens.contains(&at));
            if in_group {
                let group_verb = group.is_some_and(|group| group.verbs.contains(&at));
                if group_verb && !lexical::is_function_word(lower) {
                    statement.terms.push(self.term(at, Place::Verb));
                } else if lexical::is_restriction(lower) {
                    statement.restrictions.push(lower.to_owned());
                } else if sentence.tags[at] == Tag::Adverb && !is_empty_word(lower) {
                    statement.terms.push(self.term(at, Place::Object));
                }
                continue;
            }
            let before_verb = group.is_some_and(|group| at < group.tokens.start);
            if lexical::denies(lower) && depth == 0 {
                // `but not the zips`, `but no dogs`: only what follows is denied; it is said by no statement here.
                let aside = group.map_or(at > clause.tokens.start, |group| at >= group.tokens.end)
                    && at > 0
                    && matches!(self.lower(at - 1), "but" | "and" | ",");
                if aside {
                    let quantities = &sentence.quantities;
                    let times = &sentence.times;
                    statement
                        .quantities
                        .retain(|index| quantities[*index].tokens.start < at);
                    statement
                        .times
                        .retain(|index| times[*index].tokens.start < at);
                    break;
                }
                // `neither the captain nor the pilot` denies once.
                let again = lower == "nor"
                    && (clause.tokens.start..at).any(|before| self.lower(before) == "neither");
                if !again {
                    statement.denied = !statement.denied;
                }
                continue;
            }
            // `few members voted`, but not `a few members voted`
            let few = matches!(lower, "few" | "little") && (at == 0 || self.lower(at - 1) != "a")
                // `nobody but Ada`, `all but two`
                || lower == "but" && before_verb && at > clause.tokens.start;
            // `Odd Future` is a name.
            let named = token.capital && at > 0 && sentence.tags[at] == Tag::Name;
            if (lexical::is_restriction(lower) && !named || few) && !self.is_taken_by_quantifier(at)
            {
                statement.restrictions.push(lower.to_owned());
            }
            if lexical::is_hedge(lower) && statement.mood == Mood::Fact {
                statement.mood = Mood::Possible;
            }
            if lower == "," && before_verb {
                place = Place::Subject;
                continue;
            }
            if self.is_verb_particle(at, group) {
                statement.terms.push(self.term(at, Place::Object));
                continue;
            }
            if token.kind == TokenKind::Word
                && lexical::is_preposition(lower)
                && sentence.tags[at] != Tag::Noun
                // `direct-to-video`
                && !(token.glued && self.lower(at.saturating_sub(1)) == "-")
            {
                // `by Kira ahead of Jana`: the second one did it no more.
                let is_beside = at > 0
                    && matches!(
                        self.lower(at - 1),
                        "ahead" | "instead" | "front" | "because" | "regardless" | "behalf"
                    );
                if lower == "of" && is_beside {
                    place = Place::After("other");
                }
                if lower != "of" {
                    let is_agent = lower == "by" && passive;
                    let leads = before_verb && at == clause.tokens.start;
                    let outside = matches!(lower, "out" | "off") && self.lower(at + 1) == "of";
                    place = if outside {
                        Place::After("outside")
                    } else if before_verb && !leads {
                        Place::Subject
                    } else if is_agent {
                        Place::Subject
                    } else {
                        Place::After(preposition(lower))
                    };
                }
                // `against`, `before`, `without` say something by themselves.
                continue;
            }
            if matches!(sentence.tags[at], Tag::Conjunction) {
                continue;
            }
            // `no longer` denies by its first word.
            if lower == "longer" && at > 0 && self.lower(at - 1) == "no" {
                continue;
            }
            if token.kind != TokenKind::Word && token.kind != TokenKind::Number
                || is_empty_word(lower)
            {
                continue;
            }
            // A letter that names something: `Plan B`, but not the article.
            let own = match (&place, before_verb) {
                (Place::Subject, true) if passive => Place::Object,
                (place, _) => place.clone(),
            };
            if depth == 0 {
                statement.terms.push(self.term(at, own));
            }
        }
    }

    /// `off` of `is switched off`, `turn the lamp off`, `the alarm is off`: it says what is done, and leads to no noun.
    fn is_verb_particle(&self, at: usize, group: Option<&Group>) -> bool {
        let lower = self.lower(at);
        if !matches!(lower, "on" | "off" | "up" | "down") || at == 0 {
            return false;
        }
        let after_group = group.filter(|group| at >= group.tokens.end);
        let verb = after_group.and_then(|group| group.verbs.last());
        let follows = lexical::is_switching(self.lower(at - 1))
            || after_group.is_some_and(|group| at == group.tokens.end);
        let switches = lexical::is_switching(self.lower(at - 1))
            || verb.is_some_and(|verb| lexical::is_switching(self.lower(*verb)));
        let leads_to_a_noun = matches!(
            self.sentence.tags.get(at + 1),
            Some(
                Tag::Noun
                    | Tag::Name
                    | Tag::Determiner
                    | Tag::Adjective
                    | Tag::Number
                    | Tag::Pronoun
            )
        );
        if switches {
            // `switch off the lamp`; `turn the lamp off`
            return follows && matches!(lower, "on" | "off") || !leads_to_a_noun;
        }
        after_group.is_some_and(|group| group.copular) && follows && !leads_to_a_noun
    }
}

/// The stems of the noun that an amount counts: the describing words and nouns right after it.
pub(super) fn counted(
    tokens: &[Token],
    tags: &[Tag],
    quantity: &Quantity,
    stems: &Stems,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = quantity.tokens.end;
    if quantity.unit == Unit::Percent {
        while tokens.get(at).is_some_and(|token| {
            matches!(token.lower.as_str(), "of" | "the" | "all" | "its" | "their")
        }) {
            at += 1;
        }
    }
    while let Some(token) = tokens.get(at) {
        let names = matches!(tags[at], Tag::Noun | Tag::Name | Tag::Adjective)
            || (tags[at] == Tag::Verb
                && found.is_empty()
                && token.lower.ends_with('s')
                && quantity.unit == Unit::Count);
        if !names || found.len() == 4 {
            break;
        }
        if !lexical::is_function_word(&token.lower) {
            found.push(stems.of(&token.lower));
        }
        at += 1;
    }
    found
}
