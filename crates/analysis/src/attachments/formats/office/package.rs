//! The zip archive that an office document is: its parts by name, each unpacked within bounds. Nothing outside the archive is
//! ever opened, whatever its parts refer to.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use encoding_rs::Encoding;
use zip::ZipArchive;

/// What one part may unpack to, in bytes.
pub const MAX_PART: u64 = 64 * 1024 * 1024;
/// What all parts that are read may unpack to, in bytes.
pub const MAX_UNPACKED: u64 = 160 * 1024 * 1024;
/// The most parts that a package may have.
pub const MAX_PARTS: usize = 50_000;

/// Why a package or a part of it cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    Password,
    TooBig,
    TooMany,
    Damaged,
}

impl Refusal {
    /// What to say of the file, and what to do.
    pub fn reason(&self) -> String {
        match self {
            Self::Password => {
                "The file needs a password: save it without one and attach it again.".to_owned()
            }
            Self::TooBig => format!(
                "The file unpacks to more than {} MB, which is more than one file may use. Save it anew with less in it, or \
                 attach the part that matters as PDF.",
                MAX_PART / 1024 / 1024
            ),
            Self::TooMany => format!(
                "The file is made of more than {MAX_PARTS} parts, which is more than one file may have. Save it anew with less \
                 in it, or attach it as PDF."
            ),
            Self::Damaged => {
                "The file is damaged: a part of it cannot be unpacked. Open it in its own program, save it anew and attach it \
                 again."
                    .to_owned()
            }
        }
    }
}

/// An office document's archive.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Positions by name in lower case: programs write them in either.
    parts: HashMap<String, usize>,
    names: Vec<String>,
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens the archive.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Damaged)?;
        if archive.len() > MAX_PARTS {
            return Err(Refusal::TooMany);
        }
        let mut parts = HashMap::new();
        let mut names = Vec::new();
        for at in 0..archive.len() {
            let Some(Ok(name)) = archive.name_for_index(at) else {
                continue;
            };
            let name = name.trim_start_matches('/').replace('\\', "/");
            parts.entry(name.to_ascii_lowercase()).or_insert(at);
            names.push(name);
        }
        Ok(Self {
            archive,
            parts,
            names,
            left: MAX_UNPACKED,
        })
    }

    /// The names of the parts, in the archive's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether there is such a part.
    pub fn holds(&self, name: &str) -> bool {
        self.parts.contains_key(&name.to_ascii_lowercase())
    }

    /// The bytes of a part; `None` where there is none.
    pub fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(at) = self.parts.get(&name.to_ascii_lowercase()).copied() else {
            return Ok(None);
        };
        let file = self.archive.by_index(at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(reason) if reason.contains("assword") => {
                Refusal::Password
            }
            _ => Refusal::Damaged,
        })?;
        if file.encrypted() {
            return Err(Refusal::Password);
        }
        let most = MAX_PART.min(self.left);
        let mut bytes = Vec::new();
        let whole = file.take(most + 1).read_to_end(&mut bytes);
        self.left = self.left.saturating_sub(bytes.len() as u64);
        if bytes.len() as u64 > most {
            return Err(Refusal::TooBig);
        }
        whole.map_err(|_| Refusal::Damaged)?;
        Ok(Some(bytes))
    }

    /// A part that is XML, as characters.
    pub fn xml(&mut self, name: &str) -> Result<Option<String>, Refusal> {
        let Some(bytes) = self.part(name)? else {
            return Ok(None);
        };
        let (encoding, mark) = Encoding::for_bom(&bytes).unwrap_or((encoding_rs::UTF_8, 0));
        if encoding == encoding_rs::UTF_8 {
            // As it is, where it holds: a sheet may be large.
            return Ok(Some(match String::from_utf8(bytes) {
                Ok(text) => text,
                Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            }));
        }
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        Ok(Some(text.into_owned()))
    }
}

/// The name of a part that another part refers to: `../media/image1.png` from `word/document.xml`.
pub fn resolve(from: &str, target: &str) -> String {
    if let Some(rooted) = target.strip_prefix('/') {
        return rooted.to_owned();
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}
