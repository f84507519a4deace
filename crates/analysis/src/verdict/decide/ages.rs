//! A claim of somebody's age beside what a source says of a group: `a three-year-old` is one of `children under 4`.

use std::sync::LazyLock;

use regex::Regex;

use crate::engine::Passage;
use crate::statement::Sentence;

const NUMBERS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
/// From this age on nobody is a child.
const ADULT: u32 = 18;

/// `a three-year-old`, `a 16-year-old boy`, `a child of five`, `a woman aged 70`.
static ONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let people =
        "child|boy|girl|pupil|person|man|woman|visitor|guest|passenger|member|student|customer";
    let number = format!(r"\d{{1,3}}|{}", NUMBERS.join("|"));
    Regex::new(&format!(
        r"(?i)\b(?:an?\s+(?P<age>{number})[- ]years?[- ]old(?:\s+(?P<who>{people}))?|an?\s+(?P<whose>{people})\s+(?:of|aged)\s+(?P<old>{number}))\b"
    ))
    .ok()
});

/// `children under 4`, `persons aged 14 and over`, `children from 6 to 15 years`, `anyone over 65`.
static GROUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?P<all>(?P<noun>young\ people|children|kids|persons|people|anyone|adults|visitors|guests|passengers|pupils|members|everyone|customers)\s+
        (?:(?:under|below|younger\ than)\s+(?:the\ age\ of\s+)?(?P<under>\d{1,3})
        |(?:over|above|older\ than)\s+(?:the\ age\ of\s+)?(?P<over>\d{1,3})
        |(?:aged\s+|from\s+)?(?P<from>\d{1,3})\s*(?:to|–|-)\s*(?P<to>\d{1,3})
        |(?:aged\s+|of\s+)?(?P<least>\d{1,3})\s+(?:and|or)\s+(?:over|above|older)
        |(?:aged\s+|of\s+)?(?P<most>\d{1,3})\s+(?:and|or)\s+(?:under|below|younger))
        (?:\s+years(?:\s+(?:old|of\s+age))?)?)\b",
    )
    .ok()
});

/// The claim with the groups of its sources that the person it names belongs to in the person's place, and why.
pub(super) fn of_a_group(claim: &Sentence, passages: &[&Passage<'_>]) -> Vec<(String, String)> {
    let (Some(one), Some(group)) = (ONE.as_ref(), GROUP.as_ref()) else {
        return Vec::new();
    };
    let Some(person) = one.captures(&claim.text) else {
        return Vec::new();
    };
    let age = person.name("age").or(person.name("old"));
    let Some(age) = age.and_then(|age| number(age.as_str())) else {
        return Vec::new();
    };
    let who = person.name("who").or(person.name("whose"));
    let who = who.map_or(String::new(), |who| who.as_str().to_lowercase());
    let Some(place) = person.get(0) else {
        return Vec::new();
    };
    let mut found: Vec<(String, String)> = Vec::new();
    for passage in passages {
        for named in group.captures_iter(passage.text) {
            let Some(all) = named.name("all") else {
                continue;
            };
            let limit = |name: &str| named.name(name).and_then(|limit| number(limit.as_str()));
            let within = limit("under").is_none_or(|under| age < under)
                && limit("over").is_none_or(|over| age > over)
                && limit("from").is_none_or(|from| age >= from)
                && limit("to").is_none_or(|to| age <= to)
                && limit("least").is_none_or(|least| age >= least)
                && limit("most").is_none_or(|most| age <= most);
            let noun = named
                .name("noun")
                .map_or(String::new(), |noun| noun.as_str().to_lowercase());
            let grown = matches!(who.as_str(), "man" | "woman");
            let fits = match noun.as_str() {
                "children" | "kids" => age < ADULT && !grown,
                "adults" => age >= ADULT && who != "child",
                // `members over 65` are not everybody over 65.
                "visitors" | "guests" | "passengers" | "pupils" | "members" | "customers" => {
                    !who.is_empty() && noun.starts_with(&who)
                }
                _ => true,
            };
            if !within || !fits {
                continue;
            }
            let group = if place.start() == 0 {
                capitalized(all.as_str())
            } else {
                all.as_str().to_lowercase()
            };
            let text = format!(
                "{}{group}{}",
                &claim.text[..place.start()],
                of_several(&claim.text[place.end()..])
            );
            let because = format!("“{}” is one of “{}”", place.as_str(), all.as_str());
            if !found.iter().any(|(other, _)| *other == text) {
                found.push((text, because));
            }
        }
    }
    found
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok().or_else(|| {
        let lower = text.to_lowercase();
        let place = NUMBERS.iter().position(|word| *word == lower)?;
        u32::try_from(place).ok()
    })
}

/// The rest of a sentence with its verb for several: ` stay free.` of ` stays free.`
fn of_several(rest: &str) -> String {
    let trimmed = rest.trim_start();
    let end = trimmed.find(' ').unwrap_or(trimmed.len());
    let (verb, after) = trimmed.split_at(end);
    let plural = match verb {
        "is" => "are",
        "has" => "have",
        "does" => "do",
        "goes" => "go",
        verb if verb.ends_with("ss") => verb,
        verb => verb.strip_suffix('s').unwrap_or(verb),
    };
    format!(" {plural}{after}")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
