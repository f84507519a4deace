//! Analyses as MCP resources, so that a client can open the whole report that a tool result only excerpts: the task as
//! JSON, its report as Markdown. They are read through the same operations as the tools, with the same access.

use rmcp::model::{
    CacheScope, CompleteRequestParams, CompleteResult, CompletionInfo, ReadResourceResult,
    Reference, Resource, ResourceContents, ResourceTemplate,
};
use serde_json::Value;

use crate::operations::dispatch::Answer;
use crate::operations::report_markdown;

/// The operations that resources are calls of.
pub const LIST: &str = "task_view_all";
pub const READ: &str = "task_view";
/// How many tasks a list of resources goes back.
pub const MAX_LISTED: usize = 50;

const SCHEME: &str = "clara://tasks/";
const REPORT: &str = "/report";
/// The variable of the templates.
const TASK_ID: &str = "task_id";
/// How long a client may keep what will never change again.
const FINISHED_MS: u64 = 3_600_000;

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

/// An account's latest tasks, and the reports of those that have one, from the answer of the list.
pub fn list(tasks: &Value) -> Vec<Resource> {
    let tasks = tasks.as_array().into_iter().flatten();
    tasks.flat_map(of_task).collect()
}

fn of_task(task: &Value) -> Vec<Resource> {
    let Some(id) = task["id"].as_str() else {
        return Vec::new();
    };
    let status = task["status"].as_str().unwrap_or_default();
    let day = task["created_at"].as_str().unwrap_or_default();
    let about = match task["title"].as_str() {
        Some(title) => format!("{day}: {title}"),
        None => day.to_owned(),
    };
    let whole = Resource::new(format!("{SCHEME}{id}"), id)
        .with_title(format!("Analysis of {about}"))
        .with_description(format!("An analysis with its whole report, {status}."))
        .with_mime_type("application/json");
    if status != "COMPLETED" {
        return vec![whole];
    }
    let summary = task["result"]["summary"].as_str().unwrap_or_default();
    let report = Resource::new(format!("{SCHEME}{id}{REPORT}"), format!("{id}{REPORT}"))
        .with_title(format!("Report of {about}"))
        .with_description(summary)
        .with_mime_type("text/markdown");
    vec![report, whole]
}

/// Whether this is an argument that [`completion`] knows values for.
pub fn is_completed(request: &CompleteRequestParams) -> bool {
    match &request.r#ref {
        Reference::Resource(template) => {
            template.uri.starts_with(SCHEME) && request.argument.name == TASK_ID
        }
        _ => false,
    }
}

/// The identifiers among the latest tasks that begin with what was typed.
pub fn completion(tasks: &Value, typed: &str) -> CompleteResult {
    let tasks = tasks.as_array().into_iter().flatten();
    let matching = tasks
        .filter_map(|task| task["id"].as_str())
        .filter(|id| id.starts_with(typed))
        .take(CompletionInfo::MAX_VALUES)
        .map(str::to_owned);
    let values = CompletionInfo::with_all_values(matching.collect());
    CompleteResult::new(values.unwrap_or_default())
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
    let ended = matches!(
        answer.data["status"].as_str(),
        Some("COMPLETED" | "FAILED" | "CANCELLED")
    );
    let contents = vec![ResourceContents::text(text, uri).with_mime_type(kind)];
    Some(
        ReadResourceResult::new(contents)
            .with_ttl_ms(if ended { FINISHED_MS } else { 0 })
            .with_cache_scope(CacheScope::Private),
    )
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
