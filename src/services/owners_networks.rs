//! Where an account's owner was lately: networks from which they are heard whatever strangers do.

use std::time::Duration;

use super::mail::Letters;
use super::service_deps::ServiceDeps;
use crate::domain::audit::Origin;
use crate::domain::clock::Timestamp;
use crate::domain::user::User;
use crate::fault::Fault;
use crate::store::networks::Seen;

/// How long a network stays its owner's after they were there.
pub(super) const NETWORK_TTL: Duration = Duration::from_hours(30 * 24);

impl ServiceDeps {
    /// That an account's owner is where `origin` is, to be stored with what they prove there; for an account that is
    /// known to be theirs, with the mail that tells them of a network they are new to.
    pub(super) fn seen(&self, user: Option<&User>, origin: &Origin) -> Result<Option<Seen>, Fault> {
        let Some(network) = origin.network() else {
            return Ok(None);
        };
        let at = self.now();
        // Who never proved to own the address could have its true owner mailed at will.
        let mail = user
            .filter(|user| user.is_active)
            .zip(origin.address.as_deref())
            .map(|(user, address)| Letters(self).new_network(user, address))
            .transpose()?;
        Ok(Some(Seen {
            network,
            at,
            known_since: known_since(at),
            mail,
        }))
    }
}

/// A network where the owner was seen since then is theirs.
pub(super) fn known_since(now: Timestamp) -> Timestamp {
    now.before(NETWORK_TTL)
}
