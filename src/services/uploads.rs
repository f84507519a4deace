//! Uploads: files that come before the analysis that they are for, so that no byte of them passes through a model. A large one
//! comes in parts, each where the one before ended; all are gone a day after they were begun.

use std::sync::Arc;
use std::time::Duration;

use super::service_deps::ServiceDeps;
use crate::domain::file_digest::FileDigest;
use crate::domain::ids::{UploadId, UploadRequestId, UserId};
use crate::fault::{Fault, FaultKind, Resource};
pub use crate::store::tasks::FileBytes;
use crate::store::upload_requests::NotAdded;
pub use crate::store::uploads::Upload;
use crate::store::uploads::{NewUpload, UploadPart, Uploaded};

/// How long an upload is kept after it was begun.
const UPLOAD_TTL: Duration = Duration::from_hours(24);
/// How many an account may have at once.
pub const MAX_UPLOADS: u64 = 50;
/// When to come again with an account that keeps too much.
const FULL_RETRY_SECONDS: u64 = 60;

/// A file, or a part of one, as it came.
#[derive(Debug)]
pub struct NewPart {
    /// Of the file.
    pub name: String,
    /// The upload that it goes on with; none where it begins one.
    pub upload: Option<UploadId>,
    /// The request of a program that it is dropped for, where a person does so on a page.
    pub request: Option<UploadRequestId>,
    /// Where in the file it begins.
    pub offset: u64,
    /// The size of the whole file; what came now where nothing is said.
    pub size_bytes: Option<u64>,
    /// What the whole file has to be.
    pub sha256: Option<FileDigest>,
    pub bytes: FileBytes,
}

/// Takes uploads in. Cheap to clone.
#[derive(Clone)]
pub struct Uploads(pub(super) Arc<ServiceDeps>);

impl Uploads {
    /// Stores a file, or the next part of one.
    pub async fn add(&self, user_id: &UserId, part: NewPart) -> Result<Upload, Fault> {
        let now = self.0.now();
        let length = part.bytes.length();
        let uploaded = match &part.upload {
            Some(id) => {
                let next = UploadPart {
                    id,
                    user_id,
                    offset: part.offset,
                    part: &part.bytes,
                    sha256: part.sha256.as_ref(),
                    now,
                };
                self.0.store.extend_upload(&next).await?
            }
            None if part.offset > 0 => {
                let problem = "is for the parts after the first one: send `upload_id` with it";
                return Err(Fault::field("offset", problem));
            }
            None => {
                let new = NewUpload {
                    id: UploadId::random(&*self.0.randomness),
                    user_id,
                    name: &part.name,
                    request: part.request.as_ref(),
                    size_bytes: part.size_bytes.unwrap_or(length),
                    part: &part.bytes,
                    sha256: part.sha256.as_ref(),
                    created_at: now,
                    expires_at: now.after(UPLOAD_TTL),
                    max_uploads: MAX_UPLOADS,
                    max_bytes: self.0.max_account_bytes,
                };
                if length > new.size_bytes {
                    return Err(too_much(new.size_bytes));
                }
                self.0.store.begin_upload(&new).await?
            }
        };
        match uploaded {
            Uploaded::Stored(upload) => Ok(upload),
            Uploaded::Differs(digest) => {
                let problem = format!(
                    "is not that of the file that arrived, which has {digest}: begin the upload again"
                );
                Err(Fault::field("sha256", problem))
            }
            Uploaded::NotThere { received_bytes } => {
                let problem = format!("must be {received_bytes}: so many bytes are there");
                Err(Fault::field("offset", problem))
            }
            Uploaded::TooMuch { size_bytes } => Err(too_much(size_bytes)),
            Uploaded::KeepsTooMuch => Err(Fault::new(FaultKind::RateLimited {
                retry_after_seconds: FULL_RETRY_SECONDS,
            })
            .with_hint(
                "The account keeps as many uploads and files as one may: each upload is gone a day after it was begun.",
            )),
            Uploaded::NotAdded(why) => Err(not_added(why)),
            Uploaded::Unknown => Err(FaultKind::NotFound(Resource::Upload).into()),
        }
    }

    /// An upload of this account, whole or not; another's does not exist for it.
    pub async fn view(&self, user_id: &UserId, id: &UploadId) -> Result<Upload, Fault> {
        let found = self.0.store.upload(user_id, id, self.0.now()).await?;
        found.ok_or_else(|| FaultKind::NotFound(Resource::Upload).into())
    }
}

fn not_added(why: NotAdded) -> Fault {
    match why {
        NotAdded::Over => FaultKind::NotFound(Resource::PageRequest).into(),
        NotAdded::OtherAccount => FaultKind::Forbidden.into(),
        NotAdded::Full { max_files } => Fault::field(
            "files",
            format!("must be at most {max_files}: the analysis has room for no more"),
        ),
        NotAdded::SameName => Fault::field("name", "is that of a file which is here already"),
    }
}

fn too_much(size_bytes: u64) -> Fault {
    let problem = format!("is {size_bytes}, and more bytes came than that");
    Fault::field("bytes", problem)
}
