//! Money against real databases and a Stripe that is not Stripe: every test on SQLite and on PostgreSQL, each with a fake
//! of its own in a process of its own.

use libtest_mimic::Trial;

mod buying;
pub mod crash;
mod machine;
mod processes;
mod reconciling;
mod reversing;
mod settling;
mod shop;
mod test_mode;
mod together;
mod trail;

use clara_test_support::{self as support, rest, worlds as harness};

/// The tests that run on both databases.
pub fn cases() -> Vec<harness::Case> {
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
    cases
}

/// The tests that need no database of their own.
pub fn trials() -> Vec<Trial> {
    let mut trials = clara_fake_stripe::trials();
    trials.extend(test_mode::trials());
    trials
}
