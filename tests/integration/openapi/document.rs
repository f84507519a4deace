//! Laws over the whole document. That its examples fit its schemas, and that it is OpenAPI at all, independent validators
//! say: see `tests/clients/openapi.sh`.

use std::collections::BTreeSet;

use clara::faces::rest::openapi::document;
use clara::operations::registry::ALL;
use serde_json::Value;

const PUBLIC_URL: &str = "https://clara.example.org";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Method, path and content of each operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let items = paths.iter().flat_map(|(path, item)| {
        item.as_object()
            .unwrap()
            .iter()
            .map(move |(method, one)| (method.to_uppercase(), path.clone(), one.clone()))
    });
    items.collect()
}

/// Everything in the document, each with its place.
fn walk<'a>(place: &str, value: &'a Value, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(place, value);
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, inner)| walk(&format!("{place}/{key}"), inner, visit)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, inner)| walk(&format!("{place}/{index}"), inner, visit)),
        _ => {}
    }
}

#[test]
fn the_document_is_what_was_last_agreed() {
    insta::assert_json_snapshot!(document(PUBLIC_URL));
}

#[test]
fn every_operation_of_the_registry_is_there_once() {
    let document = document(PUBLIC_URL);
    let found: BTreeSet<(String, String, String)> = operations(&document)
        .into_iter()
        .filter_map(|(method, path, one)| {
            let name = one["operationId"].as_str()?.to_owned();
            Some((method, path, name))
        })
        .collect();
    let expected: BTreeSet<(String, String, String)> = ALL
        .iter()
        .map(|entry| {
            let route = entry.spec.route;
            let method = format!("{:?}", route.method).to_uppercase();
            let path = format!("/api/v1{}", route.path);
            (method, path, entry.spec.tool.to_owned())
        })
        .collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let names: BTreeSet<&str> = found.iter().map(|(_, _, name)| name.as_str()).collect();
    assert_eq!(names.len(), found.len(), "operationIds are unique");
    let unlisted: Vec<_> = found
        .difference(&expected)
        .map(|(_, _, name)| name)
        .collect();
    assert_eq!(
        unlisted,
        ["stripe_settle"],
        "beside the registry there is the webhook"
    );
}

#[test]
fn every_reference_leads_somewhere_and_every_part_is_referred_to() {
    let document = document(PUBLIC_URL);
    let mut referred = BTreeSet::new();
    walk("", &document, &mut |place, value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{place}: {reference}");
            referred.insert(reference.to_owned());
        }
    });
    for kind in ["schemas", "responses", "headers"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(referred.contains(&reference), "{reference} is used");
        }
    }
}

#[test]
fn every_body_and_every_answer_has_a_schema_and_an_example() {
    let document = document(PUBLIC_URL);
    for (method, path, one) in operations(&document) {
        assert!(
            METHODS.contains(&method.to_lowercase().as_str()),
            "{method} {path}"
        );
        let json = "application/json";
        if let Some(body) = one.get("requestBody") {
            let media = &body["content"][json];
            assert!(
                media["schema"].is_object() && !media["example"].is_null(),
                "{method} {path}"
            );
        }
        for (status, response) in one["responses"].as_object().unwrap() {
            let pointer = response.get("$ref").and_then(Value::as_str);
            let response = pointer.map_or(response, |reference| {
                document
                    .pointer(reference.strip_prefix('#').unwrap())
                    .unwrap()
            });
            assert!(
                response["headers"]["X-Request-Id"].is_object(),
                "{method} {path} {status}"
            );
            let media = &response["content"][json];
            if status == "204" {
                assert!(response.get("content").is_none(), "{method} {path}");
                continue;
            }
            let shown = media.get("example").is_some()
                || media["examples"]
                    .as_object()
                    .is_some_and(|all| !all.is_empty());
            assert!(
                media["schema"].is_object() && shown,
                "{method} {path} {status}"
            );
            assert_eq!(
                response["headers"]["Retry-After"].is_object(),
                status == "429",
                "{method} {path} {status}"
            );
        }
        for parameter in one["parameters"].as_array().into_iter().flatten() {
            let name = &parameter["name"];
            assert!(!parameter["example"].is_null(), "{method} {path}: {name}");
            let words = parameter["description"].as_str().unwrap();
            assert!(words.len() > 5, "{method} {path}: {name} is described");
        }
    }
}

#[test]
fn no_field_is_without_an_example() {
    let document = document(PUBLIC_URL);
    for (method, path, one) in operations(&document) {
        let media = &one["requestBody"]["content"]["application/json"];
        let required = media["schema"]["required"].as_array();
        for name in required.into_iter().flatten() {
            let value = &media["example"][name.as_str().unwrap()];
            assert!(!value.is_null(), "{method} {path}: {name}");
        }
    }
}

#[test]
fn path_variables_and_path_parameters_are_the_same() {
    let document = document(PUBLIC_URL);
    for (method, path, one) in operations(&document) {
        let in_path: BTreeSet<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let declared: BTreeSet<&str> = one["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(in_path, declared, "{method} {path}");
    }
}

#[test]
fn who_may_call_is_told_for_every_operation() {
    let document = document(PUBLIC_URL);
    let schemes = document["components"]["securitySchemes"]
        .as_object()
        .unwrap();
    for (method, path, one) in operations(&document) {
        let security = one["security"].as_array().unwrap();
        for name in security
            .iter()
            .flat_map(|one| one.as_object().unwrap().keys())
        {
            assert!(schemes.contains_key(name), "{method} {path}: {name}");
        }
        let refused = one["responses"].get("401").is_some();
        assert!(
            refused || security.is_empty(),
            "{method} {path} answers 401 to a wrong credential"
        );
    }
    let accepted = |path: &str, method: &str| -> Vec<String> {
        let security = document["paths"][path][method]["security"]
            .as_array()
            .unwrap();
        let names = security
            .iter()
            .flat_map(|one| one.as_object().unwrap().keys());
        names.cloned().collect()
    };
    assert_eq!(accepted("/api/v1/health", "get"), Vec::<String>::new());
    assert_eq!(accepted("/api/v1/auth/session", "post"), ["basic"]);
    assert_eq!(accepted("/api/v1/auth/session", "delete"), ["userToken"]);
    assert_eq!(
        accepted("/api/v1/users/{user_id}", "get"),
        ["userToken", "apiKeyToken", "privateKey"]
    );
}
