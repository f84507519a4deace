//! What tests of servers ask over REST, and an account to ask with.
use serde_json::{Value, json};

use crate::{Folder, Server};

pub const PUBLIC: &str = "public-key-of-this-test-0123456789";
pub const PRIVATE: &str = "private-key-of-this-test-012345678";
pub const EMAIL: &str = "ada@example.org";
pub const PASSWORD: &str = "a long walk by the river";

/// The status and the body; a 204 has `null`.
pub async fn ask(
    server: &Server,
    method: &str,
    path: &str,
    proof: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let url = server.at(&format!("/api/v1{path}"));
    let mut request = client().request(method.parse().unwrap(), url);
    if !proof.is_empty() {
        request = request.header("authorization", proof);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// Its data, where it must succeed.
pub async fn data(
    server: &Server,
    method: &str,
    path: &str,
    proof: &str,
    body: Option<Value>,
) -> Value {
    let (status, body) = ask(server, method, path, proof, body).await;
    assert!(status < 300, "{method} {path}: {status} {body}");
    body["data"].clone()
}

/// An active account.
pub struct Account {
    pub id: String,
    /// The path of everything that is its own.
    pub path: String,
    /// Its session, as a header.
    pub session: String,
    pub api_key: String,
}

impl Account {
    /// Its API key, as a header.
    pub fn key(&self) -> String {
        format!("Bearer {}", self.api_key)
    }
}

/// Registers; what comes back is the session, as a header.
pub async fn register(server: &Server) -> String {
    register_as(server, EMAIL, None).await
}

async fn register_as(server: &Server, email: &str, address: Option<u16>) -> String {
    let person =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": PASSWORD});
    let mut request = client()
        .post(server.at("/api/v1/auth/register"))
        .header("authorization", PUBLIC)
        .json(&person);
    if let Some(number) = address {
        let (name, value) = crate::from_address(number);
        request = request.header(name, value);
    }
    let response = request.send().await.unwrap();
    let registered: Value = response.json().await.unwrap();
    let token = registered["data"]["token"].as_str();
    format!("Bearer {}", token.unwrap_or_else(|| panic!("{registered}")))
}

/// Activates what [`register`] made, and views its key.
pub async fn activate(server: &Server, session: String, code: &str) -> Account {
    activate_as(server, EMAIL, session, code).await
}

async fn activate_as(server: &Server, email: &str, session: String, code: &str) -> Account {
    let path = format!("/users/{email}/activate");
    let user = data(server, "POST", &path, PUBLIC, Some(json!({"code": code}))).await;
    let id = user["id"].as_str().unwrap().to_owned();
    let path = format!("/users/{id}");
    let key = data(server, "GET", &format!("{path}/api_key"), &session, None).await;
    Account {
        api_key: key["token"].as_str().unwrap().to_owned(),
        id,
        path,
        session,
    }
}

/// Registers and activates; the server must know [`PUBLIC`].
pub async fn account(folder: &Folder, server: &Server) -> Account {
    let session = register(server).await;
    activate(server, session, &folder.code_for(EMAIL)).await
}

/// The same with a mailbox and an address of its own: one address may make few accounts.
pub async fn numbered_account(folder: &Folder, server: &Server, number: u16) -> Account {
    let email = format!("ada{number}@example.org");
    let session = register_as(server, &email, Some(number)).await;
    activate_as(server, &email, session, &folder.code_for(&email)).await
}

/// A client that keeps no connection and follows nothing.
pub fn client() -> reqwest::Client {
    // One TLS provider for the process; a second test finds it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}
