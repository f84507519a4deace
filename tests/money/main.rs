//! Money against real databases and a Stripe that is not Stripe: every test on SQLite and on PostgreSQL, each with a fake
//! of its own in a process of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and the fake says where it listens"
)]

mod buying;
mod crash;
mod fake;
#[path = "../support/worlds.rs"]
mod harness;
mod machine;
mod processes;
mod reconciling;
#[path = "../support/rest.rs"]
mod rest;
mod reversing;
mod settling;
mod shop;
#[path = "../support/mod.rs"]
mod support;
mod test_mode;
mod together;
mod trail;

fn main() -> std::process::ExitCode {
    if let Some(ended) = fake::as_server() {
        return ended;
    }
    if let Some(ended) = crash::as_victim() {
        return ended;
    }
    let mut cases = Vec::new();
    cases.extend(buying::cases());
    cases.extend(settling::cases());
    cases.extend(reversing::cases());
    cases.extend(reconciling::cases());
    cases.extend(together::cases());
    cases.extend(trail::cases());
    cases.extend(crash::cases());
    cases.extend(processes::cases());
    cases.extend(machine::cases());
    let mut more = fake::trials();
    more.extend(test_mode::trials());
    harness::run(cases, more)
}
