//! Clara over MCP by URL: a real `clara serve`, driven by the protocol's own client library and, where the protocol itself
//! is looked at, by plain requests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]
#![allow(
    clippy::needless_pass_by_value,
    reason = "json! is written where it is passed"
)]

#[path = "../support/browser.rs"]
mod browser;
#[path = "../support/every_field.rs"]
mod every_field;
#[path = "../support/forgery.rs"]
mod forgery;
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

mod arguments;
mod credentials;
mod giving_up;
mod handshakes;
mod house;
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
