//! The words on either side of a refutation, where one amount, time or name is all that differs.

use std::ops::Range;

use super::Side;
use super::amounts::Answer;

/// Words of the claim and those that the source has in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Bytes of the claim's text.
    pub claimed: Range<usize>,
    /// Exactly what stands in the source.
    pub given: String,
    pub is_time: bool,
}

/// The claim's tokens beside what the source gives in their place.
pub fn exchange(
    claim: Side<'_>,
    claimed: &Range<usize>,
    given: &str,
    is_time: bool,
) -> Option<Exchange> {
    let tokens = claim.sentence.tokens.get(claimed.clone())?;
    Some(Exchange {
        claimed: tokens.first()?.bytes.start..tokens.last()?.bytes.end,
        given: given.to_owned(),
        is_time,
    })
}

/// The amounts or times that an answer compared.
pub(super) fn of_answer(answer: &Answer, claim: Side<'_>, source: Side<'_>) -> Option<Exchange> {
    let (claim_side, source_side) = (claim.sentence, source.sentence);
    let (claimed, given) = if answer.is_time {
        let given = &source_side.times[answer.given?].tokens;
        (&claim_side.times[answer.wanted].tokens, given)
    } else {
        let given = &source_side.quantities[answer.given?].tokens;
        (&claim_side.quantities[answer.wanted].tokens, given)
    };
    exchange(claim, claimed, source_side.written(given), answer.is_time)
}

/// Two names, where each stands in one piece.
pub(super) fn of_names(
    claim: Side<'_>,
    claimed: &[usize],
    source: Side<'_>,
    given: &[usize],
) -> Option<Exchange> {
    let given = source.sentence.written(&in_one_piece(given)?);
    exchange(claim, &in_one_piece(claimed)?, given, false)
}

/// The range of positions that follow one another without a gap.
fn in_one_piece(positions: &[usize]) -> Option<Range<usize>> {
    let (first, last) = (*positions.iter().min()?, *positions.iter().max()?);
    (last - first + 1 == positions.len()).then_some(first..last + 1)
}
