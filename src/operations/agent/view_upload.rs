//! View upload: how much of a file is there, for whoever goes on with it.
//! Knows the uploads service.

use schemars::JsonSchema;
use serde::Deserialize;

use super::upload::UploadView;
use crate::context::Context;
use crate::domain::ids::UploadId;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Returns an upload: how much of it is there, and until when it is kept.
#[derive(JsonSchema)]
pub struct ViewUpload;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// An `id` that an upload answered.
    upload_id: UploadId,
}

impl Operation for ViewUpload {
    type Input = Input;
    type Output = UploadView;
    const SPEC: Spec = Spec {
        tool: "agent_view_upload",
        title: "View an upload",
        area: Area::Agent,
        route: Route::get("/users/{user_id}/uploads/{upload_id}").over_rest_alone(),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Upload fetched successfully."),
        hints: Hints::READ,
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::Upload)];

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<UploadView, Fault> {
        let uploads = &context.services.uploads;
        let found = uploads.view(&caller.user()?.id, &input.upload_id).await?;
        Ok(found.into())
    }
}
