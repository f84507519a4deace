//! Clara over MCP on standard input and output: the real binary, driven by a client of the protocol's own SDK and, where
//! the protocol is broken on purpose, by plain lines.

#[path = "../support/mod.rs"]
mod support;

mod agent;
mod bad_input;
mod identity;
mod protocol;
