//! Labelled claims, and what was said of them.

use std::error::Error;
use std::path::{Path, PathBuf};

use clara_analysis::attachments::read_here;
use clara_analysis::engine::builtin::Builtin;
use clara_analysis::engine::spending::ModelUsage;
use clara_analysis::material::Material;
use clara_analysis::pipeline::{Control, weigh};
use clara_analysis::report::{EngineInfo, Milliseconds, Report, ReportInput, build, verify};
use clara_domain::clock::Timestamp;
use clara_domain::evidence::{Source, SourceKind};
use clara_domain::text::Text;
use clara_domain::verdict::Verdict;
use serde::{Deserialize, Serialize};

/// A labelled claim with its source.
#[derive(Deserialize)]
pub struct Row {
    claim: String,
    label: Verdict,
    #[serde(default)]
    dataset: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    evidence: Vec<Evidence>,
    text: Option<String>,
    document: Option<String>,
    /// The file's name and the line: what a later run knows it by.
    #[serde(skip)]
    pub key: String,
    #[serde(skip)]
    folder: PathBuf,
}

#[derive(Deserialize)]
struct Evidence {
    #[serde(default)]
    title: String,
    text: String,
}

/// What was said of a row.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    pub key: String,
    pub group: String,
    pub label: Verdict,
    pub said: Verdict,
    pub confidence: f64,
    /// Whether a model gave the verdict.
    pub by_model: bool,
    pub usage: Option<ModelUsage>,
}

/// What a report says of the row's claims together.
#[derive(Debug, Clone, Copy)]
pub struct RowVerdict {
    verdict: Verdict,
    confidence: f64,
    by_model: bool,
}

impl Outcome {
    pub fn new(row: &Row, said: RowVerdict, usage: Option<ModelUsage>) -> Self {
        let group = if row.dataset.is_empty() {
            format!("everyday {}", row.kind)
        } else {
            row.dataset.clone()
        };
        Self {
            key: row.key.clone(),
            group,
            label: row.label,
            said: said.verdict,
            confidence: said.confidence,
            by_model: said.by_model,
            usage,
        }
    }

    pub fn is_decided(&self) -> bool {
        self.said != Verdict::NotEnoughEvidence
    }

    pub fn is_right(&self) -> bool {
        self.said == self.label
    }
}

/// The rows of all files, in their order.
pub fn read_rows(files: &[PathBuf]) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let folder = file.parent().unwrap_or(Path::new(".")).join("documents");
        for (line, text) in std::fs::read_to_string(file)?.lines().enumerate() {
            if text.trim().is_empty() {
                continue;
            }
            let mut row: Row = serde_json::from_str(text)?;
            row.key = format!("{name}:{}", line + 1);
            row.folder.clone_from(&folder);
            rows.push(row);
        }
    }
    Ok(rows)
}

impl Row {
    /// What the builtin engine says, with the texts that it says it of.
    pub fn report(&self) -> Result<(Report, Material), Box<dyn Error>> {
        let submission = source(
            Source::SUBMISSION,
            Source::SUBMISSION,
            SourceKind::Submission,
            &self.claim,
        );
        let sources = self.sources()?;
        let weighed = weigh(&submission, &sources, &Builtin, Control::NONE);
        let report = build(ReportInput {
            submission: &submission,
            sources: &sources,
            judged: weighed.claims,
            not_checked: weighed.not_checked,
            queries: Vec::new(),
            limits: Vec::new(),
            engine: EngineInfo {
                name: "builtin".to_owned(),
                version: String::new(),
                model: None,
                judge: None,
            },
            milliseconds: Milliseconds::default(),
        });
        verify(&report, &submission, &sources).map_err(|broken| broken.join("; "))?;
        Ok((
            report,
            Material {
                submission,
                sources,
            },
        ))
    }

    fn sources(&self) -> Result<Vec<Source>, Box<dyn Error>> {
        let attached = |name: &str, bytes: &[u8]| {
            let reading = read_here(name, bytes);
            Source {
                title: reading.title,
                records: reading.records,
                layouts: reading.layouts,
                places: reading.places,
                unread: reading.unread,
                ..source("s1", name, SourceKind::Attachment, &reading.text)
            }
        };
        if let Some(document) = &self.document {
            let bytes = std::fs::read(self.folder.join(document))?;
            return Ok(vec![attached(document, &bytes)]);
        }
        if let Some(text) = &self.text {
            return Ok(vec![attached("text.txt", text.as_bytes())]);
        }
        let numbered = self.evidence.iter().enumerate();
        Ok(numbered
            .map(|(number, evidence)| Source {
                title: (!evidence.title.is_empty()).then(|| evidence.title.clone()),
                ..source(
                    &format!("s{}", number + 1),
                    "evidence.txt",
                    SourceKind::Attachment,
                    &evidence.text,
                )
            })
            .collect())
    }
}

fn source(id: &str, name: &str, kind: SourceKind, text: &str) -> Source {
    Source {
        id: id.to_owned(),
        kind,
        name: name.to_owned(),
        title: None,
        url: None,
        publisher: None,
        published_at: None,
        retrieved_at: Timestamp(0),
        sha256: String::new(),
        text: Text::new(text),
        language: None,
        places: Vec::new(),
        records: Vec::new(),
        layouts: Vec::new(),
        read: None,
        unread: Vec::new(),
    }
}

/// A row whose sentence fell into several claims is what the worst of them is.
pub fn said(report: &Report) -> RowVerdict {
    let order = [
        Verdict::Refuted,
        Verdict::Conflicting,
        Verdict::NotEnoughEvidence,
        Verdict::Supported,
    ];
    let worst = report
        .claims
        .iter()
        .min_by_key(|claim| order.iter().position(|verdict| *verdict == claim.verdict));
    let confidences = report.claims.iter().map(|claim| claim.confidence);
    RowVerdict {
        verdict: worst.map_or(Verdict::NotEnoughEvidence, |claim| claim.verdict),
        confidence: confidences.fold(1.0, f64::min),
        by_model: worst.is_some_and(|claim| claim.judged_by.is_some()),
    }
}
