//! A model that judges, set up as an operator does it, behind the real binary. What leaves, what comes back, and where the key
//! turns up: nowhere.

use std::process::Output;

use clara_fake_model::{FakeModel, Reply, Seen};
use clara_models::Provider;
use clara_test_support::{Folder, Server, rest};
use serde_json::{Value, json};

use super::{run, stderr, stdout};

const KEY: &str = "sk-test-00112233445566778899aabbccddeeff";
const CLAIM: &str = "The miller's wheel belongs to the town.";
const SOURCE: &str = "In spring the town bought the wheel of the miller.";

fn supports(seen: &Seen, _: usize) -> Reply {
    let judged: Vec<Value> = seen
        .claims()
        .iter()
        .map(|claim| {
            let passage = &claim["passages"][0];
            json!({
                "claim": claim["id"],
                "verdict": "supported",
                "quotes": [{"passage": passage["id"], "text": passage["text"], "stance": "supports"}],
                "rationale": "What was bought belongs to the buyer.",
                "correction": {"replace": "", "with": ""},
            })
        })
        .collect();
    Reply::Text(json!({ "judgements": judged }).to_string())
}

/// Runs the binary while the server answers it.
fn with_model(folder: &Folder, server: &FakeModel, arguments: &[&str]) -> Output {
    let url = server.url.to_string();
    let key_file = folder.parent().join("model-key");
    std::fs::write(&key_file, format!("{KEY}\n")).unwrap();
    let settings = [
        ("CLARA_ANALYSIS_ENGINE", "openai"),
        ("CLARA_MODEL", "small-1"),
        ("CLARA_MODEL_URL", &url),
        ("CLARA_MODEL_API_KEY_FILE", key_file.to_str().unwrap()),
        ("CLARA_LOG", "trace"),
    ];
    tokio::task::block_in_place(|| run(folder, arguments, &settings))
}

fn analyze(folder: &Folder) -> Vec<String> {
    let file = folder.parent().join("town.txt");
    std::fs::write(&file, SOURCE).unwrap();
    let arguments = [
        "analyze",
        CLAIM,
        "--json",
        "--attach",
        file.to_str().unwrap(),
    ];
    arguments.map(str::to_owned).to_vec()
}

/// Whether any file beneath a folder has the key.
fn holds_key(folder: &std::path::Path) -> bool {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries.into_iter().any(|path| {
        if path.is_dir() {
            return holds_key(&path);
        }
        let is_key_file = path.ends_with("model-key");
        let bytes = std::fs::read(&path).unwrap_or_default();
        !is_key_file
            && bytes
                .windows(KEY.len())
                .any(|window| window == KEY.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_set_judges_what_is_open() {
    let folder = Folder::new();
    let server = FakeModel::start(Provider::OpenAi, supports).await;
    let arguments = analyze(&folder);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = with_model(&folder, &server, &arguments);
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let report = &report["data"]["result"];
    let claim = &report["claims"][0];
    assert_eq!(claim["verdict"], "supported", "{report:#}");
    assert_eq!(
        claim["judged_by"],
        json!({"engine": "openai", "model": "small-1"})
    );
    assert_eq!(claim["evidence"][0]["quote"], SOURCE);
    assert_eq!(report["engine"]["judge"]["calls"], 1);
    let seen = server.seen();
    assert_eq!(seen[0].headers["authorization"], format!("Bearer {KEY}"));
    // What leaves the machine: the claim, its passages, what their sources are called.
    let sent = seen[0].body.to_string();
    for kept in [
        KEY,
        "local@localhost",
        "user_",
        folder.parent().to_str().unwrap(),
    ] {
        assert!(!sent.contains(kept), "{kept}");
    }
    assert!(!stdout(&output).contains(KEY) && !stderr(&output).contains(KEY));
    assert!(!holds_key(folder.parent()));
}

/// Ten claims are two questions; the second is never answered, so that the first one's claims are seen as judged.
#[tokio::test(flavor = "multi_thread")]
async fn claims_that_a_model_judged_are_told() {
    let answers_once = |seen: &Seen, call: usize| match call {
        0 => supports(seen, call),
        _ => Reply::Silence,
    };
    let model = FakeModel::start(Provider::OpenAi, answers_once).await;
    let folder = Folder::new();
    let url = model.url.to_string();
    let settings = [
        ("CLARA_PUBLIC_API_KEY", rest::PUBLIC),
        ("CLARA_PRIVATE_API_KEY", rest::PRIVATE),
        ("CLARA_ANALYSIS_ENGINE", "openai"),
        ("CLARA_MODEL", "small-1"),
        ("CLARA_MODEL_URL", &url),
        ("CLARA_MODEL_CONCURRENCY", "1"),
    ];
    let server = Server::start(&folder, &settings);
    let account = rest::account(&folder, &server).await;
    let claims: Vec<String> = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ]
    .map(|number| format!("The miller's {number} wheel belongs to the town."))
    .into();
    let body = json!({
        "text": claims.join(" "), "attachments": [{"name": "town.txt", "text": SOURCE}],
    });
    let path = format!("{}/agent/analysis", account.path);
    let task = rest::data(&server, "POST", &path, &account.key(), Some(body)).await;
    let path = format!(
        "{}/tasks/{}?wait_seconds=1",
        account.path,
        task["id"].as_str().unwrap()
    );
    let mut told = Value::Null;
    for _ in 0..40 {
        let task = rest::data(&server, "GET", &path, &account.key(), None).await;
        told = task["claim_progress"].clone();
        if told["judged"].as_u64().is_some_and(|judged| judged > 0) {
            break;
        }
        assert_ne!(task["status"], "COMPLETED", "{task}");
    }
    assert_eq!(told, json!({"judged": 8, "total": 10}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_is_named_and_nowhere_shown() {
    let folder = Folder::new();
    let server = FakeModel::start(Provider::OpenAi, |_, _| Reply::Status(401, Vec::new())).await;
    let arguments = analyze(&folder);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = with_model(&folder, &server, &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    let report = stdout(&output);
    assert!(
        report.contains("MODEL_API_KEY") && report.contains("not_enough_evidence"),
        "{report}"
    );
    assert!(!report.contains(KEY) && !stderr(&output).contains(KEY));
    let doctor = with_model(&folder, &server, &["doctor"]);
    let said = stdout(&doctor);
    assert!(said.contains("did not accept the key"), "{said}");
    assert!(!said.contains(KEY) && !stderr(&doctor).contains(KEY));
}

#[test]
fn a_model_without_a_key_stops_the_start() {
    let folder = Folder::new();
    let settings = [("CLARA_ANALYSIS_ENGINE", "anthropic"), ("CLARA_MODEL", "m")];
    let output = run(&folder, &["doctor"], &settings);
    assert!(
        stderr(&output).contains("CLARA_MODEL_API_KEY is required"),
        "{}",
        stderr(&output)
    );
}
