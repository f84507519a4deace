//! `clara serve` as a server: who may come in, how much at once, how it is watched, and how it stops.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/postgres.rs"]
mod postgres;
#[path = "../support/rest.rs"]
mod rest;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/till.rs"]
mod till;

mod admission;
mod away;
mod faults;
mod limits;
mod preflight;
mod second_factor;
mod secret_key;
mod secrets;
mod start;
mod stop;
mod together;
mod watched;

use rest::client;
