//! Judges that yield to the builtin rules: small models that are sure of themselves where a number, a date, a role or a denial
//! differs. What the rules hold anything against is not taken, and what they are silent on has the least confidence.

use std::collections::HashSet;

use super::claims_are;
use crate::judging::{AGREED_CONFIDENCE, CallerJudgement, DISAGREED_CONFIDENCE, Judged, judge};
use crate::material::Material;
use crate::report::{JudgedBy, Report};

/// What `confidence` says of verdicts of such a judge, after what it says of others from outside.
pub const YIELDING_CONFIDENCE_MEANS: &str = "For the judge nli it is 0.50, the least that a verdict may have, where the \
     builtin rules are silent: nothing is measured for its model.";

/// Judges without what the rules disagree with, and says how many verdicts that were.
pub(super) fn judge_after_rules(
    report: &Report,
    material: &Material,
    mut judgements: Vec<CallerJudgement>,
    by: &JudgedBy,
) -> (Judged, usize) {
    let mut judged = judge(report, material, &judgements, by);
    let against: HashSet<String> = judged
        .outcomes
        .iter()
        .filter(|outcome| matches!(&outcome.result, Ok(accepted) if !accepted.disagrees.is_empty()))
        .map(|outcome| outcome.claim.clone())
        .collect();
    if !against.is_empty() {
        judgements.retain(|judgement| !against.contains(&judgement.claim));
        judged = judge(report, material, &judgements, by);
    }
    let mut is_lowered = false;
    for outcome in &mut judged.outcomes {
        let Ok(accepted) = &mut outcome.result else {
            continue;
        };
        let claims = &mut judged.report.claims;
        let Some(claim) = claims.iter_mut().find(|claim| claim.id == outcome.claim) else {
            continue;
        };
        if accepted.confidence < AGREED_CONFIDENCE {
            accepted.confidence = accepted.confidence.min(DISAGREED_CONFIDENCE);
            claim.confidence = accepted.confidence;
            is_lowered = true;
        }
    }
    let means = &mut judged.report.confidence_means;
    if is_lowered && !means.contains(YIELDING_CONFIDENCE_MEANS) {
        means.push(' ');
        means.push_str(YIELDING_CONFIDENCE_MEANS);
    }
    (judged, against.len())
}

/// The limit that names them.
pub(super) fn ruled_out(claims: usize) -> String {
    format!(
        "{} as the builtin engine left it, for its rules speak against what the model said of it. Judge it from its passages.",
        claims_are(claims)
    )
}
