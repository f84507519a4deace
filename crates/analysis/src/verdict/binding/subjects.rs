//! Whom and what a statement is about: an object that a claim leaves out, words beside the subject, a comparison that is
//! dropped, a rank that is shared.

use super::{Binding, Found, Side, terms};
use crate::statement::tags::Tag;
use crate::statement::{Place, Subject, Term, is_light_verb};

/// Verbs for what somebody does whatever they do it to: who teaches history teaches.
const ACTIVITIES: &str = "study studied studies teach taught teaches play played plays perform performed performs act acted acts sing sang \
    sings paint painted paints compose composed lecture lectured coach coached train trained eat ate eats drink drank read reads cook \
    cooked dance danced box boxed work worked works serve served study studying playing teaching";

pub(super) fn is_in(list: &str, lower: &str) -> bool {
    list.split_whitespace().any(|word| word == lower)
}

impl Binding<'_> {
    /// Why the claim is not about what the source is about, although the source has all its words.
    pub(super) fn other_frame(&self) -> Option<String> {
        if let Some(object) = self.dropped_object() {
            let word = self.source.sentence.written(&(object..object + 1));
            return Some(format!(
                "in the source it is done to “{word}”, which the claim leaves out"
            ));
        }
        if self.is_said_beside_the_subject() {
            return Some("in the source it only stands beside the subject".to_owned());
        }
        if self.drops_a_comparison() {
            return Some("the source compares, the claim does not".to_owned());
        }
        if self.shares_the_rank() {
            return Some("in the source it is one of several".to_owned());
        }
        if let Some(scope) = self
            .dropped_scope()
            .or_else(|| self.is_switched_otherwise())
            .or_else(|| self.is_denied_of_a_time())
            .or_else(|| self.narrowing())
        {
            let word = self.source.sentence.written(&(scope..scope + 1));
            return Some(format!("the source narrows it (“{word}”)"));
        }
        if let Some(case) = self.case_left_out() {
            let word = self.source.sentence.written(&(case..case + 1));
            return Some(format!("the source says it of a case (“{word}”)"));
        }
        if self.splits_a_name() {
            return Some("in the source it is two names".to_owned());
        }
        if let Some(left) = self.needed_remainder() {
            let word = self.source.sentence.written(&(left..left + 1));
            return Some(format!("the source says it with “{word}” only"));
        }
        if self.is_led_otherwise()
            || self.leaves_another_open()
            || self.has_its_own_subject()
            || self.is_over_by_now()
        {
            return Some("the source says it of something else, or of another time".to_owned());
        }
        if self.is_partly_so() {
            return Some("in the source it is so in part".to_owned());
        }
        self.is_in_another_order()
            .then(|| "who does what to whom is not plain".to_owned())
    }

    pub(super) fn is_used(&self, at: usize) -> bool {
        self.matched.iter().any(|matched| {
            matches!(matched.found, Found::Here(used) | Found::Contrast(used, _) if used == at)
        })
    }

    /// `a shop` of `Ada opened a shop`, beside `Ada opened`; `the race` of `was started by Ada`, beside `Ada started`.
    fn dropped_object(&self) -> Option<usize> {
        let (claim, source) = (self.claim.statement, self.source.statement);
        if claim.copular || source.copular || !claim.has_verb || !source.has_verb {
            return None;
        }
        let mut verbs = claim.terms.iter().filter(|term| term.place == Place::Verb);
        if !claim.quantities.is_empty()
            || verbs.any(|verb| is_in(ACTIVITIES, &verb.lower) || is_light_verb(&verb.lower))
        {
            return None;
        }
        // The pronoun or the title names it.
        if self
            .matched
            .iter()
            .any(|one| matches!(one.found, Found::Around | Found::Excerpt))
            && source.passive
        {
            return None;
        }
        let is_object = |term: &&Term| {
            let tag = self.source.sentence.tags[term.at];
            term.place == Place::Object
                && (matches!(tag, Tag::Noun | Tag::Name)
                    || source.passive && tag == Tag::Adjective && !term.describes)
                && (source.passive || !term.inherited)
        };
        let mut objects = source.terms.iter().filter(is_object).peekable();
        let first = objects.peek()?.at;
        let kept = objects.any(|term| self.is_used(term.at));
        (!kept).then_some(first)
    }

    /// `Salt Road` of `Otto Kilde, best known for Salt Road, is a director`.
    fn is_said_beside_the_subject(&self) -> bool {
        let source = self.source;
        let start = source.statement.tokens.start;
        let end = terms::verb_start(source).min(source.statement.tokens.end);
        if end <= start {
            return false;
        }
        let tokens = &source.sentence.tokens;
        let mut segments: Vec<std::ops::Range<usize>> = Vec::new();
        let mut from = start;
        for at in (start..end).filter(|at| tokens[*at].is_sign(',')) {
            segments.push(from..at);
            from = at + 1;
        }
        segments.push(from..end);
        let leads = |segment: &std::ops::Range<usize>| {
            let tag = source.sentence.tags.get(segment.start);
            !segment.clone().any(|at| is_noun(source, at))
                || matches!(
                    tag,
                    Some(
                        Tag::Preposition
                            | Tag::Adverb
                            | Tag::Subordinator
                            | Tag::Verb
                            | Tag::Number
                    )
                )
        };
        let main = segments.iter().position(|segment| !leads(segment));
        let Some(main) = main else {
            return false;
        };
        let leading = &segments[..main];
        let beside = if main + 2 < segments.len() {
            &segments[main + 1..segments.len() - 1]
        } else {
            &[]
        };
        // `Ada, Tom and Mia won`
        let last = &segments[segments.len() - 1];
        let lists = beside.iter().chain([last]).any(|segment| {
            segment
                .clone()
                .any(|at| matches!(tokens[at].lower.as_str(), "and" | "or"))
        });
        let names_alone = |segment: &std::ops::Range<usize>| {
            segment
                .clone()
                .all(|at| source.sentence.tags[at] == Tag::Name)
        };
        let mut topics = self
            .matched
            .iter()
            .zip(&self.claim.statement.terms)
            .filter(|(_, term)| terms::is_topic(term, self.claim))
            .filter_map(|(one, _)| match one.found {
                Found::Here(at) if source.statement.tokens.contains(&at) => Some(at),
                _ => None,
            })
            .peekable();
        topics.peek().is_some()
            && topics.all(|at| {
                leading.iter().any(|segment| segment.contains(&at))
                    || !lists
                        && beside.iter().any(|segment| {
                            segment.contains(&at)
                                && !names_alone(segment)
                                && !is_another_name(source, segment)
                        })
            })
    }

    /// `Orla is larger than Halm` beside `Orla is larger`; `200 more than the old one` beside `200`.
    fn drops_a_comparison(&self) -> bool {
        let is_than = |side: Side<'_>, at: usize| {
            side.sentence.tokens[at].lower == "than"
                && !side
                    .sentence
                    .quantities
                    .iter()
                    .any(|quantity| quantity.tokens.contains(&at))
        };
        let compares = self.source.statement.tokens.clone().any(|at| {
            is_than(self.source, at)
                && (at.saturating_sub(3)..at).any(|before| {
                    let lower = self.source.sentence.tokens[before].lower.as_str();
                    (lower.ends_with("er") || matches!(lower, "more" | "less" | "worse"))
                        && self.is_used(before)
                })
        }) && !self
            .claim
            .statement
            .tokens
            .clone()
            .any(|at| is_than(self.claim, at));
        let is_difference = |side: Side<'_>, index: usize| {
            let next = side.sentence.quantities[index].tokens.end;
            let lower = |at: usize| {
                side.sentence
                    .tokens
                    .get(at)
                    .map_or("", |token| token.lower.as_str())
            };
            matches!(
                lower(next),
                "more" | "fewer" | "less" | "above" | "below" | "short"
            ) && lower(next + 1) != "on"
                || lower(next).len() > 4
                    && lower(next).ends_with("er")
                    && side.sentence.tags.get(next) == Some(&Tag::Adjective)
        };
        let difference = self.amounts.iter().any(|answer| {
            answer.given.is_some_and(|given| {
                given < self.source.sentence.quantities.len()
                    && is_difference(self.source, given) != is_difference(self.claim, answer.wanted)
            })
        });
        compares || difference
    }

    /// `is one of the largest towns` beside `is the largest town`.
    fn shares_the_rank(&self) -> bool {
        let shares = |side: Side<'_>| {
            side.statement.tokens.clone().any(|at| {
                let lower = |at: usize| {
                    side.sentence
                        .tokens
                        .get(at)
                        .map_or("", |token| token.lower.as_str())
                };
                lower(at) == "one" && lower(at + 1) == "of" || lower(at) == "among"
            })
        };
        let ranks = |side: Side<'_>| {
            side.statement.terms.iter().any(|term| {
                is_superlative(&term.lower)
                    || matches!(
                        term.lower.as_str(),
                        "most" | "least" | "first" | "last" | "best" | "worst" | "top"
                    )
            }) || side
                .statement
                .tokens
                .clone()
                .any(|at| matches!(side.sentence.tokens[at].lower.as_str(), "most" | "least"))
        };
        ranks(self.claim) && shares(self.source) && !shares(self.claim)
    }

    /// `Ada Lorne` beside `After Ada Falk, Tom Lorne was mayor`: a first name from here and a surname from there.
    fn splits_a_name(&self) -> bool {
        let source = self.source;
        let (tokens, tags) = (&source.sentence.tokens, &source.sentence.tags);
        let pairs = self
            .matched
            .windows(2)
            .zip(self.claim.statement.terms.windows(2));
        pairs.into_iter().any(|(found, terms)| {
            let ([one, other], [first, second]) = (found, terms) else {
                return false;
            };
            let (Found::Here(from), Found::Here(to)) = (one.found, other.found) else {
                return false;
            };
            let is_name = first.name && second.name && first.at + 1 == second.at && first.describes;
            let together = from < to
                && (from + 1..to).all(|at| {
                    matches!(tags[at], Tag::Name | Tag::Conjunction | Tag::Number)
                        || tokens[at].is_sign('.')
                        || tokens[at].is_sign('"')
                });
            let names = [from, to]
                .iter()
                .all(|at| tags[*at] == Tag::Name && tokens[*at].capital);
            is_name && names && !together && to != from
        })
    }

    /// `is closed` beside `closed in 2001 and reopened`: what happened once need not be so now.
    fn is_over_by_now(&self) -> bool {
        let (claim, source) = (self.claim, self.source);
        let is_now = claim
            .statement
            .tokens
            .clone()
            .any(|at| matches!(claim.sentence.tokens[at].lower.as_str(), "is" | "are"));
        let happened = |at: usize| {
            source.statement.terms.iter().any(|given| {
                given.at == at
                    && given.place == Place::Verb
                    && given.lower.ends_with("ed")
                    && !given.describes
                    && !given.inherited
            })
        };
        let any_be = source
            .statement
            .tokens
            .clone()
            .any(|at| source.sentence.tags[at] == Tag::Auxiliary);
        is_now
            && !any_be
            && !source.statement.copular
            && !source.statement.passive
            && (claim.statement.copular || claim.statement.passive)
            && self
                .matched
                .iter()
                .any(|one| matches!(one.found, Found::Here(at) if happened(at)))
    }

    /// Without a verb on either side, words tell who does what to whom by their order alone.
    fn is_in_another_order(&self) -> bool {
        let (claim, source) = (self.claim.statement, self.source.statement);
        if claim.has_verb || source.has_verb || source.subject == Subject::Pronoun {
            return false;
        }
        let used: Vec<usize> = self
            .matched
            .iter()
            .filter_map(|one| match one.found {
                Found::Here(at) => Some(at),
                _ => None,
            })
            .collect();
        used.len() > 2 && used.windows(2).any(|pair| pair[0] > pair[1])
    }
}

/// `better known as Ada Lorne`, `known by her stage name Sol`: what the subject is called too.
fn is_another_name(side: Side<'_>, segment: &std::ops::Range<usize>) -> bool {
    const INTRODUCING: &str = "also better best known professionally simply as by his her its their the stage pen name called nicknamed \
        commonly officially originally";
    let tokens = &side.sentence.tokens;
    let named = |at: &usize| side.sentence.tags[*at] == Tag::Name && tokens[*at].capital;
    let mut known = segment
        .clone()
        .filter(|at| matches!(tokens[*at].lower.as_str(), "known" | "called" | "nicknamed"));
    known.next().is_some()
        && segment.clone().any(|at| named(&at))
        && segment
            .clone()
            .all(|at| named(&at) || is_in(INTRODUCING, &tokens[at].lower))
}

pub(super) fn is_noun(side: Side<'_>, at: usize) -> bool {
    matches!(side.sentence.tags[at], Tag::Noun | Tag::Name)
}

/// `tallest`, but not `forest`.
pub(super) fn is_superlative(lower: &str) -> bool {
    const NOUNS: &str = "forest guest interest request priest harvest contest protest arrest invest conquest honest modest \
        manifest suggest northwest southwest digest bequest behest tempest earnest everest budapest bucharest";
    lower.len() > 5 && lower.ends_with("est") && !is_in(NOUNS, lower)
}
