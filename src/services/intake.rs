//! Intake: turns what a caller hands in (bytes, an address, a path) into a submission, or says which part is wrong.
//! Nothing is stored and nothing is paid here. It knows the file and web adapters, no protocol and no credit.

mod arrived;
mod problems;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};

use problems::{
    check_problems, claim_problems, context_problem, name_problem, plain_name_problem,
    text_problems, words_problem,
};

use super::fetch_budget::FetchBudget;
use super::uploads::NewPart;
use crate::adapters::files::Files;
use crate::adapters::web::Web;
use crate::domain::file_digest::FileDigest;
use crate::domain::ids::{UploadId, UserId};
use crate::domain::submission::MAX_ATTACHMENTS;
use crate::fault::{Fault, FaultKind, FieldProblem};
use crate::store::tasks::{FileBytes, NewFile, NewSubmission};

/// A file as a caller hands it in.
pub struct NewAttachment {
    pub name: String,
    pub content: AttachmentContent,
    pub expected: ExpectedFile,
}

/// What a file has to be, where its sender says so: what was changed on its way is refused, not read.
#[derive(Debug, Clone, Default)]
pub struct ExpectedFile {
    pub length: Option<u64>,
    pub sha256: Option<FileDigest>,
}

/// Where a file's bytes are.
pub enum AttachmentContent {
    /// In hand already.
    Bytes(Vec<u8>),
    /// Put aside by whoever took it in; never in memory as a whole.
    Aside {
        file: File,
        length: u64,
    },
    Base64(String),
    /// The words of a text file.
    Text(String),
    /// In the store already.
    Uploaded {
        id: UploadId,
        length: u64,
        sha256: FileDigest,
    },
    /// To be fetched.
    Url(String),
    /// On this machine; only for whoever started the process.
    Path(String),
}

/// What is asked for.
pub struct Collect {
    /// The text to check; empty where one of the files is.
    pub text: String,
    /// The name of the file to check, in place of a text.
    pub check: Option<String>,
    /// The claims that the caller names; none where they are to be found.
    pub claims: Vec<String>,
    /// When and where the text was written, and who "we" is.
    pub context: Option<String>,
    pub attachments: Vec<NewAttachment>,
    /// Whether the caller sits at this machine.
    pub may_read_files: bool,
}

/// What is asked for, found well formed.
pub struct Checked(Collect);

impl Checked {
    /// Whether anything of it comes over the network.
    pub fn needs_fetching(&self) -> bool {
        let attachments = &self.0.attachments;
        attachments
            .iter()
            .any(|attachment| matches!(attachment.content, AttachmentContent::Url(_)))
    }
}

/// Collects submissions.
pub struct Intake {
    files: Arc<Files>,
    web: Web,
    fetches: FetchBudget,
    /// Where fetched files are put aside.
    folder: PathBuf,
    max_attachment_bytes: u64,
}

impl Intake {
    /// `folder` is where fetched files are put aside; `max_attachment_bytes` is the size of the largest file taken, in bytes
    /// as decoded.
    pub fn new(files: Files, web: Web, folder: PathBuf, max_attachment_bytes: u64) -> Self {
        Self {
            files: Arc::new(files),
            web,
            fetches: FetchBudget::default(),
            folder,
            max_attachment_bytes,
        }
    }

    /// Checks everything that can be told without opening a file or a connection, and tells all of it at once.
    pub fn check(&self, mut asked: Collect) -> Result<Checked, Fault> {
        let mut problems = match &asked.check {
            None => text_problems(&asked.text),
            Some(name) => check_problems(&asked.text, name, &asked.attachments),
        };
        problems.extend(claim_problems(&asked.claims));
        problems.extend(context_problem(asked.context.as_deref()));
        if asked.attachments.len() > MAX_ATTACHMENTS {
            let problem = format!(
                "must be at most {MAX_ATTACHMENTS} files, not {}",
                asked.attachments.len()
            );
            problems.push(FieldProblem::refused("attachments", problem));
        }
        for (index, attachment) in asked.attachments.iter_mut().enumerate() {
            if let AttachmentContent::Base64(encoded) = &mut attachment.content {
                strip_wrapping(encoded);
            }
            problems.extend(name_problem(index, attachment));
            problems.extend(words_problem(index, attachment));
            match &attachment.content {
                AttachmentContent::Path(_) if !asked.may_read_files => {
                    let problem =
                        "is only for local clients: send its words as text, or its bytes as content_base64".to_owned();
                    let field = format!("attachments[{index}].path");
                    problems.push(FieldProblem::refused(field, problem));
                }
                // Judged by its length first: four characters of base64 are three bytes, less up to two of padding.
                AttachmentContent::Base64(encoded) => {
                    self.check_size((encoded.len() as u64 / 4 * 3).saturating_sub(2))?;
                }
                AttachmentContent::Text(text) => self.check_size(text.len() as u64)?,
                _ => {}
            }
        }
        if problems.is_empty() {
            Ok(Checked(asked))
        } else {
            Err(Fault::new(FaultKind::InvalidFields(problems)))
        }
    }

    /// Checks what an upload says of itself: its name, and how large the whole file is to be.
    pub fn check_upload(&self, part: &NewPart) -> Result<(), Fault> {
        if let Some(problem) = plain_name_problem(&part.name) {
            return Err(Fault::field("name", problem));
        }
        self.check_size(part.size_bytes.unwrap_or_default())?;
        if part.bytes.length() == 0 {
            return Err(Fault::field("name", "names an empty file"));
        }
        Ok(())
    }

    /// Opens and fetches what was checked, for this account.
    pub async fn collect(
        &self,
        user_id: &UserId,
        Checked(asked): Checked,
    ) -> Result<NewSubmission, Fault> {
        let mut collected = Vec::with_capacity(asked.attachments.len());
        for (index, attachment) in asked.attachments.into_iter().enumerate() {
            let expected = attachment.expected.clone();
            let file = self.fetch(user_id, index, attachment).await?;
            arrived::check(index, &file.bytes, expected).await?;
            collected.push(file);
        }
        let named = |name: &String| collected.iter().position(|file| file.name == *name);
        let check = asked.check.as_ref().and_then(named);
        Ok(NewSubmission {
            text: asked.text,
            check: check.and_then(|index| u32::try_from(index).ok()),
            claims: asked.claims,
            context: asked.context.filter(|context| !context.trim().is_empty()),
            files: collected,
        })
    }

    async fn fetch(
        &self,
        user_id: &UserId,
        index: usize,
        attachment: NewAttachment,
    ) -> Result<NewFile, Fault> {
        let field = |part: &str| format!("attachments[{index}].{part}");
        let bytes = match attachment.content {
            AttachmentContent::Aside { file, length } => {
                self.check_size(length)?;
                if length == 0 {
                    return Err(Fault::field(attachment.name, "is an empty file"));
                }
                return Ok(NewFile {
                    name: attachment.name,
                    url: None,
                    charset: None,
                    bytes: FileBytes::Aside { file, length },
                });
            }
            AttachmentContent::Text(text) => {
                return Ok(NewFile {
                    name: attachment.name,
                    url: None,
                    charset: Some(TEXT_CHARSET.to_owned()),
                    bytes: FileBytes::Held(Arc::from(text.into_bytes())),
                });
            }
            AttachmentContent::Uploaded { id, length, sha256 } => {
                return Ok(NewFile {
                    name: attachment.name,
                    url: None,
                    charset: None,
                    bytes: FileBytes::Uploaded { id, length, sha256 },
                });
            }
            AttachmentContent::Bytes(bytes) => bytes,
            AttachmentContent::Base64(encoded) => BASE64.decode(encoded).map_err(|_| {
                let problem = "must be the file's bytes in base64, such as VGhlIG1pbGwu";
                Fault::field(field("content_base64"), problem)
            })?,
            AttachmentContent::Url(url) => {
                let _permit = self.fetches.acquire(user_id).await?;
                let fetched = self.web.fetch_to_file(&url, &self.folder).await;
                let fetched =
                    fetched.map_err(|error| Fault::field(field("url"), error.to_string()))?;
                self.check_size(fetched.length)?;
                if fetched.length == 0 {
                    return Err(Fault::field(field("name"), "names an empty file"));
                }
                return Ok(NewFile {
                    name: attachment.name,
                    url: Some(fetched.final_url),
                    charset: fetched.charset,
                    bytes: FileBytes::Aside {
                        file: fetched.file,
                        length: fetched.length,
                    },
                });
            }
            AttachmentContent::Path(path) => {
                let files = self.files.clone();
                let read = tokio::task::spawn_blocking(move || files.read(&path));
                let read = read.await.map_err(Fault::internal)?;
                read.map_err(|error| Fault::field(field("path"), error.to_string()))?
                    .bytes
            }
        };
        self.check_size(bytes.len() as u64)?;
        if bytes.is_empty() {
            return Err(Fault::field(field("name"), "names an empty file"));
        }
        Ok(NewFile {
            name: attachment.name,
            url: None,
            charset: None,
            bytes: FileBytes::Held(Arc::from(bytes)),
        })
    }

    fn check_size(&self, bytes: u64) -> Result<(), Fault> {
        if bytes > self.max_attachment_bytes {
            return Err(Fault::new(FaultKind::TooLarge {
                limit_bytes: self.max_attachment_bytes,
            })
            .with_hint("Send a smaller file, or only the part that matters."));
        }
        Ok(())
    }
}

/// Both alphabets are brought to the standard one; padding may be left out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Takes off what encoders put around and between the bytes: a `data:` prefix and line breaks. In place, for it is long.
fn strip_wrapping(encoded: &mut String) {
    let head = encoded.find(',').filter(|comma| {
        let head = encoded.get(..*comma).unwrap_or_default().trim_start();
        head.get(..5)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
            && head.to_ascii_lowercase().ends_with(";base64")
    });
    if let Some(comma) = head {
        encoded.drain(..=comma);
    }
    if encoded.bytes().any(|byte| byte.is_ascii_whitespace()) {
        encoded.retain(|character| !character.is_ascii_whitespace());
    }
    if encoded.contains(['-', '_']) {
        *encoded = encoded.replace('-', "+").replace('_', "/");
    }
}

/// How the words of an attachment are written, whatever a page among them says of itself.
const TEXT_CHARSET: &str = "utf-8";
#[cfg(test)]
mod tests;
