//! What a judge proposed, made into judgements of the claims that it was asked about. Held to more than a caller's: a quote has to
//! come from the passages that were listed for its claim, may not be words that instruct a reader, and has to share a word
//! with the claim, so that a document which talks a model into something gains nothing.

use std::collections::HashSet;

use clara_domain::text::Text;
use clara_domain::verdict::Verdict;

use crate::claims::{claims, not_checked};
use crate::engine::judge::{
    Answer, ClaimToJudge, JudgeRequest, ProposedJudgement, ProposedQuote, RefusedJudgement,
};
use crate::instructions::instructs_reader;
use crate::judging::{CallerCorrection, CallerJudgement, CallerQuote, MAX_RATIONALE_CHARACTERS};
use crate::language::words::words;
use crate::report::Report;

/// Judgements for the report to check, and those that are refused before.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Proposals {
    pub judgements: Vec<CallerJudgement>,
    pub refused: Vec<RefusedJudgement>,
}

/// Checks an answer against what was asked. Judgements of other claims are dropped: nobody asked about those. So is a
/// judgement that says what the builtin engine says already, that nothing can be said; of a judge that yields to it, also where
/// the builtin engine said more.
pub(super) fn proposals(
    request: &JudgeRequest,
    answer: Answer,
    report: &Report,
    yields: bool,
) -> Proposals {
    let mut proposals = Proposals::default();
    let mut left_out: Vec<&str> = request
        .claims
        .iter()
        .map(|claim| claim.id.as_str())
        .collect();
    let asked = |id: &str| request.claims.iter().find(|claim| claim.id == id);
    let refusals = answer.unreadable.into_iter();
    proposals
        .refused
        .extend(refusals.filter(|refusal| asked(&refusal.claim).is_some()));
    left_out.retain(|id| proposals.refused.iter().all(|refusal| refusal.claim != *id));
    for judgement in answer.judgements {
        left_out.retain(|id| *id != judgement.claim);
        let Some(claim) = asked(&judgement.claim) else {
            continue;
        };
        let known = report.claims.iter().find(|known| known.id == claim.id);
        let is_open = known.is_some_and(|known| known.verdict == Verdict::NotEnoughEvidence);
        if judgement.verdict == Verdict::NotEnoughEvidence && (is_open || yields) {
            continue;
        }
        match checked(judgement, claim, report) {
            Ok(judgement) => proposals.judgements.push(judgement),
            Err(problem) => proposals.refused.push(RefusedJudgement {
                claim: claim.id.clone(),
                problem,
            }),
        }
    }
    proposals
        .refused
        .extend(left_out.into_iter().map(|id| RefusedJudgement {
            claim: id.to_owned(),
            problem: "No judgement of this claim was given.".to_owned(),
        }));
    proposals
}

fn checked(
    judgement: ProposedJudgement,
    claim: &ClaimToJudge,
    report: &Report,
) -> Result<CallerJudgement, String> {
    // An answer of the asked form may carry quotes with this verdict too; they decide nothing.
    let quotes = if judgement.verdict == Verdict::NotEnoughEvidence {
        Vec::new()
    } else {
        judgement.quotes
    };
    let quotes = quotes
        .into_iter()
        .map(|quote| quoted(quote, judgement.verdict, claim, report))
        .collect::<Result<Vec<_>, String>>()?;
    let correction = judgement
        .correction
        .filter(|_| judgement.verdict == Verdict::Refuted);
    Ok(CallerJudgement {
        claim: judgement.claim,
        verdict: judgement.verdict,
        quotes,
        rationale: rationale(&judgement.rationale),
        correction: correction.map(|words| CallerCorrection {
            replace: words.replace,
            with: words.with,
        }),
    })
}

fn quoted(
    quote: ProposedQuote,
    verdict: Verdict,
    claim: &ClaimToJudge,
    report: &Report,
) -> Result<CallerQuote, String> {
    let Some(passage) = claim.passages.iter().find(|one| one.id == quote.passage) else {
        let ids: Vec<&str> = claim.passages.iter().map(|one| one.id.as_str()).collect();
        return Err(format!(
            "Quotes for this claim come from its own passages, which are {}.",
            ids.join(", ")
        ));
    };
    let source = report
        .sources
        .iter()
        .find(|source| source.id == passage.source);
    let is_named = source.is_some_and(|source| {
        source
            .instructs_reader
            .iter()
            .any(|words| overlap(&words.text, &quote.text))
    });
    // A report names only the first ten of a source.
    let text = Text::new(quote.text.as_str());
    if is_named || !instructs_reader(&text).is_empty() || states_nothing(&text) {
        return Err("A quote that asks or tells its reader something is no evidence.".to_owned());
    }
    if speaks_of_judging(claim, &passage.text) {
        return Err(
            "A passage that speaks of claims, verdicts or quotes is no evidence.".to_owned(),
        );
    }
    if !shares_a_word(claim, &quote.text) {
        return Err("A quote shares no word with the claim, so it cannot decide it.".to_owned());
    }
    Ok(CallerQuote {
        source: passage.source.clone(),
        text: quote.text,
        // Elsewhere it follows from the verdict.
        stance: quote.stance.filter(|_| verdict == Verdict::Conflicting),
    })
}

/// Whether a passage speaks of what is done here, in words that the claim has not. An honest source hardly does; one that
/// talks to whoever judges has to.
fn speaks_of_judging(claim: &ClaimToJudge, passage: &str) -> bool {
    const WORDS: &str = "claim verdict judgement mark quote instruction prompt rationale supported";
    let telling = stems(WORDS);
    let own = stems(&claim.text);
    let said = stems(passage);
    telling
        .iter()
        .any(|stem| said.contains(stem) && !own.contains(stem))
}

/// The words and numbers that say something, as they are compared.
fn stems(text: &str) -> HashSet<String> {
    let said = words(text).into_iter().filter(|word| !word.stop);
    said.map(|word| word.stem).collect()
}

/// Whether a text only tells its reader what to do, or asks.
fn states_nothing(text: &Text) -> bool {
    let is_asking = |reason: &str| matches!(reason, "an instruction" | "a question");
    let asks = not_checked(text)
        .iter()
        .any(|sentence| is_asking(sentence.reason));
    asks && claims(text).is_empty()
}

/// Whether two stretches of one text have a stretch in common, whichever holds the other; white space does not count.
fn overlap(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (one, other) = (plain(one), plain(other));
    !one.is_empty() && !other.is_empty() && (one.contains(&other) || other.contains(&one))
}

/// Whether a word or number that says something is in both.
fn shares_a_word(claim: &ClaimToJudge, quote: &str) -> bool {
    let mut said = stems(&claim.text);
    said.extend(claim.standalone.as_deref().map(stems).unwrap_or_default());
    !said.is_disjoint(&stems(quote))
}

/// What a model gives as its reason is a short remark; one without any gets a plain one, a long one is cut.
fn rationale(said: &str) -> String {
    let said = said.trim();
    if said.is_empty() {
        return "The model gave no reason.".to_owned();
    }
    let cut: String = said.chars().take(MAX_RATIONALE_CHARACTERS - 1).collect();
    if cut.len() < said.len() {
        format!("{cut}…")
    } else {
        cut
    }
}
