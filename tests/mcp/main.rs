//! Clara over MCP on standard input and output: the real binary, driven by a client of the protocol's own SDK and, where
//! the protocol is broken on purpose, by plain lines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/every_field.rs"]
mod every_field;
#[path = "../support/person.rs"]
mod person;
#[path = "../support/shapes.rs"]
mod shapes;
#[path = "../support/signing_in.rs"]
mod signing_in_support;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/till.rs"]
mod till;

mod agent;
mod arguments;
mod bad_input;
mod giving_up;
mod handshake;
mod identity;
mod install;
mod judging;
mod lines;
mod pages;
mod protocol;
mod results;
mod signing_in;
