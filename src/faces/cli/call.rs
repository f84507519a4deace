//! `clara call`: any operation from the terminal; prints the envelope, the same as every other face gives.
//! Success and failure are told apart by the exit code too.

use std::process::ExitCode;

use serde_json::{Map, Value};

use super::output::{Output, refuse};
use super::start::Running;
use crate::context::StartError;
use crate::operations::dispatch::{Request, dispatch};
use crate::operations::registry;

/// Calls `tool` with a JSON object of arguments.
pub async fn run(
    running: Running,
    tool: &str,
    arguments: Option<&str>,
) -> Result<ExitCode, StartError> {
    let called = call(&running, tool, arguments).await;
    running.finish().await;
    Ok(called)
}

async fn call(running: &Running, tool: &str, arguments: Option<&str>) -> ExitCode {
    let Some(entry) = registry::find(tool) else {
        return refuse(&format!(
            "there is no tool `{tool}`; `clara tools` lists them"
        ));
    };
    let arguments = match read(arguments) {
        Ok(arguments) => arguments,
        Err(problem) => return refuse(&problem),
    };
    let request = Request {
        call_context: running.call_context(),
        user_id: None,
        arguments,
    };
    let answer = dispatch(&running.context, entry, request).await;
    let printed = Output::json(&answer.envelope());
    if answer.is_success() {
        return printed;
    }
    if let Some(next) = answer.next() {
        Output::tell(next);
    }
    ExitCode::FAILURE
}

fn read(arguments: Option<&str>) -> Result<Map<String, Value>, String> {
    let text = match arguments {
        None => return Ok(Map::new()),
        Some("-") => {
            std::io::read_to_string(std::io::stdin()).map_err(|error| error.to_string())?
        }
        Some(text) => text.to_owned(),
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err("the arguments must be a JSON object such as '{\"limit\": 5}'".to_owned()),
        Err(error) => Err(format!("the arguments are not JSON: {error}")),
    }
}
