//! Where the clauses of a sentence begin and end, and how each hangs on the one before it.

use super::{Builder, Clause, Link};
use crate::statement::groups::Group;
use crate::statement::lexical;
use crate::statement::tags::Tag;
use crate::statement::token::{TokenKind, bracketed};

impl Builder<'_> {
    pub(super) fn clauses(&mut self) -> Vec<Clause> {
        let length = self.sentence.tokens.len();
        let mut found: Vec<Clause> = Vec::new();
        let mut start = 0;
        let mut link = Link::Main;
        let mut by = None;
        let first = self.lower(0).to_owned();
        if lexical::is_subordinator(&first) && self.groups.len() > 1 {
            link = if lexical::is_condition(&first) {
                Link::Condition
            } else {
                Link::Subordinate
            };
            by = Some(0);
        }
        let mut governor = None;
        let mut narrowing = None;
        let mut kept: Vec<Group> = Vec::new();
        if self.groups.is_empty() {
            // A list without a verb: its parts have nothing to do with each other.
            for at in
                (0..length).filter(|at| matches!(self.lower(*at), ";" | ":" | "•" | "|" | "—"))
            {
                found.push(Clause::new(start..at, None, Link::Main));
                start = at + 1;
            }
        }
        for index in 0..self.groups.len() {
            let group = self.groups[index].clone();
            if let Some(last) = kept.last() {
                let Some((end, next_start, next_link, next_by)) = self.boundary(last, &group)
                else {
                    if let Some(relative) = self.embedded_relative(start, last, &group) {
                        let number = found.len();
                        found.extend(Self::parted(
                            start,
                            relative,
                            (kept.len() - 1, &group),
                            (link, by, governor),
                        ));
                        start = group.tokens.start;
                        link = Link::Coordinate;
                        by = None;
                        governor = Some(number);
                        narrowing = Some(relative..group.tokens.start);
                        kept.push(group);
                    }
                    continue;
                };
                let number = found.len();
                found.push(Clause {
                    by,
                    governor,
                    narrowing: narrowing.take(),
                    ..Clause::new(start..end, Some(kept.len() - 1), link)
                });
                start = next_start;
                link = next_link;
                by = next_by;
                governor = Some(number);
            }
            kept.push(group);
        }
        found.push(Clause {
            by,
            governor,
            narrowing,
            ..Clause::new(start..length, kept.len().checked_sub(1), link)
        });
        self.groups = kept;
        found
    }

    /// Where the clause of one verb group ends and that of the next begins; nothing where both are in one clause.
    pub(super) fn boundary(
        &self,
        last: &Group,
        next: &Group,
    ) -> Option<(usize, usize, Link, Option<usize>)> {
        let region = last.tokens.end..next.tokens.start;
        let mut strong = None;
        let mut joint = None;
        let mut conjunctions = Vec::new();
        let mut commas = Vec::new();
        let inside = bracketed(&self.sentence.tokens);
        for at in region.clone().filter(|at| !inside[*at]) {
            let lower = self.lower(at);
            if matches!(lower, ";" | ":" | "—" | "–") {
                strong = Some((at, Link::Main));
            } else if lower == "that"
                && at > region.start
                && matches!(
                    self.lower(at - 1),
                    "provided" | "providing" | "assuming" | "supposing" | "condition"
                )
            {
                // `provided that the box is unopened`
                strong = Some((at - 1, Link::Condition));
            } else if lower == "that" || lexical::is_relative(lower) {
                let after_comma = at > 0 && self.lower(at - 1) == ",";
                // `the reports that it closed` and `says that it closed`; a determiner (`that of Tern`) is neither.
                let follows_the_verb = at == last.tokens.end && !last.verbs.is_empty();
                let is_complement = lower == "that"
                    && !after_comma
                    && (follows_the_verb
                        // `it could not be ruled out that`
                        || at > 0 && matches!(self.lower(at - 1), "out" | "up" | "down")
                        || self.is_hearsay(at)
                        || self.reports_before(last, at));
                if lower != "that"
                    || (self.sentence.tags[at] != Tag::Determiner && self.lower(at + 1) != "of")
                {
                    strong = Some((
                        at,
                        if is_complement {
                            Link::Complement
                        } else {
                            Link::Relative
                        },
                    ));
                }
            } else if lexical::is_subordinator(lower) && self.is_linking(at, next) {
                strong = Some((
                    at,
                    if lexical::is_condition(lower) {
                        Link::Condition
                    } else {
                        Link::Subordinate
                    },
                ));
            } else if self.sentence.tags[at] == Tag::Conjunction
                && self.sentence.tokens[at].kind == TokenKind::Word
            {
                if at > 0 && self.lower(at - 1) == "," {
                    joint = Some(at);
                }
                conjunctions.push(at);
            } else if lower == "," {
                commas.push(at);
            }
        }
        if let Some((at, link)) = strong {
            let end = if at > region.start && self.lower(at - 1) == "," {
                at - 1
            } else {
                at
            };
            return Some((end, at + 1, link, Some(at)));
        }
        if let Some(at) = joint {
            return Some((at - 1, at + 1, Link::Coordinate, Some(at)));
        }
        if let Some(at) = commas
            .last()
            .filter(|at| conjunctions.iter().all(|conjunction| conjunction > at))
            .copied()
            .filter(|_| conjunctions.is_empty() || commas.len() > 1)
        {
            return Some((at, at + 1, Link::Coordinate, Some(at)));
        }
        if let Some(at) = conjunctions.first() {
            return Some((*at, at + 1, Link::Coordinate, Some(*at)));
        }
        if let Some(at) = commas.first() {
            return Some((*at, at + 1, Link::Coordinate, Some(*at)));
        }
        if let Some(verb) = last.verbs.last()
            && lexical::is_report(self.lower(*verb))
        {
            return Some((last.tokens.end, last.tokens.end, Link::Complement, None));
        }
        None
    }

    /// `When the tank is full, the lamp lights`: what is so now and then is not said to be so.
    pub(super) fn is_a_case(&self, clause: &Clause, group: Option<&Group>) -> bool {
        let by = clause.by.unwrap_or(clause.tokens.start);
        let opens = |at: usize| matches!(self.lower(at), "when" | "whenever" | "once");
        let now = group.is_some_and(|group| {
            group.tokens.clone().next().is_some_and(|at| {
                let lower = self.lower(at);
                matches!(lower, "is" | "are" | "has" | "have")
                    || lower.ends_with('s') && !matches!(lower, "was" | "has")
            })
        });
        now && (opens(by) || opens(clause.tokens.start))
    }

    /// Whether a word for saying or thinking and `that` stand before the verb in its own clause: `the suspicion that it closed`.
    pub(super) fn is_under_a_report(&self, clause: &Clause, verb_start: usize) -> bool {
        let that = (clause.tokens.start..verb_start).find(|at| self.lower(*at) == "that");
        that.is_some_and(|that| {
            (clause.tokens.start..that).any(|at| lexical::is_report(self.lower(at)))
        })
    }

    /// Whether the subordinator opens a clause: `after it closed`, not `after the war`.
    pub(super) fn is_linking(&self, at: usize, next: &Group) -> bool {
        let lower = self.lower(at);
        if matches!(
            lower,
            "before" | "after" | "until" | "since" | "as" | "so" | "once"
        ) {
            // A preposition has its noun and then a comma or a conjunction before the verb.
            return !(at + 1..next.tokens.start)
                .any(|between| matches!(self.lower(between), "," | "and" | "but" | ";"))
                && at + 1 < next.tokens.start;
        }
        true
    }

    pub(super) fn reports_before(&self, last: &Group, that: usize) -> bool {
        (last.tokens.start..that).any(|at| lexical::is_report(self.lower(at)))
            || that
                .checked_sub(1)
                .is_some_and(|at| lexical::is_ground_noun(self.lower(at)))
            || self.truth_before(last, that).is_some()
    }

    /// `It is true that`, `it is false that`: whether what follows is so.
    pub(super) fn truth_before(&self, last: &Group, that: usize) -> Option<bool> {
        (last.tokens.start..that).find_map(|at| match self.lower(at) {
            "true" | "clear" | "certain" | "fact" | "correct" | "known" => Some(true),
            "false" | "untrue" | "incorrect" | "wrong" => Some(false),

            _ => None,
        })
    }

    /// `One of the oldest towns of Norland, it has 300 inhabitants`
    pub(super) fn leads_with_a_pronoun(&self, clause: &Clause, verb_start: usize) -> bool {
        let tags = &self.sentence.tags;
        let word = (clause.tokens.start..verb_start).rfind(|at| tags[*at] != Tag::Adverb);
        word.is_some_and(|at| {
            matches!(self.lower(at), "it" | "he" | "she" | "they")
                && at > clause.tokens.start
                && self.lower(at - 1) == ","
        })
    }
}
