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
    AddFault(Fault),
    ClearFaults,
    /// Answers when so many requests are held.
    WaitForHeld {
        count: usize,
    },
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
