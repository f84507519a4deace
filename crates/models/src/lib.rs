//! Language models as judges: four protocols over HTTP, one client with time-outs, retries and bounds; and a service that hears
//! recordings, by the same client. What a model answers is a proposal that the analysis checks; nothing here decides a verdict. No
//! key, address, question or answer goes into a log, an error or a report.
#![forbid(unsafe_code)]

mod answer;
mod client;
mod model;
mod prompt;
mod providers;
mod schema;
mod transcription;

pub use client::{MAX_ANSWER_BYTES, RetryPolicy};
pub use model::{Model, ModelOptions};
pub use providers::Provider;
pub use transcription::{Transcriber, TranscriberOptions};
