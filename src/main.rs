//! The `clara` program: hands its arguments to the command line. All else is in the library.

use std::process::ExitCode;

/// A call makes some hundreds of short-lived allocations, and signing in one of 19 MB: this allocator is faster at the first
/// and gives the second back. `docs/performance.md` has the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // One TLS provider for the whole program, before anything can want one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    clara::faces::cli::run(std::env::args_os().collect())
}
