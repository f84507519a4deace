//! Tests that run on both databases, SQLite and PostgreSQL, a database each. Their main is their own: it lists each of them once a
//! database, says how many ran on each, and this program started again is the Stripe of the tests, or what they kill.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and says what it skips"
)]

mod google;
mod mail;
mod money;
mod store;

use std::process::ExitCode;

use clara_test_support::worlds;

fn main() -> ExitCode {
    let ended = clara_fake_stripe::as_server()
        .or_else(money::crash::as_victim)
        .or_else(store::crash::as_victim);
    if let Some(ended) = ended {
        return ended;
    }
    let (mut cases, mut more) = match google::tests() {
        Ok(tests) => tests,
        Err(missing) => {
            eprintln!("{missing}");
            return ExitCode::FAILURE;
        }
    };
    cases.extend(mail::cases());
    cases.extend(money::cases());
    cases.extend(store::cases());
    more.extend(money::trials());
    worlds::run(cases, more)
}
