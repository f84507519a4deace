//! The files within a file: each is read by the reader of its kind into one draft, under bounds that hold for all of them
//! together. A file within a file within a file is named and not opened.

use super::draft::{Draft, Reading};
use super::format::{Format, format_of};
use super::member_names::shown_name;
use super::{Depth, read_at};

/// The most files that are read of one container.
pub const MAX_MEMBERS: usize = 100;
/// The most bytes that one of them may have.
pub const MAX_MEMBER_BYTES: usize = 25 * 1024 * 1024;
/// The most bytes that all of them may have, unpacked.
pub const MAX_UNPACKED: usize = 64 * 1024 * 1024;
/// So many files that were left out are named one by one.
const MAX_NAMED: usize = 50;

/// What to do about an archive within a file.
pub const NESTED: &str =
    "It is an archive within a file, which is not opened. Unpack it and attach the files inside.";

/// Whether the bytes are an archive, which would be opened if it were attached by itself.
pub fn is_archive(bytes: &[u8]) -> bool {
    let found = format_of("", bytes).map(|recognised| recognised.format);
    matches!(found, Ok(Format::Zip | Format::Tar | Format::Gzip))
}

/// A container's files on their way into a draft.
pub struct Members {
    draft: Draft,
    /// What a file is called in quotes: `file` in an archive, `attachment` in a mail.
    kind: &'static str,
    /// The part of the container that the files belong to: `message 3`.
    within: String,
    depth: Depth,
    read: usize,
    unpacked: usize,
    named: usize,
    unnamed: usize,
}

impl Members {
    /// For the files of a container that lies at `depth` itself.
    pub fn new(draft: Draft, kind: &'static str, depth: Depth) -> Self {
        Self {
            draft,
            kind,
            within: String::new(),
            depth,
            read: 0,
            unpacked: 0,
            named: 0,
            unnamed: 0,
        }
    }

    /// What the container says beside its files.
    pub fn draft(&mut self) -> &mut Draft {
        &mut self.draft
    }

    /// The files that follow belong to this part of the container.
    pub fn within(&mut self, part: String) {
        self.within = part;
    }

    /// The part of the container that is being read; empty where it has none.
    pub fn part(&self) -> &str {
        &self.within
    }

    /// How many bytes the next file may have, or why none is taken any more.
    pub fn room(&self) -> Result<usize, &'static str> {
        if self.depth == Depth::Within {
            return Err(
                "It lies in a file within a file, which is not opened. Attach it by itself.",
            );
        }
        if self.read >= MAX_MEMBERS {
            return Err("Only the first 100 files are read. Attach it by itself.");
        }
        if self.draft.is_full() {
            return Err(
                "The files before it have filled what is read of one attachment. Attach it by itself.",
            );
        }
        match MAX_UNPACKED - self.unpacked.min(MAX_UNPACKED) {
            0 => Err(
                "The files before it unpack to 64 MB, and no more is unpacked. Attach it by itself.",
            ),
            left => Ok(left.min(MAX_MEMBER_BYTES)),
        }
    }

    /// Counts bytes that were unpacked, whether they are read or not.
    pub fn count(&mut self, unpacked: usize) {
        self.unpacked += unpacked;
    }

    /// Reads a file whose bytes have been counted. An archive is named, and not opened.
    pub fn read(&mut self, raw_name: &str, charset: Option<&str>, bytes: &[u8]) {
        if is_archive(bytes) {
            return self.leave(raw_name, NESTED);
        }
        let name = shown_name(raw_name);
        let label = self.label(&name);
        self.read += 1;
        let reading = read_at(&name, charset, bytes, Depth::Within);
        let about = self.draft.about();
        about.language = about.language.take().or(reading.language.clone());
        self.draft.append(&label, reading);
    }

    /// Names a file that was not read.
    pub fn leave(&mut self, raw_name: &str, reason: &str) {
        if self.named >= MAX_NAMED {
            self.unnamed += 1;
            return;
        }
        self.named += 1;
        let label = self.label(&shown_name(raw_name));
        self.draft
            .unread(None, format!("{label} was not read. {reason}"));
    }

    fn label(&self, name: &str) -> String {
        let Self { kind, within, .. } = self;
        if within.is_empty() {
            format!("{kind} {name}")
        } else {
            format!("{within}, {kind} {name}")
        }
    }

    /// The reading of the container.
    pub fn finish(mut self) -> Reading {
        if self.unnamed > 0 {
            let more = self.unnamed;
            self.draft.unread(
                None,
                format!(
                    "{more} more files were not read. Attach the ones that matter by themselves."
                ),
            );
        }
        self.draft.finish()
    }
}
