//! The faces, each driven as its clients drive it: REST by HTTP requests, MCP by its own transports, the terminal by a
//! process.

use std::collections::HashMap;

use clara::operations::registry;
use serde_json::{Value, json};

use super::cases::{Case, EMAIL, Proof};
use super::support::{Client, Folder, Server, object};

/// Who asks.
pub struct Account {
    pub user_id: String,
    pub api_key: String,
    pub public_key: String,
}

impl Account {
    fn authorization(&self, proof: Proof) -> Option<String> {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        match proof {
            Proof::Nothing => None,
            Proof::PublicKey => Some(self.public_key.clone()),
            Proof::ApiKey => Some(format!("Bearer {}", self.api_key)),
            Proof::Password(password) => Some(format!(
                "Basic {}",
                engine.encode(format!("{EMAIL}:{password}"))
            )),
        }
    }
}

/// The arguments with what a header says elsewhere.
fn spoken(case: &Case) -> Value {
    let mut arguments = case.arguments.clone();
    if let Proof::Password(password) = case.proof {
        arguments["email"] = json!(EMAIL);
        arguments["password"] = json!(password);
    }
    arguments
}

/// A way in.
pub trait Door {
    fn name(&self) -> &'static str;
    fn call<'a>(&'a self, case: &'a Case) -> std::pin::Pin<Box<dyn Future<Output = Value> + 'a>>;
    fn close(self: Box<Self>) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async {})
    }
}

/// Every door, REST first.
pub async fn all<'a>(
    folder: &'a Folder,
    server: &'a Server,
    account: &'a Account,
) -> Vec<Box<dyn Door + 'a>> {
    let signed = [
        ("USER_ID", account.user_id.as_str()),
        ("API_KEY_TOKEN", &account.api_key),
    ];
    vec![
        Box::new(Rest { server, account }),
        Box::new(Stdio {
            signed: folder.client(&signed).await,
            nobody: folder.client(&[("CLARA_LOCAL_ACCOUNT", "none")]).await,
        }),
        Box::new(StreamableHttp { server, account }),
        Box::new(EventStream { server, account }),
        Box::new(Terminal { folder, account }),
    ]
}

/// The proof as MCP carries it: a password is an argument there.
fn header(account: &Account, case: &Case) -> Option<String> {
    match case.proof {
        Proof::Password(_) => None,
        proof => account.authorization(proof),
    }
}

fn http_client() -> reqwest::Client {
    // One TLS provider for the process; a second call finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Sends one REST request; a 204 is written as the envelope that other faces give.
pub async fn send(
    server: &Server,
    method: &str,
    path: &str,
    authorization: Option<&str>,
    body: Option<Value>,
) -> Value {
    let url = server.at(&format!("/api/v1{path}"));
    let mut request = http_client().request(method.parse().unwrap(), url);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    response.json().await.unwrap()
}

pub struct Rest<'a> {
    server: &'a Server,
    account: &'a Account,
}

impl<'a> Rest<'a> {
    pub fn new(server: &'a Server, account: &'a Account) -> Self {
        Self { server, account }
    }

    /// A finished analysis.
    pub async fn analysis(&self) -> String {
        let path = format!("/users/{}/agent/analysis", self.account.user_id);
        let body = json!({"text": "The bridge opened in 1931.", "wait_seconds": 50});
        let key = self.account.authorization(Proof::ApiKey);
        let answer = send(self.server, "POST", &path, key.as_deref(), Some(body)).await;
        assert_eq!(answer["data"]["status"], "COMPLETED", "{answer}");
        answer["data"]["id"].as_str().unwrap().to_owned()
    }

    pub async fn newest_transaction(&self) -> String {
        let path = format!(
            "/users/{}/transactions?limit=1&offset=0",
            self.account.user_id
        );
        let key = self.account.authorization(Proof::ApiKey);
        let answer = send(self.server, "GET", &path, key.as_deref(), None).await;
        answer["data"][0]["id"].as_str().unwrap().to_owned()
    }
}

impl Door for Rest<'_> {
    fn name(&self) -> &'static str {
        "REST"
    }

    fn call<'a>(&'a self, case: &'a Case) -> std::pin::Pin<Box<dyn Future<Output = Value> + 'a>> {
        Box::pin(async move {
            let route = registry::find(case.tool).unwrap().spec.route;
            let mut arguments: HashMap<String, Value> =
                object(case.arguments.clone()).into_iter().collect();
            let mut path = route.path.to_owned();
            for variable in route.variables() {
                let value = match variable {
                    "user_id" => self.account.user_id.clone(),
                    other => arguments
                        .remove(other)
                        .unwrap()
                        .as_str()
                        .unwrap()
                        .to_owned(),
                };
                path = path.replace(&format!("{{{variable}}}"), &value);
            }
            let method = format!("{:?}", route.method).to_uppercase();
            let mut body = None;
            if method == "GET" || method == "DELETE" {
                let query: Vec<String> = arguments
                    .iter()
                    .map(|(name, value)| match value {
                        Value::String(text) => format!("{name}={text}"),
                        other => format!("{name}={other}"),
                    })
                    .collect();
                if !query.is_empty() {
                    path = format!("{path}?{}", query.join("&"));
                }
            } else {
                body = Some(Value::Object(arguments.into_iter().collect()));
            }
            let authorization = self.account.authorization(case.proof);
            send(self.server, &method, &path, authorization.as_deref(), body).await
        })
    }
}

/// The process acts for the account, and whoever started it may do what the public key opens.
struct Stdio {
    signed: Client,
    nobody: Client,
}

impl Door for Stdio {
    fn name(&self) -> &'static str {
        "MCP stdio"
    }

    fn call<'a>(&'a self, case: &'a Case) -> std::pin::Pin<Box<dyn Future<Output = Value> + 'a>> {
        let client = match case.proof {
            Proof::ApiKey => &self.signed,
            _ => &self.nobody,
        };
        Box::pin(async move {
            // A sign-in binds the process, so the process that acts for nobody is signed out again.
            let envelope = client.envelope(case.tool, spoken(case)).await;
            if envelope["data"]["token"].is_string() {
                client.envelope("auth_logout", json!({})).await;
            }
            envelope
        })
    }

    fn close(self: Box<Self>) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
        Box::pin(async move {
            self.signed.close().await;
            self.nobody.close().await;
        })
    }
}

struct Terminal<'a> {
    folder: &'a Folder,
    account: &'a Account,
}

impl Door for Terminal<'_> {
    fn name(&self) -> &'static str {
        "clara call"
    }

    fn call<'a>(&'a self, case: &'a Case) -> std::pin::Pin<Box<dyn Future<Output = Value> + 'a>> {
        Box::pin(async move {
            let arguments = spoken(case).to_string();
            let mut command = self.folder.command(&["call", case.tool, &arguments]);
            command.env("CLARA_LOCAL_ACCOUNT", "none");
            if case.proof == Proof::ApiKey {
                command
                    .env("USER_ID", &self.account.user_id)
                    .env("API_KEY_TOKEN", &self.account.api_key);
            }
            let output = command.output().unwrap();
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
                panic!(
                    "{}: {error}: {}",
                    case.name,
                    String::from_utf8_lossy(&output.stderr)
                )
            })
        })
    }
}

/// The stateless form: one request, one JSON answer.
struct StreamableHttp<'a> {
    server: &'a Server,
    account: &'a Account,
}

impl Door for StreamableHttp<'_> {
    fn name(&self) -> &'static str {
        "MCP Streamable HTTP"
    }

    fn call<'a>(&'a self, case: &'a Case) -> std::pin::Pin<Box<dyn Future<Output = Value> + 'a>> {
        Box::pin(async move {
            let version = "2026-07-28";
            let client = json!({"name": "parity", "version": "1"});
            let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                "name": case.tool,
                "arguments": spoken(case),
                "_meta": {
                    "io.modelcontextprotocol/protocolVersion": version,
                    "io.modelcontextprotocol/clientInfo": client,
                    "io.modelcontextprotocol/clientCapabilities": {},
                },
            }});
            let mut request = http_client()
                .post(self.server.at("/mcp"))
                .header("accept", "application/json, text/event-stream")
                .header("mcp-protocol-version", version)
                .header("mcp-method", "tools/call")
                .header("mcp-name", case.tool)
                .json(&message);
            if let Some(authorization) = header(self.account, case) {
                request = request.header("authorization", authorization);
            }
            let response = request.send().await.unwrap();
            assert_eq!(
                response.headers()["content-type"],
                "application/json",
                "{}",
                case.name
            );
            let answer: Value = response.json().await.unwrap();
            structured(case, &answer)
        })
    }
}

/// The older transport: an event stream to listen to, and an address to post to.
struct EventStream<'a> {
    server: &'a Server,
    account: &'a Account,
}

impl EventStream<'_> {
    fn with_proof(&self, case: &Case, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match header(self.account, case) {
            Some(authorization) => request.header("authorization", authorization),
            None => request,
        }
    }
}

impl Door for EventStream<'_> {
    fn name(&self) -> &'static str {
        "MCP SSE"
    }

    fn call<'a>(&'a self, case: &'a Case) -> std::pin::Pin<Box<dyn Future<Output = Value> + 'a>> {
        Box::pin(async move {
            let client = http_client();
            let stream = client
                .get(self.server.at("/sse"))
                .header("accept", "text/event-stream");
            let stream = self.with_proof(case, stream).send().await.unwrap();
            assert_eq!(stream.status(), 200, "{}", case.name);
            let mut events = Events {
                stream,
                read: String::new(),
            };
            let endpoint = self.server.at(&events.next().await);
            let post = async |message: Value| {
                let request = client.post(&endpoint).json(&message);
                let response = self.with_proof(case, request).send().await.unwrap();
                assert_eq!(response.status(), 202, "{}", case.name);
            };
            let hello = json!({"protocolVersion": "2024-11-05", "capabilities": {},
                "clientInfo": {"name": "parity", "version": "1"}});
            post(json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello})).await;
            events.next().await;
            post(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).await;
            let call = json!({"name": case.tool, "arguments": spoken(case)});
            post(json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call})).await;
            let answer: Value = serde_json::from_str(&events.next().await).unwrap();
            structured(case, &answer)
        })
    }
}

/// The data of each event, one after the other.
struct Events {
    stream: reqwest::Response,
    read: String,
}

impl Events {
    async fn next(&mut self) -> String {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let data: Vec<&str> = event
                    .lines()
                    .filter_map(|line| line.strip_prefix("data:"))
                    .map(str::trim)
                    .collect();
                let data = data.join("\n");
                let rest = rest.to_owned();
                self.read = rest;
                if !data.is_empty() {
                    return data;
                }
                continue;
            }
            let bytes = self
                .stream
                .chunk()
                .await
                .unwrap()
                .expect("the stream goes on");
            self.read
                .push_str(&String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        }
    }
}

fn structured(case: &Case, answer: &Value) -> Value {
    let envelope = &answer["result"]["structuredContent"];
    assert!(envelope.is_object(), "{}: {answer}", case.name);
    envelope.clone()
}
