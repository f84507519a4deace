//! The command line: the real binary, its output, its exit codes, and the one line of each mistake.

mod admin;
mod local_model;
mod model;

use clara_test_support as support;

use std::process::Output;

use serde_json::{Value, json};
use support::Folder;

fn run(folder: &Folder, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    folder
        .command(arguments)
        .envs(settings.iter().copied())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn sample(name: &str) -> String {
    format!("{}/examples/sample/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn analyze_prints_a_report_for_a_person() {
    let folder = Folder::new();
    let (pdf, history) = (sample("bridge-report.pdf"), sample("toll-history.md"));
    let text = std::fs::read_to_string(sample("text.txt")).unwrap();
    let output = run(
        &folder,
        &["analyze", &text, "--attach", &pdf, "--attach", &history],
        &[],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let report = stdout(&output);
    assert!(report.contains("bridge-report.pdf"), "{report}");
    assert!(report.to_lowercase().contains("refuted"), "{report}");
    assert!(!report.contains('\u{1b}'), "no colour where no terminal is");
}

#[test]
fn analyze_json_is_the_envelope() {
    let folder = Folder::new();
    let output = run(
        &folder,
        &["analyze", "The bridge opened in 1931.", "--json"],
        &[],
    );
    let envelope: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(envelope["data"]["status"], "COMPLETED");
    assert_eq!(envelope["data"]["result"]["format"], "clara-report/2");
}

#[test]
fn analyze_checks_a_file_against_a_pattern() {
    let folder = Folder::new();
    let at = |name: &str| folder.parent().join(name).to_str().unwrap().to_owned();
    std::fs::write(
        at("draft.md"),
        "The bridge opened in 1931. It is 412 metres long.",
    )
    .unwrap();
    std::fs::write(at("one.txt"), "The bridge opened in May 1933.").unwrap();
    std::fs::write(at("two.txt"), "The bridge is 412 metres long.").unwrap();
    let (draft, pattern) = (at("draft.md"), at("*.txt"));
    let output = run(
        &folder,
        &["analyze", "--check", &draft, "--attach", &pattern],
        &[],
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let report = stdout(&output);
    assert!(
        report.starts_with("2 claims: 1 supported, 1 refuted."),
        "{report}"
    );
    for (arguments, words) in [
        (
            ["--check", &draft, "--attach", &at("*.pdf")],
            "no file is called",
        ),
        (
            ["--check", &at("none.md"), "--attach", &pattern],
            "cannot read",
        ),
        (
            ["--check", &draft, "A claim.", "Another."],
            "cannot be used with",
        ),
    ] {
        let mut all = vec!["analyze"];
        all.extend(arguments);
        let output = run(&folder, &all, &[]);
        assert!(!output.status.success());
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn analyze_says_what_is_wrong_with_what_it_was_given() {
    let folder = Folder::new();
    let output = run(
        &folder,
        &["analyze", "A claim.", "--attach", "/nowhere/report.pdf"],
        &[],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("/nowhere/report.pdf"),
        "{}",
        stderr(&output)
    );
    let program = folder.parent().join("program.exe");
    std::fs::write(&program, "MZ").unwrap();
    let output = run(
        &folder,
        &["analyze", "A claim.", "--attach", program.to_str().unwrap()],
        &[],
    );
    assert!(
        stderr(&output).contains("attachments[0].name must end in one of txt, md"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn call_answers_with_the_envelope_and_tells_success_by_its_exit_code() {
    let folder = Folder::new();
    let output = run(&folder, &["call", "user_view"], &[]);
    assert!(output.status.success());
    let envelope: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(envelope["data"]["email"], "local@localhost");
    let output = run(
        &folder,
        &["call", "task.view", r#"{"task_id": "task_1"}"#],
        &[],
    );
    assert_eq!(output.status.code(), Some(1));
    let envelope: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(envelope["data"]["errors"][0]["field"], "task_id");
    for (arguments, words) in [
        (["call", "nothing", "{}"], "no tool `nothing`"),
        (["call", "user_view", "[1]"], "JSON object"),
    ] {
        let output = run(&folder, &arguments, &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn tools_are_printed_and_written() {
    let folder = Folder::new();
    let printed: Value = serde_json::from_str(&stdout(&run(&folder, &["tools"], &[]))).unwrap();
    assert_eq!(printed.as_array().unwrap().len(), 27);
    let target = folder.parent().join("tools");
    assert!(
        run(
            &folder,
            &["tools", "--write", target.to_str().unwrap()],
            &[]
        )
        .status
        .success()
    );
    let written: Value =
        serde_json::from_slice(&std::fs::read(target.join("agent_analysis.json")).unwrap())
            .unwrap();
    assert!(printed.as_array().unwrap().contains(&written));
    assert!(!folder.data().exists(), "printing contracts opens nothing");
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_line() {
    let folder = Folder::new();
    let cases = [
        (
            "CLARA_WORKERS",
            "many",
            "clara: CLARA_WORKERS got `many`, takes a whole number from 0 to 256\n",
        ),
        (
            "CLARA_DATABASE_URL",
            "mysql://secret@host",
            "clara: CLARA_DATABASE_URL takes `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`\n",
        ),
        (
            "CLARA_SECRET_KEY",
            "short",
            "clara: CLARA_SECRET_KEY is too short: takes at least 32 random bytes\n",
        ),
    ];
    for (name, value, line) in cases {
        let output = run(&folder, &["stdio"], &[(name, value)]);
        assert_eq!(
            (stderr(&output).as_str(), output.status.code()),
            (line, Some(2))
        );
        assert!(output.stdout.is_empty());
    }
    assert!(
        !folder.data().exists(),
        "nothing is made before the settings are right"
    );
}

#[test]
fn settings_come_from_flag_environment_and_named_file_in_that_order() {
    let folder = Folder::new();
    let file = folder.parent().join("clara.env");
    std::fs::write(&file, "CLARA_LOCAL_ACCOUNT=file@example.org\n").unwrap();
    let email = |arguments: &[&str], settings: &[(&str, &str)]| {
        let fresh = Folder::new();
        let output = run(&fresh, arguments, settings);
        let envelope: Value =
            serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| json!(stderr(&output)));
        envelope["data"]["email"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let by_file = ["call", "user_view", "--env-file", file.to_str().unwrap()];
    let environment = [("CLARA_LOCAL_ACCOUNT", "environment@example.org")];
    assert_eq!(email(&by_file, &[]), "file@example.org");
    assert_eq!(email(&by_file, &environment), "environment@example.org");
    let by_flag = [&by_file[..], &["--local-account", "flag@example.org"]].concat();
    assert_eq!(email(&by_flag, &environment), "flag@example.org");
}

#[test]
fn a_database_of_somebody_elses_is_left_alone() {
    let folder = Folder::new();
    let foreign = folder.parent().join("foreign.db");
    std::fs::write(&foreign, include_bytes!("../../fixtures/foreign.db")).unwrap();
    let before = std::fs::read(&foreign).unwrap();
    let url = format!("sqlite://{}", foreign.display());
    let output = run(&folder, &["stdio"], &[("CLARA_DATABASE_URL", &url)]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        stderr(&output).starts_with("clara: "),
        "{}",
        stderr(&output)
    );
    assert!(
        std::fs::read(&foreign).unwrap() == before,
        "not a byte was changed"
    );
}

#[test]
fn migrate_and_doctor_say_how_things_stand() {
    let folder = Folder::new();
    let output = run(&folder, &["stdio"], &[("CLARA_AUTO_MIGRATE", "false")]);
    assert!(
        stderr(&output).contains("clara migrate"),
        "{}",
        stderr(&output)
    );
    assert!(run(&folder, &["migrate"], &[]).status.success());
    let output = run(&folder, &["doctor"], &[("CLARA_AUTO_MIGRATE", "false")]);
    assert!(
        output.status.success(),
        "{}{}",
        stdout(&output),
        stderr(&output)
    );
    for part in [
        "data folder",
        "database",
        "ledger",
        "mail",
        "engine",
        "evidence",
        "extraction",
        "OCR",
        "passwords",
        "Stripe",
        "Google",
    ] {
        assert!(
            stdout(&output).contains(part),
            "{part}: {}",
            stdout(&output)
        );
    }
    let output = run(&folder, &["doctor", "--mail", "ada@example.org"], &[]);
    assert!(output.status.success());
    assert!(
        folder
            .data()
            .join("outbox")
            .read_dir()
            .unwrap()
            .next()
            .is_some(),
        "a mail was written"
    );
}

#[test]
fn the_doctor_advises_longer_passwords_where_others_can_reach_the_server() {
    for (address, minimum, is_advised) in [
        ("https://clara.example.org", "8", true),
        ("https://clara.example.org", "14", true),
        ("https://clara.example.org", "15", false),
        ("https://203.0.113.7", "8", true),
        ("https://localhost", "8", false),
        ("http://127.0.0.1:8000", "8", false),
    ] {
        let folder = Folder::new();
        let settings = [
            ("CLARA_PUBLIC_URL", address),
            ("CLARA_PASSWORD_MIN", minimum),
        ];
        let said = stdout(&run(&folder, &["doctor"], &settings));
        assert!(
            said.contains(&format!("at least {minimum} characters")),
            "{said}"
        );
        let advice = said.contains("set PASSWORD_MIN=15: anybody can reach this server");
        assert_eq!(advice, is_advised, "{address} {minimum}: {said}");
    }
}
