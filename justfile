# Short names for what is done often. `just` alone lists them.

_list:
    @just --list --unsorted

# What a fresh clone needs beyond Rust and a C compiler
setup:
    rustup component add rustfmt clippy
    cargo fetch --locked

# The tests, as the README has them; PostgreSQL is used where it answers
test *arguments:
    cargo test --locked {{arguments}}

# Quick: formatting and lints, no tests
check:
    cargo fmt --check
    cargo clippy --all-targets --locked -- -D warnings

# The whole gate, as every change must pass it
ci:
    .ci/run

# The main job, end to end
quickstart:
    cargo run --locked --example quickstart

# Writes the published contract of every tool; read the difference before you commit it
tools:
    cargo run --locked --quiet -- tools --write tools

# Looks at changed snapshots and writes the new ones; read the difference before you commit it
snapshots:
    INSTA_UPDATE=always cargo test --locked

# Licences, bans and sources of the dependencies
deny:
    cargo deny check licenses bans sources

# Cold start, memory and calls a second over stdio
bench:
    cargo bench --locked --bench stdio
