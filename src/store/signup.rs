//! The free credit of a new account: once a mailbox, and so many a day a network. Decided and paid in the transaction that
//! makes the account active, whichever way it became so.

use std::time::Duration;

use super::audit::{self, AuditEntry};
use super::ledger::{self, NewEntry, Posted};
use super::sql::values;
use super::{StoreError, Transaction};
use crate::domain::clock::Timestamp;
use crate::domain::network::CountedNetwork;

/// A credit that is due, unless it was had before.
#[derive(Debug, Clone)]
pub struct SignupCredit {
    pub entry: NewEntry,
    /// The digests of the mailbox: the first is kept, under the others it may have been kept before.
    pub mailbox: Vec<String>,
    /// Where the account is activated from, where there is a network between: the smallest first.
    pub networks: Vec<CountedNetwork>,
    /// So many a network gets in `window` from its first, a larger one its share of them.
    pub most_of_network: u32,
    pub window: Duration,
    /// What the trail says where it is paid.
    pub paid: AuditEntry,
    /// What the trail says where it is not, and why: the one of the two that applies.
    pub mailbox_had_it: AuditEntry,
    pub network_had_enough: AuditEntry,
}

/// Pays it, or writes down why not. `false` where the books refuse the entry: then nothing may be committed.
pub(super) async fn pay(
    transaction: &mut Transaction<'_>,
    credit: &SignupCredit,
) -> Result<bool, StoreError> {
    let at = credit.entry.at;
    let Some((mailbox, before)) = credit.mailbox.split_first() else {
        return Ok(false);
    };
    let is_first = transaction
        .execute(
            "INSERT INTO signup_credits (mailbox, paid_at) VALUES ($1, $2) ON CONFLICT (mailbox) DO NOTHING",
            values![mailbox, at],
        )
        .await?;
    if is_first == 0 || had_it(transaction, before).await? {
        audit::write(transaction, &credit.mailbox_had_it).await?;
        return Ok(true);
    }
    if !has_room(transaction, credit, at).await? {
        transaction
            .execute(
                "DELETE FROM signup_credits WHERE mailbox = $1",
                values![mailbox],
            )
            .await?;
        audit::write(transaction, &credit.network_had_enough).await?;
        return Ok(true);
    }
    if ledger::post(transaction, &credit.entry).await? == Posted::Refused {
        return Ok(false);
    }
    audit::write(transaction, &credit.paid).await?;
    Ok(true)
}

async fn had_it(transaction: &mut Transaction<'_>, digests: &[String]) -> Result<bool, StoreError> {
    for digest in digests {
        let row = transaction
            .optional(
                "SELECT mailbox FROM signup_credits WHERE mailbox = $1",
                values![digest],
            )
            .await?;
        if row.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts one for each network; what is older than the window is thrown away. Where one has no room, nothing is counted.
async fn has_room(
    transaction: &mut Transaction<'_>,
    credit: &SignupCredit,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let over = at.before(credit.window);
    transaction
        .execute(
            "DELETE FROM signup_networks WHERE since <= $1",
            values![over],
        )
        .await?;
    for (position, network) in credit.networks.iter().enumerate() {
        let most = credit.most_of_network.saturating_mul(network.share());
        let counted = transaction
            .optional(
                "INSERT INTO signup_networks (network, paid, since) VALUES ($1, 1, $2) \
                 ON CONFLICT (network) DO UPDATE SET paid = signup_networks.paid + 1 \
                 WHERE signup_networks.paid < $3 RETURNING paid",
                values![&network.to_string(), at, most],
            )
            .await?;
        if counted.is_none() {
            for smaller in &credit.networks[..position] {
                transaction
                    .execute(
                        "UPDATE signup_networks SET paid = paid - 1 WHERE network = $1",
                        values![&smaller.to_string()],
                    )
                    .await?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}
