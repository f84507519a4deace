//! The SHA-256 of a file, by which it is told whether it arrived as it was sent.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Invalid, parsed_string};

/// The SHA-256 of a file: 64 hex digits, kept in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDigest(String);

impl FileDigest {
    /// From the 32 bytes of the digest itself.
    pub fn of_bytes(digest: &[u8; 32]) -> Self {
        Self(base16ct::lower::encode_string(digest))
    }

    /// As it stands on the wire and in the store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileDigest {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let raw = raw.trim();
        if raw.len() == 64 && raw.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(raw.to_ascii_lowercase()))
        } else {
            Err(Invalid::new(
                "must be a SHA-256 of 64 hex digits, such as `sha256sum` prints it",
            ))
        }
    }
}

impl fmt::Display for FileDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

parsed_string!(FileDigest);

impl schemars::JsonSchema for FileDigest {
    fn schema_name() -> Cow<'static, str> {
        "FileDigest".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[0-9a-fA-F]{64}$",
            "examples": ["1e2f0d93e4b48b7bd1ab1e3fbf1ff22ae5a2e0ec7b0b7d66c3f5a5f6f5a7d001"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_64_hex_digits_of_either_case() {
        let upper = "AB".repeat(32);
        let digest: FileDigest = format!(" {upper}\n").parse().unwrap();
        assert_eq!(digest.as_str(), "ab".repeat(32));
        assert_eq!(FileDigest::of_bytes(&[0xab; 32]), digest);
        for wrong in [
            "",
            "ab",
            &"ab".repeat(33),
            &"gh".repeat(32),
            &"é".repeat(32),
        ] {
            assert!(wrong.parse::<FileDigest>().is_err(), "{wrong}");
        }
    }
}
