//! How operations refuse: which faults each can meet, by its access, its body and its path, and what the one table of
//! faults answers to them. The texts are the table's; only the grouping by status is done here.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::described::Described;
use crate::fault::{Fault, FaultKind, FieldProblem, Resource, Service};
use crate::operations::registry::Entry;
use crate::operations::{Access, Body};

/// One way to refuse, as it is answered.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The fault's name: `NotFoundUser`.
    pub name: String,
    pub status: u16,
    pub message: String,
    pub data: Value,
}

impl Refusal {
    fn of(kind: FaultKind) -> Self {
        let name = format!("{kind:?}")
            .chars()
            .take_while(|c| !"{[ ".contains(*c))
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let answer = Fault::new(kind).answer("4c1f0e9a72d35b86");
        Self {
            name,
            status: answer.status,
            message: answer.message.into_owned(),
            data: answer.data,
        }
    }

    /// The body.
    pub fn envelope(&self) -> Value {
        json!({"status": "error", "message": self.message, "data": self.data})
    }
}

/// How an operation may refuse.
pub fn refusals(entry: &Entry) -> Vec<Refusal> {
    sorted(faults(entry))
}

fn sorted(faults: impl IntoIterator<Item = FaultKind>) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = faults.into_iter().map(Refusal::of).collect();
    refusals.sort_by_key(|refusal| refusal.status);
    refusals
}

fn faults(entry: &Entry) -> Vec<FaultKind> {
    let spec = &entry.spec;
    let mut faults = Vec::new();
    if matches!(spec.body, Body::Required | Body::WithFiles) {
        faults.push(FaultKind::EmptyBody);
    }
    faults.extend(of_any_request());
    if spec.body != Body::None {
        faults.extend(of_any_body());
    }
    if spec.access != Access::Open {
        faults.push(FaultKind::Unauthenticated);
    }
    let by_account = match spec.access {
        Access::Session | Access::Person | Access::SessionOrKey | Access::PublicKeyOrSession => {
            true
        }
        Access::Open | Access::Password | Access::PublicKey | Access::Operator => false,
    };
    if by_account && !spec.while_inactive {
        faults.push(FaultKind::Inactive);
    }
    if spec.route.variables().any(|name| name == "user_id") {
        faults.push(FaultKind::NotFound(Resource::User));
    }
    for fault in entry.refusals {
        if !faults.contains(fault) {
            faults.push(fault.clone());
        }
    }
    faults
}

fn of_any_request() -> [FaultKind; 7] {
    [
        FaultKind::InvalidFields(vec![FieldProblem::refused(
            "limit",
            "must be a whole number from 1 to 100",
        )]),
        FaultKind::Forbidden,
        FaultKind::TooLarge {
            limit_bytes: 1_048_576,
        },
        FaultKind::RateLimited {
            retry_after_seconds: 1,
        },
        FaultKind::Internal,
        FaultKind::Unavailable(Service::Database),
        FaultKind::Unavailable(Service::Clara),
    ]
}

fn of_any_body() -> [FaultKind; 2] {
    [
        FaultKind::TooSlow,
        FaultKind::UnsupportedMediaType {
            supported: &["application/json"],
        },
    ]
}

/// How Stripe's webhook may refuse.
pub fn webhook_refusals() -> Vec<Refusal> {
    let faults = of_any_request().into_iter().chain(of_any_body());
    let not_configured = [FaultKind::NotConfigured(Service::Stripe)];
    sorted(faults.chain(not_configured))
}

/// An operation's refusals by status, with the name that this group has among the document's shared responses.
pub fn by_status(refusals: &[Refusal]) -> BTreeMap<u16, (String, Vec<&Refusal>)> {
    let mut groups: BTreeMap<u16, (String, Vec<&Refusal>)> = BTreeMap::new();
    for refusal in refusals {
        let (name, group) = groups.entry(refusal.status).or_default();
        if !name.is_empty() {
            name.push_str("Or");
        }
        name.push_str(&refusal.name);
        group.push(refusal);
    }
    groups
}

/// Every group of refusals that some operation has, once.
pub fn responses(operations: &[Described]) -> Map<String, Value> {
    let webhook = webhook_refusals();
    let all = operations.iter().map(|one| &one.refusals).chain([&webhook]);
    let groups = all.flat_map(|refusals| by_status(refusals));
    let named: BTreeMap<String, Value> = groups
        .map(|(status, (name, group))| (name, response(status, &group)))
        .collect();
    named.into_iter().collect()
}

fn response(status: u16, group: &[&Refusal]) -> Value {
    let messages: Vec<&str> = group.iter().map(|one| one.message.as_str()).collect();
    let examples: Map<String, Value> = group
        .iter()
        .map(|one| (one.name.clone(), json!({"value": one.envelope()})))
        .collect();
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
    if status == 429 {
        headers["Retry-After"] = json!({"$ref": "#/components/headers/Retry-After"});
    }
    json!({
        "description": messages.join(" Or: "),
        "headers": headers,
        "content": {"application/json": {"schema": schema(status, group), "examples": examples}},
    })
}

fn schema(status: u16, group: &[&Refusal]) -> Value {
    let mut messages: Vec<&str> = Vec::new();
    let mut shapes: Vec<Value> = Vec::new();
    let mut admit = |shape: Value| {
        if !shapes.contains(&shape) {
            shapes.push(shape);
        }
    };
    for one in group {
        if !messages.contains(&one.message.as_str()) {
            messages.push(&one.message);
        }
        admit(shape(&one.data));
    }
    if status == 403 {
        // What came by a name or from a page that is not known is told which header says so.
        let errors = json!([{"field": "Host", "problem": ""}]);
        admit(shape(&json!({"errors": errors})));
    }
    let data = match shapes.as_slice() {
        [one] => one.clone(),
        _ => json!({"anyOf": shapes}),
    };
    json!({
        "type": "object",
        "properties": {
            "status": {"type": "string", "const": "error"},
            "message": {"type": "string", "enum": messages},
            "data": data,
        },
        "required": ["status", "message", "data"],
        "additionalProperties": false,
    })
}

/// What is wrong with one field.
pub fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "What is wrong with one field.",
        "properties": {
            "field": {"type": "string", "description": "With a path into it where it is nested: `attachments[0].name`."},
            "problem": {"type": "string", "description": "A sentence without its subject: `must be six digits`."},
        },
        "required": ["field", "problem"],
        "additionalProperties": false,
    })
}

/// The schema that a fault's details have, read off an example of them.
fn shape(data: &Value) -> Value {
    match data {
        Value::Null => json!({"type": "null"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(number) if number.is_u64() => json!({"type": "integer", "minimum": 0}),
        Value::Number(_) => json!({"type": "number"}),
        Value::String(_) => json!({"type": "string"}),
        Value::Array(items) => {
            let item = items.first().unwrap_or(&Value::Null);
            if item.get("problem").is_some() {
                return json!({"type": "array", "items": {"$ref": "#/components/schemas/Problem"}});
            }
            json!({"type": "array", "items": shape(item)})
        }
        Value::Object(fields) => {
            let required: Vec<&String> = fields.keys().collect();
            let properties: Map<String, Value> = fields
                .iter()
                .map(|(name, value)| (name.clone(), shape(value)))
                .collect();
            json!({
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": false,
            })
        }
    }
}
