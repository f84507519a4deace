//! What the tests of every face share: a Clara started as clients start it, in a folder of its own, and its mails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::new_without_default,
    clippy::return_self_not_must_use,
    clippy::needless_pass_by_value,
    clippy::missing_fields_in_debug,
    reason = "a test that cannot go on panics, in its helping functions too"
)]

pub mod app;
pub mod authenticator;
pub mod browser;
pub mod dropping;
pub mod every_field;
pub mod forgery;
pub mod mailbox;
pub mod parts;
pub mod person;
pub mod postgres;
pub mod rest;
pub mod shapes;
pub mod signing_in;
pub mod tables;
pub mod till;
pub mod worlds;

use std::path::{Path, PathBuf};

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Map, Value, json};

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The program under test, which Cargo builds two folders above the tests and benches that run it.
pub fn clara() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap();
    folder.join(format!("clara{}", std::env::consts::EXE_SUFFIX))
}

/// A new data directory, gone with the test.
pub struct Folder {
    parent: tempfile::TempDir,
}

impl Folder {
    pub fn new() -> Self {
        Self {
            parent: tempfile::tempdir().unwrap(),
        }
    }

    /// The data directory itself; Clara makes it.
    pub fn data(&self) -> PathBuf {
        self.parent.path().join("clara")
    }

    /// Somewhere for files of the test.
    pub fn parent(&self) -> &Path {
        self.parent.path()
    }

    /// `clara COMMAND` with this data directory and nothing of the shell's own settings.
    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(clara());
        command.args(arguments);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CLARA_")) {
            command.env_remove(name);
        }
        command
            .env_remove("USER_ID")
            .env_remove("API_KEY_TOKEN")
            .env_remove("PORT");
        command
            .env("CLARA_DATA_DIR", self.data())
            .env("CLARA_EVIDENCE_SOURCES", "none")
            .env("CLARA_LOG", "warn");
        command
    }

    /// An MCP client of `clara stdio`.
    pub async fn client(&self, settings: &[(&str, &str)]) -> Client {
        let mut command = self.command(&["stdio"]);
        command.envs(settings.iter().copied());
        let process = TokioChildProcess::new(tokio::process::Command::from(command)).unwrap();
        Client {
            service: ().serve(process).await.unwrap(),
        }
    }

    /// The code in the newest mail to `email`.
    pub fn code_for(&self, email: &str) -> String {
        newest_code(&self.data().join("outbox"), email).expect("a mail with a code")
    }
}

/// A running `clara serve`, stopped with the test.
pub struct Server {
    process: std::process::Child,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    log: std::sync::Arc<(std::sync::Mutex<String>, std::sync::Condvar)>,
}

impl Server {
    /// Starts it on a free port of this machine, without the limit on requests a second. It believes what this machine
    /// forwards, so that a test can come from many addresses, see [`from_address`].
    pub fn start(folder: &Folder, settings: &[(&str, &str)]) -> Self {
        use std::io::BufRead as _;
        let mut command = folder.command(&["serve"]);
        command
            .env("CLARA_PORT", "0")
            .env("CLARA_RATE_LIMIT", "0")
            .env("CLARA_TRUSTED_PROXIES", "127.0.0.1/32")
            .envs(settings.iter().copied())
            .stderr(std::process::Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut log = std::io::BufReader::new(process.stderr.take().unwrap()).lines();
        let listens = |line: &String| line.contains("listens on http://");
        let line = log
            .by_ref()
            .map_while(Result::ok)
            .find(listens)
            .expect("the line that says where it listens");
        let (_, url) = line.split_once("listens on ").unwrap();
        let url = url.trim().to_owned();
        // What it says from now on is read at once, so that the pipe never fills.
        let kept = std::sync::Arc::new((
            std::sync::Mutex::new(String::new()),
            std::sync::Condvar::new(),
        ));
        let keeping = kept.clone();
        std::thread::spawn(move || {
            for line in log.map_while(Result::ok) {
                let mut kept = keeping.0.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
                keeping.1.notify_all();
            }
        });
        Self {
            process,
            url,
            log: kept,
        }
    }

    /// What it has logged since it listens.
    pub fn log(&self) -> String {
        self.log.0.lock().unwrap().clone()
    }

    /// Whether it logs this: a line may reach us later than the answer it is about.
    pub fn logs(&self, words: &str) -> bool {
        let (log, grown) = &*self.log;
        let timeout = std::time::Duration::from_secs(10);
        let (kept, _) = grown
            .wait_timeout_while(log.lock().unwrap(), timeout, |kept| !kept.contains(words))
            .unwrap();
        kept.contains(words)
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The most memory it has had since it started or since [`Self::forget_peak`], in bytes.
    #[cfg(target_os = "linux")]
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.unwrap().split_whitespace().next().unwrap();
        kib.parse::<u64>().unwrap() * 1024
    }

    /// From now on the peak is counted anew.
    #[cfg(target_os = "linux")]
    pub fn forget_peak(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.id()), "5").unwrap();
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Asks it to stop, as a service manager does.
    #[cfg(unix)]
    pub fn terminate(&self) {
        let process = rustix::process::Pid::from_raw(self.process.id().cast_signed()).unwrap();
        rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> std::process::ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A header with which a request to a [`Server`] comes from the `number`-th address: an address may make 5 accounts an
/// hour, and so may sign in wrongly 10 times a minute.
pub fn from_address(number: u16) -> (&'static str, String) {
    let [high, low] = number.to_be_bytes();
    ("X-Forwarded-For", format!("10.20.{high}.{low}"))
}

/// The six digits in the newest mail to `email`.
pub fn newest_code(outbox: &Path, email: &str) -> Option<String> {
    let mut files: Vec<_> = std::fs::read_dir(outbox)
        .ok()?
        .filter_map(Result::ok)
        .collect();
    files.sort_by_key(|file| file.metadata().and_then(|m| m.modified()).ok());
    files.iter().rev().find_map(|file| {
        let raw = std::fs::read(file.path()).ok()?;
        let mail = mail_parser::MessageParser::default().parse(&raw)?;
        let to = mail.to()?.first()?.address()?.to_owned();
        let body = mail.body_text(0)?.into_owned();
        let code = body
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| digits.len() == 6)?
            .to_owned();
        (to == email).then_some(code)
    })
}

/// A connected MCP client.
pub struct Client {
    pub service: RunningService<RoleClient, ()>,
}

impl Client {
    /// The whole result of a tool call.
    pub async fn result(&self, tool: &str, arguments: Value) -> CallToolResult {
        let Value::Object(arguments) = arguments else {
            panic!("arguments are an object")
        };
        let call = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        self.service.call_tool(call).await.unwrap()
    }

    /// The envelope of a tool call.
    pub async fn envelope(&self, tool: &str, arguments: Value) -> Value {
        self.result(tool, arguments)
            .await
            .structured_content
            .expect("structured content")
    }

    /// The data of a call that must succeed.
    pub async fn data(&self, tool: &str, arguments: Value) -> Value {
        let envelope = self.envelope(tool, arguments).await;
        assert_eq!(envelope["status"], "success", "{tool}: {envelope}");
        envelope["data"].clone()
    }

    /// The message of a call that must be refused.
    pub async fn refusal(&self, tool: &str, arguments: Value) -> (String, Value) {
        let result = self.result(tool, arguments).await;
        let envelope = result.structured_content.expect("structured content");
        assert_eq!(envelope["status"], "error", "{tool}: {envelope}");
        assert_eq!(result.is_error, Some(true));
        (
            envelope["message"].as_str().unwrap().to_owned(),
            envelope["data"].clone(),
        )
    }

    pub async fn close(self) {
        self.service.cancel().await.unwrap();
    }
}

/// The text of a result, as a client that shows only text has it.
pub fn text_of(result: &CallToolResult) -> String {
    result
        .content
        .iter()
        .filter_map(|content| content.as_text())
        .map(|text| text.text.clone())
        .collect()
}

/// Arguments as an object.
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("not an object: {other}"),
    }
}

/// A text attachment.
pub fn text_file(name: &str, content: &str) -> Value {
    use base64::Engine as _;
    json!({"name": name, "content_base64": base64::engine::general_purpose::STANDARD.encode(content)})
}
