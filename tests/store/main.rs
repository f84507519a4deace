//! Store and services against real databases: every test on SQLite and on PostgreSQL, a database each.

mod accounts;
mod harness;
mod ledger;
mod mails;
mod schema;

fn main() -> std::process::ExitCode {
    let mut cases = Vec::new();
    cases.extend(schema::cases());
    cases.extend(accounts::cases());
    cases.extend(ledger::cases());
    cases.extend(mails::cases());
    harness::run(cases)
}
