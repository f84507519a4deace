//! A judge that can wait: a model on this machine or behind an address. It is asked about claims, several at once, with the
//! passages that may decide them, and proposes judgements with quotes. It never writes into a report: each proposal
//! passes the same checks as one that a caller hands in.

use std::sync::Arc;

use async_trait::async_trait;
use clara_domain::verdict::{Stance, Verdict};

use super::spending::{Bound, Budget, Spending};

/// Judges claims by passages, and may find claims in a text.
#[async_trait]
pub trait Judge: Send + Sync {
    /// The provider's name, as `judged_by` shows it: `openai`.
    fn engine(&self) -> &'static str;
    /// The model's name, as the provider knows it.
    fn model(&self) -> &str;
    /// Changes whenever the same input is put to the model in another way.
    fn version(&self) -> &'static str;
    /// Whether the builtin rules come before it. Then a verdict that they hold anything against is not taken, one on which they are
    /// silent has the least confidence that a verdict may have, and what it cannot decide stays as it was.
    fn yields_to_rules(&self) -> bool {
        false
    }
    /// Judges the claims of one batch. Every call that it makes is entered into `spending` before it is made.
    async fn judge(
        &self,
        request: &JudgeRequest,
        spending: &Spending,
    ) -> Result<Answer, JudgeError>;
    /// Finds the claims of a text, in its own words.
    async fn find_claims(
        &self,
        text: &str,
        spending: &Spending,
    ) -> Result<Vec<ProposedClaim>, JudgeError>;
}

/// A judge, and what it may do in an analysis.
#[derive(Clone)]
pub struct ModelEngine {
    pub judge: Arc<dyn Judge>,
    pub scope: JudgeScope,
    /// Whether it finds claims too.
    pub finds_claims: bool,
    pub budget: Budget,
    /// Batches of one analysis that are asked about at once; at least 1.
    pub concurrency: usize,
}

/// Which claims a judge is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgeScope {
    /// What the builtin engine left open.
    Open,
    All,
}

/// One batch of claims. All of its text comes from outside.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JudgeRequest {
    pub claims: Vec<ClaimToJudge>,
    /// What was wrong with the judgements of a first answer; empty in the first round.
    pub refusals: Vec<RefusedJudgement>,
}

/// A claim with the passages that may decide it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimToJudge {
    /// The report's `id`: `c3`.
    pub id: String,
    pub text: String,
    /// The same by itself, where its words lean on a sentence before.
    pub standalone: Option<String>,
    pub passages: Vec<PassageToJudge>,
}

/// A stretch of a source that may decide a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageToJudge {
    /// `p1`, or for claims that the report shows no passages of, a name of the same kind.
    pub id: String,
    /// The `id` of the source, which the judge is not told.
    pub source: String,
    /// What the source is called: a file's name or a title.
    pub source_name: String,
    pub text: String,
}

/// Why a judgement was not taken, in words that its maker can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedJudgement {
    pub claim: String,
    pub problem: String,
}

/// What a judge answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    pub judgements: Vec<ProposedJudgement>,
    /// Judgements that cannot be understood, by the claim that they name.
    pub unreadable: Vec<RefusedJudgement>,
}

/// What a judge says of one claim; nothing of it is checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct ProposedJudgement {
    pub claim: String,
    pub verdict: Verdict,
    pub quotes: Vec<ProposedQuote>,
    pub rationale: String,
    pub correction: Option<ProposedCorrection>,
}

/// Words that are said to stand in a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedQuote {
    pub passage: String,
    pub text: String,
    pub stance: Option<Stance>,
}

/// Words of the claim, and words of a quote to put in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedCorrection {
    pub replace: String,
    pub with: String,
}

/// A claim that a judge found in a text; whether it stands there is not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedClaim {
    /// The words as they stand in the text.
    pub text: String,
    /// The same by itself, where the words lean on what stands around them.
    pub standalone: Option<String>,
}

/// Why a judge gave no answer. The words are for `limits` and name neither an address nor what was sent or answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JudgeError {
    #[error("{bound} is used up; {}", .bound.advice())]
    Spent { bound: Bound },
    #[error(
        "its server did not accept the key (status {status}); the operator of this Clara must set MODEL_API_KEY to one that is valid"
    )]
    KeyRefused { status: u16 },
    #[error(
        "its server does not take such a request (status {status}); the operator of this Clara should look at MODEL, MODEL_URL and ANALYSIS_ENGINE"
    )]
    RequestRefused { status: u16 },
    #[error(
        "its server cannot be reached; the operator of this Clara should look at MODEL_URL, and whether that server runs"
    )]
    Unreachable,
    #[error("its server did not answer in time; try again later, or judge what is open yourself")]
    TimedOut,
    #[error("its server had too much to do (status 429); try again later")]
    Busy,
    #[error("its server failed (status {status}); try again later")]
    ServerFailed { status: u16 },
    #[error("its answer was longer than {max_bytes} bytes and was not read")]
    TooLong { max_bytes: usize },
    #[error("its answer is not what was asked for: {problem}")]
    Unreadable { problem: &'static str },
    #[error("it declined to answer")]
    Declined,
    #[error(
        "its files cannot be loaded; the operator of this Clara should look at the log, at MODEL, and whether there is enough memory"
    )]
    NotLoaded,
}

impl JudgeError {
    /// Whether every later question of this analysis would end in the same way.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Spent { .. }
                | Self::KeyRefused { .. }
                | Self::RequestRefused { .. }
                | Self::Unreachable
                | Self::NotLoaded
        )
    }
}
