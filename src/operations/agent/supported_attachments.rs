//! Supported Attachments: which file extensions this Clara reads, by kind.
//! The list is the extractor's own: it knows which programs and services it has.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Returns the file extensions whose content this server reads in `agent_analysis`, by kind: document, image, audio, video.
#[derive(JsonSchema)]
pub struct SupportedAttachments;

impl Operation for SupportedAttachments {
    type Input = NoInput;
    type Output = BTreeMap<&'static str, Vec<&'static str>>;
    const SPEC: Spec = Spec {
        tool: "agent_supported_attachments",
        title: "List supported attachments",
        area: Area::Agent,
        route: Route::get("/users/{user_id}/agent/supported_attachments"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Supported attachments fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(
        context: &Context,
        _caller: &Caller,
        _input: NoInput,
    ) -> Result<Self::Output, Fault> {
        let supported = context.extractor.supported().into_iter();
        Ok(supported
            .map(|(kind, extensions)| (kind.as_str(), extensions))
            .collect())
    }
}
