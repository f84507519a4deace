//! The rows and objects of the sources, found by what a claim names.

use std::collections::{BTreeSet, HashMap, HashSet};

use clara_domain::evidence::{Record, Source};
use clara_domain::text::Span;

use super::lookup::{Scores, best, looked_at, note_skipped};
use super::{CONTEXT, rarity};
use crate::engine::Passage;
use crate::language::share;
use crate::language::words::words;
use crate::statement::Sentence;

/// More records than this, named alike, name nothing.
const MAX_RECORDS: usize = 40;
/// The longest record that is quoted whole, in characters.
const MAX_QUOTE: usize = 300;
/// Sources with at most so many records are looked through even where the claim names none of their values.
const FEW_RECORDS: usize = 12;

/// All records of an analysis, by the stems of their values.
#[derive(Default)]
pub(super) struct Records<'a> {
    entries: Vec<(&'a Source, usize)>,
    postings: HashMap<String, Vec<usize>>,
}

impl<'a> Records<'a> {
    /// Adds the records of a source.
    pub fn add(&mut self, source: &'a Source) {
        let mut known: HashMap<&str, Vec<String>> = HashMap::new();
        for (number, record) in source.records.iter().enumerate() {
            let entry = self.entries.len();
            self.entries.push((source, number));
            let mut stems: HashSet<String> = HashSet::new();
            stems_of(source, record, &mut known, &mut stems);
            for stem in stems {
                self.postings.entry(stem).or_default().push(entry);
            }
        }
    }

    /// The records whose values name most of the words and dates of the claim; those that were not looked up wherever they
    /// occur are put into `skipped`.
    pub fn named_by(&self, claim: &str, skipped: &mut BTreeSet<String>) -> Vec<Passage<'a>> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let mut stems: Vec<String> = wanted(claim).into_iter().collect();
        stems.sort_unstable();
        let postings: Vec<&[usize]> = stems
            .iter()
            .map(|stem| self.postings.get(stem).map_or(&[][..], Vec::as_slice))
            .collect();
        let occurrences: Vec<usize> = postings.iter().map(|postings| postings.len()).collect();
        let looked_at = looked_at(&occurrences, self.entries.len());
        note_skipped(skipped, &stems, &occurrences, &looked_at);
        let mut scores = Scores::new(self.entries.len());
        for (postings, looked_at) in postings.into_iter().zip(looked_at) {
            for entry in &postings[..looked_at] {
                scores.add(*entry, 1.0);
            }
        }
        // Those that name less may be what a comparison needs.
        let found = if scores.is_empty() && self.entries.len() <= FEW_RECORDS {
            best(
                (0..self.entries.len()).map(|entry| (entry, 0.0)),
                MAX_RECORDS,
            )
        } else {
            best(scores.iter(), MAX_RECORDS)
        };
        found
            .into_iter()
            .filter_map(|(entry, _)| self.passage(entry))
            .collect()
    }

    /// The records whose values, or the names of whose columns, hold most of the weighted stems, best first.
    pub fn about(&self, stems: &[(String, f64)], most: usize) -> Vec<Passage<'a>> {
        let postings: Vec<&[usize]> = stems
            .iter()
            .map(|(stem, _)| self.postings.get(stem).map_or(&[][..], Vec::as_slice))
            .collect();
        let occurrences: Vec<usize> = postings.iter().map(|postings| postings.len()).collect();
        let looked_at = looked_at(&occurrences, self.entries.len());
        let mut scores = Scores::new(self.entries.len());
        let mut ideal = 0.0;
        let mut weights = Vec::with_capacity(stems.len());
        for ((postings, looked_at), (_, factor)) in postings.into_iter().zip(looked_at).zip(stems) {
            let weight = factor * rarity(self.entries.len(), postings.len());
            weights.push(weight);
            ideal += weight;
            for entry in &postings[..looked_at] {
                scores.add(*entry, weight);
            }
        }
        // The names of columns are the same for every record of a table, so that they are read once a table.
        let mut names: HashMap<(*const Source, usize), f64> = HashMap::new();
        let ranked: Vec<(usize, f64)> = scores
            .iter()
            .map(|(entry, score)| {
                let (source, number) = self.entries[entry];
                let layout = source.records[number].layout;
                let by_its_columns = *names
                    .entry((std::ptr::from_ref(source), layout))
                    .or_insert_with(|| named(source, layout, stems, &weights));
                (entry, score + CONTEXT * by_its_columns)
            })
            .collect();
        best(ranked, most)
            .into_iter()
            .filter_map(|(entry, score)| {
                let mut passage = self.passage(entry)?;
                passage.relevance = share(score, ideal).clamp(0.0, 1.0);
                Some(passage)
            })
            .collect()
    }

    fn passage(&self, entry: usize) -> Option<Passage<'a>> {
        let (source, number) = self.entries[entry];
        let record = &source.records[number];
        let span = quoted(source, record);
        let text = source.text.slice(span);
        if text.trim().is_empty() {
            return None;
        }
        let layout = source.layouts.get(record.layout)?;
        Some(Passage {
            source,
            span,
            text,
            titles: source
                .title
                .as_deref()
                .into_iter()
                .chain(layout.under.iter().map(String::as_str))
                .collect(),
            before: Vec::new(),
            record: Some(number),
            relevance: 1.0,
        })
    }
}

/// How much of the stems' weight the names of a table's columns hold.
fn named(source: &Source, layout: usize, stems: &[(String, f64)], weights: &[f64]) -> f64 {
    let Some(layout) = source.layouts.get(layout) else {
        return 0.0;
    };
    let given: HashSet<String> = layout
        .names
        .iter()
        .chain(&layout.under)
        .flat_map(|name| words(name))
        .map(|word| word.stem)
        .collect();
    let held = stems.iter().zip(weights);
    held.filter(|((stem, _), _)| given.contains(stem))
        .map(|(_, weight)| weight)
        .sum()
}

/// What is quoted for a record: the whole of it, or what stands before its first inner object.
fn quoted(source: &Source, record: &Record) -> Span {
    if record.span.len() <= MAX_QUOTE {
        return record.span;
    }
    let last = record
        .fields
        .iter()
        .map(|field| field.value.end)
        .max()
        .unwrap_or(record.span.start);
    let first = record
        .fields
        .iter()
        .map(|field| field.value.start)
        .min()
        .unwrap_or(record.span.start);
    let end = last
        .min(record.span.start + MAX_QUOTE)
        .max(record.span.start + 1)
        .min(source.text.len());
    if first < end {
        Span::new(record.span.start, end)
    } else {
        Span::new(first, last.min(first + MAX_QUOTE))
    }
}

/// The stems of a record's values and of the objects around it. Values that were met before are in `known`: a table says the
/// same names over and over.
fn stems_of<'a>(
    source: &'a Source,
    record: &'a Record,
    known: &mut HashMap<&'a str, Vec<String>>,
    stems: &mut HashSet<String>,
) {
    for field in &record.fields {
        let value = source.text.slice(field.value);
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            stems.insert(value.to_owned());
            continue;
        }
        let read = known
            .entry(value)
            .or_insert_with(|| words(value).into_iter().map(|word| word.stem).collect());
        stems.extend(read.iter().cloned());
    }
    if let Some(parent) = record.parent.and_then(|parent| source.records.get(parent)) {
        stems_of(source, parent, known, stems);
    }
}

/// The words and dates that name what the claim is about: not its amounts, which are what is to be checked.
fn wanted(claim: &str) -> HashSet<String> {
    let sentence = Sentence::new(claim);
    let mut taken = vec![false; sentence.tokens.len()];
    for quantity in &sentence.quantities {
        taken[quantity.tokens.clone()].fill(true);
    }
    words(claim)
        .into_iter()
        .filter(|word| !word.stop)
        .filter(|word| {
            !sentence.tokens.iter().enumerate().any(|(at, token)| {
                taken[at]
                    && token.bytes.start <= word.bytes.start
                    && word.bytes.start < token.bytes.end
            })
        })
        .map(|word| word.stem)
        .collect()
}
