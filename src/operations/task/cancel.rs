//! Cancel: ends a waiting or running analysis and gives its credits back; an ended one stays as it is.
//! Knows the tasks service only.

use schemars::JsonSchema;
use serde_json::Value;

use super::TaskInput;
use crate::context::Context;
use crate::fault::{Fault, FaultKind, Resource};
use crate::operations::caller::Caller;
use crate::operations::views::TaskView;
use crate::operations::{Access, Area, Body, Hints, Operation, Presentation, Route, Spec, Success};

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

    /// The text does not repeat the report: whoever calls a task off does not ask for it.
    fn present(data: &Value) -> Option<Presentation> {
        let (task_id, status) = (data["id"].as_str()?, data["status"].as_str()?);
        let excerpt = crate::operations::agent::present_task(data);
        let shown = excerpt.map_or_else(|| data.clone(), |excerpt| excerpt.data);
        // The documented message is the same either way.
        let has_ended = matches!(status, "COMPLETED" | "FAILED");
        Some(Presentation {
            headline: has_ended.then_some("Task had ended already; nothing was cancelled."),
            data: shown,
            text: format!("Task {task_id} is {status}."),
            picture: None,
        })
    }

    fn next_step(data: &Value) -> Option<String> {
        match data["status"].as_str()? {
            "CANCELLED" => Some("Its credits were given back.".to_owned()),
            "COMPLETED" => Some(format!(
                "It had ended already, nothing was cancelled and it stays paid for; task_view with task_id {} shows its report.",
                data["id"].as_str()?
            )),
            "FAILED" => {
                Some("It had failed already, and its credits were given back then.".to_owned())
            }
            _ => None,
        }
    }
}
