//! Forms with files: what is sent is what is analysed, a form that is wrong leaves nothing behind, and no file is ever in
//! memory as a whole.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::support::app::{Account, Reply, TestApp, sha256};

const TEXT: &str = "The bridge opened in 1931.";

fn file(bytes: impl Into<Vec<u8>>) -> Part {
    // What the file is called is the field's name: browsers put their own word here.
    Part::bytes(bytes.into()).file_name("blob")
}

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!(
        "{}/examples/sample/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

async fn send(app: &TestApp, person: &Account, form: Form) -> Reply {
    let request = app.request("POST", &person.at("/agent/analysis"), &person.key);
    app.send(request.multipart(form)).await
}

/// With a body of these very bytes, said to be a form with boundary `b`.
async fn send_raw(app: &TestApp, person: &Account, body: impl Into<reqwest::Body>) -> Reply {
    let request = app.request("POST", &person.at("/agent/analysis"), &person.key);
    let content_type = "multipart/form-data; boundary=b";
    app.send(request.header("content-type", content_type).body(body))
        .await
}

/// The names of all that lies in the server's own folder.
fn lying_about(app: &TestApp) -> Vec<String> {
    let entries = std::fs::read_dir(app.folder.data()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_form_are_what_is_analysed() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let (pdf, history) = (sample("bridge-report.pdf"), sample("toll-history.md"));
    let form = Form::new()
        .part("bridge-report.pdf", file(pdf.clone()))
        .text("text", String::from_utf8(sample("text.txt")).unwrap())
        .part("Größe & \u{1f309}.md", file(history.clone()))
        .text("wait_seconds", "55");
    let done = send(&app, &ada, form)
        .await
        .data(201, "Analysis started successfully.");
    assert_eq!(done["status"], "COMPLETED", "{done}");
    let sources = done["result"]["sources"].as_array().unwrap();
    let told: Vec<(&str, &str)> = sources
        .iter()
        .map(|source| {
            (
                source["title"]
                    .as_str()
                    .or(source["name"].as_str())
                    .unwrap(),
                source["sha256"].as_str().unwrap(),
            )
        })
        .collect();
    let digests: Vec<&str> = told.iter().map(|(_, sha256)| *sha256).collect();
    assert_eq!(digests, [sha256(&pdf), sha256(&history)], "{told:?}");
    assert!(
        done["result"].to_string().contains("Größe & \u{1f309}.md"),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_longer_than_a_piece_of_the_store_comes_through_whole() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let mut long = "Nothing of note was written down that day.\n".repeat(20_000);
    long.push_str("The bridge opened in 1931.\n");
    let digest = sha256(long.as_bytes());
    let form = Form::new()
        .text("text", TEXT)
        .text("wait_seconds", "55")
        .part("log.txt", file(long));
    let done = send(&app, &ada, form)
        .await
        .data(201, "Analysis started successfully.");
    assert_eq!(
        done["result"]["sources"][0]["sha256"],
        digest.as_str(),
        "{done}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_wrong_is_named_and_leaves_nothing_behind() {
    let app = TestApp::start(&[("CLARA_WORKERS", "0"), ("CLARA_MAX_ATTACHMENT_MB", "1")]);
    let ada = app.account("ada@example.org").await;
    let before = lying_about(&app);
    let text = || Form::new().text("text", TEXT);
    let mut six = text();
    for name in ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "f.txt"] {
        six = six.part(name, file("A."));
    }
    let cases: Vec<(Form, Vec<&str>)> = vec![
        (six, vec!["attachments"]),
        (Form::new().part("a.txt", file("A.")), vec!["text"]),
        (Form::new().text("text", "  "), vec!["text"]),
        (Form::new().text("text", "x".repeat(100_001)), vec!["text"]),
        (text().text("text", TEXT), vec!["text"]),
        (text().text("colour", "red"), vec!["colour"]),
        (
            text().text("notes.txt", "no file name, no file"),
            vec!["notes.txt"],
        ),
        (
            text().text("attachments", "bridge.txt"),
            vec!["attachments"],
        ),
        (text().text("wait_seconds", "soon"), vec!["wait_seconds"]),
        (text().part("a.exe", file("A.")), vec!["a.exe"]),
        (
            text().part("../a.txt", file("A.")),
            vec!["attachments[0].name"],
        ),
        (
            text().part("a.txt", file("A.")).part("b.txt", file("")),
            vec!["b.txt"],
        ),
        (
            Form::new().part("text", Part::bytes(vec![0xff, 0xfe])),
            vec!["text"],
        ),
    ];
    for (form, fields) in cases {
        assert_eq!(send(&app, &ada, form).await.fields(), fields);
    }
    let long = text().part("a.txt", file(vec![b'a'; 1_000_001]));
    let long = send(&app, &ada, long)
        .await
        .data(413, "The request is too large.");
    assert_eq!(long, json!({"limit_bytes": 1_000_000}));
    let wordy = Form::new().text("text", "x".repeat(1024 * 1024 + 1));
    let wordy = send(&app, &ada, wordy)
        .await
        .data(413, "The request is too large.");
    assert_eq!(wordy, json!({"limit_bytes": 1_048_576}));

    assert_eq!(app.tasks(&ada).await, 0);
    assert!((app.credits(&ada).await - 100.0).abs() < f64::EPSILON);
    assert_eq!(lying_about(&app), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_breaks_off_or_never_begins_is_refused() {
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.account("ada@example.org").await;
    let part = |headers: &str, content: &str| format!("--b\r\n{headers}\r\n\r\n{content}");
    let text = part("Content-Disposition: form-data; name=\"text\"", TEXT);
    let endless = part(&format!("X-Long: {}", "x".repeat(2_000_000)), TEXT);
    for (body, status) in [
        (String::from("no boundary anywhere"), 400),
        (format!("{text}\r\n--b"), 400),
        (format!("{text}\r\n"), 400),
        (text.replace("--b", "--c") + "\r\n--c--\r\n", 400),
        (
            part("Content-Type: text/plain", TEXT) + "\r\n--b--\r\n",
            400,
        ),
        (
            part("Content-Disposition: form-data; name=\"text", "") + "\r\n--b--\r\n",
            400,
        ),
        (
            part("Content-Disposition: form-data; name*=utf-8''t%65xt", TEXT) + "\r\n--b--\r\n",
            201,
        ),
        (endless, 413),
        ("x".repeat(2_000_000), 413),
        (format!("{text}\r\n--b--\r\n"), 201),
    ] {
        let shown: String = body.chars().take(60).collect();
        assert_eq!(send_raw(&app, &ada, body).await.status, status, "{shown}");
    }
    let nameless = app.request("POST", &ada.at("/agent/analysis"), &ada.key);
    let nameless = nameless
        .header("content-type", "multipart/form-data")
        .body("--b--");
    assert_eq!(app.send(nameless).await.fields(), ["Content-Type"]);
    assert_eq!(app.tasks(&ada).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_no_way_into_other_operations() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let form = Form::new().text("first_name", "Eve");
    let answer = app
        .send(
            app.request("PATCH", &ada.at(""), &ada.session)
                .multipart(form),
        )
        .await;
    let data = answer.data(415, "The request's content type is not supported.");
    assert_eq!(data["supported"], json!(["application/json"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_on_the_servers_machine_is_not_for_rest() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let question =
        json!({"text": TEXT, "attachments": [{"name": "a.txt", "path": "/etc/hostname"}]});
    let answer = app
        .tell("POST", &ada.at("/agent/analysis"), &ada.key, &question)
        .await;
    assert_eq!(answer.fields(), ["attachments[0].path"]);
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn five_files_are_taken_in_with_the_memory_of_less_than_one() {
    const SIZE: usize = 20_000_000;
    let app = TestApp::start(&[("CLARA_WORKERS", "0")]);
    let ada = app.account("ada@example.org").await;
    // Making a password's hash took its own memory before.
    app.server.forget_peak();
    let before = app.server.peak_memory();
    let mut form = Form::new().text("text", TEXT);
    for name in ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"] {
        form = form.part(name, file(vec![b'a'; SIZE]));
    }
    let started = send(&app, &ada, form)
        .await
        .data(201, "Analysis started successfully.");
    assert_eq!(started["result"], Value::Null);
    let grown = app.server.peak_memory() - before;
    eprintln!("{} bytes taken in, memory grew by {grown}", 5 * SIZE);
    assert!(
        grown < SIZE as u64,
        "{grown} bytes for five files of {SIZE}"
    );
}
