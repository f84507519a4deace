//! The analysis: attachments become sources, the text becomes claims, passages become verdicts, and all of it a report.
//! A pure pipeline: it knows no task, no credit, no account and no protocol.
#![forbid(unsafe_code)]

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

pub use analyse::{Analysed, Engines, Interrupted, Watch, analyse};
