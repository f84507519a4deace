//! Analyses whose text to check is one of the files: what is found in it has its place there, and the others are the evidence.

use serde_json::{Value, json};

use super::support::app::{Account, Reply, TestApp};

async fn analyse(app: &TestApp, person: &Account, mut body: Value) -> Reply {
    body["wait_seconds"] = json!(55);
    if body["text"].is_null() {
        body["text"] = json!("");
    }
    let request = app.request("POST", &person.at("/agent/analysis"), &person.key);
    app.send(request.json(&body)).await
}

fn file(name: &str, text: &str) -> Value {
    json!({"name": name, "text": text})
}

const DRAFT: &str = "1\n00:00:05,000 --> 00:00:09,000\nThe bridge opened in 1931.\n\n\
                     2\n00:01:10,000 --> 00:01:14,000\nIts main span is 412 metres long.\n";
const REPORT: &str =
    "The bridge opened in May 1933. The main span of the bridge is 412 metres long.";

#[tokio::test(flavor = "multi_thread")]
async fn claims_of_a_checked_file_have_a_place() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let files = [file("report.txt", REPORT), file("draft.srt", DRAFT)];
    let body = json!({"check": "draft.srt", "attachments": files});
    let done = analyse(&app, &ada, body).await;
    let done = done.data(201, "Analysis started successfully.");
    let report = &done["result"];
    let claims = report["claims"].as_array().unwrap();
    let told: Vec<(&str, &str, f64)> = claims
        .iter()
        .map(|claim| {
            (
                claim["text"].as_str().unwrap(),
                claim["verdict"].as_str().unwrap(),
                claim["seconds"].as_f64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("The bridge opened in 1931.", "refuted", 5.0),
            ("Its main span is 412 metres long.", "supported", 70.0),
        ],
        "{report:#}"
    );
    let sources = report["sources"].as_array().unwrap();
    assert_eq!(
        sources.len(),
        1,
        "the checked file is no evidence: {sources:?}"
    );
    assert_eq!(
        (&sources[0]["id"], &sources[0]["name"]),
        (&json!("s1"), &json!("report.txt"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_alone_is_checked_against_nothing() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let body = json!({"check": "report.txt", "attachments": [file("report.txt", REPORT)]});
    let done = analyse(&app, &ada, body).await;
    let done = done.data(201, "Analysis started successfully.");
    let counts = &done["result"]["counts"];
    assert_eq!(
        (&counts["supported"], &counts["not_enough_evidence"]),
        (&json!(0), &json!(2))
    );
    let balance = app.ask("GET", &ada.at(""), &ada.key).await;
    let balance = balance.data(200, "User fetched successfully.");
    assert_eq!(balance["credits"], 100.0, "no source, no price");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checked_file_is_one_of_the_attachments() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let one = file("report.txt", REPORT);
    for (body, field, words) in [
        (json!({"check": "report.txt"}), "check", "there is none"),
        (
            json!({"check": "draft.txt", "attachments": [one]}),
            "check",
            "report.txt",
        ),
        (
            json!({"check": "report.txt", "attachments": [one, one]}),
            "check",
            "more than one",
        ),
        (
            json!({"check": "report.txt", "text": "It opened.", "attachments": [one]}),
            "check",
            "beside a text",
        ),
        (
            json!({"attachments": [one]}),
            "text",
            "at least one statement",
        ),
    ] {
        let refused = analyse(&app, &ada, body).await;
        let problem =
            "One or more required parameters are either not given or have invalid schema.";
        let error = refused.data(400, problem)["errors"][0].clone();
        assert_eq!(error["field"], field, "{error}");
        assert!(
            error["problem"].as_str().unwrap().contains(words),
            "{error}"
        );
    }
}
