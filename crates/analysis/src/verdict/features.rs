//! A claim and its passages as numbers: what the fitted model weighs. No number here grows with the length of a text.

use crate::engine::Passage;
use crate::language::lexicon::meaning;
use crate::language::quantities::Sort;
use crate::language::words::Word;
use crate::language::{real, share};

use super::alignment::{Alignment, Fate, Found, weight};
use super::reading::Reading;

/// The names of the features, in the order of their values.
pub const NAMES: [&str; COUNT] = [
    "cover",
    "cover_around",
    "cover_event",
    "cover_all_passages",
    "names_found",
    "names_missing",
    "plain_missing",
    "last_words_found",
    "first_words_found",
    "pairs_together",
    "in_order",
    "tightness",
    "numbers_same",
    "numbers_other",
    "numbers_absent",
    "years_same",
    "years_other",
    "years_absent",
    "number_distance",
    "claim_denies",
    "passage_denies",
    "denied_differently",
    "denied_alike",
    "opposites",
    "opposites_and_denial",
    "excluded",
    "class_word_missing",
    "replaced",
    "name_replaced",
    "absolute_claim_only",
    "superlative_claim_only",
    "hedged_differently",
    "verb_found",
    "heaviest_missing",
    "everything_found",
    "alike_share",
    "claim_opposable",
];

/// How many features there are.
pub const COUNT: usize = 37;

/// A claim and its passages, read.
pub struct Compared<'p, 'a> {
    pub claim: Reading,
    pub passages: Vec<(&'p Passage<'a>, Reading, Reading)>,
}

impl<'p, 'a> Compared<'p, 'a> {
    /// Reads a claim, its passages and what stands around them.
    pub fn new(claim: &str, passages: impl IntoIterator<Item = &'p Passage<'a>>) -> Self
    where
        'a: 'p,
    {
        Self {
            claim: Reading::new(claim),
            passages: passages
                .into_iter()
                .map(|passage| {
                    (
                        passage,
                        Reading::new(passage.text),
                        Reading::new(&passage.context),
                    )
                })
                .collect(),
        }
    }

    /// The claim laid beside each passage.
    pub fn alignments(&self) -> Vec<Alignment<'_>> {
        self.passages
            .iter()
            .map(|(_, reading, around)| Alignment::new(&self.claim, reading, around))
            .collect()
    }
}

/// The passage that says most of the claim, of several laid beside it.
pub fn best<'x, 'r>(alignments: &'x [Alignment<'r>]) -> Option<(usize, &'x Alignment<'r>)> {
    // The first of equal ones: retrieval ranked them.
    let mut found: Option<(usize, &Alignment<'r>, f64)> = None;
    for (index, alignment) in alignments.iter().enumerate() {
        let numbers: f64 = alignment
            .fates
            .iter()
            .map(|fate| match fate {
                Fate::Same(_) => 1.0,
                // Another number for the same event is as much about the claim as the same one.
                Fate::Other(at) if alignment.distance(&alignment.passage.quantities[*at]) <= 6 => {
                    0.8
                }
                Fate::Around => 0.6,
                Fate::Other(_) | Fate::Absent => 0.0,
            })
            .sum();
        let score = alignment.cover
            + 0.6 * alignment.cover_around
            + 0.25 * share(numbers, real(alignment.fates.len()));
        if found.as_ref().is_none_or(|(_, _, top)| score > *top + 1e-9) {
            found = Some((index, alignment, score));
        }
    }
    found.map(|(index, alignment, _)| (index, alignment))
}

/// The claim and the passages laid beside it, as numbers in the order of `NAMES`; nothing where there is no passage.
pub fn features(alignments: &[Alignment<'_>]) -> Option<[f64; COUNT]> {
    let (_, best) = best(alignments)?;
    let mut values = Vec::with_capacity(COUNT);
    words_found(best, alignments, &mut values);
    order(best, &mut values);
    numbers(best, alignments, &mut values);
    denial(best, &mut values);
    clashes(best, &mut values);
    rest(best, &mut values);
    values.try_into().ok()
}

fn flag(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

fn capped(count: usize) -> f64 {
    real(count.min(3)) / 3.0
}

fn is_here(alignment: &Alignment<'_>, at: usize) -> bool {
    alignment.found[at] != Found::Missing
}

fn words_found(best: &Alignment<'_>, all: &[Alignment<'_>], values: &mut Vec<f64>) {
    let content: Vec<(usize, &Word)> = best.claim.content().collect();
    let total: f64 = content.iter().map(|(_, word)| weight(word)).sum();
    let anywhere: f64 = content
        .iter()
        .filter(|(at, _)| all.iter().any(|alignment| is_here(alignment, *at)))
        .map(|(_, word)| weight(word))
        .sum();
    values.extend([
        best.cover,
        best.cover_around,
        best.cover_event,
        share(anywhere, total),
    ]);
    let proper: Vec<&(usize, &Word)> = content.iter().filter(|(_, word)| word.name).collect();
    let proper_found = proper.iter().filter(|(at, _)| is_here(best, *at)).count();
    let lost = proper
        .iter()
        .filter(|(at, _)| !all.iter().any(|alignment| is_here(alignment, *at)))
        .count();
    let plain_lost = content
        .iter()
        .filter(|(at, word)| !word.name && !is_here(best, *at))
        .count();
    values.push(if proper.is_empty() {
        1.0
    } else {
        share(real(proper_found), real(proper.len()))
    });
    values.extend([capped(lost), capped(plain_lost)]);
    let found_share = |part: &[(usize, &Word)]| {
        share(
            part.iter()
                .filter(|(at, _)| is_here(best, *at))
                .map(|(_, word)| weight(word))
                .sum(),
            part.iter().map(|(_, word)| weight(word)).sum(),
        )
    };
    values.push(found_share(&content[content.len().saturating_sub(2)..]));
    values.push(found_share(&content[..content.len().min(2)]));
}

fn order(best: &Alignment<'_>, values: &mut Vec<f64>) {
    let places: Vec<Option<usize>> = best.claim.content().map(|(at, _)| best.place(at)).collect();
    let pairs = places.windows(2).count();
    let together = places
        .windows(2)
        .filter(|pair| matches!(pair, [Some(one), Some(other)] if other > one && other - one <= 3))
        .count();
    let ordered = places
        .windows(2)
        .filter(|pair| matches!(pair, [Some(one), Some(other)] if other > one))
        .count();
    values.push(share(real(together), real(pairs)));
    values.push(share(real(ordered), real(pairs)));
    let there: Vec<usize> = places.iter().flatten().copied().collect();
    let stretch = match (there.iter().min(), there.iter().max()) {
        (Some(low), Some(high)) => share(real(there.len()), real(high - low + 1)),
        _ => 0.0,
    };
    values.push(stretch);
}

fn numbers(best: &Alignment<'_>, all: &[Alignment<'_>], values: &mut Vec<f64>) {
    let mut tally = [[0.0; 3]; 2];
    let mut nearest: f64 = 0.0;
    for (index, (wanted, fate)) in best.claim.quantities.iter().zip(&best.fates).enumerate() {
        let row = usize::from(matches!(wanted.sort, Sort::Year | Sort::Day));
        let column = match fate {
            Fate::Same(_) | Fate::Around => 0,
            Fate::Other(at) => {
                let distance = best.distance(&best.passage.quantities[*at]);
                nearest = nearest.max(1.0 / (1.0 + real(distance.min(30)) / 3.0));
                1
            }
            // Two sentences may say it together: one who, the other when.
            Fate::Absent => {
                let elsewhere = all.iter().any(|other| {
                    matches!(other.fates[index], Fate::Same(_)) && other.cover >= 0.5 * best.cover
                });
                if elsewhere { 0 } else { 2 }
            }
        };
        tally[row][column] += 1.0;
    }
    for row in tally {
        values.extend(row.map(|count: f64| count.min(2.0) / 2.0));
    }
    values.push(nearest);
}

fn denial(best: &Alignment<'_>, values: &mut Vec<f64>) {
    let reached = best
        .places()
        .filter(|place| best.passage.denied[*place])
        .count();
    let differently = best.denied_differently();
    let both = (0..best.found.len())
        .filter(|at| {
            best.claim.denied[*at]
                && best
                    .place(*at)
                    .is_some_and(|place| best.passage.denied[place])
        })
        .count();
    values.push(flag(best.claim.denies()));
    values.push(flag(reached > 0));
    values.push(capped(differently.len()));
    values.push(capped(both));
}

fn clashes(best: &Alignment<'_>, values: &mut Vec<f64>) {
    let opposites = best.opposites();
    let (denied, clashing): (Vec<_>, Vec<_>) = opposites
        .into_iter()
        .partition(|(at, other)| best.claim.denied[*at] != best.passage.denied[*other]);
    values.push(capped(clashing.len()));
    values.push(flag(!denied.is_empty()));
    values.push(capped(best.excluded().len()));
    let lost_class = best
        .claim
        .content()
        .filter(|(at, word)| meaning::has_class(&word.stem) && best.found[*at] == Found::Missing)
        .count();
    values.push(capped(lost_class));
    let replaced = best.replaced();
    let names = replaced
        .iter()
        .filter(|(at, other)| best.claim.words[*at].name && best.passage.words[*other].name)
        .count();
    values.push(capped(replaced.len()));
    values.push(capped(names));
    let only_claim = |test: fn(&str) -> bool| {
        flag(
            best.claim.words.iter().any(|word| test(&word.lower))
                && !best.passage.words.iter().any(|word| test(&word.lower)),
        )
    };
    values.push(only_claim(meaning::is_absolute));
    values.push(only_claim(meaning::is_superlative));
    let hedged = |reading: &Reading| {
        reading
            .words
            .iter()
            .any(|word| meaning::is_hedge(&word.lower))
    };
    values.push(flag(hedged(best.claim) != hedged(best.passage)));
}

fn rest(best: &Alignment<'_>, values: &mut Vec<f64>) {
    let content: Vec<(usize, &Word)> = best.claim.content().collect();
    let verbs: Vec<&(usize, &Word)> = content
        .iter()
        .filter(|(_, word)| !word.name && (crate::language::lexicon::is_verb(&word.lower)))
        .collect();
    values.push(if verbs.is_empty() {
        0.5
    } else {
        flag(verbs.iter().any(|(at, _)| is_here(best, *at)))
    });
    let heaviest = content
        .iter()
        .filter(|(at, _)| !is_here(best, *at))
        .map(|(_, word)| weight(word))
        .fold(0.0, f64::max);
    values.push(heaviest);
    let settled = best
        .fates
        .iter()
        .all(|fate| matches!(fate, Fate::Same(_) | Fate::Around));
    values.push(flag(heaviest == 0.0 && settled));
    let alike = best
        .found
        .iter()
        .filter(|found| matches!(found, Found::Alike(_)))
        .count();
    values.push(share(real(alike), real(content.len())));
    values.push(flag(
        content
            .iter()
            .any(|(_, word)| meaning::has_opposite(&word.stem)),
    ));
}
