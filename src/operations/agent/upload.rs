//! Upload: takes in a file, or a part of one, for an analysis that comes later: no byte of it passes through a model.
//! Knows the uploads service.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::domain::clock::Timestamp;
use crate::domain::file_digest::FileDigest;
use crate::domain::ids::UploadId;
use crate::domain::page::Whole;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::{
    Access, Area, Body, Hints, Operation, Route, Spec, Success, Upload as File,
};
use crate::services::uploads::{FileBytes, NewPart, Upload};

/// The most bytes that a number of bytes may name; how large a file may be is a setting.
type Bytes<const MIN: u32> = Whole<MIN, 4_000_000_000>;

/// Takes in a file for `attachments[].upload` of a later analysis, as the one part with a file of a `multipart/form-data` form, and
/// keeps it for a day. A large file may come in parts: the first with `bytes`, each other one with `upload_id` and `offset`.
#[derive(JsonSchema)]
pub struct AddUpload;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Of the upload that this part goes on with; missing for a new one.
    upload_id: Option<UploadId>,
    /// Where in the file this part begins; 0 if missing.
    #[schemars(extend("examples" = [0]))]
    offset: Option<Bytes<0>>,
    /// Size of the whole file; what this part brings if missing.
    #[schemars(extend("examples" = [1_048_576]))]
    bytes: Option<Bytes<1>>,
    /// Of the whole file: where it is another when the last byte is there, the upload is refused and gone.
    sha256: Option<FileDigest>,
}

/// A file that was handed in, or is on its way.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Upload")]
pub struct UploadView {
    id: UploadId,
    #[schemars(extend("examples" = ["harbour.pdf"]))]
    name: String,
    /// Size of the whole file.
    #[schemars(extend("examples" = [1_048_576]))]
    bytes: u64,
    /// How many of them are there.
    #[schemars(extend("examples" = [1_048_576]))]
    received_bytes: u64,
    /// Of the whole file; null until it is whole.
    sha256: Option<FileDigest>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<Upload> for UploadView {
    fn from(upload: Upload) -> Self {
        Self {
            id: upload.id,
            name: upload.name,
            bytes: upload.size_bytes,
            received_bytes: upload.received_bytes,
            sha256: upload.sha256,
            created_at: upload.created_at,
            expires_at: upload.expires_at,
        }
    }
}

impl Operation for AddUpload {
    type Input = Input;
    type Output = UploadView;
    const SPEC: Spec = Spec {
        tool: "agent_upload",
        title: "Upload a file",
        area: Area::Agent,
        route: Route::post("/users/{user_id}/uploads").over_rest_alone(),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::WithFiles,
        success: Success::created("Upload stored."),
        hints: Hints::ADD,
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::Upload)];

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<UploadView, Fault> {
        Self::run_with_files(context, caller, input, Vec::new()).await
    }

    async fn run_with_files(
        context: &Context,
        caller: &Caller,
        input: Input,
        files: Vec<File>,
    ) -> Result<UploadView, Fault> {
        let user = caller.user()?;
        let file = one(files)?;
        let number = |bytes: Option<u32>| bytes.map(u64::from);
        let part = NewPart {
            name: file.name,
            upload: input.upload_id,
            request: None,
            offset: number(input.offset.map(Whole::get)).unwrap_or_default(),
            size_bytes: number(input.bytes.map(Whole::get)),
            sha256: input.sha256,
            bytes: FileBytes::Aside {
                file: file.file,
                length: file.length,
            },
        };
        context.intake.check_upload(&part)?;
        let upload = context.services.uploads.add(&user.id, part).await?;
        Ok(upload.into())
    }
}

fn one(files: Vec<File>) -> Result<File, Fault> {
    let count = files.len();
    let mut files = files.into_iter();
    match (files.next(), count) {
        (Some(file), 1) => Ok(file),
        (None, _) => {
            let problem =
                "must be multipart/form-data with one part that is the file and bears its name";
            Err(Fault::field("body", problem))
        }
        (Some(_), _) => Err(Fault::field(
            "body",
            format!("has {count} files: send each as an upload of its own"),
        )),
    }
}
