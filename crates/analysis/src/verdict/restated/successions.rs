//! Who followed whom in an office: `Ada Lorne succeeded Ben Roe as mayor in 2015` of `Ada Lorne took over from Ben Roe as mayor in
//! 2015`, and that she became mayor then, and that he was mayor before her.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find};

/// Who, whom, in what, and when; the time is as it is written, after a space.
struct Succession {
    later: String,
    earlier: String,
    office: Option<String>,
    when: String,
}

/// All of them.
pub(super) fn successions(words: &Words<'_>) -> Vec<Restatement> {
    let next = handed_on(words);
    let end = next.as_ref().map_or(words.end(), |(and, ..)| *and);
    let first = active(words, end)
        .or_else(|| passive(words, end))
        .or_else(|| aside(words));
    let Some(first) = first else {
        return Vec::new();
    };
    let second = next.map(|(_, later, when)| Succession {
        earlier: first.later.clone(),
        office: first.office.clone(),
        later,
        when,
    });
    std::iter::once(first)
        .chain(second)
        .flat_map(said)
        .collect()
}

/// Where `and handed over to Cid Moe in 2019` begins at the end of a sentence, to whom, and when.
fn handed_on(words: &Words<'_>) -> Option<(usize, String, String)> {
    let end = words.end();
    let and = find(1..end, |at| {
        words.is(at, "and")
            && words.is(at + 1, "handed")
            && words.is(at + 2, "over")
            && words.is(at + 3, "to")
    })?;
    let start = and + 4;
    let stop = name_end(words, start, end);
    let (office, when) = office_and_time(words, stop, end)?;
    (office.is_none() && is_name(words, start..stop)).then(|| (and, words.text(start..stop), when))
}

/// Where a name that begins here ends.
fn name_end(words: &Words<'_>, start: usize, end: usize) -> usize {
    let goes_on = |at: usize| words.0.tokens[at].capital || words.is(at, ". - '");
    find(start..end, |at| !goes_on(at)).unwrap_or(end)
}

/// What one succession says.
fn said(succession: Succession) -> Vec<Restatement> {
    let Succession {
        later,
        earlier,
        office,
        when,
    } = succession;
    let Some(office) = office else {
        return vec![Restatement::part(format!(
            "{later} succeeded {earlier}{when}."
        ))];
    };
    vec![
        Restatement::part(format!("{later} succeeded {earlier} as {office}{when}.")),
        Restatement::part(format!("{later} became {office}{when}.")),
        Restatement::part(format!("{earlier} was {office} before {later}.")),
        Restatement::part(format!("{later} was {office} after {earlier}.")),
    ]
}

/// Whether a range is a person's name and nothing else.
fn is_name(words: &Words<'_>, range: Range<usize>) -> bool {
    !range.is_empty()
        && range.clone().any(|at| words.0.tokens[at].capital)
        && range.clone().all(|at| {
            let token = &words.0.tokens[at];
            token.capital || token.is_sign('.') || token.is_sign('-') || token.is_sign('\'')
        })
}

/// The office after `as`, and the time after it, of the end of a sentence.
fn office_and_time(words: &Words<'_>, at: usize, end: usize) -> Option<(Option<String>, String)> {
    let mut times = words.0.times.iter();
    let time = times.find(|time| time.tokens.end == end && time.tokens.start >= at);
    let stop = time.map_or(end, |time| time.tokens.start);
    let when = time.map_or(String::new(), |time| {
        format!(" {}", words.text(time.tokens.clone()))
    });
    if at == stop {
        return Some((None, when));
    }
    let start = at + 1 + usize::from(words.is(at + 1, "the"));
    let office = start..stop;
    (words.is(at, "as") && words.is_noun_phrase(office.clone()))
        .then(|| (Some(words.text(office)), when))
}

/// `Ada took over from Ben as mayor in 2015`, `Ada replaced Ben as mayor`
fn active(words: &Words<'_>, end: usize) -> Option<Succession> {
    let verb = words.verb(0..end)?;
    let start =
        if words.is(verb, "took") && words.is(verb + 1, "over") && words.is(verb + 2, "from") {
            verb + 3
        } else if words.is(verb, "succeeded replaced followed") {
            verb + 1
        } else {
            return None;
        };
    let stop = name_end(words, start, end);
    let (office, when) = office_and_time(words, stop, end)?;
    let names = is_name(words, 0..verb) && is_name(words, start..stop);
    // `followed` without an office is walking behind.
    (names && (office.is_some() || !words.is(verb, "followed"))).then(|| Succession {
        later: words.text(0..verb),
        earlier: words.text(start..stop),
        office,
        when,
    })
}

/// `Ben was succeeded by Ada as mayor in 2015`, `Ben handed over to Ada as mayor`
fn passive(words: &Words<'_>, end: usize) -> Option<Succession> {
    let verb = words.verb(0..end)?;
    let start = if words.is(verb, "was")
        && words.is(verb + 1, "succeeded replaced followed")
        && words.is(verb + 2, "by")
    {
        verb + 3
    } else if words.is(verb, "handed") && words.is(verb + 1, "over") && words.is(verb + 2, "to") {
        verb + 3
    } else {
        return None;
    };
    let stop = name_end(words, start, end);
    let (office, when) = office_and_time(words, stop, end)?;
    (is_name(words, 0..verb) && is_name(words, start..stop)).then(|| Succession {
        later: words.text(start..stop),
        earlier: words.text(0..verb),
        office,
        when,
    })
}

/// `Ben, succeeded by Ada in 2021, had been mayor for a decade`
fn aside(words: &Words<'_>) -> Option<Succession> {
    let end = words.end();
    let comma = find(1..end, |at| words.is(at, ","))?;
    let mut verb = comma + 1;
    if words.is(verb, "who") && words.is(verb + 1, "was") {
        verb += 2;
    }
    if !words.is(verb, "succeeded replaced followed") || !words.is(verb + 1, "by") {
        return None;
    }
    let again = find(verb + 2..end, |at| words.is(at, ","))?;
    let stop = name_end(words, verb + 2, again);
    let (named, when) = office_and_time(words, stop, again)?;
    let names = is_name(words, 0..comma) && is_name(words, verb + 2..stop);
    let mut at = again + 1;
    let is_past = words.is(at, "was") || words.is(at, "had") && words.is(at + 1, "been");
    at += if words.is(at, "had") { 2 } else { 1 };
    at += usize::from(words.is(at, "the"));
    let until = find(at..end, |place| {
        words.is(place, "for since from in at until , and")
    })
    .unwrap_or(end);
    let office = named
        .or_else(|| (is_past && words.is_noun_phrase(at..until)).then(|| words.text(at..until)));
    names.then(|| Succession {
        later: words.text(verb + 2..stop),
        earlier: words.text(0..comma),
        office,
        when,
    })
}
