//! Writes described operations down as OpenAPI's paths. Nothing is decided here.

use serde_json::{Map, Value, json};

use super::credentials;
use super::described::{Described, Parameter, Place, RequestBody};
use super::refusals::{Refusal, by_status, webhook_refusals};
use crate::faces::rest::BASE;
use crate::faces::rest::spreadsheet::{MEDIA_TYPE, Sheet};
use crate::operations::Area;

/// `paths`, with Stripe's webhook beside the registry's operations.
pub fn paths(operations: &[Described]) -> Map<String, Value> {
    let mut paths = Map::new();
    for operation in operations {
        let path = format!("{BASE}{}", operation.entry.spec.route.path);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[operation.method().to_lowercase()] = written(operation);
    }
    paths.insert(format!("{BASE}/stripe/settle"), json!({"post": settle()}));
    paths
}

/// Stripe's webhook, the one route that is no operation: Stripe alone calls it, and signs what it sends.
fn settle() -> Value {
    let mut responses = Map::new();
    let answer = json!({
        "status": "success",
        "message": "Checkout session settled successfully.",
        "data": null,
    });
    responses.insert(
        "200".to_owned(),
        answered(&answer, &json!({"type": "null"}), false),
    );
    refer(&mut responses, &webhook_refusals());
    json!({
        "tags": [Area::Stripe.name()],
        "operationId": "stripe_settle",
        "summary": "Settle a purchase",
        "description": "Stripe's webhook: credits what was paid for, exactly once however often it is delivered.",
        "security": [],
        "parameters": [{
            "name": "Stripe-Signature",
            "in": "header",
            "required": false,
            "description": "Stripe's signature of the body; without it, 400.",
            "schema": {"type": "string"},
            "example": "t=1764202211,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd",
        }],
        "requestBody": {
            "required": true,
            "content": {"application/json": {
                "schema": {"type": "object", "description": "An event as Stripe sends it."},
                "example": {"id": "evt_1", "type": "checkout.session.completed"},
            }},
        },
        "responses": responses,
    })
}

/// Headers of answers.
pub fn headers() -> Value {
    json!({
        "X-Request-Id": {
            "description": "Names this request in the server's log.",
            "schema": {"type": "string", "maxLength": 64},
            "example": "4c1f0e9a72d35b86",
        },
        "X-Total-Count": {
            "description": "How many there are in all.",
            "schema": {"type": "integer", "minimum": 0},
            "example": 1,
        },
        "Content-Disposition": {
            "description": "Of CSV, a name for the file.",
            "schema": {"type": "string"},
            "example": "attachment; filename=\"transactions.csv\"",
        },
        "Retry-After": {
            "description": "Seconds until the next try.",
            "schema": {"type": "integer", "minimum": 0},
            "example": 1,
        },
    })
}

fn written(operation: &Described) -> Value {
    let spec = &operation.entry.spec;
    let mut responses = Map::new();
    responses.insert(spec.success.status.to_string(), success(operation));
    refer(&mut responses, &operation.refusals);
    let mut written = json!({
        "tags": [spec.area.name()],
        "operationId": spec.tool,
        "summary": spec.title,
        "description": operation.entry.contract.words,
        "security": credentials::security(&operation.accepted),
        "responses": responses,
    });
    if !operation.parameters.is_empty() {
        written["parameters"] = operation.parameters.iter().map(parameter).collect();
    }
    if let Some(body) = &operation.body {
        written["requestBody"] = request_body(body);
    }
    written
}

fn parameter(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name,
        "in": match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
        },
        "required": parameter.is_required(),
        "description": parameter.words,
        "schema": parameter.schema,
        "example": parameter.example,
    })
}

fn request_body(body: &RequestBody) -> Value {
    let mut content = json!({
        "application/json": {"schema": body.schema, "example": body.example},
    });
    if let Some(form) = &body.form {
        content["multipart/form-data"] = json!({"schema": form});
    }
    json!({"required": body.is_required, "content": content})
}

fn refer(responses: &mut Map<String, Value>, refusals: &[Refusal]) {
    for (status, (name, _)) in by_status(refusals) {
        let shared = json!({"$ref": format!("#/components/responses/{name}")});
        responses.insert(status.to_string(), shared);
    }
}

fn success(operation: &Described) -> Value {
    if operation.answers_body() {
        let mut success = answered(&operation.answer, &operation.data, operation.is_page);
        if let Some(sheet) = Sheet::of(operation.entry) {
            // The same rows, for whoever asks for them as a table.
            let example = sheet.header() + &sheet.rows(&operation.answer["data"]);
            success["content"][MEDIA_TYPE] =
                json!({"schema": {"type": "string"}, "example": example});
            success["headers"]["Content-Disposition"] =
                json!({"$ref": "#/components/headers/Content-Disposition"});
        }
        return success;
    }
    json!({
        "description": operation.entry.spec.success.message,
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}},
    })
}

/// A success with a body.
fn answered(answer: &Value, data: &Value, is_page: bool) -> Value {
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
    if is_page {
        headers["X-Total-Count"] = json!({"$ref": "#/components/headers/X-Total-Count"});
    }
    let schema = json!({
        "type": "object",
        "properties": {
            "status": {"type": "string", "const": "success"},
            "message": {"type": "string"},
            "data": data,
        },
        "required": ["status", "message", "data"],
        "additionalProperties": false,
    });
    json!({
        "description": answer["message"],
        "headers": headers,
        "content": {"application/json": {"schema": schema, "example": answer}},
    })
}
