//! What verdicts were worth on claims that the engine had never met, as a table for `docs/engine.md`, with the interval in
//! which each share lies (Wilson, 95 %):
//!
//! ```text
//! cargo run -p clara-analysis --example first_sight
//! ```
//!
//! A row of `tests/fixtures/first_sight.csv` is written once, with what `measure` prints when a set first meets the engine, before
//! anything is mended for it. No stated confidence may be higher than the share of all everyday sets together.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;

/// The rows: the set's name, verdicts given, and those of them that were wrong.
const FIRST_SIGHT: &str = include_str!("../tests/fixtures/first_sight.csv");

fn main() -> Result<(), Box<dyn Error>> {
    println!("| set, when first met | decided | wrong | right | 95 % |");
    println!("|---|---|---|---|---|");
    let (mut decided, mut wrong) = (0.0, 0.0);
    for line in FIRST_SIGHT.lines().skip(1) {
        let mut fields = line.rsplitn(3, ',');
        let bad: f64 = fields.next().unwrap_or_default().parse()?;
        let all: f64 = fields.next().unwrap_or_default().parse()?;
        let name = fields.next().unwrap_or_default().trim_matches('"');
        if name.starts_with("everyday") {
            decided += all;
            wrong += bad;
        }
        print_row(name, all, bad);
    }
    print_row("**everyday, all of them**", decided, wrong);
    Ok(())
}

fn print_row(name: &str, decided: f64, wrong: f64) {
    let right = (decided - wrong) / decided;
    let (low, high) = wilson(right, decided);
    println!("| {name} | {decided} | {wrong} | {right:.2} | {low:.2}–{high:.2} |");
}

/// The interval in which a share of so many lies with 95 %.
fn wilson(share: f64, of: f64) -> (f64, f64) {
    const Z: f64 = 1.96;
    let divisor = 1.0 + Z * Z / of;
    let middle = share + Z * Z / (2.0 * of);
    let spread = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
    ((middle - spread) / divisor, (middle + spread) / divisor)
}
