//! The gate: fails where Clara's share of a call has grown by more than a fifth since the recorded ratio. What is compared is
//! the processor time that the two servers took for the same calls in turns, so that whatever else the machine does counts
//! little: `CLARA_BENCH_GATE=check cargo bench --profile dev --bench http`, and `=record` after a change that is meant.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::load::{Until, run};
use crate::servers::Server;
use crate::{Outcome, Work, same_answer};

/// How much of the recorded ratio there must be.
const MIN_SHARE: f64 = 0.8;
const CLIENTS: usize = 8;
const PAIRS: usize = 5;
/// Calls of each half of a pair: enough that a clock of a hundredth of a second is fine enough.
const CALLS: usize = 800;

/// Whether the gate is asked for.
pub fn wanted() -> Option<String> {
    std::env::var("CLARA_BENCH_GATE").ok()
}

/// Measures each kind of call, and compares or records the ratios.
pub async fn pass(bare: &Server, clara: &Server, works: &[Work], wanted: &str) -> Outcome<()> {
    let mut ratios = BTreeMap::new();
    for work in works {
        same_answer(bare, clara, work).await?;
        let mut pairs = Vec::with_capacity(PAIRS);
        for _ in 0..PAIRS {
            let limit = processor_time(bare, work).await?;
            let own = processor_time(clara, work).await?;
            pairs.push(limit.as_secs_f64() / own.as_secs_f64());
        }
        pairs.sort_by(f64::total_cmp);
        ratios.insert(work.name.to_owned(), pairs[PAIRS / 2]);
    }
    if wanted == "record" {
        let lines: Vec<String> = ratios
            .iter()
            .map(|(name, ratio)| format!("{ratio:.2} {name}\n"))
            .collect();
        return Ok(std::fs::write(recorded_in(), lines.concat())?);
    }
    let recorded = recorded(&recorded_in())?;
    let mut fallen = Vec::new();
    for (name, ratio) in &ratios {
        let before = *recorded
            .get(name)
            .ok_or(format!("no ratio of {name} is recorded"))?;
        println!("{name:<28} {ratio:.2} of the bare server, recorded {before:.2}");
        if *ratio < before * MIN_SHARE {
            fallen.push(name.as_str());
        }
    }
    if fallen.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more than a fifth slower than recorded: {}",
        fallen.join(", ")
    )
    .into())
}

async fn processor_time(server: &Server, work: &Work) -> Outcome<Duration> {
    let before = server.processor_time()?;
    let until = Until::Calls(CALLS);
    run(server.address, &work.request, "success", CLIENTS, until).await?;
    Ok(server.processor_time()?.saturating_sub(before))
}

fn recorded_in() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/http/ratios.txt")
}

fn recorded(path: &Path) -> Outcome<BTreeMap<String, f64>> {
    let text = std::fs::read_to_string(path)?;
    text.lines()
        .map(|line| {
            let (ratio, name) = line
                .split_once(' ')
                .ok_or("a line of ratios.txt has no name")?;
            Ok((name.to_owned(), ratio.parse()?))
        })
        .collect()
}
