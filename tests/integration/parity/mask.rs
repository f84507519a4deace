//! What may differ between two answers to the same question, and is masked: who, when, and tokens. A report over MCP is an
//! excerpt of the whole one, so of both the facts are compared: verdicts, quotes, counts.

use serde_json::{Map, Value, json};

pub fn masked(mut envelope: Value) -> Value {
    if let Some(result) = envelope.pointer_mut("/data/result")
        && result.is_object()
    {
        *result = facts(result);
    }
    // What to do next is for models: over MCP it stands beside the documented members.
    if let Some(members) = envelope.as_object_mut() {
        members.remove("next");
    }
    mask(&mut envelope);
    envelope
}

/// The facts of a report, which its excerpt must hold too.
fn facts(report: &Value) -> Value {
    let claims = report["claims"].as_array().into_iter().flatten();
    let mut claims: Vec<Value> = claims
        .map(|claim| {
            let quotes = claim["evidence"].as_array().into_iter().flatten();
            let quotes: Vec<&Value> = quotes.map(|evidence| &evidence["quote"]).collect();
            json!({"text": claim["text"], "verdict": claim["verdict"], "confidence": claim["confidence"], "quotes": quotes})
        })
        .collect();
    // An excerpt has the weightiest first.
    claims.sort_by_key(|claim| claim["text"].to_string());
    json!({"format": report["format"], "summary": report["summary"], "counts": report["counts"], "claims": claims})
}

fn mask(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_what_differs(text),
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(map) => mask_fields(map),
        _ => {}
    }
}

fn mask_fields(map: &mut Map<String, Value>) {
    for (name, value) in map {
        match name.as_str() {
            "created_at" | "updated_at" | "token" if value.is_string() => *value = json!("…"),
            // Each face's own analysis costs something.
            "credits" if value.is_number() => *value = json!("…"),
            _ => mask(value),
        }
    }
}

/// Identifiers inside words become `…`: `task_` and its 32 digits.
fn without_what_differs(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('_') {
        let (before, after) = rest.split_at(at + 1);
        words.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        rest = after;
        if digits == 32 {
            words.push('…');
            rest = &after[32..];
        }
    }
    words + rest
}
