//! Signing in with Google against real databases: tokens are signed here, and by a provider that others wrote, in a process
//! of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and says what it skips"
)]

mod attacks;
#[path = "../support/authenticator.rs"]
mod authenticator;
mod coming;
mod deciding;
mod factors;
#[path = "../support/worlds.rs"]
mod harness;
mod linking;
#[path = "../support/parts.rs"]
mod parts;
mod provider;
#[path = "../support/rest.rs"]
mod rest;
mod served;
mod signing;
#[path = "../support/mod.rs"]
mod support;

fn main() -> std::process::ExitCode {
    let mut cases = Vec::new();
    cases.extend(coming::cases());
    cases.extend(linking::cases());
    cases.extend(deciding::cases());
    cases.extend(factors::cases());
    let mut more = served::trials();
    match parts::found("Google's stand-in", "npm/node_modules/oauth2-mock-server") {
        Ok(true) => {
            cases.extend(provider::cases());
            more.extend(attacks::trials());
        }
        Ok(false) => {}
        Err(missing) => {
            eprintln!("{missing}");
            return std::process::ExitCode::FAILURE;
        }
    }
    harness::run(cases, more)
}
