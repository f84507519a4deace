//! Which claims a judge is asked about, with which passages, in which batches.

use std::collections::HashMap;
use std::sync::Arc;

use clara_domain::evidence::Source;
use clara_domain::verdict::Verdict;

use crate::engine::judge::{ClaimToJudge, JudgeRequest, JudgeScope, PassageToJudge};
use crate::material::Material;
use crate::report::{Report, ReportedClaim};
use crate::search::{MAX_QUERY_CHARACTERS, Searcher};

/// The most claims of one batch.
const MAX_BATCH_CLAIMS: usize = 8;
/// The most characters of one batch, save where one claim alone has more.
const MAX_BATCH_CHARACTERS: usize = 20_000;
/// What is shown of one passage: a row of a wide table may be longer than all others together. A longer one is cut there, within a
/// sentence as it may be.
pub const MAX_PASSAGE_CHARACTERS: usize = 2_000;
/// How many passages are searched for a claim that the report shows none of.
const SEARCHED_PASSAGES: usize = 3;

/// The batches, in the order of the report. A claim that no passage may decide is in none.
pub(super) fn batches(
    report: &Report,
    material: &Arc<Material>,
    scope: JudgeScope,
) -> Vec<JudgeRequest> {
    let names: HashMap<&str, &str> = material
        .sources
        .iter()
        .map(|source| {
            let name = source.title.as_deref().unwrap_or(&source.name);
            (source.id.as_str(), name)
        })
        .collect();
    let mut searcher = None;
    let mut batches: Vec<JudgeRequest> = Vec::new();
    let mut size = 0;
    for claim in report.claims.iter().filter(|claim| is_asked(claim, scope)) {
        let passages = passages(claim, &names, material, &mut searcher);
        if passages.is_empty() {
            continue;
        }
        let characters = claim.text.len()
            + passages
                .iter()
                .map(|passage| passage.text.len())
                .sum::<usize>();
        let is_full = batches.last().is_none_or(|batch| {
            batch.claims.len() >= MAX_BATCH_CLAIMS || size + characters > MAX_BATCH_CHARACTERS
        });
        if is_full {
            batches.push(JudgeRequest::default());
            size = 0;
        }
        size += characters;
        if let Some(batch) = batches.last_mut() {
            batch.claims.push(ClaimToJudge {
                id: claim.id.clone(),
                text: claim.text.clone(),
                standalone: claim.standalone.clone(),
                passages,
            });
        }
    }
    batches
}

/// What the calendar or arithmetic forbids, or the text holds against itself, needs no judge in any scope.
fn is_asked(claim: &ReportedClaim, scope: JudgeScope) -> bool {
    match scope {
        JudgeScope::Open => claim.open || claim.verdict == Verdict::NotEnoughEvidence,
        JudgeScope::All => {
            claim.open
                || claim.verdict == Verdict::NotEnoughEvidence
                || claim
                    .evidence
                    .iter()
                    .any(|quote| quote.source != Source::SUBMISSION)
        }
    }
}

fn passages(
    claim: &ReportedClaim,
    names: &HashMap<&str, &str>,
    material: &Arc<Material>,
    searcher: &mut Option<Searcher>,
) -> Vec<PassageToJudge> {
    let passage = |id: String, source: &str, text: &str| PassageToJudge {
        id,
        source: source.to_owned(),
        source_name: names.get(source).copied().unwrap_or(source).to_owned(),
        text: cut(text).to_owned(),
    };
    if !claim.passages.is_empty() {
        return claim
            .passages
            .iter()
            .map(|found| passage(found.id.clone(), &found.source, &found.text))
            .collect();
    }
    let quoted = claim
        .evidence
        .iter()
        .filter(|evidence| names.contains_key(evidence.source.as_str()))
        .map(|evidence| (evidence.source.clone(), evidence.quote.clone()));
    let mut found: Vec<(String, String)> = quoted.collect();
    let searcher = searcher.get_or_insert_with(|| Searcher::new(material.clone()));
    let query: String = claim.text.chars().take(MAX_QUERY_CHARACTERS).collect();
    let hits = searcher.search(&query, Some(claim), SEARCHED_PASSAGES);
    for one in hits.unwrap_or_default() {
        let is_known = found
            .iter()
            .any(|(source, text)| *source == one.source && text.contains(&one.text));
        if !is_known {
            found.push((one.source, one.text));
        }
    }
    // Names that no passage of the report has.
    found
        .iter()
        .enumerate()
        .map(|(number, (source, text))| {
            passage(format!("{}-p{}", claim.id, number + 1), source, text)
        })
        .collect()
}

fn cut(text: &str) -> &str {
    text.char_indices()
        .nth(MAX_PASSAGE_CHARACTERS)
        .map_or(text, |(end, _)| &text[..end])
}
