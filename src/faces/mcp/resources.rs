//! Analyses as MCP resources, so that a client can open the whole report that a tool result only excerpts: the task as
//! JSON, its report as Markdown. They are read through the same operations as the tools, with the same access.

use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::Value;

use crate::operations::dispatch::Answer;
use crate::operations::report_markdown;

const SCHEME: &str = "clara://tasks/";
const REPORT: &str = "/report";

/// What is offered, whatever tasks there are.
pub fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new("clara://tasks/{task_id}", "task")
            .with_title("Analysis")
            .with_description("An analysis with its whole report.")
            .with_mime_type("application/json"),
        ResourceTemplate::new("clara://tasks/{task_id}/report", "report")
            .with_title("Report")
            .with_description("The whole report of an analysis, for people.")
            .with_mime_type("text/markdown"),
    ]
}

/// The reports of an account's latest tasks, from the answer of `task_view_all`.
pub fn list(tasks: &Value) -> Vec<Resource> {
    let finished = tasks
        .as_array()
        .into_iter()
        .flatten()
        .filter(|task| task["status"] == "COMPLETED");
    finished
        .filter_map(|task| {
            let id = task["id"].as_str()?;
            let summary = task["result"]["summary"].as_str().unwrap_or_default();
            let day = task["created_at"].as_str().unwrap_or_default();
            let resource = Resource::new(format!("{SCHEME}{id}{REPORT}"), id)
                .with_title(format!("Report of {day}"))
                .with_description(summary)
                .with_mime_type("text/markdown");
            Some(resource)
        })
        .collect()
}

/// The task that a resource's address names, and whether its report is meant.
pub fn task_of(uri: &str) -> Option<(&str, bool)> {
    let rest = uri.strip_prefix(SCHEME)?;
    let (task_id, report) = match rest.strip_suffix(REPORT) {
        Some(task_id) => (task_id, true),
        None => (rest, false),
    };
    (!task_id.is_empty() && !task_id.contains('/')).then_some((task_id, report))
}

/// The content of a resource, from the answer of `task_view`; `None` where there is no such task, or no report yet.
pub fn content(uri: &str, report: bool, answer: &Answer) -> Option<ReadResourceResult> {
    if !answer.is_success() {
        return None;
    }
    let (text, kind) = if report {
        (report_markdown(&answer.data)?, "text/markdown")
    } else {
        (answer.data.to_string(), "application/json")
    };
    Some(ReadResourceResult::new(vec![
        ResourceContents::text(text, uri).with_mime_type(kind),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_a_task_or_its_report_and_nothing_else() {
        assert_eq!(task_of("clara://tasks/task_1"), Some(("task_1", false)));
        assert_eq!(
            task_of("clara://tasks/task_1/report"),
            Some(("task_1", true))
        );
        for other in [
            "clara://tasks/",
            "clara://tasks//report",
            "clara://tasks/a/b",
            "https://tasks/a",
            "",
        ] {
            assert_eq!(task_of(other), None, "{other}");
        }
    }
}
