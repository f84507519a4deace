//! What the claim leaves out of the source's statement. What happened in a town happened, but what is not so in rats may be so,
//! what is closed to lorries is not closed, and 9 million before tax are not 9 million.

use super::subjects::is_in;
use super::{Binding, Found, Side, surroundings, terms};
use crate::statement::tags::Tag;
use crate::statement::{Place, Subject, Term};

/// Those of whom alone something may be so.
const POPULATIONS: &str = "rat rats mouse mice rabbit rabbits monkey monkeys animal animals human humans patient patients man men woman \
    women child children infant infants adult adults boy boys girl girls pupil pupils student students pensioner pensioners member \
    members volunteer volunteers worker workers cells vitro vivo yeast zebrafish dogs cats pigs";

/// Words for a stretch of time: when something is so.
const PERIODS: &str = "day days week weeks month months year years decade decades century centuries time age season morning evening night";

impl Binding<'_> {
    /// The word of the source without which what it says is not sure to be so.
    pub(super) fn needed_remainder(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let mut own = claim.statement.tokens.clone();
        if own.any(|at| claim.sentence.tokens[at].lower == "never") && !source.statement.denied {
            return None;
        }
        let mut left: Vec<&Term> = self.left_out().collect();
        left.sort_by_key(|term| term.at);
        let first =
            |of: &dyn Fn(&Term) -> bool| left.iter().find(|term| of(term)).map(|term| term.at);
        // What is not included in a delivery is not included.
        let included = self.matched.iter().any(|one| one.stem == "includ");
        if source.statement.denied && !included {
            return first(&|_| true);
        }
        if self.is_state() && !(included && source.statement.denied) {
            return first(&|term| matches!(term.place, Place::After(_)));
        }
        let population = first(&|term| {
            is_in(POPULATIONS, &term.lower)
                && !term.name
                && matches!(term.place, Place::After("in" | "between" | "with" | "for"))
        });
        if self.amounts.iter().any(|answer| answer.given.is_some()) {
            return population
                .or_else(|| {
                    first(&|term| {
                        matches!(
                            term.place,
                            Place::After(
                                "to" | "for"
                                    | "before"
                                    | "after"
                                    | "without"
                                    | "between"
                                    | "outside"
                            )
                        )
                    })
                })
                .or_else(|| {
                    // `64 dB in quiet mode`: what it is, where something else may be so elsewhere.
                    let place = |term: &Term| {
                        matches!(
                            term.place,
                            Place::After("in" | "at" | "on" | "with" | "during")
                        )
                    };
                    first(&|term| {
                        source.statement.copular
                            && place(term)
                            && !term.name
                            && !self.is_counted(term.at)
                    })
                })
                .or_else(|| self.part_of_the_subject());
        }
        population
    }

    /// Whether a word of the source belongs to an amount or a time.
    fn is_counted(&self, at: usize) -> bool {
        let sentence = self.source.sentence;
        let mut amounts = sentence.quantities.iter().map(|quantity| &quantity.tokens);
        let mut times = sentence.times.iter().map(|time| &time.tokens);
        amounts.any(|tokens| tokens.contains(&at)) || times.any(|tokens| tokens.contains(&at))
    }

    /// What stands after the source's verb and is nowhere in the claim.
    fn left_out(&self) -> impl Iterator<Item = &Term> {
        let source = self.source;
        let start = terms::verb_start(source);
        source.statement.terms.iter().filter(move |term| {
            !term.inherited
                && term.at >= start
                && source.statement.tokens.contains(&term.at)
                && matches!(term.place, Place::After(_) | Place::Object)
                && (matches!(
                    source.sentence.tags[term.at],
                    Tag::Noun | Tag::Name | Tag::Verb
                ) || term.lower.ends_with("ing"))
                && !(term.describes && self.is_used(term.at + 1))
                && !self.is_used(term.at)
                && !is_in(PERIODS, &term.lower)
                && !self.around.titles.contains(&term.stem)
                && !self.is_set_apart(term.at)
        })
    }

    /// Whether a comma or a conjunction parts a word from all of the claim's words before it: another thing is said there.
    fn is_set_apart(&self, at: usize) -> bool {
        let source = self.source;
        let last = (0..at)
            .rev()
            .find(|before| self.is_used(*before))
            .unwrap_or(source.statement.tokens.start);
        (last + 1..at).any(|between| {
            source.sentence.tags[between] == Tag::Conjunction
                || matches!(
                    source.sentence.tokens[between].lower.as_str(),
                    "," | ";" | "(" | "including"
                )
        })
    }

    /// `is closed to lorries`, `is safe after boiling`, `is sold in Lund`: how something is, for as far as is said.
    pub(super) fn is_state(&self) -> bool {
        let source = self.source;
        let start = terms::verb_start(source);
        let is_now =
            source.sentence.tokens.get(start).is_some_and(|token| {
                matches!(token.lower.as_str(), "is" | "are" | "isn't" | "aren't")
            });
        let mut predicate = source
            .statement
            .terms
            .iter()
            .filter(|term| term.place == Place::Object && term.at >= start && !term.inherited);
        let adjective = source.statement.copular
            && predicate.all(|term| {
                matches!(
                    source.sentence.tags[term.at],
                    Tag::Adjective | Tag::Adverb | Tag::Verb
                )
            });
        let says_where = self.claim.statement.terms.iter().any(|term| {
            matches!(term.place, Place::After(_)) && !terms::is_topic(term, self.claim)
        });
        self.claim.statement.quantities.is_empty()
            && self.claim.statement.has_verb
            && (adjective || is_now && source.statement.passive && !says_where)
    }

    /// `bread` of `sales of bread fell by 4 percent`, `tax` of `the profit before tax`.
    fn part_of_the_subject(&self) -> Option<usize> {
        let source = self.source;
        let end = terms::verb_start(source).min(source.statement.tokens.end);
        let tokens = &source.sentence.tokens;
        let first = (source.statement.tokens.start..end).find(|at| self.is_used(*at))?;
        let mut within = first + 1..end;
        let preposition = within.find(|at| {
            source.sentence.tags[*at] == Tag::Preposition || tokens[*at].lower == "of"
        })?;
        let plain = (first..preposition).all(|at| !tokens[at].is_sign(','));
        let mut after = source.statement.terms.iter().filter(|term| {
            (preposition + 1..end).contains(&term.at) && !term.inherited && !term.describes
        });
        let (mut any, mut used) = (None, false);
        for term in after.by_ref() {
            used |= self.is_used(term.at)
                || self.around.titles.contains(&term.stem)
                || self.around.antecedent.contains(&term.stem);
            any = any.or(Some(term.at));
        }
        any.filter(|_| plain && !used)
    }

    /// The prepositions before what both sides name in their subject: `the profit before tax`, `the profit after tax`.
    pub(super) fn is_led_otherwise(&self) -> bool {
        self.matched
            .iter()
            .zip(&self.claim.statement.terms)
            .any(|(one, term)| {
                let Found::Here(at) = one.found else {
                    return false;
                };
                terms::is_topic(term, self.claim)
                    && !term.inherited
                    && self.source.statement.terms.iter().any(|given| {
                        given.at == at && !given.inherited && terms::is_topic(given, self.source)
                    })
                    && match (leading(self.claim, term.at), leading(self.source, at)) {
                        (Some(claimed), Some(given)) => claimed != given,
                        // `Norland's exports` are none to Norland.
                        (None, Some(given)) => {
                            self.claim.sentence.tokens[term.at].possessive
                                && matches!(given, "to" | "from" | "with" | "without")
                        }
                        _ => false,
                    }
            })
    }

    /// `before noon` beside `after noon`, `after cleaning` beside `before cleaning`: the same hour or deed, on its other side.
    pub(super) fn is_timed_otherwise(&self) -> bool {
        let words = self
            .matched
            .iter()
            .zip(&self.claim.statement.terms)
            .filter_map(|(one, term)| match one.found {
                Found::Here(at) if !term.inherited => {
                    let claimed = super::governors::phrase_start(self.claim, term.at);
                    Some((claimed, super::governors::phrase_start(self.source, at)))
                }
                _ => None,
            });
        let amounts = self.amounts.iter().filter_map(|answer| {
            let claimed = &self.claim.sentence.quantities[answer.wanted];
            let given = &self.source.sentence.quantities[answer.given?];
            Some((claimed.tokens.start, given.tokens.start))
        });
        words.chain(amounts).any(|(claimed, given)| {
            match (
                side_of_a_time(self.claim, claimed),
                side_of_a_time(self.source, given),
            ) {
                (Some(claimed), Some(given)) => claimed != given,
                _ => false,
            }
        })
    }

    /// `Sven translated the poem` beside `the poem was translated`, in an excerpt: the subject that is left open is not the
    /// claim's.
    pub(super) fn leaves_another_open(&self) -> bool {
        let source = self.source;
        let excerpt = self.matched.iter().any(|one| one.found == Found::Excerpt);
        excerpt
            && self
                .matched
                .iter()
                .zip(&self.claim.statement.terms)
                .any(|(one, term)| {
                    let Found::Here(at) = one.found else {
                        return false;
                    };
                    let given = source.statement.terms.iter().find(|given| given.at == at);
                    given.is_some_and(|given| {
                        terms::is_topic(term, self.claim) != terms::is_topic(given, source)
                            && term.place != Place::Verb
                            && given.place != Place::Verb
                    })
                })
    }

    /// Whether the source names another subject, and the claim's stands only around it: `and his wife taught physics`.
    pub(super) fn has_its_own_subject(&self) -> bool {
        let source = self.source;
        if source.statement.subject != Subject::Named || surroundings::is_generic(source) {
            return false;
        }
        let topic = |at: usize| {
            source
                .statement
                .terms
                .iter()
                .any(|given| given.at == at && terms::is_topic(given, source))
        };
        let has_subject = self.matched.iter().any(|one| match one.found {
            Found::Here(at) | Found::Contrast(at, _) => topic(at),
            _ => false,
        });
        // `Humphrey` of `Humphrey Bogart`, where the source has the surname as whom it is done to.
        let named = self
            .matched
            .iter()
            .zip(&self.claim.statement.terms)
            .any(|(one, term)| {
                matches!(one.found, Found::Here(_))
                    && term.name
                    && terms::is_topic(term, self.claim)
            });
        let has_subject =
            has_subject || named && self.claim.statement.passive != source.statement.passive;
        let is_around = self
            .matched
            .iter()
            .zip(&self.claim.statement.terms)
            .any(|(one, term)| one.found == Found::Around && terms::is_topic(term, self.claim));
        is_around && !has_subject
    }
}

/// The preposition before the phrase that a token stands in, where it says which of two is meant.
fn leading(side: Side<'_>, at: usize) -> Option<&str> {
    const PLACING: &str = "before after with without above below over under in outside from to";
    let before = super::governors::phrase_start(side, at).checked_sub(1)?;
    let lower = side.sentence.tokens.get(before)?.lower.as_str();
    is_in(PLACING, lower).then_some(lower)
}

/// On which side of an hour or a deed something is, by the preposition before it.
fn side_of_a_time(side: Side<'_>, start: usize) -> Option<bool> {
    let before = start.checked_sub(1)?;
    match side.sentence.tokens.get(before)?.lower.as_str() {
        "before" | "until" | "till" => Some(true),
        "after" | "since" => Some(false),
        _ => None,
    }
}
