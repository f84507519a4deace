//! Who says it: what stands after `said that`, before `, the engineer said`, or beside `according to`.

use super::{Builder, Clause, Link};
use crate::statement::clause::{Mood, Place, Statement, Term, is_empty_word};
use crate::statement::groups::Group;
use crate::statement::lexical;
use crate::statement::tags::Tag;

/// What a figure or rule is read off: what is so according to these is not what somebody thinks.
const RECORDS: &[&str] = &[
    "census",
    "law",
    "laws",
    "rule",
    "rules",
    "regulation",
    "regulations",
    "contract",
    "agreement",
    "statute",
    "statutes",
    "register",
    "timetable",
    "schedule",
    "minutes",
    "constitution",
    "figures",
    "statistics",
    "accounts",
    "table",
];

impl Builder<'_> {
    pub(super) fn judge_complement(
        &self,
        statement: &mut Statement,
        governor: &Clause,
        clause: &Clause,
    ) {
        let Some(group) = governor.group.map(|group| &self.groups[group]) else {
            return;
        };
        let that = clause.by.unwrap_or(clause.tokens.start);
        match self.truth_before(group, that) {
            Some(true) => statement.denied ^= group.denied,
            Some(false) => statement.denied ^= !group.denied,
            None if !self.is_hearsay(that)
                && self.is_established(group)
                && !self.hardly_anybody(governor, group)
                && !self.is_ground_for(that) => {}
            None => {
                statement.mood = Mood::Reported;
                self.add_reporter(statement, governor, group);
            }
        }
    }

    /// `no study has shown that`, `few doctors found that`: what hardly anybody found is not found.
    fn hardly_anybody(&self, governor: &Clause, group: &Group) -> bool {
        (governor.tokens.start..group.tokens.start).any(|at| {
            lexical::is_negator(self.lower(at))
                || matches!(
                    self.lower(at),
                    "few" | "hardly" | "scarcely" | "little" | "barely"
                )
        })
    }

    /// `found no proof that`, `saw signs that`: there is a ground for it or none, and it is not said to be so.
    fn is_ground_for(&self, that: usize) -> bool {
        self.lower(that) == "that"
            && that
                .checked_sub(1)
                .is_some_and(|noun| lexical::is_ground_noun(self.lower(noun)))
    }

    /// `showed that`: what was found is so, unless the finding is denied, planned or only possible.
    fn is_established(&self, group: &Group) -> bool {
        !group.denied
            && group.mood == Mood::Fact
            && group
                .verbs
                .last()
                .is_some_and(|verb| lexical::is_factive(self.lower(*verb)))
    }

    /// Who says it and how is part of what is said: `the mayor denied that` is not `the engineer said that`.
    fn add_reporter(&self, statement: &mut Statement, governor: &Clause, group: &Group) {
        let subject = governor.tokens.start..group.tokens.start;
        let named = subject
            .filter(|at| {
                matches!(
                    self.sentence.tags[*at],
                    Tag::Noun | Tag::Name | Tag::Adjective
                ) && !is_empty_word(self.lower(*at))
            })
            .chain(group.verbs.iter().copied());
        for at in named {
            let term = self.term(at, Place::Link);
            statement.terms.push(Term {
                inherited: true,
                ..term
            });
        }
    }

    /// Marks what somebody is named for at the end or the beginning: `The bridge is unsafe, the engineer said`.
    pub(super) fn attribute(&self, clauses: &[Clause], found: &mut [Statement]) {
        if self.is_by_account() {
            for statement in found.iter_mut().filter(|one| one.mood == Mood::Fact) {
                statement.mood = Mood::Reported;
            }
        }
        // `no proof that the lamp repels mosquitoes`, where no verb was seen after `that`.
        for statement in found.iter_mut().filter(|one| one.mood == Mood::Fact) {
            let mut within = statement.tokens.start + 1..statement.tokens.end;
            if within.any(|at| {
                self.lower(at) == "that"
                    && (lexical::is_ground_noun(self.lower(at - 1)) || self.is_hearsay(at))
                    || self.lower(at) == "whether"
            }) {
                statement.mood = Mood::Reported;
            }
        }
        for clause in clauses.iter().skip(1) {
            let Some(group) = self.trailing_report(clause) else {
                continue;
            };
            for statement in found
                .iter_mut()
                .filter(|one| one.tokens.start < clause.tokens.start && one.mood == Mood::Fact)
            {
                statement.mood = Mood::Reported;
                self.add_reporter(statement, clause, group);
            }
        }
    }

    /// `Rumour has it that`
    pub(super) fn is_hearsay(&self, that: usize) -> bool {
        that >= 2
            && self.lower(that - 1) == "it"
            && matches!(self.lower(that - 2), "has" | "had" | "have")
    }

    /// `according to the engineer`, but not `according to the rules`.
    fn is_by_account(&self) -> bool {
        let length = self.sentence.tokens.len();
        (0..length).any(|at| {
            let by_account = self.lower(at) == "according" && self.lower(at + 1) == "to";
            by_account
                && !(at + 2..length.min(at + 7))
                    .take_while(|at| !matches!(self.lower(*at), "," | ";"))
                    .any(|at| RECORDS.contains(&self.lower(at)))
        })
    }

    /// The verb of a clause that says nothing but who said what stands before it.
    fn trailing_report(&self, clause: &Clause) -> Option<&Group> {
        let group = &self.groups[clause.group?];
        let comma = clause
            .by
            .is_some_and(|by| matches!(self.lower(by), "," | "—" | "–"));
        let says = group.verbs.last().is_some_and(|verb| {
            lexical::is_report(self.lower(*verb)) || self.lower(*verb) == "wrote"
        });
        let length = self.sentence.tokens.len();
        let ends = clause.tokens.end == length
            || matches!(self.lower(clause.tokens.end), "," | ";" | "—" | "–");
        let names = |range: std::ops::Range<usize>| {
            range
                .filter(|at| {
                    matches!(
                        self.sentence.tags[*at],
                        Tag::Noun | Tag::Name | Tag::Pronoun
                    ) && !self
                        .sentence
                        .times
                        .iter()
                        .any(|time| time.tokens.contains(at))
                })
                .count()
        };
        let subject = names(clause.tokens.start..group.tokens.start);
        let after = names(group.tokens.end..clause.tokens.end);
        // `the engineer said`, `said the engineer`
        let whole = (subject > 0 && after == 0)
            || (subject == 0 && after > 0 && group.tokens.start <= clause.tokens.start + 1);
        let is_complemented = self.lower(group.tokens.end) == "that";
        (comma && says && ends && whole && !is_complemented && clause.link == Link::Coordinate)
            .then_some(group)
    }

    /// The words of a range that name something, in small letters.
    pub(super) fn words_of(&self, range: &std::ops::Range<usize>) -> Vec<String> {
        range
            .clone()
            .filter(|at| {
                !is_empty_word(self.lower(*at))
                    && self.lower(*at).chars().any(char::is_alphanumeric)
            })
            .map(|at| self.lower(at).to_owned())
            .collect()
    }
}
