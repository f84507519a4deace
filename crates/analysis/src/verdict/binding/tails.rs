//! Two names of one kind for a place that can only be one: `was born in Tarn Hospital` beside `was born in Lund Hospital`.

use clara_domain::verdict::{Check, Verdict};

use super::super::relations;
use super::subjects::is_in;
use super::{Binding, Bound, Found, Ground, Outcome, Side, amounts};
use crate::statement::Place;
use crate::statement::tags::Tag;

/// Nouns at the end of a name that say of what kind the place is.
const KINDS: &str = "festival hospital school university college hotel church cathedral theatre theater hall museum gallery stadium \
    arena palace castle station airport park street road avenue square prison";
/// Those of which a place is in one alone.
const AREAS: &str = "county province district parish";

impl Binding<'_> {
    /// What is missing is what tells a name from another of its kind, of an event that happens once or a place that is in one.
    pub(super) fn another_of_its_kind(&self, missing: &[usize], cover: f64) -> Option<Bound> {
        let terms = &self.claim.statement.terms;
        let first = terms.get(*missing.first()?)?;
        let run = name_run(self.claim, first.at);
        let kind = run.end.checked_sub(1)?;
        let within = missing.iter().all(|at| {
            let term = &terms[*at];
            term.name && run.contains(&term.at) && term.place == Place::After("in")
        });
        let index = terms.iter().position(|term| term.at == kind)?;
        let Found::Here(given) = self.matched[index].found else {
            return None;
        };
        let other = name_run(self.source, given);
        let same_kind = other.end == given + 1
            && self.claim.sentence.tokens[kind].lower == self.source.sentence.tokens[given].lower
            && self.source.statement.terms.iter().any(|term| {
                term.at == given && term.place == Place::After("in") && !term.inherited
            });
        let told_apart = other.clone().any(|at| !self.is_used(at));
        let lower = self.claim.sentence.tokens[kind].lower.as_str();
        let verbs = || terms.iter().filter(|term| term.place == Place::Verb);
        let once = verbs().any(|verb| relations::is_single_of(&verb.stem, terms))
            && is_in(KINDS, lower)
            || self.claim.statement.copular && is_in(AREAS, lower);
        let rest =
            self.matched.iter().enumerate().all(|(at, one)| {
                missing.contains(&at) || !matches!(one.found, Found::Contrast(..))
            });
        let settled = self
            .amounts
            .iter()
            .chain(&self.times)
            .all(|answer| answer.outcome == amounts::Outcome::Same);
        let plain = !self.claim.statement.denied
            && !self.source.statement.denied
            && self.not_comparable().is_none()
            && self.narrowed().is_none();
        // A name that stands elsewhere in the sentence is not missing from it.
        let elsewhere = missing.iter().any(|at| {
            let mut tokens = self.source.sentence.tokens.iter();
            tokens.any(|token| token.lower == terms[*at].lower)
        });
        if !within || !same_kind || !told_apart || !once || !rest || !settled || !plain || elsewhere
        {
            return None;
        }
        let detail = format!(
            "claim {}, source {}",
            self.claim.sentence.written(&run),
            self.source.sentence.written(&other)
        );
        Some(Bound {
            outcome: Outcome::Refutes(Ground::Name),
            checks: vec![Check {
                name: "name_differs".to_owned(),
                points_to: Verdict::Refuted,
                detail,
            }],
            missing: None,
            cover,
            column: None,
            exchange: None,
        })
    }
}

/// The names side by side that a token is one of.
fn name_run(side: Side<'_>, at: usize) -> std::ops::Range<usize> {
    let named = |at: &usize| {
        side.sentence.tags.get(*at) == Some(&Tag::Name) && side.sentence.tokens[*at].capital
    };
    let start = (0..at).rev().take_while(named).last().unwrap_or(at);
    let end = (at..side.sentence.tokens.len())
        .find(|at| !named(at))
        .unwrap_or(side.sentence.tokens.len());
    start..end
}
