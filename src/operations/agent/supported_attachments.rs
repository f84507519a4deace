//! Supported Attachments: which file extensions Clara reads, by kind.
//! The list is the extractor's own.

use std::collections::BTreeMap;

use schemars::JsonSchema;

use crate::context::Context;
use crate::domain::submission::SUPPORTED_EXTENSIONS;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Returns the file extensions that `agent_analysis` reads, by kind: document, image, audio, video; words in images by OCR, where it is set up.
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
        _context: &Context,
        _caller: &Caller,
        _input: NoInput,
    ) -> Result<Self::Output, Fault> {
        Ok(SUPPORTED_EXTENSIONS
            .iter()
            .map(|(kind, extensions)| (kind.as_str(), extensions.to_vec()))
            .collect())
    }
}
