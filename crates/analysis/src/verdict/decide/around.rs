//! What stands around a passage or a claim: titles, and what its pronouns stand for.

use std::collections::HashSet;
use std::rc::Rc;

use super::{OtherWords, Read};
use crate::engine::Passage;
use crate::language::words::Stems;
use crate::statement::tags::Tag;
use crate::statement::time::Time;
use crate::statement::{Mood, Place, Sentence, Statement, Subject, Term};
use crate::verdict::binding::{Around, Side, is_topic, verb_start};
use crate::verdict::restated::{hours_of_row, restated};

pub(super) fn read<'p, 'a>(passage: &'p Passage<'a>) -> Read<'p, 'a> {
    let mut sentence = (*Sentence::cached(passage.text)).clone();
    let said = restated(&sentence);
    let mut others: Vec<OtherWords> = said
        .sentences
        .into_iter()
        .map(|one| OtherWords {
            sentence: (*Sentence::cached(&one.text)).clone(),
            present: one.present,
        })
        .collect();
    if passage.source.is_comment(passage.span.start) {
        // A comment is what somebody says of the text, whatever it says.
        let others = others.iter_mut().map(|one| &mut one.sentence);
        let facts = others
            .chain([&mut sentence])
            .flat_map(|sentence| &mut sentence.statements);
        for statement in facts.filter(|statement| statement.mood == Mood::Fact) {
            statement.mood = Mood::Reported;
        }
    }
    if said.instead {
        sentence.statements.clear();
    }
    let titles: Vec<Rc<Sentence>> = passage
        .titles
        .iter()
        .map(|title| Sentence::cached(title))
        .collect();
    let leans = others
        .iter()
        .map(|one| &one.sentence)
        .chain([&sentence])
        .flat_map(|sentence| &sentence.statements)
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
    let antecedent = named_for(&sentence, passage, antecedent);
    let times: Vec<Time> = titles
        .iter()
        .flat_map(|title| title.times.iter().cloned())
        .collect();
    Read {
        around: Around {
            titles: titles.iter().flat_map(|title| title.words()).collect(),
            antecedent,
            times,
            is_excerpt: passage.titles.is_empty() && leaves_subject_open(&passage.before),
        },
        passage,
        sentence: Some(sentence),
        restated: others,
    }
}

/// A row, read as the sentences that it says, beside what its record says.
pub(super) fn read_row<'p, 'a>(passage: &'p Passage<'a>) -> Read<'p, 'a> {
    let record = passage
        .record
        .and_then(|record| passage.source.records.get(record))
        .filter(|record| !passage.source.is_comment(record.span.start));
    let values: Vec<(&str, &str)> = record
        .iter()
        .flat_map(|record| record.fields.iter().map(move |field| (*record, *field)))
        .map(|(record, field)| {
            let name = passage.source.name_of(record, field);
            (name, passage.source.text.slice(field.value))
        })
        .collect();
    let said = hours_of_row(&values).into_iter().map(|text| OtherWords {
        sentence: (*Sentence::cached(&text)).clone(),
        present: true,
    });
    Read {
        restated: said.collect(),
        passage,
        sentence: None,
        around: Around {
            titles: passage
                .titles
                .iter()
                .flat_map(|title| Sentence::cached(title).words())
                .collect(),
            ..Around::default()
        },
    }
}

/// With what a bare noun such as `the plant`, `the firm` stands for, where the text before says it of one name alone:
/// `a plant in Vesterby`, `sales of Brinton Tools`.
fn named_for(
    sentence: &Sentence,
    passage: &Passage<'_>,
    mut antecedent: HashSet<String>,
) -> HashSet<String> {
    const FIRMS: &str = "company firm group business corporation organisation charity club";
    const FIGURES: &str =
        "sales revenue revenues turnover profit profits income earnings shares losses";
    let Some(statement) = sentence.statements.first() else {
        return antecedent;
    };
    let side = Side {
        sentence,
        statement,
    };
    let mut topic = statement.terms.iter().filter(|term| is_topic(term, side));
    let (Some(noun), None) = (topic.next(), topic.next()) else {
        return antecedent;
    };
    let bare = noun.at == 1 && sentence.tokens[0].lower == "the";
    if !bare || noun.name {
        return antecedent;
    }
    let stems = Stems::new();
    let mut names: HashSet<Vec<String>> = HashSet::new();
    for text in &passage.before {
        let before = Sentence::cached(text);
        let named = |start: usize| -> Vec<String> {
            (start..before.tokens.len())
                .take_while(|at| before.tags[*at] == Tag::Name)
                .map(|at| stems.of(&before.tokens[at].lower))
                .collect()
        };
        for at in 0..before.tokens.len() {
            let lower = before.tokens[at].lower.as_str();
            let link = before
                .tokens
                .get(at + 1)
                .map_or("", |next| next.lower.as_str());
            let placed = lower == noun.lower && matches!(link, "in" | "at" | "of");
            let owned = at == 0
                && is_one_of(FIRMS, &noun.lower)
                && is_one_of(FIGURES, lower)
                && link == "of";
            if placed || owned {
                names.insert(named(at + 2));
            }
        }
    }
    names.remove(&Vec::new());
    if let [name] = &names.into_iter().collect::<Vec<_>>()[..] {
        antecedent.extend(name.iter().cloned());
    }
    antecedent
}

fn is_one_of(words: &str, lower: &str) -> bool {
    words.split(' ').any(|word| word == lower)
}

/// Sentences that can be told to be all that stands before a passage.
const MAX_OPEN: usize = 2;

/// Whether no sentence before a passage names what it is about: all of them begin with a pronoun.
fn leaves_subject_open(before: &[&str]) -> bool {
    before.len() <= MAX_OPEN
        && before.iter().all(|text| {
            let sentence = Sentence::cached(text);
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
    let sentence = Sentence::cached(text);
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
        let sentence = Sentence::cached(text);
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
