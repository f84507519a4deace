//! What stands around a passage or a claim: titles, and what its pronouns stand for.

use std::collections::HashSet;

use super::Read;
use crate::engine::Passage;
use crate::statement::time::Time;
use crate::statement::{Mood, Place, Sentence, Statement, Subject, Term};
use crate::verdict::binding::{Around, Side, verb_start};

pub(super) fn read<'p, 'a>(passage: &'p Passage<'a>) -> Read<'p, 'a> {
    let mut sentence = Sentence::new(passage.text);
    if passage.source.is_comment(passage.span.start) {
        // A comment is what somebody says of the text, whatever it says.
        let facts = sentence.statements.iter_mut();
        for statement in facts.filter(|statement| statement.mood == Mood::Fact) {
            statement.mood = Mood::Reported;
        }
    }
    let titles: Vec<Sentence> = passage
        .titles
        .iter()
        .map(|title| Sentence::new(title))
        .collect();
    let leans = sentence
        .statements
        .iter()
        .any(|statement| statement.subject != Subject::Absent);
    let personal = sentence.tokens.iter().any(|token| {
        matches!(
            token.lower.as_str(),
            "he" | "she" | "his" | "her" | "him" | "they" | "their" | "them"
        )
    });
    let antecedent = if leans {
        antecedent(passage.before.iter().copied(), personal)
    } else {
        HashSet::new()
    };
    let times: Vec<Time> = titles
        .iter()
        .flat_map(|title| title.times.iter().cloned())
        .collect();
    Read {
        around: Around {
            titles: titles.iter().flat_map(Sentence::words).collect(),
            antecedent,
            times,
            is_excerpt: passage.titles.is_empty() && leaves_subject_open(&passage.before),
        },
        passage,
        sentence: Some(sentence),
    }
}

/// Sentences that can be told to be all that stands before a passage.
const MAX_OPEN: usize = 2;

/// Whether no sentence before a passage names what it is about: all of them begin with a pronoun.
fn leaves_subject_open(before: &[&str]) -> bool {
    before.len() <= MAX_OPEN
        && before.iter().all(|text| {
            let sentence = Sentence::new(text);
            let first = sentence.tokens.first().map(|token| token.lower.as_str());
            matches!(
                first,
                Some("he" | "she" | "it" | "they" | "his" | "her" | "its" | "their")
            ) && !names_several(text)
                && sentence
                    .statements
                    .first()
                    .is_some_and(|statement| statement.subject == Subject::Pronoun)
        })
}

/// The stems of the subject that a pronoun stands for: that of the nearest sentence that names one. A personal pronoun
/// after a sentence with several persons may be any of them.
pub(super) fn antecedent<'t>(
    before: impl Iterator<Item = &'t str>,
    personal: bool,
) -> HashSet<String> {
    let mut before = before.peekable();
    if personal && before.peek().is_some_and(|text| names_several(text)) {
        return HashSet::new();
    }
    subject_before(before)
        .into_iter()
        .map(|term| term.stem)
        .collect()
}

/// Whether a sentence has names outside its subject too.
fn names_several(text: &str) -> bool {
    let sentence = Sentence::new(text);
    sentence.statements.iter().any(|statement| {
        let start = verb_start(Side {
            sentence: &sentence,
            statement,
        });
        statement
            .terms
            .iter()
            .any(|term| term.name && !term.inherited && term.at >= start)
    })
}

pub(super) fn subject_before<'t>(before: impl Iterator<Item = &'t str>) -> Vec<Term> {
    for text in before {
        let sentence = Sentence::new(text);
        let Some(statement) = sentence
            .statements
            .iter()
            .find(|statement| statement.has_verb)
        else {
            continue;
        };
        if statement.subject == Subject::Pronoun {
            continue;
        }
        let side = Side {
            sentence: &sentence,
            statement,
        };
        let start = verb_start(side);
        // `The capital of Norland` and `Norland's capital` are the capital, not Norland.
        let of = sentence
            .tokens
            .iter()
            .position(|token| token.lower == "of")
            .unwrap_or(usize::MAX);
        let found: Vec<Term> = statement
            .terms
            .iter()
            .filter(|term| {
                term.at < start
                    && term.at < of
                    && term.place != Place::Link
                    && !sentence.tokens[term.at].possessive
            })
            .cloned()
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// `Its main span`, `it employs`: what the claim's pronoun stands for is part of what must be found.
pub(super) fn resolve_pronouns(claim: &mut Sentence, before: &[String]) {
    let leans = |sentence: &Sentence, statement: &Statement| {
        let start = verb_start(Side {
            sentence,
            statement,
        });
        (statement.tokens.start..start.min(statement.tokens.end)).any(|at| {
            matches!(
                sentence.tokens[at].lower.as_str(),
                "it" | "its"
                    | "he"
                    | "his"
                    | "she"
                    | "her"
                    | "they"
                    | "their"
                    | "these"
                    | "those"
                    | "this"
            )
        })
    };
    if !claim
        .statements
        .iter()
        .any(|statement| leans(claim, statement))
    {
        return;
    }
    let subject = subject_before(before.iter().map(String::as_str));
    let which: Vec<usize> = (0..claim.statements.len())
        .filter(|at| leans(claim, &claim.statements[*at]))
        .collect();
    for at in which {
        let statement = &mut claim.statements[at];
        let place = if statement.passive {
            Place::Object
        } else {
            Place::Subject
        };
        for term in subject.iter().rev() {
            if !statement.has(&term.stem) {
                statement.terms.insert(
                    0,
                    Term {
                        inherited: true,
                        place: place.clone(),
                        at: statement.tokens.start,
                        ..term.clone()
                    },
                );
            }
        }
    }
}
