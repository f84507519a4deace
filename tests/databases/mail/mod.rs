//! Mails: how they look, and what becomes of them at a real mail server that behaves well or badly. Each on SQLite and on
//! PostgreSQL. The server is PyPI's aiosmtpd, which `tests/clients/run install` fetches; without it its tests are skipped,
//! and one line says so.

mod arriving;
mod doctor;
mod failing;
mod letters;
mod post;
mod stalling;

use clara_test_support::{self as support, authenticator, worlds as harness};

/// The tests that run on both databases.
pub fn cases() -> Vec<harness::Case> {
    let mut cases = letters::cases();
    if post::is_open() {
        cases.extend(arriving::cases());
        cases.extend(failing::cases());
        cases.extend(stalling::cases());
        cases.extend(doctor::cases());
    }
    cases
}
