//! Whether a file arrived as its sender says that it was sent. Models retype base64, and a wrong letter in it is another file.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use sha2::{Digest as _, Sha256};

use super::ExpectedFile;
use crate::domain::file_digest::FileDigest;
use crate::fault::{Fault, FaultKind, FieldProblem};
use crate::store::tasks::FileBytes;

const PIECE_BYTES: usize = 64 * 1024;
/// What to do about a file that was changed on its way.
const INSTEAD: &str =
    "Send it again, or by a way on which no model retypes it: upload, url or path";

/// Refuses the file of this place in the list where it is not what it has to be.
pub(super) async fn check(
    index: usize,
    bytes: &FileBytes,
    expected: ExpectedFile,
) -> Result<(), Fault> {
    let mut problems = Vec::new();
    let field = |name: &str| format!("attachments[{index}].{name}");
    let length = bytes.length();
    if let Some(wanted) = expected.length.filter(|wanted| *wanted != length) {
        let problem = format!("is {wanted}, but {length} bytes arrived. {INSTEAD}");
        problems.push(FieldProblem::refused(field("bytes"), problem));
    }
    if let Some(wanted) = expected.sha256 {
        let found = digest(bytes).await?;
        if found != wanted {
            let problem = format!("is not that of the file that arrived, {found}. {INSTEAD}");
            problems.push(FieldProblem::refused(field("sha256"), problem));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(FaultKind::InvalidFields(problems).into())
    }
}

/// The digest of a file, off the event loop.
async fn digest(bytes: &FileBytes) -> Result<FileDigest, Fault> {
    let digested = match bytes {
        FileBytes::Uploaded { sha256, .. } => return Ok(sha256.clone()),
        FileBytes::Held(bytes) => {
            let bytes = bytes.clone();
            tokio::task::spawn_blocking(move || Ok(Sha256::digest(&bytes)))
        }
        FileBytes::Aside { file, .. } => {
            let file = file.try_clone().map_err(Fault::internal)?;
            tokio::task::spawn_blocking(move || digest_of_file(file))
        }
    };
    let digest = digested.await.map_err(Fault::internal)?;
    Ok(FileDigest::of_bytes(
        &digest.map_err(Fault::internal)?.into(),
    ))
}

fn digest_of_file(mut file: File) -> std::io::Result<sha2::digest::Output<Sha256>> {
    file.seek(SeekFrom::Start(0))?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = file.read(&mut piece)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
            return Ok(digest.finalize());
        };
        digest.update(bytes);
    }
}
