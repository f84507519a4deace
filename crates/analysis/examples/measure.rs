//! What the builtin engine is worth on labelled claims, and what a claim costs:
//!
//! ```text
//! cargo run --release -p clara-analysis --example measure -- dev.jsonl claims.jsonl [--wrong] [--rows]
//! ```
//!
//! A line is one claim: `claim`, `label`, and its source as `evidence` (texts with titles), `text`, or `document` (a file in
//! the folder `documents` beside the labelled file). Every row goes the whole way from the text to the finished report.
//! Labelled claims are under other people's licences; they are read where they lie and are no part of this project.
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use clara_analysis::attachments::read_here;
use clara_analysis::engine::builtin::Builtin;
use clara_analysis::pipeline::{Control, weigh};
use clara_analysis::report::{EngineInfo, Milliseconds, Report, ReportInput, build, verify};
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;
use serde::Deserialize;

#[derive(Deserialize)]
struct Row {
    claim: String,
    label: Verdict,
    #[serde(default)]
    dataset: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    evidence: Vec<Evidence>,
    text: Option<String>,
    document: Option<String>,
}

#[derive(Deserialize)]
struct Evidence {
    #[serde(default)]
    title: String,
    text: String,
}

struct Outcome {
    group: String,
    label: Verdict,
    said: Verdict,
    confidence: f64,
    took: Duration,
    exact: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (flags, files): (Vec<&String>, Vec<&String>) = arguments
        .iter()
        .partition(|argument| argument.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|given| *given == flag);
    let mut outcomes = Vec::new();
    for file in files {
        let folder = Path::new(file)
            .parent()
            .unwrap_or(Path::new("."))
            .join("documents");
        for line in std::fs::read_to_string(file)?
            .lines()
            .filter(|line| !line.trim().is_empty())
        {
            let row: Row = serde_json::from_str(line)?;
            outcomes.push(outcome(&row, &folder, has("--wrong"), has("--rows"))?);
        }
    }
    let mut groups: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for one in &outcomes {
        groups.entry(one.group.as_str()).or_default().push(one);
    }
    println!(
        "{:<18}{:>7}{:>9}{:>8}{:>11}{:>14}{:>8}{:>10}",
        "set", "claims", "decided", "wrong", "precision", "of decidable", "exact", "ms/claim"
    );
    for (name, members) in &groups {
        print_row(name, members);
    }
    let all: Vec<&Outcome> = outcomes.iter().collect();
    print_row("all", &all);
    println!("\nby confidence:");
    let mut steps: BTreeMap<String, Vec<&Outcome>> = BTreeMap::new();
    for one in outcomes.iter().filter(|one| is_decided(one.said)) {
        steps
            .entry(format!("{:.2} {:?}", one.confidence, one.said))
            .or_default()
            .push(one);
    }
    for (step, members) in steps {
        let right = members.iter().filter(|one| one.said == one.label).count();
        println!(
            "  {step}: {} claims, right {:.2}",
            members.len(),
            share(right, members.len())
        );
    }
    Ok(())
}

fn is_decided(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Supported | Verdict::Refuted | Verdict::Conflicting
    )
}

fn source(id: &str, name: &str, kind: SourceKind, text: Text) -> Source {
    Source {
        name: name.to_owned(),
        ..Source::of_text(id, kind, text)
    }
}

fn sources(row: &Row, folder: &Path) -> Result<Vec<Source>, Box<dyn Error>> {
    if let Some(document) = &row.document {
        let bytes = std::fs::read(folder.join(document))?;
        let reading = read_here(document, &bytes);
        return Ok(vec![Source {
            title: reading.title,
            records: reading.records,
            layouts: reading.layouts,
            places: reading.places,
            unread: reading.unread,
            ..source(
                "s1",
                document,
                SourceKind::Attachment,
                Text::new(reading.text),
            )
        }]);
    }
    if let Some(text) = &row.text {
        let reading = read_here("text.txt", text.as_bytes());
        return Ok(vec![source(
            "s1",
            "text.txt",
            SourceKind::Attachment,
            Text::new(reading.text),
        )]);
    }
    Ok(row
        .evidence
        .iter()
        .enumerate()
        .map(|(number, evidence)| Source {
            title: (!evidence.title.is_empty()).then(|| evidence.title.clone()),
            ..source(
                &format!("s{}", number + 1),
                "evidence.txt",
                SourceKind::Attachment,
                Text::new(evidence.text.clone()),
            )
        })
        .collect())
}

fn report(row: &Row, sources: &[Source]) -> Result<Report, Box<dyn Error>> {
    let submission = source(
        Source::SUBMISSION,
        Source::SUBMISSION,
        SourceKind::Submission,
        Text::new(row.claim.clone()),
    );
    let weighed = weigh(&submission, sources, &Builtin, Control::NONE);
    let report = build(ReportInput {
        submission: &submission,
        sources,
        judged: weighed.claims,
        not_checked: weighed.not_checked,
        queries: Vec::new(),
        limits: Vec::new(),
        engine: EngineInfo {
            name: "builtin".to_owned(),
            version: String::new(),
            model: None,
            judge: None,
        },
        milliseconds: Milliseconds::default(),
    });
    verify(&report, &submission, sources).map_err(|broken| broken.join("; "))?;
    Ok(report)
}

fn outcome(
    row: &Row,
    folder: &Path,
    show_wrong: bool,
    show_rows: bool,
) -> Result<Outcome, Box<dyn Error>> {
    let sources = sources(row, folder)?;
    let started = Instant::now();
    let report = report(row, &sources);
    let took = started.elapsed();
    let exact = report.is_ok();
    let report = report?;
    let verdicts: Vec<Verdict> = report.claims.iter().map(|claim| claim.verdict).collect();
    let said = [
        Verdict::Refuted,
        Verdict::Conflicting,
        Verdict::NotEnoughEvidence,
    ]
    .into_iter()
    .find(|verdict| verdicts.contains(verdict))
    .or(verdicts.first().copied())
    .unwrap_or(Verdict::NotEnoughEvidence);
    let confidence = report
        .claims
        .iter()
        .map(|claim| claim.confidence)
        .fold(1.0, f64::min);
    let wrong = is_decided(said) && said != row.label;
    if (show_wrong && wrong) || show_rows {
        let mark = if wrong {
            "WRONG"
        } else if said == row.label {
            "ok"
        } else {
            "silent"
        };
        println!(
            "{mark} [{}] {} :: {:?}, said {said:?} {confidence}",
            row.kind, row.claim, row.label
        );
        for claim in &report.claims {
            println!("      {}", claim.rationale);
            for quote in claim.evidence.iter().take(2) {
                println!("      > {}", quote.quote);
            }
        }
        if report.claims.is_empty() {
            println!("      no claim was found");
        }
    }
    Ok(Outcome {
        group: if row.dataset.is_empty() {
            format!("everyday {}", row.kind)
        } else {
            row.dataset.clone()
        },
        label: row.label,
        said,
        confidence,
        took,
        exact,
    })
}

fn share(part: usize, whole: usize) -> f64 {
    let real = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 {
        0.0
    } else {
        real(part) / real(whole)
    }
}

fn print_row(name: &str, members: &[&Outcome]) {
    let decided: Vec<&&Outcome> = members.iter().filter(|one| is_decided(one.said)).collect();
    let right = decided.iter().filter(|one| one.said == one.label).count();
    let decidable = members
        .iter()
        .filter(|one| one.label != Verdict::NotEnoughEvidence)
        .count();
    let took: f64 = members
        .iter()
        .map(|one| one.took.as_secs_f64() * 1000.0)
        .sum();
    println!(
        "{name:<18}{:>7}{:>9}{:>8}{:>11.3}{:>13.1}%{:>7.0}%{:>10.2}",
        members.len(),
        decided.len(),
        decided.len() - right,
        share(right, decided.len()),
        100.0 * share(right, decidable),
        100.0
            * share(
                members.iter().filter(|one| one.exact).count(),
                members.len()
            ),
        took / f64::from(u32::try_from(members.len()).unwrap_or(1).max(1)),
    );
}
