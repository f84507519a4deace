//! What is kept of an analysis for what comes after it: the submitted text and the sources' texts with their places, records
//! and layouts. Judging and searching need nothing else. It knows no task, and not how long anything is kept.

mod stored;
#[cfg(test)]
mod tests;

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use clara_domain::evidence::Source;

use stored::{Stored, StoredRef};

/// The form that [`Material::to_bytes`] writes. Another number is refused: sources are kept for hours, not for years.
pub const MATERIAL_VERSION: u8 = 1;
/// What comes first in the bytes, before the version.
const MARK: &[u8] = b"clara-material";
/// No material unpacks to more: the longest texts of six sources, escaped, with their records.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// The texts of a finished analysis.
#[derive(Debug, Clone)]
pub struct Material {
    /// The submitted text; its id is [`Source::SUBMISSION`].
    pub submission: Source,
    /// In the order of the report.
    pub sources: Vec<Source>,
}

/// Why bytes are no material.
#[derive(Debug, thiserror::Error)]
pub enum MaterialError {
    /// The bytes were written by another version of Clara: the analysis has to be made again.
    #[error("the kept sources have format {found}; this version reads format {MATERIAL_VERSION}")]
    Version { found: u8 },
    /// The bytes are cut off, changed, or something else.
    #[error("the kept sources are damaged: {0}")]
    Damaged(String),
    /// It could not be written.
    #[error("the sources could not be packed: {0}")]
    NotWritten(String),
}

impl Material {
    /// The source that an id names, the submitted text included.
    pub fn find(&self, id: &str) -> Option<&Source> {
        if id == Source::SUBMISSION {
            return Some(&self.submission);
        }
        self.sources.iter().find(|source| source.id == id)
    }

    /// All of it in one piece, compressed, for the store.
    pub fn to_bytes(&self) -> Result<Vec<u8>, MaterialError> {
        let not_written =
            |error: &dyn std::fmt::Display| MaterialError::NotWritten(error.to_string());
        let mut bytes = MARK.to_vec();
        bytes.push(MATERIAL_VERSION);
        let mut packer = ZlibEncoder::new(bytes, Compression::fast());
        serde_json::to_writer(&mut packer, &StoredRef::from(self))
            .map_err(|error| not_written(&error))?;
        packer.flush().map_err(|error| not_written(&error))?;
        packer.finish().map_err(|error| not_written(&error))
    }

    /// Reads what [`Material::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MaterialError> {
        let damaged = |error: &dyn std::fmt::Display| MaterialError::Damaged(error.to_string());
        let packed = bytes
            .strip_prefix(MARK)
            .ok_or_else(|| damaged(&"it does not begin as it should"))?;
        let (version, packed) = packed
            .split_first()
            .ok_or_else(|| damaged(&"it ends before its version"))?;
        if *version != MATERIAL_VERSION {
            return Err(MaterialError::Version { found: *version });
        }
        let mut json = Vec::new();
        ZlibDecoder::new(packed)
            .take(MAX_UNPACKED)
            .read_to_end(&mut json)
            .map_err(|error| damaged(&error))?;
        let stored: Stored = serde_json::from_slice(&json).map_err(|error| damaged(&error))?;
        stored.material().map_err(|error| damaged(&error))
    }
}
