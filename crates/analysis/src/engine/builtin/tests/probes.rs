//! Everyday claims of our own over everyday documents, with their right answers: no verdict may be wrong, and enough must
//! be given. What stays open is not counted against the engine.

use std::path::Path;

use serde::Deserialize;

use super::*;
use crate::attachments::read_here;
use crate::pipeline::{Control, weigh};

#[derive(Deserialize)]
struct Probe {
    id: String,
    claim: String,
    label: Verdict,
    text: Option<String>,
    document: Option<String>,
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/probes")
}

fn probes() -> Vec<Probe> {
    std::fs::read_to_string(folder().join("claims.jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn source_of(probe: &Probe) -> Source {
    let (name, bytes) = match (&probe.document, &probe.text) {
        (Some(document), _) => (
            document.clone(),
            std::fs::read(folder().join("documents").join(document)).unwrap(),
        ),
        (None, text) => (
            "text.txt".to_owned(),
            text.clone().unwrap_or_default().into_bytes(),
        ),
    };
    let reading = read_here(&name, &bytes);
    let mut source = sources(&[(name.as_str(), reading.text.as_str())]).remove(0);
    source.title = reading.title;
    source.records = reading.records;
    source.layouts = reading.layouts;
    source
}

fn said(probe: &Probe) -> Verdict {
    let mut submission = sources(&[("text", probe.claim.as_str())]).remove(0);
    Source::SUBMISSION.clone_into(&mut submission.id);
    let weighed = weigh(&submission, &[source_of(probe)], &Builtin, Control::NONE);
    let verdicts: Vec<Verdict> = weighed
        .claims
        .iter()
        .map(|claim| claim.judgement.verdict)
        .collect();
    [
        Verdict::Refuted,
        Verdict::Conflicting,
        Verdict::NotEnoughEvidence,
    ]
    .into_iter()
    .find(|verdict| verdicts.contains(verdict))
    .or(verdicts.first().copied())
    .unwrap_or(Verdict::NotEnoughEvidence)
}

#[test]
fn everyday_verdicts_are_right_or_withheld() {
    let probes = probes();
    let mut given = 0;
    let mut wrong = Vec::new();
    for probe in &probes {
        let verdict = said(probe);
        if verdict == Verdict::NotEnoughEvidence {
            continue;
        }
        given += 1;
        if verdict != probe.label {
            wrong.push(format!(
                "{}: {} is {:?}, said {verdict:?}",
                probe.id, probe.claim, probe.label
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(given >= 1_000, "{given} of {} decided", probes.len());
}

/// The claim with the opposite of what it says: `not` behind its first auxiliary.
fn denied(claim: &str) -> Option<String> {
    const DENIALS: [&str; 10] = [
        "not", "no", "never", "none", "nobody", "nothing", "neither", "without", "nor", "cannot",
    ];
    const AUXILIARIES: [&str; 9] = [
        "is", "are", "was", "were", "can", "may", "must", "will", "has",
    ];
    let mut words: Vec<&str> = claim.split(' ').collect();
    let denies =
        |word: &&str| DENIALS.contains(&word.to_lowercase().as_str()) || word.contains("n't");
    let first = words.iter().position(|word| AUXILIARIES.contains(word))?;
    if words.iter().any(denies) {
        return None;
    }
    words.insert(first + 1, "not");
    Some(words.join(" "))
}

#[test]
fn the_opposite_of_what_holds_never_holds() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for probe in probes() {
        let Some(claim) = denied(&probe.claim).filter(|_| probe.label == Verdict::Supported) else {
            continue;
        };
        tried += 1;
        let opposite = Probe { claim, ..probe };
        if said(&opposite) == Verdict::Supported {
            wrong.push(format!("{}: {}", opposite.id, opposite.claim));
        }
    }
    assert!(tried >= 300, "{tried}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
