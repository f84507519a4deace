//! A Stripe that is not Stripe: a small process of its own that speaks Stripe's HTTP protocol, keeps all it knows in memory,
//! and goes wrong on demand. Nothing in it is shared with what it tests.
//!
//! It is the test binary started again with [`ADDRESS`] in its environment:
//!
//! ```text
//! CLARA_FAKE_STRIPE=127.0.0.1:12111 cargo test --test databases
//! ```
//!
//! and lives as long as its standard input. Tests take a [`Fake`]: it starts one and ends it, and has a method for all that
//! happens at Stripe's without us, such as a person who pays.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and the fake says where it listens"
)]

mod api;
mod checkout;
mod commands;
mod control;
mod deliveries;
mod endpoints;
mod handle;
mod idempotency;
mod journal;
mod objects;
mod parameters;
mod payments;
mod problem;
mod push;
mod server;
mod state;
mod tests;

use std::process::ExitCode;

pub use commands::{Delivery, Push, Sent, What};
pub use handle::Fake;
pub use push::shuffle;
pub use tests::trials;

/// Where the process is to listen; its presence makes the test binary a Stripe.
const ADDRESS: &str = "CLARA_FAKE_STRIPE";
/// The price of a credit, which every fake has: one cent.
pub const PRICE: &str = "price_credit";
/// Deliveries are signed with this until a test says otherwise.
pub const SECRET: &str = "whsec_of_the_fake_stripe";
/// The version in which events are written, and which async-stripe speaks.
pub const VERSION: &str = "2026-09-30.endive";

/// Where this process was started to be a Stripe, its end.
pub fn as_server() -> Option<ExitCode> {
    let address = std::env::var(ADDRESS).ok()?;
    Some(server::run(&address))
}
