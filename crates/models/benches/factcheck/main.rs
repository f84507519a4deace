//! What an engine is worth on labelled claims:
//!
//! ```text
//! cargo bench --bench factcheck -- --engine openai --max-cost 5 --out target/factcheck.jsonl dev.jsonl claims.jsonl
//! ```
//!
//! A line of a file is one claim, as the example `measure` of `clara-analysis` takes it. `--engine` is `builtin`, `scripted` (a
//! model in this process that supports each claim with its first passage), `openai`, `anthropic`, `gemini` or `ollama`; those
//! read `CLARA_MODEL`, `CLARA_MODEL_URL`, `CLARA_MODEL_API_KEY`, `CLARA_MODEL_PRICE_INPUT` and `CLARA_MODEL_PRICE_OUTPUT`; or `nli`
//! with the model's folder in `CLARA_MODEL`.
//! Each row goes the whole way to the verified report. Rows that are in `--out` are not judged again. It stops before
//! `--max-cost`, `--max-calls` or `--max-rows` are passed, all of them counted with what `--out` has already.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

mod arguments;
mod rows;
mod table;

use std::collections::HashSet;
use std::error::Error;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use clara_analysis::asking::{Session, ask};
use clara_analysis::engine::judge::{Judge, JudgeScope, ModelEngine};
use clara_analysis::engine::spending::{Budget, ModelUsage, Prices};
use clara_analysis::report::Report;
use clara_domain::randomness::SystemRandomness;
use clara_models::{Model, ModelOptions, Provider, RetryPolicy};
use clara_nli::NliJudge;
use serde_json::{Value, json};

use arguments::{Arguments, Chosen};
use clara_fake_model::{FakeModel, Reply, Seen};
use rows::{Outcome, Row, read_rows, said};
use table::print_tables;

/// After so many rows in a row without an answer something is wrong that more rows will not mend.
const MAX_FAILURES: usize = 3;

/// What was used by all rows.
#[derive(Debug, Clone, Copy, Default)]
struct Spent {
    calls: u32,
    cost: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    // Whoever gets here without a process-wide provider has no TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let scripted = match arguments.engine {
        Chosen::Scripted => Some(FakeModel::start(Provider::OpenAi, first_passage).await),
        _ => None,
    };
    let model = model(arguments, scripted.as_ref())?;
    let mut outcomes = arguments.known()?;
    let known: HashSet<String> = outcomes.iter().map(|one| one.key.clone()).collect();
    let mut spent = Spent::default();
    for one in &outcomes {
        spent.add(one.usage);
    }
    let mut file = arguments.writer()?;
    let (mut new, mut failures) = (0, 0);
    for row in read_rows(&arguments.files)? {
        if known.contains(&row.key) {
            continue;
        }
        if let Some(bound) = bound_reached(arguments, spent, new, failures) {
            println!("stopped before row {}: {bound}", row.key);
            break;
        }
        let (report, is_answered) = judged(&row, model.as_ref(), arguments, spent).await?;
        let usage = report.engine.judge.as_ref().map(|judge| judge.usage);
        spent.add(usage);
        if !is_answered {
            // Not written, so that the next run tries it again.
            failures += 1;
            for limit in &report.limits {
                println!("{}: {} {}", row.key, limit.what, limit.reason);
            }
            continue;
        }
        (new, failures) = (new + 1, 0);
        let outcome = Outcome::new(&row, said(&report), usage);
        writeln!(file, "{}", serde_json::to_string(&outcome)?)?;
        outcomes.push(outcome);
    }
    println!(
        "engine {}, {new} rows judged now, {} in all; {} calls, {:.4} spent",
        arguments.engine.name(),
        outcomes.len(),
        spent.calls,
        spent.cost
    );
    print_tables(&outcomes);
    Ok(())
}

impl Spent {
    fn add(&mut self, usage: Option<ModelUsage>) {
        if let Some(usage) = usage {
            self.calls += usage.calls;
            self.cost += usage.cost.unwrap_or_default();
        }
    }
}

fn bound_reached(
    arguments: &Arguments,
    spent: Spent,
    new: usize,
    failures: usize,
) -> Option<String> {
    let cost = arguments.max_cost.filter(|most| spent.cost >= *most);
    let calls = arguments.max_calls.filter(|most| spent.calls >= *most);
    let rows = arguments.max_rows.filter(|most| new >= *most);
    cost.map(|most| format!("--max-cost {most}"))
        .or_else(|| calls.map(|most| format!("--max-calls {most}")))
        .or_else(|| rows.map(|most| format!("--max-rows {most}")))
        .or_else(|| {
            (failures >= MAX_FAILURES).then(|| format!("{failures} rows without an answer"))
        })
}

/// The model that is asked, where one is.
fn model(
    arguments: &Arguments,
    scripted: Option<&FakeModel>,
) -> Result<Option<Arc<dyn Judge>>, Box<dyn Error>> {
    let (provider, name, url) = match arguments.engine {
        Chosen::Builtin => return Ok(None),
        Chosen::Nli => {
            let folder = std::env::var("CLARA_MODEL").map_err(|_| "CLARA_MODEL is not set")?;
            let threads = std::thread::available_parallelism()?.get();
            return Ok(Some(Arc::new(NliJudge::open(folder.as_ref(), threads)?)));
        }
        Chosen::Scripted => {
            let url = scripted.map(|server| server.url.clone());
            (Provider::OpenAi, "scripted".to_owned(), url)
        }
        Chosen::Provider(provider) => {
            let name = std::env::var("CLARA_MODEL").map_err(|_| "CLARA_MODEL is not set")?;
            let url = std::env::var("CLARA_MODEL_URL").ok();
            (provider, name, url.map(|url| url.parse()).transpose()?)
        }
    };
    let model = Model::new(ModelOptions {
        provider,
        model: name,
        url,
        api_key: std::env::var("CLARA_MODEL_API_KEY").ok().map(Into::into),
        max_concurrent_calls: 4,
        call_timeout: Duration::from_mins(2),
        retry: RetryPolicy::default(),
        randomness: Arc::new(SystemRandomness),
    })?;
    Ok(Some(Arc::new(model)))
}

/// The report of a row, and whether the model answered all that it was asked.
async fn judged(
    row: &Row,
    model: Option<&Arc<dyn Judge>>,
    arguments: &Arguments,
    spent: Spent,
) -> Result<(Report, bool), Box<dyn Error>> {
    let (report, material) = row.report()?;
    let Some(model) = model else {
        return Ok((report, true));
    };
    let engine = ModelEngine {
        judge: model.clone(),
        scope: if arguments.judges_all {
            JudgeScope::All
        } else {
            JudgeScope::Open
        },
        finds_claims: false,
        budget: Budget {
            max_calls: arguments
                .max_calls
                .map_or(20, |most| most.saturating_sub(spent.calls).clamp(1, 20)),
            max_tokens: 200_000,
            max_time: Duration::from_mins(5),
            max_cost: arguments.max_cost.map(|most| most - spent.cost),
            prices: prices()?,
        },
        concurrency: 1,
    };
    let session = Session::new(engine);
    let report = ask(&session, report, Arc::new(material), &|_, _| {}).await;
    Ok((report, session.unanswered() == 0))
}

fn prices() -> Result<Option<Prices>, Box<dyn Error>> {
    let price = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|price| price.parse::<f64>())
            .transpose()
    };
    let (input, output) = (
        price("CLARA_MODEL_PRICE_INPUT")?,
        price("CLARA_MODEL_PRICE_OUTPUT")?,
    );
    Ok(input
        .zip(output)
        .map(|(input, output)| Prices { input, output }))
}

/// Supports each claim with its first passage: what a model without any sense does.
fn first_passage(seen: &Seen, _: usize) -> Reply {
    let judgements: Vec<Value> = seen
        .claims()
        .iter()
        .map(|claim| {
            let passage = &claim["passages"][0];
            json!({
                "claim": claim["id"],
                "verdict": "supported",
                "quotes": [{"passage": passage["id"], "text": passage["text"], "stance": "supports"}],
                "rationale": "It stands in the first passage.",
                "correction": {"replace": "", "with": ""},
            })
        })
        .collect();
    Reply::Text(json!({ "judgements": judgements }).to_string())
}
