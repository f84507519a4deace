//! A local model of natural-language inference as a judge: does a passage entail a claim, contradict it, or neither? Pure Rust, from
//! the files as they are published; no text leaves the machine. What it finds is a proposal that the analysis checks.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::float_cmp, reason = "tests compare what was set exactly")
)]

mod architectures;
mod classifier;
mod config;
pub mod fetch;
mod judge;
mod layers;
mod premises;
mod tokens;
mod verdict;
mod weights;

pub use classifier::{Classifier, LoadError, ModelFolder, Relation};
pub use judge::{ENGINE, NliJudge};
pub use verdict::{MAX_OPPOSITE, MIN_CONTRADICTION, MIN_ENTAILMENT};
