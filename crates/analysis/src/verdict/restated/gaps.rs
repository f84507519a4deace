//! Clauses that leave out what the clause before has said: `…, but the lid is not`; `rubbish is collected on Tuesdays and paper
//! on Fridays`.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find};
use crate::statement::tags::Tag;

const BE: &str = "is are was were isn't aren't wasn't weren't";
const DO: &str = "does do did doesn't don't didn't";
const HAVE: &str = "has have had hasn't haven't hadn't";
const CAN: &str = "can cannot can't could couldn't";
const OTHERS: &str = "may must will won't should shouldn't mustn't";

/// The clauses written out, where one leaves something out.
pub(super) fn gaps(words: &Words<'_>) -> Option<Vec<Restatement>> {
    elided(words).or_else(|| gapped(words))
}

/// `The lid is not dishwasher safe` of `The basket is dishwasher safe, but the lid is not`.
fn elided(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let last = end.checked_sub(1)?;
    // The second clause ends with its auxiliary, denied or not.
    let (auxiliary, denied) =
        if words.is(last, "not") && words.tag(last - 1) == Some(Tag::Auxiliary) {
            (last.checked_sub(1)?, true)
        } else if words.tag(last) == Some(Tag::Auxiliary) {
            let lower = words.lower(last);
            (last, lower.ends_with("n't") || lower == "cannot")
        } else {
            return None;
        };
    let divider = (1..auxiliary).rev().find(|at| {
        words.is(*at, "but while whereas ;") || words.is(*at, "and") && words.is(at - 1, ",")
    });
    // `Gas grills are allowed, charcoal grills are not.`
    let comma = || (1..auxiliary).rev().find(|at| words.is(*at, ",") && denied);
    let divider = divider.or_else(comma)?;
    let mut start = divider + 1;
    while words.is(start, "however , but") {
        start += 1;
    }
    let subject = start..auxiliary;
    let mut first_end = divider;
    while first_end > 0 && words.is(first_end - 1, ", ; and") {
        first_end -= 1;
    }
    let verb = words.verb(0..first_end)?;
    let first_subject = 0..verb;
    let plain = |range: &Range<usize>| words.are_noun_phrases(range.clone());
    let inside = (verb + 1..first_end).all(|at| !words.is(at, ", ; : that if which who"));
    if !plain(&subject) || !plain(&first_subject) || !inside {
        return None;
    }
    let class = |at: usize| {
        [BE, HAVE, CAN, OTHERS]
            .into_iter()
            .find(|class| words.is(at, class))
    };
    let mut rest = verb + 1;
    let (asserts, said) = if words.is(auxiliary, DO) {
        if words.is(verb, DO) && words.tag(verb) == Some(Tag::Auxiliary) {
            // `Adults do not get a discount, but students do.`
            while words.is(rest, "not never") {
                rest += 1;
            }
            let verb = words.within(rest..first_end);
            (
                !denied,
                if denied {
                    format!("do not {verb}")
                } else {
                    format!("do {verb}")
                },
            )
        } else if denied
            && (words.tag(verb) == Some(Tag::Verb)
                || words.is(verb, "has have")
                    && !matches!(words.tag(verb + 1), Some(Tag::Verb | Tag::Auxiliary)))
        {
            (false, format!("do not {}", words.within(verb..first_end)))
        } else {
            return None;
        }
    } else {
        let class = class(auxiliary)?;
        if !words.is(verb, class) {
            return None;
        }
        while words.is(rest, "not never") {
            rest += 1;
        }
        let plain = match words.lower(auxiliary) {
            "isn't" => "is",
            "aren't" => "are",
            "wasn't" => "was",
            "weren't" => "were",
            "hasn't" => "has",
            "haven't" => "have",
            "hadn't" => "had",
            "cannot" | "can't" => "can",
            "couldn't" => "could",
            "won't" => "will",
            "shouldn't" => "should",
            "mustn't" => "must",
            other => other,
        };
        let not = if denied { " not" } else { "" };
        (
            !denied,
            format!("{plain}{not} {}", words.within(rest..first_end)),
        )
    };
    let first_denied = (verb..rest).any(|at| words.is(at, "not never"))
        || words.lower(verb).ends_with("n't")
        || words.lower(verb) == "cannot";
    // `The basket is safe, and the lid is`: two that say the same need other words.
    if asserts != first_denied || rest >= first_end && !words.is(auxiliary, DO) {
        return None;
    }
    Some(vec![
        Restatement::part(format!("{}.", words.text(0..first_end))),
        Restatement::part(format!("{} {said}.", words.leading(subject))),
    ])
}

/// `Paper is collected on Fridays` of `Rubbish is collected on Tuesdays and paper on Fridays`.
fn gapped(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    let mut group_end = verb;
    while matches!(
        words.tag(group_end),
        Some(Tag::Verb | Tag::Auxiliary | Tag::Adverb)
    ) {
        group_end += 1;
    }
    if (group_end..end).any(|at| matches!(words.tag(at), Some(Tag::Auxiliary | Tag::Verb)))
        || !words.is_noun_phrase(0..verb)
    {
        return None;
    }
    let prepositions = "on in at from for by to until with";
    let lead = find(group_end..end, |at| words.is(at, prepositions))?;
    let preposition = words.lower(lead).to_owned();
    let object = group_end..lead;
    if !object.is_empty() && !words.is_noun_phrase(object.clone()) {
        return None;
    }
    let mut cuts: Vec<usize> = Vec::new();
    let inside = |at: usize| {
        let times = words.0.times.iter().map(|time| &time.tokens);
        let amounts = words.0.quantities.iter().map(|amount| &amount.tokens);
        times
            .chain(amounts)
            .any(|tokens| tokens.start < at && at < tokens.end)
    };
    for at in lead + 1..end {
        if words.is(at, "and but , ;") && !inside(at) {
            cuts.push(at);
        }
    }
    let mut parts: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let first = *cuts.first()?;
    let mut at = first;
    while at < end {
        while at < end && words.is(at, "and but , ;") {
            at += 1;
        }
        let stop = cuts.iter().copied().find(|cut| *cut > at).unwrap_or(end);
        let own = find(at..stop, |place| words.lower(place) == preposition)?;
        let noun = at..own;
        // What follows the preposition is of one kind in each: `on Tuesdays`, `on Fridays`.
        if !words.is_noun_phrase(noun.clone())
            || own + 1 >= stop
            || noun
                .clone()
                .any(|at| words.tag(at) == Some(Tag::Preposition))
        {
            return None;
        }
        parts.push((noun, own..stop));
        at = stop;
    }
    let kind = |tail: Range<usize>| {
        let dated = words.0.times.iter();
        let counted = words.0.quantities.iter();
        let dated = dated
            .filter(|time| tail.contains(&(time.tokens.end - 1)))
            .count()
            > 0;
        let counted = counted
            .filter(|amount| tail.contains(&amount.tokens.start))
            .count()
            > 0;
        (
            dated,
            counted && !dated,
            words.tag(tail.start + 1) == Some(Tag::Name),
        )
    };
    let first_kind = kind(lead..first);
    if parts.is_empty()
        || parts
            .iter()
            .any(|(_, tail)| kind(tail.clone()) != first_kind)
    {
        return None;
    }
    let said = words.within(verb..group_end);
    let mut found = vec![Restatement::part(format!("{}.", words.text(0..first)))];
    for (noun, tail) in parts {
        let tail = words.text(tail);
        // `The shop sells bread on Mondays and cakes on Fridays.`
        found.push(Restatement::part(if object.is_empty() {
            format!("{} {said} {tail}.", words.leading(noun))
        } else {
            format!(
                "{} {said} {} {tail}.",
                words.text(0..verb),
                words.text(noun)
            )
        }));
    }
    Some(found)
}
