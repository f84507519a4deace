//! How many there are of something: `Halm has 4,000 inhabitants` of `4,000 people live in Halm`, `The archive has 300 maps` of
//! `The archive keeps 300 maps`.

use std::ops::Range;

use super::Restatement;
use super::words::{Words, find, large_first};
use crate::statement::quantity::Unit;
use crate::statement::tags::Tag;

/// All of them.
pub(super) fn holdings(words: &Words<'_>) -> Vec<Restatement> {
    people_live_in(words)
        .into_iter()
        .chain(home_to(words))
        .chain(there_are_in(words))
        .chain(holds(words))
        .chain(aside_with(words))
        .chain(others_have(words))
        .collect()
}

/// Words that may stand before an amount and belong to it.
const BOUNDS: &str = "about around roughly nearly almost over under approximately some more less fewer than at least most";

/// An amount of things without a unit, with its bound and the things' name: `some 4,000 people`.
struct Amount {
    /// The bound and the figure.
    figure: Range<usize>,
    /// What is counted.
    things: Range<usize>,
}

fn amount(words: &Words<'_>, start: usize, stop: usize) -> Option<Amount> {
    let number = find(start..stop, |at| !words.is(at, BOUNDS))?;
    let mut counted = words.0.quantities.iter();
    let figure = counted.find(|one| {
        one.unit == Unit::Count && !one.quantifier && (start..=number).contains(&one.tokens.start)
    })?;
    // The amount's own tokens end with the figure, or with the things that are counted.
    let first_noun = find(number..stop, |at| {
        matches!(words.tag(at), Some(Tag::Noun | Tag::Adjective | Tag::Name))
            && !words.is(at, "thousand million billion dozen hundred m bn k")
    })?;
    let plain = (first_noun..stop)
        .all(|at| matches!(words.tag(at), Some(Tag::Noun | Tag::Adjective)) || words.is(at, "-"));
    (plain && figure.tokens.start < first_noun).then_some(Amount {
        figure: start..first_noun,
        things: first_noun..stop,
    })
}

/// Where a sentence's last noun phrase ends: before a year or a day at its end, which is given as text.
fn without_time(words: &Words<'_>, end: usize) -> (usize, String) {
    let mut times = words.0.times.iter();
    match times.find(|time| time.tokens.end == end) {
        Some(time) => (
            time.tokens.start,
            format!(" {}", words.text(time.tokens.clone())),
        ),
        None => (end, String::new()),
    }
}

/// `Halm has 4,000 inhabitants` of `4,000 people live in Halm`.
fn people_live_in(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = find(1..end, |at| words.is(at, "live lived"))?;
    let (stop, when) = without_time(words, end);
    let amount = amount(words, 0, verb)?;
    let people = amount.things.len() == 1 && words.is(amount.things.start, "people persons");
    let place = verb + 2..stop;
    let plain = words.is(verb + 1, "in on") && words.is_noun_phrase(place.clone());
    let has = if words.is(verb, "live") { "has" } else { "had" };
    (people && plain).then(|| {
        Restatement::whole(format!(
            "{} {has} {} inhabitants{when}.",
            words.leading(place),
            super::words::small_first(&words.text(amount.figure))
        ))
    })
}

/// `Halm has 4,000 inhabitants` of `Halm is home to 4,000 people`.
fn home_to(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = find(1..end, |at| words.is(at, "is was"))?;
    let (stop, when) = without_time(words, end);
    let home = words.is(verb + 1, "home") && words.is(verb + 2, "to");
    let amount = amount(words, verb + 3, stop)?;
    let people = amount.things.len() == 1
        && words.is(amount.things.start, "people persons inhabitants residents");
    let has = if words.is(verb, "is") { "has" } else { "had" };
    let subject = subject_of(words, verb)?;
    (home && people).then(|| {
        Restatement::whole(format!(
            "{subject} {has} {} inhabitants{when}.",
            words.text(amount.figure)
        ))
    })
}

/// Whom a verb is said of, as the beginning of a sentence: a noun phrase, a pronoun for what the text is about, or a name with an
/// aside: `Halm, the chief port of the north,`.
fn subject_of(words: &Words<'_>, verb: usize) -> Option<String> {
    let pronoun = verb == 1 && words.is(0, "it");
    if pronoun || words.is_noun_phrase(0..verb) {
        return Some(words.leading(0..verb));
    }
    let comma = find(0..verb, |at| words.is(at, ","))?;
    let aside = comma + 1..verb.checked_sub(1)?;
    let closes = words.is(verb - 1, ",") && words.is(aside.start, "a an the");
    let one = !aside.clone().any(|at| words.is(at, ", ; and or"));
    (closes && one && words.is_noun_phrase(0..comma) && words.is_noun_phrase(aside))
        .then(|| words.leading(0..comma))
}

/// `Orla has 300 shops` of `Halm has 400 shops, and Orla has 300`
fn others_have(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let and = find(3..end, |at| words.is(at, "and but while whereas"))?;
    let stop = if words.is(and - 1, ",") { and - 1 } else { and };
    let verb = words.verb(0..stop)?;
    let again = words.verb(and + 1..end)?;
    let first = amount(words, verb + 1, stop)?;
    let second =
        words.0.quantities.iter().find(|one| {
            one.unit == Unit::Count && one.tokens.start > again && one.tokens.end == end
        })?;
    let bounds = (again + 1..second.tokens.start).all(|at| words.is(at, BOUNDS));
    let alike = words.lower(verb) == words.lower(again);
    let subject = and + 1..again;
    (alike && bounds && words.is_noun_phrase(subject.clone())).then(|| {
        Restatement::part(format!(
            "{} {} {} {}.",
            words.leading(subject),
            words.lower(verb),
            words.text(again + 1..end),
            words.text(first.things)
        ))
    })
}

/// `The port handled 3 ships in 2020` and `The port handled 4 ships in 2021` of `The port handled 3 ships in 2020 and 4 in 2021`
pub(super) fn year_by_year(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let end = words.end();
    let [one, other] = &words.0.times[..] else {
        return None;
    };
    let and = one.tokens.end;
    let verb = words.verb(0..and)?;
    let first = amount(words, verb + 1, one.tokens.start)?;
    let second = words.0.quantities.iter().find(|second| {
        second.unit == Unit::Count
            && second.tokens.start > and
            && second.tokens.end <= other.tokens.start
    })?;
    let things = words.text(first.things.clone());
    let named = words.text(second.tokens.end..other.tokens.start);
    let plain = words.is(and, "and")
        && other.tokens.end == end
        && (named.is_empty() || named == things)
        && (and + 1..second.tokens.start).all(|at| words.is(at, BOUNDS));
    let subject = subject_of(words, verb)?;
    plain.then(|| {
        let verb = words.lower(verb);
        let said = |figure: String, time: &Range<usize>| {
            Restatement::part(format!(
                "{subject} {verb} {figure} {things} {}.",
                words.text(time.clone())
            ))
        };
        vec![
            said(words.text(first.figure), &one.tokens),
            said(words.text(and + 1..second.tokens.end), &other.tokens),
        ]
    })
}

/// `Varne Mills has 300 staff` of `Varne Mills, a family firm with 300 staff, has closed`
fn aside_with(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let comma = find(1..end, |at| words.is(at, ","))?;
    let with = find(comma + 2..end, |at| words.is(at, "with"))?;
    let close = find(with + 1..end, |at| words.is(at, ","))?;
    let start = (0..comma)
        .rev()
        .take_while(|at| words.tag(*at) == Some(Tag::Name))
        .last()?;
    let kind = comma + 1..with;
    let named = words.is(comma + 1, "a an") && words.is_noun_phrase(kind.clone());
    let plain = !kind.into_iter().any(|at| words.is(at, "of and or"));
    let amount = amount(words, with + 1, close)?;
    (named && plain).then(|| {
        Restatement::part(format!(
            "{} has {}.",
            words.text(start..comma),
            words.text(amount.figure.start..amount.things.end)
        ))
    })
}

/// `The archive has 300 maps` of `There are 300 maps in the archive`.
fn there_are_in(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = 1;
    if !words.is(0, "there") || !words.is(verb, "are were") {
        return None;
    }
    let place = find(verb + 2..end, |at| words.is(at, "in at on"))?;
    let (stop, when) = without_time(words, end);
    let amount = amount(words, verb + 1, place)?;
    let whole = place + 1..stop;
    let has = if words.is(verb, "are") { "has" } else { "had" };
    words.is_noun_phrase(whole.clone()).then(|| {
        Restatement::whole(format!(
            "{} {has} {} {}{when}.",
            words.leading(whole),
            words.text(amount.figure),
            words.text(amount.things)
        ))
    })
}

/// `The archive has 300 maps` of `The archive keeps 300 maps and 20 globes`.
fn holds(words: &Words<'_>) -> Option<Restatement> {
    const HOLDING: &str = "keeps holds contains houses stores stocks comprises boasts owns runs operates employs keep hold contain house \
        store stock comprise boast own run operate employ";
    let end = words.end();
    let verb = words.verb(0..end)?;
    let others =
        (verb + 1..end).any(|at| matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)));
    let subject = subject_of(words, verb)?;
    let (stop, when) = without_time(words, end);
    if !words.is(verb, HOLDING) || others {
        return None;
    }
    let mut said = Vec::new();
    let mut start = verb + 1;
    while start < stop {
        let next = find(start..stop, |at| words.is(at, ", and")).unwrap_or(stop);
        if start < next {
            let amount = amount(words, start, next)?;
            said.push(words.text(amount.figure.start..amount.things.end));
        }
        start = next + 1;
    }
    let has = if words.lower(verb).ends_with('s') {
        "has"
    } else {
        "have"
    };
    let list = said.join(" and ");
    (!said.is_empty())
        .then(|| Restatement::whole(format!("{} {has} {list}{when}.", large_first(&subject))))
}
