//! Digests that stand for addresses in tables: the same address always has the same, and without the root secret nobody
//! can tell whose it is, nor find it by trying addresses. What is kept under one, services decide.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::keys::{DerivedKey, KeyPurpose};
use crate::domain::email::Email;
use crate::fault::Fault;
use crate::services::service_deps::ServiceDeps;

/// Half of the digest is more than enough to tell addresses apart.
const BYTES: usize = 16;

impl ServiceDeps {
    /// Stands for the account that an address names, whether there is one or not.
    pub(in crate::services) fn account_pseudonym(&self, email_key: &str) -> Result<String, Fault> {
        let key = self.keys.signing(KeyPurpose::Pseudonym);
        Self::pseudonym(key, "account", email_key)
    }

    /// Stands for the mailbox behind an address; where the root secret was changed, then what stood for it before.
    pub(in crate::services) fn mailbox_pseudonyms(
        &self,
        email: &Email,
    ) -> Result<Vec<String>, Fault> {
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
        let digest = mac.finalize().into_bytes();
        Ok(base16ct::lower::encode_string(&digest[..BYTES]))
    }
}
