//! The main job, as a client does it: an account from nothing, and a fact check with quotes, over MCP.
//!
//! `cargo run --example quickstart` builds `clara`, starts it twice as a desktop client would, and prints the report.
//! Nothing outside this machine is asked, and nothing is left behind.
#![expect(clippy::print_stdout, reason = "a program for people to watch")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use mail_parser::MessageParser;
use rmcp::model::CallToolRequestParams;
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let program = build()?;
    let data = tempfile::tempdir()?;
    let folder = data.path().join("clara");

    println!("1. A new account, over MCP, with a new data directory");
    let clara = start(&program, &folder, &[]).await?;
    let email = "ada@example.org";
    let password = "a bridge over the sound";
    let registered = call(
        &clara,
        "auth_register",
        json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": password}),
    )
    .await?;
    println!("   auth_register   {}", text(&registered, "message"));
    let code = activation_code(&folder.join("outbox"), email)?;
    println!("   the mail        the activation code is {code}");
    let activated = call(
        &clara,
        "auth_activate",
        json!({"user_email": email, "code": code}),
    )
    .await?;
    println!(
        "   auth_activate   {} {} credits.",
        text(&activated, "message"),
        activated["data"]["credits"]
    );
    let signed_in = call(
        &clara,
        "auth_login",
        json!({"email": email, "password": password}),
    )
    .await?;
    println!("   auth_login      {}", text(&signed_in, "message"));
    let key = call(&clara, "api_key_view", json!({})).await?;
    println!("   api_key_view    {}", text(&key, "message"));
    clara.cancel().await?;

    println!("\n2. Clara again, the documented way: USER_ID and API_KEY_TOKEN");
    let user_id = text(&key["data"], "user_id").to_owned();
    let token = text(&key["data"], "token").to_owned();
    let clara = start(
        &program,
        &folder,
        &[("USER_ID", &user_id), ("API_KEY_TOKEN", &token)],
    )
    .await?;
    let supported = call(&clara, "agent_supported_attachments", json!({})).await?;
    println!(
        "   agent_supported_attachments   {}",
        supported["data"]["document"]
    );

    println!("\n3. The fact check: a text and two files");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sample");
    let submitted = std::fs::read_to_string(sample.join("text.txt"))?;
    let attachments = [
        attachment(&sample.join("bridge-report.pdf"))?,
        attachment(&sample.join("toll-history.md"))?,
    ];
    let task = call(
        &clara,
        "agent_analysis",
        json!({"text": submitted, "attachments": attachments, "wait_seconds": 55}),
    )
    .await?;
    let report = task["data"]["result"].clone();
    print_report(&report);
    check_report(&report, &submitted, &sample)?;

    println!("\n4. The books");
    let transactions = call(&clara, "transaction_view_all", json!({})).await?;
    for entry in transactions["data"].as_array().into_iter().flatten() {
        println!(
            "   {:<6} {:>6}  {}",
            text(entry, "type"),
            entry["value_in_credits"],
            text(entry, "description")
        );
    }
    let user = call(&clara, "user_view", json!({})).await?;
    println!("   balance {:>5}", user["data"]["credits"]);
    clara.cancel().await?;
    Ok(())
}

/// `cargo run --example` builds no binary, so it is built here, in the same profile. Named together with this example, it is
/// built on the very dependencies that the example was; alone, they would all be compiled once more with other features.
fn build() -> Outcome<PathBuf> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args([
            "build",
            "--quiet",
            "--locked",
            "--bin",
            "clara",
            "--example",
            "quickstart",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    // What cargo tells this program of its package would tell the cargo below that its surroundings have changed, and have it
    // build a part of the dependencies again.
    let told = |name: &str| {
        ["CARGO_PKG_", "CARGO_MANIFEST_"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    let names = std::env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.to_str().is_some_and(told)) {
        command.env_remove(name);
    }
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    if !command.status()?.success() {
        return Err("cargo could not build clara".into());
    }
    let examples = std::env::current_exe()?;
    let profile = examples
        .parent()
        .and_then(Path::parent)
        .ok_or("no target directory")?;
    Ok(profile.join(format!("clara{}", std::env::consts::EXE_SUFFIX)))
}

async fn start(
    program: &Path,
    folder: &Path,
    identity: &[(&str, &str)],
) -> Outcome<RunningService<RoleClient, ()>> {
    let mut command = tokio::process::Command::new(program);
    command.arg("stdio");
    // Whatever Clara settings the shell has must not change what is shown here.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CLARA_")) {
        command.env_remove(name);
    }
    command.env_remove("USER_ID").env_remove("API_KEY_TOKEN");
    command
        .env("CLARA_DATA_DIR", folder)
        .env("CLARA_EVIDENCE_SOURCES", "none")
        .env("CLARA_LOCAL_ACCOUNT", "none");
    command
        .env("CLARA_LOG", "warn")
        .envs(identity.iter().copied());
    Ok(().serve(TokioChildProcess::new(command)?).await?)
}

/// Calls a tool and gives its envelope; an answer that is no success ends the example.
async fn call(
    clara: &RunningService<RoleClient, ()>,
    tool: &str,
    arguments: Value,
) -> Outcome<Value> {
    let Value::Object(arguments) = arguments else {
        return Err("arguments are an object".into());
    };
    let result = clara
        .call_tool(CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments))
        .await?;
    let envelope = result.structured_content.ok_or("a structured answer")?;
    if envelope["status"] != "success" {
        return Err(format!("{tool}: {envelope}").into());
    }
    Ok(envelope)
}

/// The six digits in the newest mail to `email`: a real RFC 5322 file.
fn activation_code(outbox: &Path, email: &str) -> Outcome<String> {
    for file in std::fs::read_dir(outbox)? {
        let raw = std::fs::read(file?.path())?;
        let Some(mail) = MessageParser::default().parse(&raw) else {
            continue;
        };
        let is_for_us = mail
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.address())
            == Some(email);
        let Some(body) = mail.body_text(0).filter(|_| is_for_us) else {
            continue;
        };
        let code = body
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 6);
        if let Some(code) = code {
            return Ok(code.to_owned());
        }
    }
    Err("no mail with a code arrived".into())
}

fn attachment(path: &Path) -> Outcome<Value> {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or("a file name")?;
    let content = base64::engine::general_purpose::STANDARD.encode(std::fs::read(path)?);
    Ok(json!({"name": name, "content_base64": content}))
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn print_report(report: &Value) {
    println!("   {}\n", text(report, "summary"));
    for claim in report["claims"].as_array().into_iter().flatten() {
        println!(
            "   {:<20} {}",
            text(claim, "verdict").replace('_', " "),
            text(claim, "text")
        );
        for evidence in claim["evidence"].as_array().into_iter().flatten().take(1) {
            let name = text(evidence, "source_name");
            let page = evidence["page"]
                .as_u64()
                .map(|page| format!(", page {page}"))
                .unwrap_or_default();
            println!("   {:<20} “{}”", "", text(evidence, "quote"));
            println!(
                "   {:<20} {name}{page}, characters {} to {}",
                "", evidence["start"], evidence["end"]
            );
        }
        println!("   {:<20} {}\n", "", text(claim, "rationale"));
    }
}

/// Only a wrong answer fails the example: one claim of each kind, and every quote stands in its source.
fn check_report(report: &Value, submitted: &str, sample: &Path) -> Outcome<()> {
    let claims = report["claims"].as_array().ok_or("the report has claims")?;
    for verdict in ["supported", "refuted", "not_enough_evidence"] {
        if !claims.iter().any(|claim| claim["verdict"] == verdict) {
            return Err(format!("no claim is {verdict}").into());
        }
    }
    // The PDF was made of the text file beside it, which can be read without a PDF reader.
    let sources = [
        (
            "bridge-report.pdf",
            one_line(&std::fs::read_to_string(sample.join("bridge-report.txt"))?),
        ),
        (
            "toll-history.md",
            one_line(&std::fs::read_to_string(sample.join("toll-history.md"))?),
        ),
        ("submission", one_line(submitted)),
    ];
    for evidence in claims
        .iter()
        .flat_map(|claim| claim["evidence"].as_array().into_iter().flatten())
    {
        let (name, quote) = (
            text(evidence, "source_name"),
            one_line(text(evidence, "quote")),
        );
        if !sources
            .iter()
            .any(|(source, content)| *source == name && content.contains(&quote))
        {
            return Err(format!("not in {name}: {quote}").into());
        }
    }
    Ok(())
}

/// Line breaks of a page are not part of a quote.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
