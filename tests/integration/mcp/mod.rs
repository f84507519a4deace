//! Clara over MCP on standard input and output: the real binary, driven by a client of the protocol's own SDK and, where
//! the protocol is broken on purpose, by plain lines.

mod agent;
mod arguments;
mod bad_input;
mod dropping_files;
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

use clara_test_support::{
    self as support, browser, every_field, person, signing_in as signing_in_support, till,
};
