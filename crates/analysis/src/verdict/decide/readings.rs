//! Other readings of what a claim says, that say the same.

use crate::statement::{Place, Sentence, Statement};

/// `is a developer founded in 1994` without its participle, where the sentence says by a statement of its own what that says:
/// sources part the two in other ways.
pub(super) fn without_participle(claim: &Sentence, statement: &Statement) -> Option<Statement> {
    if !statement.copular {
        return None;
    }
    let participle = claim.statements.iter().find(|other| {
        other.tokens.start > statement.tokens.start
            && other.tokens.end == statement.tokens.end
            && !other.copular
            && other.denied == statement.denied
            && other.terms.iter().any(|term| {
                term.place == Place::Verb && !term.inherited && term.at == other.tokens.start
            })
    })?;
    let cut = participle.tokens.start;
    let mut plain = statement.clone();
    plain.terms.retain(|term| term.inherited || term.at < cut);
    plain
        .quantities
        .retain(|index| claim.quantities[*index].tokens.start < cut);
    plain
        .times
        .retain(|index| claim.times[*index].tokens.start < cut);
    // Something must be left that it says.
    let says = plain.terms.iter().any(|term| term.place == Place::Object);
    (says && plain.terms.len() < statement.terms.len()).then_some(plain)
}
