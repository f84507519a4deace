//! Google's stand-in that others wrote, as a process of its own, and what only it can show: keys that it changes itself.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use clara::domain::clock::Clock as _;
use clara::domain::google::IdToken;
use clara::fault::Fault;
use clara::services::accounts::GoogleSignedIn;
use serde_json::{Value, json};

use crate::google::harness::{World, cases, origin};
use crate::google::parts;
use crate::google::signing::{ADA, claims, google};

cases![
    a_key_that_is_published_later_is_found_within_a_minute,
    what_it_signs_is_believed_and_linked_like_what_is_signed_here,
];

/// The stand-in; it ends when this is dropped.
pub struct Provider {
    process: Child,
    talk: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    /// Where its keys are.
    pub url: url::Url,
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Provider {
    pub fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut process = Command::new(parts::node())
            .arg(here.join("tests/databases/google/provider.mjs"))
            .arg(parts::folder().join("npm"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).expect("it says where its keys are");
        Self {
            process,
            talk: Mutex::new((input, output)),
            url: said["url"].as_str().unwrap().parse().unwrap(),
        }
    }

    fn ask(&self, command: &Value) -> Value {
        let mut talk = self.talk.lock().unwrap();
        writeln!(talk.0, "{command}").unwrap();
        let mut line = String::new();
        talk.1.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// A genuine token.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.token(&json!({"do": "sign", "header": header, "claims": claims}))
    }

    /// A forged one, by one of the ways that `provider.mjs` lists.
    pub fn forge(&self, how: &str, header: &Value, claims: &Value) -> String {
        self.token(&json!({"do": "forge", "how": how, "header": header, "claims": claims}))
    }

    fn token(&self, command: &Value) -> String {
        self.ask(command)["token"].as_str().unwrap().to_owned()
    }

    /// One more key; its name.
    fn rotate(&self) -> String {
        let made = self.ask(&json!({"do": "rotate"}));
        made["kid"].as_str().unwrap().to_owned()
    }
}

async fn show(world: &World, token: &str) -> Result<GoogleSignedIn, Fault> {
    let token: IdToken = token.parse().unwrap();
    let accounts = &world.services.accounts;
    accounts.google_sign_in(&token, None, None, &origin()).await
}

async fn a_key_that_is_published_later_is_found_within_a_minute(world: World) {
    let provider = Provider::start();
    let world = world.with_google(google(&world, &provider.url));
    let now = world.clock.now().seconds();
    let first = provider.sign(&json!({}), &claims(ADA, now));
    show(&world, &first).await.unwrap();
    let kid = provider.rotate();
    let second = provider.token(&json!({"do": "sign", "kid": kid, "claims": claims(ADA, now)}));
    assert!(
        show(&world, &second).await.is_err(),
        "asked for a moment ago"
    );
    world.clock.advance(Duration::from_mins(1));
    show(&world, &second).await.unwrap();
    let old = provider.sign(&json!({}), &claims(ADA, now));
    show(&world, &old).await.unwrap();
}

async fn what_it_signs_is_believed_and_linked_like_what_is_signed_here(world: World) {
    let provider = Provider::start();
    let world = world.with_google(google(&world, &provider.url));
    let before = world.active(ADA.email).await;
    let now = world.clock.now().seconds();
    for _ in 0..2 {
        let token = provider.sign(&json!({}), &claims(ADA, now));
        let entered = show(&world, &token).await.unwrap();
        assert_eq!(entered.signed_in.user.id, before.id);
        assert!(show(&world, &token).await.is_err(), "once");
    }
}
