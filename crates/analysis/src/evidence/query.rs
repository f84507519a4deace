//! Passages for a query rather than for a claim: as many as are asked for, and rows and objects ranked with the sentences.

use super::lookup::{Scores, best, looked_at};
use super::{HEADING, Index, LENGTH, Posting, SATURATION};
use crate::engine::Passage;
use crate::language::share;

impl<'a> Index<'a> {
    /// The passages that hold most of the weighted stems, best first, at most `most` of them. Their relevance is the share of
    /// the stems' weight that they hold.
    pub fn about(&self, stems: &[(String, f64)], most: usize) -> Vec<Passage<'a>> {
        let mut found = self.sentences_about(stems, most);
        found.extend(self.records.about(stems, most));
        // Equal ones stay in the order of the sources: sentences first.
        found.sort_by(|one, other| other.relevance.total_cmp(&one.relevance));
        found.truncate(most);
        found
    }

    fn sentences_about(&self, stems: &[(String, f64)], most: usize) -> Vec<Passage<'a>> {
        let postings: Vec<&[Posting]> = stems
            .iter()
            .map(|(stem, _)| self.postings.get(stem).map_or(&[][..], Vec::as_slice))
            .collect();
        let occurrences: Vec<usize> = postings.iter().map(|postings| postings.len()).collect();
        let looked_at = looked_at(&occurrences, self.entries.len());
        let mut scores = Scores::new(self.entries.len());
        let mut ideal = 0.0;
        for ((postings, looked_at), (_, factor)) in postings.into_iter().zip(looked_at).zip(stems) {
            let weight = factor * self.rarity(postings.len());
            ideal += weight;
            for posting in &postings[..looked_at] {
                let entry = &self.entries[posting.entry];
                let norm = SATURATION * (1.0 - LENGTH + LENGTH * entry.length / self.average);
                let score = weight * posting.count * (1.0 + SATURATION) / (posting.count + norm);
                scores.add(posting.entry, score);
            }
        }
        let ranked = scores
            .iter()
            .filter(|(entry, _)| !self.entries[*entry].silent)
            .map(|(entry, score)| {
                let factor = if self.entries[entry].heads {
                    HEADING
                } else {
                    1.0
                };
                (entry, factor * score)
            });
        best(ranked, most)
            .into_iter()
            .map(|(entry, score)| self.passage(entry, share(score, ideal).clamp(0.0, 1.0)))
            .collect()
    }
}
