//! What one must, may and need not do: orders, `No smoking`, `There is no need to book`, `Smoking is not allowed`.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find, participle, verb_of_gerund};
use crate::language::lexicon;
use crate::statement::tags::Tag;

/// Duties that are said by a noun, an adjective or a gerund.
pub(super) fn duties(words: &Words<'_>) -> Vec<Restatement> {
    no_gerund(words)
        .into_iter()
        .chain(gerund_is(words))
        .chain(there_is_no_need(words))
        .chain(it_is(words))
        .collect()
}

/// `You may not smoke in the flat` of `No smoking in the flat`.
fn no_gerund(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    if !words.is(0, "no") || words.verb(2..end).is_some() {
        return None;
    }
    let verb = verb_of_gerund(words.lower(1))?;
    let rest = words.text(2..end);
    let plain = (2..end).all(|at| !words.is(at, ": ; ("));
    plain.then(|| Restatement::whole(format!("You may not {verb} {rest}.").replace(" .", ".")))
}

/// `You may not smoke on the balcony` of `Smoking is not allowed on the balcony`; `You must book` of `Booking is compulsory`.
fn gerund_is(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let copula = find(1..end, |at| {
        words.is(at, "is isn't remains") && words.tag(at) == Some(Tag::Auxiliary)
            || words.is(at, "is isn't")
    })?;
    if words.verb(1..copula).is_some() || copula > 8 {
        return None;
    }
    let verb = verb_of_gerund(words.lower(0))?;
    let mut at = copula + 1;
    let mut denied = words.is(copula, "isn't");
    if words.is(at, "not") {
        denied = !denied;
        at += 1;
    }
    // `strictly forbidden`
    while words.tag(at) == Some(Tag::Adverb) && words.is(at, "strictly also now always") {
        at += 1;
    }
    let said = duty(words.lower(at), denied)?;
    let object = words.text(1..copula);
    let rest = words.text(at + 1..end);
    let plain = (at + 1..end).all(|at| !words.is(at, ": ; ( but , unless if when"));
    let text = [&format!("You {said} {verb}"), &object, &rest]
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<String>>()
        .join(" ");
    plain.then(|| Restatement::whole(format!("{text}.")))
}

/// The words for a duty that an adjective or participle names.
fn duty(lower: &str, denied: bool) -> Option<&'static str> {
    Some(match (lower, denied) {
        ("allowed" | "permitted", false) => "may",
        ("allowed" | "permitted", true) | ("forbidden" | "prohibited" | "banned", false) => {
            "may not"
        }
        ("compulsory" | "mandatory" | "required" | "obligatory" | "necessary", false) => "must",
        ("compulsory" | "mandatory" | "required" | "obligatory" | "necessary" | "needed", true)
        | ("optional" | "voluntary" | "unnecessary", false) => "do not have to",
        ("possible", false) => "can",
        ("possible", true) => "cannot",
        _ => return None,
    })
}

/// `You do not have to book` of `There is no need to book`, `No need to book`.
fn there_is_no_need(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let start = if words.is(0, "there") && words.is(1, "is") && words.is(2, "no") {
        3
    } else if words.is(0, "no") {
        1
    } else {
        return None;
    };
    let is_need = words.is(start, "need") && words.is(start + 1, "to");
    let plain = (start + 2..end).all(|at| !words.is(at, ": ; , but if unless"));
    (is_need && plain && start + 2 < end).then(|| {
        Restatement::whole(format!(
            "You do not have to {}.",
            words.text(start + 2..end)
        ))
    })
}

/// `You may not park here` of `It is forbidden to park here`; `You do not have to book` of `It is not necessary to book`.
fn it_is(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    if !words.is(0, "it") || !words.is(1, "is isn't") {
        return None;
    }
    let mut at = 2;
    let mut denied = words.is(1, "isn't");
    if words.is(at, "not") {
        denied = !denied;
        at += 1;
    }
    if words.is(at, "strictly also") {
        at += 1;
    }
    let said = duty(words.lower(at), denied)?;
    let plain = (at + 2..end).all(|at| !words.is(at, ": ; , but if unless"));
    (words.is(at + 1, "to") && at + 2 < end && plain)
        .then(|| Restatement::whole(format!("You {said} {}.", words.text(at + 2..end))))
}

/// An order: its verb, with a particle, and what it is to be done to.
struct Order {
    /// Where the order begins, after `After opening,`.
    lead: usize,
    denied: bool,
    verb: Range<usize>,
    particle: Option<usize>,
    object: Range<usize>,
    rest: Range<usize>,
}

/// `The onions must be fried for eight minutes` of `Fry the onions for eight minutes`.
pub(super) fn orders(words: &Words<'_>) -> Vec<Restatement> {
    let Some(order) = order(words) else {
        return Vec::new();
    };
    let verb = words.within(order.verb.clone()).to_lowercase();
    let rest = words.text(order.rest.clone());
    let object = words.text(order.object.clone());
    let particle = order
        .particle
        .map_or_else(String::new, |at| format!(" {}", words.lower(at)));
    let not = if order.denied { " not" } else { "" };
    let done = participle(&verb);
    let are = if words.is_plural(order.object.clone()) {
        "are"
    } else {
        "is"
    };
    let lead_in = words.text(0..order.lead);
    let object = if object.is_empty() {
        "it".to_owned()
    } else {
        object
    };
    let leading = if lead_in.is_empty() {
        super::words::large_first(&object)
    } else {
        format!("{lead_in} {object}")
    };
    let you = if lead_in.is_empty() { "You" } else { " you" };
    let close = |text: String| format!("{}.", text.trim_end());
    let mut found = vec![
        Restatement::part(close(format!(
            "{leading} must{not} be {done}{particle} {rest}"
        ))),
        Restatement::part(close(format!(
            "{lead_in}{you} must{not} {verb}{particle} {object} {rest}"
        ))),
    ];
    if !order.denied {
        found.push(Restatement {
            present: true,
            ..Restatement::part(close(format!("{leading} {are} {done}{particle} {rest}")))
        });
        found.push(Restatement {
            present: true,
            ..Restatement::part(close(format!(
                "{lead_in}{you} {verb}{particle} {object} {rest}"
            )))
        });
    }
    found
}

/// The end of `After opening,` or `Before use,`, with which an order may begin.
fn leading_phrase(words: &Words<'_>) -> usize {
    if !words.is(0, "after before") {
        return 0;
    }
    let comma = find(1..words.end().min(5), |at| words.is(at, ","));
    comma.map_or(0, |comma| comma + 1)
}

/// Verbs that orders of household and work begin with, which are nouns or adjectives as well.
const ORDERED: &str = "fry bake boil simmer stir add mix pour chop slice peel roast grill heat cool drain rinse wash clean dry wipe \
    empty fill refill replace unplug plug switch turn press push pull lift lower fold roll cut cover store keep place put remove insert attach \
    fit screw tighten loosen check charge connect disconnect install open close lock leave return bring wear use avoid take give hand send \
    write sign complete pay book report show water prune sow plant feed walk soak season serve whisk knead sprinkle spread melt warm freeze \
    defrost read set hold tie wrap pack label scan print upload enter select click save shake apply swallow keep test top oil dispose";

fn order(words: &Words<'_>) -> Option<Order> {
    let mut denied = false;
    let lead = leading_phrase(words);
    let mut at = lead;
    loop {
        if words.is(at, "please always then") || words.is(at, ",") && at > lead {
            at += 1;
        } else if words.is(at, "never don't") {
            denied = true;
            at += 1;
        } else if words.is(at, "do") && words.is(at + 1, "not") {
            denied = true;
            at += 2;
        } else {
            break;
        }
    }
    let verb = words.lower(at);
    let known = ORDERED.split_whitespace().any(|word| word == verb)
        || lexicon::is_imperative(verb) && !words.is(at, "please click let lets let's do don't");
    if !known {
        return None;
    }
    // `then`, a comma or `and` with another order ends the first one.
    let mut end = words.end();
    if let Some(cut) = find(at + 1..end, |place| {
        words.is(
            place,
            ", ; : then before after until if unless when while and or",
        )
    }) {
        // A condition or a time belongs to the order.
        if words.is(cut, "if unless when while") {
            return None;
        }
        if words.is(cut, ", ; : then and or") {
            let goes_on = words.is(cut, "and or")
                && (cut + 1..end).all(|place| !matches!(words.tag(place), Some(Tag::Verb)))
                && !ORDERED
                    .split_whitespace()
                    .any(|word| word == words.lower(cut + 1));
            if !goes_on {
                let later = (cut..end).any(|place| words.is(place, "if unless when except only"));
                if later {
                    return None;
                }
                end = cut;
            }
        }
    }
    let particle = Some(at + 1).filter(|place| words.is(*place, "off on out up down away back in"));
    let start = particle.map_or(at + 1, |place| place + 1);
    let inside = |place: usize| {
        matches!(
            words.tag(place),
            Some(Tag::Noun | Tag::Name | Tag::Adjective | Tag::Determiner | Tag::Number)
        ) || words.is(place, "of - & and all") && place > start
            || words.is(place, "all any")
    };
    let stop = (start..end).find(|place| !inside(*place)).unwrap_or(end);
    if start == stop && words.is(start, "within for at before in by with") && start + 1 < end {
        // `After opening, use within 3 months.`
        return Some(Order {
            lead,
            denied,
            verb: at..at + 1,
            particle,
            object: start..start,
            rest: start..end,
        });
    }
    let names = (start..stop).any(|place| matches!(words.tag(place), Some(Tag::Noun | Tag::Name)));
    // `Add the salt or the sugar`: neither is sure to be added.
    if !names || words.is(stop.saturating_sub(1), "and of") || words.is(stop, "or") {
        return None;
    }
    // `Turn the lamp off`
    let late = particle.is_none()
        && words.is(stop, "off on out up down away back")
        && stop + 1 >= end.min(stop + 2);
    let (particle, rest) = if late {
        (Some(stop), stop + 1..end)
    } else {
        (particle, stop..end)
    };
    let has_verb = rest
        .clone()
        .any(|place| words.tag(place) == Some(Tag::Auxiliary) || words.is(place, "that which who"));
    (!has_verb).then_some(Order {
        lead,
        denied,
        verb: at..at + 1,
        particle,
        object: start..stop,
        rest,
    })
}
