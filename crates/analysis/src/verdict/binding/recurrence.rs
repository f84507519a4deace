//! What is so week by week, what happens once, and what was so for the first time.

use super::super::relations;
use super::{Binding, Found, Side, amounts, terms};
use crate::statement::Place;
use crate::statement::Term;
use crate::statement::quantity::{Comparison, Unit};
use crate::statement::time::{Weekdays, When};

impl Binding<'_> {
    /// Whether what is said happens once: then another time for it is a contradiction.
    pub(super) fn happened_once(&self) -> bool {
        let statement = self.claim.statement;
        let verbs: Vec<&Term> = statement
            .terms
            .iter()
            .filter(|term| term.place == Place::Verb)
            .collect();
        // What was done for the first time was so once.
        let first_time = |side: Side<'_>| {
            let mut words = side.sentence.tokens.windows(2);
            words.any(|pair| pair[0].lower == "first" && pair[1].lower == "time")
                || statement.terms.iter().any(|verb| {
                    verb.place == Place::Verb
                        && verb.at > 0
                        && side
                            .sentence
                            .tokens
                            .get(verb.at - 1)
                            .is_some_and(|before| before.lower == "first")
                })
        };
        if first_time(self.claim) {
            return true;
        }
        let changes = verbs.iter().any(|verb| relations::is_change(&verb.stem));
        !changes
            && (statement.copular && self.is_one_event()
                || verbs
                    .iter()
                    .any(|verb| relations::is_single_of(&verb.stem, &statement.terms)))
    }

    /// `The meeting is on 3 May`: of one thing that happens, the time is said. What somebody was, they may have been for years.
    fn is_one_event(&self) -> bool {
        let named = self.claim.statement.terms.iter().any(|term| term.name);
        let predicate = self
            .claim
            .statement
            .terms
            .iter()
            .any(|term| !terms::is_topic(term, self.claim));
        !named && !predicate
    }

    /// Whether an answer compares weekdays of what is so week by week: `is collected on Tuesdays`, `the meeting is on Friday`.
    /// What was done on a Tuesday may have been done on a Friday too.
    pub(super) fn is_another_weekday(&self, answer: &amounts::Answer) -> bool {
        let weekdays = |side: Side<'_>, index: usize| {
            matches!(side.sentence.times[index].when, When::Weekdays(_))
        };
        let now = |side: Side<'_>| {
            side.statement.copular && !super::idle::is_past(side)
                || side.statement.tokens.clone().any(|at| {
                    matches!(
                        side.sentence.tokens[at].lower.as_str(),
                        "is" | "are" | "may" | "can" | "must" | "will"
                    )
                })
                || !super::idle::is_past(side)
        };
        if !answer.is_time {
            return false;
        }
        // What is open on weekdays may be open on Sundays too.
        let is_open = self.matched.iter().any(|one| {
            matches!(
                one.stem.as_str(),
                "open" | "avail" | "free" | "allow" | "permit"
            ) && matches!(one.found, Found::Here(_))
        }) && !self.is_every_day(answer);
        !is_open
            && answer.outcome == amounts::Outcome::Differs
            && weekdays(self.claim, answer.wanted)
            && answer
                .given
                .is_some_and(|given| weekdays(self.source, given))
            && now(self.claim)
            && now(self.source)
    }

    /// Whether the claim's time is all days of the week.
    fn is_every_day(&self, answer: &amounts::Answer) -> bool {
        self.claim.sentence.times[answer.wanted].when == When::Weekdays(Weekdays::ALL)
    }

    /// `leaves at 19:30 daily` beside `leaves at 16:05 daily, and on Fridays also at 19:30`: the amount is that of other days.
    pub(super) fn amount_is_of_other_days(&self, differs: &[amounts::Answer]) -> bool {
        let sentence = self.source.sentence;
        let of_days = self
            .claim
            .statement
            .times
            .iter()
            .any(|index| matches!(self.claim.sentence.times[*index].when, When::Weekdays(_)));
        of_days
            && differs
                .iter()
                .filter(|answer| !answer.is_time)
                .any(|answer| {
                    let wanted = &self.claim.sentence.quantities[answer.wanted];
                    let mut given = sentence.quantities.iter();
                    given.any(|given| wanted.compare(given) == Comparison::Same)
                })
    }

    /// `first` of `was first lit`, `for the first time`: it says when, and is no amount of anything.
    pub(super) fn is_first_time(&self, answer: &amounts::Answer) -> bool {
        let quantity = &self.claim.sentence.quantities[answer.wanted];
        quantity.unit == Unit::Ordinal
            && (quantity.low - 1.0).abs() < 1e-9
            && quantity.of.iter().all(|noun| noun == "time")
    }

    /// Whether both sides say from when to when something was so: `was king from 1816 to 1828`. What is done from the one day
    /// to the other may be done again.
    pub(super) fn is_another_span(&self, answer: &amounts::Answer) -> bool {
        let lasts = |side: Side<'_>, index: usize| {
            side.sentence.times[index].ends.is_some()
                && (side.statement.copular || side.statement.has_verb && !side.statement.passive)
        };
        let state = self.claim.statement.copular && self.source.statement.copular;
        let lasting = self.claim.statement.terms.iter().any(|term| {
            term.place == Place::Verb
                && matches!(
                    term.stem.as_str(),
                    "reign" | "rule" | "serv" | "last" | "run" | "govern" | "live" | "chair"
                )
        });
        answer.is_time
            && (state || lasting)
            && lasts(self.claim, answer.wanted)
            && answer.given.is_some_and(|given| lasts(self.source, given))
    }

    /// `since` of `for the first time since 1990`, beside `was first lit`: it had been so before.
    pub(super) fn first_time_since(&self) -> Option<usize> {
        let tokens = &self.source.sentence.tokens;
        let mut own = self.claim.sentence.tokens.iter();
        let says_since = own.any(|token| token.lower == "since");
        let place = tokens.windows(3).position(|words| {
            words[0].lower == "first"
                && words[1].lower == "time"
                && matches!(words[2].lower.as_str(), "since" | "in")
        })?;
        let dated = self.source.sentence.times.iter();
        let mut dated = dated.filter(|time| time.tokens.start == place + 2);
        let on_a_date = tokens[place + 2].lower == "in" && dated.next().is_some();
        (!says_since && !on_a_date).then_some(place + 2)
    }
}
