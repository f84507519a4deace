//! A sentence somebody stated that can be checked, with where it stands. How it was found, and what becomes of it, it
//! must not know.

use super::text::Span;

/// A check-worthy statement of the submitted text: `text` is exactly what stands at `span`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimSpan {
    pub text: String,
    pub span: Span,
}
