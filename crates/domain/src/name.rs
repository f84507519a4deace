//! A person's first or last name, as they write it. Names are text from outside: what shows one escapes it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Invalid, parsed_string};

/// One to 100 characters, trimmed, without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// The longest name taken, in characters.
    pub const MAX_CHARACTERS: usize = 100;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonName {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let name = raw.trim();
        let characters = name.chars().count();
        if characters == 0
            || characters > Self::MAX_CHARACTERS
            || name.chars().any(char::is_control)
        {
            return Err(Invalid::new(
                "must be 1 to 100 characters without line breaks",
            ));
        }
        Ok(Self(name.to_owned()))
    }
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

parsed_string!(PersonName);

impl schemars::JsonSchema for PersonName {
    fn schema_name() -> Cow<'static, str> {
        "PersonName".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "minLength": 1, "maxLength": 100, "examples": ["Ada"]})
    }
}
