//! What the analysis knows of written English: lines and sentences, words and stems, quantities, a small lexicon.
//! Claims, evidence and verdicts stand on it; it must not know what a claim, a source or a verdict is.

pub mod detect;
pub mod lexicon;
pub mod lines;
pub mod sentences;
pub mod words;

/// A count as a number to calculate with; counts beyond four thousand million are not met here.
pub fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A share of two counts, nothing where there is nothing to share.
pub fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
