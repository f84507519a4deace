//! The operations as a whole: who may call what (a snapshot of every case), laws over all tools, and the published
//! contracts in `tools/`. No face and no process is needed for any of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/mod.rs"]
mod support;

mod access;
mod audited;
mod contracts;
mod hostile;
mod limits;
mod providers;
