//! One statement for each of several things that a clause says side by side.

use std::ops::Range;

use super::{Builder, Clause};
use crate::statement::clause::{Place, Statement, Subject};
use crate::statement::lexical;
use crate::statement::quantity::Unit;
use crate::statement::tags::Tag;

impl Builder<'_> {
    /// `All of the lamps were replaced, but only some of the cables`: a second subject with its amount shares the verb.
    pub(super) fn split_gapped(&self, statement: Statement, clause: &Clause) -> Vec<Statement> {
        let Some(group) = clause.group.map(|group| &self.groups[group]) else {
            return vec![statement];
        };
        let starts = |index: &usize| self.sentence.quantities[*index].tokens.start;
        let before = statement
            .quantities
            .iter()
            .any(|index| starts(index) < group.tokens.start);
        let after: Vec<usize> = statement
            .quantities
            .iter()
            .copied()
            .filter(|index| starts(index) >= group.tokens.end)
            .collect();
        let cut = (group.tokens.end..clause.tokens.end).find(|at| {
            self.sentence.tags[*at] == Tag::Conjunction
                && !self
                    .sentence
                    .quantities
                    .iter()
                    .any(|quantity| quantity.tokens.contains(at))
        });
        let (Some(cut), true) = (cut, before) else {
            return vec![statement];
        };
        if after.is_empty() || after.iter().any(|index| starts(index) < cut) {
            return vec![statement];
        }
        let mut first = statement.clone();
        first.terms.retain(|term| term.at < cut);
        first.quantities.retain(|index| starts(index) < cut);
        first
            .times
            .retain(|index| self.sentence.times[*index].tokens.start < cut);
        first.restrictions = self.restrictions(clause.tokens.start..cut);
        first.part = clause.tokens.start..cut;
        let place = if statement.passive {
            Place::Object
        } else {
            Place::Subject
        };
        let mut second = statement.clone();
        second
            .terms
            .retain(|term| term.at >= cut || term.at >= group.tokens.start);
        for term in &mut second.terms {
            if term.at >= cut {
                term.place = place.clone();
            }
            term.inherited = true;
        }
        second.quantities = after;
        second
            .times
            .retain(|index| self.sentence.times[*index].tokens.start >= cut);
        second.restrictions = self.restrictions(cut..clause.tokens.end);
        second.part = cut..clause.tokens.end;
        vec![first, second]
    }

    /// The narrowing words of a range, less an `only` that a quantifier has taken in.
    pub(super) fn restrictions(&self, range: Range<usize>) -> Vec<String> {
        range
            .filter(|at| {
                lexical::is_restriction(self.lower(*at)) && !self.is_taken_by_quantifier(*at)
            })
            .map(|at| self.lower(at).to_owned())
            .collect()
    }

    /// `only some` is an amount of its own.
    pub(super) fn is_taken_by_quantifier(&self, at: usize) -> bool {
        self.lower(at) == "only"
            && self
                .sentence
                .quantities
                .iter()
                .any(|quantity| quantity.quantifier && quantity.tokens.start == at + 1)
    }

    /// A clause with several amounts in a row says one thing for each: `nine engines and 54 firefighters`.
    pub(super) fn split_by_amounts(&self, statement: Statement, clause: &Clause) -> Vec<Statement> {
        // Without a verb, all of it is what a list says.
        let verb_end = clause
            .group
            .map_or(clause.tokens.start, |group| self.groups[group].tokens.end);
        let amounts: Vec<usize> = statement
            .quantities
            .iter()
            .copied()
            .filter(|index| {
                let quantity = &self.sentence.quantities[*index];
                quantity.tokens.start >= verb_end
            })
            .collect();
        if amounts.len() < 2 {
            return vec![statement];
        }
        let mut cuts: Vec<usize> = Vec::new();
        for at in verb_end..clause.tokens.end {
            let is_cut = self.sentence.tags[at] == Tag::Conjunction || self.lower(at) == ",";
            let inside = self
                .sentence
                .quantities
                .iter()
                .any(|quantity| quantity.tokens.contains(&at))
                || self
                    .sentence
                    .times
                    .iter()
                    .any(|time| time.tokens.contains(&at));
            if !is_cut || inside {
                continue;
            }
            let from = cuts.last().copied().unwrap_or(verb_end);
            let counts = |range: Range<usize>| {
                amounts
                    .iter()
                    .any(|index| range.contains(&self.sentence.quantities[*index].tokens.start))
            };
            if counts(from..at) && counts(at..clause.tokens.end) {
                cuts.push(at);
            }
        }
        if cuts.is_empty() {
            return vec![statement];
        }
        cuts.push(clause.tokens.end);
        let mut found = Vec::new();
        let mut from = verb_end;
        // Whether the first amount comes right after the verb: then words before a later one are a subject of their own.
        let starts = |index: &usize| self.sentence.quantities[*index].tokens.start;
        let bare = |range: Range<usize>| {
            let first = amounts
                .iter()
                .map(starts)
                .filter(|at| range.contains(at))
                .min()
                .unwrap_or(range.end);
            !statement
                .terms
                .iter()
                .any(|term| (range.start..first).contains(&term.at) && !self.is_predicate(term.at))
        };
        let first_is_bare = clause.group.is_some() && bare(verb_end..cuts[0]);
        for cut in cuts {
            let range = from..cut;
            let gapped = from > verb_end && first_is_bare && !bare(range.clone());
            // `withstands a column of 3 m, the groundsheet one of 5 m`: whose amount it is, is not plain.
            let unclear = from > verb_end
                && !gapped
                && (range.start..range.end)
                    .find(|at| !matches!(self.lower(*at), "," | "and" | "but"))
                    .is_some_and(|at| {
                        self.lower(at) == "the" || self.sentence.tags[at] == Tag::Name
                    });
            if unclear {
                from = cut;
                continue;
            }
            let keeps = |at: usize| (at < verb_end && !gapped) || range.contains(&at);
            let mut part = statement.clone();
            // What stands before the first is said with it.
            let begins = if from == verb_end {
                clause.tokens.start
            } else {
                from
            };
            part.part = begins..cut;
            if gapped {
                // `A day ticket is €35, a weekend pass €79`
                let first = amounts
                    .iter()
                    .map(starts)
                    .filter(|at| range.contains(at))
                    .min()
                    .unwrap_or(range.end);
                let place = if statement.passive {
                    Place::Object
                } else {
                    Place::Subject
                };
                for term in &mut part.terms {
                    if range.contains(&term.at) && term.at < first {
                        term.place = place.clone();
                        term.inherited = true;
                    } else {
                        term.inherited = true;
                    }
                }
                let first_amount = amounts.iter().map(starts).min().unwrap_or(0);
                part.terms.retain(|term| {
                    range.contains(&term.at)
                        || term.place == Place::Verb
                        || (term.at >= verb_end
                            && term.at < first_amount
                            && self.is_predicate(term.at))
                });
                part.subject = Subject::Named;
                part.quantities
                    .retain(|index| range.contains(&starts(index)));
                part.times
                    .retain(|index| range.contains(&self.sentence.times[*index].tokens.start));
                found.push(part);
                from = cut;
                continue;
            }
            part.terms.retain(|term| keeps(term.at) || term.inherited);
            part.quantities
                .retain(|index| keeps(self.sentence.quantities[*index].tokens.start));
            part.times
                .retain(|index| keeps(self.sentence.times[*index].tokens.start));
            // A time at the end holds for all that stands before it; one within a part is that part's.
            let last = cut == clause.tokens.end;
            let at_end = |index: &usize| self.sentence.times[*index].tokens.start >= cut;
            part.inherited_times = if last {
                Vec::new()
            } else {
                statement.times.iter().copied().filter(at_end).collect()
            };
            part.shares_times = false;
            found.push(part);
            from = cut;
        }
        found
    }

    /// `limited` in `is limited to 5 GB`: a word that goes with the verb.
    pub(super) fn is_predicate(&self, at: usize) -> bool {
        matches!(self.sentence.tags[at], Tag::Adjective | Tag::Verb)
            && at > 0
            && matches!(self.sentence.tags[at - 1], Tag::Auxiliary | Tag::Adverb)
    }

    /// A time named once holds for what is said beside it, where that names none of its own: one that opens the sentence
    /// for all of it, a later one for the figures that follow. `Born in 1902 in Husby, and died there` says nothing of when.
    pub(super) fn share_times(&self, found: &mut [Statement]) {
        let mut before: Vec<usize> = Vec::new();
        let mut opening: Vec<usize> = Vec::new();
        for statement in found.iter_mut() {
            // A semicolon begins something new; a time is never taken back from what comes later.
            if statement.tokens.start > 0
                && matches!(self.lower(statement.tokens.start - 1), ";" | ":" | "—")
            {
                before.clear();
                opening.clear();
            }
            if statement.times.is_empty() && statement.shares_times {
                let has_figures = statement.quantities.iter().any(|index| {
                    !matches!(
                        self.sentence.quantities[*index].unit,
                        Unit::Measure("s") | Unit::Months | Unit::Ordinal | Unit::Clock
                    )
                });
                let shared = if has_figures { &before } else { &opening };
                statement.inherited_times.extend(shared.iter().copied());
            }
            before.extend(statement.times.iter().copied());
            let verb = self.first_verb(&statement.tokens);
            let opens = |index: &usize| self.sentence.times[*index].tokens.start < verb;
            opening.extend(statement.times.iter().copied().filter(opens));
        }
    }

    /// The first verb of a range; its end where there is none.
    fn first_verb(&self, range: &Range<usize>) -> usize {
        range
            .clone()
            .find(|at| matches!(self.sentence.tags[*at], Tag::Verb | Tag::Auxiliary))
            .unwrap_or(range.end)
    }
}
