//! Hearing as an operator sets it up, behind the real binary.

use std::process::Output;

use clara_test_support::Folder;
use serde_json::Value;

use super::{KEY, fixture, start};

/// Runs the binary with these settings and nothing but this folder to find programs in.
fn run(folder: &Folder, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = folder.command(arguments);
    command.envs(settings.iter().copied());
    tokio::task::block_in_place(|| command.output().unwrap())
}

fn supported(folder: &Folder, settings: &[(&str, &str)]) -> Value {
    let output = run(folder, &["call", "agent_supported_attachments"], settings);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    answer["data"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_is_listed_as_it_is_set_up() {
    let folder = Folder::new();
    let nothing = supported(&folder, &[("PATH", "")]);
    assert_eq!(nothing["audio"], Value::Array(Vec::new()), "{nothing}");
    assert_eq!(nothing["image"], serde_json::json!(["svg"]));
    assert_eq!(nothing["video"], serde_json::json!([]));
    assert!(nothing["document"].as_array().unwrap().len() > 20);
    let url = ("CLARA_TRANSCRIBE_URL", "http://127.0.0.1:9/v1");
    let heard = supported(&folder, &[("PATH", ""), url]);
    let audio = serde_json::json!(["mp3", "wav", "ogg", "opus", "flac", "m4a"]);
    assert_eq!(heard["audio"], audio, "{heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_set_hears_an_analysis() {
    let fake = start();
    let folder = Folder::new();
    let file = folder.parent().join("bridge.mp3");
    std::fs::write(&file, fixture("bridge.mp3")).unwrap();
    let settings = [
        ("CLARA_TRANSCRIBE_URL", fake.url.as_str()),
        ("CLARA_TRANSCRIBE_MODEL", "large-1"),
        ("CLARA_TRANSCRIBE_API_KEY", KEY),
        ("CLARA_LOG", "trace"),
    ];
    let claim = "The Ardmoor Bridge was opened in 1938.";
    let arguments = [
        "analyze",
        claim,
        "--json",
        "--attach",
        file.to_str().unwrap(),
    ];
    let output = run(&folder, &arguments, &settings);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("\"refuted\""), "{shown}");
    let logged = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!shown.contains(KEY) && !logged.contains(KEY));
    assert_eq!(fake.seen()[0]["fields"]["model"], "large-1");
    for (settings, said) in [
        (&settings[..], "large-1 at http://127.0.0.1"),
        (&[][..], "recordings are not heard: set TRANSCRIBE_URL"),
    ] {
        let output = run(&folder, &["doctor"], settings);
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(shown.contains(said), "{shown}");
        assert!(!shown.contains(KEY), "{shown}");
    }
    // The doctor had a second of silence heard.
    assert_eq!(fake.seen()[1]["file_name"], "recording.wav");
}
