//! The protocol in plain lines, for what no client of an SDK would send.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use super::support::Folder;

/// The first request of a session.
pub fn initialize() -> Value {
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "lines", "version": "1"}}})
}

/// A `clara stdio` spoken to in plain lines.
pub struct Lines {
    pub child: Child,
    pub input: Option<ChildStdin>,
    output: Receiver<String>,
}

impl Lines {
    /// A process that was spoken to as far as a session begins.
    pub fn start(folder: &Folder) -> Self {
        let mut lines = Self::silent(folder);
        lines.send(&initialize().to_string());
        assert_eq!(lines.receive()["result"]["serverInfo"]["name"], "clara");
        lines.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
        lines
    }

    /// A process to which nothing was said yet.
    pub fn silent(folder: &Folder) -> Self {
        let mut command = folder.command(&["stdio"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let reader = BufReader::new(child.stdout.take().unwrap());
        // Read on a thread of its own, so that an answer that never comes fails the test instead of stopping it.
        let (sender, output) = channel();
        std::thread::spawn(move || {
            reader
                .lines()
                .map_while(Result::ok)
                .all(|line| sender.send(line).is_ok())
        });
        Self {
            input: child.stdin.take(),
            child,
            output,
        }
    }

    pub fn send(&mut self, line: &str) {
        self.send_bytes(line.as_bytes());
    }

    pub fn send_bytes(&mut self, line: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(&[line, b"\n"].concat()).unwrap();
        input.flush().unwrap();
    }

    pub fn receive(&mut self) -> Value {
        let line = self
            .output
            .recv_timeout(Duration::from_mins(1))
            .expect("an answer");
        serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("only protocol on stdout: {error}: {line}"))
    }

    pub fn call(&mut self, id: u32, tool: &str, arguments: &Value) {
        let params = json!({"name": tool, "arguments": arguments});
        self.send(
            &json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params})
                .to_string(),
        );
    }

    pub fn answer(&mut self, id: u32) -> Value {
        loop {
            let message = self.receive();
            if message["id"] == id {
                return message;
            }
        }
    }
}
