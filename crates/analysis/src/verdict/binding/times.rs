//! The claim's times beside those of the source's statement.

use super::amounts::{Answer, Outcome};
use super::{Around, Side};
use crate::statement::time::{Agreement, Time, When};

/// Answers for each time of the claim's statement.
pub fn times(claim: Side<'_>, source: Side<'_>, around: &Around) -> Vec<Answer> {
    claim
        .statement
        .times
        .iter()
        .map(|index| time(*index, claim, source, around))
        .collect()
}

fn time(index: usize, claim: Side<'_>, source: Side<'_>, around: &Around) -> Answer {
    let wanted = &claim.sentence.times[index];
    let answer = |given: Option<usize>, outcome| Answer {
        wanted: index,
        given,
        is_time: true,
        outcome,
        kind: match &wanted.when {
            When::Days(_) => "year",
            When::Month { .. } => "day",
            When::Weekdays(_) => "day",
        },
    };
    let own = &source.statement.times;
    let given: &[usize] = if own.is_empty() {
        &source.statement.inherited_times
    } else {
        own
    };
    if let Some(span) = whole_span(given, source)
        && let Some((first, last)) = wanted.span()
        && span == (first, last)
    {
        return answer(given.first().copied(), Outcome::Same);
    }
    let mut answers: Vec<(usize, Agreement)> = given
        .iter()
        .map(|given| {
            let other = &source.sentence.times[*given];
            let agreement = agree(wanted, other, around);
            let is_same_one = which_of_them(wanted, claim) == which_of_them(other, source);
            match agreement {
                // `every second Monday` is not every Monday.
                Agreement::Same if !is_same_one => (*given, Agreement::Open),
                _ => (*given, agreement),
            }
        })
        .collect();
    answers.sort_by_key(|(_, agreement)| match agreement {
        Agreement::Same => 0,
        Agreement::Open => 1,
        Agreement::Differs => 2,
    });
    match answers.as_slice() {
        [] => {
            // The document's date holds for its figures; it is no answer to when something happened.
            let around = !claim.statement.quantities.is_empty()
                && around
                    .times
                    .iter()
                    .any(|time| wanted.compare(time) == Agreement::Same);
            answer(
                None,
                if around {
                    Outcome::Same
                } else {
                    Outcome::Absent
                },
            )
        }
        [(given, Agreement::Same), ..] => answer(Some(*given), Outcome::Same),
        [(given, Agreement::Open), ..] => answer(Some(*given), Outcome::Open),
        [(given, Agreement::Differs)] => answer(Some(*given), Outcome::Differs),
        [(given, Agreement::Differs), ..] => answer(Some(*given), Outcome::Open),
    }
}

/// `second` of `every second Monday`, `last` of `the last Friday of the month`.
fn which_of_them(time: &Time, side: Side<'_>) -> Option<String> {
    if !matches!(time.when, When::Weekdays(_)) {
        return None;
    }
    let before = time.tokens.start.checked_sub(1)?;
    let word = &side.sentence.tokens.get(before)?.lower;
    matches!(
        word.as_str(),
        "first" | "second" | "third" | "fourth" | "last" | "other" | "alternate"
    )
    .then(|| word.clone())
}

/// The years from the first to the last time of a statement: `from … in 2010 to … in 2020` is between 2010 and 2020.
fn whole_span(given: &[usize], source: Side<'_>) -> Option<(i64, i64)> {
    let [first, .., last] = given else {
        return None;
    };
    let (from, _) = source.sentence.times[*first].span()?;
    let (_, to) = source.sentence.times[*last].span()?;
    (from <= to).then_some((from, to))
}

/// A date without its year, where the document's own date names the year.
fn agree(wanted: &Time, given: &Time, around: &Around) -> Agreement {
    let plain = wanted.compare(given);
    if plain != Agreement::Open {
        return plain;
    }
    if let (When::Days(_), When::Month { month, day }) = (&wanted.when, &given.when) {
        let years: Vec<i64> = around
            .times
            .iter()
            .filter_map(|time| {
                time.span()
                    .map(|(first, _)| crate::statement::time::civil(first).0)
            })
            .collect();
        if let [year] = years.as_slice() {
            let (from, to) = match day {
                Some(day) => (*day, *day),
                None => (1, crate::statement::time::month_length(*year, *month)),
            };
            let dated = Time {
                when: When::Days(vec![(
                    crate::statement::time::days(*year, *month, from),
                    crate::statement::time::days(*year, *month, to),
                )]),
                ..given.clone()
            };
            return wanted.compare(&dated);
        }
    }
    Agreement::Open
}
