//! Google, as far as signing in with it goes: says of an ID token whom it names, or why it is not believed. It knows the
//! keys that Google publishes and what a token must say, and no account.

mod keys;
mod token;

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::domain::clock::Clock;
use crate::domain::google::{GoogleIdentity, IdToken, Nonce};

use keys::Keys;
pub use keys::KeysError;
pub use token::Refusal;

/// How long Google's keys are waited for.
#[derive(Debug, Clone, Copy)]
pub struct GoogleTimeouts {
    pub connect: Duration,
    /// For one try, from the connection to the last byte.
    pub try_for: Duration,
    /// Before the second and last try.
    pub pause: Duration,
}

impl Default for GoogleTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            try_for: Duration::from_secs(5),
            pause: Duration::from_millis(200),
        }
    }
}

/// Why a token names nobody.
#[derive(Debug, thiserror::Error)]
pub enum GoogleError {
    /// It is not to be believed.
    #[error("{0}")]
    Refused(Refusal),
    /// Nobody could say, because the key that it names could not be read.
    #[error("{0}")]
    Unavailable(#[from] KeysError),
}

/// Google's sign-in, for the clients of one deployment. Cheap to clone.
#[derive(Clone)]
pub struct Google {
    /// The client ids that tokens may be made for.
    client_ids: Arc<[String]>,
    keys: Keys,
    clock: Arc<dyn Clock>,
}

impl Google {
    /// Asks nobody yet. The process's TLS provider must be installed before the first token.
    pub fn new(
        client_ids: &[String],
        jwks_url: Url,
        clock: Arc<dyn Clock>,
        timeouts: GoogleTimeouts,
    ) -> Self {
        Self {
            client_ids: client_ids.into(),
            keys: Keys::new(jwks_url, clock.clone(), timeouts),
            clock,
        }
    }

    /// Whom the token names. Nothing in it is believed, or even looked at, before its signature was found right; with a
    /// nonce, it must hold that too.
    pub async fn identify(
        &self,
        token: &IdToken,
        nonce: Option<&Nonce>,
    ) -> Result<GoogleIdentity, GoogleError> {
        let key_id = token::key_id(token).map_err(GoogleError::Refused)?;
        let keys = self.keys.named(&key_id).await?;
        if keys.is_empty() {
            return Err(GoogleError::Refused(Refusal::UnknownKey));
        }
        let claims = token::open(token, &keys).map_err(GoogleError::Refused)?;
        claims
            .identity(token, &self.client_ids, nonce, self.clock.now())
            .map_err(GoogleError::Refused)
    }

    /// How many usable keys Google publishes at this moment, for `clara doctor`.
    pub async fn count_keys(&self) -> Result<usize, KeysError> {
        self.keys.count().await
    }
}

#[cfg(test)]
mod tests;
