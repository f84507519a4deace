//! Other forms for the same: `spent three years teaching`, `helped found`, `Home to 7,000 people, the valley …`, `Closed on
//! Sundays`.

use super::Restatement;
use super::words::{Words, find, small_first};
use crate::statement::tags::Tag;

/// All of them.
pub(super) fn forms(words: &Words<'_>) -> Vec<Restatement> {
    spent_time(words)
        .into_iter()
        .chain(helped(words))
        .chain(opening_phrase(words))
        .chain(without_subject(words))
        .chain(place_where(words))
        .chain(numbered(words))
        .chain(from_a_year(words))
        .chain(real_name(words))
        .chain(came_to_be(words))
        .chain(on_an_album(words))
        .chain(shot_from(words))
        .collect()
}

/// `Ada was teaching in Halm for three years` of `Ada spent three years teaching in Halm`.
fn spent_time(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    if !words.is(verb, "spent") || !words.is_noun_phrase(0..verb) && !words.is(0, "he she they") {
        return None;
    }
    let gerund = find(verb + 1..end, |at| {
        words.lower(at).ends_with("ing") && words.lower(at).len() > 4
    })?;
    let is_time = (verb + 1..gerund).any(|at| {
        words.is(at, "year years month months week weeks day days hours life decade decades childhood summer summers winter winters time")
    });
    let within = (verb + 1..gerund).all(|at| !words.is(at, ", ; : in at on"));
    let time = words.text(verb + 1..gerund);
    let (subject, rest) = (words.text(0..verb), words.text(gerund..end));
    (is_time && within && gerund > verb + 1)
        .then(|| Restatement::part(format!("{subject} was {rest} for {time}.")))
}

/// Verbs of making, with their past and participle.
const MAKING: &str = "found:founded create:created write:wrote design:designed develop:developed build:built establish:established \
    start:started launch:launched organise:organised organize:organized produce:produced compose:composed edit:edited invent:invented \
    discover:discovered direct:directed set:set form:formed";

/// `Ada co-founded the choir` of `Ada helped found the choir`.
fn helped(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = find(1..end, |at| words.is(at, "helped"))?;
    let mut base = verb + 1;
    if words.is(base, "to") {
        base += 1;
    }
    // `co-found` is three tokens.
    if words.is(base, "co") && words.is(base + 1, "-") {
        base += 2;
    }
    let mut known = MAKING
        .split_whitespace()
        .filter_map(|entry| entry.split_once(':'));
    let (_, past) = known.find(|(plain, _)| *plain == words.lower(base))?;
    // The subject is that of the sentence, also after another verb: `Lowe was a cook, and helped found Brask`.
    let first = words.verb(0..end)?;
    let between = (first..verb).all(|at| !words.is(at, "who which that if"));
    (words.is_noun_phrase(0..first) && between).then(|| {
        Restatement::part(format!(
            "{} co-{past} {}.",
            words.text(0..first),
            words.text(base + 1..end)
        ))
    })
}

/// `The valley is home to 7,000 people` of `Home to 7,000 people, the valley has many villages`.
fn opening_phrase(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let leads = words.is(
        0,
        "home famous known popular close next open ideal suitable",
    ) && words.is(1, "to for as");
    let comma = find(2..end, |at| words.is(at, ","))?;
    let verb = words.verb(comma + 1..end)?;
    let subject = comma + 1..verb;
    (leads && words.verb(0..comma).is_none() && words.is_noun_phrase(subject.clone())).then(|| {
        let are = if words.is_plural(subject.clone()) {
            "are"
        } else {
            "is"
        };
        Restatement::part(format!(
            "{} {are} {}.",
            words.leading(subject),
            small_first(&words.text(0..comma))
        ))
    })
}

/// `It is closed on Sundays` of `Closed on Sundays`.
fn without_subject(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let opens = words.is(0, "closed open available")
        || words.is(0, "not") && words.is(1, "open available suitable included");
    let bare = (1..end).all(|at| !matches!(words.tag(at), Some(Tag::Verb | Tag::Auxiliary)));
    (opens && bare && end > 2 && (1..end).all(|at| !words.is(at, ": ;")))
        .then(|| Restatement::part(format!("It is {}.", small_first(&words.text(0..end)))))
}

/// `The hearing took place in the town hall` of `The town hall is where the hearing took place`.
fn place_where(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let copula = find(1..end, |at| words.is(at, "is was"))?;
    let mut at = copula + 1;
    if words.is(at, "the")
        && words.is(
            at + 1,
            "place location town city village building room venue",
        )
    {
        at += 2;
    }
    let clause = at + 1..end;
    let plain = words.is(at, "where")
        && words.is_noun_phrase(0..copula)
        && words.verb(clause.clone()).is_some();
    plain.then(|| {
        Restatement::whole(format!(
            "{} in {}.",
            words.leading(clause),
            words.within(0..copula)
        ))
    })
}

/// Things that are numbered in order.
const NUMBERED: &str =
    "series season chapter volume part act book stage phase episode lesson unit step round section";
const ORDINALS: &str = "first second third fourth fifth sixth seventh eighth ninth tenth";
const CARDINALS: &str = "one two three four five six seven eight nine ten";

/// `The second series aired in 2011` of `Series 2 aired in 2011`.
fn numbered(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = words.verb(0..end)?;
    let noun = find(0..verb, |at| words.is(at, NUMBERED))?;
    let number = noun + 1;
    let place = words.lower(number).parse::<usize>().ok().or_else(|| {
        CARDINALS
            .split(' ')
            .position(|word| word == words.lower(number))
            .map(|place| place + 1)
    })?;
    let ordinal = ORDINALS.split(' ').nth(place.checked_sub(1)?)?;
    let alone = noun == 0 || words.is(noun - 1, "the");
    (alone && number + 1 == verb).then(|| {
        Restatement::whole(format!(
            "The {ordinal} {} {}.",
            words.lower(noun),
            words.text(verb..end)
        ))
    })
}

/// `Salt Road was released in 2015` of `Salt Road is a film from 2015`.
fn from_a_year(words: &Words<'_>) -> Option<Restatement> {
    const WORKS: &str =
        "film movie album song single novel book game documentary musical play series";
    let end = words.end();
    let copula = find(1..end, |at| words.is(at, "is was"))?;
    let [time] = &words.0.times[..] else {
        return None;
    };
    let work = time.tokens.start.checked_sub(1)?;
    let plain = words.is(copula + 1, "a an")
        && words.is(work, WORKS)
        && words.is(time.tokens.start, "from of")
        && time.tokens.end == end
        && (0..copula).all(|at| words.tag(at) != Some(Tag::Verb));
    plain.then(|| {
        let said = format!(
            "{} was released in {}.",
            words.text(0..copula),
            words.text(time.tokens.start + 1..end)
        );
        if work == copula + 2 {
            Restatement::whole(said)
        } else {
            // `is a Danish film from 2015` says more.
            Restatement::part(said)
        }
    })
}

/// `Karl Voss is known as Salty` of `Salty's real name is Karl Voss`.
fn real_name(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let copula = find(3..end, |at| words.is(at, "is was"))?;
    let named = words.is(copula - 1, "name")
        && words.is(copula - 2, "real birth")
        && words.0.tokens[copula - 3].possessive
        && (copula + 1..end).all(|at| words.tag(at) == Some(Tag::Name));
    named.then(|| {
        let artist = words.text(0..copula - 2);
        let artist = artist.trim_end_matches("'s").trim_end_matches("’s");
        Restatement::whole(format!(
            "{} is known as {artist}.",
            words.text(copula + 1..end)
        ))
    })
}

/// `It became one of the best-selling singles` of `It topped the charts, thus becoming one of the best-selling singles`; `It is the
/// second largest city` of `It has 2 million people, making it the second largest city`.
fn came_to_be(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let comma = find(2..end, |at| {
        words.is(at, ",")
            && (words.is(at + 1, "becoming making")
                || words.is(at + 1, "thus thereby") && words.is(at + 2, "becoming making"))
    })?;
    let gerund = if words.is(comma + 1, "thus thereby") {
        comma + 2
    } else {
        comma + 1
    };
    let start = (0..comma).find(|at| !words.is(*at, ", ;")).unwrap_or(0);
    let verb = words.verb(start..comma)?;
    let named =
        words.is_noun_phrase(start..verb) || words.is(start, "it he she") && verb == start + 1;
    let stop = find(gerund + 1..end, |at| words.is(at, ", ;")).unwrap_or(end);
    let subject = words.leading(start..verb);
    let said = if words.is(gerund, "becoming") {
        format!("{subject} became {}.", words.text(gerund + 1..stop))
    } else if words.is(gerund + 1, "it") && words.is(gerund + 2, "the a an one") {
        format!("{subject} is {}.", words.text(gerund + 2..stop))
    } else {
        return None;
    };
    named.then(|| Restatement::part(said))
}

/// `The song is on her first album` of `The song is part of her first album`.
fn on_an_album(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let copula = find(1..end, |at| words.is(at, "is was"))?;
    let after = if words.is(copula + 1, "part") && words.is(copula + 2, "of") {
        copula + 3
    } else if words.is(copula + 1, "featured included") && words.is(copula + 2, "on") {
        copula + 3
    } else {
        return None;
    };
    let album = (after..end).any(|at| words.is(at, "album ep soundtrack record"));
    album.then(|| {
        Restatement::whole(format!(
            "{} is on {}.",
            words.text(0..copula),
            words.text(after..end)
        ))
    })
}

/// `The film began filming in September 1994` of `The film was shot in India from September 1994 to August 1995`.
fn shot_from(words: &Words<'_>) -> Option<Restatement> {
    let end = words.end();
    let verb = find(1..end, |at| words.is(at, "shot filmed"))?;
    let span = words.0.times.iter().find(|time| time.ends.is_some())?;
    let to = find(span.tokens.clone(), |at| words.is(at, "to until till"))?;
    let first = if words.is(span.tokens.start, "from") {
        span.tokens.start + 1
    } else {
        span.tokens.start
    };
    let plain = words.is(verb - 1, "was were") && words.is_noun_phrase(0..verb - 1);
    plain.then(|| {
        let date = words.text(first..to);
        let lead = if words.tag(first) == Some(Tag::Number)
            && date.starts_with(|letter: char| letter.is_ascii_digit())
            && date.len() > 4
        {
            "on"
        } else {
            "in"
        };
        Restatement::part(format!(
            "{} began filming {lead} {date}.",
            words.text(0..verb - 1)
        ))
    })
}
