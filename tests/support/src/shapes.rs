//! Every optional field of an operation in every shape that programs send. The table is the registry, so that a new operation
//! is in it.
use clara::operations::registry::Entry;
use serde_json::{Map, Value, json};

/// What would do in a required field of this name.
pub fn fine(field: &str) -> Value {
    let nothing = "0".repeat(32);
    match field {
        "email" | "user_email" => json!("nobody@example.org"),
        "code" => json!("000001"),
        "otp_type" => json!("CHANGE_PASSWORD"),
        "task_id" => json!(format!("task_{nothing}")),
        "session_id" => json!(format!("session_{nothing}")),
        "transaction_id" => json!(format!("transaction_{nothing}")),
        "amount" | "credits" | "change" => json!(5),
        "text" => json!("The mill was built in 1904."),
        _ => json!("x"),
    }
}

/// The optional fields, each with its schema.
pub fn optional_fields(entry: &Entry) -> Vec<(String, Value)> {
    let fields = entry.contract.input["properties"]
        .as_object()
        .unwrap()
        .iter();
    let is_required = |name: &str| entry.required().iter().any(|required| required == name);
    fields
        .filter(|(name, _)| !is_required(name))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect()
}

/// The required arguments, and this one.
pub fn arguments(entry: &Entry, field: &str, value: Value) -> Map<String, Value> {
    let required = entry.required().iter();
    let mut arguments: Map<String, Value> = required
        .filter(|name| {
            entry.contract.input["properties"]
                .get(name.as_str())
                .is_some()
        })
        .map(|name| (name.clone(), fine(name)))
        .collect();
    arguments.insert(field.to_owned(), value);
    arguments
}

/// The shapes: nothing in two spellings, the wrong container, a decimal number, and a JSON text.
pub fn shapes() -> [Value; 6] {
    [
        json!(null),
        json!(""),
        json!([]),
        json!({}),
        json!(30.5),
        json!("[{\"name\": 5}]"),
    ]
}

/// Whether a shape says that nothing is given.
pub fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == ""
}

/// The fields that a refusal names.
pub fn named(envelope: &Value) -> Vec<&str> {
    let errors = envelope["data"]["errors"].as_array().into_iter().flatten();
    errors.filter_map(|error| error["field"].as_str()).collect()
}

/// A refusal is for whoever sent the call: it names no type of ours.
pub fn assert_plain(text: &str, shown: &str) {
    for word in ["sequence", " map", "struct", "u32", "Option"] {
        assert!(!text.contains(word), "{shown}: {text}");
    }
}
