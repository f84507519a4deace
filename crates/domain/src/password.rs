//! Passwords: any characters, never cut, trimmed or case-folded; never printed. Hashing and comparing is the passwords
//! service's business.

use std::borrow::Cow;
use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

use super::Invalid;

/// A password somebody chose: 8 to 128 code points, none of them NUL.
#[derive(Clone)]
pub struct Password(SecretString);

impl Password {
    /// The fewest code points of a new password.
    pub const MIN_CHARACTERS: usize = 8;
    /// The most code points, so that hashing stays cheap for us.
    pub const MAX_CHARACTERS: usize = 128;

    /// Takes a password for a new account or a change.
    ///
    /// # Errors
    /// Refuses one that is shorter than 8 or longer than 128 code points, or has a NUL in it.
    pub fn new(raw: String) -> Result<Self, Invalid> {
        // Counted on bytes first: a megabyte is refused without walking through it.
        let too_long =
            raw.len() > Self::MAX_CHARACTERS * 4 || raw.chars().count() > Self::MAX_CHARACTERS;
        if too_long || raw.chars().count() < Self::MIN_CHARACTERS {
            return Err(Invalid::new("must be 8 to 128 characters"));
        }
        // Other programs end a text there: what somebody pastes would not be what they typed.
        if raw.contains('\0') {
            return Err(Invalid::new("must not contain the character NUL"));
        }
        Ok(Self(raw.into()))
    }

    /// The secret itself, for hashing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> serde::Deserialize<'de> for Password {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Password {
    fn schema_name() -> Cow<'static, str> {
        "Password".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "password", "minLength": 8, "maxLength": 128, "examples": ["quiet harbour 1931 lantern"]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_characters_eight_to_128_of_them_and_as_they_are() {
        for good in [
            "12345678".to_owned(),
            " 7 chars".to_owned(),
            "x".repeat(128),
            "\u{1f980}".repeat(128),
            "\u{e9}\u{65}\u{301}\t\n\u{7f}ab".to_owned(),
        ] {
            assert_eq!(Password::new(good.clone()).unwrap().expose(), good);
        }
    }

    #[test]
    fn what_is_too_short_too_long_or_has_a_nul_is_refused() {
        for bad in [
            String::new(),
            "1234567".to_owned(),
            "\u{1f980}".repeat(7),
            "x".repeat(129),
            "\u{1f980}".repeat(129),
            "x".repeat(1_000_000),
            "quiet\0harbour".to_owned(),
        ] {
            assert!(Password::new(bad).is_err());
        }
    }
}
