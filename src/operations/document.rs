//! An answer that is too long to be held: its `data` as JSON text, written aside into a file that has no name and is gone
//! with its last reader. Faces send it piece by piece; what it says is the operation's business.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::sync::Arc;

use crate::fault::Fault;

/// A written document. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Document {
    file: Arc<File>,
    /// In bytes.
    pub length: u64,
}

impl Document {
    /// The JSON text that was written to `file`.
    pub fn new(file: File, length: u64) -> Self {
        Self {
            file: Arc::new(file),
            length,
        }
    }

    /// Opens it at its beginning. One reader at a time: they share one position.
    pub fn open(&self) -> Result<File, Fault> {
        let mut file = self.file.try_clone().map_err(Fault::internal)?;
        file.seek(SeekFrom::Start(0)).map_err(Fault::internal)?;
        Ok(file)
    }
}
