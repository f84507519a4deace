//! Mail addresses: trimmed, at most 254 bytes, compared without regard to case, kept as they were given. Whether
//! anybody reads mail there, only a code can tell.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{Invalid, parsed_string};

/// An address that a mail can be sent to.
#[derive(Clone)]
pub struct Email {
    given: String,
    key: String,
}

impl Email {
    /// The longest address taken, in bytes (RFC 5321's path limit).
    pub const MAX_BYTES: usize = 254;

    /// The address as its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// What addresses are compared and stored by: the same for `Ada@Example.org` and `ada@example.org`.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The mailbox behind it, as free credit is counted: a `+tag` and dots do not make another one, whoever the provider
    /// is. Only for counting: some providers tell them apart, so nothing is ever sent there.
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.key.rsplit_once('@').unwrap_or((&self.key, ""));
        let untagged = local.split('+').next().unwrap_or_default();
        let plain: String = untagged.chars().filter(|sign| *sign != '.').collect();
        let domain = match domain {
            "googlemail.com" => "gmail.com",
            other => other,
        };
        // A local part of nothing else is somebody's own all the same.
        let local = if plain.is_empty() { local } else { &plain };
        format!("{local}@{domain}")
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Email {}

impl FromStr for Email {
    type Err = Invalid;

    fn from_str(raw: &str) -> Result<Self, Invalid> {
        let given = raw.trim();
        if given.len() > Self::MAX_BYTES {
            return Err(Invalid::new("must be a mail address of at most 254 bytes"));
        }
        if given.chars().any(char::is_control)
            || given.parse::<lettre::Address>().is_err()
            || !is_plain(given)
        {
            return Err(Invalid::new(
                "must be a mail address such as `ada@example.org`",
            ));
        }
        Ok(Self {
            given: given.to_owned(),
            key: given.to_lowercase(),
        })
    }
}

/// Whether the name stands without quotes, in which one mailbox has many spellings, and the host is a name: mail for the
/// address of a machine could be meant for one behind our own mail server.
fn is_plain(address: &str) -> bool {
    let Some((name, host)) = address.rsplit_once('@') else {
        return false;
    };
    let in_host =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    !name.starts_with('"') && host.chars().all(in_host) && host.parse::<IpAddr>().is_err()
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.given)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.given)
    }
}

parsed_string!(Email);

impl schemars::JsonSchema for Email {
    fn schema_name() -> Cow<'static, str> {
        "Email".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "email", "maxLength": 254, "examples": ["ada@example.org"]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_trimmed_kept_as_given_and_compared_without_case() {
        let email: Email = "  Ada@Example.ORG ".parse().unwrap();
        assert_eq!(email.as_str(), "Ada@Example.ORG");
        assert_eq!(email, "ada@example.org".parse().unwrap());
        assert!("local@localhost".parse::<Email>().is_ok());
        assert!("ada+tag@example.org".parse::<Email>().is_ok());
    }

    #[test]
    fn tags_and_dots_make_no_other_mailbox() {
        let mailbox = |raw: &str| raw.parse::<Email>().unwrap().mailbox();
        for same in [
            "Ada.Marsh@example.org",
            "adamarsh+clara@example.org",
            "a.d.a.marsh+1+2@EXAMPLE.org",
        ] {
            assert_eq!(mailbox(same), "adamarsh@example.org", "{same}");
        }
        assert_eq!(mailbox("ada@googlemail.com"), mailbox("a.da@gmail.com"));
        assert_eq!(mailbox("+x@example.org"), "+x@example.org");
        assert_ne!(mailbox("ada@example.org"), mailbox("ada@example.com"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.org", "a".repeat(250));
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "a@b@c.org",
            "ada@example.org\r\nBcc: x@y.z",
            "a b@c.org",
            "\"ada\"@example.org",
            "ada@[127.0.0.1]",
            "ada@127.0.0.1",
            "ada@example.org/x",
            &long,
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
    }
}
