//! Networks that an account's owner signs in from: which are known to be theirs, and the mail about one that is not.

use super::Accounts;
use crate::domain::audit::Origin;
use crate::domain::email::Email;
use crate::fault::Fault;
use crate::services::owners_networks::known_since;
use crate::store::networks::Seen;

impl Accounts {
    /// Whether the owner of the address was at this network lately.
    pub async fn is_owners_network(&self, email: &Email, origin: &Origin) -> Result<bool, Fault> {
        let Some(network) = origin.network() else {
            return Ok(false);
        };
        let deps = &*self.deps;
        let since = known_since(deps.now());
        let store = &deps.store;
        Ok(store.is_known_network(email.key(), &network, since).await?)
    }

    /// Gets the mail about a new network out, where the sign-in queued it. The sign-in stands whatever becomes of it.
    pub(super) async fn send_if_queued(&self, seen: Option<&Seen>) {
        let Some(mail) = seen.and_then(|seen| seen.mail.as_ref()) else {
            return;
        };
        match self.deps.store.is_mail_waiting(&mail.id).await {
            Ok(true) => self.outbox.deliver_soon(&mail.id).await,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a mail stays in the outbox"),
        }
    }
}
