//! Models over HTTP, from the question to the report: each provider's protocol, what servers do wrong, and documents that try to
//! talk a model into something.
#![expect(
    clippy::unwrap_used,
    reason = "where the fake server cannot be reached, these tests have failed"
)]

mod analysis;
mod answers;
mod injections;
