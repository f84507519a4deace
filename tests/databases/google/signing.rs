//! A Google of our own: two keys, tokens signed with them, and the address where the keys are published.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clara::adapters::google::{Google, GoogleTimeouts};
use clara::domain::clock::Clock as _;
use clara::domain::google::IdToken;
use clara::fault::Fault;
use clara::services::accounts::GoogleSignedIn;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

use crate::google::harness::{World, origin};

pub const CLIENT: &str = "front-end.apps.googleusercontent.com";
/// A key made for tests; it opens nothing.
static KEY: LazyLock<EncodingKey> =
    LazyLock::new(|| EncodingKey::from_rsa_der(include_bytes!("../../fixtures/google/first.der")));
static TOKENS: AtomicI64 = AtomicI64::new(0);

/// Somebody's Google account.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub subject: &'static str,
    pub email: &'static str,
    /// The domain of their organisation.
    pub hosted: Option<&'static str>,
}

/// Whose address Google gives out.
pub const ADA: Person = Person {
    subject: "110169484474386276334",
    email: "ada@gmail.com",
    hosted: None,
};

/// Whose address somebody else gives out.
pub const GRACE: Person = Person {
    subject: "220269484474386276334",
    email: "grace@example.org",
    hosted: None,
};

/// What Google says of this person at this second, in a token that is like no other.
pub fn claims(person: Person, now: i64) -> Value {
    let number = TOKENS.fetch_add(1, Ordering::SeqCst);
    let mut claims = json!({
        "iss": "https://accounts.google.com", "aud": CLIENT, "azp": CLIENT, "sub": person.subject,
        "email": person.email, "email_verified": true, "given_name": "Ada", "family_name": "Lovelace",
        "iat": now, "exp": now + 3600, "jti": format!("token {number}")
    });
    if let Some(hosted) = person.hosted {
        claims["hd"] = json!(hosted);
    }
    claims
}

pub fn signed(claims: &Value) -> String {
    let header = json!({"alg": "RS256", "kid": "first", "typ": "JWT"});
    let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let message = format!("{}.{}", part(&header), part(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &KEY, Algorithm::RS256).unwrap();
    format!("{message}.{signature}")
}

/// Publishes the keys until the test ends; where, and a switch that makes it fail.
pub async fn publish() -> (url::Url, Arc<AtomicBool>) {
    let (url, is_away, _) = publish_and_hear().await;
    (url, is_away)
}

/// The same, with the headers of every request that came.
pub async fn publish_and_hear() -> (url::Url, Arc<AtomicBool>, Arc<Mutex<Vec<String>>>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut key = json!(Jwk::from_encoding_key(&KEY, Algorithm::RS256).unwrap());
    key["kid"] = json!("first");
    let document = json!({"keys": [key]}).to_string();
    let is_away = Arc::new(AtomicBool::new(false));
    let switch = is_away.clone();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let to_provider = heard.clone();
    let answer = move |headers: HeaderMap| async move {
        to_provider.lock().unwrap().push(format!("{headers:?}"));
        if is_away.load(Ordering::SeqCst) {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        Ok(document)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/certs", listener.local_addr().unwrap());
    let routes = Router::new().route("/certs", get(answer));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (url.parse().unwrap(), switch, heard)
}

pub fn google(world: &World, url: &url::Url) -> Google {
    let timeouts = GoogleTimeouts {
        connect: Duration::from_secs(20),
        try_for: Duration::from_secs(20),
        pause: Duration::from_millis(1),
    };
    Google::new(
        &[CLIENT.to_owned()],
        url.clone(),
        world.clock.clone(),
        timeouts,
    )
}

/// A world in which people sign in with Google.
pub struct Door {
    pub world: World,
    pub url: url::Url,
    pub is_away: Arc<AtomicBool>,
}

impl Door {
    pub async fn open(world: World) -> Self {
        let (url, is_away) = publish().await;
        let google = google(&world, &url);
        Self {
            world: world.with_google(google),
            url,
            is_away,
        }
    }

    /// The same door in another process.
    pub async fn another_process(&self) -> Self {
        let world = self.world.another_process().await;
        let google = google(&world, &self.url);
        Self {
            world: world.with_google(google),
            url: self.url.clone(),
            is_away: self.is_away.clone(),
        }
    }

    pub fn now(&self) -> i64 {
        self.world.clock.now().seconds()
    }

    /// A new token.
    pub fn token(&self, person: Person) -> IdToken {
        signed(&claims(person, self.now())).parse().unwrap()
    }

    pub async fn show(&self, token: &IdToken) -> Result<GoogleSignedIn, Fault> {
        self.show_with(token, None).await
    }

    pub async fn show_with(
        &self,
        token: &IdToken,
        code: Option<&str>,
    ) -> Result<GoogleSignedIn, Fault> {
        let code = code.map(|code| code.parse().unwrap());
        let accounts = &self.world.services.accounts;
        accounts
            .google_sign_in(token, None, code.as_ref(), &origin())
            .await
    }

    /// Signs somebody in with a new token.
    pub async fn enter(&self, person: Person) -> Result<GoogleSignedIn, Fault> {
        self.show(&self.token(person)).await
    }

    /// The words of the audit trail, oldest first, of one account or of all.
    pub async fn trail(&self, user: Option<&clara::domain::ids::UserId>) -> Vec<String> {
        let page = clara::domain::page::Page::default();
        let records = self.world.store.audit_trail(user, page).await.unwrap();
        let word = |record: &clara::store::audit::AuditRecord| {
            let good = if record.good { "" } else { "refused: " };
            format!("{good}{} {}", record.event, record.details)
        };
        records.iter().rev().map(word).collect()
    }
}
