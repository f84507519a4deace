//! Participles after a predicate noun: `is a film written by Ada Lorne and directed by Tom Baker` says three things.

use std::ops::Range;

use super::Builder;
use crate::statement::clause::{Mood, Place, Statement, Term, is_empty_word, preposition};
use crate::statement::groups::is_participle;
use crate::statement::lexical;
use crate::statement::tags::Tag;
use crate::statement::token::bracketed;

/// Participles that say what a work or a thing does: `starring Ada Lorne`.
const ACTIVE: &[&str] = &[
    "starring",
    "featuring",
    "comprising",
    "containing",
    "including",
];

impl Builder<'_> {
    /// One statement for each participle that describes what the subject of `X is Y` is; they leave the statement that they
    /// stood in, so that whose work is whose is not mixed up.
    pub(super) fn part_participles(&self, found: &mut Vec<Statement>) {
        let mut derived = Vec::new();
        for statement in found.iter_mut() {
            if !statement.copular || statement.mood != Mood::Fact {
                continue;
            }
            let heads = self.participles(statement);
            let Some(first) = heads.first() else {
                continue;
            };
            if !statement.denied {
                derived.extend(self.said_by(statement, &heads));
            }
            // Of one participle alone, all that follows is plainly said: `is a song recorded by Ada` is a song by Ada.
            if heads.len() == 1 {
                continue;
            }
            let (cut, end) = (first.start, statement.tokens.end);
            let within = |at: usize| at >= cut && at < end;
            statement.restrictions = self.restrictions(statement.tokens.start..cut);
            statement
                .terms
                .retain(|term| term.inherited || !within(term.at));
            statement
                .quantities
                .retain(|index| !within(self.sentence.quantities[*index].tokens.start));
            statement
                .times
                .retain(|index| !within(self.sentence.times[*index].tokens.start));
        }
        found.extend(derived);
    }

    /// `is owned and operated by Ada Lorne`: who is named after the second verb did what the first says too.
    pub(super) fn share_agents(&self, found: &mut [Statement]) {
        for index in 1..found.len() {
            let (before, rest) = found.split_at_mut(index);
            let (Some(first), Some(second)) = (before.last_mut(), rest.first()) else {
                continue;
            };
            let verb = |statement: &Statement| {
                let mut verbs = statement
                    .terms
                    .iter()
                    .filter(|term| term.place == Place::Verb && !term.inherited);
                let verb = verbs.next()?.at;
                verbs.next().is_none().then_some(verb)
            };
            let (Some(one), Some(two)) = (verb(first), verb(second)) else {
                continue;
            };
            let joined = two > one
                && (one + 1..two).all(|at| matches!(self.lower(at), "and" | "," | "or"))
                && (one + 1..two).any(|at| self.lower(at) == "and");
            if !joined || !first.passive || !second.passive || self.lower(two + 1) != "by" {
                continue;
            }
            let agents = second
                .terms
                .iter()
                .filter(|term| term.place == Place::Subject && term.at > two);
            first.terms.extend(agents.cloned());
        }
    }

    /// The participles of the clause, each with what follows it up to the next.
    fn participles(&self, statement: &Statement) -> Vec<Range<usize>> {
        let tags = &self.sentence.tags;
        let range = statement.tokens.clone();
        let Some(verb) = range.clone().find(|at| tags[*at] == Tag::Auxiliary) else {
            return Vec::new();
        };
        let Some(noun) =
            (verb + 1..range.end).find(|at| matches!(tags[*at], Tag::Noun | Tag::Name))
        else {
            return Vec::new();
        };
        let inside = bracketed(&self.sentence.tokens);
        let mut starts: Vec<usize> = Vec::new();
        for at in noun + 1..range.end {
            let lower = self.lower(at);
            let before = tags[at - 1];
            let opens = matches!(
                before,
                Tag::Noun | Tag::Conjunction | Tag::Adverb | Tag::Name
            ) || self.sentence.tokens[at - 1].is_sign(',')
                || self.sentence.tokens[at - 1].is_sign('-')
                    && matches!(self.lower(at - 2), "co" | "re");
            let passive = matches!(tags[at], Tag::Verb | Tag::Adjective)
                && is_participle(lower)
                && !self.sentence.tokens[at].capital
                && self.goes_on_as_a_participle(at, range.end);
            let active = ACTIVE.contains(&lower);
            if !inside[at] && opens && (passive || active) {
                starts.push(at);
            }
        }
        let ends = starts.iter().skip(1).copied().chain([range.end]);
        starts
            .iter()
            .copied()
            .zip(ends)
            .map(|(start, end)| start..end)
            .collect()
    }

    /// `written by`, `written and directed by`: a preposition, or another participle, follows.
    fn goes_on_as_a_participle(&self, at: usize, end: usize) -> bool {
        let mut next = at + 1;
        while next < end
            && (matches!(self.lower(next), "and" | "," | "co" | "-" | "or")
                || is_participle(self.lower(next)) && self.sentence.tags[next] != Tag::Name)
        {
            next += 1;
        }
        next < end
            && (lexical::is_preposition(self.lower(next))
                || self
                    .sentence
                    .times
                    .iter()
                    .any(|time| time.tokens.start == next))
    }

    fn said_by(&self, statement: &Statement, heads: &[Range<usize>]) -> Vec<Statement> {
        let said = |head: &Range<usize>| {
            (head.start + 1..head.end)
                .any(|at| matches!(self.sentence.tags[at], Tag::Noun | Tag::Name | Tag::Number))
        };
        let mut found = Vec::new();
        for (number, head) in heads.iter().enumerate() {
            // `written and directed by`: what follows the last is said of each.
            let Some(full) = heads[number..].iter().find(|head| said(head)) else {
                continue;
            };
            found.push(self.participle(statement, head, full.start + 1..full.end));
        }
        found
    }

    fn participle(
        &self,
        statement: &Statement,
        head: &Range<usize>,
        rest: Range<usize>,
    ) -> Statement {
        let verb = head.start;
        let passive = !ACTIVE.contains(&self.lower(verb));
        let place = if passive {
            Place::Object
        } else {
            Place::Subject
        };
        let mut terms: Vec<Term> = statement
            .terms
            .iter()
            // What the subject is says which one it is: `the record label was founded in 1971`.
            .filter(|term| term.at < verb && matches!(term.place, Place::Subject | Place::Object))
            .map(|term| term.taken_as(&place))
            .collect();
        terms.push(self.term(verb, Place::Verb));
        let sentence = self.sentence;
        let copula = statement
            .tokens
            .clone()
            .find(|at| sentence.tags[*at] == Tag::Auxiliary)
            .unwrap_or(verb);
        let within = |at: &usize| rest.contains(at) || *at < copula;
        let quantities: Vec<usize> = (0..sentence.quantities.len())
            .filter(|index| {
                within(&sentence.quantities[*index].tokens.start)
                    && statement.quantities.contains(index)
            })
            .collect();
        let times: Vec<usize> = (0..sentence.times.len())
            .filter(|index| {
                within(&sentence.times[*index].tokens.start) && statement.times.contains(index)
            })
            .collect();
        let taken = |at: usize| {
            quantities
                .iter()
                .any(|index| sentence.quantities[*index].tokens.contains(&at))
                || times
                    .iter()
                    .any(|index| sentence.times[*index].tokens.contains(&at))
        };
        let inside = bracketed(&sentence.tokens);
        // `created by and starring Ada Lorne`
        let by = passive && head.clone().any(|at| self.lower(at) == "by");
        let mut place = if by && rest.start > head.end {
            Place::Subject
        } else {
            Place::Object
        };
        let mut restrictions = Vec::new();
        for at in rest.clone() {
            let lower = self.lower(at);
            if taken(at) || inside[at] {
                continue;
            }
            let named = sentence.tokens[at].capital && sentence.tags[at] == Tag::Name;
            if lexical::is_restriction(lower) && !named {
                restrictions.push(lower.to_owned());
            } else if lexical::is_preposition(lower) && sentence.tags[at] != Tag::Noun {
                // `by Ada with music by Tom`: the second did something else.
                if lower == "by"
                    && passive
                    && (place == Place::Object || place == Place::After("for"))
                {
                    // `created for the firm by Ada`
                    place = Place::Subject;
                } else if lower == "by" {
                    place = Place::After("other");
                } else if lower != "of" {
                    place = Place::After(preposition(lower));
                }
            } else if !is_empty_word(lower)
                && lower.chars().any(char::is_alphanumeric)
                && sentence.tags[at] != Tag::Conjunction
            {
                terms.push(self.term(at, place.clone()));
            }
        }
        Statement {
            terms,
            quantities,
            times,
            restrictions,
            copular: false,
            passive,
            shares_times: false,
            tokens: verb..rest.end,
            part: verb..rest.end,
            ..statement.clone()
        }
    }
}
