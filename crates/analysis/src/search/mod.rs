//! Passages of an analysis' sources by a query: how a long report is read by asking. Words are only words: a query has no
//! operators. It knows no task and no caller.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use clara_domain::evidence::{Field, Record, Source};

use crate::engine::Passage;
use crate::evidence::Index;
use crate::language::words::words;
use crate::material::Material;
use crate::report::ReportedClaim;
use crate::verdict::decide::rounded;

/// The longest query, in characters.
pub const MAX_QUERY_CHARACTERS: usize = 500;
/// What a word counts that only the claim has, not the query.
const CLAIM_WEIGHT: f64 = 0.4;
/// The most passages of one answer.
pub const MAX_PASSAGES: usize = 20;

/// A stretch of a source that a query found: exactly what stands there (code points).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundPassage {
    /// The source's `id`.
    pub source: String,
    pub text: String,
    pub start: usize,
    pub end: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// What its part of the file is called, where that is no page: `slide 4`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Which row of its table or list it is, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The name of the column or member whose value names most of the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// 0 to 1, with two decimals: how much of the query the passage holds; rare words count more.
    pub score: f64,
}

/// Why nothing was searched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error(
        "The query names nothing to look for. Send a few words that the passage should hold, for example \"main span metres\"."
    )]
    Empty,
    #[error(
        "The query has {characters} characters; at most {MAX_QUERY_CHARACTERS} are taken. Send the words that matter."
    )]
    TooLong { characters: usize },
    #[error("limit is {limit}; from 1 to {MAX_PASSAGES} passages are given.")]
    Limit { limit: usize },
}

type IndexOf<'m> = Index<'m>;

self_cell::self_cell!(
    /// Material with its index, which borrows from it.
    struct Indexed {
        owner: Arc<Material>,
        #[covariant]
        dependent: IndexOf,
    }
);

/// The sources of an analysis, ready to be asked again and again, by several callers at once.
pub struct Searcher {
    indexed: Indexed,
}

impl Searcher {
    /// Cuts the sources into passages; the costly part, worth being kept.
    pub fn new(material: Arc<Material>) -> Self {
        Self {
            indexed: Indexed::new(material, |material| Index::new(&material.sources)),
        }
    }

    /// What is searched.
    pub fn material(&self) -> &Material {
        self.indexed.borrow_owner()
    }

    /// The passages that hold most of the query's words, best first; none where no passage holds one. A claim's own words
    /// are looked for too, with less weight than the query's.
    pub fn search(
        &self,
        query: &str,
        claim: Option<&ReportedClaim>,
        limit: usize,
    ) -> Result<Vec<FoundPassage>, QueryError> {
        let characters = query.chars().count();
        if characters > MAX_QUERY_CHARACTERS {
            return Err(QueryError::TooLong { characters });
        }
        if !(1..=MAX_PASSAGES).contains(&limit) {
            return Err(QueryError::Limit { limit });
        }
        let stems = weighted(query, claim);
        if stems.is_empty() {
            return Err(QueryError::Empty);
        }
        let found = self.indexed.borrow_dependent().about(&stems, limit);
        Ok(found
            .into_iter()
            .map(|passage| found_passage(&passage, &stems))
            .collect())
    }
}

/// The stems that are looked for, each once; none where the query has only words such as `the` and `was`.
fn weighted(query: &str, claim: Option<&ReportedClaim>) -> Vec<(String, f64)> {
    let stems_of = |text: &str, weight: f64| -> Vec<(String, f64)> {
        let said = words(text).into_iter().filter(|word| !word.stop);
        said.map(|word| (word.stem, weight)).collect()
    };
    let own = stems_of(query, 1.0);
    if own.is_empty() {
        return own;
    }
    let of_claim = claim
        .map(|claim| claim.standalone.as_deref().unwrap_or(&claim.text))
        .map(|text| stems_of(text, CLAIM_WEIGHT))
        .unwrap_or_default();
    let mut stems: Vec<(String, f64)> = Vec::new();
    for (stem, weight) in own.into_iter().chain(of_claim) {
        if !stems.iter().any(|(known, _)| *known == stem) {
            stems.push((stem, weight));
        }
    }
    stems
}

fn found_passage(passage: &Passage<'_>, stems: &[(String, f64)]) -> FoundPassage {
    let source = passage.source;
    let (page, seconds) = source.place_of(passage.span.start);
    let record = passage.record.and_then(|number| source.records.get(number));
    FoundPassage {
        source: source.id.clone(),
        text: passage.text.to_owned(),
        start: passage.span.start,
        end: passage.span.end,
        page,
        seconds,
        place: source.place_label(passage.span.start, None),
        row: record.and_then(|record| record.row),
        column: record.and_then(|record| column(source, record, stems)),
        score: rounded(passage.relevance),
    }
}

/// The column whose value holds most of the query; nothing where none does.
fn column(source: &Source, record: &Record, stems: &[(String, f64)]) -> Option<String> {
    let held = |field: &Field| {
        words(source.text.slice(field.value))
            .iter()
            .filter(|word| stems.iter().any(|(stem, _)| *stem == word.stem))
            .count()
    };
    // The first of those that hold most.
    let field = record.fields.iter().rev().max_by_key(|field| held(field))?;
    let name = source.name_of(record, *field);
    (held(field) > 0 && !name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests;
