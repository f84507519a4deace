//! Reads the arguments of a call into an operation's input, and reports every bad field at once, by name.
//! serde stops at the first bad value; here it is asked again without it, until only good ones are left.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::fault::{Fault, FaultKind, FieldProblem, MAX_REPEATED};

/// What the schema says about an input's fields.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pub known: Vec<String>,
    pub required: Vec<String>,
    /// One value of each field that shows what to send.
    pub examples: Map<String, Value>,
}

impl Fields {
    /// Reads the names off an input schema.
    pub fn of(schema: &Map<String, Value>, examples: Map<String, Value>) -> Self {
        let known = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array);
        Self {
            examples,
            known: known
                .map(|fields| fields.keys().cloned().collect())
                .unwrap_or_default(),
            required: required
                .map(|names| {
                    names
                        .iter()
                        .filter_map(|name| name.as_str().map(str::to_owned))
                        .collect()
                })
                .unwrap_or_default(),
        }
    }
}

impl Fields {
    /// The required arguments with values that would be taken. A password is for people to choose, so none is shown.
    pub fn example(&self) -> Option<Value> {
        let mut example = Map::new();
        for name in &self.required {
            let value = match name.as_str() {
                "password" => Value::from("…"),
                _ => self.examples.get(name)?.clone(),
            };
            example.insert(name.clone(), value);
        }
        (!example.is_empty()).then_some(Value::Object(example))
    }

    /// What to add to a problem with a whole list or object: one that would be taken.
    fn such_as(&self, path: &str) -> String {
        match self.examples.get(path) {
            Some(example @ (Value::Array(_) | Value::Object(_))) => format!(", such as {example}"),
            _ => String::new(),
        }
    }
}

/// Reads `arguments` as `T`, or says what is wrong with each field.
pub fn read<T: DeserializeOwned>(
    fields: &Fields,
    arguments: Map<String, Value>,
) -> Result<T, Fault> {
    let (arguments, problems) = vet(fields, arguments);
    match serde_path_to_error::deserialize(&arguments) {
        Ok(input) if problems.is_empty() => Ok(input),
        _ => Err(refusal(fields, arguments, problems, &|arguments| {
            serde_path_to_error::deserialize::<_, T>(arguments).err()
        })),
    }
}

/// What is wrong by the fields' names alone, and the arguments whose values are still to be read. Here and below nothing
/// depends on the type that is read, for each operation has its own.
fn vet(fields: &Fields, mut arguments: Map<String, Value>) -> (Value, Vec<FieldProblem>) {
    let mut problems = Vec::new();
    let unknown: Vec<String> = arguments
        .keys()
        .filter(|name| !fields.known.contains(name))
        .cloned()
        .collect();
    for name in unknown {
        arguments.remove(&name);
        let shown: String = name.chars().take(MAX_REPEATED).collect();
        problems.push(FieldProblem::refused(shown, unknown_field(&fields.known)));
    }
    // An explicit null for a required field is as good as none.
    for name in &fields.required {
        if arguments.get(name).is_none_or(Value::is_null) {
            arguments.remove(name);
            problems.push(FieldProblem::missing(name));
        }
    }
    (Value::Object(arguments), problems)
}

/// Every problem with the arguments: those in hand, and what `read` stumbles over until only good values are left.
fn refusal(
    fields: &Fields,
    mut remaining: Value,
    mut problems: Vec<FieldProblem>,
    read: &dyn Fn(&Value) -> Option<serde_path_to_error::Error<serde_json::Error>>,
) -> Fault {
    while let Some(error) = read(&remaining) {
        let path = error.path().to_string();
        let name = path.split(['.', '[']).next().unwrap_or_default().to_owned();
        let Some(map) = remaining.as_object_mut() else {
            break;
        };
        if map.remove(&name).is_none() {
            // Only what was already refused is missing now; anything else is a fault of the whole input.
            if problems.is_empty() {
                let problem = error.inner().to_string();
                problems.push(FieldProblem::malformed(name, problem));
            }
            break;
        }
        let problem = plain(&error.inner().to_string()) + &fields.such_as(&path);
        problems.push(FieldProblem::malformed(path, problem));
    }
    Fault::new(FaultKind::InvalidFields(problems))
}

fn unknown_field(known: &[String]) -> String {
    if known.is_empty() {
        "is not known: this operation takes no arguments".to_owned()
    } else {
        format!("is not known: this operation takes {}", known.join(", "))
    }
}

/// serde's own words, made to stand after a field's name.
fn plain(problem: &str) -> String {
    if problem.starts_with("must ") || problem.starts_with("is ") {
        return problem.to_owned();
    }
    if let Some((_, expected)) = problem.split_once("expected one of ") {
        return format!("must be one of {expected}");
    }
    if let Some((found, expected)) = problem.rsplit_once(", expected ") {
        let found = found.split_once(": ").map_or(found, |(_, value)| value);
        // The value itself may be a secret: only its type is named.
        let kind = found.split([' ', '`', '"']).next().unwrap_or_default();
        // serde's words for the types of JSON are Rust's.
        let expected = match expected {
            "a sequence" => "a list",
            "a map" => "an object",
            // An enum, which serde would read from an object too.
            "string or map" | "map with a single key" => "a string",
            other if other.starts_with("struct ") => "an object",
            other => other,
        };
        let kind = match kind {
            "sequence" => "a list",
            "map" => "an object",
            "unit" => "null",
            "floating" => "a decimal number",
            other => other,
        };
        return if kind.is_empty() {
            format!("must be {expected}")
        } else {
            format!("must be {expected}, not {kind}")
        };
    }
    problem.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Sample {
        email: crate::domain::email::Email,
        password: crate::domain::password::Password,
        count: Option<u32>,
        purpose: Option<crate::domain::code::CodePurpose>,
    }

    fn problems(arguments: Value) -> Vec<(String, String)> {
        let fields = Fields {
            known: ["email", "password", "count", "purpose"]
                .map(str::to_owned)
                .to_vec(),
            required: ["email", "password"].map(str::to_owned).to_vec(),
            ..Fields::default()
        };
        let Value::Object(map) = arguments else {
            panic!("an object")
        };
        match read::<Sample>(&fields, map).unwrap_err().kind() {
            FaultKind::InvalidFields(problems) => problems
                .iter()
                .map(|p| (p.field.clone(), p.problem.clone()))
                .collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_bad_field_is_named_at_once() {
        let found = problems(json!({"email": 5, "count": -1, "purpose": "DANCE", "colour": "red"}));
        let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["colour", "password", "count", "email", "purpose"]);
        assert_eq!(
            found[4].1,
            "must be one of `ACTIVATION`, `TWO_FACTOR_AUTH`, `CHANGE_PASSWORD`"
        );
        assert_eq!(found[3].1, "must be a string, not integer");
    }

    #[test]
    fn types_are_named_as_json_names_them() {
        for (given, expected) in [
            (
                "invalid type: map, expected a sequence",
                "must be a list, not an object",
            ),
            (
                "invalid type: sequence, expected a string",
                "must be a string, not a list",
            ),
            (
                "invalid type: string \"x\", expected struct Attachment",
                "must be an object, not string",
            ),
            (
                "invalid type: floating point `1.5`, expected a boolean",
                "must be a boolean, not a decimal number",
            ),
        ] {
            assert_eq!(plain(given), expected);
        }
    }

    #[test]
    fn example_shows_what_is_required() {
        let examples = json!({"email": "ada@example.org", "count": 5});
        let fields = Fields {
            known: ["count", "email", "password"].map(str::to_owned).to_vec(),
            required: ["email", "password"].map(str::to_owned).to_vec(),
            examples: examples.as_object().unwrap().clone(),
        };
        let example = json!({"email": "ada@example.org", "password": "…"});
        assert_eq!(fields.example(), Some(example));
        assert_eq!(Fields::default().example(), None);
    }

    #[test]
    fn a_refused_value_is_not_repeated() {
        let found = problems(json!({"email": "a@b.org", "password": ["hunter2hunter2"]}));
        assert!(!found[0].1.contains("hunter2"), "{found:?}");
        let found = problems(json!({"email": "a@b.org", "password": {"a": "hunter2hunter2"}}));
        assert!(!found[0].1.contains("hunter2"), "{found:?}");
    }
}
