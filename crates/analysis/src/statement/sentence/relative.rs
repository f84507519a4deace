//! Relative clauses between a subject and its verb: `Members who are over 65 pay half`.

use super::{Builder, Clause, Link};
use crate::statement::groups::Group;
use crate::statement::lexical;
use crate::statement::tags::Tag;

impl Builder<'_> {
    /// Where a relative clause begins that parts the subject of the second verb from it.
    pub(super) fn embedded_relative(
        &self,
        start: usize,
        last: &Group,
        next: &Group,
    ) -> Option<usize> {
        let at = (start + 1..last.tokens.start).find(|at| {
            matches!(self.lower(*at), "who" | "which" | "that" | "whose" | "whom")
                && matches!(
                    self.sentence.tags[*at - 1],
                    Tag::Noun | Tag::Name | Tag::Pronoun | Tag::Determiner
                )
        })?;
        let plain =
            (at..next.tokens.start).all(|at| !matches!(self.lower(at), "," | ";" | ":" | "—"));
        let reports = (start..at).any(|at| lexical::is_report(self.lower(at)));
        (plain && !reports).then_some(at)
    }

    /// The subject, and the relative clause that describes it.
    pub(super) fn parted(
        start: usize,
        relative: usize,
        (group, next): (usize, &Group),
        (link, by, governor): (Link, Option<usize>, Option<usize>),
    ) -> [Clause; 2] {
        [
            Clause {
                by,
                governor,
                is_subject_only: true,
                ..Clause::new(start..relative, None, link)
            },
            Clause {
                by: Some(relative),
                ..Clause::new(relative + 1..next.tokens.start, Some(group), Link::Relative)
            },
        ]
    }
}
