//! Two sentences that cannot both be true: each refutes the other when it is taken for a source.

use clara_domain::verdict::Verdict;

use crate::statement::Sentence;
use crate::verdict::binding::{Around, Outcome, Side, bind};

/// The check's name and what was compared, where the two sentences contradict each other.
pub fn contradiction(one: &Sentence, other: &Sentence) -> Option<(String, String)> {
    let around = Around::default();
    let refuted = |claim: &Sentence, source: &Sentence| {
        claim.statements.iter().find_map(|statement| {
            source.statements.iter().find_map(|given| {
                let bound = bind(
                    Side {
                        sentence: claim,
                        statement,
                    },
                    Side {
                        sentence: source,
                        statement: given,
                    },
                    &around,
                );
                matches!(bound.outcome, Outcome::Refutes(_)).then_some(bound)
            })
        })
    };
    let there = refuted(one, other)?;
    refuted(other, one)?;
    let check = there
        .checks
        .into_iter()
        .find(|check| check.points_to == Verdict::Refuted)?;
    let quoted = other.text.split_whitespace().collect::<Vec<_>>().join(" ");
    Some((
        check.name,
        format!("{}; the other sentence: “{quoted}”", check.detail),
    ))
}
