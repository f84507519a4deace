//! What a program asks a person to do on a page of ours: the ticket by which it learns what came of it, and the offer that it
//! can show the person. Nothing is asked or answered here.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::Invalid;
use super::clock::Timestamp;
use super::randomness::Randomness;

const PREFIX: &str = "clara_page_";
/// 32 bytes in base64.
const CHARACTERS: usize = 43;

/// The secret of whoever asked: only they take what a person allowed. Never printed by `Debug`.
#[derive(Clone)]
pub struct PageTicket(SecretString);

impl PageTicket {
    /// Draws a new one (256 random bits).
    pub fn random(randomness: &dyn Randomness) -> Self {
        let mut bytes = [0_u8; 32];
        randomness.fill(&mut bytes);
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)).into())
    }

    /// The ticket itself, for its owner.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What is kept of it. So many random bits need no key.
    pub fn digest(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.expose().as_bytes()))
    }
}

impl FromStr for PageTicket {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let secret = raw.strip_prefix(PREFIX).unwrap_or_default();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if secret.len() == CHARACTERS && secret.bytes().all(is_plain) {
            Ok(Self(raw.to_owned().into()))
        } else {
            Err(Invalid::new(
                "must be what an earlier call gave with the page, word for word",
            ))
        }
    }
}

impl fmt::Debug for PageTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> serde::Deserialize<'de> for PageTicket {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        raw.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for PageTicket {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "PageTicket".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string"})
    }
}

/// A page of ours on which a person gives what a call lacks.
#[derive(Debug, Clone)]
pub struct Offer {
    pub url: String,
    /// What the page is for, as people read it before they agree.
    pub purpose: &'static str,
    /// By which the caller learns what came of it; `None` where nothing is handed back.
    pub ticket: Option<PageTicket>,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageRequestState {
    /// Nobody has answered.
    Asked,
    Allowed,
    Denied,
    /// The asker has taken what was allowed.
    Taken,
}

impl PageRequestState {
    /// The word in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "ASKED",
            Self::Allowed => "ALLOWED",
            Self::Denied => "DENIED",
            Self::Taken => "TAKEN",
        }
    }
}

impl FromStr for PageRequestState {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        [Self::Asked, Self::Allowed, Self::Denied, Self::Taken]
            .into_iter()
            .find(|state| state.as_str() == raw)
            .ok_or_else(|| Invalid::new("must be a state of a page request"))
    }
}

/// A request as the person before the page sees it.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Where the asker is; `None` on the server's own machine or beside its database.
    pub network: Option<String>,
    pub state: PageRequestState,
    pub asked_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::randomness::SeededRandomness;

    #[test]
    fn a_ticket_is_read_back_and_never_printed() {
        let ticket = PageTicket::random(&SeededRandomness::new(3));
        let again: PageTicket = ticket.expose().parse().unwrap();
        assert_eq!(again.digest(), ticket.digest());
        assert_eq!(format!("{ticket:?}"), "[redacted]");
        for bad in ["", "clara_page_", "clara_page_!", &ticket.expose()[1..]] {
            assert!(bad.parse::<PageTicket>().is_err(), "{bad}");
        }
    }
}
