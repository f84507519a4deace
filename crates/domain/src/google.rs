//! What Google's sign-in is about: the token that was shown, and the person it names once it was believed. Whether a token
//! is to be believed the adapter finds out, and what follows from it the accounts service.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::clock::Timestamp;
use super::email::Email;
use super::name::PersonName;
use super::{Invalid, parsed_string};

/// An ID token as somebody sent it: to be verified, and never to be shown.
#[derive(Clone)]
pub struct IdToken(String);

impl IdToken {
    /// The longest token taken, in bytes. Google's have about 1,200.
    pub const MAX_BYTES: usize = 8192;

    /// The token itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdToken {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let token = raw.trim();
        if token.is_empty() || token.len() > Self::MAX_BYTES {
            return Err(Invalid::new("must be an ID token of at most 8192 bytes"));
        }
        Ok(Self(token.to_owned()))
    }
}

impl<'de> serde::Deserialize<'de> for IdToken {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <String as serde::Deserialize>::deserialize(deserializer)?;
        raw.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl schemars::JsonSchema for IdToken {
    fn schema_name() -> Cow<'static, str> {
        "IdToken".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "minLength": 1, "maxLength": 8192,
            "examples": ["eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"]})
    }
}

/// What a front end put into its sign-in request, to find it again in the token that came of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// The nonce as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Nonce {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        if raw.is_empty() || raw.len() > 256 {
            return Err(Invalid::new("must be 1 to 256 bytes"));
        }
        Ok(Self(raw.to_owned()))
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

parsed_string!(Nonce);

impl schemars::JsonSchema for Nonce {
    fn schema_name() -> Cow<'static, str> {
        "Nonce".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "minLength": 1, "maxLength": 256})
    }
}

/// A Google account, for good: its address and names may change, this never does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoogleSubject(String);

impl GoogleSubject {
    /// The subject as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GoogleSubject {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        if (1..=255).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::new("must be 1 to 255 visible ASCII characters"))
        }
    }
}

/// Whom a genuine token names.
#[derive(Debug, Clone)]
pub struct GoogleIdentity {
    pub subject: GoogleSubject,
    /// An address of theirs that Google has verified at some time.
    pub email: Email,
    pub first_name: Option<PersonName>,
    pub last_name: Option<PersonName>,
    /// The domain of the organisation that the Google account belongs to.
    pub hosted_domain: Option<String>,
    /// Stands for the token, so that the same is not taken twice.
    pub token_digest: String,
    /// Until when the token says it lives.
    pub expires_at: Timestamp,
}

impl GoogleIdentity {
    /// Whether Google itself gives out the address, and so knows whose it is today. Of every other address it knows only
    /// that somebody could read mail there once.
    pub fn is_authoritative(&self) -> bool {
        let Some((_, domain)) = self.email.key().rsplit_once('@') else {
            return false;
        };
        let hosted = self.hosted_domain.as_deref();
        matches!(domain, "gmail.com" | "googlemail.com")
            || hosted.is_some_and(|hosted| hosted.to_lowercase() == domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(email: &str, hosted_domain: Option<&str>) -> GoogleIdentity {
        GoogleIdentity {
            subject: "1".parse().unwrap(),
            email: email.parse().unwrap(),
            first_name: None,
            last_name: None,
            hosted_domain: hosted_domain.map(str::to_owned),
            token_digest: String::new(),
            expires_at: Timestamp(0),
        }
    }

    #[test]
    fn google_knows_today_whose_address_it_gives_out_and_no_other() {
        for (email, hosted, knows) in [
            ("ada@gmail.com", None, true),
            ("Ada@GoogleMail.com", None, true),
            ("ada@example.org", Some("Example.org"), true),
            ("ada@example.org", None, false),
            ("ada@example.org", Some("other.org"), false),
            ("ada@example.org", Some(""), false),
            ("ada@mail.example.org", Some("example.org"), false),
            ("ada@gmail.com.example.org", None, false),
            ("ada@notgmail.com", None, false),
        ] {
            assert_eq!(identity(email, hosted).is_authoritative(), knows, "{email}");
        }
    }

    #[test]
    fn a_token_has_a_size_and_is_not_shown() {
        let token: IdToken = " a.b.c ".parse().unwrap();
        assert_eq!(
            (token.expose(), format!("{token:?}").as_str()),
            ("a.b.c", "[redacted]")
        );
        assert!("x".repeat(8192).parse::<IdToken>().is_ok());
        for bad in [
            String::new(),
            "  ".to_owned(),
            "x".repeat(8193),
            "x".repeat(100_000),
        ] {
            assert!(bad.parse::<IdToken>().is_err(), "{}", bad.len());
        }
    }

    #[test]
    fn a_subject_is_plain_text() {
        assert!("110169484474386276334".parse::<GoogleSubject>().is_ok());
        let long = "1".repeat(256);
        for bad in ["", " ", "1 2", "1\n", "ä", long.as_str()] {
            assert!(bad.parse::<GoogleSubject>().is_err(), "{bad}");
        }
    }
}
