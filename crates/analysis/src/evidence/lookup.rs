//! Which words of a claim are looked up, and the best of what they find: both bounded, however many passages there are. It
//! must not know what is found.

use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};

/// A word in one of so many passages is too common to tell them apart.
const COMMON: usize = 10;
/// A word in no more passages than this is looked up however few there are in all.
const ALWAYS_LOOKED_UP: usize = 1_000;
/// The occurrences that are looked at for one claim, of its rarest words first.
pub const MAX_OCCURRENCES: usize = 100_000;

/// How many occurrences of each word are looked at, by how many there are of each and how many passages in all. Where every
/// word is too common, the first occurrences of the rarest are.
pub fn looked_at(occurrences: &[usize], passages: usize) -> Vec<usize> {
    let is_common =
        |count: usize| count > ALWAYS_LOOKED_UP && count.saturating_mul(COMMON) >= passages;
    let mut by_rarity: Vec<usize> = (0..occurrences.len()).collect();
    by_rarity.sort_by_key(|word| occurrences[*word]);
    let mut looked_at = vec![0; occurrences.len()];
    let mut left = MAX_OCCURRENCES;
    for &word in &by_rarity {
        let count = occurrences[word];
        if count > left || is_common(count) {
            break;
        }
        looked_at[word] = count;
        left -= count;
    }
    let rarest = by_rarity.into_iter().find(|word| occurrences[*word] > 0);
    if let Some(rarest) = rarest.filter(|word| looked_at[*word] == 0) {
        looked_at[rarest] = occurrences[rarest].min(ALWAYS_LOOKED_UP);
    }
    looked_at
}

/// Adds the words that were not looked up wherever they occur.
pub fn note_skipped(
    skipped: &mut BTreeSet<String>,
    words: &[String],
    occurrences: &[usize],
    looked_at: &[usize],
) {
    let counts = occurrences.iter().zip(looked_at);
    for (word, (occurrences, looked_at)) in words.iter().zip(counts) {
        if looked_at < occurrences && !skipped.contains(word) {
            skipped.insert(word.clone());
        }
    }
}

/// An entry with its score; the greatest is the worst, which is the first to leave the heap.
struct Scored {
    entry: usize,
    score: f64,
}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&self.score);
        by_score.then(self.entry.cmp(&other.entry))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Scored {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Scored {}

/// The entries with the highest scores, at most `most` of them, best first; of equal ones the earlier first.
pub fn best(scores: impl IntoIterator<Item = (usize, f64)>, most: usize) -> Vec<(usize, f64)> {
    let mut heap = BinaryHeap::with_capacity(most + 1);
    for (entry, score) in scores {
        heap.push(Scored { entry, score });
        if heap.len() > most {
            heap.pop();
        }
    }
    let best = heap.into_sorted_vec().into_iter();
    best.map(|scored| (scored.entry, scored.score)).collect()
}

/// Scores of entries, and which have one.
pub struct Scores {
    all: Vec<f64>,
    found: Vec<usize>,
}

impl Scores {
    pub fn new(entries: usize) -> Self {
        Self {
            all: vec![0.0; entries],
            found: Vec::new(),
        }
    }

    /// Adds to an entry's score; `more` is greater than zero.
    pub fn add(&mut self, entry: usize, more: f64) {
        if self.all[entry] == 0.0 {
            self.found.push(entry);
        }
        self.all[entry] += more;
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Every entry that has a score.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.found.iter().map(|entry| (*entry, self.all[*entry]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn common_words_are_not_looked_up() {
        assert_eq!(looked_at(&[999, 5, 0], 1_000), [999, 5, 0]);
        assert_eq!(looked_at(&[2_000, 5], 20_000), [0, 5]);
        assert_eq!(looked_at(&[2_000, 5], 20_001), [2_000, 5]);
        assert_eq!(looked_at(&[9_000, 8_000], 9_000), [0, ALWAYS_LOOKED_UP]);
        assert_eq!(looked_at(&[], 9_000), Vec::<usize>::new());
    }

    #[test]
    fn occurrences_for_one_claim_are_bounded() {
        let counts = vec![30_000; 20];
        let looked_at = looked_at(&counts, 10_000_000);
        assert_eq!(looked_at.iter().sum::<usize>(), 90_000);
        let mut skipped = BTreeSet::new();
        let words: Vec<String> = (0..20).map(|number| format!("w{number}")).collect();
        note_skipped(&mut skipped, &words, &counts, &looked_at);
        assert_eq!(skipped.len(), 17);
    }

    proptest! {
        #[test]
        fn the_heap_gives_what_sorting_gives(scores in prop::collection::vec(0_u8..6, 0..60), most in 0_usize..12) {
            let scores: Vec<(usize, f64)> = scores.into_iter().map(f64::from).enumerate().collect();
            let mut sorted = scores.clone();
            sorted.sort_by(|(one, this), (other, that)| that.total_cmp(this).then(one.cmp(other)));
            sorted.truncate(most);
            prop_assert_eq!(best(scores, most), sorted);
        }
    }
}
