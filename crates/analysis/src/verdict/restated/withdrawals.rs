//! What was as good as done and came to nothing: `Orvane did not buy Keele` of `Orvane was about to buy Keele but withdrew`.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find};

/// All of them.
pub(super) fn withdrawals(words: &Words<'_>) -> Vec<Restatement> {
    but_withdrew(words)
        .or_else(|| having_agreed(words))
        .into_iter()
        .collect()
}

/// Where a verb in the infinitive or as a gerund begins that names what was about to be done.
fn attempt(words: &Words<'_>, verb: usize) -> Option<usize> {
    let was = words.is(verb, "was were");
    let told = words.is(
        verb,
        "agreed planned intended wanted meant decided promised offered hoped",
    );
    let had = words.is(verb, "had")
        && words.is(
            verb + 1,
            "agreed planned intended wanted meant decided promised offered hoped",
        );
    let set = was
        && words.is(verb + 1, "about set ready due going close near")
        && words.is(verb + 2, "to");
    if set {
        return Some(verb + 3);
    }
    if had && words.is(verb + 2, "to") {
        return Some(verb + 3);
    }
    if told && words.is(verb + 1, "to") {
        return Some(verb + 2);
    }
    let point = was
        && words.is(verb + 1, "on")
        && words.is(verb + 2, "the")
        && words.is(verb + 3, "point verge brink")
        && words.is(verb + 4, "of");
    point.then_some(verb + 5)
}

/// Whether a range says that it came to nothing.
fn came_to_nothing(words: &Words<'_>, range: Range<usize>) -> bool {
    let Range { start, end } = range;
    let alone = |stop: usize| {
        stop == end
            || words.is(stop, ",")
            || words.is(
                stop,
                "before at in on because after shortly days hours weeks when",
            )
    };
    if words.is(start, "withdrew") || words.is(start, "refrained") {
        return alone(start + 1);
    }
    if words.is(start, "pulled backed drew dropped") && words.is(start + 1, "out back") {
        return alone(start + 2);
    }
    if words.is(start, "changed")
        && words.is(start + 1, "its his her their")
        && words.is(start + 2, "mind minds")
    {
        return alone(start + 3);
    }
    words.is(start, "decided")
        && words.is(start + 1, "against")
        && words.is(start + 2, "it")
        && alone(start + 3)
}

/// The sentence that it was not done. `at` is the verb's place in the infinitive or as a gerund.
fn not_done(
    words: &Words<'_>,
    subject: Range<usize>,
    at: usize,
    stop: usize,
) -> Option<Restatement> {
    let verb = if words.lower(at).ends_with("ing") {
        super::words::verb_of_gerund(words.lower(at))?
    } else {
        words.lower(at).to_owned()
    };
    let thing = at + 1..stop;
    let plain = words.is_noun_phrase(thing.clone()) && words.is_noun_phrase(subject.clone());
    plain.then(|| {
        Restatement::part(format!(
            "{} did not {verb} {}.",
            words.leading(subject),
            words.text(thing)
        ))
    })
}

/// `Orvane was about to buy Keele but withdrew`
fn but_withdrew(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    let at = attempt(words, verb)?;
    let but = find(at + 1..end, |at| words.is(at, "but"))?;
    let stop = if words.is(but - 1, ",") { but - 1 } else { but };
    came_to_nothing(words, but + 1..end).then(|| not_done(words, 0..verb, at, stop))?
}

/// `Having agreed to buy the inn, Tarrant pulled out before signing`
fn having_agreed(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let agreed = words.is(0, "having")
        && words.is(1, "agreed planned intended promised offered decided")
        && words.is(2, "to");
    let comma = find(4..end, |at| words.is(at, ","))?;
    let verb = words.verb(comma + 1..end)?;
    (agreed && came_to_nothing(words, verb..end))
        .then(|| not_done(words, comma + 1..verb, 3, comma))?
}
