//! Arguments as models and their frameworks send them, brought into the form that the schema asks for: only over MCP, for
//! people's own programs are told exactly what is wrong. Nothing is guessed: what is not plainly the same value in another
//! form stays as it is, and is refused by name where it is read.

use serde_json::{Map, Number, Value};

/// Brings arguments into the form of an input schema.
pub(super) fn normalize(schema: &Map<String, Value>, arguments: &mut Map<String, Value>) {
    let has_fields = |fields: &Map<String, Value>| !fields.is_empty();
    let fields = schema.get("properties").and_then(Value::as_object);
    match fields.filter(|fields| has_fields(fields)) {
        Some(fields) => object(fields, &required(schema), arguments),
        // Many frameworks send something to tools that take nothing.
        None => arguments.clear(),
    }
}

fn required(schema: &Map<String, Value>) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn object(fields: &Map<String, Value>, required: &[&str], given: &mut Map<String, Value>) {
    for (name, schema) in fields {
        let Some(value) = given.get_mut(name) else {
            continue;
        };
        adapt(schema, value);
        if !required.contains(&name.as_str()) && is_nothing(value) {
            given.remove(name);
        }
    }
}

/// Strict modes send every optional field, as null or as an empty text.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

fn adapt(schema: &Value, value: &mut Value) {
    match schema["type"].as_str() {
        Some("integer") => integer(value),
        Some("boolean") => boolean(value),
        Some("array") => {
            parse(value);
            let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
            if value.is_object() || (schema["items"]["type"] == "string" && is_text(value)) {
                *value = Value::Array(vec![value.take()]);
            }
            let items = value.as_array_mut().into_iter().flatten();
            items.for_each(|item| adapt(&schema["items"], item));
        }
        Some("object") => {
            parse(value);
            if let (Value::Object(given), Some(schema)) = (value, schema.as_object())
                && let Some(fields) = schema.get("properties").and_then(Value::as_object)
            {
                object(fields, &required(schema), given);
            }
        }
        _ => {}
    }
}

/// JavaScript and Python's JSON write 30 as 30.0.
fn integer(value: &mut Value) {
    // Beyond this a float no longer tells one whole number from the next.
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    if let Value::Number(number) = value
        && let Some(float) = number.as_f64().filter(|_| number.is_f64())
        && float.fract() == 0.0
        && float.abs() <= MAX_EXACT
        && let Ok(whole) = format!("{float:.0}").parse::<i64>()
    {
        *value = Value::Number(Number::from(whole));
    }
}

fn boolean(value: &mut Value) {
    match value.as_str() {
        Some("true" | "True") => *value = Value::Bool(true),
        Some("false" | "False") => *value = Value::Bool(false),
        _ => {}
    }
}

/// An object, a list or null that came as JSON text.
fn parse(value: &mut Value) {
    if let Some(text) = value.as_str()
        && let Ok(parsed) = serde_json::from_str::<Value>(text)
        && matches!(parsed, Value::Object(_) | Value::Array(_) | Value::Null)
    {
        *value = parsed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn normalized(given: Value) -> Value {
        let schema = json!({
            "type": "object",
            "properties": {
                "text": {"type": "string"},
                "note": {"type": "string"},
                "seconds": {"type": "integer"},
                "dark": {"type": "boolean"},
                "claims": {"type": "array", "items": {"type": "string"}},
                "files": {"type": "array", "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "url": {"type": "string"}},
                    "required": ["name"],
                }},
            },
            "required": ["text"],
        });
        let (Value::Object(schema), Value::Object(mut given)) = (schema, given) else {
            unreachable!()
        };
        normalize(&schema, &mut given);
        Value::Object(given)
    }

    #[test]
    fn values_in_another_form_are_taken() {
        let file = json!([{"name": "a.txt"}]);
        let cases = [
            (
                json!({"text": "t", "note": null, "seconds": "", "files": null}),
                json!({"text": "t"}),
            ),
            (json!({"seconds": 30.0}), json!({"seconds": 30})),
            (json!({"dark": "true"}), json!({"dark": true})),
            (json!({"files": {"name": "a.txt"}}), json!({"files": file})),
            (
                json!({"files": "[{\"name\": \"a.txt\"}]"}),
                json!({"files": file}),
            ),
            (
                json!({"files": "{\"name\": \"a.txt\"}"}),
                json!({"files": file}),
            ),
            (
                json!({"files": ["{\"name\": \"a.txt\"}"]}),
                json!({"files": file}),
            ),
            (
                json!({"files": [{"name": "a.txt", "url": null}]}),
                json!({"files": file}),
            ),
            (json!({"claims": "It is."}), json!({"claims": ["It is."]})),
            (
                json!({"claims": "[\"It is.\"]"}),
                json!({"claims": ["It is."]}),
            ),
            (json!({"claims": ""}), json!({})),
            (json!({"files": "null"}), json!({})),
            (json!({"files": []}), json!({"files": []})),
        ];
        for (given, expected) in cases {
            assert_eq!(normalized(given.clone()), expected, "{given}");
        }
    }

    #[test]
    fn values_of_another_meaning_are_left() {
        for given in [
            json!({"text": null}),
            json!({"text": ""}),
            json!({"seconds": 30.5, "dark": "perhaps"}),
            json!({"seconds": 1e300}),
            json!({"files": "a.txt", "note": 5}),
            json!({"files": 5.0, "colour": "red"}),
            json!({"files": [{"name": ""}]}),
        ] {
            assert_eq!(normalized(given.clone()), given);
        }
    }
}
