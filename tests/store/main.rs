//! Store and services against real databases: every test on SQLite and on PostgreSQL, a database each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and this one prints its own summary"
)]

mod accounts;
mod books;
mod codes;
mod common;
mod crash;
mod ended;
#[path = "../support/worlds.rs"]
mod harness;
mod leaving;
mod ledger;
mod limits;
mod mails;
mod page_requests;
mod proofs;
mod queue;
mod removal;
mod schema;
mod sessions;
mod tasks;

fn main() -> std::process::ExitCode {
    if let Some(ended) = crash::as_victim() {
        return ended;
    }
    let mut cases = Vec::new();
    cases.extend(schema::cases());
    cases.extend(accounts::cases());
    cases.extend(codes::cases());
    cases.extend(sessions::cases());
    cases.extend(page_requests::cases());
    cases.extend(ended::cases());
    cases.extend(leaving::cases());
    cases.extend(ledger::cases());
    cases.extend(books::cases());
    cases.extend(proofs::cases());
    cases.extend(removal::cases());
    cases.extend(crash::cases());
    cases.extend(mails::cases());
    cases.extend(tasks::cases());
    cases.extend(queue::cases());
    cases.extend(limits::cases());
    harness::run(cases, Vec::new())
}
