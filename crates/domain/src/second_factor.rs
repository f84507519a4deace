//! What proves a person besides the password: a code of six digits, mailed or shown by an app, or a recovery code. Which of
//! them an account asks for is the accounts service's business.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::code::{self, OtpCode};
use super::randomness::Randomness;
use super::{Invalid, parsed_string};

/// How the second factor reaches its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "SecondFactorMethod")]
pub enum SecondFactorMethod {
    #[default]
    Mail,
    App,
}

/// What somebody gives as second proof. Never printed by `Debug`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondFactorCode {
    /// From a mail or an app.
    Digits(OtpCode),
    Recovery(RecoveryCode),
}

impl From<OtpCode> for SecondFactorCode {
    fn from(digits: OtpCode) -> Self {
        Self::Digits(digits)
    }
}

impl From<RecoveryCode> for SecondFactorCode {
    fn from(code: RecoveryCode) -> Self {
        Self::Recovery(code)
    }
}

impl FromStr for SecondFactorCode {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        raw.parse()
            .map(Self::Digits)
            .or_else(|_| raw.parse().map(Self::Recovery))
            .map_err(|_: Invalid| {
                Invalid::new(
                    "must be six digits as a string such as \"245522\", with no space between them, or a recovery code",
                )
            })
    }
}

impl fmt::Display for SecondFactorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digits(digits) => digits.fmt(f),
            Self::Recovery(code) => code.fmt(f),
        }
    }
}

impl<'de> serde::Deserialize<'de> for SecondFactorCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        code::read_digits(deserializer)
    }
}

impl schemars::JsonSchema for SecondFactorCode {
    fn schema_name() -> Cow<'static, str> {
        "SecondFactorCode".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^([0-9]{6}|[A-Z2-7]{4}(-[A-Z2-7]{4}){5})$",
            "examples": ["245522"],
        })
    }
}

/// How many random bytes a recovery code is.
const RECOVERY_BYTES: usize = 15;
/// Its characters, and how many stand together.
const RECOVERY_CHARACTERS: usize = RECOVERY_BYTES * 8 / 5;
const GROUP: usize = 4;
/// No digit of it is taken for a letter. Its bytes are whole groups of five, so there is nothing to pad.
const ALPHABET: base32::Alphabet = base32::Alphabet::Rfc4648 { padding: false };

/// A code that lets the owner of a lost phone in, once: 120 random bits, which nobody guesses. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// How many an account is given.
    pub const NUMBER: usize = 10;

    /// Draws one.
    pub fn random(randomness: &dyn Randomness) -> Self {
        let mut bytes = [0_u8; RECOVERY_BYTES];
        randomness.fill(&mut bytes);
        Self(base32::encode(ALPHABET, &bytes))
    }

    /// The letters and digits without what stands between them; what is hashed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RecoveryCode {
    type Err = Invalid;

    /// As it was shown, or as a person types it: in small letters, without the strokes or with spaces for them.
    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let letters: String = raw
            .trim()
            .chars()
            .filter(|character| !matches!(character, '-' | ' '))
            .map(|character| character.to_ascii_uppercase())
            .collect();
        if letters.len() == RECOVERY_CHARACTERS && base32::decode(ALPHABET, &letters).is_some() {
            Ok(Self(letters))
        } else {
            Err(Invalid::new(
                "must be a recovery code: six groups of four letters and digits",
            ))
        }
    }
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, letter) in self.0.chars().enumerate() {
            if position > 0 && position % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

parsed_string!(RecoveryCode);

impl schemars::JsonSchema for RecoveryCode {
    fn schema_name() -> Cow<'static, str> {
        "RecoveryCode".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[A-Z2-7]{4}(-[A-Z2-7]{4}){5}$",
            "examples": ["MZXW-6YTB-OJTG-633C-MFZG-M33P"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::randomness::SeededRandomness;

    fn parsed(raw: &str) -> Option<SecondFactorCode> {
        raw.parse().ok()
    }

    #[test]
    fn a_recovery_code_is_read_back_however_a_person_types_it() {
        let code = RecoveryCode::random(&SeededRandomness::new(5));
        let shown = code.to_string();
        assert_eq!(shown.len(), 29);
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', ""),
            shown.replace('-', " "),
            format!(" {shown}\n"),
        ] {
            assert_eq!(parsed(&typed), Some(code.clone().into()), "{typed}");
        }
        assert_eq!(
            format!("{:?}", parsed(&shown)),
            "Some(Recovery([redacted]))"
        );
        for other in [
            &shown[1..],
            &shown.replace(&shown[..1], "1"),
            &format!("{shown}A"),
        ] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }

    #[test]
    fn digits_are_six_and_ascii_and_stand_together() {
        assert!(matches!(
            parsed(" 012345\t"),
            Some(SecondFactorCode::Digits(_))
        ));
        for other in [
            "123 456",
            "123-456",
            "12345",
            "1234567",
            "１２３４５６",
            "१२३४५६",
            "+12345",
            "",
        ] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }
}
