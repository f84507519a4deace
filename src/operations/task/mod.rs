//! Tasks: the account's analyses, to list, to look at or wait for, and to cancel.
//! They are started by `agent_analysis`.

mod cancel;
mod view;
mod view_all;

pub use cancel::Cancel;
pub use view::View;
pub use view_all::ViewAll;

use crate::domain::ids::TaskId;
use crate::domain::page::Whole;
use crate::operations::caller::{Caller, Face};

/// Names one task.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskInput {
    /// An `id` from `agent_analysis` or `task_view_all`.
    task_id: TaskId,
}

/// How long an answer may wait for a task's end, in seconds.
pub type WaitSeconds = Whole<0, 55>;

/// How long to wait where nobody said: REST answers at once as documented, models get the report in one call.
pub fn wait_for(caller: &Caller, asked: Option<WaitSeconds>) -> std::time::Duration {
    let by_face = if caller.face == Face::Rest { 0 } else { 25 };
    std::time::Duration::from_secs(asked.map_or(by_face, WaitSeconds::get).into())
}
