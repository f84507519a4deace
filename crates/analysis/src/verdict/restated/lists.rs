//! What a list says of each of its things: what a price includes, and what each group pays.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find};
use crate::statement::tags::Tag;

/// `Towels are not included in the price` of `The price includes breakfast but not towels`.
pub(super) fn included(words: &Words<'_>) -> Vec<Restatement> {
    inclusion(words).unwrap_or_default()
}

fn inclusion(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    let (list, denied) = match words.lower(verb) {
        "includes" | "include" => (verb + 1, false),
        "excludes" | "exclude" => (verb + 1, true),
        "does" | "do" if words.is(verb + 1, "not") && words.is(verb + 2, "include") => {
            (verb + 3, true)
        }
        "doesn't" | "don't" if words.is(verb + 1, "include") => (verb + 2, true),
        _ => return None,
    };
    if !words.is_noun_phrase(0..verb)
        || (list..end).any(|at| words.is(at, "that which who if unless only : ;"))
    {
        return None;
    }
    let whole = words.within(0..verb);
    let mut found = Vec::new();
    let mut now_denied = denied;
    let mut start = list;
    let mut count = 0;
    while start < end {
        while words.is(start, ", and or") || words.is(start, "but not") {
            if words.is(start, "but") {
                if !words.is(start + 1, "not") {
                    return None;
                }
                now_denied = !denied;
            }
            start += 1;
        }
        let stop = find(start..end, |at| words.is(at, ", and or but")).unwrap_or(end);
        if start >= stop {
            break;
        }
        // `a drink for adults` is none for others.
        if !is_thing(words, start..stop) || (start..stop).any(|at| words.is(at, "for with without"))
        {
            return None;
        }
        let not = if now_denied { " not" } else { "" };
        let are = if words.is_plural(start..stop) {
            "are"
        } else {
            "is"
        };
        let thing = words.leading(start..stop);
        found.push(Restatement::part(format!(
            "{thing} {are}{not} included in {whole}."
        )));
        count += 1;
        start = stop;
    }
    // A list that has but one thing says nothing else than its sentence.
    if let ([one], 1) = (&mut found[..], count) {
        one.whole = true;
    }
    Some(found)
}

/// A thing of a list: a noun with what describes it, an amount too.
fn is_thing(words: &Words<'_>, range: Range<usize>) -> bool {
    words.is_noun_phrase(range.clone())
        && range
            .clone()
            .any(|at| matches!(words.tag(at), Some(Tag::Noun | Tag::Name)))
}

/// `Students pay £28 for a day ticket` of `A day ticket costs £35, or £28 for students`.
pub(super) fn prices(words: &Words<'_>) -> Vec<Restatement> {
    prices_of_groups(words).unwrap_or_default()
}

fn prices_of_groups(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    if !words.is(verb, "is are cost costs")
        || !words.is_noun_phrase(0..verb)
        || (verb + 1..end).any(|at| matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)))
        || (0..end).any(|at| words.is(at, "if unless only from not"))
    {
        return None;
    }
    let what = words.within(0..verb);
    let mut found = Vec::new();
    for at in verb + 1..end {
        let Some(after) = words.money(at) else {
            continue;
        };
        if !words.is(after, "for") {
            continue;
        }
        let stop = find(after + 1..end, |place| words.is(place, ", ; and or but")).unwrap_or(end);
        let group = after + 1..stop;
        if group.is_empty()
            || !words.is_plural(group.clone())
            || !words.is_noun_phrase(group.clone())
        {
            continue;
        }
        let (group, price) = (words.leading(group), words.text(at..after));
        // `Adults pay €12`: what entry costs is what there is to pay.
        if matches!(
            what.as_str(),
            "entry" | "admission" | "entrance" | "the entrance fee" | "a ticket" | "tickets"
        ) {
            found.push(Restatement::part(format!("{group} pay {price}.")));
        }
        found.push(Restatement::part(format!(
            "{group} pay {price} for {what}."
        )));
    }
    Some(found)
}

/// `Children pay £3` of `Adults £6.50, children £3`; `The single fare for a motorcycle is 71 kr` of `Single fares: motorcycle 71 kr`.
pub(super) fn price_list(words: &Words<'_>) -> Vec<Restatement> {
    list_of_prices(words).unwrap_or_default()
}

fn list_of_prices(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    if (0..end).any(|at| matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary))) {
        return None;
    }
    let colon = find(0..end, |at| words.is(at, ":"));
    let label = colon.filter(|colon| words.is_noun_phrase(0..*colon) && *colon <= 4);
    if colon.is_some() && label.is_none() {
        return None;
    }
    let mut found = Vec::new();
    let mut start = colon.map_or(0, |colon| colon + 1);
    let mut priced = 0;
    while start < end {
        let stop = find(start..end, |at| words.is(at, ", ;")).unwrap_or(end);
        let price = find(start..stop, |at| words.money(at).is_some());
        if let Some(price) = price {
            let thing = start..price;
            if words.money(price) != Some(stop) || !words.is_noun_phrase(thing.clone()) {
                return None;
            }
            priced += 1;
            let (name, price) = (words.leading(thing.clone()), words.text(price..stop));
            let plural = words.is_plural(thing.clone());
            if plural {
                found.push(Restatement::part(format!("{name} pay {price}.")));
            }
            if let Some(label) = label {
                let of = words.text(0..label);
                let one = of.strip_suffix('s').unwrap_or(&of);
                let name = words.within(thing);
                let article = if plural { "" } else { "a " };
                found.push(Restatement::part(format!(
                    "The {one} for {article}{name} is {price}."
                )));
            } else if !plural {
                found.push(Restatement::part(format!("{name} costs {price}.")));
            }
        } else if !(start..stop).any(|at| words.is(at, "free")) {
            return None;
        }
        start = stop + 1;
    }
    (priced > 1 || priced == 1 && label.is_some()).then_some(found)
}
