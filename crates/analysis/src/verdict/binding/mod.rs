//! A claim's statement bound to one statement of a source: each word, amount, time, role, denial and mood of the claim is
//! found in that one statement, found to differ, or not found. Nothing is taken from another statement.

mod amounts;
mod cases;
mod casts;
mod comparisons;
mod conclude;
mod contrasts;
mod exchange;
mod exclusives;
mod governors;
mod guards;
mod idle;
mod kinds;
mod limits;
mod names;
mod ordinals;
mod persons;
mod places;
mod predicates;
mod recurrence;
mod remainder;
mod roles;
mod scopes;
mod states;
mod subjects;
mod surroundings;
mod tails;
mod terms;
mod times;

use std::collections::HashSet;

use clara_domain::verdict::{Check, Verdict};

use crate::statement::time::Time;
use crate::statement::{Sentence, Statement};

pub use exchange::{Exchange, exchange};
pub(super) use idle::is_past;
use ordinals::Unused;
pub use terms::{Found, Matched, is_topic, verb_start};

/// What stands around a statement of a source and may name its subject.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Stems of the title and headings.
    pub titles: HashSet<String>,
    /// Stems of the subject of the sentence before, which a pronoun stands for.
    pub antecedent: HashSet<String>,
    /// Dates named by the title and headings.
    pub times: Vec<Time>,
    /// Nothing stands before the passage and nothing names it: an excerpt, whose first pronoun can only mean what it was
    /// handed in about.
    pub is_excerpt: bool,
}

/// A statement with the sentence it is of.
#[derive(Debug, Clone, Copy)]
pub struct Side<'s> {
    pub sentence: &'s Sentence,
    pub statement: &'s Statement,
}

/// What one statement of a source says of one statement of a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub outcome: Outcome,
    pub checks: Vec<Check>,
    /// Why it decides nothing, where it does not.
    pub missing: Option<String>,
    /// How much of the claim's words it speaks of, from 0 to 1.
    pub cover: f64,
    /// The name of the column or member whose value decides.
    pub column: Option<String>,
    /// The words on either side, where one amount, time or name is all that differs.
    pub exchange: Option<Exchange>,
}

/// The answer of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Supports(Ground),
    Refutes(Ground),
    /// It says otherwise of something that may be another thing.
    Doubts,
    Open,
}

/// What a verdict rests on; each kind has its own measured confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ground {
    /// Every word, with an amount.
    Amount,
    /// Every word, with a date.
    Time,
    /// Every word.
    Words,
    /// Every word, some by what stands around the statement.
    Context,
    /// Every word but the subject's name, in an excerpt that begins with a pronoun.
    Excerpt,
    /// One side denies.
    Denial,
    /// The claim says that it could not or would not: `refused to sign`.
    Refusal,
    /// Another day of the week, for what is so week by week.
    Weekday,
    /// A word's opposite.
    Opposite,
    /// Who and whom have changed places.
    Roles,
    /// Another name or kind in the same place.
    Name,
    /// A table's cell or a record's value.
    Cell,
    /// The calendar or arithmetic forbids it.
    Impossible,
}

/// Binds a statement of the claim to a statement of the source.
pub fn bind(claim: Side<'_>, source: Side<'_>, around: &Around) -> Bound {
    Binding::new(claim, source, around).decide()
}

struct Binding<'s> {
    claim: Side<'s>,
    source: Side<'s>,
    around: &'s Around,
    matched: Vec<Matched>,
    amounts: Vec<amounts::Answer>,
    times: Vec<amounts::Answer>,
    checks: Vec<Check>,
}

impl<'s> Binding<'s> {
    fn new(claim: Side<'s>, source: Side<'s>, around: &'s Around) -> Self {
        let matched = terms::matched(claim, source, around);
        let amounts = amounts::amounts(claim, source, &matched);
        let times = times::times(claim, source, around);
        Self {
            claim,
            source,
            around,
            matched,
            amounts,
            times,
            checks: Vec::new(),
        }
    }

    fn check(&mut self, name: &str, points_to: Verdict, detail: String) {
        self.checks.push(Check {
            name: name.to_owned(),
            points_to,
            detail,
        });
    }

    fn open(mut self, missing: String, cover: f64) -> Bound {
        self.checks.truncate(6);
        Bound {
            outcome: Outcome::Open,
            checks: self.checks,
            missing: Some(missing),
            cover,
            column: None,
            exchange: None,
        }
    }

    /// Words of the claim as they are written, for a reason.
    fn words(&self, of: impl Fn(&Matched) -> bool) -> String {
        let words: Vec<&str> = self
            .matched
            .iter()
            .filter(|matched| of(matched))
            // What a pronoun stands for is named by the pronoun here.
            .filter(|matched| {
                let token = &self.claim.sentence.tokens[matched.claim];
                !crate::statement::is_function_word(&token.lower)
            })
            .map(|matched| {
                self.claim
                    .sentence
                    .written(&(matched.claim..matched.claim + 1))
            })
            .take(6)
            .collect();
        words.join(", ")
    }

    fn decide(mut self) -> Bound {
        let cover = terms::cover(&self.matched);
        let missing: Vec<usize> = self.indexes(|found| matches!(found, Found::Missing));
        let contrasts: Vec<usize> = self.indexes(|found| matches!(found, Found::Contrast(..)));
        let here = self.words(|matched| matches!(matched.found, Found::Here(_)));
        if self
            .matched
            .iter()
            .all(|matched| !matches!(matched.found, Found::Here(_) | Found::Contrast(..)))
            && self.amounts.is_empty()
        {
            return self.open("a passage about its subject".to_owned(), cover);
        }
        if let Some(bound) = self
            .another_name(&missing, cover)
            .or_else(|| self.another_of_its_kind(&missing, cover))
        {
            return bound;
        }
        if !missing.is_empty() && !self.may_be_missing(&missing) {
            let words = self.words(|matched| matched.found == Found::Missing);
            self.check(
                "words_missing",
                Verdict::NotEnoughEvidence,
                format!("not in this statement: {words}"),
            );
            return self.open(format!("not in this statement: {words}"), cover);
        }
        if !here.is_empty() {
            self.check(
                "words_matched",
                Verdict::Supported,
                format!("all in the source: {here}"),
            );
        }
        let answers = self.amounts.clone().into_iter().chain(self.times.clone());
        let (mut differs, mut same_amounts, mut same_times) = (Vec::new(), 0, 0);
        let mut unsettled: Option<String> = None;
        let (mut instance, mut zero) = (false, false);
        for answer in answers {
            match answer.outcome {
                amounts::Outcome::Same => {
                    if answer.is_time {
                        same_times += 1;
                    } else if !self.is_first_time(&answer) {
                        same_amounts += 1;
                    }
                    self.check(
                        &format!("{}_matches", answer.kind),
                        Verdict::Supported,
                        answer.detail(self.claim, self.source),
                    );
                }
                amounts::Outcome::Differs => differs.push(answer),
                amounts::Outcome::Open => {
                    unsettled.get_or_insert(format!(
                        "the source is not exact enough: {}",
                        answer.detail(self.claim, self.source)
                    ));
                }
                amounts::Outcome::Instance => {
                    instance = true;
                    self.check(
                        "instance",
                        Verdict::NotEnoughEvidence,
                        answer.detail(self.claim, self.source),
                    );
                }
                // `has zero fans` denies `has fans`.
                amounts::Outcome::Absent if self.is_zero(&answer) => zero = !zero,
                // `the 1974 film was directed by`, `is a 1974 film directed by`: the year says which one on both sides.
                amounts::Outcome::Absent
                    if self.names_one_alike(&answer)
                        || self.is_at_least_one(&answer)
                        || self.is_part_of_a_word(&answer) => {}
                amounts::Outcome::Absent => {
                    unsettled.get_or_insert(format!(
                        "not in this statement: {}",
                        answer.claimed(self.claim)
                    ));
                }
            }
        }
        if let Some(reason) = unsettled {
            self.check("value_missing", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        if same_amounts > 0 && same_times > 0 && self.pairs_are_unclear() {
            let reason = "the source gives several values and times, and does not say plainly which belong together".to_owned();
            self.check("value_missing", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        if self.time_is_of_another_part() {
            let reason = "the time is that of another part of the statement".to_owned();
            self.check("value_missing", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        if same_times + differs.len() > 0 && same_amounts == 0 && self.verb_is_a_noun()
            || self.hides_its_verb()
        {
            let reason = "the source does not say that it was done".to_owned();
            self.check("words_missing", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        let mut names_one = differs.iter().filter(|answer| {
            answer.is_time && self.time_names_one(answer) || self.amount_names_one(answer)
        });
        if let Some(answer) = names_one.next() {
            let detail = answer.detail(self.claim, self.source);
            let reason = format!("the source speaks of another one: {detail}");
            self.check("another_one", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        let ordinal = self.unused_ordinal();
        if let Some(Unused::Narrows(place)) = &ordinal {
            let reason = format!("the source says “{place}”, the claim does not");
            self.check("narrower", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        if let Some(reason) = self.not_comparable() {
            self.check(
                "not_said_as_fact",
                Verdict::NotEnoughEvidence,
                reason.clone(),
            );
            return self.open(reason, cover);
        }
        if let Some(reason) = self.narrowed() {
            self.check("narrower", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        if let Some(Unused::Contradicts(place)) = ordinal
            && missing.is_empty()
            && contrasts.is_empty()
            && self.claim.statement.copular
            && self.amounts.is_empty()
            && self.times.is_empty()
        {
            let detail = format!("the source says “{place}”, the claim does not");
            self.check("rank_differs", Verdict::Refuted, detail);
            return self.finish(Outcome::Refutes(Ground::Amount), cover);
        }
        let roles = roles::compare(self.claim, self.source, &self.matched);
        if roles == roles::Roles::Unclear {
            let reason = "who does what to whom is not the same, or not clear".to_owned();
            self.check("roles_unclear", Verdict::NotEnoughEvidence, reason.clone());
            return self.open(reason, cover);
        }
        if let Some(reason) = self.dropped_governor().or_else(|| self.other_frame()) {
            self.check(
                "said_of_another",
                Verdict::NotEnoughEvidence,
                reason.clone(),
            );
            return self.open(reason, cover);
        }
        let complements = self.indexes(|found| {
            matches!(
                found,
                Found::Contrast(_, super::relations::Contrast::Complement)
            )
        });
        if self.is_of_the_opposite(&complements) {
            return self.open("the source speaks of the other one".to_owned(), cover);
        }
        let complement = complements.len();
        let flips = (self.claim.statement.denied != self.source.statement.denied)
            ^ (complement % 2 == 1)
            ^ zero;
        let other_contrasts = (contrasts.len() - complement)
            .saturating_sub(usize::from(roles == roles::Roles::Converse));
        if instance && !flips {
            return self.open("the source speaks of some of them only".to_owned(), cover);
        }
        self.conclude(
            &differs,
            roles,
            flips,
            (complement, other_contrasts),
            (same_amounts, same_times),
            cover,
            &contrasts,
            &missing,
        )
    }

    fn finish(self, outcome: Outcome, cover: f64) -> Bound {
        Bound {
            outcome,
            checks: self.checks,
            missing: (outcome == Outcome::Doubts)
                .then(|| "the source may be about a part of it, or about another one".to_owned()),
            cover,
            column: None,
            exchange: None,
        }
    }

    fn indexes(&self, of: impl Fn(&Found) -> bool) -> Vec<usize> {
        (0..self.matched.len())
            .filter(|at| of(&self.matched[*at].found))
            .collect()
    }
}

#[cfg(test)]
mod tests;
