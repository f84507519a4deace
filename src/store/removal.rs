//! What asks its owner for a proof anew: the proof is held against the account once more and used up in the transaction of
//! the act, so that nobody acts on a password that was just changed. Among these acts is the end of an account.

use super::audit::{self, AuditEntry};
use super::ledger;
use super::outbox::{self, NewMail};
use super::second_factors::{self, SecondFactorProof};
use super::signals::Topic;
use super::sql::values;
use super::{Engine, Store, StoreError, Transaction, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::ids::UserId;

/// A proof that was found good.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The hash that the password was found right against; `None` where the account has no password.
    pub checked_hash: Option<String>,
    /// What goes with it; without a password a mailed code stands in its place.
    pub second_factor: SecondFactorProof,
}

/// What the end of an account stores together.
#[derive(Debug)]
pub struct Removal {
    pub user_id: UserId,
    /// The owner's; the operator needs none.
    pub proof: Option<Proof>,
    /// Belongs to no account, so that it is still there to be sent.
    pub mail: NewMail,
    pub audit: AuditEntry,
}

/// What became of an act that asks for a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acted {
    Done,
    /// The account is gone.
    NoAccount,
    /// The password was changed or the code used meanwhile.
    ProofSpent,
}

/// SQLite's journal holds what was deleted until it is written over; PostgreSQL looks after its own.
const EMPTY_JOURNAL: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

impl Store {
    /// Uses a proof up for an act that changes nothing, and writes the act down.
    pub async fn note_proven(
        &self,
        user_id: &UserId,
        proof: Option<&Proof>,
        entry: &AuditEntry,
    ) -> Result<Acted, StoreError> {
        transaction!(self, transaction => {
            let acted = hold(&mut transaction, user_id, proof, entry.at).await?;
            if acted != Acted::Done {
                return Ok(acted);
            }
            audit::write(&mut transaction, entry).await?;
            acted
        })
    }

    /// Removes an account with all that is its own; its ledger entries and purchases stay, without name or address. What
    /// it could still pay is due to be looked at, so that nobody pays for nothing. Whoever works or waits for it hears of it.
    pub async fn remove_user(&self, new: &Removal) -> Result<Acted, StoreError> {
        let (id, at) = (&new.user_id, new.audit.at);
        let acted = transaction!(self, transaction => {
            // Before the account, in the order in which a payment that is settled and a task that ends hold them.
            transaction
                .execute(
                    "UPDATE purchases SET look_at = $2 \
                     WHERE user_id = $1 AND status IN ('STARTED', 'OPEN', 'PENDING')",
                    values![id, at],
                )
                .await?;
            transaction
                .execute("DELETE FROM tasks WHERE user_id = $1", values![id])
                .await?;
            let acted = hold(&mut transaction, id, new.proof.as_ref(), at).await?;
            if acted != Acted::Done {
                return Ok(acted);
            }
            transaction
                .execute("DELETE FROM users WHERE id = $1", values![id])
                .await?;
            outbox::queue(&mut transaction, &new.mail).await?;
            audit::write(&mut transaction, &new.audit).await?;
            acted
        })?;
        if acted == Acted::Done {
            self.signal(Topic::Ended);
            self.signal(Topic::Work);
            self.empty_journal().await;
        }
        Ok(acted)
    }

    /// Empties the database's journal of what a person left behind. Where somebody just reads, it stays until the next time
    /// or until it is written over: what was asked for has been done before.
    pub(super) async fn empty_journal(&self) {
        let Engine::Sqlite { writer, .. } = &self.0.engine else {
            return;
        };
        self.0.statements.count();
        if let Err(error) = writer.write_alone(EMPTY_JOURNAL, values![]).await {
            tracing::warn!(%error, "the database's journal was not emptied after a removal");
        }
    }
}

/// Holds the account until the transaction ends, and its proof against it; a code is used up.
async fn hold(
    transaction: &mut Transaction<'_>,
    user_id: &UserId,
    proof: Option<&Proof>,
    now: Timestamp,
) -> Result<Acted, StoreError> {
    if ledger::lock_balance(transaction, user_id).await?.is_none() {
        return Ok(Acted::NoAccount);
    }
    let Some(proof) = proof else {
        return Ok(Acted::Done);
    };
    let unchanged = transaction
        .optional(
            "SELECT id FROM users WHERE id = $1 AND COALESCE(password_hash, '') = COALESCE($2, '')",
            values![user_id, proof.checked_hash.as_deref()],
        )
        .await?;
    if unchanged.is_none() {
        return Ok(Acted::ProofSpent);
    }
    let is_good = second_factors::redeem(transaction, user_id, &proof.second_factor, now).await?;
    Ok(if is_good {
        Acted::Done
    } else {
        Acted::ProofSpent
    })
}
