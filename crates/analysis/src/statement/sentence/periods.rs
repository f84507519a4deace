//! When a thing came out, began and ended, where the sentence names it by its year or by a span.

use super::Sentence;
use crate::language::words::Stems;
use crate::statement::clause::{Mood, Place, Statement, Term};
use crate::statement::tags::Tag;
use crate::statement::time::{Relation, Time, When, civil};
use crate::statement::token::TokenKind;

/// Verbs whose span is the thing's own: `runs from 3 May to 12 June`.
const LASTING: &[&str] = &[
    "run", "runs", "ran", "last", "lasts", "lasted", "extend", "extends", "extended",
];

impl Sentence {
    /// `The exhibition runs from 3 May to 12 June 2021`: it begins on the one day and ends on the other.
    pub(super) fn derive_spans(&mut self, stems: &Stems) {
        let mut derived = Vec::new();
        for number in 0..self.statements.len() {
            let statement = self.statements[number].clone();
            let [index] = statement.times[..] else {
                continue;
            };
            let Some((first, last)) = self.times[index].ends else {
                continue;
            };
            // Where no year is named, each end is a day of some year.
            let dated = matches!(self.times[index].when, When::Days(_));
            let of_end = |span: (i64, i64)| {
                let (_, month, day) = civil(span.0);
                let day = (span.0 == span.1).then_some(day);
                if dated {
                    When::Days(vec![span])
                } else {
                    When::Month { month, day }
                }
            };
            let (first, last) = (of_end(first), of_end(last));
            if matches!(self.times[index].when, When::Weekdays(_)) {
                continue;
            }
            let verbs: Vec<&Term> = statement
                .terms
                .iter()
                .filter(|term| term.place == Place::Verb)
                .collect();
            let lasts = matches!(verbs[..], [verb] if LASTING.contains(&verb.lower.as_str()));
            let is_shown = statement.copular && is_on_show(&statement);
            if !(lasts || is_shown)
                || statement.denied
                || statement.mood != Mood::Fact && statement.mood != Mood::Future
            {
                continue;
            }
            for (verb, when) in [("begins", first), ("ends", last)] {
                let time = self.times.len();
                self.times.push(Time {
                    when,
                    relation: Relation::At,
                    ends: None,
                    ..self.times[index].clone()
                });
                let verb = Term {
                    at: statement
                        .terms
                        .iter()
                        .find(|term| term.place != Place::Subject)
                        .map_or(statement.tokens.start, |term| term.at),
                    lower: verb.to_owned(),
                    stem: stems.of(verb),
                    name: false,
                    place: Place::Verb,
                    inherited: true,
                    describes: false,
                };
                let mut terms = statement.terms.clone();
                // What is on show from the one day begins then.
                terms.retain(|term| {
                    term.place != Place::Verb && (lasts || term.place == Place::Subject)
                });
                terms.push(verb);
                derived.push(Statement {
                    terms,
                    times: vec![time],
                    shares_times: false,
                    copular: false,
                    ..statement.clone()
                });
            }
        }
        self.statements.extend(derived);
    }

    /// `Salt Road is a 1989 film`: it was released in 1989.
    pub(super) fn derive_releases(&mut self, stems: &Stems) {
        const WORKS: &[&str] = &[
            "film",
            "movie",
            "album",
            "song",
            "single",
            "novel",
            "book",
            "game",
            "documentary",
            "musical",
            "play",
            "comedy",
            "drama",
            "series",
        ];
        let Some(statement) = self
            .statements
            .iter()
            .find(|statement| {
                statement.copular && !statement.denied && statement.mood == Mood::Fact
            })
            .cloned()
        else {
            return;
        };
        let Some(time) = statement.times.iter().copied().find(|index| {
            let time = &self.times[*index];
            let single = time.tokens.len() == 1
                || self.tokens[time.tokens.start].lower == "a"
                || self.tokens[time.tokens.start].lower == "the";
            single
                && self
                    .tokens
                    .get(time.tokens.end)
                    .is_some_and(|next| next.kind == TokenKind::Word && !next.glued)
                && matches!(
                    self.tags.get(time.tokens.end),
                    Some(Tag::Noun | Tag::Adjective | Tag::Name)
                )
                && time.tokens.start.checked_sub(1).is_some_and(|before| {
                    matches!(self.tokens[before].lower.as_str(), "a" | "an" | "the")
                })
        }) else {
            return;
        };
        let after = self.times[time].tokens.end;
        let is_work = (after..self.tokens.len())
            .take_while(|at| {
                // `direct-to-video` is one word.
                let joined = self.tokens[*at - 1].is_sign('-');
                (joined || !matches!(self.tags[*at], Tag::Verb | Tag::Preposition))
                    && !self.tokens[*at].is_sign(',')
            })
            .any(|at| WORKS.contains(&self.tokens[at].lower.as_str()));
        if !is_work {
            return;
        }
        // It was released, and it premiered: what is done to it, and what it does.
        for (verb, passive) in [("released", true), ("premiered", false)] {
            let place = if passive {
                Place::Object
            } else {
                Place::Subject
            };
            let mut terms: Vec<Term> = statement
                .terms
                .iter()
                .filter(|term| term.place == Place::Subject)
                .map(|term| term.taken_as(&place))
                .collect();
            terms.push(Term {
                at: after,
                lower: verb.to_owned(),
                stem: stems.of(verb),
                name: false,
                place: Place::Verb,
                inherited: true,
                describes: false,
            });
            self.statements.push(Statement {
                terms,
                times: vec![time],
                quantities: Vec::new(),
                copular: false,
                passive,
                ..statement.clone()
            });
        }
    }
}

/// Whether a thing is said to be on show, open or on sale, as an exhibition is.
fn is_on_show(statement: &Statement) -> bool {
    const SHOWN: &[&str] = &["display", "show", "view", "sale", "loan", "tour", "open"];
    let rest = statement
        .terms
        .iter()
        .filter(|term| term.place != Place::Subject);
    let mut rest = rest.map(|term| term.lower.as_str()).peekable();
    rest.peek().is_some() && rest.all(|lower| SHOWN.contains(&lower))
}
