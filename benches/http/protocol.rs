//! The requests that are measured, as bytes: REST, and MCP in the stateless form, in a session and over the older
//! transport.

use std::time::Instant;

use serde_json::{Value, json};

use crate::Outcome;
use crate::load::Figures;
use crate::servers::{Account, Server};
use crate::wire::{Connection, request};

const STATELESS: &str = "2026-07-28";
const WITH_SESSIONS: &str = "2025-11-25";
const ACCEPT: (&str, &str) = ("Accept", "application/json, text/event-stream");

/// A call over REST.
pub fn rest(path: &str, account: &Account) -> Vec<u8> {
    let headers = [("Authorization", account.proof.as_str())];
    request("GET", &format!("/api/v1{path}"), &headers, "")
}

/// A call in the form without sessions, answered with JSON.
pub fn stateless(tool: &str, arguments: &Value, account: Option<&Account>) -> Vec<u8> {
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": tool,
        "arguments": arguments,
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": STATELESS,
            "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    }});
    let mut headers = vec![
        ACCEPT,
        ("Mcp-Protocol-Version", STATELESS),
        ("Mcp-Method", "tools/call"),
        ("Mcp-Name", tool),
    ];
    headers.extend(proof(account));
    request("POST", "/mcp", &headers, &message.to_string())
}

fn proof(account: Option<&Account>) -> Option<(&str, &str)> {
    account.map(|account| ("Authorization", account.proof.as_str()))
}

fn hello() -> String {
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": WITH_SESSIONS, "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}})
    .to_string()
}

fn begun() -> String {
    json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string()
}

fn plain_call(tool: &str) -> String {
    json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {}}})
        .to_string()
}

/// A session of an older protocol version, opened over `asking`.
pub struct Session<'a> {
    path: &'a str,
    id: String,
    account: Option<&'a Account>,
}

impl<'a> Session<'a> {
    pub async fn open(
        asking: &mut Connection,
        path: &'a str,
        account: Option<&'a Account>,
    ) -> Outcome<Self> {
        let mut headers = vec![ACCEPT];
        headers.extend(proof(account));
        let opening = request("POST", path, &headers, &hello());
        let status = asking.exchange(&opening).await?;
        let id = asking.header("mcp-session-id");
        let id = id.ok_or_else(|| format!("{status} without a session"))?;
        let session = Self { path, id, account };
        let begun = session.request("POST", &begun());
        let status = asking.exchange(&begun).await?;
        if status != 202 {
            return Err(format!("a session began with {status}").into());
        }
        Ok(session)
    }

    fn request(&self, method: &str, body: &str) -> Vec<u8> {
        let mut headers = vec![
            ACCEPT,
            ("Mcp-Session-Id", self.id.as_str()),
            ("Mcp-Protocol-Version", WITH_SESSIONS),
        ];
        headers.extend(proof(self.account));
        request(method, self.path, &headers, body)
    }

    /// A call, answered with an event stream.
    pub fn call(&self, tool: &str) -> Vec<u8> {
        self.request("POST", &plain_call(tool))
    }

    /// The stream that a client listens to, on a connection of its own.
    pub async fn listen(&self, server: &Server) -> Outcome<Connection> {
        let mut listening = Connection::open(server.address).await?;
        let status = listening.begin(&self.request("GET", "")).await?;
        if status != 200 {
            return Err(format!("a stream was answered with {status}").into());
        }
        listening.rest();
        Ok(listening)
    }
}

/// A client of the older transport: it listens here, and asks on a connection that may serve many.
pub struct EventStream {
    listening: Connection,
    post: String,
    proof: String,
}

impl EventStream {
    pub async fn open(
        server: &Server,
        asking: &mut Connection,
        account: &Account,
    ) -> Outcome<Self> {
        let mut listening = Connection::open(server.address).await?;
        let headers = [
            ("Accept", "text/event-stream"),
            ("Authorization", account.proof.as_str()),
        ];
        let status = listening
            .begin(&request("GET", "/sse", &headers, ""))
            .await?;
        let seen = listening.wait_for("session_id=").await?;
        // The identifier may still be on its way.
        let id = match id_in(&seen) {
            Some(id) => id,
            None => id_in(&(seen + &listening.wait_for("\n\n").await?)).ok_or("no session")?,
        };
        if status != 200 {
            return Err(format!("a stream was answered with {status}").into());
        }
        let mut stream = Self {
            listening,
            post: format!("/messages?session_id={id}"),
            proof: account.proof.clone(),
        };
        stream.say(asking, &hello()).await?;
        stream.listening.wait_for("serverInfo").await?;
        stream.say(asking, &begun()).await?;
        stream.listening.rest();
        Ok(stream)
    }

    async fn say(&self, asking: &mut Connection, message: &str) -> Outcome<()> {
        let headers = [("Authorization", self.proof.as_str())];
        let said = request("POST", &self.post, &headers, message);
        match asking.exchange(&said).await? {
            202 => Ok(()),
            status => Err(format!("a message was answered with {status}").into()),
        }
    }

    /// So many calls, one after the other, each until its answer has come over the stream.
    pub async fn calls(
        &mut self,
        asking: &mut Connection,
        tool: &str,
        calls: usize,
    ) -> Outcome<Figures> {
        let message = plain_call(tool);
        let began = Instant::now();
        let mut waits = Vec::with_capacity(calls);
        for _ in 0..calls {
            let asked = Instant::now();
            self.say(asking, &message).await?;
            self.listening.wait_for("\"isError\"").await?;
            waits.push(asked.elapsed());
        }
        Ok(Figures::of(waits, began.elapsed()))
    }
}

fn id_in(seen: &str) -> Option<String> {
    let (_, rest) = seen.split_once("session_id=")?;
    let id: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    (rest.len() > id.len()).then_some(id)
}
