//! A served Clara with known keys, in a folder of its own: what tests of every face start, ask and stop. How it is asked is
//! with its face: [`rest`], [`mcp`] and [`pages`].

pub mod mcp;
pub mod pages;
pub mod rest;

use std::time::Duration;

use serde_json::{Value, json};

pub use crate::rest::{PASSWORD, PRIVATE, PUBLIC};
use crate::{Folder, Server};
pub use rest::{Reply, basic, sha256};

/// A server and its folder.
pub struct TestApp {
    pub folder: Folder,
    pub server: Server,
    pub http: reqwest::Client,
}

/// An active account.
pub struct Account {
    pub id: String,
    pub email: String,
    /// `Bearer …` of a session.
    pub session: String,
    /// `Bearer …` of the API key.
    pub key: String,
}

impl Account {
    /// A path under the account's own.
    pub fn at(&self, rest: &str) -> String {
        format!("/users/{}{rest}", self.id)
    }
}

impl TestApp {
    /// Starts it with these settings besides its keys.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        Self::restart(Folder::new(), settings)
    }

    /// The same over a folder that is there already.
    pub fn restart(folder: Folder, settings: &[(&str, &str)]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut all = vec![
            ("CLARA_PUBLIC_API_KEY", PUBLIC),
            ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ];
        all.extend(settings);
        let server = Server::start(&folder, &all);
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_mins(2))
            .build()
            .unwrap();
        Self {
            folder,
            server,
            http,
        }
    }

    /// Stops the server and keeps the folder.
    pub fn stop(self) -> Folder {
        self.folder
    }

    /// Makes an active account by a process on the same data, which no limit counts. It has 100 credits.
    pub async fn local_account(&self, email: &str) -> Account {
        let client = self.folder.client(&[("CLARA_WORKERS", "0")]).await;
        let person = json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": PASSWORD});
        client.data("auth_register", person).await;
        let code = self.folder.code_for(email);
        let activation = json!({"user_email": email, "code": code});
        client.data("auth_activate", activation).await;
        let pair = json!({"email": email, "password": PASSWORD});
        let user = client.data("auth_login", pair).await;
        let key = client.data("api_key_view", json!({})).await;
        client.close().await;
        let bearer = |token: &Value| format!("Bearer {}", token.as_str().unwrap());
        Account {
            id: user["id"].as_str().unwrap().to_owned(),
            email: email.to_owned(),
            session: bearer(&user["token"]),
            key: bearer(&key["token"]),
        }
    }

    /// Runs statements past the server, as somebody with the database's file would.
    pub async fn tamper(&self, sql: &'static str) {
        use sqlx::Connection as _;
        let url = format!("sqlite://{}/clara.db", self.folder.data().display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}
