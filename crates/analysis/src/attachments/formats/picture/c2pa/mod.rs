//! Content credentials (C2PA): a manifest in the picture's file that says how the picture came about, signed, and bound to the bytes of
//! the file. Decision 0027 says why the parser is our own.

mod cbor;
mod jumbf;
mod locate;
mod manifest;
mod provenance;
mod sentences;
mod signature;

pub use sentences::{write, write_distrusted};

use crate::attachments::recognise::PictureKind;
use locate::Search;
use manifest::Manifest;

/// The content credentials of a file.
#[derive(Debug, PartialEq)]
pub enum Credentials {
    Absent,
    /// There are some, in a form that cannot be read.
    Damaged,
    /// There are some, in a container whose credentials are not read.
    Unsupported,
    Found(Box<Manifest>),
}

/// Reads and checks what content credentials the file has.
pub fn of(kind: PictureKind, bytes: &[u8]) -> Credentials {
    match locate::locate(kind, bytes) {
        Search::Absent => Credentials::Absent,
        Search::Damaged => Credentials::Damaged,
        Search::Unsupported => Credentials::Unsupported,
        Search::Found(located) => match manifest::read(&located, bytes) {
            Some(manifest) => Credentials::Found(Box::new(manifest)),
            None => Credentials::Damaged,
        },
    }
}

#[cfg(test)]
mod tests;
