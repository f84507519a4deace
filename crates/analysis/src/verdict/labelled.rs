//! Labelled claims as they stand in a file: a claim, its evidence, what the evidence says of it. For fitting and
//! measuring only; nothing that serves anybody reads them.

use serde::Deserialize;

use crate::engine::Passage;
use crate::evidence::Index;
use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;

/// One labelled claim.
#[derive(Debug, Clone, Deserialize)]
pub struct Labelled {
    pub id: String,
    pub dataset: String,
    pub claim: String,
    pub evidence: Vec<Document>,
    pub label: Verdict,
}

/// A text of its evidence.
#[derive(Debug, Clone, Deserialize)]
pub struct Document {
    #[serde(default)]
    pub title: String,
    pub text: String,
}

/// Reads one labelled claim a line.
pub fn read(lines: &str) -> Result<Vec<Labelled>, serde_json::Error> {
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(serde_json::from_str)
        .collect()
}

impl Labelled {
    /// Its evidence as the analysis sees sources.
    pub fn sources(&self) -> Vec<Source> {
        self.evidence
            .iter()
            .enumerate()
            .map(|(number, document)| Source {
                id: format!("s{}", number + 1),
                kind: SourceKind::Attachment,
                name: format!("evidence-{}.txt", number + 1),
                title: (!document.title.is_empty()).then(|| document.title.clone()),
                url: None,
                publisher: None,
                published_at: None,
                retrieved_at: Timestamp(0),
                sha256: String::new(),
                text: Text::new(document.text.clone()),
                language: Some("en".to_owned()),
                places: Vec::new(),
                records: Vec::new(),
                layouts: Vec::new(),
                read: None,
                unread: Vec::new(),
            })
            .collect()
    }

    /// The passages that the analysis would weigh, handed to `then`.
    pub fn with_passages<T>(&self, then: impl FnOnce(&[Passage<'_>]) -> T) -> T {
        let sources = self.sources();
        then(&Index::new(&sources).passages(&self.claim))
    }
}
