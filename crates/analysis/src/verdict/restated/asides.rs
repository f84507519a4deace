//! What a sentence says at its end of something else: `…, but not in kayaks`, `…, except on Sundays`, and who was there.

use super::Restatement;
use super::words::{Words, find};
use crate::statement::tags::Tag;

const LEADS: &str = "in on at by for from to with after before during outside under over between";

/// `Dogs may not be taken in kayaks` of `Dogs may be taken in canoes, but not in kayaks`.
pub(super) fn but_not(words: &Words<'_>) -> Vec<Restatement> {
    let end = words.end();
    let tail = find(2..end, |at| {
        words.is(at, "but") && words.is(at + 1, "not") && words.is(at + 2, LEADS)
            || words.is(at, "except") && words.is(at + 1, LEADS)
    });
    tail.and_then(|tail| denied_tail(words, tail))
        .into_iter()
        .collect()
}

fn denied_tail(words: &Words<'_>, tail: usize) -> Option<Restatement> {
    let end = words.end();
    let is_exception = words.is(tail, "except");
    let lead = if is_exception { tail + 1 } else { tail + 2 };
    let plain_tail = (lead..end).all(|at| {
        !words.is(at, ", ; : but if unless when that which who")
            && !matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary))
    });
    // The clause before: from a semicolon on.
    let start = (0..tail)
        .rev()
        .find(|at| words.is(*at, "; :"))
        .map_or(0, |at| at + 1);
    let verb = words.verb(start..tail)?;
    let opens = if words.is(start, "after before on in at from during") {
        // `After 18:00 adults pay 4.50 euros, except at weekends.`
        (start + 1..verb).find(|at| matches!(words.tag(*at), Some(Tag::Noun | Tag::Name)))
    } else {
        Some(start)
    }?;
    if !plain_tail || lead >= end || !words.is_noun_phrase(opens..verb) {
        return None;
    }
    let mut stop = tail;
    while stop > verb && words.is(stop - 1, ",") {
        stop -= 1;
    }
    // The place that the tail stands instead of goes: `in canoes, but not in kayaks`.
    let replaced = (verb + 1..stop)
        .find(|at| {
            words.is(*at, LEADS) && !matches!(words.tag(at + 1), Some(Tag::Verb | Tag::Auxiliary))
        })
        .filter(|_| !is_exception);
    let kept = replaced.unwrap_or(stop);
    let plain = (verb + 1..stop).all(|at| {
        !words.is(at, "not never , ; : if unless only") || words.is(at, ",") && at >= kept
    });
    if !plain {
        return None;
    }
    let before = words.text(start..opens);
    let subject = if before.is_empty() {
        words.leading(opens..verb)
    } else {
        words.text(opens..verb)
    };
    let tail = words.text(lead..end);
    let middle = words.text(verb + 1..kept);
    let said = words.denied(verb, words.is_plural(opens..verb));
    let lead_in = if before.is_empty() {
        String::new()
    } else {
        format!("{} ", words.leading(start..opens))
    };
    Some(Restatement::part(format!(
        "{lead_in}{subject} {said} {middle} {tail}."
    )))
}

/// `K. Sorrel was not present` of `Apologies: K. Sorrel`.
pub(super) fn attendance(words: &Words<'_>) -> Vec<Restatement> {
    let end = words.end();
    let tokens = &words.0.tokens;
    let mut found = Vec::new();
    for colon in (1..end).filter(|at| tokens[*at].is_sign(':')) {
        let (said, also): (&str, &[&str]) = match words.lower(colon - 1) {
            "present" | "attending" | "attendees" | "attended" => (
                "was present",
                &["attended the meeting", "was present at the meeting"],
            ),
            "apologies" | "absent" | "excused" => (
                "was not present",
                &[
                    "was absent",
                    "did not attend the meeting",
                    "was not present at the meeting",
                    "sent apologies",
                ],
            ),
            _ => continue,
        };
        let next_label =
            find(colon + 1..end, |at| tokens[at].is_sign(':')).map_or(end, |at| at - 1);
        let mut start = colon + 1;
        while start < next_label {
            let stop = find(start..next_label, |at| words.is(at, ", and ;")).unwrap_or(next_label);
            // Brackets after a name say who it is.
            let open = find(start..stop, |at| tokens[at].is_sign('(')).unwrap_or(stop);
            let mut last = open;
            while last > start && tokens[last - 1].is_sign('.') {
                last -= 1;
            }
            let named = start < last
                && (start..last).all(|at| {
                    tokens[at].capital || tokens[at].is_sign('.') || tokens[at].is_sign('-')
                });
            if named {
                let name = words.text(start..last);
                for said in also.iter().chain([&said]) {
                    found.push(Restatement::part(format!("{name} {said}.")));
                }
            }
            start = stop + 1;
        }
    }
    found
}

/// `J. Reeve voted for the mast` of `Voting for the mast were J. Reeve and L. Tansy`.
pub(super) fn inverted(words: &Words<'_>) -> Vec<Restatement> {
    let end = words.end();
    let past = match words.lower(0) {
        "voting" => "voted",
        "speaking" => "spoke",
        "abstaining" => "abstained",
        _ => return Vec::new(),
    };
    let Some(verb) = find(1..end, |at| words.is(at, "was were")) else {
        return Vec::new();
    };
    let what = words.text(1..verb);
    let mut found = Vec::new();
    let mut start = verb + 1;
    let tokens = &words.0.tokens;
    // All of them at once: `J. Reeve and L. Tansy voted for the mast`.
    let last = find(verb + 1..end, |at| {
        !(tokens[at].capital || words.is(at, ", and . -"))
    });
    let mut last = last.unwrap_or(end);
    while last > verb + 1 && words.is(last - 1, ", and") {
        last -= 1;
    }
    if (verb + 1..last).any(|at| words.is(at, "and")) {
        let all = words.text(verb + 1..last);
        found.push(Restatement::part(format!("{all} {past} {what}.")));
    }
    while start < end {
        let stop = find(start..end, |at| words.is(at, ", and ;")).unwrap_or(end);
        let named = start < stop
            && (start..stop)
                .all(|at| tokens[at].capital || tokens[at].is_sign('.') || tokens[at].is_sign('-'));
        if named {
            found.push(Restatement::part(format!(
                "{} {past} {what}.",
                words.text(start..stop)
            )));
        }
        start = stop + 1;
    }
    found
}
