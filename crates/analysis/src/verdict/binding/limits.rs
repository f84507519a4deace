//! What an amount or a time limits: which things are meant (`orders above 40 euros`), until when something was so, and at what
//! hour it is.

use super::idle::is_past;
use super::subjects::is_in;
use super::{Binding, Found, Side, terms};
use crate::language::lexicon::meaning;
use crate::statement::quantity::{Bound, Quantity, Role, Unit};
use crate::statement::tags::Tag;
use crate::statement::time::Relation;
use crate::statement::{Place, Term};
use crate::verdict::relations;

/// Whether an amount says of which things something is so: `firms with more than 50 employees`, `orders above 40 euros`. What
/// is so of those need not be so of others, and the other way round.
pub(super) fn says_of_which(quantity: &Quantity, side: Side<'_>) -> bool {
    let (tokens, tags) = (&side.sentence.tokens, &side.sentence.tags);
    let noun = |at: usize| matches!(tags[at], Tag::Noun | Tag::Name);
    let Some(before) = quantity.tokens.start.checked_sub(1) else {
        return false;
    };
    let bounded = matches!(
        quantity.bound,
        Bound::AtLeast | Bound::MoreThan | Bound::AtMost | Bound::LessThan
    ) && quantity.role != Role::Label;
    let plural = |at: usize| noun(at) && tokens[at].lower.ends_with('s') && !is_verb(side, at);
    let of_a_noun = match tokens[before].lower.as_str() {
        "with" | "without" => before.checked_sub(1).filter(|at| noun(*at)),
        "of" if bounded => before.checked_sub(1).filter(|at| plural(*at)),
        "aged" | "older" | "younger" => {
            return bounded;
        }
        // `parcels weighing 2 to 5 kg`, `guests staying three nights`
        word if word.ends_with("ing")
            && quantity.tokens.start < terms::verb_start(side)
            && before.checked_sub(1).is_some_and(noun) =>
        {
            return side.statement.has_verb;
        }
        _ if bounded && plural(before) => Some(before),
        _ => None,
    };
    let Some(head) = of_a_noun else {
        return false;
    };
    // `is a building with two floors`: what the subject itself is like.
    let start = terms::verb_start(side);
    let of_the_subject = side.statement.copular
        && head > start
        && (start..head).all(|at| tags[at] != Tag::Preposition && tokens[at].lower != "of");
    side.statement.has_verb && !of_the_subject
}

fn is_verb(side: Side<'_>, at: usize) -> bool {
    let mut verbs = side.statement.terms.iter();
    verbs.any(|term| term.at == at && term.place == Place::Verb)
}

/// Whether two amounts are written with the same bounds.
pub(super) fn are_alike(one: &Quantity, other: &Quantity) -> bool {
    let close = |one: f64, other: f64| {
        one.total_cmp(&other).is_eq() || (one - other).abs() <= 1e-9 * one.abs()
    };
    one.bound == other.bound && close(one.low, other.low) && close(one.high, other.high)
}

/// Words that narrow the noun phrase they stand before, and nothing else.
const OF_A_PHRASE: &str = "former ex sometimes fictional future prospective aspiring honorary unofficial proposed planned";

impl Binding<'_> {
    /// `is mayor` beside `was mayor from 1996 to 2007`.
    pub(super) fn is_over(&self) -> bool {
        let ended = self.source.statement.times.iter().any(|index| {
            let time = &self.source.sentence.times[*index];
            time.ends.is_some() || time.relation == Relation::Until
        });
        let (claim, source) = (first_auxiliary(self.claim), first_auxiliary(self.source));
        let by_verbs = claim.is_empty() && source.is_empty();
        (matches!(claim, "is" | "are" | "has" | "have")
            && matches!(source, "was" | "were" | "served" | "had")
            // `fishes in the lake` beside `fished in the lake until 1990`
            || by_verbs && !is_past(self.claim) && is_past(self.source))
            && ended
            && self.claim.statement.times.is_empty()
    }

    /// Whether a narrowing word of the source is said of what the claim speaks of: not `sometimes` of `a painter and sometimes
    /// potter`, beside `is a painter`.
    pub(super) fn narrows_what_is_said(&self, word: &str) -> bool {
        if !is_in(OF_A_PHRASE, word) {
            return true;
        }
        let source = self.source.sentence;
        let end = self.source.statement.tokens.end;
        let mut places = self
            .source
            .statement
            .tokens
            .clone()
            .filter(|at| source.tokens[*at].lower == word)
            .peekable();
        // A `former actor and singer` may be no singer any more: what stands beside the noun is narrowed too.
        let within = |at: &usize| {
            matches!(
                source.tags[*at],
                Tag::Noun | Tag::Name | Tag::Adjective | Tag::Conjunction | Tag::Number
            ) || source.tokens[*at].is_sign('-')
                || source.tokens[*at].is_sign(',')
        };
        // What is narrowed without standing here was taken over from elsewhere.
        places.peek().is_none()
            || places.any(|place| {
                let mut phrase = (place + 1..end).take_while(within).peekable();
                phrase.peek().is_none() || phrase.any(|at| self.says_what_it_is(at))
            })
    }

    /// Whether the claim takes what something is from here, and not only where it is from: a former Danish player is Danish.
    fn says_what_it_is(&self, at: usize) -> bool {
        self.is_used(at)
            && !self
                .matched
                .iter()
                .any(|one| one.found == Found::Here(at) && meaning::is_nationality(&one.stem))
    }

    /// `fishes in the lake` beside `fished in the lake until 1990`: what was so until then is not said to be so now.
    pub(super) fn ended(&self) -> bool {
        let (claim, source) = (self.claim, self.source);
        let tokens = &source.sentence.tokens;
        let start = terms::verb_start(source);
        let until = |at: usize| matches!(tokens[at].lower.as_str(), "until" | "till");
        let over = source.statement.times.iter().any(|index| {
            let time = &source.sentence.times[*index];
            time.ends.is_some() || time.relation == Relation::Until
        }) || source
            .statement
            .tokens
            .clone()
            .any(|at| at >= start && until(at));
        over && claim.statement.times.is_empty()
            && self
                .matched
                .iter()
                .zip(&claim.statement.terms)
                .any(|(one, term)| match one.found {
                    Found::Here(at) => is_present_of(term, at, source),
                    _ => false,
                })
    }

    /// `opens at 11:30` beside `is closed`: what is so at an hour says nothing of other hours.
    pub(super) fn hour_is_left_out(&self) -> bool {
        let hours = |side: Side<'_>| {
            side.statement
                .quantities
                .iter()
                .any(|index| side.sentence.quantities[*index].unit == Unit::Clock)
        };
        hours(self.source) && !hours(self.claim)
    }

    /// `closes at 17:00` beside `is closed`: what happens at an hour, and what is so.
    pub(super) fn is_state_of_an_hour(&self) -> bool {
        let is_state = |side: Side<'_>| side.statement.copular || side.statement.passive;
        self.hour_is_left_out() && is_state(self.claim) && !is_state(self.source)
    }

    /// `Heaters with a timer switch off`: a sentence whose verb was not found, beside a claim that has one of its nouns for it.
    pub(super) fn hides_its_verb(&self) -> bool {
        let tokens = &self.source.sentence.tokens;
        !self.source.statement.has_verb
            && tokens.len() > 4
            && tokens.last().is_some_and(|last| last.is_sign('.'))
            && self.verb_is_a_noun()
    }
}

/// `fishes`, beside the source's `fished`.
fn is_present_of(term: &Term, at: usize, source: Side<'_>) -> bool {
    let given = source
        .statement
        .terms
        .iter()
        .find(|given| given.at == at && given.place == Place::Verb);
    given.is_some_and(|given| {
        term.lower != given.lower
            && term.lower.ends_with('s')
            && !given.lower.ends_with('s')
            && !given.lower.ends_with("ing")
    })
}

/// The auxiliary that a statement's verb begins with, in small letters.
pub(super) fn first_auxiliary(side: Side<'_>) -> &str {
    side.statement
        .tokens
        .clone()
        .find(|at| side.sentence.tags[*at] == Tag::Auxiliary)
        .map_or("", |at| side.sentence.tokens[at].lower.as_str())
}

/// `20` and `25` of `rose from 20 to 25 between 2010 and 2020`: what it was at either end is said by statements of their own, and
/// in this statement it would be compared with the years of the whole change.
pub(super) fn is_end_of_a_change(given: &Quantity, claim: Side<'_>, source: Side<'_>) -> bool {
    let says_a_change = claim.statement.is_change
        || claim
            .statement
            .terms
            .iter()
            .any(|term| term.place == Place::Verb && relations::is_change(&term.stem));
    let is_start = |at: &usize| {
        let start = &source.sentence.quantities[*at];
        start.role == Role::Start && start.unit == given.unit
    };
    source.statement.is_change
        && !says_a_change
        && matches!(given.role, Role::Start | Role::Value)
        && source.statement.quantities.iter().any(is_start)
}

/// `40 g each`: what one of several has, not what they have together.
pub(super) fn is_of_each(quantity: &Quantity, side: Side<'_>) -> bool {
    let tokens = &side.sentence.tokens;
    let after = tokens.get(quantity.tokens.end);
    let first = tokens.first();
    after.is_some_and(|next| matches!(next.lower.as_str(), "each" | "apiece"))
        || first.is_some_and(|first| matches!(first.lower.as_str(), "each" | "every"))
}

/// `90 tonnes in all`: what several have together.
pub(super) fn is_total(quantity: &Quantity, side: Side<'_>) -> bool {
    let word = |after: usize| {
        let token = side.sentence.tokens.get(quantity.tokens.end + after);
        token.map_or("", |token| token.lower.as_str())
    };
    matches!(word(0), "altogether" | "together" | "combined")
        || word(0) == "in" && matches!(word(1), "all" | "total")
}
