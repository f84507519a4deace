//! Money against real databases and a Stripe that is not Stripe: every test on SQLite and on PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that cannot go on panics, and the fake says where it listens"
)]

mod fake;

fn main() -> std::process::ExitCode {
    if let Some(ended) = fake::as_server() {
        return ended;
    }
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, fake::trials()).exit_code()
}
