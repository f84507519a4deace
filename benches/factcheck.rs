//! What the builtin engine is worth on labelled claims, and what a claim costs:
//!
//! ```text
//! CLARA_FACTCHECK_DATA=dev.jsonl cargo bench --bench factcheck
//! ```
//!
//! The file has a claim a line: `id`, `dataset`, `claim`, `evidence` (title and text), `label`. It is read where it lies;
//! labelled claims are under other people's licences and are no part of this project.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

use clara::analysis::engine::builtin::{Builtin, forced};
use clara::analysis::engine::{Engine as _, Judgement};
use clara::analysis::verdict::labelled::{self, Labelled};
use clara::domain::claim::ClaimSpan;
use clara::domain::text::Span;
use clara::domain::verdict::Verdict;

const DATA: &str = "CLARA_FACTCHECK_DATA";
const LABELS: [Verdict; 3] = [
    Verdict::Supported,
    Verdict::Refuted,
    Verdict::NotEnoughEvidence,
];

struct Outcome {
    dataset: String,
    label: Verdict,
    judgement: Judgement,
    forced: Verdict,
    exact: (usize, usize),
    took: Duration,
}

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn main() -> Result<(), Box<dyn Error>> {
    let Ok(path) = std::env::var(DATA) else {
        println!("factcheck: skipped, {DATA} does not name a file of labelled claims");
        return Ok(());
    };
    let claims = labelled::read(&std::fs::read_to_string(path)?)?;
    // The lexicon and the model are read once; that is no claim's cost.
    claims.first().map(outcome);
    let outcomes: Vec<Outcome> = claims.iter().map(outcome).collect();
    let mut groups: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for one in &outcomes {
        groups.entry(one.dataset.as_str()).or_default().push(one);
    }
    println!(
        "{:<16}{:>7}{:>10}{:>11}{:>11}{:>8}{:>14}{:>10}",
        "dataset",
        "claims",
        "macro-F1",
        "two labels",
        "precision",
        "given",
        "quotes exact",
        "ms/claim"
    );
    for (name, members) in &groups {
        print_row(name, members);
    }
    let all: Vec<&Outcome> = outcomes.iter().collect();
    print_row("overall", &all);
    println!(
        "one operating point, the one that is shipped: precision and macro-F1 are of the same verdicts"
    );
    print_reliability(&all);
    Ok(())
}

fn outcome(claim: &Labelled) -> Outcome {
    let span = ClaimSpan {
        text: claim.claim.clone(),
        span: Span::new(0, claim.claim.chars().count()),
    };
    let started = Instant::now();
    let (judgement, took, forced, exact) = claim.with_passages(|passages| {
        let judgement = Builtin.judge(&span, passages);
        let took = started.elapsed();
        let forced =
            forced(&claim.claim, passages).map_or(Verdict::Supported, |(verdict, _)| verdict);
        let exact = judgement
            .quotes
            .iter()
            .filter(|quote| {
                passages.iter().any(|passage| {
                    passage.source.id == quote.source
                        && passage.source.text.slice(quote.span) == quote.text
                })
            })
            .count();
        let of = judgement.quotes.len();
        (judgement, took, forced, (exact, of))
    });
    Outcome {
        dataset: claim.dataset.clone(),
        label: claim.label,
        judgement,
        forced,
        exact,
        took,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let real = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if whole == 0 {
        0.0
    } else {
        real(part) / real(whole)
    }
}

fn given(one: &Outcome) -> bool {
    matches!(one.judgement.verdict, Verdict::Supported | Verdict::Refuted)
}

/// A conflict among gold evidence decides nothing.
fn said(one: &Outcome) -> Verdict {
    if given(one) {
        one.judgement.verdict
    } else {
        Verdict::NotEnoughEvidence
    }
}

/// Over the labels that the group has: some data sets have no claim of one label.
fn macro_f1(members: &[&Outcome]) -> f64 {
    let scores: Vec<f64> = LABELS
        .into_iter()
        .filter(|label| members.iter().any(|one| one.label == *label))
        .map(|label| {
            let hits = members
                .iter()
                .filter(|one| one.label == label && said(one) == label)
                .count();
            let gold = members.iter().filter(|one| one.label == label).count();
            let answered = members.iter().filter(|one| said(one) == label).count();
            share(2 * hits, gold + answered)
        })
        .collect();
    scores.iter().sum::<f64>() / f64::from(u32::try_from(scores.len()).unwrap_or(1).max(1))
}

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn print_row(name: &str, members: &[&Outcome]) {
    let decided: Vec<&&Outcome> = members
        .iter()
        .filter(|one| one.label != Verdict::NotEnoughEvidence)
        .collect();
    let two = decided.iter().filter(|one| one.forced == one.label).count();
    let answered: Vec<&&Outcome> = members.iter().filter(|one| given(one)).collect();
    let right = answered
        .iter()
        .filter(|one| one.judgement.verdict == one.label)
        .count();
    let (exact, quotes) = members.iter().fold((0, 0), |(exact, quotes), one| {
        (exact + one.exact.0, quotes + one.exact.1)
    });
    let took: f64 = members
        .iter()
        .map(|one| one.took.as_secs_f64() * 1000.0)
        .sum();
    println!(
        "{name:<16}{:>7}{:>10.3}{:>11.3}{:>11.3}{:>7.1}%{:>13.1}%{:>10.2}",
        members.len(),
        macro_f1(members),
        share(two, decided.len()),
        share(right, answered.len()),
        100.0 * share(answered.len(), members.len()),
        100.0 * share(exact, quotes),
        took / f64::from(u32::try_from(members.len()).unwrap_or(1).max(1)),
    );
}

#[expect(clippy::print_stdout, reason = "a program for a terminal")]
fn print_reliability(all: &[&Outcome]) {
    println!("\nsupported and refuted by the confidence they were given with:");
    for (low, high) in [(0.0, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1.01)] {
        let members: Vec<&Outcome> = all
            .iter()
            .copied()
            .filter(|one| given(one) && (low..high).contains(&one.judgement.confidence))
            .collect();
        let right = members
            .iter()
            .filter(|one| one.judgement.verdict == one.label)
            .count();
        if members.is_empty() {
            continue;
        }
        let mean: f64 = members
            .iter()
            .map(|one| one.judgement.confidence)
            .sum::<f64>()
            / f64::from(u32::try_from(members.len()).unwrap_or(1).max(1));
        println!(
            "  {low:.1} to {high:.1}: {:>4} claims, mean confidence {mean:.2}, right {:.2}",
            members.len(),
            share(right, members.len())
        );
    }
}
