//! Files that come before their analysis, as forms; and files whose sender says what they have to be.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::support::app::{Account, Reply, TestApp, sha256};

const TEXT: &str = "The bridge opened in 1931.";
const FILE: &[u8] = b"The bridge opened in 1931. It is 412 metres long.";
const REFUSED: &str =
    "One or more required parameters are either not given or have invalid schema.";

fn part(name: &str, bytes: &[u8], fields: &[(&'static str, String)]) -> Form {
    let file = Part::bytes(bytes.to_vec()).file_name("blob");
    let mut form = Form::new().part(name.to_owned(), file);
    for (name, value) in fields {
        form = form.text(*name, value.clone());
    }
    form
}

async fn upload(app: &TestApp, person: &Account, form: Form) -> Reply {
    let request = app.request("POST", &person.at("/uploads"), &person.key);
    app.send(request.multipart(form)).await
}

async fn view(app: &TestApp, person: &Account, id: &str) -> Reply {
    let path = person.at(&format!("/uploads/{id}"));
    app.send(app.request("GET", &path, &person.key)).await
}

async fn analyse(app: &TestApp, person: &Account, attachment: Value) -> Reply {
    let request = app.request("POST", &person.at("/agent/analysis"), &person.key);
    let body = json!({"text": TEXT, "wait_seconds": 55, "attachments": [attachment]});
    app.send(request.json(&body)).await
}

fn problem(reply: Reply) -> Value {
    reply.data(400, REFUSED)["errors"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_what_is_analysed() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let stored = upload(&app, &ada, part("bridge.txt", FILE, &[])).await;
    let stored = stored.data(201, "Upload stored.");
    assert_eq!(stored["sha256"], sha256(FILE));
    assert_eq!(stored["name"], "bridge.txt");
    let attachment = json!({"name": "report.txt", "upload": stored["id"], "sha256": sha256(FILE), "bytes": FILE.len()});
    let done = analyse(&app, &ada, attachment).await;
    let done = done.data(201, "Analysis started successfully.");
    assert_eq!(
        done["result"]["claims"][0]["verdict"], "supported",
        "{done}"
    );
    let source = &done["result"]["sources"][0];
    assert_eq!(
        (&source["name"], &source["sha256"]),
        (&json!("report.txt"), &json!(sha256(FILE)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_upload_goes_on_where_it_ended() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let whole = [("bytes", FILE.len().to_string()), ("sha256", sha256(FILE))];
    let begun = upload(&app, &ada, part("bridge.txt", &FILE[..20], &whole)).await;
    let begun = begun.data(201, "Upload stored.");
    let id = begun["id"].as_str().unwrap();
    let is_early = json!({"name": "bridge.txt", "upload": id});
    let refused = problem(analyse(&app, &ada, is_early).await);
    assert_eq!(refused["field"], "attachments[0].upload");
    let goes_on = |offset: usize| {
        let fields = [("upload_id", id.to_owned()), ("offset", offset.to_string())];
        part("bridge.txt", &FILE[offset..], &fields)
    };
    let refused = problem(upload(&app, &ada, goes_on(30)).await);
    assert_eq!(
        (&refused["field"], &refused["problem"]),
        (
            &json!("offset"),
            &json!("must be 20: so many bytes are there")
        )
    );
    let there = view(&app, &ada, id)
        .await
        .data(200, "Upload fetched successfully.");
    assert_eq!(there["received_bytes"], 20);
    let stored = upload(&app, &ada, goes_on(20))
        .await
        .data(201, "Upload stored.");
    assert_eq!(stored["sha256"], sha256(FILE));
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_are_for_their_owner() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let eve = app.account("eve@example.org").await;
    let stored = upload(&app, &ada, part("bridge.txt", FILE, &[])).await;
    let stored = stored.data(201, "Upload stored.");
    let id = stored["id"].as_str().unwrap();
    let gone = "Upload with the given identifier does not exist.";
    view(&app, &eve, id).await.data(404, gone);
    let fields = [
        ("upload_id", id.to_owned()),
        ("offset", FILE.len().to_string()),
    ];
    upload(&app, &eve, part("bridge.txt", b"x", &fields))
        .await
        .data(404, gone);
    let attachment = json!({"name": "bridge.txt", "upload": id});
    let refused = problem(analyse(&app, &eve, attachment).await);
    assert_eq!(refused["field"], "attachments[0].upload");
    let path = ada.at(&format!("/uploads/{id}"));
    let reply = app.send(app.request("GET", &path, &eve.key)).await;
    reply.data(403, "You do not have access to the requested resource.");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_one_file_with_a_name() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let two =
        part("one.txt", FILE, &[]).part("two.txt", Part::bytes(FILE.to_vec()).file_name("blob"));
    let digest = |text: &str| vec![("sha256", text.to_owned())];
    for (form, field) in [
        (Form::new().text("bytes", "5"), "body"),
        (two, "body"),
        (part("one.exe", FILE, &[]), "name"),
        (part("../one.txt", FILE, &[]), "name"),
        (part("one.txt", b"", &[]), "name"),
        (part("one.txt", FILE, &digest("abc")), "sha256"),
        (part("one.txt", FILE, &digest(&sha256(b"other"))), "sha256"),
        (part("one.txt", FILE, &[("bytes", "5".to_owned())]), "bytes"),
        (
            part("one.txt", FILE, &[("offset", "5".to_owned())]),
            "offset",
        ),
    ] {
        let refused = problem(upload(&app, &ada, form).await);
        assert_eq!(refused["field"], field, "{refused}");
    }
    let large = part("one.txt", FILE, &[("bytes", "3000000000".to_owned())]);
    upload(&app, &ada, large)
        .await
        .data(413, "The request is too large.");
    let request = app.request("POST", &ada.at("/uploads"), &ada.key);
    let refused = problem(app.send(request.json(&json!({"bytes": 5}))).await);
    assert_eq!(refused["field"], "body");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_changed_on_its_way_is_refused() {
    use base64::Engine as _;

    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let encoded = base64::engine::general_purpose::STANDARD.encode(FILE);
    let right = json!({"name": "a.txt", "content_base64": encoded, "sha256": sha256(FILE).to_uppercase(), "bytes": FILE.len()});
    analyse(&app, &ada, right)
        .await
        .data(201, "Analysis started successfully.");
    let wrong =
        json!({"name": "a.txt", "content_base64": encoded, "sha256": sha256(b"other"), "bytes": 7});
    let refused = analyse(&app, &ada, wrong).await.data(400, REFUSED);
    let errors = refused["errors"].as_array().unwrap();
    let fields: Vec<&str> = errors
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["attachments[0].bytes", "attachments[0].sha256"]);
    let words = errors[1]["problem"].as_str().unwrap();
    assert!(
        words.contains(&sha256(FILE)) && words.contains("upload"),
        "{words}"
    );
    let text = json!({"name": "a.txt", "text": "Other words.", "sha256": sha256(FILE)});
    assert_eq!(
        problem(analyse(&app, &ada, text).await)["field"],
        "attachments[0].sha256"
    );
}
