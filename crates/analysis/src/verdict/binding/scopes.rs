//! How far a statement of the source reaches: what holds in the north, on Mondays, for members over 65, in a film or for each
//! school does not hold without it.

use super::subjects::{is_in, is_noun, is_superlative};
use super::{Binding, Side, terms};
use crate::statement::quantity::{Bound, Unit};
use crate::statement::tags::Tag;
use crate::statement::time::When;
use crate::statement::{Mood, Place, Term};

/// What somebody may do, or what a place is for, holds where it is said to hold.
pub(super) const PERMISSIONS: &str = "allowed permitted forbidden prohibited banned available open closed free valid mandatory compulsory required \
    welcome legal illegal";

/// Nouns after a first preposition that say no more than when, or how a sentence goes on.
const ASIDES: &str = "addition fact total general particular example end beginning age time war year years turn response result contrast \
    spite case effect practice history reality summary conclusion part career life childhood youth day days month months week weeks \
    spring summer autumn winter morning evening night century decade season law report study paper review book article view";

/// What is so in one of these is not so.
const FICTIONS: &str = "film films novel book story play series game dream poem legend myth show movie episode opera comic tale song \
    musical video simulation";

/// When something is so that is not always so.
const RECURRING: &str = "night nights weekend weekends weekday weekdays winter summer spring autumn morning mornings evening evenings \
    afternoons holidays term peak";

/// Words before a noun by which it is another thing: `the deputy head`, `a toy car`.
const LESSER: &str = "deputy vice assistant acting associate interim caretaker honorary toy wax model replica miniature mock dummy \
    titular pseudo trainee apprentice student junior would-be";

impl Binding<'_> {
    /// `In the north, rainfall rose` beside `rainfall rose`; `allowed in the garden` beside `allowed`.
    pub(super) fn dropped_scope(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let tokens = &source.sentence.tokens;
        let start = source.statement.tokens.start;
        let named = claim.statement.terms.iter().any(|term| {
            terms::is_capital(term, claim) && term.at > 0 && terms::is_topic(term, claim)
        });
        let end = terms::verb_start(source);
        let comma =
            (start..end.min(source.statement.tokens.end)).find(|at| tokens[*at].is_sign(','));
        let leads = comma.filter(|_| {
            matches!(
                tokens[start].lower.as_str(),
                "in" | "among"
                    | "at"
                    | "outside"
                    | "within"
                    | "for"
                    | "under"
                    | "without"
                    | "on"
                    | "with"
            ) && (!named
                || tokens[start].lower == "for"
                || !claim.statement.quantities.is_empty()
                || tokens[start].lower == "without")
                && tokens[start].lower != "with"
        });
        if let Some(comma) = leads {
            let without = tokens[start].lower == "without";
            let scope = (start + 1..comma).find(|at| {
                (without || is_noun(source, *at))
                    && source.statement.terms.iter().any(|term| term.at == *at)
                    && !is_in(ASIDES, &tokens[*at].lower)
            });
            let spoken_of = (start + 1..comma).any(|at| self.is_used(at))
                || (start + 1..comma).any(|at| is_in(ASIDES, &tokens[at].lower));
            if let Some(scope) = scope.filter(|_| !spoken_of) {
                return Some(scope);
            }
        }
        // `Without a ticket nobody is admitted`
        if tokens[start].lower == "without"
            && let Some(scope) = (start + 1..end).find(|at| is_noun(source, *at))
            && !self.is_used(scope)
        {
            return Some(scope);
        }
        let permits = source.statement.tokens.clone().find(|at| {
            // `a legal thriller` is a kind of book.
            let describes = matches!(
                source.sentence.tags.get(*at + 1),
                Some(Tag::Noun | Tag::Adjective | Tag::Name)
            );
            is_in(PERMISSIONS, &tokens[*at].lower) && self.is_used(*at) && !describes
        })?;
        let place = |side: Side<'_>| {
            side.statement.terms.iter().any(|term| {
                matches!(
                    term.place,
                    Place::After("in" | "for" | "with" | "outside" | "between")
                )
            })
        };
        let given = source.statement.terms.iter().find(|term| {
            term.at > permits
                && matches!(
                    term.place,
                    Place::After("in" | "for" | "with" | "outside" | "between")
                )
                && !self.is_used(term.at)
                // What a text is about goes without saying; for whom alone something is free does not.
                && (!self.around.titles.contains(&term.stem) || term.place == Place::After("for"))
        })?;
        (!place(claim)
            && (source.statement.copular
                || source.statement.passive
                || source.statement.mood == Mood::Permitted))
            .then_some(given.at)
    }

    /// A word of the source by which what it says is narrower than what the claim says.
    pub(super) fn narrowing(&self) -> Option<usize> {
        // What is so of some is not so of none: `never`.
        let claim = self.claim;
        let mut own = claim.statement.tokens.clone();
        if own.any(|at| claim.sentence.tokens[at].lower == "never") && !self.source.statement.denied
        {
            return None;
        }
        self.lesser_kind()
            .or_else(|| self.fiction())
            .or_else(|| self.subject_part())
            .or_else(|| self.recurring_time())
            .or_else(|| self.rate())
            .or_else(|| self.limited_rank())
            .or_else(|| self.first_value())
            .or_else(|| self.first_time_since())
    }

    fn unused(&self) -> impl Iterator<Item = &Term> {
        self.source
            .statement
            .terms
            .iter()
            .filter(|term| !term.inherited && !self.is_used(term.at))
    }

    /// `deputy` of `is the deputy head`, beside `is the head`.
    fn lesser_kind(&self) -> Option<usize> {
        self.unused()
            .find(|term| is_in(LESSER, &term.lower) && self.is_used(term.at + 1))
            .map(|term| term.at)
    }

    /// `film` of `In the film, Ada is a doctor`, beside `Ada is a doctor`.
    fn fiction(&self) -> Option<usize> {
        let tokens = &self.source.sentence.tokens;
        self.unused()
            .filter(|term| term.at > 1 && is_in(FICTIONS, &term.lower))
            .find(|term| {
                matches!(
                    tokens[term.at - 1].lower.as_str(),
                    "the" | "a" | "his" | "her" | "this"
                ) && tokens[term.at - 2].lower == "in"
            })
            .map(|term| term.at)
            .filter(|_| self.source.statement.copular || self.claim.statement.copular)
    }

    /// `65` of `members over 65 pay half`, beside `members pay half`; `tyres` of `cars with winter tyres may enter`.
    fn subject_part(&self) -> Option<usize> {
        let source = self.source;
        let (tokens, tags) = (&source.sentence.tokens, &source.sentence.tags);
        let end = terms::verb_start(source).min(source.statement.tokens.end);
        // A plural may be the last word there is.
        let narrows = |at: usize| {
            matches!(
                tokens.get(at).map_or("", |token| token.lower.as_str()),
                "over"
                    | "under"
                    | "above"
                    | "below"
                    | "with"
                    | "without"
                    | "aged"
                    | "from"
                    | "in"
                    | "between"
                    | "on"
                    | "at"
                    | "for"
            )
        };
        let head = (source.statement.tokens.start..end).find(|at| {
            // The tagger takes some plurals for verbs: `guided tours in English`.
            matches!(tags[*at], Tag::Noun | Tag::Verb)
                && self.is_used(*at)
                && tokens[*at].lower.ends_with('s')
                && narrows(*at + 1)
        });
        let is_unused = |at: usize| {
            let counted = source.statement.quantities.iter().any(|index| {
                source.sentence.quantities[*index].tokens.contains(&at)
                    && !self
                        .amounts
                        .iter()
                        .any(|answer| answer.given == Some(*index))
            });
            counted || self.unused().any(|term| term.at == at)
        };
        let within = head.and_then(|head| {
            let any = (head + 1..end).any(|at| self.is_used(at));
            (head + 1..end).find(|at| !any && is_unused(*at))
        });
        // `accepts dogs up to 10 kg`
        within.or_else(|| {
            source
                .statement
                .quantities
                .iter()
                .map(|index| &source.sentence.quantities[*index])
                .find(|quantity| {
                    self.claim.statement.quantities.is_empty()
                        && quantity.bound != Bound::Exact
                        && quantity.of.is_empty()
                        && quantity
                            .tokens
                            .start
                            .checked_sub(1)
                            .is_some_and(|before| tags[before] == Tag::Noun && self.is_used(before))
                })
                .map(|quantity| quantity.tokens.start)
        })
    }

    /// `Mondays` of `is closed on Mondays`, `night` of `at night the lamp uses 3 watts`.
    fn recurring_time(&self) -> Option<usize> {
        let (claim, source) = (self.claim, self.source);
        let of_weekdays =
            |index: &usize| matches!(claim.sentence.times[*index].when, When::Weekdays(_));
        if !claim.statement.times.iter().all(of_weekdays) {
            return None;
        }
        let says_when = !claim.statement.times.is_empty();
        let weekday = source
            .statement
            .times
            .iter()
            .map(|index| &source.sentence.times[*index])
            .find(|time| matches!(time.when, When::Weekdays(_)))
            .map(|time| time.tokens.start);
        let tokens = &source.sentence.tokens;
        // `is valid in May`, beside `is valid`
        let limited = source
            .statement
            .times
            .first()
            .filter(|_| self.is_state())
            .map(|index| source.sentence.times[*index].tokens.start);
        // `On Monday the board elected her`: what was done on a day was done.
        let done = super::idle::is_past(source)
            && weekday.is_some_and(|at| {
                let mut tokens = source.sentence.tokens[at..].iter();
                tokens.all(|token| !token.lower.ends_with("days"))
            });
        let when = weekday.filter(|_| !done).or(limited).filter(|_| !says_when);
        when.or_else(|| {
            self.unused()
                .find(|term| {
                    is_in(RECURRING, &term.lower)
                        && (term.at.saturating_sub(2)..term.at).any(|at| {
                            matches!(tokens[at].lower.as_str(), "at" | "in" | "on" | "during")
                        })
                })
                .map(|term| term.at)
        })
    }

    /// `school` of `3 million euros for each school`, `week` of `3,000 copies in the first week`.
    fn rate(&self) -> Option<usize> {
        if self.claim.statement.quantities.is_empty() {
            return None;
        }
        let tokens = &self.source.sentence.tokens;
        let end = self.source.statement.tokens.end;
        let start = terms::verb_start(self.source);
        self.unused()
            .filter(|term| term.at >= start && term.at < end && term.at > 1)
            .find(|term| {
                let before = tokens[term.at - 1].lower.as_str();
                let period = matches!(
                    term.lower.as_str(),
                    "day" | "week" | "month" | "quarter" | "hour" | "half" | "season"
                );
                matches!(before, "each" | "per" | "every")
                    || period
                        && self.claim.statement.times.is_empty()
                        && matches!(
                            before,
                            "first" | "last" | "second" | "third" | "opening" | "final"
                        )
            })
            .map(|term| term.at)
    }

    /// `Brask` of `is the tallest woman in Brask`, beside `is the tallest woman`; `woman` beside `the tallest person`.
    fn limited_rank(&self) -> Option<usize> {
        let source = self.source;
        let tokens = &source.sentence.tokens;
        let rank = source.statement.tokens.clone().find(|at| {
            let lower = tokens[*at].lower.as_str();
            is_superlative(lower)
                || matches!(
                    lower,
                    "most" | "least" | "only" | "first" | "last" | "best" | "worst"
                )
        })?;
        let claims_it = self
            .claim
            .statement
            .tokens
            .clone()
            .any(|at| self.claim.sentence.tokens[at].lower == tokens[rank].lower);
        let start = terms::verb_start(source);
        let limits = |term: &&Term| {
            // `the biggest island of the group is`, but not `the biggest known island is`.
            let in_a_phrase = rank >= start
                || term.at < start
                    && (rank + 1..term.at).any(|at| {
                        source.sentence.tags[at] == Tag::Preposition || tokens[at].lower == "of"
                    });
            term.at > rank
                && in_a_phrase
                && source.statement.tokens.contains(&term.at)
                && !term.describes
        };
        let other_kind = self.matched.iter().find_map(|matched| match matched.found {
            super::Found::Here(at)
                if at > rank
                    && source.sentence.tags[at] == Tag::Noun
                    && source.statement.terms.iter().any(|term| {
                        term.at == at && super::super::kinds::includes(&matched.stem, &term.stem)
                    }) =>
            {
                Some(at)
            }
            _ => None,
        });
        if !claims_it || !(source.statement.copular || self.claim.statement.copular) {
            return None;
        }
        other_kind.or_else(|| self.unused().find(limits).map(|term| term.at))
    }

    /// `3` of `rose from 3 to 5 euros`, beside `is 3 euros`: what it was before.
    fn first_value(&self) -> Option<usize> {
        let quantities = &self.source.sentence.quantities;
        let is_now = self.claim.statement.tokens.clone().any(|at| {
            matches!(
                self.claim.sentence.tokens[at].lower.as_str(),
                "is" | "are" | "has" | "have" | "costs"
            )
        });
        let given = self
            .amounts
            .iter()
            .filter_map(|answer| answer.given)
            .find(|given| {
                quantities.iter().any(|start| {
                    start.role == crate::statement::quantity::Role::Start
                        && start.tokens == quantities[*given].tokens
                })
            })?;
        (is_now && self.claim.statement.times.is_empty()).then_some(quantities[given].tokens.start)
    }

    /// `40 percent complete` beside `complete`.
    pub(super) fn is_partly_so(&self) -> bool {
        let source = self.source;
        self.claim.statement.quantities.is_empty()
            && source.statement.quantities.iter().any(|index| {
                let quantity = &source.sentence.quantities[*index];
                quantity.unit == Unit::Percent
                    && source.sentence.tags.get(quantity.tokens.end) == Some(&Tag::Adjective)
                    && self.is_used(quantity.tokens.end)
            })
    }
}
