//! Everything that is tested from outside and needs no main of its own: the program as clients, people and operators meet it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::needless_pass_by_value,
    reason = "a test may, in its helping functions too"
)]

mod architecture;
mod broken_files;
mod cli;
// A release build does not know how to misbehave.
#[cfg(debug_assertions)]
mod confinement;
#[cfg(target_os = "linux")]
mod extracted;
mod mcp;
mod mcp_http;
#[cfg(target_os = "linux")]
mod ocr;
mod openapi;
mod operations;
mod pages;
mod parity;
mod processes;
mod reading;
#[cfg(target_os = "linux")]
mod recordings;
mod rest;
mod serving;
