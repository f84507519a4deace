//! By what something is counted: one name, or a network together with the larger ones that it lies in.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};

use super::table::Row;
use crate::domain::network::CountedNetwork;

/// By what something is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// An account, a mail address or a credential.
    Name(String),
    /// A network and those around it. The word keeps kinds of callers apart, and is empty where a limit has one kind.
    Network { kind: &'static str, address: IpAddr },
}

impl From<&str> for Whom {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<&String> for Whom {
    fn from(name: &String) -> Self {
        Self::Name(name.clone())
    }
}

impl From<&Whom> for Whom {
    fn from(whom: &Whom) -> Self {
        whom.clone()
    }
}

impl From<IpAddr> for Whom {
    fn from(address: IpAddr) -> Self {
        Self::Network { kind: "", address }
    }
}

/// One count of a limit, and how many times the allowance it has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) key: String,
    pub(super) share: u32,
}

/// The counts that `whom` has of a limit, those with the smallest allowance first.
pub(super) fn counted(row: &Row, whom: &Whom) -> Vec<Counted> {
    match whom {
        Whom::Name(name) => vec![Counted {
            key: key(row, name),
            share: 1,
        }],
        Whom::Network { kind, address } => CountedNetwork::all_of(*address)
            .into_iter()
            .map(|network| Counted {
                key: key(row, format!("{kind} {network}").trim_start()),
                share: network.share(),
            })
            .collect(),
    }
}

/// The store keeps no token and no mail address for this: a part of the digest tells them apart as well.
fn key(row: &Row, whom: &str) -> String {
    let digest = Sha256::digest(whom.as_bytes());
    let digest = base16ct::lower::encode_string(&digest[..16]);
    format!("{} {digest}", row.name)
}
