//! The state or the time beside which something is so: `lasts 14 hours with the light off`, `never again after 1987`.

use super::subjects::is_in;
use super::{Binding, Side};
use crate::statement::tags::Tag;

/// `with the light off`: the thing, and the state it is in.
fn switched(side: Side<'_>) -> Vec<(usize, usize)> {
    const STATES: &str = "on off open closed shut up down running full empty";
    let tokens = &side.sentence.tokens;
    let part = side.statement.part.clone();
    part.clone()
        .filter(|at| matches!(tokens[*at].lower.as_str(), "with" | "without"))
        .filter_map(|with| {
            let noun = (with + 1..part.end.min(with + 5)).find(|at| {
                matches!(side.sentence.tags[*at], Tag::Noun)
                    && !matches!(side.sentence.tags.get(at + 1), Some(Tag::Noun))
            })?;
            let state = noun + 1;
            let ends = tokens.get(state + 1).is_none_or(|next| {
                !matches!(
                    side.sentence.tags[state + 1],
                    Tag::Name | Tag::Number | Tag::Noun
                ) || next.is_sign(',')
            });
            (part.contains(&state) && is_in(STATES, &tokens[state].lower) && ends)
                .then_some((noun, state))
        })
        .collect()
}

impl Binding<'_> {
    /// `never played there again after 1987`, `did not open in 2020`: what is denied of a time is not denied of all times.
    pub(super) fn is_denied_of_a_time(&self) -> Option<usize> {
        let (claim, source) = (self.claim.statement, self.source.statement);
        let time = source.times.first().filter(|_| source.denied)?;
        let says_one = !claim.times.is_empty() || !claim.inherited_times.is_empty();
        (!says_one).then_some(self.source.sentence.times[*time].tokens.start)
    }

    /// `off` of `lasts 14 hours with the light off`, beside a claim that has the light on, or says neither.
    pub(super) fn is_switched_otherwise(&self) -> Option<usize> {
        let lower = |side: Side<'_>, at: usize| side.sentence.tokens[at].lower.clone();
        let own: Vec<(String, String)> = switched(self.claim)
            .into_iter()
            .map(|(noun, state)| (lower(self.claim, noun), lower(self.claim, state)))
            .collect();
        switched(self.source)
            .into_iter()
            .find(|(noun, state)| {
                let given = (lower(self.source, *noun), lower(self.source, *state));
                !own.contains(&given)
            })
            .map(|(_, state)| state)
    }
}
