//! Why a judgement is refused, in words that its author can act on: what was wrong, where, and what to send instead.

use clara_domain::verdict::Verdict;

use super::{MAX_JUDGE_CHARACTERS, MAX_QUOTES, MAX_RATIONALE_CHARACTERS};

/// Words that the quote has and the source has otherwise; one side may be empty.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WordDifference {
    pub quote: String,
    pub source: String,
}

/// One reason against a judgement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("There is no such claim. The claims are {}.", listed(claims))]
    UnknownClaim { claims: Vec<String> },
    #[error(
        "This claim is judged {times} times in this call. Send one judgement of it, with all its quotes."
    )]
    JudgedTwice { times: usize },
    #[error(
        "judged_by needs the judge's name, in 1 to {MAX_JUDGE_CHARACTERS} characters, for example \"example-model-1\"."
    )]
    JudgeUnnamed,
    #[error("A rationale is missing. Say in one sentence why the quotes decide the claim.")]
    RationaleMissing,
    #[error(
        "The rationale has {characters} characters; at most {MAX_RATIONALE_CHARACTERS} are taken. Shorten it."
    )]
    RationaleTooLong { characters: usize },
    #[error("The verdict \"{}\" needs {}. Send it, or judge \"not_enough_evidence\".", word(*verdict), needs(*verdict))]
    QuotesMissing { verdict: Verdict },
    #[error("{quotes} quotes were sent; at most {MAX_QUOTES} are taken. Keep those that decide.")]
    TooManyQuotes { quotes: usize },
}

impl Refusal {
    /// A stable name, for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownClaim { .. } => "unknown_claim",
            Self::JudgedTwice { .. } => "judged_twice",
            Self::JudgeUnnamed => "judge_unnamed",
            Self::RationaleMissing => "rationale_missing",
            Self::RationaleTooLong { .. } => "rationale_too_long",
            Self::QuotesMissing { .. } => "quotes_missing",
            Self::TooManyQuotes { .. } => "too_many_quotes",
        }
    }

    /// Which part of the judgement it is about: `quotes[0].text`.
    pub fn field(&self) -> String {
        match self {
            Self::UnknownClaim { .. } | Self::JudgedTwice { .. } => "claim".to_owned(),
            Self::JudgeUnnamed => "judged_by".to_owned(),
            Self::RationaleMissing | Self::RationaleTooLong { .. } => "rationale".to_owned(),
            Self::QuotesMissing { .. } | Self::TooManyQuotes { .. } => "quotes".to_owned(),
        }
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Supported => "supported",
        Verdict::Refuted => "refuted",
        Verdict::Conflicting => "conflicting",
        Verdict::NotEnoughEvidence => "not_enough_evidence",
    }
}

fn needs(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conflicting => {
            "a quote with stance \"supports\" and one with stance \"refutes\", from different sentences"
        }
        _ => "a quote that says so",
    }
}

fn listed(ids: &[String]) -> String {
    ids.join(", ")
}
