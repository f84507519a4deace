//! Health: says that this server answers.
//! It asks nothing of the database; readiness for machines is another matter.

use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::{Access, Area, Body, Hints, NoInput, Operation, Route, Spec, Success};

/// Says whether Clara is up.
#[derive(JsonSchema)]
pub struct Health;

/// The documented pair.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Health")]
pub struct HealthView {
    #[schemars(extend("examples" = ["clara"]))]
    service: &'static str,
    #[schemars(extend("examples" = ["healthy"]))]
    status: &'static str,
}

impl Operation for Health {
    type Input = NoInput;
    type Output = HealthView;
    const SPEC: Spec = Spec {
        tool: "misc_health",
        title: "Check health",
        area: Area::Misc,
        route: Route::get("/health"),
        access: Access::Open,
        while_inactive: true,
        about_account: false,
        body: Body::None,
        success: Success::ok("Health check successful."),
        hints: Hints::READ,
    };

    async fn run(
        _context: &Context,
        _caller: &Caller,
        _input: NoInput,
    ) -> Result<HealthView, Fault> {
        Ok(HealthView {
            service: "clara",
            status: "healthy",
        })
    }
}
