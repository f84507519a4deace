//! A model's server that answers from a script, over real HTTP, in each provider's protocol.
#![allow(
    clippy::unwrap_used,
    reason = "where it cannot be reached, the tests that use it have failed"
)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use clara_models::Provider;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Value,
    provider: Provider,
}

impl Seen {
    /// What the user's message says.
    pub fn user(&self) -> &str {
        let text = match self.provider {
            Provider::OpenAi | Provider::Ollama => &self.body["messages"][1]["content"],
            Provider::Anthropic => &self.body["messages"][0]["content"],
            Provider::Gemini => &self.body["contents"][0]["parts"][0]["text"],
        };
        text.as_str().unwrap()
    }

    /// What the system's words are.
    pub fn system(&self) -> &str {
        let text = match self.provider {
            Provider::OpenAi | Provider::Ollama => &self.body["messages"][0]["content"],
            Provider::Anthropic => &self.body["system"],
            Provider::Gemini => &self.body["systemInstruction"]["parts"][0]["text"],
        };
        text.as_str().unwrap()
    }

    /// The claims that are asked about.
    pub fn claims(&self) -> Vec<Value> {
        let lines = self
            .user()
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|value| value["id"].is_string()).collect()
    }

    /// Whether it is the second round.
    pub fn is_repair(&self) -> bool {
        self.user().contains("why they were not taken")
    }
}

/// What the server does.
pub enum Reply {
    /// Answers with this text, as its protocol has it.
    Text(String),
    /// Answers with this status and headers.
    Status(u16, Vec<(&'static str, String)>),
    /// Says this body is whole, and so it is.
    Raw(Vec<u8>),
    /// Promises more bytes than it sends.
    Cut(Vec<u8>),
    /// Never answers.
    Silence,
}

/// The server; it ends when it is dropped.
pub struct FakeModel {
    pub url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    serving: JoinHandle<()>,
}

impl Drop for FakeModel {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl FakeModel {
    /// Listens; the script is told each request and how many came before it.
    pub async fn start(
        provider: Provider,
        script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (all, script) = (seen.clone(), Arc::new(script));
        let serving = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let (all, script) = (all.clone(), script.clone());
                tokio::spawn(async move {
                    let _ = serve(stream, provider, &all, script.as_ref()).await;
                });
            }
        });
        Self { url, seen, serving }
    }

    /// What was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    provider: Provider,
    all: &Mutex<Vec<Seen>>,
    script: &(dyn Fn(&Seen, usize) -> Reply + Send + Sync),
) -> std::io::Result<()> {
    let Some(seen) = read(&mut stream, provider).await? else {
        return Ok(());
    };
    let before = {
        let mut all = all.lock().unwrap();
        all.push(seen.clone());
        all.len() - 1
    };
    let (status, headers, body, promised) = match script(&seen, before) {
        Reply::Text(text) => {
            let body = enveloped(provider, &text).to_string().into_bytes();
            (200, Vec::new(), body, 0)
        }
        Reply::Status(status, headers) => (status, headers, b"{\"error\":\"no\"}".to_vec(), 0),
        Reply::Raw(body) => (200, Vec::new(), body, 0),
        Reply::Cut(body) => (200, Vec::new(), body, 500),
        Reply::Silence => std::future::pending().await,
    };
    let length = body.len() + promised;
    let mut head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n"
    );
    for (name, value) in headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    stream.shutdown().await
}

async fn read(stream: &mut TcpStream, provider: Provider) -> std::io::Result<Option<Seen>> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 16_384];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&buffer[..count]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let path = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .unwrap_or_default();
        let headers: HashMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length: usize = headers["content-length"].parse().unwrap();
        while bytes.len() < end + 4 + length {
            let count = stream.read(&mut buffer).await?;
            bytes.extend_from_slice(&buffer[..count]);
        }
        return Ok(Some(Seen {
            path: path.to_owned(),
            body: serde_json::from_slice(&bytes[end + 4..]).unwrap(),
            headers,
            provider,
        }));
    }
}

/// A text as each protocol answers it, with 1,000 tokens of question and 100 of answer.
fn enveloped(provider: Provider, text: &str) -> Value {
    match provider {
        Provider::OpenAi => json!({
            "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 100},
        }),
        Provider::Anthropic => json!({
            "stop_reason": "end_turn",
            "content": [{"type": "text", "text": text}],
            "usage": {"input_tokens": 1000, "output_tokens": 100},
        }),
        Provider::Gemini => json!({
            "candidates": [{"finishReason": "STOP", "content": {"parts": [{"text": text}]}}],
            "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 100},
        }),
        Provider::Ollama => json!({
            "done": true,
            "done_reason": "stop",
            "message": {"role": "assistant", "content": text},
            "prompt_eval_count": 1000,
            "eval_count": 100,
        }),
    }
}
