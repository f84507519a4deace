//! What a model is shown of a claim beside its verdict: who gave it where that was not the engine and what the rules hold against
//! it, how it was read, its parts, what to write instead, what contradicts it,
//! and of an open claim the passages to judge it from.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::super::sanitize::{beginning, markdown as safe, shortened};
use super::super::{Report, ReportedClaim, wording};
use super::MAX_QUOTE;

/// More parts, disagreements, or claims that contradict one claim, than this are in the whole report.
const MAX_BESIDE: usize = 6;
/// More passages that try to instruct a reader than this are in the whole report.
const MAX_INSTRUCTING: usize = 5;
const MAX_INSTRUCTION: usize = 160;
/// A longer list of open claims names the first of them.
const MAX_NAMED: usize = 20;

/// `Judge c2, c5 and c8 from these passages with agent_judge.`
pub(super) fn next<'r>(claims: impl Iterator<Item = &'r ReportedClaim>) -> Option<String> {
    let mut open: Vec<&ReportedClaim> = claims
        .filter(|claim| claim.open && !claim.passages.is_empty())
        .collect();
    open.sort_by_key(|claim| claim.start);
    let ids = open.iter().map(|claim| claim.id.as_str());
    let mut names: Vec<&str> = ids.take(MAX_NAMED).collect();
    let more = (open.len() > MAX_NAMED)
        .then(|| wording::count(open.len() - MAX_NAMED, "other claim", "other claims"));
    names.extend(more.as_deref());
    let these = if open.len() == 1 && open[0].passages.len() == 1 {
        "this passage"
    } else {
        "these passages"
    };
    (!open.is_empty()).then(|| {
        format!(
            "Judge {} from {these} with agent_judge.",
            wording::listed(&names)
        )
    })
}

/// Adds it to the claim's structured form.
pub(super) fn add(shown: &mut Value, claim: &ReportedClaim) {
    let place = wording::claim_place(claim);
    if !place.is_empty() {
        shown["place"] = json!(place);
    }
    if let Some(by) = &claim.judged_by {
        shown["judged_by"] = json!(by);
    }
    if !claim.disagrees.is_empty() {
        let disagrees = claim.disagrees.iter().take(MAX_BESIDE);
        shown["disagrees"] = disagrees
            .map(|one| json!({"name": one.name, "detail": shortened(&one.detail, MAX_QUOTE)}))
            .collect();
    }
    if let Some(standalone) = &claim.standalone {
        shown["standalone"] = json!(shortened(standalone, MAX_QUOTE));
    }
    if !claim.parts.is_empty() {
        shown["parts"] = claim
            .parts
            .iter()
            .take(MAX_BESIDE)
            .map(
                |part| json!({"text": beginning(&part.text, MAX_QUOTE).0, "verdict": part.verdict}),
            )
            .collect();
    }
    if let Some(correction) = &claim.correction {
        shown["correction"] = json!(correction);
    }
    if !claim.contradicts.is_empty() {
        shown["contradicts"] = claim
            .contradicts
            .iter()
            .take(MAX_BESIDE)
            .map(|id| json!(id))
            .collect();
    }
    if claim.open {
        shown["open"] = json!(true);
    }
    if !claim.passages.is_empty() {
        let passages = claim.passages.iter();
        shown["passages"] = passages
            .map(|passage| {
                let mut shown = json!({
                    "id": passage.id,
                    "source": passage.source,
                    "text": passage.text,
                });
                let place = wording::passage_place(passage);
                if !place.is_empty() {
                    shown["place"] = json!(place);
                }
                shown
            })
            .collect();
    }
}

/// Adds it to the claim's text.
pub(super) fn write(lines: &mut Vec<String>, claim: &ReportedClaim) {
    let mut times: HashMap<String, usize> = HashMap::new();
    for (label, text) in wording::beside(claim) {
        let line = format!("{label}: {}", safe(&shortened(&text, MAX_QUOTE)));
        // `Part, supported` and `Part, refuted` are counted together.
        let kind = label.split(',').next().unwrap_or_default().to_owned();
        let times = times.entry(kind).or_default();
        *times += 1;
        if *times <= MAX_BESIDE {
            lines.push(line);
        }
    }
    for passage in &claim.passages {
        let place = wording::passage_place(passage);
        let place = if place.is_empty() {
            String::new()
        } else {
            format!(" ({})", safe(&place))
        };
        let words = safe(&passage.text);
        lines.push(format!(
            "> {} in {}{place}: “{words}”",
            passage.id, passage.source
        ));
    }
}

/// The first passages that try to instruct a reader, with the source of each.
pub(super) fn instructing(report: &Report) -> Vec<(&str, String)> {
    report
        .sources
        .iter()
        .flat_map(|source| {
            let texts = source.instructs_reader.iter();
            texts.map(|passage| {
                (
                    source.id.as_str(),
                    shortened(&passage.text, MAX_INSTRUCTION),
                )
            })
        })
        .take(MAX_INSTRUCTING)
        .collect()
}
