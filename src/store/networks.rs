//! The networks that owners sign in from: written at each good sign-in, in its transaction. A sign-in from another one
//! queues the mail that tells the owner.

use super::outbox::{self, NewMail};
use super::sql::values;
use super::{Store, StoreError, Transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;

/// An account's owner was seen in a network.
#[derive(Debug, Clone)]
pub struct Seen {
    pub network: String,
    pub at: Timestamp,
    /// A network where the owner was last seen before this is not known any more.
    pub known_since: Timestamp,
    /// What the owner is told where the network is not known, and others were before; an account's first sign-in is no
    /// news.
    pub mail: Option<NewMail>,
}

/// Writes it down.
pub(super) async fn see(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    seen: &Seen,
) -> Result<(), StoreError> {
    let row = transaction
        .optional(
            "SELECT COUNT(*) AS networks, COUNT(CASE WHEN network = $2 AND seen_at > $3 THEN 1 END) AS known \
             FROM known_networks WHERE user_id = $1",
            values![user_id, &seen.network, seen.known_since],
        )
        .await?;
    let (networks, known) = match row {
        Some(row) => (row.count("networks")?, row.count("known")?),
        None => (0, 0),
    };
    if let Some(mail) = &seen.mail
        && networks > 0
        && known == 0
    {
        outbox::queue(transaction, mail).await?;
    }
    transaction
        .execute(
            "DELETE FROM known_networks WHERE user_id = $1 AND seen_at <= $2",
            values![user_id, seen.known_since],
        )
        .await?;
    transaction
        .execute(
            "INSERT INTO known_networks (user_id, network, seen_at) VALUES ($1, $2, $3) \
             ON CONFLICT (user_id, network) DO UPDATE SET seen_at = excluded.seen_at",
            values![user_id, &seen.network, seen.at],
        )
        .await
        .map(drop)
}

const KNOWN: &str = "SELECT network FROM known_networks JOIN users ON users.id = known_networks.user_id \
     WHERE users.email_key = $1 AND network = $2 AND seen_at > $3";

impl Store {
    /// Whether the owner of this address was seen in the network since then.
    pub async fn is_known_network(
        &self,
        email_key: &str,
        network: &str,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let row = self.read(KNOWN, values![email_key, network, since]).await?;
        Ok(row.is_some())
    }
}

/// Forgets every network but one: the password by which the owner was known there is another now.
pub(super) async fn forget_others(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    network: Option<&str>,
) -> Result<(), StoreError> {
    transaction
        .execute(
            "DELETE FROM known_networks WHERE user_id = $1 AND ($2 IS NULL OR network <> $2)",
            values![user_id, network],
        )
        .await
        .map(drop)
}

/// Whether the owner of this address was seen in the network lately. An address without an account costs the same.
pub(super) async fn is_known(
    transaction: &mut Transaction<'_>,
    email_key: &str,
    network: &str,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let row = transaction
        .optional(KNOWN, values![email_key, network, since])
        .await?;
    Ok(row.is_some())
}
