//! The keys that Google publishes: fetched when one is first asked for, kept as long as their answer allows and an hour at
//! most. However many ask, one fetch is under way, and nobody can make many follow each other by naming keys that are none.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use backon::{ConstantBuilder, Retryable as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use reqwest::header::{ACCEPT, AGE, CACHE_CONTROL, HeaderMap};
use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;

use super::GoogleTimeouts;
use super::token::MAX_KEY_ID;
use crate::domain::clock::{Clock, Timestamp};

/// A key is not used for longer than this without its being seen again, whatever the answer allowed.
const KEPT: Duration = Duration::from_hours(1);
/// How long keys are fresh where their answer says nothing.
const FRESH: Duration = Duration::from_mins(5);
/// Keys are not fetched again sooner than this, for freshness or for a name that is not among them.
const BETWEEN_FETCHES: Duration = Duration::from_mins(1);
/// After a fetch that failed, where nothing fresh is left.
const AFTER_A_FAILURE: Duration = Duration::from_secs(5);
/// The largest answer, in bytes; Google's has 2,000.
const LARGEST: usize = 64 * 1024;
/// The most keys of an answer that are looked at; Google has two or three.
const MAX_KEYS: usize = 64;

/// Why the keys could not be read.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error("Google's keys could not be read: {}", root(.0))]
    Unreachable(#[source] reqwest::Error),
    #[error("Google's keys could not be read: the answer was {0}")]
    Status(u16),
    #[error("Google's keys could not be read: the answer has more than {LARGEST} bytes")]
    TooLarge,
    #[error("Google's keys could not be read: the answer holds no RSA key for signatures")]
    NoKeys,
    #[error("Google's keys could not be read a moment ago")]
    AMomentAgo,
    #[error("Google's keys were not read, because Clara is stopping")]
    Stopping,
}

/// What lies at the bottom of an error: `Connection refused` says more than that a request was not sent.
fn root(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

impl KeysError {
    fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Status(status) => *status == 429 || *status >= 500,
            _ => false,
        }
    }
}

/// Google's keys. Cheap to clone.
#[derive(Clone)]
pub(super) struct Keys(Arc<Inner>);

struct Inner {
    url: Url,
    timeouts: GoogleTimeouts,
    clock: Arc<dyn Clock>,
    /// Made at the first fetch: it reads the machine's certificates, which a start need not wait for.
    client: OnceCell<reqwest::Client>,
    /// Held by the one who fetches.
    fetching: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    published: Option<Published>,
    /// When the last fetch ended, and whether it failed.
    fetched: Option<(Timestamp, bool)>,
}

struct Published {
    keys: Vec<(String, DecodingKey)>,
    read_at: Timestamp,
    fresh_for: Duration,
}

impl Published {
    fn named(&self, name: &str) -> Vec<DecodingKey> {
        self.keys
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, key)| key.clone())
            .collect()
    }
}

/// What is known without asking.
enum Look {
    /// These; none where there is surely no such key.
    Known(Vec<DecodingKey>),
    /// Only a fetch can tell; until one worked, these old ones may do.
    Fetch(Vec<DecodingKey>),
    /// Only a fetch could tell, and it is too early for another.
    Unknowable,
}

impl State {
    fn look(&self, name: &str, now: Timestamp) -> Look {
        let published = self.published.as_ref();
        let published = published.filter(|published| now.since(published.read_at) < KEPT);
        let is_fresh =
            published.is_some_and(|published| now.since(published.read_at) < published.fresh_for);
        let keys = published.map_or(Vec::new(), |published| published.named(name));
        if is_fresh && !keys.is_empty() {
            return Look::Known(keys);
        }
        let pause = match self.fetched {
            Some((_, true)) if !is_fresh => AFTER_A_FAILURE,
            _ => BETWEEN_FETCHES,
        };
        match self.fetched {
            Some((at, failed)) if now.since(at) < pause => match (keys.is_empty(), failed) {
                (true, true) => Look::Unknowable,
                _ => Look::Known(keys),
            },
            _ => Look::Fetch(keys),
        }
    }
}

impl Keys {
    pub(super) fn new(url: Url, clock: Arc<dyn Clock>, timeouts: GoogleTimeouts) -> Self {
        Self(Arc::new(Inner {
            url,
            timeouts,
            clock,
            client: OnceCell::new(),
            fetching: tokio::sync::Mutex::new(()),
            state: Mutex::default(),
        }))
    }

    /// The keys of this name: one as a rule, none where Google publishes none.
    pub(super) async fn named(&self, name: &str) -> Result<Vec<DecodingKey>, KeysError> {
        match self.0.look(name) {
            Look::Known(keys) => Ok(keys),
            Look::Unknowable => Err(KeysError::AMomentAgo),
            Look::Fetch(_) => {
                let (inner, name) = (self.0.clone(), name.to_owned());
                // By itself, so that it ends and is remembered even where whoever asked has gone.
                tokio::spawn(async move { inner.fetched(&name).await })
                    .await
                    .map_err(|_| KeysError::Stopping)?
            }
        }
    }

    /// How many keys there are now.
    pub(super) async fn count(&self) -> Result<usize, KeysError> {
        let published = self.0.fetch().await?;
        Ok(published.keys.len())
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, name: &str) -> Look {
        self.state().look(name, self.clock.now())
    }

    /// Fetches, unless somebody did while this waited for its turn.
    async fn fetched(&self, name: &str) -> Result<Vec<DecodingKey>, KeysError> {
        let _turn = self.fetching.lock().await;
        let old = match self.look(name) {
            Look::Known(keys) => return Ok(keys),
            Look::Unknowable => return Err(KeysError::AMomentAgo),
            Look::Fetch(old) => old,
        };
        let outcome = self.fetch().await;
        let mut state = self.state();
        state.fetched = Some((self.clock.now(), outcome.is_err()));
        match outcome {
            Ok(published) => {
                let keys = published.named(name);
                state.published = Some(published);
                Ok(keys)
            }
            Err(error) if old.is_empty() => Err(error),
            Err(error) => {
                tracing::warn!(%error, "an older key of Google's has to do");
                Ok(old)
            }
        }
    }

    async fn fetch(&self) -> Result<Published, KeysError> {
        let pauses = ConstantBuilder::default()
            .with_delay(self.timeouts.pause)
            .with_max_times(1);
        let ask = async || self.ask().await;
        ask.retry(pauses).when(KeysError::is_passing).await
    }

    async fn ask(&self) -> Result<Published, KeysError> {
        let request = self.client().await?.get(self.url.clone());
        let sent = request.header(ACCEPT, "application/json").send().await;
        let mut response = sent.map_err(KeysError::Unreachable)?;
        if response.status() != 200 {
            return Err(KeysError::Status(response.status().as_u16()));
        }
        let fresh_for = fresh_for(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(KeysError::Unreachable)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(KeysError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let keys = read(&body);
        if keys.is_empty() {
            return Err(KeysError::NoKeys);
        }
        Ok(Published {
            keys,
            read_at: self.clock.now(),
            fresh_for,
        })
    }

    async fn client(&self) -> Result<&reqwest::Client, KeysError> {
        let timeouts = self.timeouts;
        let made = self.client.get_or_try_init(|| async move {
            let making = tokio::task::spawn_blocking(move || {
                reqwest::Client::builder()
                    .user_agent(concat!("clara/", env!("CARGO_PKG_VERSION")))
                    .redirect(reqwest::redirect::Policy::none())
                    .no_proxy()
                    .connect_timeout(timeouts.connect)
                    .timeout(timeouts.try_for)
                    // Asked once an hour or so: a connection that lay idle would be dead by then.
                    .pool_max_idle_per_host(0)
                    .build()
            });
            making
                .await
                .map_err(|_| KeysError::Stopping)?
                .map_err(KeysError::Unreachable)
        });
        made.await
    }
}

/// What the answer says of its age, within our own bounds.
fn fresh_for(headers: &HeaderMap) -> Duration {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &reqwest::header::HeaderValue| value.to_str().ok())
    };
    let said = text(CACHE_CONTROL).unwrap_or_default().to_ascii_lowercase();
    let mut directives = said.split(',').map(str::trim);
    let max_age = directives.find_map(|directive| match directive.split_once('=') {
        Some(("max-age", seconds)) => seconds.trim_matches('"').parse().ok(),
        None if matches!(directive, "no-store" | "no-cache") => Some(0),
        _ => None,
    });
    let age = text(AGE).and_then(|age| age.parse().ok()).unwrap_or(0);
    let fresh = max_age.map_or(FRESH, |seconds: u64| {
        Duration::from_secs(seconds.saturating_sub(age))
    });
    fresh.clamp(BETWEEN_FETCHES, KEPT)
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

/// A key as RFC 7517 has it; what else it may say does not matter here.
#[derive(Deserialize)]
struct WebKey {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: String,
    e: String,
}

/// The keys that can check what we take, by name. What cannot is left out, so that a new kind of key does no harm.
fn read(body: &[u8]) -> Vec<(String, DecodingKey)> {
    let Ok(document) = serde_json::from_slice::<Document>(body) else {
        return Vec::new();
    };
    let keys = document.keys.into_iter().take(MAX_KEYS);
    keys.filter_map(|key| usable(serde_json::from_value(key).ok()?))
        .collect()
}

fn usable(key: WebKey) -> Option<(String, DecodingKey)> {
    let is_for_signatures = key.kty == "RSA"
        && key.purpose.is_none_or(|purpose| purpose == "sig")
        && key.alg.is_none_or(|algorithm| algorithm == "RS256")
        && (1..=MAX_KEY_ID).contains(&key.kid.len());
    let modulus = URL_SAFE_NO_PAD.decode(key.n).ok()?;
    let exponent = URL_SAFE_NO_PAD.decode(key.e).ok()?;
    // 2,048 to 4,096 bits; a shorter key can be broken, a longer one is work for nothing.
    let is_long_enough = (256..=512).contains(&modulus.len()) && modulus.first()? & 0x80 != 0;
    let is_odd = exponent.last()? & 1 == 1;
    let is_usual = (1..=4).contains(&exponent.len()) && exponent != [1] && is_odd;
    (is_for_signatures && is_long_enough && is_usual).then(|| {
        (
            key.kid,
            DecodingKey::from_rsa_raw_components(&modulus, &exponent),
        )
    })
}
