//! An operation as documents show it: where its arguments travel, who may call it, what it answers and how it refuses. All
//! of it follows from the registry; how it is written down is the documents' own business.

use serde_json::{Map, Value, json};

use super::credentials::{Scheme, accepted};
use super::example::{self, Definitions};
use super::refusals::{Refusal, refusals};
use crate::operations::documented::{Contract, Documented};
use crate::operations::registry::Entry;
use crate::operations::{Access, Body, Method};

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
}

/// An argument outside the body.
pub struct Parameter {
    pub name: String,
    pub place: Place,
    pub words: String,
    pub schema: Value,
    pub example: Value,
}

impl Parameter {
    pub fn is_required(&self) -> bool {
        self.place == Place::Path
    }
}

/// What is sent.
pub struct RequestBody {
    pub is_required: bool,
    /// Of the JSON form.
    pub schema: Value,
    pub example: Value,
    /// Of the form with files in it, where the operation takes files.
    pub form: Option<Value>,
}

/// Everything a document says of an operation.
pub struct Described {
    pub entry: &'static Entry,
    pub parameters: Vec<Parameter>,
    pub body: Option<RequestBody>,
    /// The usual one first; none where anybody may call.
    pub accepted: Vec<Scheme>,
    /// Of `data` where all went well.
    pub data: Value,
    pub answer: Value,
    /// Whether it answers a page of a longer list.
    pub is_page: bool,
    /// By status, then in the order of the contract.
    pub refusals: Vec<Refusal>,
}

impl Described {
    /// The word before the path.
    pub fn method(&self) -> &'static str {
        match self.entry.spec.route.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    /// Whether a success has a body.
    pub fn answers_body(&self) -> bool {
        self.entry.spec.success.status != 204
    }
}

/// Every operation, in the registry's order.
pub fn described(contract: &Contract) -> Vec<Described> {
    let parts = &contract.definitions;
    contract
        .operations
        .iter()
        .map(|documented| describe(documented, parts))
        .collect()
}

fn describe(documented: &Documented, parts: &Definitions) -> Described {
    let Documented { entry, input, data } = documented;
    let spec = &entry.spec;
    let fields = input["properties"].as_object().cloned().unwrap_or_default();
    let in_path: Vec<&str> = spec.route.variables().collect();
    let in_header = header_fields(spec.access);
    let mut parameters: Vec<Parameter> = in_path
        .iter()
        .map(|name| parameter(name, Place::Path, fields.get(*name), parts))
        .collect();
    let rest: Map<String, Value> = fields
        .into_iter()
        .filter(|(name, _)| {
            !in_path.contains(&name.as_str()) && !in_header.contains(&name.as_str())
        })
        .collect();
    let is_page = rest.contains_key("offset");
    let body = match spec.body {
        Body::None => {
            let queries = rest.iter();
            parameters.extend(
                queries.map(|(name, field)| parameter(name, Place::Query, Some(field), parts)),
            );
            None
        }
        Body::Optional | Body::Required | Body::WithFiles => {
            Some(request_body(spec.body, &rest, input, parts))
        }
    };
    let answer = json!({
        "status": "success",
        "message": spec.success.message,
        "data": example::example(data, parts),
    });
    Described {
        entry,
        parameters,
        body,
        accepted: accepted(spec),
        data: data.clone(),
        answer,
        is_page,
        refusals: refusals(entry),
    }
}

/// The fields that a credential brings along.
fn header_fields(access: Access) -> &'static [&'static str] {
    match access {
        Access::Password => &["email", "password"],
        Access::Open
        | Access::PublicKey
        | Access::PublicKeyOrSession
        | Access::Session
        | Access::Person
        | Access::SessionOrKey
        | Access::Operator => &[],
    }
}

fn parameter(name: &str, place: Place, field: Option<&Value>, parts: &Definitions) -> Parameter {
    // Whom a path is about is no argument of the operation itself.
    let named = json!({
        "description": "The account: the caller's own, or for the operator anybody's.",
        "$ref": "#/components/schemas/UserId",
    });
    let mut schema = field.cloned().unwrap_or(named);
    let example = example::example(&schema, parts);
    let words = match schema.as_object_mut() {
        Some(map) => {
            map.remove("examples");
            map.remove("description")
        }
        None => None,
    };
    // What is not sent is left out: there is no null in an address.
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
    }
    if let Some([Value::String(kind)]) = schema["type"].as_array().map(Vec::as_slice) {
        schema["type"] = json!(kind.clone());
    }
    let choices = schema.get_mut("anyOf").and_then(Value::as_array_mut);
    if let Some(choices) = choices {
        choices.retain(|choice| choice["type"] != "null");
        if let [one] = choices.as_slice() {
            schema = one.clone();
        }
    }
    Parameter {
        name: name.to_owned(),
        place,
        words: words
            .and_then(|words| words.as_str().map(str::to_owned))
            .unwrap_or_default(),
        schema,
        example,
    }
}

fn request_body(
    body: Body,
    fields: &Map<String, Value>,
    input: &Value,
    parts: &Definitions,
) -> RequestBody {
    let required: Vec<&str> = input["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| fields.contains_key(*name))
        .collect();
    let form = (body == Body::WithFiles).then(|| form(fields, &required));
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": fields,
        "required": required,
    });
    let is_required = body != Body::Optional;
    if !is_required {
        // As good as none.
        schema["type"] = json!(["object", "null"]);
    } else if required.is_empty() {
        // A body without any field is refused as an empty one, also where no single field must be there.
        schema["minProperties"] = json!(1);
    }
    RequestBody {
        is_required,
        example: example::example(&schema, parts),
        schema,
        form,
    }
}

/// The form with files: each file is a part of its own, under its own name. Lists do not fit a form, and are for JSON.
fn form(fields: &Map<String, Value>, required: &[&str]) -> Value {
    let (lists, plain): (Map<String, Value>, Map<String, Value>) = fields
        .clone()
        .into_iter()
        .partition(|(_, field)| example::kind(field) == "array");
    let files = lists.values().filter_map(|list| list["maxItems"].as_u64());
    let most = files.sum::<u64>() + plain.len() as u64;
    json!({
        "type": "object",
        "description": "Each file is a part whose name is the file's name.",
        "properties": plain,
        "required": required,
        "maxProperties": most,
        "additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"},
    })
}
