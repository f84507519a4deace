//! What an amount was at either end of a change, and by how much it changed.

use super::{Sentence, units_agree};
use crate::statement::clause::Place;
use crate::statement::lexical;
use crate::statement::quantity::{Quantity, Role, Unit};
use crate::statement::time::{Relation, Time, When};
use crate::statement::token::TokenKind;

impl Sentence {
    /// `rose from 20 percent in 2010 to 25 percent in 2020` says four things more: what it was at either end, and by how
    /// much it changed, in the unit and in percent.
    pub(super) fn derive_changes(&mut self) {
        let mut derived = Vec::new();
        for index in 0..self.statements.len() {
            self.share_scale(index);
            let statement = self.statements[index].clone();
            // `proposed raising the rent from 35 to 40` does not say that it rose.
            if statement.terms.iter().any(|term| {
                term.place == Place::Verb
                    && (lexical::is_report(&term.lower) || lexical::is_intention(&term.lower))
            }) {
                continue;
            }
            let exact = |at: &usize, role: Role| {
                let quantity = &self.quantities[*at];
                quantity.role == role
                    && quantity.is_exact()
                    && !matches!(quantity.unit, Unit::Ordinal | Unit::Clock)
            };
            let Some(start) = statement
                .quantities
                .iter()
                .copied()
                .find(|at| exact(at, Role::Start))
            else {
                continue;
            };
            let from = self.quantities[start].clone();
            let Some(end) = statement.quantities.iter().copied().find(|at| {
                exact(at, Role::Value)
                    && self.quantities[*at].tokens.start >= from.tokens.end
                    && units_agree(&from, &self.quantities[*at])
            }) else {
                continue;
            };
            let mut to = self.quantities[end].clone();
            if from.unit == Unit::Count && to.unit != Unit::Count {
                self.share_unit(start, end);
            }
            let from = self.quantities[start].clone();
            to.unit = self.quantities[end].unit;
            let span = from.tokens.start..to.tokens.end;
            let unit = if to.unit == Unit::Percent {
                Unit::Points
            } else {
                to.unit
            };
            let change = (to.high - from.low).abs();
            let mut by = to.computed(change, unit, Role::Change);
            by.tokens = span.clone();
            by.step = (from.step + to.step).min(change * 0.005).max(1e-9);
            by.rounded = by.step;
            let mut added = vec![by];
            if from.low.abs() > 1e-9 {
                let share = change / from.low.abs() * 100.0;
                let mut by = to.computed(share, Unit::Percent, Role::Change);
                by.tokens = span;
                by.of = Vec::new();
                added.push(by);
            }
            let first = self.quantities.len();
            self.quantities.extend(added);
            let times = statement.times.clone();
            let time_between = |low: usize, high: usize| -> Vec<usize> {
                times
                    .iter()
                    .copied()
                    .filter(|time| (low..high).contains(&self.times[*time].tokens.start))
                    .collect()
            };
            let mut early = time_between(from.tokens.end, to.tokens.start);
            let mut late = time_between(to.tokens.end, usize::MAX);
            if early.is_empty()
                && let [span] = times[..]
                && let Some((first, last)) = self.ends_of_change(span)
            {
                (early, late) = (vec![first], vec![last]);
            }
            let mut at_start = statement.clone();
            at_start.quantities = vec![start];
            at_start.times.clone_from(&early);
            at_start.inherited_times.clear();
            at_start.copular = true;
            at_start.terms.retain(|term| term.place != Place::Verb);
            let mut at_end = at_start.clone();
            at_end.quantities = vec![end];
            at_end.times = late;
            let mut at_start_values = self.quantities[start].clone();
            at_start_values.role = Role::Value;
            let value = self.quantities.len();
            self.quantities.push(at_start_values);
            at_start.quantities = vec![value];
            self.statements[index].quantities.extend(first..value);
            self.statements[index].is_change = true;
            derived.push(at_start);
            derived.push(at_end);
        }
        self.statements.extend(derived);
    }

    /// `from 610 to 742 pounds`: the unit is named once, at the end.
    fn share_unit(&mut self, start: usize, end: usize) {
        let (from, to) = (&self.quantities[start], &self.quantities[end]);
        let number = to
            .tokens
            .clone()
            .find(|at| self.tokens[*at].kind == TokenKind::Number);
        let name = number.map_or(to.tokens.end, |at| at + 1)..to.tokens.end;
        // Read as it would stand with its unit: `610 pounds`.
        let read = (!name.is_empty())
            .then(|| {
                let text = format!("{} {}", self.written(&from.tokens), self.written(&name));
                Sentence::new(&text).quantities.into_iter().next()
            })
            .flatten()
            .filter(|read| read.unit == to.unit);
        let (unit, from) = (to.unit, &mut self.quantities[start]);
        from.unit = unit;
        if let Some(read) = read {
            (from.low, from.high) = (read.low, read.high);
            (from.step, from.rounded) = (read.step, read.rounded);
        }
    }

    /// `between 2010 and 2020`, `from March to May`: where a change has a span, what it was at first it was at the span's
    /// beginning, and what it was in the end at its end.
    fn ends_of_change(&mut self, span: usize) -> Option<(usize, usize)> {
        let whole = self.times[span].clone();
        let (first, last) = whole.ends?;
        if !matches!(whole.when, When::Days(_)) {
            return None;
        }
        for days in [first, last] {
            self.times.push(Time {
                when: When::Days(vec![days]),
                relation: Relation::At,
                ends: None,
                ..whole.clone()
            });
        }
        Some((self.times.len() - 2, self.times.len() - 1))
    }

    /// `from 38 to 29 million`: the scale is named once, at the end.
    fn share_scale(&mut self, statement: usize) {
        const SCALES: &[(&str, f64)] = &[
            ("thousand", 1e3),
            ("million", 1e6),
            ("billion", 1e9),
            ("m", 1e6),
            ("bn", 1e9),
            ("k", 1e3),
        ];
        let scale = |quantity: &Quantity| {
            let mut words = self.tokens[quantity.tokens.clone()].iter();
            words.find_map(|token| {
                let mut scales = SCALES.iter();
                scales
                    .find(|(word, _)| *word == token.lower)
                    .map(|(_, scale)| *scale)
            })
        };
        let quantities = &self.statements[statement].quantities;
        let mut starts = quantities.iter().copied();
        let Some(start) = starts.find(|at| self.quantities[*at].role == Role::Start) else {
            return;
        };
        let from = &self.quantities[start];
        let mut ends = quantities.iter().map(|at| &self.quantities[*at]);
        let end = ends.find(|end| {
            end.role == Role::Value
                && end.tokens.start >= from.tokens.end
                && end.unit != Unit::Measure("m")
        });
        let Some(named) = end.and_then(scale) else {
            return;
        };
        if scale(from).is_some() || from.low.abs() >= 1000.0 || from.unit != Unit::Count {
            return;
        }
        let from = &mut self.quantities[start];
        from.low *= named;
        from.high *= named;
        from.step *= named;
        from.rounded *= named;
    }
}
