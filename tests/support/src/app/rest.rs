//! What is asked of it over REST.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use base64::Engine as _;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{Account, PASSWORD, PUBLIC, TestApp};

/// An answer, whole.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body, which must be the envelope that the status asks for.
    pub fn envelope(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        let envelope: Value = serde_json::from_str(&self.text).unwrap();
        let fields: Vec<&String> = envelope.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["data", "message", "status"]);
        let status = if self.status < 400 {
            "success"
        } else {
            "error"
        };
        assert_eq!(envelope["status"], status, "{self:?}");
        envelope
    }

    /// The data of a success.
    pub fn data(&self, status: u16, message: &str) -> Value {
        let envelope = self.envelope();
        assert_eq!(
            (self.status, envelope["message"].as_str()),
            (status, Some(message)),
            "{self:?}"
        );
        envelope["data"].clone()
    }

    /// The fields that a 400 names.
    pub fn fields(&self) -> Vec<String> {
        let problem =
            "One or more required parameters are either not given or have invalid schema.";
        let data = self.data(400, problem);
        let errors = data["errors"].as_array().unwrap();
        assert!(
            errors
                .iter()
                .all(|error| !error["problem"].as_str().unwrap().is_empty())
        );
        errors
            .iter()
            .map(|error| error["field"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl TestApp {
    pub fn request(&self, method: &str, path: &str, proof: &str) -> reqwest::RequestBuilder {
        let url = self.server.at(&format!("/api/v1{path}"));
        let request = self.http.request(method.parse().unwrap(), url);
        if proof.is_empty() {
            request
        } else {
            request.header("authorization", proof)
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        Reply {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    /// Without a body.
    pub async fn ask(&self, method: &str, path: &str, proof: &str) -> Reply {
        self.send(self.request(method, path, proof)).await
    }

    /// The same, with an answer wanted in this form.
    pub async fn accepting(&self, path: &str, proof: &str, accept: &str) -> Reply {
        let request = self.request("GET", path, proof).header("accept", accept);
        self.send(request).await
    }

    /// With a JSON body.
    pub async fn tell(&self, method: &str, path: &str, proof: &str, body: &Value) -> Reply {
        self.send(self.request(method, path, proof).json(body))
            .await
    }

    /// With a body of these very bytes, said to be JSON.
    pub async fn tell_raw(
        &self,
        method: &str,
        path: &str,
        proof: &str,
        body: impl Into<reqwest::Body>,
    ) -> Reply {
        let request = self.request(method, path, proof);
        self.send(
            request
                .header("content-type", "application/json")
                .body(body),
        )
        .await
    }

    /// Registers, activates and signs in.
    pub async fn account(&self, email: &str) -> Account {
        let new = json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": PASSWORD});
        let registered = self.tell("POST", "/auth/register", PUBLIC, &new).await;
        let data = registered.data(201, "User registered successfully.");
        let code = json!({"code": self.folder.code_for(email)});
        let activated = self
            .tell("POST", &format!("/users/{email}/activate"), PUBLIC, &code)
            .await;
        activated.data(200, "User activated successfully.");
        let id = data["id"].as_str().unwrap();
        let session = format!("Bearer {}", data["token"].as_str().unwrap());
        let key = self
            .ask("GET", &format!("/users/{id}/api_key"), &session)
            .await;
        let key = key.data(200, "API key fetched successfully.");
        Account {
            id: id.to_owned(),
            email: email.to_owned(),
            session,
            key: format!("Bearer {}", key["token"].as_str().unwrap()),
        }
    }

    pub async fn credits(&self, account: &Account) -> f64 {
        let user = self.ask("GET", &account.at(""), &account.key).await;
        user.data(200, "User fetched successfully.")["credits"]
            .as_f64()
            .unwrap()
    }

    /// How many tasks the account has.
    pub async fn tasks(&self, account: &Account) -> u64 {
        let tasks = self.ask("GET", &account.at("/tasks"), &account.key).await;
        tasks.header("x-total-count").parse().unwrap()
    }

    /// A connection of its own.
    pub fn connect(&self) -> TcpStream {
        let address = self.server.url.strip_prefix("http://").unwrap();
        TcpStream::connect(address).unwrap()
    }

    /// Sends these very bytes on a connection of its own; gives the whole answer, and leaves.
    pub fn exchange(&self, bytes: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        let mut answer = String::new();
        let mut reader = BufReader::new(stream);
        while !answer.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut answer).unwrap(), 0, "{answer}");
        }
        let length = answer
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.expect("a length").parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        answer + &String::from_utf8(body).unwrap()
    }
}

pub fn basic(email: &str, password: &str) -> String {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{email}:{password}"));
    format!("Basic {pair}")
}

/// A digest as reports show it.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest: [u8; 32] = sha2::Sha256::digest(bytes).into();
    digest.map(|byte| format!("{byte:02x}")).concat()
}
