//! A speech recogniser that is none: a small process of its own that speaks the protocol of OpenAI's audio transcriptions over
//! real HTTP, and goes wrong as the model's name says. Nothing in it is shared with what it tests.
//!
//! It is the test binary started again, at the test that calls [`serve_if_asked`], and lives as long as its standard input.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on panics, and the fake says where it listens"
)]

mod answers;
mod request;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use answers::Answer;
use request::Request;

/// Its presence makes the test binary a speech recogniser.
const SERVES: &str = "CLARA_FAKE_TRANSCRIBER";
const LISTENS: &str = "fake transcriber listens on ";

/// The sentences that it hears in every recording, each beginning at its second.
pub const SENTENCES: [(f64, &str); 2] = [
    (0.0, "The Ardmoor Bridge was opened in 1933."),
    (2.9, "It is 412 metres long."),
];

/// A fake of its own process, which ends when this is dropped.
pub struct Fake {
    process: Child,
    /// What `TRANSCRIBE_URL` is set to.
    pub url: String,
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Fake {
    /// Starts the test of this name as a server.
    pub fn start(test: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(SERVES, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let address = output
            .lines()
            .map(|line| line.unwrap())
            .find_map(|line| Some(line.split_once(LISTENS)?.1.to_owned()));
        let address = address.expect("the fake says where it listens");
        Self {
            process,
            url: format!("http://{address}/v1"),
        }
    }

    /// The requests that came so far, as JSON: `path`, `authorization`, `fields`, `file_name`, `file_bytes`, `file_begins`.
    pub fn seen(&self) -> Vec<Value> {
        let address = self.url.trim_start_matches("http://");
        let address = address.trim_end_matches("/v1");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /seen HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }
}

/// Serves until standard input ends, where this process was started for that.
pub fn serve_if_asked() {
    if std::env::var_os(SERVES).is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{LISTENS}{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let seen: Arc<Mutex<Vec<Value>>> = Arc::default();
        for stream in listener.incoming().flatten() {
            let seen = seen.clone();
            std::thread::spawn(move || drop(answer(stream, &seen)));
        }
    });
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

fn answer(mut stream: TcpStream, seen: &Mutex<Vec<Value>>) -> std::io::Result<()> {
    let Some(request) = Request::read(&mut stream)? else {
        return Ok(());
    };
    let answer = if request.path == "/seen" {
        Answer::ok(Value::Array(seen.lock().unwrap().clone()).to_string())
    } else {
        seen.lock().unwrap().push(request.shown());
        Answer::to(&request)
    };
    let Some(answer) = answer.into_reply() else {
        // It is waited for until the other side gives up.
        let _ = stream.read_to_end(&mut Vec::new());
        return Ok(());
    };
    stream.write_all(&answer)?;
    stream.flush()
}
