//! Six-digit codes that are mailed, and what each may be used for. How codes are kept and compared is the codes
//! service's business.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use super::Invalid;
use super::randomness::Randomness;

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

impl<'de> serde::Deserialize<'de> for OtpCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_digits(deserializer)
    }
}

/// Reads a code. One sent as a number is refused with words of its own: it has lost the zeros in front, and whoever sees
/// it work nine times out of ten would not find out why it fails the tenth time.
pub(super) fn read_digits<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: FromStr<Err = Invalid>,
{
    struct Digits<T>(PhantomData<T>);

    impl<T: FromStr<Err = Invalid>> serde::de::Visitor<'_> for Digits<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: serde::de::Error>(self, raw: &str) -> Result<T, E> {
            raw.parse().map_err(E::custom)
        }
        fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<T, E> {
            Err(E::custom(
                "must be a string such as \"045522\", not a number: a number loses the zeros in front",
            ))
        }
    }

    deserializer.deserialize_any(Digits(PhantomData))
}

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

#[cfg(test)]
mod tests {
    use super::super::randomness::tests::Scripted;
    use super::*;

    #[test]
    fn a_code_is_six_digits_with_the_zeros_in_front_and_each_is_reached() {
        // Past the last whole million below 2^32 a draw says nothing, and the next one counts.
        for (drawn, code) in [
            (vec![0], "000000"),
            (vec![42], "000042"),
            (vec![999_999], "999999"),
            (vec![4_293_999_999], "999999"),
            (vec![1_000_000], "000000"),
            (vec![4_294_000_000, u32::MAX, 7], "000007"),
        ] {
            let source = Scripted::new(drawn);
            assert_eq!(OtpCode::random(&source).as_str(), code);
            assert_eq!(source.left(), 0);
        }
    }
}
