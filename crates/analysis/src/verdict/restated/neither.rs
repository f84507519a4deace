//! What `neither … nor` denies of each: `Neither the east wing nor the chapel has a lift`.

use super::Restatement;
use super::words::{Words, find};
use crate::statement::tags::Tag;

/// A denial for each of the two, in place of a sentence that mixes them.
pub(super) fn neither(words: &Words<'_>) -> Option<Vec<Restatement>> {
    of_subjects(words).or_else(|| of_objects(words))
}

/// `Neither the chapel has a lift`, which is read as one denial.
fn of_subjects(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    if !words.is(0, "neither") {
        return None;
    }
    let verb = words.verb(1..end)?;
    let nor = find(1..verb, |at| words.is(at, "nor"))?;
    let plain = |range: std::ops::Range<usize>| words.is_noun_phrase(range);
    if !plain(1..nor) || !plain(nor + 1..verb) || words.denies(verb..end) {
        return None;
    }
    let said = |range: std::ops::Range<usize>| {
        Restatement::part(format!(
            "Neither {} {}.",
            words.text(range),
            words.text(verb..end)
        ))
    };
    Some(vec![said(1..nor), said(nor + 1..verb)])
}

/// `The flat has no balcony`, `The flat has no cellar`.
fn of_objects(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let neither = find(1..end, |at| words.is(at, "neither"))?;
    let nor = find(neither + 1..end, |at| words.is(at, "nor"))?;
    let verb = words.verb(0..neither)?;
    let others = (neither..end).any(|at| matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)));
    let things = words.is_noun_phrase(neither + 1..nor) && words.is_noun_phrase(nor + 1..end);
    if others || !things || verb + 1 != neither || !words.is_noun_phrase(0..verb) {
        return None;
    }
    let said = |range: std::ops::Range<usize>| {
        let start = if words.is(range.start, "a an any") {
            range.start + 1
        } else {
            range.start
        };
        // `contains neither the salt`: what is named by its article is denied with the verb.
        let has = words.is(
            verb,
            "has have had contains contain offers offer includes include",
        );
        let object = words.text(start..range.end);
        Restatement::part(if has && !words.is(start, "the its his her their") {
            format!("{} no {object}.", words.text(0..verb + 1))
        } else {
            let denied = words.denied(verb, words.is_plural(0..verb));
            format!("{} {denied} {object}.", words.text(0..verb))
        })
    };
    Some(vec![said(neither + 1..nor), said(nor + 1..end)])
}
