//! What a sentence says of a part, of a label, or of what a thing has not.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find, large_first};
use crate::statement::tags::Tag;

/// `62 percent of the tonnes were recycled` of `8,460 tonnes, of which 62 percent were recycled`.
pub(super) fn of_which(words: &Words<'_>) -> Vec<Restatement> {
    part_of_them(words).into_iter().collect()
}

fn part_of_them(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let of = find(2..end, |at| {
        words.is(at, "of") && words.is(at + 1, "which whom") && words.is(at - 1, ",")
    })?;
    // The whole is counted right before the comma.
    let comma = of - 1;
    let noun = |at: usize| matches!(words.tag(at), Some(Tag::Noun | Tag::Adjective | Tag::Name));
    let start = (0..comma).rev().take_while(|at| noun(*at)).last()?;
    let mut amounts = words.0.quantities.iter();
    let counted = amounts.any(|amount| amount.tokens.end == start);
    let mut parts = words.0.quantities.iter();
    let part = parts
        .find(|amount| amount.tokens.start == of + 2)?
        .tokens
        .clone();
    let stop = find(part.end..end, |at| words.is(at, ", ; (")).unwrap_or(end);
    let verb = words.verb(part.end..stop)?;
    (counted && verb == part.end).then(|| {
        Restatement::part(format!(
            "{} of the {} {}.",
            large_first(&words.text(part)),
            words.text(start..comma),
            words.text(verb..stop)
        ))
    })
}

/// `The next meeting is on 7 April 2025` of `Next meeting: 7 April 2025`.
pub(super) fn labels(words: &Words<'_>) -> Vec<Restatement> {
    labelled(words).unwrap_or_default()
}

fn labelled(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let colon = find(1..end.min(6), |at| words.is(at, ":"))?;
    let has_verb = (colon + 1..end)
        .chain(1..colon)
        .any(|at| matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)));
    let plain = (colon + 1..end).all(|at| !words.is(at, ": ; , ( | ?"));
    let value = colon + 1..end;
    if has_verb
        || !plain
        || value.is_empty()
        || !words.is_noun_phrase(0..colon)
        || words.tag(0) == Some(Tag::Determiner)
        || words.is(0, "note notes warning caution tip example question answer attention nb ps re subject present apologies")
    {
        return None;
    }
    let label = super::words::small_first(&words.text(0..colon));
    let said = words.text(value.clone());
    let mut found = vec![Restatement::part(format!("The {label} is {said}."))];
    let mut times = words.0.times.iter();
    if times.any(|time| time.tokens == value) {
        found.push(Restatement::part(format!("The {label} is on {said}.")));
    }
    if value
        .clone()
        .all(|at| words.tag(at) == Some(Tag::Name) || words.is(at, "mr mrs ms dr ."))
    {
        found.push(Restatement::part(format!("{said} is the {label}.")));
    }
    Some(found)
}

/// `The syrup contains no alcohol` of `The syrup contains sorbitol, but no alcohol and no sugar`.
pub(super) fn but_no(words: &Words<'_>) -> Vec<Restatement> {
    has_none(words).unwrap_or_default()
}

fn has_none(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let but = find(2..end, |at| words.is(at, "but") && words.is(at + 1, "no"))?;
    let verb = words.verb(0..but)?;
    let there = words.is(0, "there") && verb == 1;
    let plain = (but..end).all(|at| {
        !words.is(at, ": ; ( if unless that which")
            && !matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary))
    });
    let own = (verb + 1..but).all(|at| !matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)));
    if !plain || !own || !(there || words.is_noun_phrase(0..verb)) {
        return None;
    }
    let before = words.text(0..verb + 1);
    let mut stop = but;
    while stop > verb + 1 && words.is(stop - 1, ",") {
        stop -= 1;
    }
    let mut found = vec![Restatement::part(format!("{}.", words.text(0..stop)))];
    for thing in things(words, but + 2..end) {
        found.push(Restatement::part(format!("{before} no {thing}.")));
    }
    Some(found)
}

/// The things of a list, each without its `no`.
fn things(words: &Words<'_>, range: Range<usize>) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let stop = find(start..range.end, |at| words.is(at, ", and or nor")).unwrap_or(range.end);
        let own = if words.is(start, "no") {
            start + 1
        } else {
            start
        };
        if own < stop {
            found.push(words.text(own..stop));
        }
        start = stop + 1;
    }
    found
}

/// `The cake contains no nuts` of `The cake is free of nuts`.
pub(super) fn free_of(words: &Words<'_>) -> Vec<Restatement> {
    let end = words.end();
    let free = words.verb(0..end).filter(|verb| {
        words.is(*verb, "is are")
            && words.is(verb + 1, "free")
            && words.is(verb + 2, "of from")
            && verb + 3 < end
            && !words.is(verb + 3, "charge cost")
            && words.is_noun_phrase(0..*verb)
    });
    let said = free.map(|verb| {
        Restatement::whole(format!(
            "{} contains no {}.",
            words.text(0..verb),
            words.text(verb + 3..end)
        ))
    });
    said.into_iter().collect()
}

/// `The depot does not take medicines` of `The depot does not take asbestos, gas bottles or medicines`.
pub(super) fn none_of_them(words: &Words<'_>) -> Vec<Restatement> {
    denied_list(words).unwrap_or_default()
}

fn denied_list(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let first = words.verb(0..end)?;
    if !words.is(
        first,
        "do does did don't doesn't didn't can cannot can't may must is are",
    ) {
        return None;
    }
    let mut verb = first + 1;
    let denied =
        words.lower(first).ends_with("n't") || words.is(first, "cannot") || words.is(verb, "not");
    if words.is(verb, "not") {
        verb += 1;
    }
    let subject =
        words.is_noun_phrase(0..first) || words.is(0, "we they it he she you") && first == 1;
    if !denied || !subject || words.tag(verb) != Some(Tag::Verb) {
        return None;
    }
    let list = verb + 1..end;
    let or = find(list.clone(), |at| words.is(at, "or"))?;
    let plain = list.clone().all(|at| {
        !matches!(
            words.tag(at),
            Some(Tag::Verb | Tag::Auxiliary | Tag::Preposition)
        ) && !words.is(at, ": ; ( that which if unless")
    });
    if !plain || !words.is_noun_phrase(or + 1..end) {
        return None;
    }
    let before = words.text(0..verb + 1);
    Some(
        things(words, list)
            .into_iter()
            .map(|thing| Restatement::part(format!("{before} {thing}.")))
            .collect(),
    )
}

/// `The bracket is not supplied` of `The bracket is sold separately`.
pub(super) fn sold_separately(words: &Words<'_>) -> Vec<Restatement> {
    let end = words.end();
    let Some(verb) = words.verb(0..end) else {
        return Vec::new();
    };
    let (mut start, mut verb) = (0, verb);
    // After a semicolon another thing is spoken of.
    if let Some(cut) = find(0..end, |at| words.is(at, ";")) {
        start = cut + 1;
        verb = words.verb(start..end).unwrap_or(verb);
    }
    let sold =
        words.is(verb, "is are") && words.is(verb + 1, "sold") && words.is(verb + 2, "separately");
    if !sold || !words.is_noun_phrase(start..verb) {
        return Vec::new();
    }
    let (thing, is) = (words.leading(start..verb), words.lower(verb));
    ["supplied", "included"]
        .map(|done| Restatement::part(format!("{thing} {is} not {done}.")))
        .into()
}

/// `Electricity is included` of `Electricity is included in the price`, as a claim puts it.
pub(super) fn included_in_the_price(words: &Words<'_>) -> Vec<Restatement> {
    let end = words.end();
    let at = find(2..end, |at| words.is(at, "included"));
    let said = at.filter(|at| {
        words.is(at + 1, "in")
            && words.is(at + 2, "the")
            && words.is(at + 3, "price fee cost fare charge")
            && at + 4 == end
    });
    said.map(|at| Restatement::whole(format!("{}.", words.text(0..at + 1))))
        .into_iter()
        .collect()
}
