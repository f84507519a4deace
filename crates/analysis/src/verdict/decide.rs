//! The answers of all passages taken together: one verdict a claim, with the quotes it rests on.

mod ages;
mod aliases;
mod around;
mod part;
mod readings;

use clara_domain::claim::ClaimSpan;
use clara_domain::evidence::Quote;
use clara_domain::verdict::{Check, Stance, Verdict};

use super::binding::{Around, Bound, Exchange, Ground};
use super::parts::judged_parts;
use super::replacement::replacement;
use super::{confidence, records};
use crate::engine::{Judgement, Passage};
use crate::statement::Sentence;

use around::{read, read_row, resolve_pronouns};
use part::{Part, judge_parts};
use readings::other_readings;

/// Quotes shown beside the deciding one.
const MAX_OTHER_QUOTES: usize = 2;

/// What one passage says of one statement of the claim.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Position among the passages.
    pub passage: usize,
    pub bound: Bound,
}

/// A passage, read.
struct Read<'p, 'a> {
    passage: &'p Passage<'a>,
    /// Nothing for a record.
    sentence: Option<Sentence>,
    /// What the sentence says in other words.
    restated: Vec<OtherWords>,
    around: Around,
}

/// A sentence that a passage implies.
struct OtherWords {
    sentence: Sentence,
    /// Whether it bears out only what is so now.
    present: bool,
}

/// Judges a claim by passages in English, best first.
pub fn decide(claim: &ClaimSpan, passages: &[&Passage<'_>]) -> Judgement {
    let (mut judgement, exchange) = weigh(claim, passages);
    judgement.replacement =
        exchange.and_then(|exchange| replacement(claim, passages, &judgement, &exchange));
    judgement
}

/// The judgement, and the words that differ where that is all that refutes the claim.
pub(super) fn weigh(claim: &ClaimSpan, passages: &[&Passage<'_>]) -> (Judgement, Option<Exchange>) {
    let mut read_claim = Sentence::new(&claim.text);
    resolve_pronouns(&mut read_claim, &claim.before);
    let (rows, sentences): (Vec<&Passage<'_>>, Vec<&Passage<'_>>) = passages
        .iter()
        .copied()
        .partition(|passage| passage.record.is_some());
    let mut read: Vec<Read<'_, '_>> = sentences.iter().map(|passage| read(passage)).collect();
    let first_row = read.len();
    read.extend(rows.iter().map(|passage| read_row(passage)));
    let records = records::read(&rows);
    let mut parts = judge_parts(&read_claim, &read, (&records, &rows, first_row));
    let mut reading = None;
    if combine(&parts, &read).verdict == Verdict::NotEnoughEvidence {
        for mut other in other_readings(&read_claim, &sentences) {
            resolve_pronouns(&mut other.sentence, &claim.before);
            let said = judge_parts(&other.sentence, &read, (&records, &rows, first_row));
            let verdict = combine(&said, &read).verdict;
            if verdict == Verdict::Supported && other.may_support
                || verdict == Verdict::Refuted && other.may_refute
            {
                parts = said;
                reading = Some(other);
                break;
            }
        }
    }
    let mut judgement = combine(&parts, &read);
    if let Some(other) = reading {
        judgement.checks.push(other.check(judgement.verdict));
        return (judgement, None);
    }
    let verdicts: Vec<Verdict> = parts.iter().map(Part::verdict).collect();
    judgement.parts = judged_parts(&read_claim, &verdicts);
    if !judgement.parts.is_empty() && judgement.verdict != Verdict::Supported {
        quote_supported(&mut judgement, &parts, &read);
    }
    let refuted = parts.iter().find(|part| part.verdict() == Verdict::Refuted);
    let exchange = refuted
        .and_then(|part| part.refutes.first())
        .and_then(|(answer, _)| answer.bound.exchange.clone());
    (judgement, exchange)
}

/// A part that holds is shown with what bears it out, whatever becomes of the whole.
fn quote_supported(judgement: &mut Judgement, parts: &[Part], read: &[Read<'_, '_>]) {
    let supported = parts
        .iter()
        .filter(|part| part.verdict() == Verdict::Supported);
    for (answer, _) in supported.filter_map(|part| part.supports.first()) {
        let passage = read[answer.passage].passage;
        let found = quote(passage, Stance::Supports, answer.bound.column.as_deref());
        if !judgement.quotes.contains(&found) {
            judgement.quotes.push(found);
        }
    }
}

fn only(answers: &[(Answer, Ground)]) -> Vec<Answer> {
    answers.iter().map(|(answer, _)| answer.clone()).collect()
}

fn combine(parts: &[Part], read: &[Read<'_, '_>]) -> Judgement {
    let refuted = parts.iter().find(|part| part.verdict() == Verdict::Refuted);
    let conflicting = parts
        .iter()
        .find(|part| part.verdict() == Verdict::Conflicting);
    let open = parts
        .iter()
        .find(|part| part.verdict() == Verdict::NotEnoughEvidence);
    if let Some(part) = refuted {
        return given(
            Verdict::Refuted,
            part.confidence(),
            &only(&part.refutes),
            Stance::Refutes,
            read,
        );
    }
    if let Some(part) = conflicting {
        return conflict(part, read);
    }
    if parts.is_empty() || open.is_some() {
        return not_enough(open.or(parts.first()), read);
    }
    let sure = parts.iter().map(Part::confidence).fold(1.0, f64::min);
    let firsts = parts.iter().filter_map(|part| part.supports.first());
    let others = parts.iter().flat_map(|part| part.supports.iter().skip(1));
    let answers: Vec<Answer> = firsts
        .chain(others)
        .map(|(answer, _)| answer.clone())
        .collect();
    given(Verdict::Supported, sure, &answers, Stance::Supports, read)
}

fn called<'p>(passage: &'p Passage<'_>) -> &'p str {
    passage
        .source
        .title
        .as_deref()
        .unwrap_or(&passage.source.name)
}

fn quote(passage: &Passage<'_>, stance: Stance, column: Option<&str>) -> Quote {
    Quote {
        source: passage.source.id.clone(),
        span: passage.span,
        text: passage.text.to_owned(),
        stance,
        relevance: rounded(passage.relevance),
        column: column.map(str::to_owned),
    }
}

/// Two decimals, as confidence is shown.
pub fn rounded(share: f64) -> f64 {
    (share * 100.0).round() / 100.0
}

fn given(
    verdict: Verdict,
    sure: f64,
    answers: &[Answer],
    stance: Stance,
    read: &[Read<'_, '_>],
) -> Judgement {
    let mut quoted: Vec<usize> = Vec::new();
    for answer in answers {
        if !quoted.contains(&answer.passage) && quoted.len() <= MAX_OTHER_QUOTES {
            quoted.push(answer.passage);
        }
    }
    let checks = answers
        .first()
        .map(|answer| answer.bound.checks.clone())
        .unwrap_or_default();
    let passage = quoted.first().map(|at| read[*at].passage);
    let says = if verdict == Verdict::Supported {
        "says the same"
    } else {
        "says otherwise"
    };
    let reasons: Vec<&str> = checks
        .iter()
        .filter(|check| check.points_to == verdict)
        .map(|check| check.detail.as_str())
        .collect();
    Judgement {
        verdict,
        confidence: rounded(sure),
        parts: Vec::new(),
        replacement: None,
        rationale: format!(
            "{} {says}: {}.",
            passage.map_or("The source", called),
            reasons.join("; ")
        ),
        checks,
        quotes: quoted
            .iter()
            .map(|at| {
                let column = answers
                    .iter()
                    .find(|answer| answer.passage == *at)
                    .and_then(|answer| answer.bound.column.as_deref());
                quote(read[*at].passage, stance, column)
            })
            .collect(),
    }
}

fn conflict(part: &Part, read: &[Read<'_, '_>]) -> Judgement {
    let (Some((yes, _)), Some((no, _))) = (part.supports.first(), part.refutes.first()) else {
        return not_enough(Some(part), read);
    };
    let mut checks: Vec<Check> = yes.bound.checks.clone();
    checks.extend(
        no.bound
            .checks
            .iter()
            .filter(|check| check.points_to == Verdict::Refuted)
            .cloned(),
    );
    let (yes, no) = (read[yes.passage].passage, read[no.passage].passage);
    Judgement {
        verdict: Verdict::Conflicting,
        confidence: confidence::CONFLICTING,
        parts: Vec::new(),
        replacement: None,
        rationale: format!(
            "{} bears the claim out, {} says otherwise.",
            called(yes),
            called(no)
        ),
        checks,
        quotes: vec![
            quote(yes, Stance::Supports, None),
            quote(no, Stance::Refutes, None),
        ],
    }
}

fn not_enough(part: Option<&Part>, read: &[Read<'_, '_>]) -> Judgement {
    let nearest = part.and_then(|part| {
        part.nearest
            .as_ref()
            .or(part.supports.first().map(|(answer, _)| answer))
            .or(part.refutes.first().map(|(answer, _)| answer))
    });
    let missing = nearest
        .and_then(|answer| answer.bound.missing.clone())
        .unwrap_or_else(|| "a passage that states it plainly".to_owned());
    let passage = nearest
        .map(|answer| read[answer.passage].passage)
        .or(read.first().map(|one| one.passage));
    Judgement {
        verdict: Verdict::NotEnoughEvidence,
        confidence: confidence::UNDECIDED,
        parts: Vec::new(),
        replacement: None,
        rationale: format!(
            "Looked at {} passages; the nearest, in {}, decides nothing. Missing: {missing}.",
            read.len(),
            passage.map_or("the sources", called)
        ),
        checks: nearest
            .map(|answer| answer.bound.checks.clone())
            .unwrap_or_default(),
        quotes: passage
            .map(|passage| quote(passage, Stance::Neutral, None))
            .into_iter()
            .collect(),
    }
}
