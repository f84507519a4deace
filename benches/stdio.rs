//! What `clara stdio` costs its client: `cargo bench --bench stdio`. Measures the cold start (to the reply of
//! `initialize`) beside that of a bare server of the protocol library in the same run, memory at rest, calls of
//! `user_view`, and the analysis of the sample, each against a real process. `CLARA_BENCH_BINARY` measures another binary.
#![expect(clippy::print_stdout, reason = "a program for people to read")]

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

const STARTS: usize = 30;
const CALLS: u32 = 5_000;
const ANALYSES: usize = 20;

/// The protocol library's own server, with nothing to offer.
struct Bare;

impl rmcp::ServerHandler for Bare {}

fn serve_bare() -> Outcome<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let serving = rmcp::ServiceExt::serve(Bare, rmcp::transport::stdio()).await?;
        serving.waiting().await?;
        Ok(())
    })
}

fn main() -> Outcome<()> {
    if std::env::args().nth(1).as_deref() == Some("bare-server") {
        return serve_bare();
    }
    let parent = tempfile::tempdir()?;
    let new: Vec<Duration> = (0..STARTS)
        .map(|n| Ok(Process::start(&parent.path().join(format!("new-{n}")))?.1))
        .collect::<Outcome<_>>()?;
    let folder = parent.path().join("kept");
    drop(Process::start(&folder)?);
    // In turns, so that whatever else the machine does meets both.
    let (mut kept, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        bare.push(Process::bare()?.1);
        kept.push(Process::start(&folder)?.1);
    }
    show("cold start, new data directory", new);
    let of_clara = show("cold start, database already there", kept);
    let of_bare = show("cold start, bare server", bare);
    println!(
        "cold start, times the bare server's: {:.2}",
        of_clara / of_bare
    );

    let (mut clara, _) = Process::start(&folder)?;
    clara.call("user_view", &json!({}))?;
    println!("memory at rest: {} MB", clara.resident_kilobytes()? / 1_024);

    let started = Instant::now();
    for _ in 0..CALLS {
        clara.call("user_view", &json!({}))?;
    }
    let rate = f64::from(CALLS) / started.elapsed().as_secs_f64();
    println!("user_view, one after the other: {rate:.0} calls a second");

    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/sample");
    let arguments = json!({
        "text": std::fs::read_to_string(sample.join("text.txt"))?,
        "attachments": [attachment(&sample.join("bridge-report.pdf"))?, attachment(&sample.join("toll-history.md"))?],
        "wait_seconds": 55,
    });
    let mut analyses = Vec::new();
    for _ in 0..ANALYSES {
        let started = Instant::now();
        let answer = clara.call("agent_analysis", &arguments)?;
        if answer["result"]["structuredContent"]["data"]["status"] != "COMPLETED" {
            return Err(format!("the analysis did not end: {answer}").into());
        }
        analyses.push(started.elapsed());
    }
    show("analysis of the sample (two files)", analyses);
    println!(
        "memory after {CALLS} calls and {ANALYSES} analyses: {} MB",
        clara.resident_kilobytes()? / 1_024
    );
    Ok(())
}

/// Prints how long something took, and gives the median in milliseconds.
fn show(what: &str, mut times: Vec<Duration>) -> f64 {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!(
        "{what}: median {:.1} ms, p90 {:.1} ms, {} runs",
        at(50),
        at(90),
        times.len()
    );
    at(50)
}

fn attachment(path: &Path) -> Outcome<Value> {
    let content = base64::engine::general_purpose::STANDARD.encode(std::fs::read(path)?);
    Ok(json!({"name": path.file_name().and_then(|name| name.to_str()), "content_base64": content}))
}

/// A `clara stdio` and the lines to and from it.
struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u32,
}

impl Process {
    /// Starts it, and says how long the reply of `initialize` took from before the process was made.
    fn start(folder: &PathBuf) -> Outcome<(Self, Duration)> {
        let binary = std::env::var_os("CLARA_BENCH_BINARY")
            .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_clara")), PathBuf::from);
        let mut command = Command::new(binary);
        command
            .arg("stdio")
            .env("CLARA_DATA_DIR", folder)
            .env("CLARA_EVIDENCE_SOURCES", "none")
            .env("CLARA_LOCAL_CREDITS", "1000000")
            .env("CLARA_LOG", "error");
        Self::greet(command)
    }

    /// The same of a bare server: this program again.
    fn bare() -> Outcome<(Self, Duration)> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare-server");
        Self::greet(command)
    }

    fn greet(mut command: Command) -> Outcome<(Self, Duration)> {
        let started = Instant::now();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("no input")?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut process = Self {
            child,
            input,
            output,
            next: 1,
        };
        let client = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}});
        process
            .send(&json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": client}))?;
        process.receive(0)?;
        let took = started.elapsed();
        process.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))?;
        Ok((process, took))
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Outcome<Value> {
        let id = self.next;
        self.next += 1;
        let params = json!({"name": tool, "arguments": arguments});
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params}))?;
        self.receive(id)
    }

    fn send(&mut self, message: &Value) -> Outcome<()> {
        writeln!(self.input, "{message}")?;
        Ok(self.input.flush()?)
    }

    fn receive(&mut self, id: u32) -> Outcome<Value> {
        let mut line = String::new();
        loop {
            line.clear();
            if self.output.read_line(&mut line)? == 0 {
                return Err("clara ended".into());
            }
            let message: Value = serde_json::from_str(&line)?;
            if message["id"] == id {
                return Ok(message);
            }
        }
    }

    /// What the process holds in memory; Linux only.
    fn resident_kilobytes(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .ok_or("no VmRSS")?;
        Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
