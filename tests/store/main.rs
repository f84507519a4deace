//! Store and services against real databases: every test on SQLite and on PostgreSQL, a database each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and this one prints its own summary"
)]

mod accounts;
mod harness;
mod ledger;
mod mails;
mod schema;
mod tasks;

fn main() -> std::process::ExitCode {
    let mut cases = Vec::new();
    cases.extend(schema::cases());
    cases.extend(accounts::cases());
    cases.extend(ledger::cases());
    cases.extend(mails::cases());
    cases.extend(tasks::cases());
    harness::run(cases)
}
