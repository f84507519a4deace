//! One expression for another that says the same: `turned down` and `rejected`, `not transferable` and `cannot be transferred`.

use super::Restatement;
use super::words::{Words, find, large_first, small_first};
use crate::statement::tags::Tag;
use crate::statement::time::Relation;

/// Verbs of several words, with one that says the same.
const PHRASES: &[(&str, &str)] = &[
    ("turned down", "rejected"),
    ("turns down", "rejects"),
    ("voted down", "rejected"),
    ("thrown out", "rejected"),
    ("called off", "cancelled"),
    ("put off", "postponed"),
    ("put back", "postponed"),
    ("took over", "acquired"),
    ("taken over", "acquired"),
    ("took place", "was held"),
    ("takes place", "is held"),
    ("take place", "are held"),
    ("taken place", "been held"),
    ("came out", "was released"),
    ("set up", "founded"),
    ("carried out", "performed"),
    ("handed in", "submitted"),
    ("went up", "rose"),
    ("gone up", "risen"),
    ("goes up", "rises"),
    ("went down", "fell"),
    ("gone down", "fallen"),
    ("comes to", "is"),
    ("came to", "was"),
    ("amounts to", "is"),
    ("amounted to", "was"),
    ("stepped down", "resigned"),
    ("taken on", "hired"),
    ("took on", "hired"),
    ("got rid of", "removed"),
    ("pulled down", "demolished"),
    ("knocked down", "demolished"),
    ("burned down", "burned"),
    ("burnt down", "burned"),
    ("as well as", "and"),
    ("referred to as", "called"),
    ("gave out", "distributed"),
    ("given out", "distributed"),
    ("gives out", "distributes"),
    ("handed out", "distributed"),
    ("hands out", "distributes"),
    ("got married", "married"),
    ("paid back", "repaid"),
    ("shut down", "closed"),
    ("closed down", "closed"),
    ("thrown away", "discarded"),
    ("threw away", "discarded"),
    ("found out", "discovered"),
    ("passed away", "died"),
    ("picked up", "collected"),
    ("dropped off", "delivered"),
    ("is made up of", "consists of"),
    ("are made up of", "consist of"),
    ("is composed of", "consists of"),
    ("was in charge of", "managed"),
    ("is in charge of", "manages"),
    ("is able to", "can"),
    ("are able to", "can"),
    ("is unable to", "cannot"),
    ("are unable to", "cannot"),
    ("was unable to", "could not"),
    ("were unable to", "could not"),
    ("has the right to", "may"),
    ("have the right to", "may"),
    ("has permission to", "may"),
    ("have permission to", "may"),
    ("most expensive", "dearest"),
    ("least expensive", "cheapest"),
    ("is in favour of", "supports"),
    ("are in favour of", "support"),
    ("was in favour of", "supported"),
    ("were in favour of", "supported"),
    ("is against", "opposes"),
    ("are against", "oppose"),
    ("was against", "opposed"),
    ("were against", "opposed"),
    ("free of charge", "free"),
    ("at no cost", "free"),
    ("at no charge", "free"),
    ("costs nothing", "is free"),
    ("cost nothing", "are free"),
    ("was found guilty", "was convicted"),
    ("were found guilty", "were convicted"),
    ("was found not guilty", "was acquitted"),
    ("was cleared of", "was acquitted of"),
    ("finished first", "won"),
    ("came first", "won"),
    ("made its debut", "debuted"),
    ("fell through", "failed"),
    ("brought in", "earned"),
    ("had a turnover of", "turned over"),
];

/// Adjectives for what can be done to a thing.
const ABLE: &str = "refundable:refunded transferable:transferred washable:washed exchangeable:exchanged renewable:renewed removable:removed \
    adjustable:adjusted returnable:returned reusable:reused recyclable:recycled replaceable:replaced rechargeable:recharged \
    detachable:detached foldable:folded cancellable:cancelled extendable:extended bookable:booked negotiable:negotiated \
    convertible:converted reversible:reversed";

/// All of them, for the whole sentence.
pub(super) fn exchanges(words: &Words<'_>) -> Vec<Restatement> {
    phrases(words)
        .into_iter()
        .chain(able(words))
        .chain(first_time(words))
        .chain(according_to(words))
        .chain(there_are(words))
        .collect()
}

/// `The council rejected the mast` of `The council turned down the mast`.
fn phrases(words: &Words<'_>) -> Option<Restatement> {
    let text = &words.0.text;
    let found = PHRASES.iter().find_map(|(phrase, word)| {
        let at = text.find(&format!(" {phrase}"))?;
        let end = at + 1 + phrase.len();
        let whole = text[end..]
            .chars()
            .next()
            .is_none_or(|next| !next.is_alphanumeric());
        // `the offer came to nothing`, `came to an end`: only an amount is what something comes to.
        let amount = !phrase.ends_with(" to")
            || text[end..]
                .trim_start()
                .starts_with(|next: char| next.is_ascii_digit() || "£$€".contains(next));
        // `took over from Ben`: an office, and no firm.
        let office = phrase.ends_with(" over") && text[end..].trim_start().starts_with("from ");
        (whole && amount && !office).then(|| format!("{} {word}{}", &text[..at], &text[end..]))
    })?;
    Some(Restatement::whole(found))
}

/// `Bookings cannot be transferred` of `Bookings are not transferable`.
fn able(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    if !words.is(verb, "is are isn't aren't") || !words.is_noun_phrase(0..verb) {
        return None;
    }
    let mut at = verb + 1;
    let mut denied = words.lower(verb).ends_with("n't");
    if words.is(at, "not") {
        denied = !denied;
        at += 1;
    }
    if words.is(at, "non") && words.is(at + 1, "-") {
        denied = !denied;
        at += 2;
    }
    let lower = words.lower(at);
    let bare = lower
        .strip_prefix("non-")
        .or_else(|| lower.strip_prefix("non"))
        .unwrap_or(lower);
    denied ^= bare != lower;
    let mut known = ABLE
        .split_whitespace()
        .filter_map(|entry| entry.split_once(':'));
    let (_, done) = known.find(|(adjective, _)| *adjective == bare)?;
    let can = if denied { "cannot" } else { "can" };
    let rest = words.text(at + 1..end);
    if words.is(at + 1, "in only partly") {
        return None;
    }
    Some(Restatement::whole(
        format!("{} {can} be {done} {rest}", words.text(0..verb))
            .trim_end()
            .to_owned()
            + ".",
    ))
}

/// `The lamp was first lit in 1884` of `The lamp was lit for the first time in 1884`.
fn first_time(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let at = find(1..end, |at| {
        words.is(at, "for")
            && words.is(at + 1, "the")
            && words.is(at + 2, "first")
            && words.is(at + 3, "time")
    })?;
    // `for the first time since 1990`, `in 20 years`: not the first time at all.
    let dated = words
        .0
        .times
        .iter()
        .any(|time| time.tokens.start == at + 4 && time.relation == Relation::At);
    if at + 4 < end && !dated {
        return None;
    }
    // After an aside, `Ada, who had built the lamp, lit it for the first time`, it is the last verb's.
    let start = (0..at)
        .rev()
        .find(|place| words.is(*place, ","))
        .unwrap_or(0);
    let verb = find(start..at, |place| words.tag(place) == Some(Tag::Verb))?;
    let before = words.text(0..verb);
    Some(Restatement::whole(format!(
        "{before} first {} {}.",
        words.text(verb..at),
        words.text(at + 4..end)
    )))
}

/// `A neighbour says that it burned` of `According to a neighbour, it burned`.
fn according_to(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    if !words.is(0, "according") || !words.is(1, "to") {
        return None;
    }
    let comma = find(2..end, |at| words.is(at, ","))?;
    words.is_noun_phrase(2..comma).then(|| {
        let said = words.text(comma + 1..end);
        Restatement::whole(format!(
            "{} says that {said}.",
            large_first(&words.text(2..comma))
        ))
    })
}

/// `There are guided tours daily` of `Guided tours take place daily`.
fn there_are(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    let taking = words.is(verb, "take takes") && words.is(verb + 1, "place");
    let held = words.is(verb, "are is") && words.is(verb + 1, "held offered");
    let plain =
        words.is_noun_phrase(0..verb) && words.tag(0) != Some(Tag::Determiner) && verb + 2 < end;
    ((taking || held) && plain).then(|| {
        Restatement::part(format!(
            "There are {} {}.",
            small_first(&words.text(0..verb)),
            words.text(verb + 2..end)
        ))
    })
}

/// `The hose is not supplied` of `With a hose (not supplied) the water can be led to a drain`.
pub(super) fn brackets(words: &Words<'_>) -> Vec<Restatement> {
    let tokens = &words.0.tokens;
    let mut found = Vec::new();
    for open in (1..tokens.len()).filter(|at| tokens[*at].is_sign('(')) {
        let Some(close) = find(open + 1..tokens.len(), |at| tokens[at].is_sign(')')) else {
            continue;
        };
        let inside = words.text(open + 1..close).to_lowercase();
        if !matches!(
            inside.as_str(),
            "not supplied"
                | "supplied"
                | "not included"
                | "included"
                | "optional"
                | "sold separately"
                | "closed"
                | "free"
                | "not provided"
                | "provided"
        ) {
            continue;
        }
        let noun = |at: usize| {
            matches!(words.tag(at), Some(Tag::Noun | Tag::Name | Tag::Adjective))
                || words.is(at, "-")
        };
        let start = (0..open).rev().take_while(|at| noun(*at)).last();
        let Some(start) = start else {
            continue;
        };
        let is = if words.is_plural(start..open) {
            "are"
        } else {
            "is"
        };
        let thing = small_first(&words.text(start..open));
        found.push(Restatement::part(format!("The {thing} {is} {inside}.")));
    }
    found
}
