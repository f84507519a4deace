//! The tables: what an engine is worth per data set, and what its confidence means. Intervals are Wilson's, 95 percent.

use std::collections::BTreeMap;

use clara_domain::verdict::Verdict;

use crate::rows::Outcome;

/// Of the normal distribution, for 95 percent.
const Z: f64 = 1.959_964;

pub fn print_tables(outcomes: &[Outcome]) {
    println!(
        "\n{:<22}{:>7}{:>9}{:>7}{:>24}{:>24}",
        "set", "claims", "decided", "wrong", "precision", "of decidable"
    );
    let mut groups: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for one in outcomes {
        groups.entry(&one.group).or_default().push(one);
    }
    for (name, members) in &groups {
        print_set(name, members);
    }
    print_set("all", &outcomes.iter().collect::<Vec<_>>());
    println!(
        "\n{:<10}{:<12}{:>12}{:>9}{:>24}",
        "judge", "verdict", "confidence", "claims", "right"
    );
    let mut steps: BTreeMap<(bool, String, String), Vec<&Outcome>> = BTreeMap::new();
    for one in outcomes.iter().filter(|one| one.is_decided()) {
        let step = (
            one.by_model,
            format!("{:?}", one.said).to_lowercase(),
            format!("{:.2}", one.confidence),
        );
        steps.entry(step).or_default().push(one);
    }
    for ((by_model, verdict, confidence), members) in steps {
        let right = members.iter().filter(|one| one.is_right()).count();
        let judge = if by_model { "model" } else { "builtin" };
        println!(
            "{judge:<10}{verdict:<12}{confidence:>12}{:>9}{:>24}",
            members.len(),
            share(right, members.len())
        );
    }
}

fn print_set(name: &str, members: &[&Outcome]) {
    let decided = members.iter().filter(|one| one.is_decided()).count();
    let right = members
        .iter()
        .filter(|one| one.is_decided() && one.is_right())
        .count();
    let decidable = members
        .iter()
        .filter(|one| one.label != Verdict::NotEnoughEvidence)
        .count();
    println!(
        "{name:<22}{:>7}{decided:>9}{:>7}{:>24}{:>24}",
        members.len(),
        decided - right,
        share(right, decided),
        share(right, decidable)
    );
}

/// `0.964 (0.823 to 0.994)`, or a dash where there is nothing to share.
fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let real = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let (share, whole) = (real(part) / real(whole), real(whole));
    let scale = 1.0 + Z * Z / whole;
    let middle = (share + Z * Z / (2.0 * whole)) / scale;
    let half = Z / scale * (share * (1.0 - share) / whole + Z * Z / (4.0 * whole * whole)).sqrt();
    format!(
        "{share:.3} ({:.3} to {:.3})",
        (middle - half).max(0.0),
        (middle + half).min(1.0)
    )
}
