//! What a test tells the fake, as it goes over the wire: one JSON object to `POST /_control`. Both ends use these types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    AddPrice {
        id: String,
        unit_amount_decimal: String,
        currency: String,
        active: bool,
    },
    /// By card: paid at once.
    Pay {
        session: String,
    },
    /// By a bank's debit: complete, and unpaid for days.
    PaySlowly {
        session: String,
    },
    /// How a slow payment ends.
    Settle {
        session: String,
        paid: bool,
    },
    Expire {
        session: String,
    },
    /// `payment` is the id of a session, a payment intent or a charge.
    Refund {
        payment: String,
        cents: i64,
    },
    OpenDispute {
        payment: String,
        cents: i64,
        status: String,
    },
    CloseDispute {
        dispute: String,
        status: String,
    },
    /// Changes one field of one object; `field` is a path such as `data.object.amount_total`.
    Alter {
        id: String,
        field: String,
        value: Value,
    },
    Object {
        id: String,
    },
    SetNow {
        seconds: i64,
    },
    AdvanceClock {
        seconds: i64,
    },
    SignWith {
        secrets: Vec<String>,
    },
    /// Takes what waits to be delivered.
    Deliveries {
        at: Option<i64>,
    },
    /// Any event, as often as asked.
    Delivery {
        event: String,
        at: Option<i64>,
    },
    /// Where to send events from here on; `None`: nowhere, they wait for the test.
    PushTo {
        push: Option<Push>,
    },
    /// Sends what was held back, and holds nothing back any more.
    Release,
    /// Sends again what nobody took, up to so many times.
    Retry {
        attempts: usize,
    },
    Sent,
    AddFault(Fault),
    ClearFaults,
    /// Answers when so many requests are held.
    WaitForHeld {
        count: usize,
    },
    WaitUntilNoneIsHeld,
    /// Of all that are held.
    LetGo,
    Requests,
}

/// An event as it reaches a webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    pub event: String,
    /// The event's type, such as `checkout.session.completed`.
    pub kind: String,
    pub body: String,
    /// The header `Stripe-Signature`.
    pub signature: String,
}

/// How events are sent to a webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Push {
    pub url: String,
    /// Each event is sent so many times.
    pub copies: usize,
    /// By this seed, among what is sent together.
    pub shuffled_by: Option<u64>,
    /// All at the same time rather than one after another.
    pub at_once: bool,
    /// Until [`super::Fake::release`].
    pub held: bool,
}

impl Push {
    /// One after another, as they happen, each once.
    pub fn to(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            copies: 1,
            shuffled_by: None,
            at_once: false,
            held: false,
        }
    }
}

/// An event that was sent, and what the webhook answered; none where there was no answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sent {
    pub event: String,
    pub kind: String,
    pub status: Option<u16>,
}

impl Sent {
    pub fn was_taken(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// What goes wrong with the next requests whose path begins like this.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fault {
    pub method: String,
    pub path: String,
    pub what: What,
    pub times: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An error instead of what was asked for. 500 is kept under the idempotency key, as Stripe does; no other is.
    Status(u16),
    /// Carried out only when the test lets go, and not at all where the caller has hung up by then.
    TimeOut,
    /// Carried out; the answer is kept back until the test lets go.
    TimeOutAfter,
    /// The connection ends, and nothing was done.
    CutBefore,
    /// It was done, and the connection ends without a word of it.
    CutAfter,
}

/// A request that reached the API.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Logged {
    pub method: String,
    pub path: String,
    /// The path as the documentation writes it; empty where it has none.
    pub template: String,
    pub idempotency_key: Option<String>,
    pub stripe_version: Option<String>,
    pub query: Map<String, Value>,
    pub form: Map<String, Value>,
    /// None where no answer left (yet).
    pub status: Option<u16>,
    pub replayed: bool,
    pub body: Value,
}
