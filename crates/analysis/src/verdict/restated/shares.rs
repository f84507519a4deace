//! Shares of one whole: `A fifth of the 80 cows are milked by hand`, `16 cows are milked by hand` of `Half of the 80 cows are milked
//! by robot, a fifth by hand, and the rest are dry`.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find, small_first};
use crate::statement::quantity::{Quantity, Unit};
use crate::statement::tags::Tag;

/// All of them.
pub(super) fn shares(words: &Words<'_>) -> Vec<Restatement> {
    let several = shares_of_a_whole(words).unwrap_or_default();
    several.into_iter().chain(of_all(words)).collect()
}

/// A share, and what is said of it.
struct Part {
    percent: f64,
    said: Range<usize>,
}

/// `half of the 80 members sing, a fifth play the violin, and the rest play the drums`
fn shares_of_a_whole(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let first = share_at(words, 0)?;
    let of = first.tokens.end;
    let whole =
        words.0.quantities.iter().find(|whole| {
            whole.unit == Unit::Count && whole.is_exact() && whole.tokens.start > of
        })?;
    let opens = words.is(of, "of") && whole.tokens.start <= of + 2;
    let noun = find(whole.tokens.start..end, |at| {
        matches!(words.tag(at), Some(Tag::Noun | Tag::Name))
    })?;
    let verb = words.verb(noun..end)?;
    let things = words.text(noun..verb);
    if !opens || !words.is_noun_phrase(noun..verb) {
        return None;
    }
    let mut parts = vec![Part {
        percent: first.low,
        said: verb..end,
    }];
    for at in verb + 1..end {
        let starts = words.is(at - 1, ",") || words.is(at - 1, "and") && words.is(at - 2, ",");
        if !starts {
            continue;
        }
        let rest = words.is(at, "the") && words.is(at + 1, "rest remainder others");
        let (percent, said) = if rest {
            (
                100.0 - parts.iter().map(|part| part.percent).sum::<f64>(),
                at + 2,
            )
        } else if let Some(share) = share_at(words, at) {
            (share.low, share.tokens.end)
        } else {
            continue;
        };
        let stop = at - if words.is(at - 1, "and") { 2 } else { 1 };
        parts.last_mut()?.said.end = stop;
        // `a third of the girls`: of another whole.
        if words.is(said, "of") || percent <= 0.0 {
            return None;
        }
        parts.push(Part {
            percent,
            said: said..end,
        });
    }
    let total: f64 = parts.iter().map(|part| part.percent).sum();
    if parts.len() < 2 || total > 100.0 + 1e-6 {
        return None;
    }
    let mut found = Vec::new();
    for part in parts {
        // What is a clause of its own is not looked through: `a fifth, who came late, sing`.
        let plain = part
            .said
            .clone()
            .all(|at| !words.is(at, ", ; : who which that"));
        if part.said.is_empty() || !plain {
            return None;
        }
        let said = words.text(part.said);
        let count = part.percent * whole.low / 100.0;
        found.push(Restatement::part(format!(
            "{}% of the {things} {said}.",
            part.percent
        )));
        if (count - count.round()).abs() < 1e-6 && count > 1.0 {
            found.push(Restatement::part(format!(
                "{} of the {} {things} {said}.",
                count.round(),
                whole.low
            )));
            found.push(Restatement::part(format!(
                "{} {things} {said}.",
                count.round()
            )));
        }
    }
    Some(found)
}

/// An exact share that stands here: `a fifth`, `20 percent`.
fn share_at<'w>(words: &'w Words<'_>, at: usize) -> Option<&'w Quantity> {
    words.0.quantities.iter().find(|share| {
        share.tokens.start == at
            && share.unit == Unit::Percent
            && share.is_exact()
            && !share.quantifier
            && share.low > 0.0
            && share.low < 100.0
    })
}

/// `73 percent of the berths were taken by sailors` of `Of all berths, 73 percent were taken by sailors`.
fn of_all(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    if !words.is(0, "of") || !words.is(1, "all the") {
        return None;
    }
    let comma = find(3..end, |at| words.is(at, ","))?;
    let amount = words.0.quantities.iter().find(|amount| {
        amount.tokens.start == comma + 1
            && matches!(amount.unit, Unit::Percent | Unit::Count)
            && !amount.quantifier
    })?;
    let after = words
        .verb(comma + 2..end)
        .filter(|verb| *verb == amount.tokens.end)?;
    let one = find(comma + 1..end, |at| words.is(at, ", ; :")).is_none();
    let whole = 2..comma;
    // What comes first may be a participle: `of all berths booked last summer`.
    let named = matches!(
        words.tag(2),
        Some(Tag::Noun | Tag::Name | Tag::Adjective | Tag::Number)
    );
    (one && named).then(|| {
        Restatement::whole(format!(
            "{} of the {} {}.",
            words.text(comma + 1..after),
            small_first(&words.text(whole)),
            words.text(after..end)
        ))
    })
}
