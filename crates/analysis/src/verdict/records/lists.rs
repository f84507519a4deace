//! Lists under a name that says what they are: what comes with a thing, and what does not.

use super::bound;
use super::claim::Claim;
use super::naming::NAMING_FIELDS;
use crate::engine::Passage;
use crate::language::words::Stems;
use crate::statement::quantity::Comparison;
use crate::statement::token::TokenKind;
use crate::statement::{Mood, Sentence, is_function_word};
use crate::verdict::binding::{Bound, Ground, Outcome, Side};

/// Names of lists of what belongs to a thing.
const INCLUDED: &[&str] = &[
    "in the box",
    "in box",
    "box contents",
    "contents",
    "includes",
    "included",
    "what is included",
    "comes with",
    "supplied",
    "supplied with",
    "package contents",
    "scope of delivery",
    "included items",
    "included accessories",
    "included in the price",
    "price includes",
    "in the package",
    "delivered with",
];
/// Names of lists of what does not.
const EXCLUDED: &[&str] = &[
    "not included",
    "excludes",
    "excluded",
    "not in the box",
    "sold separately",
    "not supplied",
    "excluded items",
    "not included in the price",
    "price excludes",
    "items not included",
];
/// Verbs by which a thing is said to come with another.
const COMES: &[&str] = &[
    "come",
    "comes",
    "came",
    "supplied",
    "delivered",
    "sold",
    "included",
    "include",
    "includes",
    "contains",
    "contain",
];

/// One thing of a list.
struct Item {
    number: usize,
    text: String,
    name: String,
    stems: Vec<String>,
    read: Sentence,
    is_included: bool,
}

/// `A lock comes with the bike`, where the lock is among what is not included.
pub(super) fn listed(side: Side<'_>, rows: &[&Passage<'_>]) -> Option<(usize, Bound)> {
    let [statement] = &side.sentence.statements[..] else {
        return None;
    };
    if statement.mood != Mood::Fact || side.sentence.is_question {
        return None;
    }
    let items = items(rows);
    if items.is_empty() {
        return None;
    }
    let claim = Claim::new(side.sentence)?;
    let mut sides = thing(&claim)?
        .into_iter()
        .filter(|(_, whole)| names_whole(&claim, whole, rows));
    let ((things, _), None) = (sides.next()?, sides.next()) else {
        return None;
    };
    let denied = statement.denied;
    // `no lock`, `a lock and a bell`, `only a bell` say something else.
    let plain = |at: usize| {
        let lower = claim.lower(at);
        !is_function_word(lower) || matches!(lower, "a" | "an" | "the" | "its" | "of" | "for")
    };
    if !things.clone().all(plain) {
        return None;
    }
    let stems = Stems::new();
    let content = |at: &usize| {
        let token = &side.sentence.tokens[*at];
        token.kind == TokenKind::Word && !is_function_word(&token.lower)
    };
    let amount = side
        .sentence
        .quantities
        .iter()
        .find(|quantity| !quantity.quantifier && things.contains(&quantity.tokens.start));
    let is_counted = |at: &usize| amount.is_some_and(|amount| amount.tokens.contains(at));
    let words: Vec<String> = things
        .clone()
        .filter(content)
        .filter(|at| !is_counted(at))
        .map(|at| stems.of(&side.sentence.tokens[at].lower))
        .collect();
    if words.is_empty() {
        return None;
    }
    let (outcome, item) = judged(&items, &words, amount.map(|amount| (amount, side)))?;
    let outcome = match (outcome, denied) {
        (true, false) | (false, true) => Outcome::Supports(Ground::Cell),
        _ => Outcome::Refutes(Ground::Cell),
    };
    let found = bound(
        outcome,
        format!("the record lists under {}: {}", item.name, item.text),
    );
    Some((
        item.number,
        Bound {
            column: Some(item.name.clone()),
            ..found
        },
    ))
}

/// Whether the thing is listed as included, by the one item that has its last word.
fn judged<'i>(
    items: &'i [Item],
    words: &[String],
    amount: Option<(&crate::statement::quantity::Quantity, Side<'_>)>,
) -> Option<(bool, &'i Item)> {
    let head = words.last()?;
    let mut found = items.iter().filter(|item| item.stems.last() == Some(head));
    let (Some(item), None) = (found.next(), found.next()) else {
        return None;
    };
    // Every word of the claim: a wooden peg is not the steel peg that is listed.
    if !words.iter().all(|word| item.stems.contains(word)) {
        return None;
    }
    let Some((wanted, _)) = amount else {
        // What is said of the thing by fewer words is so of the one that is included; one that is not may be of another kind.
        let is_whole = item.stems.len() == words.len();
        return (is_whole || item.is_included || words.len() + 1 == item.stems.len())
            .then_some((item.is_included, item));
    };
    let given = item.read.quantities.iter().find(|given| !given.quantifier);
    let same = match given {
        Some(given) => wanted.compare(given),
        // `charger`: one of them.
        None => return None,
    };
    match (same, item.is_included) {
        (Comparison::Same, included) => Some((included, item)),
        (Comparison::Differs, true) => Some((false, item)),
        _ => None,
    }
}

fn items(rows: &[&Passage<'_>]) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    for (number, passage) in rows.iter().enumerate() {
        let Some(record) = passage.record.and_then(|at| passage.source.records.get(at)) else {
            continue;
        };
        for field in &record.fields {
            let name = passage.source.name_of(record, *field);
            let lower = name.to_lowercase();
            let is_included = INCLUDED.contains(&lower.as_str());
            if !is_included && !EXCLUDED.contains(&lower.as_str()) {
                continue;
            }
            let text = passage.source.text.slice(field.value).trim();
            // A text with commas or brackets says more than one thing.
            if text.contains([',', ';', '(', '/'])
                || text.split_whitespace().count() > 6
                || matches!(text, "true" | "false")
            {
                continue;
            }
            let read = Sentence::new(text);
            let counted = read
                .quantities
                .first()
                .map(|quantity| quantity.tokens.clone());
            let stems = Stems::new();
            let words = read.tokens.iter().enumerate().filter(|(at, token)| {
                token.kind == TokenKind::Word
                    && !is_function_word(&token.lower)
                    && counted.as_ref().is_none_or(|counted| !counted.contains(at))
            });
            found.push(Item {
                number,
                stems: words.map(|(_, token)| stems.of(&token.lower)).collect(),
                text: text.to_owned(),
                name: name.to_owned(),
                read,
                is_included,
            });
        }
    }
    found
}

type Tokens = std::ops::Range<usize>;

/// The tokens of what comes with the whole, and those of the whole, where the claim says nothing else; both readings of
/// `a lock comes with the bike`.
fn thing(claim: &Claim<'_>) -> Option<Vec<(Tokens, Tokens)>> {
    let end = (0..claim.len())
        .rev()
        .find(|at| claim.sentence.tokens[*at].kind != TokenKind::Sign)?
        + 1;
    let mut verbs = (0..end).filter(|at| COMES.contains(&claim.lower(*at)));
    let (verb, None) = (verbs.next()?, verbs.next()) else {
        return None;
    };
    let is_helper = |at: usize| {
        matches!(
            claim.lower(at),
            "is" | "are"
                | "does"
                | "do"
                | "not"
                | "was"
                | "were"
                | "doesn't"
                | "isn't"
                | "aren't"
                | "don't"
        )
    };
    let mut subject_end = verb;
    while subject_end > 0 && is_helper(subject_end - 1) {
        subject_end -= 1;
    }
    let object = verb + 1;
    match claim.lower(verb) {
        // `The price includes a map.`
        "include" | "includes" | "contain" | "contains" => {
            Some(vec![(object..end, 0..subject_end)])
        }
        // `A map is included.`
        "included" if object == end => Some(vec![(0..subject_end, 0..0)]),
        "included" if matches!(claim.lower(object), "with" | "in") => {
            Some(vec![(0..subject_end, object + 1..end)])
        }
        _ if claim.lower(object) == "with" => Some(vec![
            (object + 1..end, 0..subject_end),
            (0..subject_end, object + 1..end),
        ]),
        _ => None,
    }
}

/// Whether these words are only what the whole is called: by the record's own name, or as the box that it comes in.
fn names_whole(claim: &Claim<'_>, whole: &Tokens, rows: &[&Passage<'_>]) -> bool {
    const WHOLES: [&str; 6] = ["box", "price", "package", "product", "set", "delivery"];
    let stems = Stems::new();
    let mut named: Vec<String> = WHOLES.iter().map(|word| stems.of(word)).collect();
    for passage in rows {
        let Some(record) = passage.record.and_then(|at| passage.source.records.get(at)) else {
            continue;
        };
        for field in &record.fields {
            let name = passage.source.name_of(record, *field).to_lowercase();
            if NAMING_FIELDS.contains(&name.as_str()) {
                named.extend(Sentence::cached(passage.source.text.slice(field.value)).words());
            }
        }
        named.extend(
            passage
                .titles
                .iter()
                .flat_map(|title| Sentence::cached(title).words()),
        );
    }
    whole.clone().all(|at| {
        is_function_word(claim.lower(at))
            || claim.sentence.tokens[at].kind == TokenKind::Sign
            || named.contains(&claim.stems[at])
            // `e-bike` is a bike.
            || named.iter().any(|name| name.ends_with(&format!("-{}", claim.stems[at])))
    })
}
