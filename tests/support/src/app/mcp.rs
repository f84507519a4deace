//! What is asked of its MCP endpoint: by the protocol's own library, and plainly.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response};
use rmcp::ServiceExt as _;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Value, json};

use super::TestApp;
use crate::Client;

pub const VERSIONS: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
pub const STATELESS: &str = "2026-07-28";

impl TestApp {
    /// A client of the protocol's own library.
    pub async fn client(&self, authorization: Option<&str>) -> Client {
        let transport = self.transport(authorization);
        Client {
            service: ().serve(transport).await.unwrap(),
        }
    }

    /// How such a client reaches `/mcp`.
    pub fn transport(
        &self,
        authorization: Option<&str>,
    ) -> StreamableHttpClientTransport<reqwest::Client> {
        let mut config = StreamableHttpClientTransportConfig::with_uri(self.server.at("/mcp"));
        if let Some(authorization) = authorization {
            let value = HeaderValue::from_str(authorization).unwrap();
            let headers = [(reqwest::header::AUTHORIZATION, value)];
            config = config.custom_headers(headers.into_iter().collect());
        }
        StreamableHttpClientTransport::with_client(self.http.clone(), config)
    }

    /// A request to `/mcp` with these headers besides what every client sends.
    pub fn mcp_request(&self, method: Method, headers: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let mut all = HeaderMap::new();
        all.insert(
            "accept",
            HeaderValue::from_static("application/json, text/event-stream"),
        );
        all.insert("content-type", HeaderValue::from_static("application/json"));
        for (name, value) in headers {
            all.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        self.http
            .request(method, self.server.at("/mcp"))
            .headers(all)
    }

    pub async fn post(&self, headers: &[(&str, &str)], message: &Value) -> Response {
        let request = self
            .mcp_request(Method::POST, headers)
            .body(message.to_string());
        request.send().await.unwrap()
    }

    /// Opens a session and gives its id.
    pub async fn session(&self, version: &str, authorization: &str) -> String {
        let headers = [("authorization", authorization)];
        let response = self.post(&headers, &initialize(version)).await;
        assert_eq!(response.status(), 200);
        let id = response.headers()["mcp-session-id"].to_str().unwrap();
        let id = id.to_owned();
        let answer = message_of(response).await;
        assert_eq!(answer["result"]["protocolVersion"], version, "{answer}");
        let headers = [("authorization", authorization), ("mcp-session-id", &id)];
        let begun = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
        assert_eq!(self.post(&headers, &begun).await.status(), 202);
        id
    }

    /// A call in the stateless form, with the headers and the metadata that it wants.
    pub async fn stateless(
        &self,
        authorization: Option<&str>,
        method: &str,
        params: Value,
    ) -> Response {
        let (headers, message) = stateless(authorization, method, params);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.post(&headers, &message).await
    }
}

/// Headers and message of a call in the stateless form.
pub fn stateless(
    authorization: Option<&str>,
    method: &str,
    mut params: Value,
) -> (Vec<(String, String)>, Value) {
    let mut meta = params["_meta"].take();
    if !meta.is_object() {
        meta = json!({});
    }
    meta["io.modelcontextprotocol/protocolVersion"] = json!(STATELESS);
    meta["io.modelcontextprotocol/clientInfo"] = json!({"name": "plain", "version": "1"});
    meta["io.modelcontextprotocol/clientCapabilities"] = json!({});
    params["_meta"] = meta;
    let mut headers = vec![
        ("mcp-protocol-version".to_owned(), STATELESS.to_owned()),
        ("mcp-method".to_owned(), method.to_owned()),
    ];
    if let Some(name) = params["name"].as_str().or(params["uri"].as_str()) {
        headers.push(("mcp-name".to_owned(), name.to_owned()));
    }
    if let Some(authorization) = authorization {
        headers.push(("authorization".to_owned(), authorization.to_owned()));
    }
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    (headers, message)
}

pub fn initialize(version: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
        "protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "plain", "version": "1"}}})
}

pub fn call(id: u32, tool: &str, arguments: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})
}

pub fn is_stream(response: &Response) -> bool {
    let kind = response.headers()["content-type"].to_str().unwrap();
    kind.starts_with("text/event-stream")
}

/// Every message of an answer, be it JSON or an event stream.
pub async fn messages_of(response: Response) -> Vec<Value> {
    let stream = is_stream(&response);
    let text = response.text().await.unwrap();
    if !stream {
        return vec![serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"))];
    }
    text.lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .filter(|data| !data.trim().is_empty())
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// The last message of an answer.
pub async fn message_of(response: Response) -> Value {
    messages_of(response).await.pop().expect("a message")
}
