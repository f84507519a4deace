//! Comparisons of two things: `the path is steeper at the mill than at the ford` says the same as `less steep at the ford than
//! at the mill`. Which thing is named before `than` and which after it decides, with the direction of the comparison.

use std::ops::Range;

use super::super::relations::Contrast;
use super::Side;
use super::terms::{Found, Matched};
use crate::language::lexicon::gradables::{Degree, End, degree};
use crate::statement::tags::Tag;

/// A comparative with its `than`.
struct Comparison {
    /// The tokens of the comparative: `longer`, `less steep`, `more`.
    words: Range<usize>,
    than: usize,
    scale: Scale,
}

/// What is compared, and whether the first side has more of it.
#[derive(Debug, Clone, PartialEq)]
enum Scale {
    /// By ends of scales that the adjective names: for `less steep` the other ends.
    Ends(Vec<End>),
    /// By an adjective that is on no known scale: `more colourful`.
    Word(String, bool),
    /// By number: `more visitors`, `fewer rooms`.
    Number(bool),
}

/// How the sides of two comparisons stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Same,
    /// What the source has before `than` the claim has after it.
    Swapped,
    Unclear,
}

fn comparison(side: Side<'_>) -> Option<Comparison> {
    let sentence = side.sentence;
    let lower = |at: usize| {
        sentence
            .tokens
            .get(at)
            .map_or("", |token| token.lower.as_str())
    };
    let part = side.statement.tokens.clone();
    let than = part.clone().find(|at| lower(*at) == "than")?;
    // `longer than 5 metres` is an amount.
    let counted = sentence
        .quantities
        .iter()
        .any(|quantity| quantity.tokens.contains(&than) || quantity.tokens.start == than + 1);
    if counted {
        return None;
    }
    let (words, scale) = (part.start..than).rev().find_map(|at| {
        let word = lower(at);
        if let Some((ends, Degree::More)) = degree(word) {
            return Some((at..at + 1, Scale::Ends(ends.to_vec())));
        }
        let more = match word {
            "more" => true,
            "less" | "fewer" => false,
            _ => return None,
        };
        let next = lower(at + 1);
        if let Some((ends, Degree::Plain)) = degree(next)
            && word != "fewer"
        {
            let ends = ends.iter().map(|end| if more { *end } else { end.other() });
            return Some((at..at + 2, Scale::Ends(ends.collect())));
        }
        if matches!(
            sentence.tags.get(at + 1),
            Some(Tag::Adjective | Tag::Adverb)
        ) {
            return Some((at..at + 2, Scale::Word(next.to_owned(), more)));
        }
        Some((at..at + 1, Scale::Number(more)))
    })?;
    Some(Comparison { words, than, scale })
}

impl Scale {
    /// Whether two comparisons go the same way; nothing where they are of different things.
    fn agrees(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Ends(ends), Self::Ends(others)) => {
                if ends.iter().any(|end| others.contains(end)) {
                    return Some(true);
                }
                ends.iter()
                    .any(|end| others.contains(&end.other()))
                    .then_some(false)
            }
            (Self::Word(word, more), Self::Word(other, less)) => {
                (word == other).then_some(more == less)
            }
            (Self::Number(more), Self::Number(less)) => Some(more == less),
            _ => None,
        }
    }
}

/// How the sides of the claim's comparison stand to those of the source's; nothing where one compares nothing.
pub(super) fn order(claim: Side<'_>, source: Side<'_>, found: &[Matched]) -> Option<Order> {
    let (own, given) = (comparison(claim)?, comparison(source)?);
    order_of(&own, &given, (claim, source), found)
}

fn order_of(
    own: &Comparison,
    given: &Comparison,
    (claim, source): (Side<'_>, Side<'_>),
    found: &[Matched],
) -> Option<Order> {
    let (mut kept, mut crossed) = (0, 0);
    // A word on both sides of `than` tells nothing: `the red rope is longer than the blue rope`.
    let is_twofold = |stem: &str| {
        [(claim, own.than), (source, given.than)]
            .iter()
            .any(|(side, than)| {
                let of = |before: bool| {
                    side.statement
                        .terms
                        .iter()
                        .any(|term| term.stem == stem && (term.at < *than) == before)
                };
                of(true) && of(false)
            })
    };
    for matched in found {
        let Found::Here(at) = matched.found else {
            continue;
        };
        if own.words.contains(&matched.claim) || is_twofold(&matched.stem) {
            continue;
        }
        match (matched.claim > own.than, at > given.than) {
            (true, true) => kept += 1,
            (true, false) | (false, true) => crossed += 1,
            (false, false) => {}
        }
    }
    let side_of =
        |side: Side<'_>, than: usize, index: usize| side.sentence.times[index].tokens.start > than;
    for time in &claim.statement.times {
        let wanted = &claim.sentence.times[*time];
        let mut same = source.statement.times.iter().filter(|other| {
            wanted.compare(&source.sentence.times[**other])
                == crate::statement::time::Agreement::Same
        });
        let (Some(other), None) = (same.next(), same.next()) else {
            continue;
        };
        match (
            side_of(claim, own.than, *time),
            side_of(source, given.than, *other),
        ) {
            (true, true) => kept += 1,
            (true, false) | (false, true) => crossed += 1,
            (false, false) => {}
        }
    }
    match (kept, crossed) {
        // What follows `than` says nothing of its own: `than patients who took a placebo`.
        (0, 0) => None,
        (1.., 0) => Some(Order::Same),
        (0, 1..) => Some(Order::Swapped),
        _ => Some(Order::Unclear),
    }
}

/// Says of the claim's comparative whether the source's says the same, once both sides of `than` are known.
pub(super) fn settle(claim: Side<'_>, source: Side<'_>, found: &mut [Matched]) {
    let (Some(own), Some(given)) = (comparison(claim), comparison(source)) else {
        return;
    };
    let Some(order) = order_of(&own, &given, (claim, source), found) else {
        return;
    };
    let says = match (order, own.scale.agrees(&given.scale)) {
        (Order::Same, Some(agrees)) => {
            if agrees {
                Found::Here(given.words.start)
            } else {
                Found::Contrast(given.words.start, Contrast::Opposite)
            }
        }
        (Order::Swapped, Some(agrees)) => {
            if agrees {
                Found::Contrast(given.words.start, Contrast::Opposite)
            } else {
                Found::Here(given.words.start)
            }
        }
        _ => Found::Missing,
    };
    let mut is_first = true;
    for matched in found
        .iter_mut()
        .filter(|matched| own.words.contains(&matched.claim))
    {
        matched.found = if is_first || says == Found::Missing {
            says
        } else {
            Found::Idle
        };
        is_first = false;
    }
}
