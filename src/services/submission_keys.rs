//! What makes two submissions the same: the key that their sender gave both, or else all of what was handed in. Clients
//! that give up on a call send it again, and nobody means to pay twice for that.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::domain::clock::Timestamp;
use crate::fault::Fault;
use crate::store::submissions::SubmissionKey;
use crate::store::tasks::{FileBytes, NewSubmission};

/// For how long the same submission is the same task.
const SAME_CONTENT_WINDOW: Duration = Duration::from_mins(10);
/// The same, where its sender gave it a key.
const SAME_KEY_WINDOW: Duration = Duration::from_hours(24);
const PIECE_BYTES: usize = 64 * 1024;

/// By what a submission is the same as an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness<'k> {
    /// Each is a new one.
    None,
    /// By all of what was handed in.
    Content,
    /// By the idempotency key that its sender gave.
    Key(&'k str),
}

/// The key of a submission that comes `now`; `None` where it is a new one in any case.
pub async fn submission_key(
    submission: &NewSubmission,
    sameness: Sameness<'_>,
    now: Timestamp,
) -> Result<Option<SubmissionKey>, Fault> {
    match sameness {
        Sameness::None => return Ok(None),
        Sameness::Key(given) => {
            let mut digest = Sha256::new();
            digest.update("key");
            digest.update(given);
            return Ok(Some(key(digest, now, SAME_KEY_WINDOW)));
        }
        Sameness::Content => {}
    }
    let mut digest = Sha256::new();
    digest.update("content");
    part(&mut digest, submission.text.as_bytes());
    let context = submission.context.as_deref().unwrap_or_default();
    part(&mut digest, context.as_bytes());
    digest.update(
        submission
            .check
            .map_or(u32::MAX, |index| index)
            .to_be_bytes(),
    );
    digest.update((submission.claims.len() as u64).to_be_bytes());
    for claim in &submission.claims {
        part(&mut digest, claim.as_bytes());
    }
    let mut files = Vec::with_capacity(submission.files.len());
    for file in &submission.files {
        let url = file.url.as_deref().unwrap_or_default();
        let bytes = match &file.bytes {
            FileBytes::Held(bytes) => FileBytes::Held(bytes.clone()),
            FileBytes::Aside { file, length } => FileBytes::Aside {
                file: file.try_clone().map_err(Fault::internal)?,
                length: *length,
            },
            FileBytes::Uploaded { id, length, sha256 } => FileBytes::Uploaded {
                id: id.clone(),
                length: *length,
                sha256: sha256.clone(),
            },
        };
        files.push((file.name.clone(), url.to_owned(), bytes));
    }
    // Up to 125 MB: off the event loop.
    let digested = tokio::task::spawn_blocking(move || {
        for (name, url, bytes) in files {
            part(&mut digest, name.as_bytes());
            part(&mut digest, url.as_bytes());
            match bytes {
                FileBytes::Held(bytes) => part(&mut digest, &bytes),
                FileBytes::Uploaded { sha256, .. } => {
                    part(&mut digest, sha256.as_str().as_bytes());
                }
                FileBytes::Aside { mut file, length } => {
                    digest.update(length.to_be_bytes());
                    file.seek(SeekFrom::Start(0))?;
                    let mut piece = vec![0; PIECE_BYTES];
                    loop {
                        let read = file.read(&mut piece)?;
                        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty())
                        else {
                            break;
                        };
                        digest.update(bytes);
                    }
                }
            }
        }
        Ok::<_, std::io::Error>(digest)
    });
    let digest = digested.await.map_err(Fault::internal)?;
    let digest = digest.map_err(Fault::internal)?;
    Ok(Some(key(digest, now, SAME_CONTENT_WINDOW)))
}

/// With its length in front, so that one part cannot run into the next.
fn part(digest: &mut Sha256, bytes: &[u8]) {
    digest.update((bytes.len() as u64).to_be_bytes());
    digest.update(bytes);
}

fn key(digest: Sha256, now: Timestamp, window: Duration) -> SubmissionKey {
    SubmissionKey {
        digest: base16ct::lower::encode_string(&digest.finalize()),
        since: now.before(window),
    }
}
