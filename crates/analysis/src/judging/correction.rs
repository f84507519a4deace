//! A judge's correction of a claim: words of the claim, and words of a quote to put in their place. Both are looked up; what the
//! report says is what stands there.

use clara_domain::evidence::{Quote, Source};
use clara_domain::text::{Span, Text};
use clara_domain::verdict::{Stance, Verdict};

use super::CallerJudgement;
use super::matching::{Found, Quotable};
use super::refusal::Refusal;
use crate::report::{Correction, ReportedClaim};

/// The correction that the judgement asks for, or the former one where the new quotes still give it.
pub(super) fn corrected(
    judgement: &CallerJudgement,
    claim: &ReportedClaim,
    quotes: &[(&Source, Quote)],
    refusals: &mut Vec<Refusal>,
) -> Option<Correction> {
    let refuting = quotes
        .iter()
        .filter(|(_, quote)| quote.stance == Stance::Refutes);
    let Some(asked) = &judgement.correction else {
        let kept = claim.correction.clone()?;
        let is_quoted = refuting
            .clone()
            .any(|(_, quote)| quote.text.contains(&kept.with));
        return (judgement.verdict == Verdict::Refuted && is_quoted).then_some(kept);
    };
    if judgement.verdict != Verdict::Refuted {
        refusals.push(Refusal::CorrectionNotRefuted);
        return None;
    }
    let replaced = match Quotable::new(&claim.text).find(&asked.replace) {
        Found::At(places) if places.len() == 1 => places.into_iter().next(),
        Found::At(_) => {
            refusals.push(Refusal::CorrectionAmbiguous {
                replace: asked.replace.clone(),
            });
            None
        }
        Found::Cut(_) | Found::Nowhere => {
            refusals.push(Refusal::CorrectionNotInClaim {
                replace: asked.replace.clone(),
                claim: claim.text.clone(),
            });
            None
        }
    };
    let with = refuting.clone().find_map(|(_, quote)| {
        match Quotable::new(&quote.text).find(&asked.with) {
            Found::At(places) => Some(quote.text[places.into_iter().next()?].to_owned()),
            Found::Cut(_) | Found::Nowhere => None,
        }
    });
    if with.is_none() {
        refusals.push(Refusal::CorrectionNotInQuote {
            with: asked.with.clone(),
        });
    }
    let (replaced, with) = (replaced?, with?);
    let replace = claim.text[replaced.clone()].to_owned();
    if replace == with {
        refusals.push(Refusal::CorrectionSame);
        return None;
    }
    let inside: Span = Text::from(claim.text.as_str()).span_of(replaced);
    Some(Correction {
        start: claim.start + inside.start,
        end: claim.start + inside.end,
        replace,
        with,
    })
}
