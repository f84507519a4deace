//! `clara analyze`: one fact check from the terminal, with its progress, and then a report for a person.
//! It is the two operations an agent would call, and nothing else.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::output::{Output, refuse, refused};
use super::start::Running;
use crate::analysis::report;
use crate::context::StartError;
use crate::fault::FaultKind;
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry;

/// Checks `text` against the attached files.
pub async fn run(
    running: Running,
    text: String,
    attach: Vec<PathBuf>,
    json: bool,
) -> Result<ExitCode, StartError> {
    let attachments: Result<Vec<Value>, String> = attach.iter().map(attachment).collect();
    let code = match attachments {
        Ok(attachments) => {
            analyze(
                &running,
                json!({"text": text, "attachments": attachments, "wait_seconds": 1}),
                json,
            )
            .await
        }
        Err(problem) => refuse(&problem),
    };
    running.finish().await;
    Ok(code)
}

/// `Checking… 7 of 12 claims judged, 72 %`
fn checking(task: &Value) -> String {
    let percent = task["progress"].as_u64().unwrap_or(0);
    let claims = &task["claim_progress"];
    match (claims["judged"].as_u64(), claims["total"].as_u64()) {
        (Some(judged), Some(total)) => {
            format!("Checking… {judged} of {total} claims judged, {percent} %")
        }
        _ => format!("Checking… {percent} %"),
    }
}

async fn analyze(running: &Running, arguments: Value, json: bool) -> ExitCode {
    let mut answer = call(running, "agent_analysis", arguments).await;
    while answer.is_success() && matches!(status(&answer), "PENDING" | "RUNNING") {
        Output::progress(&checking(&answer.data));
        let task_id = answer.data["id"].clone();
        answer = call(
            running,
            "task_view",
            json!({"task_id": task_id, "wait_seconds": 1}),
        )
        .await;
    }
    Output::progress("");
    if json {
        let printed = Output::json(&answer.envelope());
        return if answer.is_success() && status(&answer) == "COMPLETED" {
            printed
        } else {
            ExitCode::FAILURE
        };
    }
    if !answer.is_success() {
        return refused(&answer);
    }
    match serde_json::from_value::<report::Report>(answer.data["result"].clone()) {
        Ok(finished) => Output::coloured(&report::terminal(
            &finished,
            Output::colour(),
            Output::width(),
        )),
        Err(_) => refuse(
            answer.data["error"]["message"]
                .as_str()
                .unwrap_or("The analysis ended without a report."),
        ),
    }
}

fn status(answer: &Answer) -> &str {
    answer.data["status"].as_str().unwrap_or_default()
}

async fn call(running: &Running, tool: &str, arguments: Value) -> Answer {
    let Some(entry) = registry::find(tool) else {
        return Answer {
            message: format!("There is no tool {tool}."),
            ..Answer::from_fault(&FaultKind::NoRoute.into(), "")
        };
    };
    let arguments = match arguments {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    dispatch(
        &running.context,
        entry,
        Request {
            arrival: running.arrival(),
            user_id: None,
            arguments,
        },
    )
    .await
}

/// A file named on the command line was chosen by the person at the keyboard: it is read here, wherever it lies.
fn attachment(path: &PathBuf) -> Result<Value, String> {
    use base64::Engine as _;
    let bytes =
        std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(
        json!({"name": name, "content_base64": base64::engine::general_purpose::STANDARD.encode(bytes)}),
    )
}
