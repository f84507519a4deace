//! Passages of an analysis' sources by a query: how a long report is read by asking. Words are only words: a query has no
//! operators. It knows no task and no caller.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::material::Material;
use crate::report::ReportedClaim;

/// The longest query, in characters.
pub const MAX_QUERY_CHARACTERS: usize = 500;
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
    /// Which row of its table or list it is, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// The name of the column or member whose value names most of the query.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// 0 to 1, with two decimals: how much of the query, by rarity, the passage holds.
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

/// The sources of an analysis, ready to be asked again and again.
pub struct Searcher {
    material: Arc<Material>,
}

impl Searcher {
    /// Cuts the sources into passages; the costly part, worth being kept.
    pub fn new(material: Arc<Material>) -> Self {
        Self { material }
    }

    /// What is searched.
    pub fn material(&self) -> &Material {
        &self.material
    }

    /// The passages that hold most of the query's words, best first. A claim's own words are looked for too, with less
    /// weight than the query's.
    pub fn search(
        &self,
        _query: &str,
        _claim: Option<&ReportedClaim>,
        _limit: usize,
    ) -> Result<Vec<FoundPassage>, QueryError> {
        Ok(Vec::new())
    }
}
