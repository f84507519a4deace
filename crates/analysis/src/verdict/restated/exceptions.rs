//! What an exception says of what it leaves out: `All rooms except the attic have heating`.

use super::Restatement;
use super::words::{Words, find};
use crate::statement::tags::Tag;
use crate::statement::time::When;

const ALL: &str = "all every everyone everybody everything each no nobody none any";

/// What is said of the exception.
pub(super) fn exceptions(words: &Words<'_>) -> Vec<Restatement> {
    of_the_subject(words)
        .into_iter()
        .chain(of_the_rest(words))
        .chain(of_the_days(words))
        .chain(of_the_only_one(words))
        .collect()
}

/// `The attic does not have heating` of `All rooms except the attic have heating`.
fn of_the_subject(words: &Words<'_>) -> Option<Restatement> {
    if !words.is(0, ALL) || words.is(1, "of") && words.is(0, "none each any") {
        return None;
    }
    let end = words.end();
    let by = find(1..end, |at| {
        words.is(at, "except but excluding apart other")
    })?;
    let start = match words.lower(by) {
        "apart" if words.is(by + 1, "from") => by + 2,
        "other" if words.is(by + 1, "than") => by + 2,
        "except" if words.is(by + 1, "for") => by + 2,
        "apart" | "other" => return None,
        _ => by + 1,
    };
    let verb = words.verb(start..end)?;
    // The exception is named before the verb, and the verb is the first one.
    if words.verb(0..start).is_some() || !words.is_noun_phrase(start..verb) {
        return None;
    }
    let rest = words.within(verb + 1..end);
    let plural = words.is_plural(start..verb);
    let subject = words.leading(start..verb);
    let denies = words.is(0, "no nobody none");
    let verb_said = if denies {
        words.within(verb..verb + 1)
    } else {
        words.denied(verb, plural)
    };
    let said = format!("{subject} {verb_said} {rest}.");
    (!words.denies(verb..end)).then(|| Restatement::part(said))
}

/// `The soup does not contain nuts` of `All dishes contain nuts, except the soup`.
fn of_the_rest(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    if !words.is(0, ALL) && !words.is(0, "nothing") {
        return of_the_object(words, verb);
    }
    let by = find(verb + 1..end, |at| words.is(at, "except apart"))?;
    let start = if words.is(by + 1, "for from") {
        by + 2
    } else {
        by + 1
    };
    let mut stop = by;
    while stop > verb && words.is(stop - 1, ",") {
        stop -= 1;
    }
    let named = words.is_noun_phrase(start..end)
        && (start..end).all(|at| !matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)));
    if words.denies(verb..stop) || !named || words.is(0, "none each any") && words.is(1, "of") {
        return None;
    }
    let (subject, rest) = (words.leading(start..end), words.text(verb + 1..stop));
    let verb_said = if words.is(0, "no nobody none nothing") {
        words.within(verb..verb + 1)
    } else {
        words.denied(verb, words.is_plural(start..end))
    };
    Some(Restatement::part(format!("{subject} {verb_said} {rest}.")))
}

/// `Visitors can not reach the tower` of `Visitors can reach all buildings except the tower`.
fn of_the_object(words: &Words<'_>, verb: usize) -> Option<Restatement> {
    let end = words.end();
    let by = find(verb + 1..end, |at| words.is(at, "except"))?;
    let start = if words.is(by + 1, "for") {
        by + 2
    } else {
        by + 1
    };
    let all = find(verb + 1..by, |at| {
        words.is(at, "all every any everything everybody everyone")
    })?;
    let plain = (verb..by).all(|at| !words.is(at, "not never , ;"))
        && words.is_noun_phrase(0..verb)
        && words.is_noun_phrase(start..end)
        && (all..by).all(|at| !matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)));
    if !plain {
        return None;
    }
    let (subject, except) = (words.text(0..verb), words.text(start..end));
    let middle = words.text(verb + 1..all);
    let verb_said = words.denied(verb, words.is_plural(0..verb));
    Some(Restatement::part(format!(
        "{subject} {verb_said} {middle} {except}."
    )))
}

/// `The pool is not open on Tuesday` of `The pool is open every day except Tuesday`.
fn of_the_days(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let [time] = &words.0.times[..] else {
        return None;
    };
    if !matches!(time.when, When::Weekdays(_)) || time.tokens.end != end {
        return None;
    }
    let by = find(time.tokens.clone(), |at| {
        words.is(at, "except but excluding apart")
    })?;
    let start = if words.is(by + 1, "for from on") {
        by + 2
    } else {
        by + 1
    };
    let verb = words.verb(0..time.tokens.start)?;
    let denied = (0..time.tokens.start).any(|at| words.is(at, "not never no"));
    if denied || !words.is_noun_phrase(0..verb) {
        return None;
    }
    let (subject, rest) = (
        words.text(0..verb),
        words.within(verb + 1..time.tokens.start),
    );
    let days = words.text(start..end);
    let verb_said = words.denied(verb, words.is_plural(0..verb));
    Some(Restatement::part(format!(
        "{subject} {verb_said} {rest} on {days}."
    )))
}

/// `Only the tower has no lift` says that the tower has none: the word narrows nothing of that.
fn of_the_only_one(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    if !words.is(0, "only") {
        return None;
    }
    let verb = words.verb(1..end)?;
    let is_one = words.is(1, "the") || words.tag(1) == Some(Tag::Name);
    (is_one && words.is_noun_phrase(1..verb) && !words.is_plural(1..verb))
        .then(|| Restatement::part(format!("{}.", words.leading(1..end))))
}
