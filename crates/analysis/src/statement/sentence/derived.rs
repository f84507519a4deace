//! What a sentence says beside its words: parts of a whole, dates in brackets.

use super::Sentence;
use crate::language::words::Stems;
use crate::statement::clause::{Mood, Place, Statement, Subject, Term};
use crate::statement::quantity::{Quantity, Unit};
use crate::statement::tags::Tag;
use crate::statement::time::{Relation, Time, When};

impl Sentence {
    /// `Ada Lorne (born 3 May 1890)`, `Ada Lorne (3 May 1890 – 1 June 1960)`: when somebody was born and died.
    pub(super) fn derive_lives(&mut self, stems: &Stems) {
        let mut derived = Vec::new();
        for open in 0..self.tokens.len() {
            if !self.tokens[open].is_sign('(') || open == 0 {
                continue;
            }
            let close = (open..self.tokens.len())
                .find(|at| self.tokens[*at].is_sign(')'))
                .unwrap_or(self.tokens.len());
            let mut names: Vec<Term> = Vec::new();
            // The name stands before the bracket, from the sentence's beginning on: nicknames and titles may be within it.
            let first = (0..open)
                .rev()
                .take_while(|at| {
                    matches!(self.tags[*at], Tag::Name | Tag::Sign | Tag::Number)
                        && !self.tokens[*at].is_sign(')')
                        && !self.tokens[*at].is_sign('.')
                })
                .last()
                .unwrap_or(open);
            for at in (first..open).filter(|at| self.tags[*at] == Tag::Name) {
                let token = &self.tokens[at];
                names.push(Term {
                    at,
                    lower: token.lower.clone(),
                    stem: stems.of(&token.lower),
                    name: true,
                    place: Place::Object,
                    inherited: true,
                    describes: at + 1 < open,
                });
            }
            if names.is_empty() {
                continue;
            }
            let inside = |time: &Time| time.tokens.start >= open && time.tokens.end <= close;
            let Some(index) = self.times.iter().position(inside) else {
                continue;
            };
            let time = self.times[index].clone();
            let says_born = (open..close).any(|at| self.tokens[at].lower == "born");
            let mut said = Vec::new();
            match time.ends {
                Some((first, last)) if time.span().is_some() && last.0 - first.1 > 3650 => {
                    said.push(("born", first));
                    said.push(("died", last));
                }
                None if says_born => said.extend(time.span().map(|span| ("born", span))),
                _ => {}
            }
            for (verb, span) in said {
                let number = self.times.len();
                self.times.push(Time {
                    when: When::Days(vec![span]),
                    relation: Relation::At,
                    ends: None,
                    ..time.clone()
                });
                let mut terms = names.clone();
                let born = verb == "born";
                for term in &mut terms {
                    term.place = if born { Place::Object } else { Place::Subject };
                }
                if born && says_born {
                    terms.extend(self.birth_place(open..close, stems));
                }
                terms.push(Term {
                    at: open,
                    lower: verb.to_owned(),
                    stem: stems.of(verb),
                    name: false,
                    place: Place::Verb,
                    inherited: true,
                    describes: false,
                });
                derived.push(Statement {
                    terms,
                    subject: Subject::Named,
                    quantities: Vec::new(),
                    times: vec![number],
                    inherited_times: Vec::new(),
                    denied: false,
                    mood: Mood::Fact,
                    copular: false,
                    passive: born,
                    has_verb: true,
                    is_change: false,
                    shares_times: false,
                    restrictions: Vec::new(),
                    tokens: open..close,
                    part: open..close,
                });
            }
        }
        self.statements.extend(derived);
    }

    /// `Lund` of `(born 3 May 1950 in Lund)`, `(born in Lund in 1950)`.
    fn birth_place(&self, inside: std::ops::Range<usize>, stems: &Stems) -> Vec<Term> {
        let place = inside.clone().find(|at| {
            self.tokens[*at].lower == "in" && self.tags.get(*at + 1) == Some(&Tag::Name)
        });
        let named = |at: &usize| self.tags[*at] == Tag::Name || self.tokens[*at].is_sign(',');
        let Some(place) = place else {
            return Vec::new();
        };
        (place + 1..inside.end)
            .take_while(named)
            .filter(|at| self.tags[*at] == Tag::Name)
            .map(|at| Term {
                at,
                lower: self.tokens[at].lower.clone(),
                stem: stems.of(&self.tokens[at].lower),
                name: true,
                place: Place::After("in"),
                inherited: false,
                describes: self.tags.get(at + 1) == Some(&Tag::Name),
            })
            .collect()
    }

    /// `half of the 40 pupils` is 20 pupils too.
    pub(super) fn derive_parts(&mut self) {
        let mut derived = Vec::new();
        for pair in self.quantities.windows(2) {
            let [share, whole] = pair else { continue };
            let between = &self.tokens[share.tokens.end..whole.tokens.start];
            let links = between.iter().all(|token| {
                matches!(token.lower.as_str(), "of" | "the" | "all" | "its" | "their")
            });
            if share.unit == Unit::Percent
                && share.is_exact()
                && !share.quantifier
                && whole.unit == Unit::Count
                && whole.is_exact()
                && links
                && !between.is_empty()
            {
                let value = share.low * whole.low / 100.0;
                if (value - value.round()).abs() < 1e-6 {
                    let mut part = share.computed(value, Unit::Count, share.role);
                    part.of.clone_from(&whole.of);
                    part.tokens = share.tokens.start..whole.tokens.end;
                    derived.push(part);
                }
            }
            // `three of the four samples`: three quarters of them.
            let is_counted = |one: &Quantity| one.unit == Unit::Count && one.is_exact();
            if is_counted(share)
                && is_counted(whole)
                && !share.quantifier
                && whole.low > share.low
                && share.low > 0.0
                && links
                && between.len() > 1
            {
                let value = 100.0 * share.low / whole.low;
                let mut part = share.computed(value, Unit::Percent, share.role);
                part.of.clone_from(&whole.of);
                part.tokens = share.tokens.start..whole.tokens.end;
                derived.push(part);
            }
        }
        derived.extend(self.parts_of_the_opening());
        for part in &derived {
            for share in self
                .quantities
                .iter_mut()
                .filter(|quantity| quantity.tokens.start == part.tokens.start)
            {
                share.of.clone_from(&part.of);
            }
        }
        self.quantities.extend(derived);
    }

    /// `Of the 40 houses a quarter are let`: ten of them.
    fn parts_of_the_opening(&self) -> Vec<Quantity> {
        let opens = self.tokens.first().is_some_and(|token| token.lower == "of");
        let Some(whole) = self.quantities.first().filter(|whole| {
            opens
                && whole.unit == Unit::Count
                && whole.is_exact()
                && whole.tokens.start <= 2
                && !whole.of.is_empty()
        }) else {
            return Vec::new();
        };
        let is_share = |share: &&Quantity| {
            share.unit == Unit::Percent
                && share.is_exact()
                && share.low > 0.0
                && share.low < 100.0
                && share.of.is_empty()
                && self
                    .tokens
                    .get(share.tokens.end)
                    .is_none_or(|next| next.lower != "of")
        };
        // Where shares of several groups are given, which of them a figure is of is not plain.
        let shares: Vec<&Quantity> = self.quantities.iter().skip(1).filter(is_share).collect();
        if shares.len() > 1 {
            return Vec::new();
        }
        shares
            .into_iter()
            .filter_map(|share| {
                let value = share.low * whole.low / 100.0;
                ((value - value.round()).abs() < 1e-6).then(|| {
                    let mut part = share.computed(value, Unit::Count, share.role);
                    part.of.clone_from(&whole.of);
                    part.quantifier = false;
                    part
                })
            })
            .collect()
    }
}
