//! Six-digit codes that are mailed, and what each may be used for. How codes are kept and compared is the codes
//! service's business.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::randomness::Randomness;
use super::{Invalid, parsed_string};

/// Six digits. Never printed by `Debug`; `Display` exists for the mail that carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct OtpCode(String);

impl OtpCode {
    /// Draws a code, each of the million equally likely.
    pub fn random(randomness: &dyn Randomness) -> Self {
        Self(format!("{:06}", randomness.below(1_000_000)))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OtpCode {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let raw = raw.trim();
        if raw.len() == 6 && raw.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::new(
                "must be the six digits of a code, as a string such as \"245522\"",
            ))
        }
    }
}

impl fmt::Display for OtpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OtpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

parsed_string!(OtpCode);

impl schemars::JsonSchema for OtpCode {
    fn schema_name() -> Cow<'static, str> {
        "OtpCode".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^[0-9]{6}$", "examples": ["245522"]})
    }
}

/// What a code opens; a code for one purpose opens no other.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CodePurpose {
    Activation,
    TwoFactorAuth,
    ChangePassword,
}

impl CodePurpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Activation, Self::TwoFactorAuth, Self::ChangePassword];

    /// The word on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activation => "ACTIVATION",
            Self::TwoFactorAuth => "TWO_FACTOR_AUTH",
            Self::ChangePassword => "CHANGE_PASSWORD",
        }
    }
}
