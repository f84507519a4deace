//! By what a caller is counted: the account, API key or public key that was proven, never the bytes of its headers. A
//! proof that proves nothing makes nobody somebody new.

use std::net::IpAddr;

use super::caller::Credential;
use crate::domain::ids::UserId;
use crate::domain::network::network_of;
use crate::services::throttling::Whom;

/// Whom places, budgets and sessions are counted for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CallerKey {
    /// An account, with whichever of its sessions and keys it came.
    Account(UserId),
    /// The public key is one credential in many hands: it is counted for each network.
    PublicKey(Option<IpAddr>),
    Stranger(Option<IpAddr>),
}

impl CallerKey {
    pub fn of(credential: &Credential, address: Option<IpAddr>) -> Self {
        let network = address.map(network_of);
        match credential {
            Credential::Session { user, .. } | Credential::ApiKey { user } => {
                Self::Account(user.id.clone())
            }
            Credential::PublicKey => Self::PublicKey(network),
            Credential::None | Credential::Password { .. } | Credential::Operator => {
                Self::Stranger(network)
            }
        }
    }

    /// As limits count it: a network together with the larger ones around it.
    pub(super) fn counted_by(&self) -> Whom {
        let of = |kind: &'static str, address: Option<IpAddr>| match address {
            Some(address) => Whom::Network { kind, address },
            None => kind.into(),
        };
        match self {
            Self::Account(user_id) => user_id.as_str().into(),
            Self::PublicKey(network) => of("public", *network),
            Self::Stranger(network) => of("stranger", *network),
        }
    }

    /// Whether anything was proven.
    pub fn is_proven(&self) -> bool {
        !matches!(self, Self::Stranger(_))
    }
}
