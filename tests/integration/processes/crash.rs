//! The process is aborted before its n-th statement, for every n of an Activate and of an Analysis, and the next start
//! must find nothing half done. The statements of the start itself are among them.

use std::process::Stdio;

use serde_json::{Value, json};

use super::support::{Folder, newest_code};

/// More statements than either takes; reaching it means that a run never came to its end.
const TOO_MANY: u32 = 400;

fn call(folder: &Folder, tool: &str, arguments: &Value, abort_at: Option<u32>) -> Option<Value> {
    let mut command = folder.command(&["call", tool, &arguments.to_string()]);
    command.stderr(Stdio::null());
    if let Some(n) = abort_at {
        command.env("CLARA_TEST_ABORT_AT_STATEMENT", n.to_string());
    }
    let output = command.output().unwrap();
    // An abort has no exit code: it is a signal.
    output.status.code()?;
    Some(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

fn ledger_is_sound(folder: &Folder) {
    let output = folder.command(&["doctor"]).output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && report.contains("every balance is the sum of its entries"),
        "{report}"
    );
}

#[test]
fn an_activate_cut_off_anywhere_is_whole_or_not_at_all() {
    let folder = Folder::new();
    let mut finished = false;
    for n in 1..TOO_MANY {
        let email = format!("ada{n}@example.org");
        let person = json!({"first_name": "Ada", "last_name": "M", "email": email, "password": "correct horse battery"});
        assert_eq!(
            call(&folder, "auth_register", &person, None).unwrap()["status"],
            "success"
        );
        let code = newest_code(&folder.data().join("outbox"), &email).unwrap();
        let activate = json!({"user_email": email, "code": code});
        let cut = call(&folder, "auth_activate", &activate, Some(n));
        let pair = json!({"email": email, "password": "correct horse battery"});
        let user = call(&folder, "auth_login", &pair, None).unwrap()["data"].clone();
        let whole = user["is_active"] == true && user["credits"] == 100.0;
        let not_at_all = user["is_active"] == false && user["credits"] == 0.0;
        assert!(whole || not_at_all, "cut at {n}: {user}");
        if not_at_all {
            let again = call(&folder, "auth_activate", &activate, None).unwrap();
            assert_eq!(
                again["data"]["credits"], 100.0,
                "the same code still works after a cut at {n}: {again}"
            );
        }
        if cut.is_some() {
            finished = true;
            break;
        }
    }
    assert!(finished, "some run came to its end");
    ledger_is_sound(&folder);
}

#[test]
fn an_analysis_cut_off_anywhere_is_mended_by_the_next_start() {
    let folder = Folder::new();
    assert_eq!(
        call(&folder, "user_view", &json!({}), None).unwrap()["status"],
        "success"
    );
    // Without a source it would cost nothing.
    let sources = json!([{"name": "bridge.txt", "text": "The bridge opened in 1931."}]);
    let analysis =
        json!({"text": "The bridge opened in 1931.", "attachments": sources, "wait_seconds": 55});
    let mut accepted = 0;
    let mut finished = false;
    for n in 1..TOO_MANY {
        let cut = call(&folder, "agent_analysis", &analysis, Some(n));
        // The next start, which need not wait for the dead process's lease, ends whatever was accepted.
        let all = tasks(&folder);
        assert!(
            all.len() == accepted || all.len() == accepted + 1,
            "cut at {n}"
        );
        accepted = all.len();
        if let Some(task) = all.first() {
            let seen = mend(&folder, task);
            assert_eq!(seen["data"]["status"], "COMPLETED", "cut at {n}: {seen}");
        }
        if cut.is_some() {
            finished = true;
            break;
        }
    }
    assert!(
        finished && accepted > 1,
        "some run came to its end, and some were cut in the middle"
    );
    let user = call(&folder, "user_view", &json!({}), None).unwrap();
    let paid = 20.0 * f64::from(u32::try_from(accepted).unwrap());
    assert_eq!(
        user["data"]["credits"],
        10_000.0 - paid,
        "each accepted task was paid once"
    );
    ledger_is_sound(&folder);
}

fn tasks(folder: &Folder) -> Vec<Value> {
    let mut command = folder.command(&["call", "task_view_all", r#"{"limit": 100}"#]);
    // Looking must not take part in the work.
    let output = command.env("CLARA_WORKERS", "0").output().unwrap();
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    listed["data"].as_array().cloned().unwrap_or_default()
}

fn mend(folder: &Folder, task: &Value) -> Value {
    let arguments = json!({"task_id": task["id"], "wait_seconds": 55}).to_string();
    let mut command = folder.command(&["call", "task_view", &arguments]);
    let output = command
        .env("CLARA_TEST_LEASES_ADVANCED_BY", "60")
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}
