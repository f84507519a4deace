//! Mail addresses: trimmed, at most 254 bytes, kept as they were given. They are compared by where a mail to them goes:
//! the domain in ASCII (IDNA), as it is sent, the local part in Unicode's form NFC, both without regard to case. Whether
//! anybody reads mail there, only a code can tell.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization as _;

use super::invisible::{is_invisible, is_variation_selector};
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

    /// An address as it was stored: an older version took some that this one refuses.
    pub fn from_store(given: String, key: String) -> Self {
        Self { given, key }
    }

    /// What addresses are compared and stored by: the same for all spellings whose mail goes to one place, such as
    /// `Ada@Example.org` and `ada@ｅxample。org`.
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
        // Composed, so that what is sent is what is compared.
        let given: String = raw.trim().nfc().collect();
        if given.len() > Self::MAX_BYTES {
            return Err(Invalid::new("must be a mail address of at most 254 bytes"));
        }
        let no_address = || Invalid::new("must be a mail address such as `ada@example.org`");
        if given.chars().any(char::is_control) || given.parse::<lettre::Address>().is_err() {
            return Err(no_address());
        }
        let key = key_of(&given).ok_or_else(no_address)?;
        Ok(Self { given, key })
    }
}

/// What an address is compared by; `None` for what is none. The name stands without quotes, in which one mailbox has many
/// spellings, and holds nothing that is not seen. The host is a name: mail for the address of a machine, in whichever of
/// its spellings, could be meant for one behind our own mail server.
fn key_of(address: &str) -> Option<String> {
    let (name, host) = address.rsplit_once('@')?;
    let in_host =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if name.starts_with('"') || name.chars().any(changes_no_look) || !host.chars().all(in_host) {
        return None;
    }
    let url::Host::Domain(domain) = url::Host::parse(host).ok()? else {
        return None;
    };
    // The root's dot at the end names the same host once more.
    if domain.is_empty() || domain.ends_with('.') {
        return None;
    }
    let name: String = name.to_lowercase().nfc().collect();
    Some(format!("{name}@{domain}"))
}

/// Whether a sign changes how nothing looks: with such signs one name has endless spellings.
fn changes_no_look(sign: char) -> bool {
    is_invisible(sign) || is_variation_selector(sign)
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
mod tests;
