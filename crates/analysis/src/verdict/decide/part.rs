//! What all passages say of each statement of a claim.

use clara_domain::verdict::Verdict;

use super::readings::without_participle;
use super::{Answer, Read};
use crate::engine::Passage;
use crate::statement::time::{Time, Weekdays, When};
use crate::statement::{Sentence, Statement};
use crate::verdict::binding::{Bound, Ground, Outcome, Side, bind, is_past};
use crate::verdict::{confidence, records};

/// What the passages say of each statement of a claim.
pub(super) fn judge_parts<'a>(
    claim: &Sentence,
    read: &[Read<'_, '_>],
    (records, rows, first_row): (&records::ReadRecords<'a>, &[&Passage<'a>], usize),
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for statement in &claim.statements {
        let mut part = judge_part(claim, statement, read);
        if part.verdict() == Verdict::NotEnoughEvidence
            && let Some(plain) = without_participle(claim, statement)
        {
            let by_itself = judge_part(claim, &plain, read);
            if by_itself.verdict() != Verdict::NotEnoughEvidence {
                part = by_itself;
            }
        }
        if let Some((number, bound)) = records::judge(claim, statement, records, rows) {
            part.add(Answer {
                passage: first_row + number,
                bound,
            });
        }
        parts.push(part);
    }
    parts
}

/// What all passages say of one statement of the claim.
pub(super) struct Part {
    pub(super) supports: Vec<(Answer, Ground)>,
    pub(super) refutes: Vec<(Answer, Ground)>,
    /// A passage says otherwise of what may be another thing.
    doubtful: bool,
    pub(super) nearest: Option<Answer>,
}

fn judge_part(claim: &Sentence, statement: &Statement, read: &[Read<'_, '_>]) -> Part {
    let side = Side {
        sentence: claim,
        statement,
    };
    let mut supports: Vec<(Answer, Ground)> = Vec::new();
    let mut refutes: Vec<(Answer, Ground)> = Vec::new();
    let mut doubtful = false;
    let mut nearest: Option<Answer> = None;
    for (number, one) in read.iter().enumerate() {
        let others = one.restated.iter();
        let others = others
            .filter(|one| !one.present || !is_past(side))
            .map(|one| &one.sentence);
        let answers: Vec<Bound> = one
            .sentence
            .iter()
            .chain(others)
            .flat_map(|sentence| {
                let sides = sentence.statements.iter();
                sides.map(move |statement| Side {
                    sentence,
                    statement,
                })
            })
            .map(|given| bind(side, given, &one.around))
            .collect();
        let supported = answers
            .iter()
            .any(|bound| matches!(bound.outcome, Outcome::Supports(_)));
        for bound in answers {
            let answer = Answer {
                passage: number,
                bound,
            };
            match answer.bound.outcome {
                Outcome::Supports(ground) => supports.push((answer, ground)),
                // Of two things that one sentence says side by side, the one that fits is the one that is meant.
                Outcome::Refutes(ground) if !supported => refutes.push((answer, ground)),
                Outcome::Doubts if !supported => doubtful = true,
                _ => {
                    if nearest
                        .as_ref()
                        .is_none_or(|near| answer.bound.cover > near.bound.cover + 1e-9)
                    {
                        nearest = Some(answer);
                    }
                }
            }
        }
    }
    // Who refused first may have done it later: another sentence that says the same outweighs it.
    if !supports.is_empty() {
        refutes.retain(|(_, ground)| !matches!(ground, Ground::Refusal | Ground::Weekday));
    }
    // So does another sentence that speaks of the claim's day, whatever it says.
    if speaks_of_its_days(side, read) {
        refutes.retain(|(_, ground)| *ground != Ground::Weekday);
    }
    Part {
        supports,
        refutes,
        doubtful,
        nearest,
    }
}

/// Whether some sentence of the sources names a day of the week that the claim's statement names.
fn speaks_of_its_days(claim: Side<'_>, read: &[Read<'_, '_>]) -> bool {
    let days = |time: &Time| match time.when {
        When::Weekdays(days) => Some(days),
        _ => None,
    };
    let times = claim.statement.times.iter();
    let wanted: Vec<Weekdays> = times
        .filter_map(|index| days(&claim.sentence.times[*index]))
        .collect();
    let mut given = read
        .iter()
        .filter_map(|one| one.sentence.as_ref())
        .flat_map(|sentence| sentence.times.iter().filter_map(days));
    given.any(|given| wanted.iter().any(|wanted| wanted.meets(given)))
}

impl Part {
    fn add(&mut self, answer: Answer) {
        match answer.bound.outcome {
            Outcome::Supports(ground) => self.supports.insert(0, (answer, ground)),
            Outcome::Refutes(ground) => self.refutes.insert(0, (answer, ground)),
            _ => self.nearest = Some(answer),
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        match (self.supports.is_empty(), self.refutes.is_empty()) {
            (false, true) if !self.doubtful => Verdict::Supported,
            (true, false) => Verdict::Refuted,
            (false, false) => Verdict::Conflicting,
            _ => Verdict::NotEnoughEvidence,
        }
    }

    /// How sure its verdict is: as sure as its best ground.
    pub(super) fn confidence(&self) -> f64 {
        let best = |answers: &[(Answer, Ground)], worth: fn(Ground) -> f64| {
            answers
                .iter()
                .map(|(_, ground)| worth(*ground))
                .fold(0.0, f64::max)
        };
        match self.verdict() {
            Verdict::Supported => best(&self.supports, confidence::supported),
            Verdict::Refuted => best(&self.refutes, confidence::refuted),
            _ => confidence::UNDECIDED,
        }
    }
}
