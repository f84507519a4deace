//! Claims with their evidence as tests write them.

use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;

/// One labelled claim.
#[derive(Debug, Clone)]
pub struct Labelled {
    pub id: String,
    pub dataset: String,
    pub claim: String,
    pub evidence: Vec<Document>,
    pub label: Verdict,
}

/// A text of its evidence.
#[derive(Debug, Clone)]
pub struct Document {
    pub title: String,
    pub text: String,
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
}
