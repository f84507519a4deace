//! View All: the account's analyses, newest first, with the short form of each result.
//! Knows the tasks service only.

use schemars::JsonSchema;

use crate::context::Context;
use crate::fault::Fault;
use crate::operations::caller::Caller;
use crate::operations::views::{Listed, ListedTaskView, PageInput};
use crate::operations::{Access, Area, Body, Hints, Operation, Route, Spec, Success};

/// Lists the caller's analyses, newest first, each with the first words of its text and the summary and counts of its
/// result. The full report: `task_view`.
#[derive(JsonSchema)]
pub struct ViewAll;

impl Operation for ViewAll {
    type Input = PageInput;
    type Output = Listed<ListedTaskView>;
    const SPEC: Spec = Spec {
        tool: "task_view_all",
        title: "List analyses",
        area: Area::Task,
        route: Route::get("/users/{user_id}/tasks"),
        access: Access::SessionOrKey,
        while_inactive: false,
        about_account: true,
        body: Body::None,
        success: Success::ok("Tasks fetched successfully."),
        hints: Hints::READ,
    };

    async fn run(
        context: &Context,
        caller: &Caller,
        input: PageInput,
    ) -> Result<Listed<ListedTaskView>, Fault> {
        let user_id = &caller.user()?.id;
        let part = context.services.tasks.list(user_id, input.into());
        Ok(Listed::new(part.await?))
    }

    fn total(output: &Listed<ListedTaskView>) -> Option<u64> {
        Some(output.total)
    }
}
