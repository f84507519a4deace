//! Every optional field of every tool in every shape, over whatever connection a client has.

use clara::operations::registry;
use serde_json::Value;

use crate::shapes::{arguments, assert_plain, is_nothing, named, optional_fields, shapes};
use crate::{Client, text_of};

/// Calls every tool with each of its optional fields in each shape.
pub async fn check_every_field(client: &Client) {
    let mut calls = 0;
    for entry in registry::tools() {
        // Ends the session of the process, or changes the key that the client has.
        if matches!(entry.spec.tool, "auth_logout" | "api_key_reset") {
            continue;
        }
        for (field, schema) in optional_fields(entry) {
            for value in shapes() {
                let arguments = arguments(entry, &field, value.clone());
                let shown = format!("{} {field}: {value}", entry.spec.tool);
                let result = client
                    .result(entry.spec.tool, Value::Object(arguments))
                    .await;
                let text = text_of(&result);
                if result.is_error == Some(true) {
                    assert_plain(&text, &shown);
                }
                let envelope = result.structured_content.unwrap();
                assert!(envelope["message"].is_string(), "{shown}: {envelope}");
                // That something must be given is said as where it was left out.
                let is_named = named(&envelope).contains(&field.as_str());
                let is_missing = text.contains("is required");
                assert!(
                    !is_nothing(&value) || !is_named || is_missing,
                    "{shown}: {text}"
                );
                if value == 30.5 && schema["type"] != "number" {
                    let has_failed = envelope["status"] == "error";
                    assert!(has_failed, "{shown} is taken: {text}");
                }
                calls += 1;
            }
        }
    }
    assert!(calls > 100, "{calls} calls");
}
