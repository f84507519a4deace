//! A claim laid beside one passage: which of its words and quantities are there, which are not, and what stands in their
//! place. It decides nothing.

use crate::language::lexicon::meaning;
use crate::language::quantities::{Bound, Quantity, Sort};
use crate::language::words::Word;
use crate::language::{real, share};

use super::reading::Reading;

/// Where a word of the claim was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// At this word of the passage.
    Here(usize),
    /// At a word with the same beginning.
    Alike(usize),
    /// In the heading, title or sentence before.
    Around,
    Missing,
    /// Not compared: it says nothing of its own or belongs to a quantity.
    Skipped,
}

/// What the passage says of a quantity of the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Same(usize),
    /// The passage gives this one instead, for the same thing.
    Other(usize),
    /// It stands in the heading, the title or the sentence before.
    Around,
    Absent,
}

/// A claim beside a passage.
#[derive(Debug)]
pub struct Alignment<'r> {
    pub claim: &'r Reading,
    pub passage: &'r Reading,
    pub around: &'r Reading,
    pub found: Vec<Found>,
    pub fates: Vec<Fate>,
    /// Of the claim's words by weight: in the passage itself.
    pub cover: f64,
    /// The same with what stands around it.
    pub cover_around: f64,
    /// Of the words that are no names, by weight, in the passage itself: the event, not the actors.
    pub cover_event: f64,
}

/// From so much of the event's words on, a passage is about the same event.
const SAME_EVENT: f64 = 0.4;
/// So many words from an event's word, a measure is the event's.
const NEAR: usize = 8;

/// What an opposite or an excluding word looks like: claim word and passage word.
pub type Pair = (usize, usize);

/// How much a word of a claim counts.
pub fn weight(word: &Word) -> f64 {
    let length = real(word.lower.chars().count().min(9)) / 9.0;
    0.55 + 0.45 * length + if word.name { 0.25 } else { 0.0 }
}

/// How much less a word counts that only begins alike.
const ALIKE: f64 = 0.8;

impl<'r> Alignment<'r> {
    /// Lays the claim beside the passage and what stands around it.
    pub fn new(claim: &'r Reading, passage: &'r Reading, around: &'r Reading) -> Self {
        let found: Vec<Found> = claim
            .words
            .iter()
            .enumerate()
            .map(|(at, word)| {
                if word.stop || claim.counted[at] {
                    Found::Skipped
                } else {
                    find(word, passage, around)
                }
            })
            .collect();
        let (mut all, mut here, mut near) = (0.0, 0.0, 0.0);
        let (mut plain, mut plain_here) = (0.0, 0.0);
        for (at, word) in claim.content() {
            let weight = weight(word);
            let (own, context) = match found[at] {
                Found::Here(_) => (weight, weight),
                Found::Alike(_) => (weight * ALIKE, weight * ALIKE),
                Found::Around => (0.0, weight),
                Found::Missing | Found::Skipped => (0.0, 0.0),
            };
            all += weight;
            here += own;
            near += context;
            if !word.name {
                plain += weight;
                plain_here += own;
            }
        }
        let mut alignment = Self {
            claim,
            passage,
            around,
            found,
            fates: Vec::new(),
            cover: share(here, all),
            cover_around: share(near, all),
            cover_event: if plain > 0.0 {
                plain_here / plain
            } else {
                share(here, all)
            },
        };
        alignment.fates = (0..claim.quantities.len())
            .map(|index| alignment.fate(index))
            .collect();
        alignment
    }

    /// The passage's word for a word of the claim.
    pub fn place(&self, claim_word: usize) -> Option<usize> {
        match self.found[claim_word] {
            Found::Here(at) | Found::Alike(at) => Some(at),
            Found::Around | Found::Missing | Found::Skipped => None,
        }
    }

    /// The places in the passage of all words of the claim that are there.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        (0..self.found.len()).filter_map(|at| self.place(at))
    }

    fn fate(&self, index: usize) -> Fate {
        let wanted = &self.claim.quantities[index];
        let candidates = &self.passage.quantities;
        if let Some(same) = candidates.iter().position(|given| agrees(wanted, given)) {
            return Fate::Same(same);
        }
        if self
            .around
            .quantities
            .iter()
            .any(|given| agrees(wanted, given))
        {
            return Fate::Around;
        }
        candidates
            .iter()
            .enumerate()
            .filter(|(_, given)| self.is_rival(wanted, given))
            .min_by_key(|(_, given)| self.distance(given))
            .map_or(Fate::Absent, |(at, _)| Fate::Other(at))
    }

    /// Whether the passage's quantity is about the same thing as the claim's, so that only one can be right.
    fn is_rival(&self, wanted: &Quantity, given: &Quantity) -> bool {
        if wanted.sort != given.sort
            || self
                .claim
                .quantities
                .iter()
                .any(|other| agrees(other, given))
        {
            return false;
        }
        match wanted.sort {
            Sort::Year | Sort::Day => true,
            Sort::Percent | Sort::Rank => {
                share_a_stem(&wanted.of, &given.of) || self.distance(given) <= 5
            }
            Sort::Amount => match (wanted.unit, given.unit) {
                (Some(one), Some(other)) => {
                    one == other && self.cover_event >= SAME_EVENT && self.distance(given) <= NEAR
                }
                (None, None) => share_a_stem(&wanted.of, &given.of),
                _ => false,
            },
        }
    }

    /// How many words lie between a quantity of the passage and the nearest event word that the claim has too.
    pub fn distance(&self, given: &Quantity) -> usize {
        let nearest = |names: bool| {
            self.claim
                .content()
                .filter(|(_, word)| names || !word.name)
                .filter_map(|(at, _)| self.place(at))
                .map(|place| place.abs_diff(given.words.start))
                .min()
        };
        nearest(false)
            .or_else(|| nearest(true))
            .unwrap_or(usize::MAX)
    }

    /// Of the claim's words by weight, those the passage speaks of: it has them, or what clashes with them.
    pub fn addressed(&self) -> f64 {
        let clashing: Vec<usize> = self
            .opposites()
            .into_iter()
            .chain(self.excluded())
            .map(|(at, _)| at)
            .collect();
        let (mut all, mut answered) = (0.0, 0.0);
        for (at, word) in self.claim.content() {
            all += weight(word);
            if self.found[at] == Found::Missing && clashing.contains(&at) {
                answered += weight(word);
            }
        }
        self.cover_around + share(answered, all)
    }

    /// Words of the claim whose opposite stands in the passage instead of them.
    pub fn opposites(&self) -> Vec<Pair> {
        self.instead(meaning::has_opposite, meaning::are_opposite)
    }

    /// Words of the claim in whose place the passage has another of the same class.
    pub fn excluded(&self) -> Vec<Pair> {
        self.instead(meaning::has_class, meaning::exclude_each_other)
    }

    fn instead(&self, known: fn(&str) -> bool, clash: fn(&str, &str) -> bool) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (at, word) in self.claim.words.iter().enumerate() {
            if self.place(at).is_some() || !known(&word.stem) {
                continue;
            }
            // `may` and `will` are months and wills only with a capital.
            let other = self.passage.words.iter().position(|given| {
                clash(&word.stem, &given.stem) && self.claim.position_of(&given.stem).is_none()
            });
            if let Some(other) = other
                && self.passage.position_of(&word.stem).is_none()
            {
                pairs.push((at, other));
            }
        }
        pairs
    }

    /// Words of the claim that stand in both, denied in one and not in the other.
    pub fn denied_differently(&self) -> Vec<Pair> {
        // `never closed` and `open`: a denied opposite says the same.
        if self
            .opposites()
            .iter()
            .any(|(at, other)| self.claim.denied[*at] != self.passage.denied[*other])
        {
            return Vec::new();
        }
        (0..self.found.len())
            .filter_map(|at| self.place(at).map(|place| (at, place)))
            .filter(|(at, place)| self.claim.denied[*at] != self.passage.denied[*place])
            .collect()
    }

    /// Missing words of the claim between words that do stand together in the passage: another word fills their place.
    pub fn replaced(&self) -> Vec<Pair> {
        let content: Vec<usize> = self.claim.content().map(|(at, _)| at).collect();
        let mut pairs = Vec::new();
        for (index, at) in content.iter().enumerate() {
            if self.found[*at] != Found::Missing {
                continue;
            }
            let before = index
                .checked_sub(1)
                .and_then(|one| self.place(content[one]));
            let after = content.get(index + 1).and_then(|one| self.place(*one));
            let substitute = match (before, after) {
                (Some(from), Some(to)) if to > from + 1 && to <= from + 4 => {
                    self.substitute(from + 1..to)
                }
                (Some(from), None) => {
                    self.substitute(from + 1..(from + 5).min(self.passage.words.len()))
                }
                (None, Some(to)) if index == 0 => self.substitute(to.saturating_sub(3)..to),
                _ => None,
            };
            pairs.extend(substitute.map(|other| (*at, other)));
        }
        pairs
    }

    fn substitute(&self, range: std::ops::Range<usize>) -> Option<usize> {
        let taken: Vec<usize> = self.places().collect();
        range
            .filter(|at| !taken.contains(at))
            .find(|at| !self.passage.words[*at].stop && !self.passage.counted[*at])
    }
}

fn find(word: &Word, passage: &Reading, around: &Reading) -> Found {
    if let Some(at) = passage.position_of(&word.stem) {
        return Found::Here(at);
    }
    if let Some(at) = passage
        .words
        .iter()
        .position(|given| !given.stop && are_alike(&word.stem, &given.stem))
    {
        return Found::Alike(at);
    }
    if around.position_of(&word.stem).is_some() {
        return Found::Around;
    }
    Found::Missing
}

/// `serotonin` and `serotonergic`, `direct` and `director`.
fn are_alike(one: &str, other: &str) -> bool {
    let common = one
        .bytes()
        .zip(other.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let longest = one.len().max(other.len());
    common >= 5 && common * 5 >= longest * 3
}

/// Whether the passage's quantity bears out the claim's.
pub fn agrees(wanted: &Quantity, given: &Quantity) -> bool {
    let comparable = wanted.sort == given.sort
        && (wanted.unit == given.unit
            || (wanted.sort == Sort::Amount && (wanted.unit.is_none() || given.unit.is_none())));
    if !comparable {
        return false;
    }
    let (asked, told) = (wanted.value, given.value);
    match wanted.bound {
        Bound::AtLeast if wanted.sort == Sort::Amount || wanted.sort == Sort::Percent => {
            told >= asked && (told <= asked * 3.0 || share_a_stem(&wanted.of, &given.of))
        }
        Bound::AtMost if wanted.sort == Sort::Amount || wanted.sort == Sort::Percent => {
            told <= asked && share_a_stem(&wanted.of, &given.of)
        }
        Bound::About => (told - asked).abs() <= 0.05 * asked.abs(),
        _ => (told - asked).abs() <= 0.000_1 * asked.abs(),
    }
}

fn share_a_stem(one: &[String], other: &[String]) -> bool {
    one.iter().any(|stem| other.contains(stem))
}
