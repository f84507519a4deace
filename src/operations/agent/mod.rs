//! Agent: what can be handed in, the analysis itself, and what its caller judges and searches after it.
//! Starting one is a task; the worker does it, and the report is presented here for models.

mod analysis;
mod dropped_files;
mod judge;
mod search;
mod supported_attachments;
mod upload;
mod view_upload;

pub use analysis::Analysis;
pub use judge::Judge;
pub use search::Search;
pub use supported_attachments::SupportedAttachments;
pub use upload::{AddUpload, UploadView};
pub use view_upload::ViewUpload;

use serde_json::Value;

use super::Presentation;
use crate::analysis::report;
use crate::domain::task::Waiver;

/// A finished task as models get it: the report cut to what a model can hold, with the same facts as text.
pub(super) fn present_task(data: &Value) -> Option<Presentation> {
    let task_id = data.get("id")?.as_str()?;
    let full = serde_json::from_value(data.get("result")?.clone()).ok()?;
    let short = report::for_model(&full, &format!("clara://tasks/{task_id}/report"));
    let mut shown = data.clone();
    shown["result"] = short.structured;
    Some(Presentation {
        headline: None,
        data: shown,
        // The rendering is Markdown, in which an ampersand needs no escape that a model would then quote.
        text: format!(
            "Task {task_id} is COMPLETED.\n\n{}",
            short.text.replace("&amp;", "&")
        ),
        picture: None,
    })
}

/// Why a finished task cost nothing, where it did.
fn waiver(data: &Value) -> Option<Waiver> {
    let length = |field: &str| data["result"][field].as_array().map(Vec::len);
    Waiver::of(length("claims")?, length("sources")?)
}

/// What to do with a task as it is now.
pub(super) fn next_step(data: &Value) -> Option<String> {
    let task_id = data["id"].as_str()?;
    match data["status"].as_str()? {
        "PENDING" | "RUNNING" => Some(format!(
            "The report is not ready: call task_view with task_id {task_id}, which waits for it."
        )),
        "FAILED" if data["error"]["retryable"] == true => {
            Some("The credits were given back. Call agent_analysis with the same again.".to_owned())
        }
        "FAILED" => Some("The credits were given back.".to_owned()),
        _ => None,
    }
}

/// The whole report of a finished task, for people; `None` where there is none yet.
pub fn report_markdown(task: &Value) -> Option<String> {
    let full = serde_json::from_value(task.get("result")?.clone()).ok()?;
    Some(report::markdown(&full))
}
