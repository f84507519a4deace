//! What Stripe says, cut down to what Clara needs: sessions, charges, disputes and the events that carry them. Fields that
//! Stripe adds or leaves out elsewhere do not matter here.

use std::collections::HashMap;

use miniserde::Deserialize;
use miniserde::json::{self, Value};

use crate::domain::clock::Timestamp;

/// A page to pay on, and how its payment stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Session {
    pub id: String,
    /// Where a person pays; none once the page is closed.
    pub url: Option<String>,
    /// `open`, `complete` or `expired`.
    pub status: Option<String>,
    /// `paid`, `unpaid` or `no_payment_required`.
    pub payment_status: String,
    pub mode: String,
    /// In the currency's smallest unit.
    pub amount_total: Option<i64>,
    /// Three small letters.
    pub currency: Option<String>,
    pub payment_intent: Option<String>,
    pub client_reference_id: Option<String>,
    pub livemode: bool,
    pub metadata: Option<HashMap<String, String>>,
}

/// A payment that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Charge {
    pub id: String,
    pub payment_intent: Option<String>,
    /// What was paid back of it in all, in the currency's smallest unit.
    pub amount_refunded: i64,
    pub currency: String,
    pub livemode: bool,
    pub metadata: Option<HashMap<String, String>>,
}

/// A payer's bank wants a payment back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Dispute {
    pub id: String,
    pub payment_intent: Option<String>,
    /// In the currency's smallest unit.
    pub amount: i64,
    pub currency: String,
    pub status: String,
    pub livemode: bool,
}

/// A price, as far as it has to fit what is sold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Price {
    pub id: String,
    pub active: bool,
    pub currency: String,
    /// In the currency's smallest unit, maybe with decimals.
    pub unit_amount_decimal: Option<String>,
    pub livemode: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Customer {
    pub id: String,
    pub metadata: Option<HashMap<String, String>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Portal {
    pub url: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub data: Vec<T>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Values {
    pub data: Vec<Value>,
    pub has_more: bool,
}

/// What every event says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EventHead {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Seconds since 1970-01-01.
    pub created: i64,
    pub livemode: bool,
    /// Whose it is, where it is not our own account's.
    pub account: Option<String>,
}

impl EventHead {
    /// When it happened.
    pub fn created_at(&self) -> Timestamp {
        Timestamp(self.created.saturating_mul(1000))
    }
}

/// Something happened at Stripe's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub head: EventHead,
    pub what: What,
}

/// What happened, of what Clara listens to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A page was completed, paid or not yet.
    Completed(Session),
    /// A payment that takes days arrived.
    PaidLate(Session),
    /// A payment that takes days failed.
    FailedLate(Session),
    Refunded(Charge),
    Disputed(Dispute),
    DisputeClosed(Dispute),
    /// Something that Clara does not listen to.
    Other,
}

/// A text that is no event of Stripe's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no event of Stripe's that can be read")]
pub struct NoEvent;

impl Event {
    /// The kinds that Clara listens to.
    pub const KINDS: [&'static str; 6] = [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "charge.refunded",
        "charge.dispute.created",
        "charge.dispute.closed",
    ];

    /// Reads an event as Stripe sends it.
    pub fn read(raw: &[u8]) -> Result<Self, NoEvent> {
        let raw = std::str::from_utf8(raw).map_err(|_| NoEvent)?;
        let head: EventHead = json::from_str(raw).map_err(|_| NoEvent)?;
        let what = match head.kind.as_str() {
            "checkout.session.completed" => What::Completed(object(raw)?),
            "checkout.session.async_payment_succeeded" => What::PaidLate(object(raw)?),
            "checkout.session.async_payment_failed" => What::FailedLate(object(raw)?),
            "charge.refunded" => What::Refunded(object(raw)?),
            "charge.dispute.created" => What::Disputed(object(raw)?),
            "charge.dispute.closed" => What::DisputeClosed(object(raw)?),
            _ => What::Other,
        };
        Ok(Self { head, what })
    }
}

fn object<T: Deserialize>(raw: &str) -> Result<T, NoEvent> {
    #[derive(Deserialize)]
    struct Body<T> {
        data: Data<T>,
    }
    #[derive(Deserialize)]
    struct Data<T> {
        object: T,
    }
    json::from_str::<Body<T>>(raw)
        .map(|body| body.data.object)
        .map_err(|_| NoEvent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_by_what_clara_needs_of_it() {
        let raw = br#"{"id": "evt_1", "type": "charge.refunded", "created": 7, "livemode": false, "new": {"x": [1]},
            "data": {"object": {"id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 250, "currency": "usd",
            "livemode": false, "metadata": {"purchase_id": "transaction_1"}}}}"#;
        let event = Event::read(raw).unwrap();
        assert_eq!(event.head.created_at(), Timestamp(7_000));
        let What::Refunded(charge) = event.what else {
            panic!("{event:?}")
        };
        assert_eq!(charge.amount_refunded, 250);
        assert_eq!(charge.metadata.unwrap()["purchase_id"], "transaction_1");
    }

    #[test]
    fn kinds_that_nobody_listens_to_need_not_be_readable_within() {
        let raw = br#"{"id": "evt_1", "type": "price.created", "created": 7, "livemode": true, "data": {"object": 5}}"#;
        assert_eq!(Event::read(raw).unwrap().what, What::Other);
        for broken in [
            &b""[..],
            b"null",
            b"[]",
            b"\xff",
            br#"{"id": "evt_1"}"#,
            br#"{"id": "evt_1", "type": "charge.refunded", "created": 7, "livemode": true, "data": {"object": {}}}"#,
        ] {
            assert_eq!(Event::read(broken), Err(NoEvent));
        }
    }
}
