//! Stripe's events: proven, read, and heard once each. An event that does not fit what was sold changes nothing but a
//! count; Stripe is told that it arrived, for sending it again would not make it fit.

use super::rules::{FOREIGN, Fact, KNOWN, NOTED, REVERSED, Rules, SETTLED, UNCLAIMED};
use super::{Billing, not_configured};
use crate::adapters::stripe::{Charge, Event, PURCHASE, Session, What, signature};
use crate::domain::audit::Origin;
use crate::domain::credits::FiatCents;
use crate::domain::ids::TransactionId;
use crate::domain::purchase::{Dispute, DisputeStatus};
use crate::fault::Fault;
use crate::store::payments::{EventMark, Heard, Telling};

/// What became of an event, in the word it is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled(pub &'static str);

impl Settled {
    /// Whether it was about a purchase of ours that it fits.
    pub fn is_of_ours(self) -> bool {
        self.0 == KNOWN || self.changed_something()
    }

    /// Whether anything is otherwise than before.
    pub fn changed_something(self) -> bool {
        [SETTLED, UNCLAIMED, REVERSED, NOTED].contains(&self.0)
    }
}

impl Billing {
    /// Hears an event that arrived with this signature over these bytes. Once it is answered, it is stored.
    pub async fn settle(
        &self,
        signature: Option<&str>,
        body: &[u8],
        origin: &Origin,
    ) -> Result<Settled, Fault> {
        if !self.hears() {
            return Err(not_configured());
        }
        let secrets = &self.selling.webhook_secrets;
        let header = signature.unwrap_or_default();
        if let Err(problem) = signature::check(header, body, secrets, self.now()) {
            count("unproven", "refused");
            return Err(Fault::field("Stripe-Signature", problem.to_string()));
        }
        let Ok(event) = Event::read(body) else {
            count("unreadable", "refused");
            tracing::error!("Stripe signed an event that cannot be read");
            return Err(Fault::field("body", "must be an event of Stripe's"));
        };
        self.hear_event(&event, origin).await
    }

    /// Hears an event that is known to be Stripe's.
    pub(super) async fn hear_event(
        &self,
        event: &Event,
        origin: &Origin,
    ) -> Result<Settled, Fault> {
        let head = &event.head;
        let kind = match event.what {
            What::Other => "other",
            _ => head.kind.as_str(),
        };
        let is_of_another_mode = self
            .selling
            .is_live
            .is_some_and(|is_live| is_live != head.livemode);
        let outcome = if head.account.is_some() || is_of_another_mode {
            FOREIGN
        } else {
            let mark = EventMark {
                id: &head.id,
                kind: &head.kind,
                created_at: head.created_at(),
            };
            self.apply_stripe_event(&event.what, Some(mark), origin)
                .await?
        };
        count(kind, outcome);
        if outcome.starts_with("refused") {
            tracing::error!(
                event = head.id,
                kind,
                outcome,
                "an event does not fit what was sold"
            );
        }
        Ok(Settled(outcome))
    }

    async fn apply_stripe_event(
        &self,
        what: &What,
        event: Option<EventMark<'_>>,
        origin: &Origin,
    ) -> Result<&'static str, Fault> {
        match what {
            What::Other => Ok(FOREIGN),
            What::Completed(session) | What::PaidLate(session) => {
                self.hear_page(session, false, event, origin).await
            }
            What::FailedLate(session) => self.hear_page(session, true, event, origin).await,
            What::Refunded(charge) => {
                let purchase = purchase_of(charge);
                let payment = charge.payment_intent.as_deref();
                self.tell(
                    event,
                    purchase.as_ref(),
                    payment,
                    &Fact::Refund(charge),
                    origin,
                )
                .await
            }
            What::Disputed(dispute) | What::DisputeClosed(dispute) => {
                let Some(payment) = dispute.payment_intent.as_deref() else {
                    return Ok(FOREIGN);
                };
                if dispute.currency != super::rules::CURRENCY {
                    return Ok("refused: currency");
                }
                let Some(status) = standing(&dispute.status) else {
                    return Ok(FOREIGN);
                };
                let dispute = Dispute {
                    id: dispute.id.clone(),
                    payment_id: payment.to_owned(),
                    amount: FiatCents::hundredths(dispute.amount.max(0)),
                    status,
                };
                self.tell(event, None, Some(payment), &Fact::Dispute(&dispute), origin)
                    .await
            }
        }
    }

    /// Hears how a Checkout page stands.
    pub(super) async fn hear_page(
        &self,
        session: &Session,
        has_failed: bool,
        event: Option<EventMark<'_>>,
        origin: &Origin,
    ) -> Result<&'static str, Fault> {
        let named = session.client_reference_id.as_deref();
        let Some(purchase) = named.and_then(|id| id.parse::<TransactionId>().ok()) else {
            return Ok(FOREIGN);
        };
        let payment = session.payment_intent.as_deref();
        let fact = Fact::Page {
            session,
            has_failed,
        };
        self.tell(event, Some(&purchase), payment, &fact, origin)
            .await
    }

    async fn tell(
        &self,
        event: Option<EventMark<'_>>,
        purchase: Option<&TransactionId>,
        payment: Option<&str>,
        fact: &Fact<'_>,
        origin: &Origin,
    ) -> Result<&'static str, Fault> {
        let telling = Telling {
            event,
            purchase,
            payment,
            at: self.now(),
        };
        let rules = Rules {
            deps: &self.deps,
            origin,
        };
        let rule = |found: &_| rules.decide(fact, found);
        Ok(
            match self.deps.store.apply_stripe_event(&telling, &rule).await? {
                Heard::Before => KNOWN,
                Heard::Now(outcome) => outcome,
            },
        )
    }
}

/// The purchase that a charge was made for, as the page's payment was told to say.
fn purchase_of(charge: &Charge) -> Option<TransactionId> {
    charge.metadata.as_ref()?.get(PURCHASE)?.parse().ok()
}

/// How a dispute stands in Stripe's words. An inquiry keeps no money back: it is none until it is lost.
fn standing(status: &str) -> Option<DisputeStatus> {
    match status {
        "needs_response" | "under_review" => Some(DisputeStatus::Open),
        "lost" => Some(DisputeStatus::Lost),
        "won" => Some(DisputeStatus::Won),
        _ => None,
    }
}

fn count(kind: &str, outcome: &'static str) {
    metrics::counter!("clara_stripe_events_total", "kind" => kind.to_owned(), "outcome" => outcome)
        .increment(1);
}
