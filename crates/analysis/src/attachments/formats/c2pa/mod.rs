//! Content credentials (C2PA): a manifest in the file of a picture or a recording that says how it came about, signed, and bound to the
//! bytes of the file. Decision 0027 says why the parser is our own.

mod base_media;
mod bmff_hash;
mod cbor;
mod jumbf;
mod locate;
mod manifest;
mod provenance;
mod sentences;
mod signature;

pub use sentences::{write, write_distrusted};

use crate::attachments::recognise::{PictureKind, RecordingKind};
use locate::Search;
use manifest::Manifest;

/// Containers by how they carry a manifest store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    Jpeg,
    Png,
    /// WebP and WAV.
    Riff,
    Tiff,
    /// ISO base media files: HEIC and AVIF, MP4, M4A and MOV.
    BaseMedia,
    /// A container whose stores are not looked for.
    Other,
}

impl From<PictureKind> for Carrier {
    fn from(kind: PictureKind) -> Self {
        match kind {
            PictureKind::Jpeg => Self::Jpeg,
            PictureKind::Png => Self::Png,
            PictureKind::WebP => Self::Riff,
            PictureKind::Tiff => Self::Tiff,
            PictureKind::Heic => Self::BaseMedia,
            PictureKind::Gif | PictureKind::Bmp => Self::Other,
        }
    }
}

impl From<RecordingKind> for Carrier {
    fn from(kind: RecordingKind) -> Self {
        match kind {
            RecordingKind::Mp4 | RecordingKind::QuickTime => Self::BaseMedia,
            RecordingKind::Wav => Self::Riff,
            RecordingKind::Mp3
            | RecordingKind::Ogg
            | RecordingKind::Flac
            | RecordingKind::Matroska => Self::Other,
        }
    }
}

/// The content credentials of a file.
#[derive(Debug, PartialEq)]
pub enum Credentials {
    Absent,
    /// There are some, in a form that cannot be read.
    Damaged,
    /// There are some, of a kind that is not read.
    Unsupported,
    Found(Box<Manifest>),
}

impl Credentials {
    /// The parts of the file that a signature can vouch for. In the others anybody could have written anything.
    pub fn signed_parts<'f>(&self, file: &'f [u8]) -> Vec<&'f [u8]> {
        let Self::Found(manifest) = self else {
            return vec![file];
        };
        let mut left_out = manifest.left_out.clone();
        left_out.sort_by_key(|range| range.start);
        let mut parts = Vec::new();
        let mut at = 0;
        for range in left_out {
            parts.extend(file.get(at..range.start));
            at = at.max(range.end);
        }
        parts.extend(file.get(at..));
        parts
    }
}

/// Reads and checks what content credentials the file has.
pub fn of(carrier: impl Into<Carrier>, bytes: &[u8]) -> Credentials {
    match locate::locate(carrier.into(), bytes) {
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
mod recording_tests;
#[cfg(test)]
mod tests;
