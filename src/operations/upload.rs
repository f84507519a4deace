//! A file that came with a call, put aside by the face that took it in. Operations pass the handle on; the bytes never
//! travel inside a JSON value, and nobody needs them all in memory.

use std::fs::File;

/// A file that a face has put aside.
#[derive(Debug)]
pub struct Upload {
    /// The file's name as the sender gave it; data, never a path.
    pub name: String,
    /// Without a name on any disk: it is gone when the last handle is.
    pub file: File,
    pub length: u64,
}
