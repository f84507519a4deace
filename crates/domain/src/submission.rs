//! What somebody hands in to be checked: a text and up to five attachments. What is in the files it must not know: they
//! are bytes until a child process has read them.

use std::sync::Arc;

/// The most attachments of one analysis.
pub const MAX_ATTACHMENTS: usize = 5;
/// The longest submitted text, in characters.
pub const MAX_TEXT_CHARACTERS: usize = 100_000;
/// The most claims that a sender names.
pub const MAX_CLAIMS: usize = 100;
/// The longest of them, in characters.
pub const MAX_CLAIM_CHARACTERS: usize = 5_000;
/// The longest context, in characters.
pub const MAX_CONTEXT_CHARACTERS: usize = 1_000;
/// The longest attachment name, in characters.
pub const MAX_NAME_CHARACTERS: usize = 200;

/// A text and its attachments, ready to be stored with a task.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// The claims to judge, where the sender names them; then no others are looked for. Each is a stretch of `text`, or a
    /// sentence by itself.
    pub claims: Vec<String>,
    /// When and where the text was written, and who "we" is, in the sender's words. It helps to read claims, and is never
    /// quoted.
    pub context: Option<String>,
    /// Which of the attachments is the text to check, where that is a file: then `text` is empty, and the others are the
    /// evidence.
    pub check: Option<u32>,
}

/// A file that came with a text. Its bytes are shared, not copied, on their way to the store and the extractor.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// The file's name as the sender gave it; data, never a path.
    pub name: String,
    /// Where it was fetched from, when it came as a link.
    pub url: Option<String>,
    /// The character encoding that the server named, when it came as a link.
    pub charset: Option<String>,
    pub bytes: Arc<[u8]>,
}

/// The kinds of file the documentation groups attachments by.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum AttachmentKind {
    Document,
    Image,
    Audio,
    Video,
}

impl AttachmentKind {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }
}

/// The extensions Clara reads, by kind; lower case, without the dot.
pub const SUPPORTED_EXTENSIONS: [(AttachmentKind, &[&str]); 4] = [
    (
        AttachmentKind::Document,
        &[
            "txt", "md", "html", "pdf", "csv", "json", "srt", "vtt", "docx", "xlsx", "xls", "pptx",
            "odt", "ods", "odp", "rtf", "epub", "xml", "ipynb", "eml", "mbox", "zip", "tar", "gz",
            "tgz",
        ],
    ),
    (
        AttachmentKind::Image,
        &[
            "png", "jpg", "jpeg", "gif", "webp", "tif", "tiff", "bmp", "heic", "svg",
        ],
    ),
    (
        AttachmentKind::Audio,
        &["mp3", "wav", "ogg", "opus", "flac", "m4a"],
    ),
    (AttachmentKind::Video, &["mp4", "webm", "mkv", "mov"]),
];

/// All of them.
pub fn supported_extensions() -> Vec<&'static str> {
    let kinds = SUPPORTED_EXTENSIONS.iter();
    kinds
        .flat_map(|(_, extensions)| extensions.iter().copied())
        .collect()
}

/// The extension of `name` in lower case, where it is one that Clara reads.
pub fn supported_extension(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    SUPPORTED_EXTENSIONS
        .iter()
        .flat_map(|(_, extensions)| extensions.iter())
        .find(|known| known.eq_ignore_ascii_case(extension))
        .copied()
}
