//! Which part of a list is wanted: `limit` and `offset` with SQL's meaning, newest first. What the list holds it must
//! not know.

use std::borrow::Cow;

use serde::de::{Deserializer, Error as _, Unexpected, Visitor};

/// A whole number from `MIN` to `MAX` that also takes its decimal text, as query strings and some models send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Whole<MIN, MAX> {
    /// The number, where it is in the range.
    pub fn new(number: u32) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<'de, const MIN: u32, const MAX: u32> serde::Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number<const MIN: u32, const MAX: u32>;

        impl<const MIN: u32, const MAX: u32> Number<MIN, MAX> {
            fn take<E: serde::de::Error>(number: Option<u32>) -> Result<Whole<MIN, MAX>, E> {
                number
                    .and_then(Whole::new)
                    .ok_or_else(|| E::custom(format!("must be a whole number from {MIN} to {MAX}")))
            }
        }

        impl<const MIN: u32, const MAX: u32> Visitor<'_> for Number<MIN, MAX> {
            type Value = Whole<MIN, MAX>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "a whole number from {MIN} to {MAX}")
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
                Self::take(u32::try_from(number).ok())
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
                Self::take(u32::try_from(number).ok())
            }
            fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Self::Value, E> {
                Self::take(None)
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
                Self::take(digits.then(|| text.parse().ok()).flatten())
            }
        }

        let value = serde_json::Value::deserialize(deserializer).map_err(D::Error::custom)?;
        match value {
            serde_json::Value::Number(_) | serde_json::Value::String(_) => {
                Deserializer::deserialize_any(value, Number::<MIN, MAX>).map_err(D::Error::custom)
            }
            _ => Err(D::Error::invalid_type(
                Unexpected::Other("something else"),
                &Number::<MIN, MAX>,
            )),
        }
    }
}

impl<const MIN: u32, const MAX: u32> schemars::JsonSchema for Whole<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Whole_{MIN}_{MAX}").into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub limit: u32,
    pub offset: u32,
}

impl Page {
    /// How many rows a page has where nobody says.
    pub const DEFAULT_LIMIT: u32 = 20;
}

impl Default for Page {
    fn default() -> Self {
        Self {
            limit: Self::DEFAULT_LIMIT,
            offset: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_decimal_text_are_taken_and_nothing_else() {
        let read = |raw: &str| {
            serde_json::from_str::<Whole<1, 100>>(raw)
                .map(Whole::get)
                .ok()
        };
        assert_eq!(read("20"), Some(20));
        assert_eq!(read("\"20\""), Some(20));
        for bad in [
            "0",
            "101",
            "-1",
            "1.5",
            "\"\"",
            "\"1e1\"",
            "null",
            "[1]",
            "true",
            "99999999999999999999",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
