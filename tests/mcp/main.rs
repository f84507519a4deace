//! Clara over MCP on standard input and output: the real binary, driven by a client of the protocol's own SDK and, where
//! the protocol is broken on purpose, by plain lines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/mod.rs"]
mod support;

mod agent;
mod bad_input;
mod identity;
mod protocol;
