//! Puts examples together: each field's own, else its type's, along the schema. It knows JSON Schema and nothing else.

use serde_json::{Map, Value, json};

/// What `#/components/schemas/NAME` refers to.
pub type Definitions = Map<String, Value>;

/// An example of what `schema` describes: its required fields, and of the others those that have an example of their own.
pub fn example(schema: &Value, definitions: &Definitions) -> Value {
    if let Some(own) = own(schema) {
        return own;
    }
    if let Some(part) = referred(schema, definitions) {
        return example(part, definitions);
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    for choices in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) = schema[choices].get(0) {
            return example(first, definitions);
        }
    }
    match kind(schema) {
        "object" => fields(schema, definitions),
        "array" => json!([example(&schema["items"], definitions)]),
        _ => Value::Null,
    }
}

/// The example that stands beside the field itself.
pub fn own(schema: &Value) -> Option<Value> {
    schema["examples"].get(0).cloned()
}

/// The part that a schema refers to, itself where it is one.
pub fn referred<'a>(schema: &Value, definitions: &'a Definitions) -> Option<&'a Value> {
    let name = schema["$ref"].as_str()?.rsplit('/').next()?;
    definitions.get(name)
}

fn fields(schema: &Value, definitions: &Definitions) -> Value {
    let required = |name: &str| {
        let names = schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|known| known == name))
    };
    let fields = schema["properties"].as_object().into_iter().flatten();
    fields
        .filter_map(|(name, field)| {
            let value = if required(name) {
                Some(example(field, definitions))
            } else {
                own(field)
            };
            Some((name.clone(), value?))
        })
        .collect()
}

/// The type that is not null.
pub fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or("null"),
        _ => "",
    }
}
