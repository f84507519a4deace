//! `clara serve` as a server: who may come in, how much at once, how it is watched, and how it stops.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may, in its helping functions too"
)]

#[path = "../support/mod.rs"]
mod support;

mod admission;
mod faults;
mod limits;
mod rest;
mod secrets;
mod start;
mod stop;
mod together;
mod watched;

/// A client that keeps no connection and follows nothing.
fn client() -> reqwest::Client {
    // One TLS provider for the process; a second test finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}
