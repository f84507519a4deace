//! Arguments as models and frameworks send them, for every optional field of every tool. The table is the registry, so that
//! a new operation is in it.

use clara::operations::registry::{self, Entry};
use serde_json::{Map, Value, json};

use super::support::{Client, Folder, text_file, text_of};

/// What would do in a required field of this name.
fn fine(field: &str) -> Value {
    let nothing = "0".repeat(32);
    match field {
        "email" | "user_email" => json!("nobody@example.org"),
        "code" => json!("000001"),
        "otp_type" => json!("CHANGE_PASSWORD"),
        "task_id" => json!(format!("task_{nothing}")),
        "transaction_id" => json!(format!("transaction_{nothing}")),
        "amount" => json!(5),
        "text" => json!("The mill was built in 1904."),
        _ => json!("x"),
    }
}

fn optional_fields(entry: &Entry) -> Vec<(String, Value)> {
    let fields = entry.input["properties"].as_object().unwrap().iter();
    let is_required = |name: &str| entry.required().iter().any(|required| required == name);
    fields
        .filter(|(name, _)| !is_required(name))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect()
}

fn arguments(entry: &Entry, field: &str, value: Value) -> Map<String, Value> {
    let required = entry.required().iter();
    let mut arguments: Map<String, Value> = required
        .filter(|name| entry.input["properties"].get(name.as_str()).is_some())
        .map(|name| (name.clone(), fine(name)))
        .collect();
    arguments.insert(field.to_owned(), value);
    arguments
}

/// The fields that a refusal names.
fn named(envelope: &Value) -> Vec<&str> {
    let errors = envelope["data"]["errors"].as_array().into_iter().flatten();
    errors.filter_map(|error| error["field"].as_str()).collect()
}

async fn check_every_field(client: &Client) {
    for entry in registry::tools() {
        // Ends the session of the process, or changes the key that the client has.
        if matches!(entry.spec.tool, "auth_logout" | "api_key_reset") {
            continue;
        }
        for (field, schema) in optional_fields(entry) {
            let shapes = [
                json!(null),
                json!(""),
                json!([]),
                json!({}),
                json!(30.5),
                json!("[{\"name\": 5}]"),
            ];
            for value in shapes {
                let is_nothing = value.is_null() || value == "";
                let arguments = arguments(entry, &field, value.clone());
                let shown = format!("{} {field}: {value}", entry.spec.tool);
                let result = client
                    .result(entry.spec.tool, Value::Object(arguments))
                    .await;
                let text = text_of(&result);
                for word in ["sequence", " map", "struct", "u32", "Option"] {
                    let is_refused = result.is_error == Some(true);
                    assert!(!is_refused || !text.contains(word), "{shown}: {text}");
                }
                let envelope = result.structured_content.unwrap();
                assert!(envelope["message"].is_string(), "{shown}: {envelope}");
                // That something must be given is said as where it was left out.
                let is_named = named(&envelope).contains(&field.as_str());
                let is_missing = text.contains("is required");
                assert!(!is_nothing || !is_named || is_missing, "{shown}: {text}");
                if value == 30.5 && schema["type"] != "number" {
                    let has_failed = envelope["status"] == "error";
                    assert!(has_failed, "{shown} is taken: {text}");
                }
            }
        }
    }
}

#[tokio::test]
async fn optional_fields_in_every_shape_over_stdio() {
    let folder = Folder::new();
    check_every_field(&folder.client(&[]).await).await;
}

#[tokio::test]
async fn tools_without_input_ignore_arguments() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    for entry in registry::tools().filter(|entry| entry.spec.hints.read_only) {
        if entry.input["properties"].as_object().unwrap().is_empty() {
            let extra = json!({"reason": "because", "limit": null});
            client.data(entry.spec.tool, extra).await;
        }
    }
}

#[tokio::test]
async fn an_attachment_is_taken_in_every_shape() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let file = text_file(
        "mill.txt",
        "The mill was built in 1904 by Ada Marsh. It is old.",
    );
    let plain = file["content_base64"].as_str().unwrap();
    let broken: String = plain
        .as_bytes()
        .chunks(20)
        .map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n")
        .collect();
    let with = |content: String| json!([{"name": "mill.txt", "content_base64": content, "url": null, "path": ""}]);
    let shapes = [
        json!([file]),
        file.clone(),
        json!(json!([file]).to_string()),
        json!(file.to_string()),
        json!([file.to_string()]),
        with(format!("data:text/plain;base64,{plain}")),
        with(format!("data:text/plain;charset=utf-8;base64,{broken}")),
        with(broken.clone()),
        with(plain.trim_end_matches('=').to_owned()),
        with(plain.replace('+', "-").replace('/', "_")),
    ];
    for (number, attachments) in shapes.into_iter().enumerate() {
        // Each another text, for the same again would be the same task.
        let text = format!("The mill was built in 1904. Line {number} is here.");
        let arguments = json!({"text": text, "attachments": attachments, "wait_seconds": 30.0});
        let task = client.data("agent_analysis", arguments).await;
        assert_eq!(
            task["result"]["claims"][0]["verdict"], "supported",
            "{number}: {task}"
        );
    }
}

#[tokio::test]
async fn a_refusal_shows_what_to_send() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let refused = json!({"text": "The mill is old.", "attachments": "mill.txt"});
    let text = text_of(&client.result("agent_analysis", refused).await);
    assert!(
        text.contains("must be a list, not string, such as [{"),
        "{text}"
    );
    assert!(text.contains("content_base64"), "{text}");
    let text = text_of(&client.result("agent_analysis", json!({"text": null})).await);
    assert!(
        text.contains("is required") && text.contains("Send arguments such as {\"text\":"),
        "{text}"
    );
    let text = text_of(&client.result("task_view", json!({})).await);
    assert!(text.contains("{\"task_id\":\"task_"), "{text}");
    let call = |name: &'static str| {
        client
            .service
            .call_tool(rmcp::model::CallToolRequestParams::new(name))
    };
    for (wrong, meant) in [
        ("agent_analyze", "agent_analysis"),
        ("analysis", "agent_analysis"),
        ("fact_check", "agent_analysis"),
        ("task.views", "task_view"),
        ("get_task", "task_view"),
        ("mcp__clara__agent_analysis", "agent_analysis"),
        ("user_viw", "user_view"),
    ] {
        let error = call(wrong).await.unwrap_err().to_string();
        assert!(error.contains(&format!("`{meant}`")), "{wrong}: {error}");
    }
}
