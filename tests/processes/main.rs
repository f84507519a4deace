//! Many processes on one data directory, and processes that end at the worst moment: nothing is lost, made twice or
//! left half done.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/mod.rs"]
mod support;

mod crash;
mod together;
