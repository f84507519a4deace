//! Tokens that are signed here, and keys that are served here: what is believed, and how often Google is asked.

mod keys;
mod tokens;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::domain::clock::{ManualClock, Timestamp};

const NOW: Timestamp = Timestamp(1_764_201_600_000);
const CLIENT: &str = "front-end.apps.googleusercontent.com";

/// Keys made for tests; they open nothing.
const FIRST: &[u8] = include_bytes!("../../../tests/fixtures/google/first.der");
const SECOND: &[u8] = include_bytes!("../../../tests/fixtures/google/second.der");
const SHORT: &[u8] = include_bytes!("../../../tests/fixtures/google/short.der");

fn public(name: &str, private: &[u8]) -> Value {
    let key = EncodingKey::from_rsa_der(private);
    let mut public = json!(Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap());
    public["kid"] = json!(name);
    public["use"] = json!("sig");
    public
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

fn signed(private: &[u8], header: &Value, claims: &Value) -> IdToken {
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let key = EncodingKey::from_rsa_der(private);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::RS256).unwrap();
    format!("{message}.{signature}").parse().unwrap()
}

fn header() -> Value {
    json!({"alg": "RS256", "kid": "first", "typ": "JWT"})
}

fn claims() -> Value {
    json!({
        "iss": "https://accounts.google.com", "aud": CLIENT, "azp": CLIENT, "sub": "110169484474386276334",
        "iat": NOW.seconds(), "exp": NOW.seconds() + 3600, "email": "ada@gmail.com", "email_verified": true,
        "given_name": "Ada", "family_name": "Lovelace", "name": "Ada Lovelace", "picture": "https://example.org/ada"
    })
}

fn token() -> IdToken {
    signed(FIRST, &header(), &claims())
}

/// An answer, as it goes over the wire.
fn answer(headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n{body}"
    )
}

fn published(keys: &[Value]) -> String {
    answer(
        "Cache-Control: public, max-age=21600\r\n",
        &json!({"keys": keys}).to_string(),
    )
}

/// Serves keys, the same until told otherwise, and counts how often it was asked.
#[derive(Clone)]
struct Provider {
    url: Url,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Provider {
    async fn start(first_answer: String) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let provider = Self {
            url: format!("http://{address}/certs").parse().unwrap(),
            answer: Arc::new(Mutex::new(first_answer)),
            asked: Arc::default(),
        };
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        provider
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut chunk = [0_u8; 1024];
            match stream.read(&mut chunk).await {
                Ok(0) | Err(_) => return,
                Ok(read) => request.extend_from_slice(&chunk[..read]),
            }
        }
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.lock().unwrap().clone();
        if answer.is_empty() {
            std::future::pending::<()>().await;
        }
        let _ = stream.write_all(answer.as_bytes()).await;
    }

    fn says(&self, answer: impl Into<String>) {
        *self.answer.lock().unwrap() = answer.into();
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn google(&self, clock: &Arc<ManualClock>) -> Google {
        self.waited_for(Duration::from_secs(20), clock)
    }

    fn waited_for(&self, try_for: Duration, clock: &Arc<ManualClock>) -> Google {
        let timeouts = GoogleTimeouts {
            connect: try_for,
            try_for,
            pause: Duration::from_millis(1),
        };
        Google::new(
            &[CLIENT.to_owned(), "other".to_owned()],
            self.url.clone(),
            clock.clone(),
            timeouts,
        )
    }
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(NOW))
}
