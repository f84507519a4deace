//! Version: which Clara this is.
//! The package's own version; nothing of its parts is told.

use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Returns Clara's version.
#[derive(JsonSchema)]
pub struct Version;

/// The version.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Version")]
pub struct VersionView {
    #[schemars(extend("examples" = [env!("CARGO_PKG_VERSION")]))]
    version: &'static str,
}

impl Operation for Version {
    type Input = NoInput;
    type Output = VersionView;
    const SPEC: Spec = Spec {
        tool: "misc_version",
        title: "View version",
        area: Area::Misc,
        route: Route::get("/version"),
        access: Access::Open,
        while_inactive: true,
        about_account: false,
        body: Body::None,
        success: Success::ok("Version check successful."),
        hints: Hints::READ,
    };

    async fn run(
        _context: &Context,
        _caller: &Caller,
        _input: NoInput,
    ) -> Result<VersionView, Fault> {
        Ok(VersionView {
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}
