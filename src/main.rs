//! The `clara` program: hands its arguments to the command line. All else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // One TLS provider for the whole program, before anything can want one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    clara::faces::cli::run(std::env::args_os().collect())
}
