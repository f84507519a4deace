//! What a sentence calls its subject beside the name: `Ada Lorne, a nurse from Brask, won`, `A keen cyclist, Ada Lorne won`.

use std::ops::Range;

use super::Sentence;
use crate::language::words::Stems;
use crate::statement::clause::{Mood, Place, Statement, Subject, Term, is_empty_word, preposition};
use crate::statement::lexical;
use crate::statement::tags::Tag;

/// Nouns for a stretch of time: `A year later, Ada left` calls nobody a year.
const PERIODS: &[&str] = &[
    "second",
    "minute",
    "hour",
    "day",
    "night",
    "week",
    "month",
    "year",
    "decade",
    "century",
    "season",
    "moment",
    "time",
    "while",
    "bit",
    "few",
    "mile",
    "kilometre",
];

impl Sentence {
    /// A statement for what the sentence calls its subject, before or after the name.
    pub(super) fn derive_appositions(&mut self, stems: &Stems) {
        if self.is_question {
            return;
        }
        let first = self
            .after_the_name()
            .or_else(|| self.before_the_name())
            .or_else(|| self.opening_office());
        let start = first.as_ref().map_or(0, |(names, _)| names.end);
        let found: Vec<Statement> = first
            .into_iter()
            .chain(self.beside_later_names(start))
            .filter_map(|(names, phrase)| self.called(&names, &phrase, stems))
            .collect();
        self.statements.extend(found);
        let offices = self.offices(stems);
        self.statements.extend(offices);
    }

    /// `The prize went to Eva Holm, a baker from Rostal`, `was opened by the mayor, Ulla Renn, in 1978`.
    fn beside_later_names(&self, start: usize) -> Vec<(Range<usize>, Range<usize>)> {
        let verb = |at: &usize| matches!(self.tags[*at], Tag::Verb | Tag::Auxiliary);
        let Some(first_verb) = (0..self.tokens.len()).find(verb) else {
            return Vec::new();
        };
        let last = self.tokens.len().saturating_sub(1);
        let mut found = Vec::new();
        for comma in first_verb.max(start)..last {
            if !self.tokens[comma].is_sign(',') {
                continue;
            }
            let close = self.next_comma(comma + 1).unwrap_or(last);
            // `Ada Falk, a nurse, and Tom` may be three.
            let listed = self
                .tags
                .get(close + 1)
                .is_some_and(|tag| *tag == Tag::Conjunction);
            let ends = self.tokens[close].is_sign(',') || self.tokens[close].is_sign('.');
            let names = self.names_to(comma);
            let before = names.start.checked_sub(1);
            let beside = before.is_some_and(|at| {
                self.tokens[at].is_sign(',') || self.tags[at] == Tag::Conjunction
            });
            if listed || !ends || close <= comma + 1 {
                continue;
            }
            let article = self.tokens[comma + 1].lower.as_str();
            if !names.is_empty() && !beside && matches!(article, "a" | "an") {
                found.push((names, comma + 1..close));
            } else if names.is_empty() && self.names_from(comma + 1) == close {
                found.extend(
                    self.office_before(comma)
                        .map(|office| (comma + 1..close, office)),
                );
            }
        }
        found
    }

    /// `Vega's director Nadia Brandt opened the fair`: she is Vega's director.
    fn offices(&self, stems: &Stems) -> Vec<Statement> {
        let mut found = Vec::new();
        for office in 1..self.tokens.len() {
            let person = self.tags[office] == Tag::Noun
                && !self.tokens[office].lower.ends_with('s')
                && self.tokens[office - 1].possessive
                && self.tags[office - 1] == Tag::Name;
            let end = self.names_from(office + 1);
            if !person || end < office + 2 || !self.tokens[office + 1].capital {
                continue;
            }
            let owner = self.names_to(office);
            let term = |at: usize, place: Place, inherited: bool, last: bool| Term {
                at,
                stem: stems.of(&self.tokens[at].lower),
                lower: self.tokens[at].lower.clone(),
                name: self.tags[at] == Tag::Name,
                place,
                inherited,
                describes: !last,
            };
            let names = (office + 1..end).map(|at| term(at, Place::Subject, true, at + 1 == end));
            let owners = owner
                .clone()
                .map(|at| term(at, Place::Object, false, at + 1 == owner.end));
            let mut terms: Vec<Term> = names.collect();
            terms.push(term(office, Place::Object, false, true));
            terms.extend(owners);
            found.push(Statement {
                terms,
                ..Self::said_to_be(owner.start..office + 1)
            });
        }
        found
    }

    /// A plain statement of what somebody is, without its words.
    fn said_to_be(tokens: Range<usize>) -> Statement {
        Statement {
            terms: Vec::new(),
            subject: Subject::Named,
            quantities: Vec::new(),
            times: Vec::new(),
            inherited_times: Vec::new(),
            denied: false,
            mood: Mood::Fact,
            copular: true,
            passive: false,
            has_verb: true,
            is_change: false,
            shares_times: false,
            restrictions: Vec::new(),
            part: tokens.clone(),
            tokens,
        }
    }

    /// `the mayor` before a comma: an article and nouns, led by a verb or a preposition.
    fn office_before(&self, comma: usize) -> Option<Range<usize>> {
        let start = (0..comma)
            .rev()
            .find(|at| !matches!(self.tags[*at], Tag::Noun | Tag::Adjective))?;
        let led = start
            .checked_sub(1)
            .is_some_and(|before| matches!(self.tags[before], Tag::Verb | Tag::Preposition));
        let person = comma.checked_sub(1).is_some_and(|noun| {
            self.tags[noun] == Tag::Noun && !self.tokens[noun].lower.ends_with('s')
        });
        (self.tokens[start].lower == "the" && led && person).then_some(start..comma)
    }

    /// `The treasurer, Emil Voss, reported a loss`
    fn opening_office(&self) -> Option<(Range<usize>, Range<usize>)> {
        let comma = self.next_comma(0)?;
        let close = self.next_comma(comma + 1)?;
        let names = self.names_from(comma + 1) == close && close > comma + 1;
        let noun = comma.checked_sub(1)?;
        let office = (1..comma).all(|at| matches!(self.tags[at], Tag::Noun | Tag::Adjective))
            && self.tags[noun] == Tag::Noun
            && !self.tokens[noun].lower.ends_with('s');
        (names && office && self.tokens[0].lower == "the" && self.is_predicate(close + 1))
            .then_some((comma + 1..close, 0..comma))
    }

    /// The names that end here.
    fn names_to(&self, end: usize) -> Range<usize> {
        let start = (0..end)
            .rev()
            .take_while(|at| self.tags[*at] == Tag::Name && self.tokens[*at].capital)
            .last()
            .unwrap_or(end);
        start..end
    }

    /// `Ada Lorne, a nurse from Brask, won`
    fn after_the_name(&self) -> Option<(Range<usize>, Range<usize>)> {
        let end = self.names_from(0);
        let names = 0..end;
        let comma = self.tokens.get(end).filter(|token| token.is_sign(','));
        comma?;
        let close = self.next_comma(end + 1)?;
        (!names.is_empty() && self.is_predicate(close + 1)).then_some((names, end + 1..close))
    }

    /// `A keen cyclist, Ada Lorne won`
    fn before_the_name(&self) -> Option<(Range<usize>, Range<usize>)> {
        let close = self.next_comma(0)?;
        let end = self.names_from(close + 1);
        let article = self.tokens.first()?.lower.as_str();
        (matches!(article, "a" | "an") && end > close + 1 && self.is_predicate(end))
            .then_some((close + 1..end, 0..close))
    }

    /// The end of the names that begin here.
    fn names_from(&self, start: usize) -> usize {
        (start..self.tokens.len())
            .find(|at| self.tags[*at] != Tag::Name)
            .unwrap_or(self.tokens.len())
    }

    fn next_comma(&self, start: usize) -> Option<usize> {
        (start..self.tokens.len()).find(|at| self.tokens[*at].is_sign(','))
    }

    /// Whether a verb of its own begins here, and nobody's report: `A dog, Ada said, barked`.
    fn is_predicate(&self, at: usize) -> bool {
        let verb = (at..self.tokens.len()).find(|at| self.tags[*at] != Tag::Adverb);
        verb.is_some_and(|verb| {
            matches!(self.tags[verb], Tag::Verb | Tag::Auxiliary)
                && !lexical::is_report(&self.tokens[verb].lower)
                && !self.tokens[verb].lower.ends_with("ing")
        })
    }

    fn called(
        &self,
        names: &Range<usize>,
        phrase: &Range<usize>,
        stems: &Stems,
    ) -> Option<Statement> {
        let first = self.tokens.get(phrase.start)?.lower.as_str();
        let plain = phrase.clone().all(|at| {
            !matches!(
                self.tags[at],
                Tag::Verb | Tag::Auxiliary | Tag::Conjunction | Tag::Pronoun | Tag::Subordinator
            ) && (self.tags[at] != Tag::Sign || self.tokens[at].is_sign('-'))
                && !lexical::is_relative(&self.tokens[at].lower)
                && !lexical::denies(&self.tokens[at].lower)
                && !PERIODS.contains(&self.tokens[at].lower.as_str())
                && !lexical::is_hedge(&self.tokens[at].lower)
                && !self.tokens[at].possessive
        });
        if !matches!(first, "a" | "an" | "the") || !plain {
            return None;
        }
        let within = |range: &Range<usize>| phrase.contains(&range.start);
        let counted = self
            .quantities
            .iter()
            .any(|quantity| within(&quantity.tokens))
            || self.times.iter().any(|time| within(&time.tokens));
        if counted {
            return None;
        }
        let term = |at: usize, place: Place, inherited: bool| {
            let token = &self.tokens[at];
            let next = self
                .tags
                .get(at + 1)
                .filter(|_| at + 1 < phrase.end || inherited);
            Term {
                at,
                stem: stems.of(&token.lower),
                lower: token.lower.clone(),
                name: self.tags[at] == Tag::Name,
                place,
                inherited,
                describes: matches!(next, Some(Tag::Noun | Tag::Name)) && !token.possessive,
            }
        };
        let mut terms: Vec<Term> = names
            .clone()
            .map(|at| Term {
                describes: at + 1 < names.end,
                ..term(at, Place::Subject, true)
            })
            .collect();
        let mut restrictions = Vec::new();
        let mut place = Place::Object;
        let mut has_noun = false;
        for at in phrase.clone() {
            let lower = self.tokens[at].lower.as_str();
            if lexical::is_restriction(lower) {
                restrictions.push(lower.to_owned());
            }
            // `a candidate for mayor` is no mayor.
            if matches!(lower, "for" | "to" | "by") {
                break;
            }
            if lower == "of" {
                continue;
            }
            if self.tags[at] == Tag::Preposition {
                place = Place::After(preposition(lower));
            } else if !is_empty_word(lower) && lower.chars().any(char::is_alphanumeric) {
                has_noun |= place == Place::Object
                    && (self.tags[at] == Tag::Noun
                        || self.tags[at] == Tag::Name && !self.tokens[at].capital);
                terms.push(term(at, place.clone(), false));
            }
        }
        has_noun.then(|| Statement {
            terms,
            restrictions,
            ..Self::said_to_be(phrase.clone())
        })
    }
}
