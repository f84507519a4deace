//! Store and services against real databases: every test on SQLite and on PostgreSQL, a database each.

mod accounts;
mod backups;
mod books;
mod codes;
mod common;
pub mod crash;
mod ended;
mod housekeeping;
mod judging;
mod kept_sources;
mod leaving;
mod ledger;
mod limits;
mod login_throttle;
mod mails;
mod newcomers;
mod page_requests;
mod page_sessions;
mod paid_work;
mod passwords;
mod proofs;
mod queue;
mod removal;
mod schema;
mod second_factor;
mod secret_key;
mod sessions;
mod stolen_codes;
mod strangers;
mod tasks;
mod together;
mod trail;
mod upload_requests;
mod uploads;
mod ways_in;

use clara_test_support::{authenticator, worlds as harness};

/// The tests that run on both databases.
pub fn cases() -> Vec<harness::Case> {
    let mut cases = Vec::new();
    cases.extend(schema::cases());
    cases.extend(accounts::cases());
    cases.extend(codes::cases());
    cases.extend(stolen_codes::cases());
    cases.extend(sessions::cases());
    cases.extend(page_requests::cases());
    cases.extend(page_sessions::cases());
    cases.extend(upload_requests::cases());
    cases.extend(ended::cases());
    cases.extend(leaving::cases());
    cases.extend(second_factor::cases());
    cases.extend(secret_key::cases());
    cases.extend(ways_in::cases());
    cases.extend(strangers::cases());
    cases.extend(ledger::cases());
    cases.extend(books::cases());
    cases.extend(proofs::cases());
    cases.extend(removal::cases());
    cases.extend(crash::cases());
    cases.extend(mails::cases());
    cases.extend(tasks::cases());
    cases.extend(together::cases());
    cases.extend(judging::cases());
    cases.extend(kept_sources::cases());
    cases.extend(paid_work::cases());
    cases.extend(uploads::cases());
    cases.extend(queue::cases());
    cases.extend(limits::cases());
    cases.extend(trail::cases());
    cases.extend(housekeeping::cases());
    cases.extend(backups::cases());
    cases.extend(login_throttle::cases());
    cases.extend(newcomers::cases());
    cases.extend(passwords::cases());
    cases
}
