//! How long judging and searching take on a source of 300 pages: `cargo run --release -p clara-analysis --example judging`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement for whoever works on the analysis"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use clara_analysis::engine::builtin::Builtin;
use clara_analysis::judging::{CallerJudgement, CallerQuote, judge};
use clara_analysis::material::Material;
use clara_analysis::pipeline::{Control, weigh};
use clara_analysis::report::{EngineInfo, JudgedBy, Milliseconds, ReportInput, build};
use clara_analysis::search::Searcher;
use clara_domain::evidence::{Place, Source, SourceKind};
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;

const PAGES: u32 = 300;
const SENTENCES: u32 = 40;
const ROUNDS: u32 = 21;

/// A report of made-up bridges: 300 pages of 40 sentences each.
fn long_source() -> Source {
    let mut text = String::new();
    let mut places = Vec::new();
    let mut characters = 0;
    for page in 1..=PAGES {
        places.push(Place {
            start: characters,
            page: Some(page),
            seconds: None,
            label: None,
            ..Place::default()
        });
        for line in 1..=SENTENCES {
            let (span, year) = (
                100 + (page * 7 + line * 13) % 900,
                1800 + (page + line) % 220,
            );
            let sentence = format!(
                "The bridge of district {page}, number {line}, has a main span of {span} metres and was opened in {year}.\n"
            );
            characters += sentence.chars().count();
            text.push_str(&sentence);
        }
    }
    let mut long = Source::of_text("s1", SourceKind::Attachment, Text::new(text));
    long.places = places;
    long
}

/// The middle of several rounds.
fn median(mut round: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            round();
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

fn main() {
    let claims = "The bridge of district 250, number 11, is 993 metres long.";
    let material = Arc::new(Material {
        submission: Source::of_text(
            Source::SUBMISSION,
            SourceKind::Submission,
            Text::new(claims.to_owned()),
        ),
        sources: vec![long_source()],
    });
    let weighed = weigh(
        &material.submission,
        &material.sources,
        &Builtin,
        Control::NONE,
    );
    let report = build(ReportInput {
        submission: &material.submission,
        sources: &material.sources,
        judged: weighed.claims,
        not_checked: weighed.not_checked,
        queries: Vec::new(),
        limits: Vec::new(),
        engine: EngineInfo {
            name: "builtin".to_owned(),
            version: "2".to_owned(),
            model: None,
            judge: None,
        },
        milliseconds: Milliseconds::default(),
    });
    let text = material.sources[0].text.as_str();
    println!("source: {} characters, {PAGES} pages", text.chars().count());
    let by = JudgedBy {
        engine: "caller".to_owned(),
        model: None,
    };
    let at = text.find("The bridge of district 250, number 11,").unwrap();
    let exact = text[at..].lines().next().unwrap().to_owned();
    for (what, quote) in [
        ("judge, an exact quote", exact.clone()),
        (
            "judge, a quote with other white space",
            exact.replace(' ', "  "),
        ),
        (
            "judge, a quote that is not there",
            exact.replace("main", "longest"),
        ),
    ] {
        let judgements = [CallerJudgement {
            claim: "c1".to_owned(),
            verdict: Verdict::Refuted,
            quotes: vec![CallerQuote {
                source: "s1".to_owned(),
                text: quote,
                stance: None,
            }],
            rationale: "The source gives it.".to_owned(),
            correction: None,
        }];
        let accepted = judge(&report, &material, &judgements, &by).accepted();
        let took = median(|| {
            judge(&report, &material, &judgements, &by);
        });
        println!("{what} (accepted: {accepted}): {took:?}");
    }
    let bytes = material.to_bytes().unwrap();
    println!("kept: {} bytes", bytes.len());
    println!("write: {:?}", median(|| drop(material.to_bytes())));
    println!(
        "read back: {:?}",
        median(|| drop(Material::from_bytes(&bytes)))
    );
    let started = Instant::now();
    let searcher = Searcher::new(Arc::clone(&material));
    println!("index, once: {:?}", started.elapsed());
    for query in ["district 250 number 11 main span", "opened 1955", "bridge"] {
        let took = median(|| drop(searcher.search(query, None, 10)));
        println!("search {query:?}: {took:?}");
    }
}
