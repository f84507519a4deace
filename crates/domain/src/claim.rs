//! A sentence somebody stated that can be checked, with where it stands. How it was found, and what becomes of it, it
//! must not know.

use super::text::Span;

/// A check-worthy statement of the submitted text: `text` is exactly what stands at `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimSpan {
    pub text: String,
    pub span: Span,
    /// The sentences before it in its paragraph, nearest first: what its pronouns lean on.
    pub before: Vec<String>,
}

/// A sentence of the submission that was not checked, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    pub text: String,
    pub span: Span,
    /// `a question`, `an instruction`, …
    pub reason: &'static str,
}
