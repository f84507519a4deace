//! Clara over MCP by URL: a real `clara serve`, driven by the protocol's own client library and, where the protocol itself
//! is looked at, by plain requests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/mod.rs"]
mod support;

mod credentials;
mod house;
mod limits;
mod offers;
mod sse;
mod transport;
mod waiting;
