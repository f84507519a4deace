//! A pronoun for a name or a thing of the same sentence, put back: `Norland imported steel from Sudland` of `Norland exported
//! timber to Sudland and imported steel from it`.

use super::Restatement;
use super::words::{Words, find};
use crate::statement::tags::Tag;

/// All of them.
pub(super) fn pronouns(words: &Words<'_>) -> Vec<Restatement> {
    trading_partner(words)
        .or_else(|| object_of_an_aside(words))
        .into_iter()
        .collect()
}

/// `Ada first lit the lamp in 1884` of `Ada, who had built the lamp, lit it for the first time in 1884`
fn object_of_an_aside(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let comma = find(1..end, |at| words.is(at, ","))?;
    let close = find(comma + 1..end, |at| words.is(at, ","))?;
    let verb = close + 1;
    let inner = words.verb(comma + 2..close)?;
    let article = find(inner + 1..close, |at| words.is(at, "the"))?;
    let done = (inner..article).all(|at| {
        matches!(
            words.tag(at),
            Some(Tag::Verb | Tag::Auxiliary | Tag::Adverb)
        )
    });
    let thing = article..close;
    let one = thing
        .clone()
        .all(|at| words.tag(at) != Some(Tag::Preposition) && !words.is(at, "of"));
    let plain = words.is(comma + 1, "who which")
        && words.tag(verb) == Some(Tag::Verb)
        && words.is(verb + 1, "it")
        && one
        && done
        && words.is_noun_phrase(0..comma)
        && words.is_noun_phrase(thing.clone());
    let first = words.is(verb + 2, "for")
        && words.is(verb + 3, "the")
        && words.is(verb + 4, "first")
        && words.is(verb + 5, "time");
    let (adverb, rest) = if first {
        ("first ", verb + 6)
    } else {
        ("", verb + 2)
    };
    plain.then(|| {
        Restatement::part(format!(
            "{} {adverb}{} {} {}.",
            words.text(0..comma),
            words.lower(verb),
            words.text(thing),
            words.text(rest..end)
        ))
    })
}

/// `Norland imported steel from Sudland` of `Norland exported timber to Sudland and imported steel from it`
fn trading_partner(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let time = words.0.times.iter().find(|time| time.tokens.end == end);
    let stop = time.map_or(end, |time| time.tokens.start);
    let at = stop.checked_sub(1)?;
    if !words.is(at, "it them") || !words.is(at - 1, "from to by with") {
        return None;
    }
    let is_name = |at: usize| words.tag(at) == Some(Tag::Name);
    // Who does both: names at the beginning, or after a time there.
    let opening = words.0.times.iter().find(|time| time.tokens.start == 0);
    let start = opening.map_or(0, |time| {
        time.tokens.end + usize::from(words.is(time.tokens.end, ","))
    });
    let verb = words.verb(start..at)?;
    let and = find(verb + 1..at, |at| words.is(at, "and"))?;
    let subject = start..verb;
    let named = !subject.is_empty() && subject.clone().all(is_name);
    // One other name before the second verb, after a preposition, and none besides.
    let lead = find(verb + 1..and, |at| {
        words.is(at, "to from with by for") && is_name(at + 1)
    })?;
    let last = find(lead + 1..and, |at| !is_name(at)).unwrap_or(and);
    let others = (verb + 1..lead)
        .chain(last..and)
        .chain(and + 1..at)
        .any(is_name);
    let second = words.verb(and + 1..at)? == and + 1;
    let plain = find(and + 1..at, |at| {
        words.is(at, "and but or , ; which who that")
    })
    .is_none();
    if !named || others || !second || !plain {
        return None;
    }
    // A time at the beginning of the sentence, or after the other name, holds for both verbs.
    let shared =
        words.0.times.iter().find(|time| {
            time.tokens.start == 0 || time.tokens.start >= last && time.tokens.end <= and
        });
    let when = time.or(shared).map_or(String::new(), |time| {
        format!(
            " {}",
            super::words::small_first(&words.text(time.tokens.clone()))
        )
    });
    Some(Restatement::part(format!(
        "{} {} {}{when}.",
        words.text(subject),
        words.text(and + 1..at),
        words.text(lead + 1..last)
    )))
}
