//! What belongs to each of several in turn: `Rosa jumped 4 m` of `Rosa and Emil jumped 4 m and 5 m, respectively`; and clauses apart
//! by a semicolon.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find};

/// Each with its own, where the sentence says `respectively`. Where they cannot be told apart, nothing is said of any.
pub(super) fn respective(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let at = find(1..end, |at| words.is(at, "respectively"))?;
    let verb = words.verb(0..at)?;
    let who = items(words, 0..verb);
    if who.len() < 2 {
        // `The pupils received 85% and 86%, respectively`: of none of them more is said.
        return None;
    }
    let stop = if words.is(at - 1, ",") { at - 1 } else { at };
    let last = find(at + 1..end, |_| true).is_none();
    let what = items(words, verb + 1..stop);
    if who.len() != what.len() || !last {
        return Some(Vec::new());
    }
    let quantity = |item: &Range<usize>| {
        let mut quantities = words.0.quantities.iter();
        quantities.find(|one| item.contains(&one.tokens.start))
    };
    // `4.85, 5.10 and 5.32 m`, `4,000 and 9,000 inhabitants`: what they are of is named once.
    let is_bare = |item: &Range<usize>| item.len() == 1 && quantity(item).is_some();
    let named = what
        .last()
        .filter(|last| last.len() > 1 && quantity(last).is_some());
    let unit = named.map(|last| words.text(last.start + 1..last.end));
    let said = who.iter().zip(&what).map(|(who, what)| {
        let unit = unit
            .as_deref()
            .filter(|_| is_bare(what))
            .unwrap_or_default();
        Restatement::part(format!(
            "{} {} {} {unit}.",
            words.leading(who.clone()),
            words.lower(verb),
            words.text(what.clone())
        ))
    });
    Some(said.collect())
}

/// The members of a list: `Rosa, Viktor and Emil`.
fn items(words: &Words<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let stop = find(start..range.end, |at| words.is(at, ", and")).unwrap_or(range.end);
        if start < stop {
            found.push(start..stop);
        }
        start = stop + 1;
    }
    found
}

/// `Dogs travel free` and `Bicycles are charged` of `Dogs travel free; bicycles are charged`, where the words do not tell by
/// themselves that there are two clauses.
pub(super) fn clauses_apart(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let at = find(2..end, |at| words.is(at, ";"))?;
    // Within brackets it parts dates and names in other languages.
    let one = find(0..end, |sign| sign != at && words.is(sign, "; ( ) [ ]")).is_none();
    let sides = [0..at, at + 1..end];
    let told = sides.iter().all(|side| words.verb(side.clone()).is_some());
    let long = sides.iter().all(|side| side.len() >= 2);
    (one && long && !told).then(|| {
        let said = sides
            .into_iter()
            .map(|side| Restatement::part(format!("{}.", words.leading(side))));
        said.collect()
    })
}
