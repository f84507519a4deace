//! What a clause takes over from the one it goes on from: its subject, its predicate, or the noun it describes.

use super::{Builder, Clause};
use crate::statement::clause::{Mood, Place, Statement, Subject, Term, is_empty_word};
use crate::statement::groups::Group;
use crate::statement::tags::Tag;
use crate::statement::token::Token;

impl Builder<'_> {
    /// The noun that a relative clause describes becomes its subject.
    pub(super) fn take_antecedent(&self, statement: &mut Statement, clause: &Clause) {
        let Some(mut at) = clause.by else {
            return;
        };
        let place = if statement.passive {
            Place::Object
        } else {
            Place::Subject
        };
        let mut found = Vec::new();
        while at > 0 {
            at -= 1;
            let tag = self.sentence.tags[at];
            if self.sentence.tokens[at].is_sign(',') && found.is_empty() {
                continue;
            }
            if !matches!(tag, Tag::Noun | Tag::Name | Tag::Adjective | Tag::Number) {
                break;
            }
            if matches!(tag, Tag::Noun | Tag::Name | Tag::Adjective)
                && !is_empty_word(self.lower(at))
            {
                let mut term = self.term(at, place.clone());
                term.inherited = true;
                found.push(term);
            }
        }
        if statement.subject == Subject::Absent && !found.is_empty() {
            statement.subject = Subject::Named;
            found.reverse();
            found.append(&mut statement.terms);
            statement.terms = found;
        }
    }
}

impl Builder<'_> {
    /// `Ada Lorne is a politician who served as mayor`: what is said of the politician is said of Ada Lorne. After `of` or
    /// `by` the clause may describe somebody else.
    pub(super) fn take_subject_of_predicate(
        &self,
        statement: &mut Statement,
        clause: &Clause,
        governing: &Statement,
    ) {
        let Some(by) = clause
            .by
            .filter(|_| governing.copular && !governing.denied && governing.mood == Mood::Fact)
        else {
            return;
        };
        let verb = governing
            .tokens
            .clone()
            .find(|at| self.sentence.tags[*at] == Tag::Auxiliary)
            .unwrap_or(by);
        let is_plain = (verb + 1..by).all(|at| {
            !matches!(self.sentence.tags[at], Tag::Preposition | Tag::Verb)
                && !self.sentence.tokens[at].is_sign(',')
                && self.lower(at) != "of"
        });
        if !is_plain {
            return;
        }
        let place = if statement.passive {
            Place::Object
        } else {
            Place::Subject
        };
        let mut taken: Vec<Term> = governing
            .terms
            .iter()
            .filter(|term| term.place == Place::Subject && !statement.has(&term.stem))
            .map(|term| term.taken_as(&place))
            .collect();
        taken.append(&mut statement.terms);
        statement.terms = taken;
    }
}

impl Builder<'_> {
    /// `Founded in 1885, the mill employs 40 people`: the participle is said of what the next clause is about.
    pub(super) fn give_subject_to_participle(&self, first: &mut Statement, next: &Statement) {
        let [verb] = first
            .terms
            .iter()
            .filter(|term| term.place == Place::Verb)
            .map(|term| term.at)
            .collect::<Vec<_>>()[..]
        else {
            return;
        };
        let comma = first.tokens.end;
        let opens = verb == 0
            && first.subject == Subject::Absent
            && first.mood == Mood::Fact
            && !first.copular
            && (self.lower(0).ends_with("ed")
                || matches!(
                    self.lower(0),
                    "built" | "made" | "born" | "written" | "known"
                ))
            && self.lower(comma) == ","
            && next.tokens.start == comma + 1
            && next.subject == Subject::Named;
        // What it is done to follows a verb that is no participle: `Opened the door`.
        let has_object = first
            .terms
            .iter()
            .any(|term| term.place == Place::Object && self.sentence.tags[term.at] != Tag::Adverb);
        if !opens || has_object || first.tokens.start != 0 {
            return;
        }
        let subject = if next.passive {
            Place::Object
        } else {
            Place::Subject
        };
        let before = next
            .terms
            .iter()
            .filter(|term| term.place == Place::Verb)
            .map(|term| term.at)
            .min()
            .unwrap_or(usize::MAX);
        let auxiliary = next
            .tokens
            .clone()
            .find(|at| self.sentence.tags[*at] == Tag::Auxiliary)
            .unwrap_or(usize::MAX);
        // `Founded in 1885, its members met`: what was founded is not what met.
        let of_another =
            (next.tokens.start..before.min(auxiliary).min(next.tokens.end)).any(|at| {
                self.sentence.tokens[at].possessive
                    || matches!(self.lower(at), "its" | "his" | "her" | "their")
            });
        if of_another {
            return;
        }
        let mut taken: Vec<Term> = next
            .terms
            .iter()
            .filter(|term| term.place == subject && term.at < before.min(auxiliary))
            .map(|term| term.taken_as(&Place::Object))
            .collect();
        if taken.is_empty() {
            return;
        }
        taken.append(&mut first.terms);
        first.terms = taken;
        first.subject = Subject::Named;
        first.passive = true;
        for term in &mut first.terms {
            if term.place == Place::After("by") {
                term.place = Place::Subject;
            }
        }
    }
}

/// `cats are not`: a subject and an auxiliary, with nothing said of the subject.
pub(super) fn is_bare(statement: &Statement, group: Option<&Group>) -> bool {
    group.is_some_and(|group| {
        group.verbs.is_empty()
            && !statement
                .terms
                .iter()
                .any(|term| term.at >= group.tokens.end)
    }) && statement.quantities.is_empty()
}

pub(super) fn inherit_subject(statement: &mut Statement, governing: &Statement, tokens: &[Token]) {
    let (from, to) = (governing.passive, statement.passive);
    let subject_place = if from { Place::Object } else { Place::Subject };
    let first_verb = governing
        .terms
        .iter()
        .filter(|term| term.place == Place::Verb)
        .map(|term| term.at)
        .min()
        .unwrap_or(usize::MAX);
    let mut taken: Vec<Term> = governing
        .terms
        .iter()
        .filter(|term| {
            term.place == subject_place && (term.inherited || !from || term.at < first_verb)
        })
        .map(|term| Term {
            inherited: true,
            place: if to { Place::Object } else { Place::Subject },
            ..term.clone()
        })
        .collect();
    taken.extend(other_names(governing, to, tokens));
    statement.subject = governing.subject;
    taken.append(&mut statement.terms);
    statement.terms = taken;
}

/// `Ada Lorne, known as Sol, is a singer`: the other name is the subject's too, not `known as a Dane`.
fn other_names(governing: &Statement, passive: bool, tokens: &[Token]) -> Vec<Term> {
    let mut verbs = governing
        .terms
        .iter()
        .filter(|term| term.place == Place::Verb);
    let (verb, more) = (verbs.next(), verbs.next());
    let names = matches!((verb, more), (Some(verb), None) if matches!(verb.lower.as_str(), "known" | "nicknamed"));
    if !names || governing.copular || governing.denied {
        return Vec::new();
    }
    governing
        .terms
        .iter()
        .take_while(|term| !matches!(term.place, Place::After(place) if place != "as"))
        .filter(|term| {
            term.name
                && (term.place == Place::After("as")
                    || term.place == Place::Object && !governing.passive)
        })
        // `known as a Dane`, `known as the Dane` is no name.
        .filter(|term| {
            (0..term.at)
                .rev()
                .find(|before| !tokens[*before].capital)
                .is_none_or(|before| !matches!(tokens[before].lower.as_str(), "a" | "an" | "the"))
        })
        .filter(|term| {
            !governing
                .terms
                .iter()
                .any(|other| other.at < term.at && other.stem == term.stem)
        })
        .map(|term| {
            term.taken_as(if passive {
                &Place::Object
            } else {
                &Place::Subject
            })
        })
        .collect()
}

pub(super) fn inherit_predicate(statement: &mut Statement, governing: &Statement) {
    let first_verb = governing
        .terms
        .iter()
        .find(|term| term.place == Place::Verb)
        .map_or(0, |term| term.at);
    statement.passive = governing.passive;
    if governing.passive {
        for term in statement
            .terms
            .iter_mut()
            .filter(|term| term.place == Place::Subject)
        {
            term.place = Place::Object;
        }
    }
    let taken = governing
        .terms
        .iter()
        .filter(|term| term.at >= first_verb)
        .map(|term| Term {
            inherited: true,
            ..term.clone()
        });
    let taken: Vec<Term> = taken.collect();
    statement.terms.extend(taken);
    statement
        .quantities
        .extend(governing.quantities.iter().copied());
    statement.times.extend(governing.times.iter().copied());
    if statement.mood == Mood::Fact {
        statement.mood = governing.mood;
    }
}
