//! Digests that stand for addresses in tables: the same address always has the same, and without the root secret nobody
//! can tell whose it is, nor find it by trying addresses. What is kept under one, services decide.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::keys::{DerivedKey, KeyPurpose};
use super::service_deps::ServiceDeps;
use crate::domain::email::Email;
use crate::fault::Fault;

/// Half of the digest is more than enough to tell addresses apart.
const BYTES: usize = 16;

impl ServiceDeps {
    /// Stands for the account that an address names, whether there is one or not.
    pub(super) fn account_pseudonym(&self, email_key: &str) -> Result<String, Fault> {
        let key = self.keys.signing(KeyPurpose::Pseudonym);
        Self::pseudonym(key, "account", email_key)
    }

    /// Stands for the mailbox behind an address; where the root secret was changed, then what stood for it before.
    pub(super) fn mailbox_pseudonyms(&self, email: &Email) -> Result<Vec<String>, Fault> {
        let mailbox = email.mailbox();
        self.keys
            .accepted(KeyPurpose::Pseudonym)
            .map(|key| Self::pseudonym(key, "mailbox", &mailbox))
            .collect()
    }

    fn pseudonym(key: &DerivedKey, kind: &str, text: &str) -> Result<String, Fault> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).map_err(Fault::internal)?;
        mac.update(kind.as_bytes());
        mac.update(b"|");
        mac.update(text.as_bytes());
        let mut hex = String::with_capacity(BYTES * 2);
        for byte in mac.finalize().into_bytes().iter().take(BYTES) {
            let _ = write!(hex, "{byte:02x}");
        }
        Ok(hex)
    }
}
