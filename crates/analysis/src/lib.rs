//! The analysis: attachments become sources, the text becomes claims, passages become verdicts, and all of it a report.
//! A pure pipeline: it knows no task, no credit, no account and no protocol.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::duration_suboptimal_units,
        clippy::float_cmp,
        clippy::format_collect,
        clippy::semicolon_if_nothing_returned,
        clippy::single_range_in_vec_init,
        clippy::unnecessary_literal_bound,
        reason = "tests compare what was set exactly, and their tables stay short"
    )
)]

pub mod asking;
pub mod attachments;
pub mod claims;
pub mod engine;
pub mod evidence;
pub mod instructions;
pub mod interruption;
pub mod judging;
pub mod language;
pub mod material;
pub mod pipeline;
pub mod report;
pub mod search;
pub mod statement;
pub mod verdict;

mod analyse;

pub use analyse::{Analysed, Engines, Interrupted, JudgedClaims, Watch, analyse};
