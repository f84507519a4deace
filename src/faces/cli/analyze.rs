//! `clara analyze`: one fact check from the terminal, with its progress, and then a report for a person.
//! It is the two operations an agent would call, and nothing else.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::arguments::Checked;
use super::output::{Output, refuse, refused};
use super::start::Running;
use crate::analysis::report;
use crate::context::StartError;
use crate::fault::FaultKind;
use crate::operations::dispatch::{Answer, Request, dispatch};
use crate::operations::registry;

/// Checks a text, or the statements of a file, against the attached files.
pub async fn run(
    running: Running,
    checked: Checked,
    attach: Vec<PathBuf>,
    json: bool,
) -> Result<ExitCode, StartError> {
    let code = match submission(checked, &attach) {
        Ok(submission) => analyze(&running, submission, json).await,
        Err(problem) => refuse(&problem),
    };
    running.finish().await;
    Ok(code)
}

/// The arguments of the analysis, or why a file cannot be read.
fn submission(checked: Checked, attach: &[PathBuf]) -> Result<Value, String> {
    let mut attachments = Vec::with_capacity(attach.len());
    for pattern in attach {
        for path in matching(pattern)? {
            attachments.push(attachment(&path)?);
        }
    }
    Ok(match checked {
        Checked::Text(text) => {
            json!({"text": text, "attachments": attachments, "wait_seconds": 1})
        }
        Checked::File(path) => {
            let mut file = attachment(&path)?;
            // Of two files of one name it must be told which is checked.
            if attachments
                .iter()
                .any(|other| other["name"] == file["name"])
            {
                file["name"] = json!(format!(
                    "checked {}",
                    file["name"].as_str().unwrap_or_default()
                ));
            }
            let name = file["name"].clone();
            attachments.insert(0, file);
            json!({"text": "", "check": name, "attachments": attachments, "wait_seconds": 1})
        }
    })
}

/// The files that a pattern such as `reports/*.pdf` means. A shell that knows patterns has put the files in its place already.
fn matching(pattern: &Path) -> Result<Vec<PathBuf>, String> {
    let text = pattern.to_string_lossy();
    if pattern.exists() || !text.contains(['*', '?', '[']) {
        return Ok(vec![pattern.to_owned()]);
    }
    let files = glob::glob(&text).map_err(|error| format!("{text} is no pattern: {error}"))?;
    let mut found = Vec::new();
    for path in files {
        let path = path.map_err(|error| format!("cannot look at {text}: {error}"))?;
        if path.is_file() {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(format!("no file is called as {text} says"));
    }
    Ok(found)
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
            call_context: running.call_context(),
            user_id: None,
            arguments,
        },
    )
    .await
}

/// A file named on the command line was chosen by the person at the keyboard: it is read here, wherever it lies.
fn attachment(path: &Path) -> Result<Value, String> {
    use base64::Engine as _;
    let (bytes, name) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes);
        (read.map(|_| bytes), Some(OsStr::new("stdin.txt")))
    } else {
        (std::fs::read(path), path.file_name())
    };
    let bytes = bytes.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let name = name
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(
        json!({"name": name, "content_base64": base64::engine::general_purpose::STANDARD.encode(bytes)}),
    )
}
