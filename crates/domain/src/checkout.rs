//! What somebody says who wants to buy credits: for how many dollars, and to which page of the client's site the way leads
//! back. Neither can be said wrong in a way that matters later: not a fraction of a dollar, not another site.

use serde::de::{Deserializer, Error as _};

use super::Invalid;

/// Whole dollars, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dollars(u32);

impl Dollars {
    /// This many dollars, where that is any.
    pub fn new(dollars: u32) -> Option<Self> {
        (dollars > 0).then_some(Self(dollars))
    }

    /// How many.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl<'de> serde::Deserialize<'de> for Dollars {
    /// Takes a JSON number only: an amount of money is not guessed from a text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || D::Error::custom("must be a whole number of dollars from 1 to 4294967295");
        let value = serde_json::Value::deserialize(deserializer).map_err(|_| wrong())?;
        let dollars = value.as_u64().and_then(|number| u32::try_from(number).ok());
        dollars.and_then(Self::new).ok_or_else(wrong)
    }
}

impl schemars::JsonSchema for Dollars {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Dollars".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "minimum": 1, "maximum": u32::MAX})
    }
}

/// A path under the client's address, such as `billing` or `account/credits`. It cannot lead anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// The most characters a path has.
    pub const MAX_CHARACTERS: usize = 200;

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of this path under `base`, with `stripe_status` set to this word.
    pub fn under(&self, base: &url::Url, stripe_status: &str) -> url::Url {
        let mut address = base.clone();
        if let Ok(mut segments) = address.path_segments_mut() {
            segments.pop_if_empty();
            segments.extend(self.0.trim_matches('/').split('/'));
        }
        address.set_fragment(None);
        address
            .query_pairs_mut()
            .clear()
            .append_pair("stripe_status", stripe_status);
        address
    }
}

impl std::str::FromStr for ReturnPath {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        let leads_away = |segment: &str| {
            let decoded = segment.to_ascii_lowercase().replace("%2e", ".");
            decoded == "." || decoded == ".."
        };
        let is_fine = raw.chars().count() <= Self::MAX_CHARACTERS
            && !raw.contains(|letter: char| {
                letter.is_control() || letter.is_whitespace() || "\\?#:@".contains(letter)
            })
            && !raw.contains("//")
            && !raw.split('/').any(leads_away);
        if is_fine {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Invalid::new(
                "must be a path on the client's own site, at most 200 characters, such as `billing`: no host, no `//`, \
                 `\\`, `..`, `?`, `#`, `:` or `@`, no spaces or control characters",
            ))
        }
    }
}

impl std::fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

super::parsed_string!(ReturnPath);

impl schemars::JsonSchema for ReturnPath {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ReturnPath".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "maxLength": Self::MAX_CHARACTERS})
    }
}

#[cfg(test)]
mod tests;
