//! Another name in a place that only one name can take.

use clara_domain::verdict::{Check, Verdict};

use super::super::relations;
use super::exchange::of_names;
use super::persons::is_honorific;
use super::subjects::is_in;
use super::{Binding, Bound, Found, Ground, Outcome, amounts, governors, terms};
use crate::language::lexicon::meaning;
use crate::statement::tags::Tag;
use crate::statement::{Place, Statement, Term};

impl Binding<'_> {
    /// Another name in a place that only one name can take: `The capital is Brask`, `was designed by Ada Lorne`.
    pub(super) fn another_name(&self, missing: &[usize], cover: f64) -> Option<Bound> {
        let terms = &self.claim.statement.terms;
        let first = &terms[*missing.first()?];
        let slot = first.place.clone();
        let slot_terms: Vec<usize> = (0..terms.len())
            .filter(|at| terms[*at].place == slot)
            .collect();
        if !missing
            .iter()
            .all(|at| terms[*at].name && terms[*at].place == slot && !terms[*at].inherited)
        {
            return None;
        }
        // Nothing of the name is shared, and everything else is there.
        let names_in_slot = slot_terms
            .iter()
            .filter(|at| terms[**at].name && !is_honorific(&terms[**at].lower))
            .count();
        let here = |at: usize| matches!(self.matched[at].found, Found::Here(_));
        let rest_is_here = (0..terms.len())
            .filter(|at| !missing.contains(at))
            .all(|at| !matches!(self.matched[at].found, Found::Contrast(..)));
        let anchors = (0..terms.len()).filter(|at| here(*at)).count();
        // `It was directed by Ada`, in an excerpt: it can only be what the claim is about.
        let excerpt = self
            .matched
            .iter()
            .any(|matched| matched.found == Found::Excerpt);
        let needed = if excerpt { 1 } else { 2 };
        if names_in_slot != missing.len() || !rest_is_here || anchors < needed {
            return None;
        }
        let used: Vec<usize> = self
            .matched
            .iter()
            .filter_map(|matched| {
                if let Found::Here(at) = matched.found {
                    Some(at)
                } else {
                    None
                }
            })
            .collect();
        let given: Vec<&Term> = self
            .source
            .statement
            .terms
            .iter()
            .filter(|term| {
                term.name && !used.contains(&term.at) && term.place == slot && !term.inherited
            })
            .collect();
        let only_topic = |term: &Term| terms::is_topic(term, self.claim);
        let unique_verb = terms.iter().any(|term| {
            term.place == Place::Verb
                && relations::is_unique(&term.stem)
                && self.matched.iter().any(|matched| {
                    matched.claim == term.at && matches!(matched.found, Found::Here(_))
                })
        });
        let unique_noun = terms
            .iter()
            .any(|term| only_topic(term) && relations::is_unique(&term.stem))
            || self.names_the_one_of_its_kind();
        let only_one = self
            .source
            .statement
            .restrictions
            .iter()
            .all(|word| word == "only")
            && !self.source.statement.restrictions.is_empty();
        let is_unique = match &slot {
            Place::Object if self.claim.statement.copular && self.source.statement.copular => {
                unique_noun
            }
            Place::Subject => unique_verb,
            // `only stars Ada Lorne` beside `stars Tom Baker`
            // and the other way round.
            Place::Object | Place::After(_) if self.says_more().is_some() || only_one => {
                !self.claim.statement.copular && !self.source.statement.copular
            }
            Place::After("by") => unique_verb || self.claim.statement.copular,
            _ => false,
        };
        let settled =
            self.amounts.iter().chain(&self.times).all(|answer| {
                answer.outcome == amounts::Outcome::Same || self.names_one_alike(answer)
            });
        let alike = self.claim.statement.denied == self.source.statement.denied
            && !self.claim.statement.denied
            && self.not_comparable().is_none()
            && (self.narrowed().is_none() || only_one)
            && self.dropped_governor().is_none();
        // `the museum in Halm` is another one than `the museum in Orla`: its place says which one is meant.
        let says_which = missing.iter().any(|at| {
            only_topic(&terms[*at]) && governors::is_of_a_noun(self.claim, terms[*at].at)
        }) || given.iter().any(|term| {
            terms::is_topic(term, self.source) && governors::is_of_a_noun(self.source, term.at)
        });
        // A name that stands elsewhere in the sentence is not missing from it.
        let elsewhere = missing.iter().any(|at| {
            self.source
                .sentence
                .tokens
                .iter()
                .any(|token| token.lower == terms[*at].lower)
        });
        let elsewhere = elsewhere && !self.is_of_another_role(missing);
        // `Eminem` may be what somebody with a longer name is called.
        let may_be_alias = missing.len() > 1 && is_one_name(&given);
        if says_which
            || elsewhere
            || may_be_alias
            || given.is_empty()
            || !is_unique
            || !settled
            || !alike
        {
            return None;
        }
        let claimed: Vec<&str> = missing
            .iter()
            .map(|at| {
                self.claim
                    .sentence
                    .written(&(terms[*at].at..terms[*at].at + 1))
            })
            .collect();
        let named: Vec<&str> = given
            .iter()
            .map(|term| self.source.sentence.written(&(term.at..term.at + 1)))
            .collect();
        let claimed_at: Vec<usize> = missing.iter().map(|at| terms[*at].at).collect();
        let given_at: Vec<usize> = given.iter().map(|term| term.at).collect();
        Some(Bound {
            exchange: of_names(self.claim, &claimed_at, self.source, &given_at),
            outcome: Outcome::Refutes(Ground::Name),
            checks: vec![Check {
                name: "name_differs".to_owned(),
                points_to: Verdict::Refuted,
                detail: format!("claim {}, source {}", claimed.join(" "), named.join(" ")),
            }],
            missing: None,
            cover,
            column: None,
        })
    }

    /// `the main harbour is`, `the longest river is`: one alone is that, and both sides say it.
    fn names_the_one_of_its_kind(&self) -> bool {
        const ONE: &str = "main largest biggest smallest highest longest oldest tallest deepest widest principal chief sole only";
        let pairs = self.matched.iter().zip(&self.claim.statement.terms);
        self.claim.statement.copular
            && pairs.into_iter().any(|(one, term)| {
                matches!(one.found, Found::Here(_))
                    && terms::is_topic(term, self.claim)
                    && is_in(ONE, &term.lower)
                    && term.at > 0
                    && self.claim.sentence.tokens[term.at - 1].lower == "the"
            })
    }

    /// Whether a name that is missing here stands in the sentence as who did something else: `written by Ada and directed
    /// by Tom`.
    fn is_of_another_role(&self, missing: &[usize]) -> bool {
        let source = self.source;
        let terms = &self.claim.statement.terms;
        let own = Self::verbs_of(source.statement);
        let named = |lower: &str, term: &Term| term.name && term.lower == lower;
        !own.is_empty()
            && missing.iter().all(|at| {
                let lower = terms[*at].lower.as_str();
                source
                    .sentence
                    .tokens
                    .iter()
                    .enumerate()
                    .filter(|(_, token)| token.lower == lower)
                    .all(|(token, _)| {
                        self.begins_a_role(token)
                            && source.sentence.statements.iter().any(|other| {
                                let verbs = Self::verbs_of(other);
                                other.tokens.start != source.statement.tokens.start
                                    && other.terms.iter().any(|term| {
                                        term.at == token
                                            && named(lower, term)
                                            && matches!(term.place, Place::Subject | Place::Object)
                                    })
                                    && !verbs.is_empty()
                                    && verbs.iter().all(|verb| !own.contains(verb))
                            })
                    })
            })
    }

    /// Whether the names about a token come right after `by` or `starring`: further names of a list may belong to another role.
    fn begins_a_role(&self, token: usize) -> bool {
        let sentence = self.source.sentence;
        let before = (0..token)
            .rev()
            .find(|at| sentence.tags[*at] != Tag::Name && !sentence.tokens[*at].is_sign('-'));
        before.is_some_and(|before| {
            matches!(
                sentence.tokens[before].lower.as_str(),
                "by" | "starring" | "featuring"
            )
        })
    }

    /// What somebody did to make the thing that a statement is about, by stem.
    fn verbs_of(statement: &Statement) -> Vec<String> {
        let verbs = statement
            .terms
            .iter()
            .filter(|term| term.place == Place::Verb);
        let found: Vec<String> = verbs.map(|term| term.stem.clone()).collect();
        let makes = |stem: &String| relations::is_unique(stem) || stem == "star";
        if found.iter().all(makes) {
            found
        } else {
            Vec::new()
        }
    }
}

/// Whether the names are one, less where somebody is from: `American Eminem`.
fn is_one_name(given: &[&Term]) -> bool {
    match given {
        [_] => true,
        [origin, _] => meaning::is_classed(&origin.stem),
        _ => false,
    }
}
