//! The settings of analyses: how many run at once, what is asked for evidence, and how files are read.

use super::setting::{Given, SettingsError};

/// Whether the process that reads attachments must be confined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confinement {
    Required,
    /// What it reads is the operator's own.
    WherePossible,
}

pub(super) fn workers(given: Given<'_>) -> Result<usize, SettingsError> {
    if given.is_missing() {
        return Ok(std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    }
    given.number(0, 256)
}

pub(super) fn confinement(given: Given<'_>) -> Result<Confinement, SettingsError> {
    Ok(if given.switch()? {
        Confinement::WherePossible
    } else {
        Confinement::Required
    })
}

/// The sources that `runtime.md` names; those that this version cannot ask are named in each report's limits.
const EVIDENCE_SOURCES: [&str; 11] = [
    "none",
    "wikipedia",
    "wikidata",
    "searxng",
    "brave",
    "tavily",
    "factcheck",
    "crossref",
    "openalex",
    "pubmed",
    "folder",
];

pub(super) fn evidence_sources(given: Given<'_>) -> Result<Vec<String>, SettingsError> {
    let raw = given.text();
    let mut sources = Vec::new();
    for part in raw.split(',').map(str::trim) {
        let name = part.split('=').next().unwrap_or_default();
        if !EVIDENCE_SOURCES.contains(&name) {
            let takes = format!(
                "takes some of {}, comma-separated",
                EVIDENCE_SOURCES.join(", ")
            );
            return Err(given.got(name, &takes));
        }
        if name != "none" {
            sources.push(name.to_owned());
        }
    }
    Ok(sources)
}
