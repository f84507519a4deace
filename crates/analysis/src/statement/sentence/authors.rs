//! Who wrote a work that the sentence calls theirs: `The Tide is a novel by Ada Lorne`.

use super::Sentence;
use crate::language::words::Stems;
use crate::statement::clause::{Mood, Place, Statement, Subject, Term};
use crate::statement::tags::Tag;

/// Works that are made by writing alone.
const WRITTEN: &[&str] = &[
    "novel", "novella", "book", "poem", "story", "play", "memoir", "essay", "tragedy", "sonnet",
    "cycle", "trilogy",
];

impl Sentence {
    /// `There is a village called Orby`: Orby is a village.
    pub(super) fn name_what_there_is(&mut self) {
        let first = self.tokens.first().map_or("", |token| token.lower.as_str());
        if !matches!(first, "there" | "this") || self.is_question {
            return;
        }
        let called = self
            .tokens
            .iter()
            .position(|token| matches!(token.lower.as_str(), "called" | "named" | "titled"));
        let Some(called) = called.filter(|at| *at > 2 && self.tags[*at - 1] == Tag::Noun) else {
            return;
        };
        let names_end = (called + 1..self.tokens.len())
            .find(|at| self.tags[*at] == Tag::Sign)
            .unwrap_or(self.tokens.len());
        let names = called + 1..names_end;
        if names.is_empty() || names_end + 1 < self.tokens.len() || !self.tokens[called + 1].capital
        {
            return;
        }
        let [statement] = &mut self.statements[..] else {
            return;
        };
        if !statement.copular {
            return;
        }
        statement.terms.retain(|term| term.at != called);
        for term in statement
            .terms
            .iter_mut()
            .filter(|term| names.contains(&term.at))
        {
            term.place = Place::Subject;
            term.inherited = true;
        }
        statement.subject = Subject::Named;
    }

    /// `The Tide is a novel by Ada Lorne`: it was written by her.
    pub(super) fn derive_authors(&mut self, stems: &Stems) {
        let mut derived = Vec::new();
        for statement in &self.statements {
            if !statement.copular
                || statement.denied
                || statement.mood != Mood::Fact
                || statement.subject != Subject::Named && statement.subject != Subject::Pronoun
            {
                continue;
            }
            let mut range = statement.tokens.clone();
            let Some(copula) = range.find(|at| self.tags[*at] == Tag::Auxiliary) else {
                continue;
            };
            let Some(by) = range.find(|at| {
                self.tokens[*at].lower == "by"
                    && WRITTEN.contains(&self.tokens[*at - 1].lower.as_str())
            }) else {
                continue;
            };
            // `about a poem by Ada` says nothing of who wrote the book.
            let plain = (copula + 1..by).all(|at| {
                !matches!(
                    self.tags[at],
                    Tag::Verb | Tag::Preposition | Tag::Conjunction
                ) && self.tokens[at].lower != "of"
            });
            let end = (by + 1..statement.tokens.end)
                .find(|at| {
                    let initial = self.tokens[*at].is_sign('.')
                        && self.tokens[*at - 1].lower.chars().count() == 1;
                    !initial
                        && !matches!(
                            self.tags[*at],
                            Tag::Name | Tag::Noun | Tag::Adjective | Tag::Determiner
                        )
                })
                .unwrap_or(statement.tokens.end);
            let authors: Vec<Term> = statement
                .terms
                .iter()
                .filter(|term| term.name && (by + 1..end).contains(&term.at))
                .map(|term| Term {
                    place: Place::Subject,
                    ..term.clone()
                })
                .collect();
            if !plain || authors.is_empty() {
                continue;
            }
            let mut terms: Vec<Term> = statement
                .terms
                .iter()
                .filter(|term| term.place == Place::Subject && (term.inherited || term.at < copula))
                .map(|term| term.taken_as(&Place::Object))
                .collect();
            terms.push(Term {
                at: by,
                lower: "written".to_owned(),
                stem: stems.of("written"),
                name: false,
                place: Place::Verb,
                inherited: true,
                describes: false,
            });
            terms.extend(authors);
            derived.push(Statement {
                terms,
                quantities: Vec::new(),
                times: Vec::new(),
                inherited_times: Vec::new(),
                copular: false,
                passive: true,
                shares_times: false,
                ..statement.clone()
            });
        }
        self.statements.extend(derived);
    }
}
