//! Mails: how they look, and what becomes of them at a real mail server that behaves well or badly. Each on SQLite and on
//! PostgreSQL. The server is PyPI's aiosmtpd, which `tests/clients/run install` fetches; without it its tests are skipped,
//! and one line says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and this one prints its own summary"
)]

mod arriving;
#[path = "../support/authenticator.rs"]
mod authenticator;
mod doctor;
mod failing;
#[path = "../support/worlds.rs"]
mod harness;
mod letters;
mod post;
mod stalling;
#[path = "../support/mod.rs"]
mod support;

fn main() -> std::process::ExitCode {
    let mut cases = letters::cases();
    if post::is_open() {
        cases.extend(arriving::cases());
        cases.extend(failing::cases());
        cases.extend(stalling::cases());
        cases.extend(doctor::cases());
    }
    harness::run(cases, Vec::new())
}
