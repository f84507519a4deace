//! The published contract over HTTP: the OpenAPI document as a whole (a snapshot), laws over everything in it, and how it
//! and the pages for people are served.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/mod.rs"]
mod support;

mod document;
mod served;
