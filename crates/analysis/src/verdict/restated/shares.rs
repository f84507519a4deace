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

/// The whole that shares are of, its things, and where the first share and what is said of it begin.
struct Whole {
    count: f64,
    things: String,
    first: Part,
}

/// `half of the 80 members sing, …`
fn named_by_the_first(words: &Words<'_>) -> Option<Whole> {
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
    (opens && words.is_noun_phrase(noun..verb)).then(|| Whole {
        count: whole.low,
        things: words.text(noun..verb),
        first: Part {
            percent: first.low,
            said: verb..end,
        },
    })
}

/// `The choir has 60 singers: a quarter are basses, …`
fn named_before(words: &Words<'_>) -> Option<Whole> {
    let end = words.end();
    let colon = find(2..end, |at| words.is(at, ":"))?;
    let share = share_at(words, colon + 1)?;
    let whole = words.0.quantities.iter().find(|whole| {
        whole.unit == Unit::Count && whole.is_exact() && whole.tokens.start < colon
    })?;
    let noun = find(whole.tokens.start..colon, |at| {
        words.tag(at) == Some(Tag::Noun)
    })?;
    let has = words.is(words.verb(0..colon)?, "has have had");
    (has && words.is_noun_phrase(noun..colon)).then(|| Whole {
        count: whole.low,
        things: words.text(noun..colon),
        first: Part {
            percent: share.low,
            said: share.tokens.end..end,
        },
    })
}

/// `half of the 80 members sing, a fifth play the violin, and the rest play the drums`
fn shares_of_a_whole(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let Whole {
        count: whole,
        things,
        first,
    } = named_by_the_first(words).or_else(|| named_before(words))?;
    let start = first.said.start;
    let mut parts = vec![first];
    for at in start + 1..end {
        if !words.is(at - 1, ", and") {
            continue;
        }
        let rest = words.is(at, "the") && words.is(at + 1, "rest remainder others");
        let (percent, said) = if rest {
            let others: f64 = parts.iter().map(|part| part.percent).sum();
            (100.0 - others, at + 2)
        } else if let Some(share) = share_at(words, at) {
            (share.low, share.tokens.end)
        } else {
            continue;
        };
        let and = usize::from(words.is(at - 1, "and"));
        let stop = at - and - usize::from(words.is(at - 1 - and, ","));
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
        let count = part.percent * whole / 100.0;
        let percent = (part.percent * 100.0).round() / 100.0;
        found.push(Restatement::part(format!(
            "{percent}% of the {things} {said}."
        )));
        if (count - count.round()).abs() < 0.02 && count > 1.0 {
            let count = count.round();
            found.push(Restatement::part(format!(
                "{count} of the {whole} {things} {said}."
            )));
            found.push(Restatement::part(format!("{count} {things} {said}.")));
        }
    }
    Some(found)
}

/// The exact share that begins at `at`: `a fifth`, `20 percent`.
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

/// `All windows were painted` and `Only a few of the doors were painted` of `All windows were painted, but only a few of the doors`
pub(super) fn only_some(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let comma = find(2..end, |at| words.is(at, ",") && words.is(at + 1, "but"))?;
    let verb = words.verb(0..comma)?;
    let start = comma + 2;
    let of = find(start..end, |at| words.is(at, "of"))?;
    let few = words.is(start, "only")
        && (start + 1..of).all(|at| words.is(at, "a few some half one two three"));
    let last = end.checked_sub(1)?;
    // `… only a few of the doors were`
    let stop = if words.is(last, "were was are is did do does") {
        last
    } else {
        end
    };
    let things = of + 1..stop;
    let named = words.is(of + 1, "the its their") && words.is_noun_phrase(things.clone());
    let all = words.is(0, "all every each most");
    (all && few && named && words.is(verb, "was were is are")).then(|| {
        let are = if words.is(verb, "was were") {
            "were"
        } else {
            "are"
        };
        let some = format!(
            "{} {are} {}.",
            words.leading(start..stop),
            words.text(verb + 1..comma)
        );
        let all = format!("{}.", words.text(0..comma));
        vec![Restatement::part(all), Restatement::part(some)]
    })
}
