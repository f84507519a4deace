//! Opening hours: days and hours side by side, each said by itself.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Restatement;
use super::words::Words;
use crate::statement::Sentence;
use crate::statement::time::When;

/// `9:00 to 17:30`, `10am–5pm`, `from 8 a.m. until noon`. Hours without minutes have `am` or `pm` at both ends.
static HOURS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let clock = r"(?:\d{1,2}[:.]\d{2}(?:\s*(?:am|pm|a\.m\.|p\.m\.))?|\d{1,2}\s*(?:am|pm|a\.m\.|p\.m\.)|noon|midday|midnight)";
    Regex::new(&format!(
        r"(?P<all>(?:\b(?:from|between)\s+)?(?P<from>{clock})\s*(?:to|until|till|and|–|-|—)\s*(?P<to>{clock}))"
    ))
    .ok()
});

/// Hours where they stand.
struct Hours {
    bytes: Range<usize>,
    from: String,
    to: String,
}

/// `It is open on Saturday from 10:00 to 14:00` of `Monday to Friday 9:00 to 17:30, Saturday 10:00 to 14:00`.
pub(super) fn hours(words: &Words<'_>) -> Option<Vec<Restatement>> {
    let sentence = words.0;
    let found: Vec<Hours> = HOURS
        .as_ref()?
        .captures_iter(&sentence.text)
        .filter_map(|one| {
            Some(Hours {
                bytes: one.name("all")?.range(),
                from: one.name("from")?.as_str().to_owned(),
                to: one.name("to")?.as_str().to_owned(),
            })
        })
        .collect();
    let days: Vec<Range<usize>> = sentence
        .times
        .iter()
        .filter(|time| matches!(time.when, When::Weekdays(_)))
        .map(|time| {
            let last = time.tokens.end - 1;
            sentence.tokens[time.tokens.start].bytes.start..sentence.tokens[last].bytes.end
        })
        .collect();
    if let ([hours], true) = (&found[..], days.is_empty() && sentence.times.is_empty()) {
        return every_day(sentence, hours);
    }
    let all_are_days = days.len() == sentence.times.len();
    if found.is_empty() || days.len() != found.len() || !all_are_days {
        return None;
    }
    let days_first = days[0].start < found[0].bytes.start;
    let in_turn = (0..found.len()).all(|at| {
        let (one, other) = if days_first {
            (&days[at], &found[at].bytes)
        } else {
            (&found[at].bytes, &days[at])
        };
        let next = if days_first {
            days.get(at + 1)
        } else {
            found.get(at + 1).map(|hours| &hours.bytes)
        };
        // Between the days and their hours stands nothing that could be said of one alone.
        one.end <= other.start
            && is_bare(&sentence.text[one.end..other.start])
            && next.is_none_or(|next| {
                other.end <= next.start && is_bare(&sentence.text[other.end..next.start])
            })
    });
    let first = days[0].start.min(found[0].bytes.start);
    let last = days[days.len() - 1]
        .end
        .max(found[found.len() - 1].bytes.end);
    let tail = sentence.text[last..].trim_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, '.' | ';' | ')' | ',')
    });
    if !in_turn || !tail.is_empty() {
        return None;
    }
    let subject = subject(&sentence.text[..first])?;
    let mut said = Vec::new();
    for (hours, days) in found.iter().zip(&days) {
        let days = on(&sentence.text[days.clone()]);
        let (from, to) = (&hours.from, &hours.to);
        for text in [
            format!("{subject} is open {days} from {from} to {to}."),
            format!("{subject} opens at {from} {days}."),
            format!("{subject} closes at {to} {days}."),
            format!("{subject} is open {days} until {to}."),
            format!("{subject} is open {days}."),
        ] {
            said.push(Restatement::part(text));
        }
    }
    Some(said)
}

/// `It is open until 17:30` of `Opening hours are 9:00 to 17:30`: where no day is named, these are the hours of all.
fn every_day(sentence: &Sentence, hours: &Hours) -> Option<Vec<Restatement>> {
    let before = sentence.text[..hours.bytes.start].trim_end();
    let before = before.strip_suffix(" daily").unwrap_or(before);
    let tail = sentence.text[hours.bytes.end..]
        .trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '.' | ';' | ')'));
    if !matches!(tail, "" | "daily" | "every day") || before.is_empty() {
        return None;
    }
    let subject = subject(before)?;
    let (from, to) = (&hours.from, &hours.to);
    let said = [
        format!("{subject} is open from {from} to {to}."),
        format!("{subject} opens at {from}."),
        format!("{subject} closes at {to}."),
        format!("{subject} is open until {to}."),
    ];
    Some(said.into_iter().map(Restatement::part).collect())
}

/// Whether only words that tie days to hours stand in between.
fn is_bare(between: &str) -> bool {
    between
        .split(|letter: char| {
            letter.is_whitespace() || matches!(letter, ',' | ':' | ';' | '(' | ')' | '|')
        })
        .all(|word| {
            matches!(
                word,
                "" | "and" | "from" | "on" | "at" | "–" | "-" | "hours" | "but"
            )
        })
}

/// `on Saturday` of `Saturday`.
fn on(days: &str) -> String {
    let first = days.split_whitespace().next().unwrap_or_default();
    if matches!(first, "on" | "at" | "every" | "each" | "daily" | "over") {
        days.to_owned()
    } else {
        format!("on {days}")
    }
}

/// What is open: `The café` of `The café is open`, `It` where a label says that these are its hours.
fn subject(before: &str) -> Option<String> {
    let before = before
        .trim()
        .trim_end_matches([':', '-', '–', '(', ','])
        .trim();
    let lower = before.to_lowercase();
    let is_label = |label: &str| {
        matches!(
            label,
            "" | "open"
                | "opening hours"
                | "opening times"
                | "hours"
                | "we are open"
                | "opening"
                | "we're open"
                | "opens"
                | "our opening hours are"
                | "opening hours are"
                | "our opening times are"
                | "the opening hours are"
                | "open daily"
                | "it is open"
        )
    };
    if is_label(&lower) {
        return Some("It".to_owned());
    }
    for verb in [
        " is open",
        " are open",
        " opens",
        " is open to visitors",
        " is open to the public",
    ] {
        if let Some(subject) = lower.strip_suffix(verb) {
            return is_plain(subject).then(|| before[..subject.len()].to_owned());
        }
    }
    // `Café: Monday to Friday …`, `Library opening hours: …`
    let label = lower
        .strip_suffix(" opening hours")
        .or_else(|| lower.strip_suffix(" opening times"))
        .unwrap_or(&lower);
    let named = label.strip_prefix("the ").unwrap_or(label);
    (is_plain(named) && named.split_whitespace().count() <= 3 && !named.contains("hour")).then(
        || {
            format!(
                "The {}",
                &before[label.len() - named.len()..label.len()].to_lowercase()
            )
        },
    )
}

/// Whether a subject stands by itself, with no comma, verb or figure before it.
fn is_plain(subject: &str) -> bool {
    !subject.is_empty()
        && subject.len() <= 60
        && subject
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '\'' | '’'))
        && !subject.split_whitespace().any(|word| {
            matches!(
                word,
                "that"
                    | "if"
                    | "not"
                    | "when"
                    | "said"
                    | "only"
                    | "and"
                    | "or"
                    | "closed"
                    | "never"
            )
        })
}

/// What a row of a table of opening hours says: `Friday | 6:30-22:00`, `Monday | closed`. Each value comes with the name of its
/// column, which says what is open where it names something.
pub(in crate::verdict) fn hours_of_row(cells: &[(&str, &str)]) -> Vec<String> {
    let Some(((_, days), hours)) = cells.split_first() else {
        return Vec::new();
    };
    let first = Sentence::new(&format!("{days}: 9:00 to 10:00."));
    let named = first.times.first().is_some_and(|time| {
        matches!(time.when, When::Weekdays(_))
            && first
                .tokens
                .get(time.tokens.end)
                .is_some_and(|next| next.is_sign(':'))
    });
    if !named {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (name, value) in hours {
        let lower = name.trim().to_lowercase();
        let is_label = matches!(
            lower.as_str(),
            "" | "hours" | "opening hours" | "opening times" | "open" | "times" | "time"
        );
        if value.trim().to_lowercase().starts_with("closed") {
            let subject = if is_label {
                "It".to_owned()
            } else {
                format!("The {lower}")
            };
            found.push(format!(
                "{subject} is {} {}.",
                value.trim(),
                on(days.trim())
            ));
            continue;
        }
        let label = if is_label {
            String::new()
        } else {
            format!("{name}: ")
        };
        let sentence = Sentence::new(&format!("{label}{days} {value}."));
        found.extend(hours_said(&sentence));
    }
    found
}

fn hours_said(sentence: &Sentence) -> Vec<String> {
    let said = hours(&Words(sentence)).unwrap_or_default();
    said.into_iter().map(|one| one.text).collect()
}
