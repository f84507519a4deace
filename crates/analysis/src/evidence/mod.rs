//! Sources cut into passages, and the passages that are about a claim (BM25 over stems, with the heading and the
//! sentence before as context). It must not know what a passage says of a claim.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

mod candidates;
mod lookup;
mod query;
mod records;

pub use candidates::{Candidate, candidates};
pub use lookup::MAX_OCCURRENCES;
use lookup::{Scores, best, looked_at, note_skipped};
use records::Records;

use crate::engine::Passage;
use crate::language::lines::Kind;
use crate::language::real;
use crate::language::sentences::sentences;
use crate::language::words::{Word, words};
use clara_domain::evidence::Source;

/// How many passages a claim is weighed against.
pub const PASSAGES: usize = 8;
/// BM25: how soon repeating a word stops counting.
const SATURATION: f64 = 1.2;
/// BM25: how much a long passage is held back.
const LENGTH: f64 = 0.5;
/// What a word counts that stands in the heading or the sentence before, not in the passage itself.
const CONTEXT: f64 = 0.4;
/// A heading names a subject and says little of it.
const HEADING: f64 = 0.5;

/// A first line of so few words is taken for the title of a source.
const TITLE_WORDS: usize = 12;

/// How many sentences before a passage are kept for what its pronouns stand for.
const MAX_BEFORE: usize = 3;

/// What stands before a passage where words were left out: no subject of the source's that a pronoun could stand for.
pub(crate) const UNREAD_WORDS: &str = "Words that could not be read were left out.";

struct Entry {
    source: usize,
    bytes: Range<usize>,
    /// The source's first line, where it is short enough to be its title.
    first: Option<Range<usize>>,
    heading: Option<Range<usize>>,
    /// The sentences before it in its section, nearest first.
    before: Vec<Range<usize>>,
    /// Before these, words were left out.
    is_after_gap: bool,
    length: f64,
    heads: bool,
    /// Names a subject and says nothing of it: context, never evidence.
    silent: bool,
}

struct Posting {
    entry: usize,
    count: f64,
}

/// All passages of an analysis, ready to be asked.
pub struct Index<'a> {
    sources: Vec<&'a Source>,
    entries: Vec<Entry>,
    postings: HashMap<String, Vec<Posting>>,
    average: f64,
    records: Records<'a>,
    /// The words of claims that were not looked up wherever they occur.
    skipped: Mutex<BTreeSet<String>>,
}

impl<'a> Index<'a> {
    /// Cuts the sources and remembers which passage holds which stem.
    pub fn new(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let mut index = Self {
            sources: sources.into_iter().collect(),
            entries: Vec::new(),
            postings: HashMap::new(),
            average: 1.0,
            records: Records::default(),
            skipped: Mutex::default(),
        };
        for number in 0..index.sources.len() {
            index.add(number);
            index.records.add(index.sources[number]);
        }
        let total: f64 = index.entries.iter().map(|entry| entry.length).sum();
        index.average = (total / real(index.entries.len().max(1))).max(1.0);
        index
    }

    fn add(&mut self, number: usize) {
        let source = self.sources[number];
        let text = source.text.as_str();
        let title: Vec<Word> = source.title.as_deref().map(words).unwrap_or_default();
        let mut heading: Option<Range<usize>> = None;
        let mut before: Vec<Range<usize>> = Vec::new();
        let mut first: Option<Range<usize>> = None;
        let mut opening = true;
        let covered = covered(source);
        let mut gaps = source.gaps().peekable();
        let mut is_after_gap = false;
        for sentence in sentences(text) {
            while gaps.next_if(|gap| *gap <= sentence.bytes.start).is_some() {
                (first, heading, is_after_gap) = (None, None, true);
                before.clear();
            }
            // A row or an object is read as a record, not as a sentence.
            if is_covered(&covered, &sentence.bytes) {
                continue;
            }
            let own = words(&text[sentence.bytes.clone()]);
            let is_title = is_title_line(&text[sentence.bytes.clone()], &own);
            let is_heading = sentence.kind == Kind::Heading || is_title;
            let own_words = own.len();
            let mut counts: HashMap<String, f64> = HashMap::new();
            let around = first
                .iter()
                .chain(&heading)
                .chain(before.first())
                .flat_map(|bytes| words(&text[bytes.clone()]));
            for word in around
                .chain(title.iter().cloned())
                .filter(|word| !word.stop)
            {
                counts.insert(word.stem, CONTEXT);
            }
            let mut length = 0.0;
            for word in own.into_iter().filter(|word| !word.stop) {
                let count = counts.entry(word.stem).or_default();
                *count = if *count < 1.0 { 1.0 } else { *count + 1.0 };
                length += 1.0;
            }
            for (stem, count) in counts {
                self.postings.entry(stem).or_default().push(Posting {
                    entry: self.entries.len(),
                    count,
                });
            }
            self.entries.push(Entry {
                source: number,
                bytes: sentence.bytes.clone(),
                first: first.clone(),
                heading: heading.clone(),
                before: before.clone(),
                is_after_gap,
                length,
                heads: is_heading,
                silent: is_title,
            });
            if first.is_none() && opening && own_words <= TITLE_WORDS {
                first = Some(sentence.bytes.clone());
            }
            opening = false;
            if is_heading {
                heading = Some(sentence.bytes);
                before.clear();
            } else {
                before.insert(0, sentence.bytes);
                before.truncate(MAX_BEFORE);
            }
        }
    }

    /// How many passages there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The passages that are most about the claim, best first; equal ones in the order of the sources.
    pub fn passages(&self, claim: &str) -> Vec<Passage<'a>> {
        let mut stems: Vec<String> = words(claim)
            .into_iter()
            .filter(|word| !word.stop)
            .map(|word| word.stem)
            .collect();
        stems.sort_unstable();
        stems.dedup();
        let postings: Vec<&[Posting]> = stems
            .iter()
            .map(|stem| self.postings.get(stem).map_or(&[][..], Vec::as_slice))
            .collect();
        let occurrences: Vec<usize> = postings.iter().map(|postings| postings.len()).collect();
        let looked_at = looked_at(&occurrences, self.entries.len());
        let mut skipped = self.skipped();
        note_skipped(&mut skipped, &stems, &occurrences, &looked_at);
        let mut scores = Scores::new(self.entries.len());
        let mut ideal = 0.0;
        for (postings, looked_at) in postings.into_iter().zip(looked_at) {
            let weight = self.rarity(postings.len());
            // A word that is nowhere is missed; one that is everywhere is not.
            if looked_at > 0 || postings.is_empty() {
                ideal += weight;
            }
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
        best(ranked, PASSAGES)
            .into_iter()
            .map(|(entry, score)| {
                self.passage(
                    entry,
                    (score / ideal.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0),
                )
            })
            .collect()
    }

    /// The rows and objects that name most of what the claim names, in the order of the sources.
    pub fn records(&self, claim: &str) -> Vec<Passage<'a>> {
        let mut skipped = self.skipped();
        self.records.named_by(claim, &mut skipped)
    }

    /// How many words of the claims so far were not looked up wherever they occur.
    pub fn skipped_words(&self) -> usize {
        self.skipped().len()
    }

    fn skipped(&self) -> MutexGuard<'_, BTreeSet<String>> {
        // Words are only ever added, so that a set that a panic left behind is a good one.
        self.skipped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rarity(&self, holders: usize) -> f64 {
        rarity(self.entries.len(), holders)
    }

    fn passage(&self, entry: usize, relevance: f64) -> Passage<'a> {
        let entry = &self.entries[entry];
        let source = self.sources[entry.source];
        let text = source.text.as_str();
        let titles = source
            .title
            .as_deref()
            .into_iter()
            .chain(
                entry
                    .first
                    .iter()
                    .chain(&entry.heading)
                    .map(|bytes| &text[bytes.clone()]),
            )
            .collect();
        Passage {
            source,
            span: source.text.span_of(entry.bytes.clone()),
            text: &text[entry.bytes.clone()],
            titles,
            before: entry
                .before
                .iter()
                .map(|bytes| &text[bytes.clone()])
                .chain(entry.is_after_gap.then_some(UNREAD_WORDS))
                .collect(),
            record: None,
            relevance,
        }
    }
}

/// How much a word says that so many of all passages hold.
fn rarity(all: usize, holders: usize) -> f64 {
    let (all, holders) = (real(all), real(holders));
    (1.0 + (all - holders + 0.5) / (holders + 0.5)).ln()
}

/// The stretches of a source that its records cover, in bytes, ascending and apart.
fn covered(source: &Source) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for record in &source.records {
        let bytes = source.text.byte_of(record.span.start)..source.text.byte_of(record.span.end);
        match found.last_mut() {
            Some(last) if bytes.start <= last.end => last.end = last.end.max(bytes.end),
            _ => found.push(bytes),
        }
    }
    found
}

fn is_covered(covered: &[Range<usize>], bytes: &Range<usize>) -> bool {
    let after = covered.partition_point(|range| range.end <= bytes.start);
    covered
        .get(after)
        .is_some_and(|range| range.start < bytes.end)
}

/// A line that is a heading without being marked as one: short, no full stop, no verb.
fn is_title_line(content: &str, words: &[Word]) -> bool {
    words.len() <= 10
        && !content.ends_with(['.', '!', '?', ';', ':', ',', '"', '”', ')'])
        && !content.contains(": ")
        && !words
            .iter()
            .any(|word| crate::language::lexicon::is_verb(&word.lower))
}

#[cfg(test)]
mod tests;
