//! Cancel: ends a waiting or running analysis and gives its credits back; an ended one stays as it is.
//! Knows the tasks service only.

use schemars::JsonSchema;

use super::TaskInput;
use crate::context::Context;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::views::TaskView;
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Ends a waiting or running analysis and gives its credits back. One that has ended is returned unchanged.
#[derive(JsonSchema)]
pub struct Cancel;

impl Operation for Cancel {
    type Input = TaskInput;
    type Output = TaskView;
    const SPEC: Spec = Spec {
        tool: "task_cancel",
        title: "Cancel analysis",
        area: Area::Task,
        route: Route::delete("/users/{user_id}/tasks/{task_id}"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Task cancelled successfully."),
        hints: Hints::END,
    };
    const REFUSALS: &'static [FaultKind] = &[FaultKind::NotFound(Resource::Task)];

    async fn run(context: &Context, caller: &Caller, input: TaskInput) -> Result<TaskView, Fault> {
        Ok(context
            .services
            .tasks
            .cancel(&caller.user()?.id, &input.task_id, &caller.origin())
            .await?
            .into())
    }

    fn present(data: &serde_json::Value) -> Option<crate::operations::Presentation> {
        crate::operations::agent::present_task(data)
    }
}
