//! What an ID token must be to be believed: signed with RS256 by one of the given keys, made by Google for one of our
//! clients, alive, and about an address that Google has verified. Pure: the keys and the moment come from outside.

use std::fmt;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::domain::clock::Timestamp;
use crate::domain::email::Email;
use crate::domain::google::{GoogleIdentity, IdToken, Nonce};

/// Google's names for itself.
const ISSUERS: [&str; 2] = ["https://accounts.google.com", "accounts.google.com"];
/// How far Google's clock may be from ours, in seconds.
const LEEWAY: i64 = 60;
/// The longest name of a key; Google's have 40 characters.
pub(super) const MAX_KEY_ID: usize = 255;

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not a JWT (an unsigned one is none here), or one that says something of the wrong kind.
    Malformed,
    /// Another algorithm than RS256, or a header that asks for more.
    Algorithm,
    /// A key that Google does not publish.
    UnknownKey,
    Signature,
    Issuer,
    Audience,
    Expired,
    NotYet,
    /// No address, or one that Google has not verified.
    Unverified,
    Nonce,
}

impl Refusal {
    /// The word in the audit trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "google: malformed",
            Self::Algorithm => "google: algorithm",
            Self::UnknownKey => "google: unknown key",
            Self::Signature => "google: signature",
            Self::Issuer => "google: issuer",
            Self::Audience => "google: audience",
            Self::Expired => "google: expired",
            Self::NotYet => "google: not yet valid",
            Self::Unverified => "google: address not verified",
            Self::Nonce => "google: nonce",
        }
    }
}

/// For whoever sent it.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed | Self::Algorithm | Self::UnknownKey | Self::Signature | Self::Issuer => {
                "This is no ID token that Google signed. Send the `credential` of Google's sign-in as it is."
            }
            Self::Audience => {
                "This ID token was made for another client. The front end's client id must be one of GOOGLE_CLIENT_ID."
            }
            Self::Expired => "This ID token is too old. Sign in with Google again.",
            Self::NotYet => "This ID token is not valid yet: the clock of this server may be wrong.",
            Self::Unverified => {
                "Google has not verified an address of this account. Verify it there, or use auth_register."
            }
            Self::Nonce => "This ID token belongs to another sign-in: it does not hold the `nonce`.",
        })
    }
}

/// What is read of a token, once its signature was found right. Everything else in it is ignored.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    /// One client; a list could name others too, and Google sends none.
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
    email: Option<String>,
    email_verified: Option<bool>,
    hd: Option<String>,
    nonce: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
}

/// The name of the key that a token says it is signed with. The header decides nothing else: what it may say is checked,
/// and what it may ask for is refused.
pub(super) fn key_id(token: &IdToken) -> Result<String, Refusal> {
    let header = jsonwebtoken::decode_header(token.expose()).map_err(|_| Refusal::Malformed)?;
    let is_plain = header
        .typ
        .as_deref()
        .is_none_or(|kind| kind.eq_ignore_ascii_case("JWT"));
    if header.alg != Algorithm::RS256 || !is_plain || header.crit.is_some() {
        return Err(Refusal::Algorithm);
    }
    header
        .kid
        .filter(|kid| (1..=MAX_KEY_ID).contains(&kid.len()))
        .ok_or(Refusal::Malformed)
}

/// What the token says, if one of the keys signed it.
pub(super) fn open(token: &IdToken, keys: &[DecodingKey]) -> Result<Claims, Refusal> {
    let mut validation = Validation::new(Algorithm::RS256);
    // What it says is judged below, by our own clock.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let mut refusal = Refusal::Signature;
    for key in keys {
        match jsonwebtoken::decode::<Claims>(token.expose(), key, &validation) {
            Ok(data) => return Ok(data.claims),
            Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {}
            Err(_) => refusal = Refusal::Malformed,
        }
    }
    Err(refusal)
}

impl Claims {
    /// Whom it names, if it is for us, of now, and about somebody.
    pub(super) fn identity(
        self,
        token: &IdToken,
        client_ids: &[String],
        nonce: Option<&Nonce>,
        now: Timestamp,
    ) -> Result<GoogleIdentity, Refusal> {
        let now = now.seconds();
        if !ISSUERS.contains(&self.iss.as_str()) {
            return Err(Refusal::Issuer);
        }
        if !client_ids.contains(&self.aud) {
            return Err(Refusal::Audience);
        }
        if self.exp.saturating_add(LEEWAY) <= now || self.exp <= self.iat {
            return Err(Refusal::Expired);
        }
        let begins = self.nbf.unwrap_or(self.iat).max(self.iat);
        if begins.saturating_sub(LEEWAY) > now {
            return Err(Refusal::NotYet);
        }
        if nonce.is_some_and(|nonce| self.nonce.as_deref() != Some(nonce.as_str())) {
            return Err(Refusal::Nonce);
        }
        let email = self.email.filter(|_| self.email_verified == Some(true));
        let email = email.and_then(|email| email.parse::<Email>().ok());
        Ok(GoogleIdentity {
            subject: self.sub.parse().map_err(|_| Refusal::Malformed)?,
            email: email.ok_or(Refusal::Unverified)?,
            first_name: self.given_name.and_then(|name| name.parse().ok()),
            last_name: self.family_name.and_then(|name| name.parse().ok()),
            hosted_domain: self.hd,
            token_digest: digest(token),
            expires_at: Timestamp(self.exp.saturating_mul(1000)),
        })
    }
}

/// Over what is signed alone: of a signature there may be several spellings, of that there is one.
fn digest(token: &IdToken) -> String {
    let signed = token
        .expose()
        .rsplit_once('.')
        .map_or("", |(signed, _)| signed);
    base16ct::lower::encode_string(&Sha256::digest(signed.as_bytes()))
}
