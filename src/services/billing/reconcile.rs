//! Finds what Stripe knows and we were never told: asks about every page that may have been paid since, and reads the
//! events that did not arrive. Any number of processes may do so; each page and each round is one's.

use std::time::Duration;

use super::rules::{CURRENCY, SETTLED, UNCLAIMED};
use super::{Billing, Stripe};
use crate::adapters::stripe::{Event, Session};
use crate::domain::audit::Origin;
use crate::domain::clock::{Timestamp, milliseconds};
use crate::domain::purchase::{Purchase, PurchaseStatus};
use crate::fault::Fault;

/// The name of the chore that one process of all does.
const CHORE: &str = "reconciliation";
/// How often events are read, in all processes together.
const ROUND: Duration = Duration::from_mins(5);
/// How often a process looks whether something is due.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// How long the next look at a page waits at least; each further one as much longer again.
const PAUSE: Duration = Duration::from_mins(3);
/// How far back events are read beyond what was read before: Stripe lists an event a little after it happened.
const OVERLAP: Duration = Duration::from_hours(1);
/// How far back Stripe lists events, and how long we know which ones we heard.
const MEMORY: Duration = Duration::from_hours(24 * 30);
/// How many pages of events one round reads at most.
const MAX_PAGES: u32 = 100;

/// What a round found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Pages that Stripe was asked about.
    pub looked: u32,
    /// Payments that nobody had told of.
    pub settled: u32,
    /// Pages that closed unpaid.
    pub closed: u32,
    /// Events that had not arrived and changed something.
    pub events: u32,
    /// Pages or events that could not be looked at now.
    pub failed: u32,
}

impl Billing {
    /// Asks Stripe about everything that is not settled, at once; the operator's way.
    pub async fn reconcile(&self, origin: &Origin) -> Result<Reconciled, Fault> {
        let (stripe, is_live) = self.stripe()?;
        self.deps.store.hasten_purchases(self.now()).await?;
        let mut found = self.look_at_pages(stripe, is_live, origin).await?;
        let since = self.deps.store.chore_done_until(CHORE).await?;
        self.read_events(stripe, since, &mut found, origin).await?;
        Ok(found)
    }

    /// Asks Stripe about what is due, whenever there is something; runs until it is dropped, and not at all where no
    /// credits are sold.
    pub async fn run(&self) {
        if !self.is_selling() {
            std::future::pending::<()>().await;
        }
        loop {
            match self.reconcile_due().await {
                Ok(found) if found == Reconciled::default() => {}
                Ok(found) => tracing::info!(?found, "asked Stripe what it did not tell"),
                Err(fault) => tracing::warn!(%fault, "Stripe could not be asked what is open"),
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// One look: pages that are due, and the events where their round is.
    pub async fn reconcile_due(&self) -> Result<Reconciled, Fault> {
        let origin = Origin::inside("reconciliation");
        let (stripe, is_live) = self.stripe()?;
        let mut found = self.look_at_pages(stripe, is_live, &origin).await?;
        let now = self.now();
        let store = &self.deps.store;
        if let Some(since) = store.claim_chore(CHORE, now, now.after(ROUND)).await? {
            self.read_events(stripe, since, &mut found, &origin).await?;
        }
        Ok(found)
    }

    async fn look_at_pages(
        &self,
        stripe: &Stripe,
        is_live: bool,
        origin: &Origin,
    ) -> Result<Reconciled, Fault> {
        let store = &self.deps.store;
        let mut found = Reconciled::default();
        let now = self.now();
        let pause = milliseconds(PAUSE);
        while let Some(purchase) = store
            .claim_due_purchase(now, now.after(PAUSE), pause, is_live)
            .await?
        {
            found.looked += 1;
            match self.look_at(stripe, &purchase, origin).await {
                Ok(SETTLED | UNCLAIMED) => found.settled += 1,
                Ok("closed") => found.closed += 1,
                Ok(_) => {}
                Err(fault) => {
                    found.failed += 1;
                    tracing::warn!(purchase = %purchase.id, %fault, "cannot look at a purchase now");
                }
            }
        }
        Ok(found)
    }

    async fn look_at(
        &self,
        stripe: &Stripe,
        purchase: &Purchase,
        origin: &Origin,
    ) -> Result<&'static str, Fault> {
        let store = &self.deps.store;
        let Some(session_id) = &purchase.session_id else {
            // Nobody was ever given a page to pay on.
            if self.now() < purchase.expires_at {
                return Ok("waits");
            }
            store
                .close_purchase(&purchase.id, PurchaseStatus::Expired)
                .await?;
            return Ok("closed");
        };
        let mut session = stripe.session(session_id).await.map_err(super::fault)?;
        if session.status.as_deref() == Some("open")
            && store.user(&purchase.user_id).await?.is_none()
        {
            // Whoever was to get the credits is gone: nobody shall pay for nothing.
            session = stripe.expire(session_id).await.map_err(super::fault)?;
        }
        let outcome = self.hear_page(&session, false, None, origin).await?;
        if outcome.starts_with("refused") {
            tracing::error!(purchase = %purchase.id, outcome, asked = ?money(&session), expected = CURRENCY,
                "a page does not fit what was sold");
        }
        Ok(match session.status.as_deref() {
            Some("expired") => "closed",
            _ => outcome,
        })
    }

    /// Reads the events since a moment, oldest first, so that they come in the order in which they happened.
    async fn read_events(
        &self,
        stripe: &Stripe,
        since: Timestamp,
        found: &mut Reconciled,
        origin: &Origin,
    ) -> Result<(), Fault> {
        let now = self.now();
        let earliest = now.before(MEMORY);
        let since = since.before(OVERLAP).max(earliest);
        let mut events: Vec<Event> = Vec::new();
        let mut is_whole = false;
        for _ in 0..MAX_PAGES {
            let after = events.last().map(|event| event.head.id.clone());
            let listed = stripe.events(&Event::KINDS, since, after.as_deref()).await;
            let (page, has_more) = listed.map_err(super::fault)?;
            is_whole = page.is_empty() || !has_more;
            events.extend(page);
            if is_whole {
                break;
            }
        }
        let failed_before = found.failed;
        for event in events.iter().rev() {
            match self.hear_event(event, origin).await {
                Ok(heard) if heard.changed_something() => found.events += 1,
                Ok(_) => {}
                Err(fault) => {
                    found.failed += 1;
                    tracing::warn!(event = event.head.id, %fault, "cannot hear an event now");
                }
            }
        }
        if is_whole && found.failed == failed_before {
            let forget_before = earliest.before(OVERLAP);
            self.deps.store.end_chore(CHORE, now, forget_before).await?;
        }
        Ok(())
    }
}

fn money(session: &Session) -> (Option<i64>, Option<&str>) {
    (session.amount_total, session.currency.as_deref())
}
