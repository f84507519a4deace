//! What the `params` of each method must look like. The protocol library takes a request whose params fit no type for one of
//! a method that it does not know; here the member that is wrong is named, so that the sender can mend it.

use rmcp::model::ErrorData;
use serde_json::{Map, Value};

/// The JSON type of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Object,
}

/// A member of a method's params; a dot leads into an object that stands before it in the list.
struct Member {
    path: &'static str,
    kind: Kind,
    required: bool,
}

const fn required(path: &'static str, kind: Kind) -> Member {
    Member {
        path,
        kind,
        required: true,
    }
}

const fn optional(path: &'static str, kind: Kind) -> Member {
    Member {
        path,
        kind,
        required: false,
    }
}

const NAMED: &[Member] = &[
    required("name", Kind::Text),
    optional("arguments", Kind::Object),
];
const LISTED: &[Member] = &[optional("cursor", Kind::Text)];
const RESOURCE: &[Member] = &[required("uri", Kind::Text)];
const INITIALIZE: &[Member] = &[
    required("protocolVersion", Kind::Text),
    required("capabilities", Kind::Object),
    required("clientInfo", Kind::Object),
    required("clientInfo.name", Kind::Text),
    required("clientInfo.version", Kind::Text),
];
const LEVEL: &[Member] = &[required("level", Kind::Text)];
const COMPLETION: &[Member] = &[
    required("ref", Kind::Object),
    required("ref.type", Kind::Text),
    required("argument", Kind::Object),
    required("argument.name", Kind::Text),
    required("argument.value", Kind::Text),
];

/// The members of a method's params; `None` for a method that nobody here knows.
fn members(method: &str) -> Option<&'static [Member]> {
    Some(match method {
        "initialize" => INITIALIZE,
        "tools/call" | "prompts/get" => NAMED,
        "resources/read" | "resources/subscribe" | "resources/unsubscribe" => RESOURCE,
        "completion/complete" => COMPLETION,
        "tools/list" | "prompts/list" | "resources/list" | "resources/templates/list" => LISTED,
        "logging/setLevel" => LEVEL,
        "ping" | "server/discover" => &[],
        _ => return None,
    })
}

/// What is wrong with the params of a method that is known: INVALID_PARAMS with the member's name. `None` where the method is
/// not known.
pub fn problem(method: &str, params: Option<&Value>) -> Option<ErrorData> {
    let members = members(method)?;
    let empty = Map::new();
    let given = match params {
        None | Some(Value::Null) => &empty,
        Some(Value::Object(given)) => given,
        Some(other) => return Some(wrong("params", Kind::Object, Some(other))),
    };
    let meta = optional("_meta", Kind::Object);
    let mismatch = members.iter().chain([&meta]).find_map(|member| {
        let value = look_up(given, member.path);
        let fits = match value {
            None | Some(Value::Null) => !member.required,
            Some(value) => member.kind.fits(value),
        };
        (!fits).then(|| wrong(member.path, member.kind, value))
    });
    Some(mismatch.unwrap_or_else(|| {
        ErrorData::invalid_params(format!("The params do not fit the method {method}."), None)
    }))
}

fn look_up<'v>(given: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    let mut parts = path.split('.');
    let first = given.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Object => value.is_object(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Object => "an object",
        }
    }
}

/// The value itself is not repeated: it may be a secret.
fn wrong(path: &str, kind: Kind, value: Option<&Value>) -> ErrorData {
    let kind = kind.name();
    let words = match value {
        None | Some(Value::Null) => format!("`{path}` is missing: it must be {kind}."),
        Some(value) => format!("`{path}` must be {kind}, not {}.", type_name(value)),
    };
    ErrorData::invalid_params(words, None)
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The params with `arguments` read that were sent as JSON text, as some models and bridges do; `None` where there is nothing
/// to read.
pub fn with_parsed_arguments(params: Option<&Value>) -> Option<Value> {
    let given = params?.as_object()?;
    let text = given.get("arguments")?.as_str()?.trim();
    let arguments = if text.is_empty() {
        Value::Object(Map::new())
    } else {
        crate::faces::json::check(text.as_bytes()).ok()?;
        serde_json::from_str::<Value>(text).ok()?
    };
    if !arguments.is_object() {
        return None;
    }
    let mut params = given.clone();
    params.insert("arguments".to_owned(), arguments);
    Some(Value::Object(params))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn problem_names_the_member_for_each_method() {
        let cases = [
            ("tools/call", json!({"arguments": {}}), "`name` is missing"),
            (
                "tools/call",
                json!({"name": "a", "arguments": [1]}),
                "`arguments` must be an object, not a list",
            ),
            (
                "tools/call",
                json!("a"),
                "`params` must be an object, not a string",
            ),
            ("tools/call", json!(null), "`name` is missing"),
            (
                "prompts/get",
                json!({"name": "a", "arguments": 5}),
                "`arguments` must be an object, not a number",
            ),
            (
                "resources/read",
                json!({"uri": true}),
                "`uri` must be a string, not a boolean",
            ),
            (
                "tools/list",
                json!({"cursor": 7}),
                "`cursor` must be a string, not a number",
            ),
            (
                "tools/list",
                json!({"_meta": "x"}),
                "`_meta` must be an object, not a string",
            ),
            (
                "initialize",
                json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x"}}),
                "`clientInfo.version` is missing",
            ),
            (
                "initialize",
                json!({"protocolVersion": 20_250_618}),
                "`protocolVersion` must be a string, not a number",
            ),
            (
                "completion/complete",
                json!({"ref": {"type": "ref/prompt"}, "argument": {"name": "a", "value": 1}}),
                "`argument.value` must be a string, not a number",
            ),
        ];
        for (method, params, words) in cases {
            let error = problem(method, Some(&params)).unwrap();
            assert_eq!(error.code.0, -32602, "{method} {params}");
            assert!(error.message.starts_with(words), "{}", error.message);
        }
        assert_eq!(problem("tools/guess", Some(&json!({}))), None);
    }

    #[test]
    fn arguments_as_json_text_are_parsed() {
        let read = |arguments: &str| {
            with_parsed_arguments(Some(&json!({"name": "a", "arguments": arguments})))
        };
        let parsed = json!({"name": "a", "arguments": {"text": "The mill is old."}});
        assert_eq!(read(r#"{"text": "The mill is old."}"#), Some(parsed));
        assert_eq!(read(""), Some(json!({"name": "a", "arguments": {}})));
        for other in ["x", "[]", "5", r#"{"a": 1, "a": 2}"#] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
