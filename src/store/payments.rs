//! What Stripe tells of payments: each telling is one transaction, in which what is known, what follows from it, and the
//! money move together. What follows is the caller's rule; the store only holds still for it.

use super::audit::{self, AuditEntry};
use super::ledger::{self, NewEntry, Posted};
use super::purchases::purchase;
use super::sql::{Row, values};
use super::{PerEngine, Store, StoreError, Transaction, transaction};
use crate::domain::clock::Timestamp;
use crate::domain::credits::{Credits, FiatCents};
use crate::domain::ids::TransactionId;
use crate::domain::purchase::{Dispute, DisputeStatus, Purchase, PurchaseStatus};

/// What somebody told of a purchase, and by what it is found.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'t> {
    /// Stripe's event, where it was one; the same event is heard once.
    pub event: Option<EventMark<'t>>,
    pub purchase: Option<&'t TransactionId>,
    pub payment: Option<&'t str>,
    pub at: Timestamp,
}

/// An event of Stripe's.
#[derive(Debug, Clone, Copy)]
pub struct EventMark<'t> {
    pub id: &'t str,
    pub kind: &'t str,
    /// When it happened, as Stripe says.
    pub created_at: Timestamp,
}

/// What is known, held until the transaction ends.
#[derive(Debug, Clone)]
pub struct Found {
    pub purchase: Option<Purchase>,
    /// What is disputed of the payment.
    pub disputes: Vec<Dispute>,
    /// `None` where the account was removed.
    pub account: Option<Account>,
}

/// What an account has, and what it owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    pub balance: Credits,
    pub owed: Credits,
}

/// What follows from what was told.
#[derive(Debug, Default)]
pub struct Decision {
    /// In a word or two, for the event's row and for whoever told.
    pub outcome: &'static str,
    /// `false`: it is none of ours, and nothing is written at all.
    pub is_ours: bool,
    /// In the order in which they are posted.
    pub entries: Vec<NewEntry>,
    /// What the account owes from now on.
    pub owed: Option<Credits>,
    /// The purchase as it is from now on.
    pub purchase: Option<Purchase>,
    pub dispute: Option<Dispute>,
    pub audit: Vec<AuditEntry>,
}

/// How a telling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The event was heard before: nothing changed.
    Before,
    /// What the rule decided has happened; this is its outcome.
    Now(&'static str),
}

const LOCK_PURCHASE: PerEngine = PerEngine {
    sqlite: "SELECT * FROM purchases WHERE id = $1 OR payment_id = $2 ORDER BY id = $1 DESC LIMIT 1",
    postgres: "SELECT * FROM purchases WHERE id = $1 OR payment_id = $2 ORDER BY id = $1 DESC LIMIT 1 FOR UPDATE",
};

const LOCK_ACCOUNT: PerEngine = PerEngine {
    sqlite: "SELECT credits, owed FROM users WHERE id = $1",
    postgres: "SELECT credits, owed FROM users WHERE id = $1 FOR UPDATE",
};

/// A payment that no purchase knows yet has no row to be held: its name is.
const LOCK_PAYMENT: PerEngine = PerEngine {
    sqlite: "SELECT $1 AS held",
    postgres: "SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtextextended($1, 4))) AS lock",
};

impl Store {
    /// Hears what Stripe tells, decides by `rule` under the locks of what it is about, and does what was decided: all
    /// of it, or nothing.
    pub async fn apply_stripe_event(
        &self,
        telling: &Telling<'_>,
        rule: &(dyn Fn(&Found) -> Decision + Send + Sync),
    ) -> Result<Heard, StoreError> {
        transaction!(self, transaction => {
            if let Some(event) = &telling.event {
                let before = transaction
                    .optional("SELECT id FROM stripe_events WHERE id = $1", values![event.id])
                    .await?;
                if before.is_some() {
                    return Ok(Heard::Before);
                }
            }
            let found = find(&mut transaction, telling).await?;
            let decision = rule(&found);
            if !decision.is_ours {
                return Ok(Heard::Now(decision.outcome));
            }
            if let Some(event) = &telling.event
                && !note(&mut transaction, event, decision.outcome, telling.at).await?
            {
                return Ok(Heard::Before);
            }
            apply(&mut transaction, &decision, telling.at).await?;
            Heard::Now(decision.outcome)
        })
    }
}

async fn find(
    transaction: &mut Transaction<'_>,
    telling: &Telling<'_>,
) -> Result<Found, StoreError> {
    let store = transaction.store;
    let mut disputes = Vec::new();
    if let Some(payment) = telling.payment {
        transaction
            .all(store.pick(LOCK_PAYMENT), values![payment])
            .await?;
        let rows = transaction
            .all(
                "SELECT * FROM disputes WHERE payment_id = $1 ORDER BY id",
                values![payment],
            )
            .await?;
        disputes = rows.iter().map(dispute).collect::<Result<_, _>>()?;
    }
    let row = transaction
        .optional(
            store.pick(LOCK_PURCHASE),
            values![telling.purchase.map(TransactionId::as_str), telling.payment],
        )
        .await?;
    let purchase = row.as_ref().map(purchase).transpose()?;
    let account = match &purchase {
        None => None,
        Some(purchase) => {
            let row = transaction
                .optional(store.pick(LOCK_ACCOUNT), values![&purchase.user_id])
                .await?;
            let account = |row: Row| {
                Ok::<_, StoreError>(Account {
                    balance: row.credits("credits")?,
                    owed: row.credits("owed")?,
                })
            };
            row.map(account).transpose()?
        }
    };
    Ok(Found {
        purchase,
        disputes,
        account,
    })
}

/// Notes an event; `false` where somebody else did meanwhile.
async fn note(
    transaction: &mut Transaction<'_>,
    event: &EventMark<'_>,
    outcome: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let noted = transaction
        .execute(
            "INSERT INTO stripe_events (id, kind, outcome, created_at, received_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO NOTHING",
            values![event.id, event.kind, outcome, event.created_at, at],
        )
        .await?;
    Ok(noted == 1)
}

async fn apply(
    transaction: &mut Transaction<'_>,
    decision: &Decision,
    at: Timestamp,
) -> Result<(), StoreError> {
    for entry in &decision.entries {
        // The rule saw the balance under lock: anything but done would be a hole in the rule, and nothing may be kept.
        if !matches!(ledger::post(transaction, entry).await?, Posted::Done(_)) {
            return Err(StoreError::Damaged(format!(
                "a {} of {} cannot be posted",
                entry.cause_kind.as_str(),
                entry.cause_id
            )));
        }
    }
    if let (Some(owed), Some(purchase)) = (decision.owed, &decision.purchase) {
        transaction
            .execute(
                "UPDATE users SET owed = $2 WHERE id = $1",
                values![&purchase.user_id, owed],
            )
            .await?;
    }
    if let Some(purchase) = &decision.purchase {
        update(transaction, purchase, at).await?;
    }
    if let Some(dispute) = &decision.dispute {
        transaction
            .execute(
                "INSERT INTO disputes (id, payment_id, amount, status, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, $5) \
                 ON CONFLICT (id) DO UPDATE SET amount = $3, status = $4, updated_at = $5",
                values![
                    &dispute.id,
                    &dispute.payment_id,
                    dispute.amount,
                    dispute.status.as_str(),
                    at
                ],
            )
            .await?;
    }
    for entry in &decision.audit {
        audit::write(transaction, entry).await?;
    }
    Ok(())
}

async fn update(
    transaction: &mut Transaction<'_>,
    purchase: &Purchase,
    at: Timestamp,
) -> Result<(), StoreError> {
    let ended = !matches!(
        purchase.status,
        PurchaseStatus::Started | PurchaseStatus::Open | PurchaseStatus::Pending
    );
    transaction
        .execute(
            "UPDATE purchases SET status = $2, session_id = $3, payment_id = $4, refunded = $5, taken = $6, \
             reversals = $7, settled_at = CASE WHEN $8 AND settled_at IS NULL THEN $9 ELSE settled_at END, \
             look_at = CASE WHEN $10 THEN NULL ELSE look_at END WHERE id = $1",
            values![
                &purchase.id,
                purchase.status.as_str(),
                purchase.session_id.as_deref(),
                purchase.payment_id.as_deref(),
                purchase.refunded,
                purchase.taken,
                purchase.reversals,
                purchase.status.is_settled(),
                at,
                ended,
            ],
        )
        .await
        .map(drop)
}

fn dispute(row: &Row) -> Result<Dispute, StoreError> {
    let status = row.text("status")?;
    let known = DisputeStatus::ALL
        .into_iter()
        .find(|known| known.as_str() == status);
    let amount: FiatCents = row.credits("amount")?;
    Ok(Dispute {
        id: row.text("id")?,
        payment_id: row.text("payment_id")?,
        amount,
        status: known
            .ok_or_else(|| StoreError::Damaged(format!("a dispute's status is {status}")))?,
    })
}
