//! Engines: what finds claims in a text and judges each against passages. `builtin` is deterministic and offline.
//! An engine proposes; the report checks every quote against its source before anything is stored.

pub mod builtin;
pub mod judge;
pub mod spending;

use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::{Quote, Source};
use clara_domain::text::{Span, Text};
use clara_domain::verdict::{Check, Verdict};

/// A stretch of a source that may say something about a claim.
#[derive(Debug, Clone)]
pub struct Passage<'a> {
    pub source: &'a Source,
    pub span: Span,
    /// Exactly `source.text.slice(span)`.
    pub text: &'a str,
    /// The title and headings it stands under. They help to understand it and are never quoted.
    pub titles: Vec<&'a str>,
    /// The sentences before it in the same section, nearest first.
    pub before: Vec<&'a str>,
    /// Its position in the source's records, where it is a row or an object.
    pub record: Option<usize>,
    /// 0 to 1, from retrieval.
    pub relevance: f64,
}

/// What an engine says of one claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    pub verdict: Verdict,
    /// Of verdicts given with this confidence, the share that was right on held-back labelled claims.
    pub confidence: f64,
    /// For a person: why; for `not_enough_evidence`, what was looked at and what is missing.
    pub rationale: String,
    pub checks: Vec<Check>,
    /// Deciding quotes first.
    pub quotes: Vec<Quote>,
    /// The statements of a compound claim, in their order; empty where it is one statement.
    pub parts: Vec<JudgedPart>,
    /// What to write instead, for a refutation whose quote gives it.
    pub replacement: Option<Replacement>,
}

/// One statement of a compound claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedPart {
    /// Code points of the claim's text.
    pub span: Span,
    pub verdict: Verdict,
}

/// Words of a claim, and those of one of its quotes to put in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Code points of the claim's text.
    pub span: Span,
    /// Exactly what stands in a quote.
    pub with: String,
}

/// Finds claims and judges them.
pub trait Engine: Send + Sync {
    /// `builtin`, or the provider's name.
    fn name(&self) -> &'static str;
    /// Changes whenever the same input may give another judgement.
    fn version(&self) -> &'static str;
    /// The check-worthy statements of a text, in order, without overlap.
    fn claims(&self, text: &Text) -> Vec<ClaimSpan>;
    /// Weighs the passages, best first, for one claim.
    fn judge(&self, claim: &ClaimSpan, passages: &[Passage<'_>]) -> Judgement;
}
