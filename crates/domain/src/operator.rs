//! Who acts as the operator and why, as the audit trail keeps it. Whether somebody is the operator is judged elsewhere:
//! these are that person's own words.

use std::borrow::Cow;
use std::str::FromStr;

use super::audit::Origin;
use super::{Invalid, parsed_string};

/// The name that the operator goes by: one to 100 characters, trimmed, without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorName(String);

/// Why the operator acts: one to 300 characters without control characters. No `@`, for the trail is kept longer than the
/// accounts are, and must not hold a person's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl OperatorName {
    /// The longest name taken, in characters.
    pub const MAX_CHARACTERS: usize = 100;
}

impl Reason {
    /// The longest reason taken, in characters.
    pub const MAX_CHARACTERS: usize = 300;
}

/// A line of at most `most` characters, without what surrounds it.
fn line(raw: &str, most: usize) -> Option<&str> {
    let line = raw.trim();
    let fits = (1..=most).contains(&line.chars().count());
    (fits && !line.chars().any(char::is_control)).then_some(line)
}

impl FromStr for OperatorName {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        line(raw, Self::MAX_CHARACTERS)
            .map(|name| Self(name.to_owned()))
            .ok_or_else(|| Invalid::new("must be 1 to 100 characters without line breaks"))
    }
}

impl FromStr for Reason {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let reason = line(raw, Self::MAX_CHARACTERS)
            .ok_or_else(|| Invalid::new("must be 1 to 300 characters without line breaks"))?;
        if reason.contains('@') {
            return Err(Invalid::new(
                "must not hold a mail address: name an account by its identifier",
            ));
        }
        Ok(Self(reason.to_owned()))
    }
}

impl std::fmt::Display for OperatorName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

parsed_string!(OperatorName);
parsed_string!(Reason);

impl schemars::JsonSchema for OperatorName {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "OperatorName".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "minLength": 1, "maxLength": 100, "examples": ["grace"]})
    }
}

impl schemars::JsonSchema for Reason {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Reason".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "minLength": 1,
            "maxLength": 300,
            "pattern": "^[^@]*$",
            "examples": ["ticket-4711"],
        })
    }
}

/// What accounts are looked for by: one to 254 characters, trimmed, without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText(String);

impl SearchText {
    /// The longest text taken, in characters: as long as an address may be.
    pub const MAX_CHARACTERS: usize = 254;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SearchText {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        line(raw, Self::MAX_CHARACTERS)
            .map(|text| Self(text.to_owned()))
            .ok_or_else(|| Invalid::new("must be 1 to 254 characters without line breaks"))
    }
}

impl std::fmt::Display for SearchText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

parsed_string!(SearchText);

impl schemars::JsonSchema for SearchText {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "SearchText".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "minLength": 1, "maxLength": 254, "examples": ["example.org"]})
    }
}

/// Something the operator does: who, why, and from where.
#[derive(Debug, Clone)]
pub struct Act {
    pub operator: Option<OperatorName>,
    pub reason: Option<Reason>,
    pub origin: Origin,
}

impl From<&Origin> for Act {
    /// By somebody who did not say.
    fn from(origin: &Origin) -> Self {
        Self {
            operator: None,
            reason: None,
            origin: origin.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_without_an_address() {
        let reason: Reason = "  Ticket 4711: charged twice ".parse().unwrap();
        assert_eq!(reason.to_string(), "Ticket 4711: charged twice");
        let long = "x".repeat(301);
        for bad in ["", "  ", "two\nlines", "asked by ada@example.org", &long] {
            assert!(bad.parse::<Reason>().is_err(), "{bad}");
        }
        assert!("ü".repeat(300).parse::<Reason>().is_ok());
    }

    #[test]
    fn a_name_is_one_line() {
        assert!("grace@house".parse::<OperatorName>().is_ok());
        let long = "x".repeat(101);
        for bad in ["", "\t", "gr\u{1b}ace", &long] {
            assert!(bad.parse::<OperatorName>().is_err(), "{bad}");
        }
    }
}
