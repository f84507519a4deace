//! Every published schema against the written rules of those who take it: a schema that one of them refuses takes the whole
//! list of tools with it.

use std::collections::BTreeSet;

use clara::faces::mcp;
use clara::operations::registry;
use serde_json::{Map, Value, json};

/// A rule, the schema it is broken by, and where it is written.
struct Rule {
    name: &'static str,
    /// <https://…> of the document that says so.
    source: &'static str,
    /// Whether this schema breaks it.
    breaks: fn(&Map<String, Value>) -> bool,
}

const OPENAI: &str = "https://platform.openai.com/docs/guides/function-calling";
const OPENAI_STRICT: &str =
    "https://platform.openai.com/docs/guides/structured-outputs#supported-schemas";
const ANTHROPIC: &str =
    "https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use";
const GEMINI: &str = "https://ai.google.dev/api/caching#Schema";
const VERTEX: &str =
    "https://cloud.google.com/vertex-ai/docs/reference/rest/v1beta1/FunctionDeclaration";

/// The keywords that Gemini's `Schema` has; what is not among them is an unknown field, refused by its converters.
const GEMINI_KEYWORDS: [&str; 9] = [
    "type",
    "description",
    "enum",
    "items",
    "properties",
    "required",
    "minimum",
    "maximum",
    "pattern",
];

/// The keywords that OpenAI's strict mode supports, for each type.
const STRICT_KEYWORDS: [&str; 9] = [
    "type",
    "description",
    "enum",
    "items",
    "properties",
    "required",
    "minimum",
    "maximum",
    "pattern",
];

fn is_object(schema: &Map<String, Value>) -> bool {
    schema.get("type").is_some_and(|kind| kind == "object")
}

/// What holds for each schema of an input, the inner ones too.
const INPUT_RULES: &[Rule] = &[
    Rule {
        name: "an object schema has properties (400 `object schema missing properties`)",
        source: OPENAI,
        breaks: |schema| is_object(schema) && !schema.contains_key("properties"),
    },
    Rule {
        name: "strict mode knows no other keywords",
        source: OPENAI_STRICT,
        breaks: |schema| {
            schema
                .keys()
                .any(|keyword| !STRICT_KEYWORDS.contains(&keyword.as_str()))
        },
    },
    Rule {
        name: "only declared keywords, so no additionalProperties and no format but enum, date-time and number formats",
        source: GEMINI,
        breaks: |schema| {
            schema
                .keys()
                .any(|keyword| !GEMINI_KEYWORDS.contains(&keyword.as_str()))
        },
    },
    Rule {
        name: "each schema has one type",
        source: GEMINI,
        breaks: |schema| !schema.get("type").is_some_and(Value::is_string),
    },
    Rule {
        name: "an enum is of strings and has words",
        source: GEMINI,
        breaks: |schema| {
            let words = schema.get("enum").and_then(Value::as_array);
            words.is_some_and(|words| {
                words.is_empty()
                    || schema.get("type").is_none_or(|kind| kind != "string")
                    || !words.iter().all(Value::is_string)
            })
        },
    },
    Rule {
        name: "a list says what it holds",
        source: OPENAI_STRICT,
        breaks: |schema| {
            schema.get("type").is_some_and(|kind| kind == "array")
                && !schema.get("items").is_some_and(Value::is_object)
        },
    },
    Rule {
        name: "what is required is a property",
        source: GEMINI,
        breaks: |schema| {
            let required = schema.get("required").and_then(Value::as_array);
            let mut names = required.into_iter().flatten().filter_map(Value::as_str);
            names.any(|name| {
                schema
                    .get("properties")
                    .and_then(|all| all.get(name))
                    .is_none()
            })
        },
    },
    Rule {
        name: "names of parameters are letters, digits and underscores, at most 64, and begin with no digit",
        source: VERTEX,
        breaks: |schema| {
            let names = schema.get("properties").and_then(Value::as_object);
            names.into_iter().flatten().any(|(name, _)| {
                name.len() > 64
                    || name.starts_with(|first: char| first.is_ascii_digit())
                    || !name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
        },
    },
    Rule {
        name: "a pattern looks neither ahead nor behind",
        source: OPENAI_STRICT,
        breaks: |schema| {
            let pattern = schema.get("pattern").and_then(Value::as_str);
            pattern.is_some_and(|pattern| pattern.contains("(?"))
        },
    },
];

/// What holds for each schema of an output.
const OUTPUT_RULES: &[Rule] = &[
    Rule {
        name: "an enum has its type",
        source: "https://modelcontextprotocol.io/specification/2025-06-18/server/tools#output-schema",
        breaks: |schema| schema.contains_key("enum") && !schema.contains_key("type"),
    },
    Rule {
        name: "no choices and no references",
        source: "https://github.com/modelcontextprotocol/modelcontextprotocol/issues/834",
        breaks: |schema| {
            let choices = ["anyOf", "oneOf", "allOf", "$ref", "$defs"];
            choices.iter().any(|keyword| schema.contains_key(*keyword))
        },
    },
    Rule {
        name: "a list of types is there for null alone",
        source: "https://modelcontextprotocol.io/specification/2025-06-18/server/tools#output-schema",
        breaks: |schema| {
            let kinds = schema.get("type").and_then(Value::as_array);
            kinds.is_some_and(|kinds| !kinds.contains(&json!("null")) || kinds.len() > 3)
        },
    },
];

/// A schema and all that stand in it.
fn walk<'s>(schema: &'s Value, path: &str, visit: &mut impl FnMut(&str, &'s Map<String, Value>)) {
    let Some(map) = schema.as_object() else {
        return;
    };
    visit(path, map);
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        walk(field, &format!("{path}.{name}"), visit);
    }
    if let Some(items) = map.get("items") {
        walk(items, &format!("{path}[]"), visit);
    }
}

fn broken(schema: &Value, path: &str, rules: &[Rule]) -> Vec<String> {
    let mut found = Vec::new();
    walk(schema, path, &mut |path, schema| {
        for rule in rules.iter().filter(|rule| (rule.breaks)(schema)) {
            found.push(format!("{path}: {} ({})", rule.name, rule.source));
        }
    });
    found
}

#[test]
fn every_provider_takes_every_published_schema() {
    for entry in registry::tools() {
        let tool = serde_json::to_value(mcp::tool(entry)).unwrap();
        let name = tool["name"].as_str().unwrap();
        // OpenAI and Anthropic: ^[a-zA-Z0-9_-]{1,64}$; Vertex: begins with a letter or an underscore.
        let takes = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        assert!(
            name.len() <= 64 && name.bytes().all(takes),
            "{OPENAI} {ANTHROPIC}: {name}"
        );
        assert!(
            !name.starts_with(|first: char| first.is_ascii_digit()),
            "{VERTEX}: {name}"
        );
        // OpenAI: at most 1,024 characters.
        let words = tool["description"].as_str().unwrap().chars().count();
        assert!(
            (1..=1_024).contains(&words),
            "{OPENAI}: {name} has {words} characters of description"
        );
        let input = &tool["inputSchema"];
        // Anthropic: `input_schema.type` is `object`, and there is no choice at the top.
        assert_eq!(input["type"], "object", "{ANTHROPIC}: {name}");
        let found = broken(input, name, INPUT_RULES);
        assert!(found.is_empty(), "{found:#?}");
        let found = broken(&tool["outputSchema"], name, OUTPUT_RULES);
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// What frameworks make of a schema for OpenAI's strict mode: every field is required, and what was optional may be null.
fn strict(schema: &Value) -> Value {
    let mut strict = schema.clone();
    let required: BTreeSet<String> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    if let Some(fields) = strict.get_mut("properties").and_then(Value::as_object_mut) {
        for (name, field) in fields.iter_mut() {
            *field = self::strict(field);
            if !required.contains(name) {
                field["type"] = json!([field["type"], "null"]);
            }
        }
        let names: Vec<String> = fields.keys().cloned().collect();
        strict["required"] = json!(names);
        strict["additionalProperties"] = json!(false);
    }
    if let Some(items) = schema.get("items") {
        strict["items"] = self::strict(items);
    }
    strict
}

#[test]
fn strict_mode_stays_within_its_limits() {
    // At most 5,000 properties, ten levels, 120,000 characters of names and enum words, 1,000 enum words: OPENAI_STRICT.
    for entry in registry::tools() {
        let schema = strict(&Value::Object((*entry.contract.input).clone()));
        let (mut properties, mut characters, mut levels) = (0, 0, 0);
        walk(&schema, "", &mut |path, schema| {
            levels = levels.max(path.matches('.').count());
            for (name, _) in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                properties += 1;
                characters += name.len();
            }
            let words = schema.get("enum").and_then(Value::as_array);
            assert!(words.is_none_or(|words| words.len() <= 1_000));
        });
        assert!(
            properties <= 5_000 && characters <= 120_000 && levels <= 10,
            "{}",
            entry.spec.tool
        );
    }
}

#[test]
fn required_says_what_is_required() {
    let required = |tool: &str| {
        registry::find(tool)
            .unwrap()
            .contract
            .input
            .get("required")
            .cloned()
    };
    assert_eq!(
        required("auth_register"),
        Some(json!(["first_name", "last_name", "email"]))
    );
    assert_eq!(required("agent_analysis"), Some(json!(["text"])));
    assert_eq!(
        required("auth_activate"),
        Some(json!(["user_email", "code"]))
    );
    assert_eq!(required("user_view"), None);
}

#[test]
fn a_rule_that_is_broken_is_found() {
    for (schema, rules) in [
        (json!({"type": "object"}), INPUT_RULES),
        (
            json!({"type": "object", "properties": {}, "additionalProperties": false}),
            INPUT_RULES,
        ),
        (json!({"type": "string", "format": "email"}), INPUT_RULES),
        (json!({"type": ["string", "null"]}), INPUT_RULES),
        (json!({"enum": ["a"]}), INPUT_RULES),
        (json!({"type": "array"}), INPUT_RULES),
        (
            json!({"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}}),
            INPUT_RULES,
        ),
        (
            json!({"type": "object", "properties": {}, "required": ["a"]}),
            INPUT_RULES,
        ),
        (json!({"type": "string", "pattern": "^(?!a)"}), INPUT_RULES),
        (json!({"enum": ["a"]}), OUTPUT_RULES),
        (
            json!({"type": "object", "properties": {"a": {"anyOf": []}}}),
            OUTPUT_RULES,
        ),
    ] {
        assert!(!broken(&schema, "x", rules).is_empty(), "{schema}");
    }
}
