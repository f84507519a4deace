//! Clara over MCP by URL: a real `clara serve`, driven by the protocol's own client library and, where the protocol itself
//! is looked at, by plain requests.

mod arguments;
mod credentials;
mod dropping_files;
mod giving_up;
mod handshakes;
mod limits;
mod offers;
mod pages;
mod restarts;
mod secrets;
mod signing_in;
mod sse;
mod strict;
mod tokens;
mod transport;
mod waiting;

use clara_test_support::{
    self as support, browser, every_field, forgery, person, signing_in as signing_in_support, till,
};
