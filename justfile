# Short names for what is done often. `just` alone lists them.

_list:
    @just --list --unsorted

# What a fresh clone needs beyond Rust and a C compiler
setup:
    rustup component add rustfmt clippy
    cargo fetch --locked

# The tests, as the README has them; PostgreSQL is used where it answers
test *arguments:
    cargo test --locked --workspace {{arguments}}

# Quick: formatting and lints, no tests
check:
    cargo fmt --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# The whole gate, as every change must pass it
ci:
    .ci/run

# Clients that others wrote, against this clara: python, typescript, inspector, conformance, openapi, frameworks, or all of them (stripe is `just stripe`)
clients *names="python typescript inspector conformance openapi frameworks":
    cargo test --locked --no-run --test integration
    tests/clients/run {{names}}

# What the tests of money asked the fake Stripe, and what it answered, against Stripe's own schema
stripe:
    rm -rf target/stripe-journal
    CLARA_FAKE_STRIPE_JOURNAL="$PWD/target/stripe-journal" cargo test --locked --test databases
    tests/clients/run stripe

# The guides, each block as it stands; fetches what they need
guides:
    cargo test --locked --no-run --test integration
    tests/clients/run guides

# The main job, end to end
quickstart:
    cargo run --locked --example quickstart

# The bundle for one-click installs on this platform: target/bundles/clara-VERSION.mcpb
bundle:
    cargo build --profile bundle --locked
    python3 packaging/bundle.py target/bundle/clara target/bundles

# Writes the published contract of every tool; read the difference before you commit it
tools:
    cargo run --locked --quiet -- tools --write tools

# Looks at changed snapshots and writes the new ones; read the difference before you commit it
snapshots:
    INSTA_UPDATE=always cargo test --locked --workspace

# Looks for inputs that break our parsers: attachments, tables, sentences, statements or verdicts; needs nightly Rust and cargo-fuzz
fuzz target="attachments" seconds="60":
    mkdir -p fuzz/corpus/{{target}}
    cargo +nightly fuzz run --dev {{target}} -- -max_total_time={{seconds}} -max_len=20000 -timeout=20 -rss_limit_mb=4096

# Licences, bans and sources of the dependencies
deny:
    cargo deny check licenses bans sources

# Cold start, memory and calls a second over stdio
bench:
    cargo bench --locked --bench stdio

# Calls a second beside a server that does nothing else, latency on every transport, memory; a quiet machine, ten minutes
bench-http:
    cargo bench --locked --bench http

# Analyses accepted and finished a second, on SQLite and PostgreSQL
bench-tasks:
    cargo bench --locked --bench tasks

# What the gate holds each kind of call to; `just ratios record` after a change that is meant
ratios what="check":
    CLARA_BENCH_GATE={{what}} cargo bench --locked --profile dev --bench http

# Attacks on a release server beside a user who calls once a second: latency, memory, disk and log, four minutes
siege seconds="30":
    cargo build --release --locked
    tests/siege/siege.py target/release/clara --seconds {{seconds}}

# What is taken of speech that is heard badly: espeak-ng speaks, pocketsphinx hears; two minutes
bench-speech:
    cargo build --locked
    benches/speech/run

# How fast purchases are settled, on SQLite and PostgreSQL
bench-money:
    cargo bench --locked --bench money

# Whether times tell who has an account, and sign-ins a second, on SQLite and PostgreSQL; a quarter of an hour on a quiet machine
bench-identity:
    cargo bench --locked --bench identity

# What the engine is worth on labelled claims, per data set; docs/engine.md says what the columns mean
factcheck *files:
    cargo run --release --locked -p clara-analysis --example measure -- {{files}}

# The same with a model after it: `just factcheck-with openai --max-cost 5 FILE…`; goes on where it was stopped
factcheck-with engine *arguments:
    cargo bench --locked --bench factcheck -- --engine {{engine}} {{arguments}}

# Long: the books under random interleavings of parallel writers, and against their model with seeds of its own, both on
# both databases
soak cases="500" steps="12500" seed="1":
    CLARA_SOAK_CASES={{cases}} cargo test --locked --test databases interleaving
    CLARA_SOAK_STEPS={{steps}} CLARA_SOAK_SEED={{seed}} cargo test --locked --test databases machine

# Long: parsers and texts under arbitrary input, and the whole REST face against its published schemas
fuzz cases="20000" examples="500":
    PROPTEST_CASES={{cases}} cargo test --locked --lib
    cargo test --locked --no-run --test integration
    CLARA_FUZZ_EXAMPLES={{examples}} tests/clients/run openapi

# How much of a folder's files is read, against readers of other makes; without a folder, of files made for it
reading folder="":
    benches/reading/run {{folder}}
