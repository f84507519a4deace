//! The person's part of a call that asks for files: seeing what is asked, dropping the files, and saying that they are done.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::spec;
use crate::context::Context;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{UploadId, UploadRequestId};
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::{Access, Body, Hints, Operation, Spec, Upload as File};
use crate::services::upload_requests::{Ended, NotAdded, Removed};
use crate::services::uploads::{FileBytes, NewPart};

/// Says whether there is such a request that nobody has ended; 404 where there is none.
#[derive(JsonSchema)]
pub struct KnowUploadRequest;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestInput {
    request: UploadRequestId,
}

impl Operation for KnowUploadRequest {
    type Input = RequestInput;
    type Output = ();
    const SPEC: Spec = spec(
        "page_know_upload_request",
        "Know a request for files",
        Access::PublicKey,
        Hints::READ,
    );

    async fn run(context: &Context, _: &Caller, input: RequestInput) -> Result<(), Fault> {
        let requests = &context.services.upload_requests;
        if requests.is_open(&input.request).await? {
            return Ok(());
        }
        Err(refused(NotAdded::Over))
    }
}

/// Says what is asked for and what was dropped so far. 403 where it is another account's.
#[derive(JsonSchema)]
pub struct ViewUploadRequest;

#[derive(Serialize, JsonSchema)]
pub struct UploadRequestView {
    asked_at: Timestamp,
    max_files: u64,
    /// Of one file.
    max_bytes: u64,
    files: Vec<DroppedFile>,
}

#[derive(Serialize, JsonSchema)]
struct DroppedFile {
    upload: UploadId,
    name: String,
    bytes: u64,
}

impl Operation for ViewUploadRequest {
    type Input = RequestInput;
    type Output = UploadRequestView;
    const SPEC: Spec = of_an_owner(spec(
        "page_view_upload_request",
        "View a request for files",
        Access::Person,
        Hints::READ,
    ));

    async fn run(
        context: &Context,
        caller: &Caller,
        input: RequestInput,
    ) -> Result<UploadRequestView, Fault> {
        let requests = &context.services.upload_requests;
        let found = requests.look(&input.request, &caller.user()?.id).await?;
        let request = found.map_err(refused)?;
        let files = request.files.into_iter().map(|file| DroppedFile {
            upload: file.id,
            name: file.name,
            bytes: file.size_bytes,
        });
        Ok(UploadRequestView {
            asked_at: request.asked_at,
            max_files: request.max_files,
            max_bytes: context.settings.max_attachment_bytes,
            files: files.collect(),
        })
    }
}

/// Takes in one file for a request, as an upload of the account.
#[derive(JsonSchema)]
pub struct AddDroppedFile;

impl Operation for AddDroppedFile {
    type Input = RequestInput;
    type Output = ();
    const SPEC: Spec = Spec {
        body: Body::WithFiles,
        ..of_an_owner(spec(
            "page_add_dropped_file",
            "Add a dropped file",
            Access::Person,
            Hints::ADD,
        ))
    };

    async fn run(context: &Context, caller: &Caller, input: RequestInput) -> Result<(), Fault> {
        Self::run_with_files(context, caller, input, Vec::new()).await
    }

    async fn run_with_files(
        context: &Context,
        caller: &Caller,
        input: RequestInput,
        files: Vec<File>,
    ) -> Result<(), Fault> {
        let user = caller.user()?;
        for File { name, file, length } in files {
            let whole = NewPart {
                name,
                upload: None,
                request: Some(input.request.clone()),
                offset: 0,
                size_bytes: Some(length),
                sha256: None,
                bytes: FileBytes::Aside { file, length },
            };
            context.intake.check_upload(&whole)?;
            context.services.uploads.add(&user.id, whole).await?;
        }
        Ok(())
    }
}

/// Deletes one file that was dropped for a request, before it is ended. 404 where there is no such file.
#[derive(JsonSchema)]
pub struct RemoveDroppedFile;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveInput {
    request: UploadRequestId,
    upload: UploadId,
}

impl Operation for RemoveDroppedFile {
    type Input = RemoveInput;
    type Output = ();
    const SPEC: Spec = of_an_owner(spec(
        "page_remove_dropped_file",
        "Remove a dropped file",
        Access::Person,
        Hints::END,
    ));

    async fn run(context: &Context, caller: &Caller, input: RemoveInput) -> Result<(), Fault> {
        let requests = &context.services.upload_requests;
        let user_id = &caller.user()?.id;
        // Another's is told apart from one that is over.
        let found = requests.look(&input.request, user_id).await?;
        found.map_err(refused)?;
        let removed = requests.remove(&input.request, user_id, &input.upload);
        match removed.await? {
            Removed::Done => Ok(()),
            Removed::Over => Err(refused(NotAdded::Over)),
            Removed::Unknown => Err(FaultKind::NotFound(Resource::Upload).into()),
        }
    }
}

/// Ends a request: the call goes on with what was dropped, or hears that there are no files.
#[derive(JsonSchema)]
pub struct EndUploadRequest;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndInput {
    request: UploadRequestId,
    /// Whether the person gives no files.
    is_declined: bool,
}

impl Operation for EndUploadRequest {
    type Input = EndInput;
    type Output = ();
    const SPEC: Spec = of_an_owner(spec(
        "page_end_upload_request",
        "End a request for files",
        Access::Person,
        Hints::END,
    ));

    async fn run(context: &Context, caller: &Caller, input: EndInput) -> Result<(), Fault> {
        let requests = &context.services.upload_requests;
        let user_id = &caller.user()?.id;
        // Another's is told apart from one that is over.
        let found = requests.look(&input.request, user_id).await?;
        found.map_err(refused)?;
        let ended = requests.end(&input.request, user_id, input.is_declined);
        match ended.await? {
            Ended::Done => Ok(()),
            Ended::Over => Err(refused(NotAdded::Over)),
            Ended::Empty => Err(Fault::field("files", "must be one at least")),
        }
    }
}

/// The same for an account that is active.
const fn of_an_owner(spec: Spec) -> Spec {
    Spec {
        while_inactive: false,
        ..spec
    }
}

fn refused(why: NotAdded) -> Fault {
    match why {
        NotAdded::OtherAccount => FaultKind::Forbidden.into(),
        _ => FaultKind::NotFound(Resource::PageRequest).into(),
    }
}
