//! Every optional field of every operation in every shape, over REST, by the operator: no shape is an error of ours, and what
//! is refused is refused in plain words.

use clara::operations::registry::{ALL, Entry};
use clara::operations::{Body, Method};
use serde_json::{Map, Value};

use super::every_shape::{arguments, assert_plain, fine, optional_fields, shapes};
use super::support::app::{Account, PRIVATE, Reply, TestApp};

fn method(entry: &Entry) -> &'static str {
    match entry.spec.route.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}

/// The path of an operation for this person; what it names leaves the arguments.
fn path(entry: &Entry, person: &Account, arguments: &mut Map<String, Value>) -> String {
    let mut path = entry.spec.route.path.to_owned();
    for variable in entry.spec.route.variables() {
        arguments.remove(variable);
        let value = match variable {
            "user_id" => Value::from(person.id.as_str()),
            "user_email" => Value::from(person.email.as_str()),
            other => fine(other),
        };
        path = path.replace(&format!("{{{variable}}}"), value.as_str().unwrap());
    }
    path
}

async fn send(app: &TestApp, entry: &Entry, person: &Account, field: &str, value: &Value) -> Reply {
    let mut arguments = arguments(entry, field, value.clone());
    let mut path = path(entry, person, &mut arguments);
    if entry.spec.body != Body::None {
        let body = Value::Object(arguments);
        return app.tell(method(entry), &path, PRIVATE, &body).await;
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &arguments {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        query.append_pair(name, &text);
    }
    path = format!("{path}?{}", query.finish());
    app.ask(method(entry), &path, PRIVATE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn optional_fields_in_every_shape_over_rest() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let mut entries: Vec<&Entry> = ALL.iter().collect();
    // After it there is nobody to do anything for.
    entries.sort_by_key(|entry| entry.spec.tool == "user_delete");
    let mut calls = 0;
    for entry in entries {
        for (field, _) in optional_fields(entry) {
            for value in shapes() {
                let reply = send(&app, entry, &ada, &field, &value).await;
                let shown = format!("{} {field}: {value}", entry.spec.tool);
                assert_ne!(reply.status, 500, "{shown}: {reply:?}");
                if reply.status == 400 {
                    assert_plain(&reply.text, &shown);
                }
                calls += 1;
            }
        }
    }
    assert!(calls > 150, "{calls} calls");
}
