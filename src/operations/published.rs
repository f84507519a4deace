//! The schemas that models and their frameworks get: the subset that every provider takes. What is left out here (lengths,
//! formats, closed objects) is still refused by the server, and said in the words of the field. People's documents show the
//! exact schemas, see [`super::documented`].

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// What a schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Input,
    /// Of the data of an answer, as it is published.
    Output,
    /// Of the same data, whole: what else is drawn from it, such as the columns of a table, needs all of its fields.
    WholeOutput,
}

/// A schema as it is published, and what is kept beside it.
pub(super) struct Published {
    pub(super) published: Map<String, Value>,
    /// One example of each field that has any.
    pub(super) examples: Map<String, Value>,
}

/// Left out of every published schema. Each costs tokens, and for each there is a provider or a framework that refuses the
/// whole list because of it: `tests/integration/operations/providers.rs` names them.
const LEFT_OUT: [&str; 9] = [
    "title",
    "examples",
    "format",
    "additionalProperties",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "default",
];
/// Left out of outputs besides: a model reads an answer, it does not check one, and pays for each word of the list.
const LEFT_OUT_OF_OUTPUTS: [&str; 5] = ["description", "pattern", "minimum", "maximum", "required"];
/// Fields of answers whose names say it all.
const FIELDS_LEFT_OUT_OF_OUTPUTS: [&str; 4] =
    ["user_id", "created_at", "updated_at", "claim_progress"];

/// The published schema of a type, without `$ref` and without hard line breaks in its words.
pub(super) fn schema<T: JsonSchema + ?Sized>(direction: Direction) -> Published {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    if direction != Direction::Input {
        settings = settings.for_serialize();
    }
    let mut value = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    let examples = examples(&value);
    reduce(&mut value, direction);
    let published = match value {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    Published {
        published,
        examples,
    }
}

fn examples(schema: &Value) -> Map<String, Value> {
    let fields = schema["properties"].as_object().into_iter().flatten();
    fields
        .filter_map(|(name, field)| {
            let example = field["examples"].get(0)?;
            Some((name.clone(), example.clone()))
        })
        .collect()
}

/// Reduces a schema to the published subset. Every schema in it is an object: names of fields are never taken for keywords.
fn reduce(schema: &mut Value, direction: Direction) {
    let Value::Object(map) = schema else {
        return;
    };
    if direction != Direction::WholeOutput {
        for keyword in LEFT_OUT {
            map.remove(keyword);
        }
    }
    if direction == Direction::Output {
        for keyword in LEFT_OUT_OF_OUTPUTS {
            map.remove(keyword);
        }
    }
    if let Some(Value::String(words)) = map.get_mut("description") {
        *words = joined(words);
    }
    if direction == Direction::Input {
        not_null(map);
    }
    if let Some(words) = map.remove("oneOf").and_then(|choices| constants(&choices)) {
        map.insert("type".to_owned(), json!("string"));
        map.insert("enum".to_owned(), words);
    }
    while direction != Direction::WholeOutput
        && let Some(Value::Array(choices)) = map.remove("anyOf")
    {
        merge(map, choices);
    }
    if map.contains_key("enum") && !map.contains_key("type") {
        map.insert("type".to_owned(), json!("string"));
    }
    let is_object = |kind: &Value| match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| kind == "object"),
        kind => kind == "object",
    };
    if map.get("type").is_some_and(is_object) {
        map.entry("properties").or_insert_with(|| json!({}));
    }
    if let Some(Value::Object(fields)) = map.get_mut("properties") {
        if direction == Direction::Output {
            fields.retain(|name, _| !FIELDS_LEFT_OUT_OF_OUTPUTS.contains(&name.as_str()));
        }
        for field in fields.values_mut() {
            reduce(field, direction);
            // What is in an object of an answer is seen in the answer.
            if direction == Direction::Output
                && let Some(Value::Object(inner)) = field.get_mut("properties")
            {
                inner.clear();
            }
        }
    }
    if let Some(items) = map.get_mut("items") {
        reduce(items, direction);
    }
}

/// A choice of objects as one object with the fields of all, for many frameworks know no choice.
fn merge(map: &mut Map<String, Value>, choices: Vec<Value>) {
    let mut kinds: Vec<Value> = Vec::new();
    for choice in choices {
        let Value::Object(choice) = choice else {
            continue;
        };
        for (keyword, value) in choice {
            match (keyword.as_str(), value) {
                ("type", Value::Array(more)) => kinds.extend(more),
                ("type", kind) => kinds.push(kind),
                // What one of them demands, another does not have.
                ("required", _) => {}
                ("properties", Value::Object(more)) => {
                    let fields = map.entry("properties").or_insert_with(|| json!({}));
                    if let Some(fields) = fields.as_object_mut() {
                        fields.extend(more);
                    }
                }
                (_, value) => {
                    map.entry(keyword).or_insert(value);
                }
            }
        }
    }
    kinds.dedup();
    let kind = match kinds.as_slice() {
        [kind] => kind.clone(),
        _ => Value::Array(kinds),
    };
    map.insert("type".to_owned(), kind);
}

/// An argument that may be left out need not be null, and some providers take one type only.
fn not_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(kinds)) = map.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            map.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(words)) = map.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
}

/// The words of an enum whose variants have words of their own, which schemars spells as a choice of constants.
pub(super) fn constants(choices: &Value) -> Option<Value> {
    let words: Option<Vec<Value>> = choices
        .as_array()?
        .iter()
        .map(|choice| choice.get("const").cloned())
        .collect();
    words.map(Value::Array)
}

/// Lines of one paragraph become one line; paragraphs stay apart.
pub(super) fn joined(words: &str) -> String {
    let paragraphs = words.split("\n\n").map(|paragraph| {
        paragraph
            .lines()
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ")
    });
    paragraphs
        .collect::<Vec<_>>()
        .join("\n\n")
        .trim()
        .to_owned()
}

/// The words of a type.
pub(super) fn description(schema: &Map<String, Value>) -> String {
    schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// The envelope around `data`. Faults carry details or null in its place, and some clients check them against this schema
/// too: so the data's own fields are described but none is demanded.
pub(super) fn envelope(data: &Map<String, Value>) -> Map<String, Value> {
    let mut data = data.clone();
    // The tool's own description says what it returns.
    data.remove("description");
    let mut kinds = match data.remove("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(|kind| kind.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    };
    for kind in ["object", "null"] {
        if !kinds.iter().any(|known| known == kind) {
            kinds.push(kind.to_owned());
        }
    }
    data.insert("type".to_owned(), json!(kinds));
    data.entry("properties").or_insert_with(|| json!({}));
    let schema = json!({
        "type": "object",
        "properties": {
            "status": {"type": "string", "enum": ["success", "error"]},
            "message": {"type": "string"},
            "data": data,
            "next": {"type": "string"},
        },
    });
    match schema {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
