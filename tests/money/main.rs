//! Money against real databases and a Stripe that is not Stripe: every test on SQLite and on PostgreSQL.

fn main() {}
