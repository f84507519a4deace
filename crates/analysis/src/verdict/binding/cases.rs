//! What is said of one case of several, of a smaller group or of another time than the claim's: of an amount that each case has
//! for itself, of `further guests` and not of guests, of what was rated good and not of what is.

use super::limits::first_auxiliary;
use super::subjects::is_in;
use super::{Binding, Found, terms};
use crate::statement::Mood;
use crate::statement::quantity::Quantity;
use crate::statement::tags::Tag;

/// Words before a plural by which fewer are meant, whatever the tagger takes them for.
const OF_SOME: &str = "some many most several few certain further other another additional extra remaining selected new late early half";

/// Words before a noun that say which of several it is.
const OF_WHICH: &str = "main first second last upper lower front back rear side north south east west northern southern eastern western \
    inner outer central other new old former";

/// Words for the ends of a range.
const EXTREMES: &str = "minimum maximum min max minimal maximal lowest highest least most";

/// Words before what is named for the sake of comparison.
const BESIDE: &str = "unlike like besides except";

/// How something is held or taken to be, which ends without a word.
const HELD: &str = "rated ranked graded closed banned forbidden prohibited allowed permitted listed considered regarded classified used owned \
    run managed led headed chaired governed employed occupied let rented sponsored funded staffed";

/// What something is granted on, with or by: without it, it is not.
const CONDITIONS: &str = "appointment arrangement request payment receipt presentation condition invitation permission consent approval \
    registration deposit supervision application notice proof prescription reservation authorisation authorization";

impl Binding<'_> {
    /// The word of the source by which it speaks of a case that the claim does not name.
    pub(super) fn case_left_out(&self) -> Option<usize> {
        self.case_of_a_value()
            .or_else(|| self.value_compared_with())
            .or_else(|| self.condition())
            .or_else(|| self.smaller_group())
            .or_else(|| self.subject_elsewhere())
            .or_else(|| self.state_that_was())
            .or_else(|| self.somebody_else())
            .or_else(|| self.until_when())
    }

    /// `until` of `can be refunded until noon`, beside `can be refunded`: what may be done for a time may not be done later.
    fn until_when(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let may = matches!(source.statement.mood, Mood::Permitted | Mood::Able)
            || source.statement.copular && self.is_state();
        let tokens = &source.sentence.tokens;
        let start = terms::verb_start(source);
        let limits = |at: &usize| {
            *at >= start
                && (is_in("until till within before", &tokens[*at].lower)
                    || tokens[*at].lower == "by" && !source.statement.passive)
                && !claim
                    .sentence
                    .tokens
                    .iter()
                    .any(|token| token.lower == tokens[*at].lower)
        };
        let says_when = !claim.statement.times.is_empty() || !claim.statement.quantities.is_empty();
        source
            .statement
            .tokens
            .clone()
            .find(limits)
            .filter(|_| may && !says_when)
    }

    /// `Staff` of `staff may smoke in the yard`, beside `you may smoke in the yard`: who may is named by the source alone.
    fn somebody_else(&self) -> Option<usize> {
        const ANYBODY: &str = "guests guest visitors visitor users user customers customer people everyone everybody anyone anybody you one \
            passengers passenger readers travellers";
        let (claim, source) = (self.claim, self.source);
        let start = terms::verb_start(claim);
        let opens = |at: usize| {
            matches!(
                claim.sentence.tokens[at].lower.as_str(),
                "you" | "one" | "anyone" | "anybody" | "everyone" | "everybody"
            )
        };
        let is_anybody = (claim.statement.tokens.start..start.min(claim.statement.tokens.end))
            .any(opens)
            && !claim
                .statement
                .terms
                .iter()
                .any(|term| terms::is_topic(term, claim) && !opens(term.at));
        let mut given = source.statement.terms.iter();
        let named = given.find(|term| {
            terms::is_topic(term, source)
                && !term.describes
                && !self.is_used(term.at)
                && !is_in(ANYBODY, &term.lower)
        });
        named
            .filter(|_| is_anybody && !source.statement.passive)
            .map(|term| term.at)
    }

    /// `quiet` of `71 dB in normal mode and 64 dB in quiet mode`, beside `64 dB`.
    fn case_of_a_value(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let (tokens, tags) = (&source.sentence.tokens, &source.sentence.tags);
        let given = self.amounts.iter().filter_map(|answer| answer.given);
        given
            .map(|index| &source.sentence.quantities[index])
            .filter(|quantity| self.is_one_of_several(quantity))
            .find_map(|quantity| {
                let preposition = quantity.tokens.end;
                let leads = tags.get(preposition) == Some(&Tag::Preposition)
                    && tokens[preposition].lower != "of";
                if !leads {
                    return None;
                }
                let phrase = preposition + 1..source.sentence.tokens.len();
                let phrase: Vec<usize> = phrase
                    .take_while(|at| !matches!(tags[*at], Tag::Conjunction | Tag::Sign))
                    .collect();
                let mut times = source.sentence.times.iter();
                let is_time = times.any(|time| phrase.contains(&time.tokens.start));
                let is_named = phrase.iter().any(|at| self.is_used(*at))
                    || is_time && !claim.statement.times.is_empty();
                phrase.first().copied().filter(|_| !is_named)
            })
    }

    /// `against` of `41 million last year, against 47 million in 2020`, beside `41 million in 2020`.
    fn value_compared_with(&self) -> Option<usize> {
        let sentence = self.source.sentence;
        let times = self.times.iter().filter_map(|answer| answer.given);
        let starts: Vec<usize> = times
            .filter_map(|index| Some(sentence.times.get(index)?.tokens.start))
            .collect();
        let given = self.amounts.iter().filter_map(|answer| answer.given);
        given
            .map(|index| sentence.quantities[index].tokens.end)
            .find_map(|end| {
                let last = *starts.iter().max()?;
                (end..last).find(|at| {
                    matches!(
                        sentence.tokens[*at].lower.as_str(),
                        "against" | "versus" | "compared" | "than"
                    )
                })
            })
    }

    /// `payment` of `a discount is granted on payment within ten days`; `installations` of `is the default on new installations`.
    fn condition(&self) -> Option<usize> {
        let source = self.source;
        let mut matched = self.matched.iter();
        // What something else refutes is refuted wherever it is said.
        let same = !matched.any(|one| matches!(one.found, Found::Contrast(..)));
        let led_by = |at: usize, list: &str| {
            let before = super::governors::phrase_start(source, at).checked_sub(1);
            before.is_some_and(|before| is_in(list, &source.sentence.tokens[before].lower))
        };
        let mut terms = source.statement.terms.iter();
        terms
            .find(|term| {
                let limits = source.statement.copular
                    && !term.name
                    && !term.describes
                    && term.lower.ends_with('s')
                    && source.sentence.tags[term.at] == Tag::Noun
                    && led_by(term.at, "on for under")
                    && same;
                let condition = is_in(CONDITIONS, &term.lower)
                    && led_by(term.at, "on upon by with against under for");
                !term.inherited
                    && !self.is_used(term.at)
                    && term.at >= terms::verb_start(source)
                    && (limits || condition)
            })
            .map(|term| term.at)
    }

    /// `foot` of `the shade is made of glass, the foot of oak`, beside `the foot is made of glass`: the source speaks of another.
    fn subject_elsewhere(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let alike = claim.statement.passive == source.statement.passive
            && claim.statement.copular == source.statement.copular;
        let is_head = |term: &&crate::statement::Term| !term.inherited && !term.describes;
        let has_own = source
            .statement
            .terms
            .iter()
            .filter(is_head)
            .any(|term| terms::is_topic(term, source) && !self.is_used(term.at));
        let pairs = self.matched.iter().zip(&claim.statement.terms);
        let mut moved = pairs.filter_map(|(matched, term)| match matched.found {
            Found::Here(at) if terms::is_topic(term, claim) && !term.inherited => Some(at),
            _ => None,
        });
        moved.find(|at| {
            let opening = super::governors::phrase_start(source, *at).checked_sub(1);
            let after = |is: &dyn Fn(usize) -> bool| opening.is_some_and(is);
            let set_apart = has_own
                && alike
                && *at > terms::verb_start(source)
                && after(&|before| source.sentence.tokens[before].is_sign(','));
            set_apart || after(&|before| is_in(BESIDE, &source.sentence.tokens[before].lower))
        })
    }

    /// Whether a word of the claim's subject has its opposite in the source's: `the outdoor pool` beside `the indoor pool`.
    pub(super) fn is_of_the_opposite(&self, complements: &[usize]) -> bool {
        complements.iter().any(|index| {
            let Found::Contrast(at, _) = self.matched[*index].found else {
                return false;
            };
            let mut given = self.source.statement.terms.iter();
            let term = &self.claim.statement.terms[*index];
            // The same figure is not the most and the least.
            !is_in(EXTREMES, &term.lower)
                && terms::is_topic(term, self.claim)
                && given.any(|term| term.at == at && terms::is_topic(term, self.source))
        })
    }

    /// Whether another amount of the same kind stands beside it, joined by a word or a comma.
    fn is_one_of_several(&self, quantity: &Quantity) -> bool {
        let sentence = self.source.sentence;
        sentence.quantities.iter().any(|other| {
            let (first, second) = if other.tokens.start < quantity.tokens.start {
                (other, quantity)
            } else {
                (quantity, other)
            };
            let mut between = first.tokens.end..second.tokens.start;
            other.unit == quantity.unit
                && other.of == quantity.of
                && first.tokens.end < second.tokens.start
                && between.any(|at| {
                    sentence.tags[at] == Tag::Conjunction || sentence.tokens[at].is_sign(',')
                })
        })
    }

    /// `further` of `further guests pay`, beside `guests pay`; `main` of `the main building is closed`.
    fn smaller_group(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let (tokens, tags) = (&source.sentence.tokens, &source.sentence.tags);
        let pairs = self.matched.iter().zip(&claim.statement.terms);
        pairs
            .filter(|(_, term)| {
                terms::is_topic(term, claim)
                    && !term.inherited
                    && !term.name
                    && claim.sentence.tags[term.at] == Tag::Noun
            })
            .find_map(|(matched, term)| {
                let Found::Here(at) = matched.found else {
                    return None;
                };
                let before = at.checked_sub(1)?;
                let lower = tokens[before].lower.as_str();
                let is_group = claim.sentence.tokens[term.at].lower.ends_with('s')
                    && !is_led_by_article(claim.sentence, term.at);
                let is_free = !self.is_used(before)
                    && source.statement.tokens.contains(&before)
                    && tags[at] == Tag::Noun;
                let narrows = if is_group {
                    // `a lesson`, `the first lesson`, beside `lessons`
                    let is_one =
                        !tokens[at].lower.ends_with('s') && is_led_by_article(source.sentence, at);
                    is_one
                        || is_in(OF_SOME, lower)
                        // `Guide dogs are allowed`, `Orby schools were closed`
                        || (matches!(tags[before], Tag::Adjective | Tag::Noun | Tag::Name)
                            || before == source.statement.tokens.start
                                && tags[before] == Tag::Verb)
                            && !is_led_by_article(source.sentence, at)
                } else {
                    is_in(OF_WHICH, lower) && self.is_state()
                };
                (is_free && narrows).then_some(before)
            })
    }

    /// `was` of `was rated good in 2021`, beside `is rated good`.
    fn state_that_was(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let was = matches!(first_auxiliary(source), "was" | "were");
        if !was
            || !matches!(first_auxiliary(claim), "is" | "are")
            || !claim.statement.times.is_empty()
        {
            return None;
        }
        let mut matched = self.matched.iter();
        let held = matched.find_map(|one| match one.found {
            Found::Here(at) if is_in(HELD, &source.sentence.tokens[at].lower) => Some(at),
            _ => None,
        });
        held.filter(|_| source.statement.passive || source.statement.copular)
    }
}

/// Whether an article or the like opens the phrase of a noun.
fn is_led_by_article(sentence: &crate::statement::Sentence, noun: usize) -> bool {
    let inside = |at: &usize| {
        matches!(
            sentence.tags[*at],
            Tag::Adjective | Tag::Adverb | Tag::Noun | Tag::Name | Tag::Number
        )
    };
    let mut before = (0..noun).rev().skip_while(inside);
    before
        .next()
        .is_some_and(|at| matches!(sentence.tags[at], Tag::Determiner | Tag::Pronoun))
}
