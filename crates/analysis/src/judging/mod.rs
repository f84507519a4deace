//! Judgements from outside, by the caller's model or one that is set: each is accepted only with quotes that stand in the
//! sources, and where the builtin rules do not go along, the claim says so. A judge proposes; this disposes.
//! Pure: a report and its material in, a report out. It knows no task, no caller and no protocol.

mod boundary;
mod correction;
mod examination;
mod figures;
#[cfg(test)]
mod injection_tests;
mod matching;
mod nearest;
mod passage;
mod refusal;
mod revision;
mod source_text;
#[cfg(test)]
mod tests;
mod weighing;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use clara_domain::verdict::{Stance, Verdict};

use crate::interruption::checkpoint;
use crate::material::Material;
use crate::report::{Disagreement, JudgedBy, Report};

pub use refusal::{NearestText, Refusal, WordDifference};
pub use weighing::{AGREED_CONFIDENCE, DISAGREED_CONFIDENCE, UNCHECKED_CONFIDENCE};

use examination::Examination;
use revision::Revision;

/// The longest quote, in characters.
pub const MAX_QUOTE_CHARACTERS: usize = 2_000;
/// The most quotes of one judgement.
pub const MAX_QUOTES: usize = 10;
/// The longest rationale, in characters.
pub const MAX_RATIONALE_CHARACTERS: usize = 1_000;
/// The longest name of a judge, in characters.
pub const MAX_JUDGE_CHARACTERS: usize = 100;

/// What `confidence` says of verdicts from outside, after what it says of the engine's own.
pub const JUDGED_CONFIDENCE_MEANS: &str = "Where judged_by names a judge, it is set by rule and not measured: 0.80 where the builtin rules come to the \
     same verdict from the quotes, 0.70 where they are silent, 0.50 where they disagree.";

/// What somebody says of one claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallerJudgement {
    /// The claim's `id`: `c2`.
    pub claim: String,
    pub verdict: Verdict,
    /// What the verdict rests on; none is needed for `not_enough_evidence`.
    #[serde(default)]
    pub quotes: Vec<CallerQuote>,
    /// Why, in 1 to [`MAX_RATIONALE_CHARACTERS`] characters.
    pub rationale: String,
    /// For a refuted claim: which words of it to put right.
    #[serde(default)]
    pub correction: Option<CallerCorrection>,
}

/// Words that are to stand in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallerQuote {
    /// The source's `id`: `s1`. The submitted text itself is no source.
    pub source: String,
    /// Copied from the source; at most [`MAX_QUOTE_CHARACTERS`] characters.
    pub text: String,
    /// Needed for `conflicting`, where one quote supports and another refutes. Else it follows from the verdict.
    #[serde(default)]
    pub stance: Option<Stance>,
}

/// Which words of a claim to replace, and by which words of a quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallerCorrection {
    /// Words of the claim, which occur in it once.
    pub replace: String,
    /// Words of one of this judgement's quotes.
    pub with: String,
}

/// A report after judging, and what became of each judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The next revision; the same report, unchanged, where nothing was accepted.
    pub report: Report,
    /// One for each judgement, in their order.
    pub outcomes: Vec<Outcome>,
}

impl Judged {
    /// How many judgements were accepted.
    pub fn accepted(&self) -> usize {
        let accepted = |outcome: &&Outcome| outcome.result.is_ok();
        self.outcomes.iter().filter(accepted).count()
    }
}

/// What became of one judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The claim as the judgement named it.
    pub claim: String,
    /// Why it was refused, all reasons at once; at least one.
    pub result: Result<Accepted, Vec<Refusal>>,
}

/// A judgement that the report now carries.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Accepted {
    pub verdict: Verdict,
    pub confidence: f64,
    /// What the builtin rules hold against it.
    pub disagrees: Vec<Disagreement>,
    /// The ids of its quotes in the report: `e12`.
    pub evidence: Vec<String>,
}

/// Judges. A judgement that is refused changes nothing; the others stand. Two judgements of one claim in the same call are
/// both refused, for nobody can say which one is meant.
pub fn judge(
    report: &Report,
    material: &Material,
    judgements: &[CallerJudgement],
    by: &JudgedBy,
) -> Judged {
    let examination = Examination::new(report, material);
    let mut times: HashMap<&str, usize> = HashMap::new();
    for judgement in judgements {
        *times.entry(judgement.claim.as_str()).or_default() += 1;
    }
    let mut revision = Revision::new(report, by);
    let outcomes = judgements
        .iter()
        .map(|judgement| {
            checkpoint();
            let mut refusals = Vec::new();
            if !is_named(by) {
                refusals.push(Refusal::JudgeUnnamed);
            }
            let times = times[judgement.claim.as_str()];
            if times > 1 {
                refusals.push(Refusal::JudgedTwice { times });
            }
            let examined = examination.examine(judgement, &mut refusals);
            let result = match examined {
                Some(examined) if refusals.is_empty() => Ok(revision.accept(examined)),
                _ => Err(refusals),
            };
            Outcome {
                claim: judgement.claim.clone(),
                result,
            }
        })
        .collect();
    Judged {
        report: revision.finish(),
        outcomes,
    }
}

/// Whether the judge has a name that fits into a report.
fn is_named(by: &JudgedBy) -> bool {
    let fits = |name: &str| !name.trim().is_empty() && name.chars().count() <= MAX_JUDGE_CHARACTERS;
    fits(&by.engine) && by.model.as_deref().is_none_or(fits)
}
