//! The schemas of all operations as people's documents want them: exact, with examples, and with parts that have a name of
//! their own. Models get the registry's own schemas instead; which document is made of these, this module must not know.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::describe::Generators;
use super::published::{constants, joined};
use super::registry::{ALL, Entry};

/// An operation with its schemas.
pub struct Documented {
    pub entry: &'static Entry,
    /// Of all its arguments together, an object.
    pub input: Value,
    /// Of `data` where all went well.
    pub data: Value,
}

/// Every operation with its schemas, and the named parts that these refer to.
pub struct Contract {
    pub operations: Vec<Documented>,
    pub definitions: Map<String, Value>,
}

/// Draws all schemas; named parts are referred to as `#{definitions_path}/NAME`.
pub fn contract(definitions_path: &'static str) -> Contract {
    let settings = || {
        let mut settings = SchemaSettings::draft2020_12();
        settings.meta_schema = None;
        settings.definitions_path = definitions_path.into();
        settings
    };
    let mut generators = Generators {
        input: settings().into_generator(),
        output: settings().for_serialize().into_generator(),
    };
    let operations = ALL
        .iter()
        .map(|entry| {
            let [input, data] = (entry.describe)(&mut generators).map(tidy);
            Documented { entry, input, data }
        })
        .collect();
    let mut definitions = Map::new();
    for generator in [&mut generators.input, &mut generators.output] {
        for (name, part) in generator.take_definitions(false) {
            definitions.insert(name, tidy(part));
        }
    }
    Contract {
        operations,
        definitions,
    }
}

fn tidy(schema: impl Into<Value>) -> Value {
    let mut schema = schema.into();
    straighten(&mut schema);
    schema
}

/// The words in one line each, enums of constants as such, and no format that says nothing.
fn straighten(value: &mut Value) {
    match value {
        Value::Object(map) => {
            // A field may be called `title`; a schema's own title is text.
            if map.get("title").is_some_and(Value::is_string) {
                map.remove("title");
            }
            let unsigned = |format: &Value| format.as_str().is_some_and(|f| f.starts_with("uint"));
            if map.get("format").is_some_and(unsigned) {
                map.remove("format");
            }
            if let Some(Value::String(words)) = map.get_mut("description") {
                *words = joined(words);
            }
            if let Some(words) = map.get("oneOf").and_then(constants) {
                map.remove("oneOf");
                map.insert("type".to_owned(), json!("string"));
                map.insert("enum".to_owned(), words);
            }
            map.values_mut().for_each(straighten);
        }
        Value::Array(items) => items.iter_mut().for_each(straighten),
        _ => {}
    }
}
