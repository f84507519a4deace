//! View: one analysis, now or when it has ended, with its report.
//! Knows the tasks service; waiting holds no thread and asks no database again and again.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::{WaitSeconds, wait_for};
use crate::context::Context;
use crate::domain::ids::TaskId;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::views::TaskView;
use crate::operations::{Access, Area, Body, Hints, Operation, Presentation, Route, Spec, Success};

/// Returns an analysis with its report once it is COMPLETED; waits for its end if it is still running.
#[derive(JsonSchema)]
pub struct View;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// An `id` from `agent_analysis` or `task_view_all`.
    task_id: TaskId,
    /// Seconds to wait for the end; 25 if missing (0 over REST).
    #[schemars(extend("examples" = [50]))]
    wait_seconds: Option<WaitSeconds>,
}

impl Operation for View {
    type Input = Input;
    type Output = TaskView;
    const SPEC: Spec = Spec {
        tool: "task_view",
        title: "View analysis",
        area: Area::Task,
        route: Route::get("/users/{user_id}/tasks/{task_id}"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Task fetched successfully."),
        hints: Hints::READ,
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::Task)];

    async fn run(context: &Context, caller: &Caller, input: Input) -> Result<TaskView, Fault> {
        let wait = wait_for(caller, input.wait_seconds);
        Ok(context
            .services
            .tasks
            .wait(
                &caller.user()?.id,
                &input.task_id,
                wait,
                &caller.call_control,
            )
            .await?
            .into())
    }

    fn present(data: &Value) -> Option<Presentation> {
        crate::operations::agent::present_task(data)
    }

    fn next_step(data: &Value) -> Option<String> {
        crate::operations::agent::next_step(data)
    }
}
