//! What Clara says of a claim, and of one piece of evidence against it. How it is found it must not know: engines
//! propose it, and the report holds them to their quotes.

/// What the evidence, taken together, says of a claim.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Supported,
    Refuted,
    Conflicting,
    NotEnoughEvidence,
}

/// What one quote says of a claim.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    Supports,
    Refutes,
    /// About the claim, but deciding nothing.
    Neutral,
}

/// A named reason for a verdict that a person can follow: which check, where it points, and on what.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Check {
    /// A stable name such as `year_differs`.
    pub name: String,
    pub points_to: Verdict,
    /// What was compared, in words: `claim 1931, source 1933, same event words: bridge, opened`.
    pub detail: String,
}
