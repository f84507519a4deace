//! The report: one typed value that a finished analysis is, `clara-report/2`. JSON, Markdown, HTML and ClaimReview are
//! renderings of it. It knows sources and judgements; it must not know tasks, credits, HTTP or MCP.

mod build;
mod claimreview;
mod context;
#[cfg(test)]
pub(crate) mod fixture;
mod for_model;
mod html;
mod markdown;
#[cfg(test)]
mod open_tests;
#[cfg(test)]
mod prompt_injection_tests;
#[cfg(test)]
mod rendering_tests;
pub(crate) mod rules;
pub(crate) mod sanitize;
mod terminal;
#[cfg(test)]
mod tests;
mod verify;
mod wording;

pub(crate) use build::evidence_of;
pub use build::{ReportInput, build};
pub use claimreview::claim_reviews;
pub use for_model::{BUDGET_TOKENS, ForModel, for_model};
pub use html::html;
pub use markdown::markdown;
pub use rules::{CONFIDENCE_FLOOR, MIN_SETTLED_CONFIDENCE};
pub use sanitize::markdown as markdown_line;
pub use terminal::terminal;
pub use verify::verify;
pub(crate) use wording::{summary, verdict_key as verdict_word};

use serde::{Deserialize, Serialize};

use clara_domain::clock::Timestamp;
use clara_domain::evidence::{ReadBy, ReadShare, SourceKind, Unread};
use clara_domain::verdict::{Check, Stance, Verdict};

use crate::engine::spending::ModelUsage;

/// The format's name and number.
pub const FORMAT: &str = "clara-report/2";

/// What `confidence` says. A claim that Clara itself moved to `not_enough_evidence` has 0: nothing was measured for it.
pub const CONFIDENCE_MEANS: &str = "Of verdicts given with this confidence, the share that was right on held-back labelled claims.";

/// A finished analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub format: String,
    /// 1 for what the analysis itself said; one more each time somebody judged after it.
    #[serde(default = "first_revision")]
    pub revision: u32,
    /// `3 claims: 1 supported, 1 refuted, 1 without enough evidence.`
    pub summary: String,
    pub counts: Counts,
    pub claims: Vec<ReportedClaim>,
    /// Every other sentence of the submission.
    #[serde(default)]
    pub not_checked: Vec<ReportedNotChecked>,
    pub sources: Vec<ReportedSource>,
    /// Every query that left the machine.
    pub queries: Vec<Query>,
    /// What the analysis could not do.
    pub limits: Vec<Limit>,
    pub engine: EngineInfo,
    pub confidence_means: String,
    pub milliseconds: Milliseconds,
}

/// How many claims got each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub supported: usize,
    pub refuted: usize,
    pub conflicting: usize,
    pub not_enough_evidence: usize,
}

impl Counts {
    /// Counts the verdicts.
    pub fn of(claims: &[ReportedClaim]) -> Self {
        let mut counts = Self::default();
        for claim in claims {
            match claim.verdict {
                Verdict::Supported => counts.supported += 1,
                Verdict::Refuted => counts.refuted += 1,
                Verdict::Conflicting => counts.conflicting += 1,
                Verdict::NotEnoughEvidence => counts.not_enough_evidence += 1,
            }
        }
        counts
    }

    /// How many claims there are.
    pub fn total(self) -> usize {
        self.supported + self.refuted + self.conflicting + self.not_enough_evidence
    }
}

/// A claim with its verdict and the quotes behind it. Positions are code points of the submitted text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedClaim {
    /// `c1`, `c2`, … in the order of the text.
    pub id: String,
    pub text: String,
    pub start: usize,
    pub end: usize,
    /// `submission`.
    pub said_in: String,
    /// Where in the submission, where that is a file with pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The same in a recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What that part of the file is called: `slide 4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub verdict: Verdict,
    pub confidence: f64,
    pub rationale: String,
    pub checks: Vec<Check>,
    pub evidence: Vec<ReportedEvidence>,
    /// What is judged where the words lean on a sentence before: `The Ardmoor Bridge's main span is 412 metres long.`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standalone: Option<String>,
    /// The statements of a compound sentence, in their order; empty where it is one statement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ReportedPart>,
    /// Whether somebody who understands more than this engine should judge it, from `passages`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// The best one to three passages for an open claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<ReportedPassage>,
    /// Who gave the verdict, where it was not the analysis' own engine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<JudgedBy>,
    /// The verdicts before this one, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judged_before: Vec<JudgedBefore>,
    /// What the builtin rules hold against a verdict that somebody else gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disagrees: Vec<Disagreement>,
    /// The ids of other claims of the submission that cannot be true together with this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradicts: Vec<String>,
    /// What to write instead, for a refuted claim whose quote gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<Correction>,
}

/// One statement of a compound sentence. Positions are code points of the submitted text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedPart {
    pub text: String,
    pub start: usize,
    pub end: usize,
    pub verdict: Verdict,
}

/// A stretch of a source that may decide an open claim: exactly what stands there (code points).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedPassage {
    /// `p1`, `p2`, … through the whole report.
    pub id: String,
    /// The source's `id`.
    pub source: String,
    pub text: String,
    pub start: usize,
    pub end: usize,
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What its part of the file is called, where that is no page: `slide 4`, `sheet Budget, row 12, B`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Which row of its table or list it is, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The names of the row's columns, parted by ` | `, where the row does not say them itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// Who judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedBy {
    /// `caller`, or the name of a model engine.
    pub engine: String,
    /// The model's name as it gives it.
    pub model: Option<String>,
}

/// A verdict that another one took the place of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedBefore {
    pub engine: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    pub verdict: Verdict,
    pub confidence: f64,
}

/// Why the builtin rules do not go along with a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// The name of the check: `number_differs`.
    pub name: String,
    /// `quote 4.6 million, claim 4.2 million`
    pub detail: String,
}

/// Words of a claim and what to put in their place. Taken from a quote, never composed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Code points of the submitted text.
    pub start: usize,
    pub end: usize,
    /// Exactly what stands there.
    pub replace: String,
    /// Exactly what stands in a quote of this claim.
    pub with: String,
}

/// A sentence of the submission that was not checked. Positions are code points of the submitted text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedNotChecked {
    pub start: usize,
    pub end: usize,
    pub text: String,
    /// `a question`, `an instruction`, …
    pub reason: String,
}

/// A quote: exactly what stands in the source from `start` to `end` (code points).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedEvidence {
    /// `e1`, `e2`, … through the whole report.
    pub id: String,
    /// The source's `id`.
    pub source: String,
    pub stance: Stance,
    pub quote: String,
    pub start: usize,
    pub end: usize,
    pub page: Option<u32>,
    pub seconds: Option<f64>,
    /// What its part of the file is called, where that is no page: `slide 4`, `sheet Budget, row 12, B`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Which row of its table or list it is, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The name of the column or member whose value decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What stands before the quote, cut with `…`.
    pub prefix: String,
    /// What stands after it.
    pub suffix: String,
    /// A link to the quote (a text fragment), where the source has an address.
    pub link: Option<String>,
    pub relevance: f64,
}

/// A source without its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportedSource {
    pub id: String,
    pub kind: SourceKind,
    pub name: String,
    pub title: Option<String>,
    pub url: Option<String>,
    pub publisher: Option<String>,
    pub published_at: Option<String>,
    pub retrieved_at: Timestamp,
    pub sha256: String,
    pub characters: usize,
    pub language: Option<String>,
    /// How much of the file was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<ReadShare>,
    /// `ocr` where some of its text was read out of pictures; absent where all of it is the file's own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_by: Option<ReadBy>,
    pub unread: Vec<Unread>,
    /// Passages that try to instruct whoever reads them; they are text like any other, and no instruction was followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructs_reader: Vec<InstructsReader>,
}

/// A stretch of a source that tries to instruct its reader (code points).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructsReader {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// Of reports that were stored before revisions were counted.
fn first_revision() -> u32 {
    1
}

/// A query that was sent to an evidence source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub source: String,
    pub text: String,
}

/// Something the analysis could not do, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub what: String,
    pub reason: String,
}

/// Which engine judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EngineInfo {
    pub name: String,
    pub version: String,
    pub model: Option<String>,
    /// The judge that was asked after it; absent where none is set. Each claim that it judged says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeInfo>,
}

/// A model that was asked, and what it took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeInfo {
    /// `openai`, `anthropic`, …
    pub engine: String,
    pub model: String,
    /// Changes whenever the same input is put to the model in another way.
    pub version: String,
    #[serde(flatten)]
    pub usage: ModelUsage,
}

/// How long each part took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Milliseconds {
    pub reading: u64,
    pub claims: u64,
    pub evidence: u64,
    pub verdicts: u64,
}
