//! What happens to money at Stripe's without a request of ours: people pay, at once or after days, are paid back, and ask
//! their bank to take it back. Each comes with the events that Stripe sends of it.

use serde_json::{Value, json};

use super::objects::{self, Method};
use super::state::{Cause, State, text};

/// A test that asks for what cannot be is told so.
pub type Happened = Result<Value, String>;

const OPEN_DISPUTES: &[&str] = &["needs_response", "warning_needs_response"];
const CLOSED_DISPUTES: &[&str] = &["won", "lost", "warning_closed"];

fn session(state: &State, id: &str, payment_status: &str) -> Happened {
    let session = state.find_kind("checkout.session", id);
    let session = session.ok_or_else(|| format!("there is no session {id}"))?;
    if session["payment_status"] == payment_status {
        Ok(session.clone())
    } else {
        Err(format!(
            "session {id} is {} already",
            session["payment_status"]
        ))
    }
}

fn emit(state: &mut State, kind: &str, object: &Value) {
    state.emit(kind, object, None, &Cause::default());
}

/// A person goes through Checkout. With a card the session is paid; with a bank debit it is complete, and the money is not
/// here yet.
pub fn pay(state: &mut State, id: &str, method: Method) -> Happened {
    let session = session(state, id, "unpaid")?;
    if session["status"] != "open" {
        return Err(format!("session {id} is {}", session["status"]));
    }
    let now = state.now();
    let (intent_id, charge_id) = (state.new_id("pi"), state.new_id("ch"));
    let metadata = state.attached(id, "payment_metadata").cloned();
    let metadata = metadata.unwrap_or_else(|| json!({}));
    let mut intent = objects::payment_intent(&intent_id, &session, &metadata, now);
    intent["status"] = json!("processing");
    intent["latest_charge"] = json!(charge_id);
    state.insert(objects::charge(&charge_id, &intent, method, now));
    state.insert(intent);
    let customer = state.find(text(&session, "customer"));
    let email = customer.map_or(Value::Null, |customer| customer["email"].clone());
    let is_paid = method == Method::Card;
    if is_paid {
        succeed(state, &intent_id);
    }
    let fields = json!({
        "customer_details": {
            "address": null,
            "email": email,
            "name": null,
            "phone": null,
            "tax_exempt": "none",
            "tax_ids": [],
        },
        "payment_intent": intent_id,
        "payment_status": if is_paid { "paid" } else { "unpaid" },
        "status": "complete",
        "url": null,
    });
    let session = state.change(id, &fields);
    emit(state, "checkout.session.completed", &session);
    Ok(session)
}

fn succeed(state: &mut State, intent_id: &str) {
    let intent = state.find(intent_id).cloned().unwrap_or_default();
    let balance = state.new_id("txn");
    let charge = state.change(
        text(&intent, "latest_charge"),
        &json!({
            "amount_captured": intent["amount"],
            "balance_transaction": balance,
            "captured": true,
            "paid": true,
            "status": "succeeded",
        }),
    );
    emit(state, "charge.succeeded", &charge);
    let fields = json!({ "amount_received": intent["amount"], "status": "succeeded" });
    let intent = state.change(intent_id, &fields);
    emit(state, "payment_intent.succeeded", &intent);
}

/// After days, the bank pays or does not.
pub fn settle(state: &mut State, id: &str, is_paid: bool) -> Happened {
    let session = session(state, id, "unpaid")?;
    if session["status"] != "complete" {
        return Err(format!("nobody went through session {id}"));
    }
    let intent_id = text(&session, "payment_intent");
    let intent = state.find(intent_id).cloned().unwrap_or_default();
    if intent["status"] != "processing" {
        return Err(format!("the payment of session {id} has failed already"));
    }
    if is_paid {
        succeed(state, intent_id);
        let session = state.change(id, &json!({ "payment_status": "paid" }));
        emit(state, "checkout.session.async_payment_succeeded", &session);
        return Ok(session);
    }
    let reason = "The account has no such sum.";
    let fields = json!({
        "failure_code": "insufficient_funds",
        "failure_message": reason,
        "status": "failed",
    });
    let charge = state.change(text(&intent, "latest_charge"), &fields);
    emit(state, "charge.failed", &charge);
    let error = json!({
        "type": "card_error",
        "code": "payment_intent_payment_attempt_failed",
        "message": reason,
    });
    let fields = json!({
        "last_payment_error": error,
        "payment_method": null,
        "status": "requires_payment_method",
    });
    let intent = state.change(intent_id, &fields);
    emit(state, "payment_intent.payment_failed", &intent);
    emit(state, "checkout.session.async_payment_failed", &session);
    Ok(session)
}

/// Nobody went through it in time.
pub fn expire(state: &mut State, id: &str) -> Happened {
    let session = session(state, id, "unpaid")?;
    if session["status"] != "open" {
        return Err(format!("session {id} is {}", session["status"]));
    }
    Ok(state.expire(id, &Cause::default()))
}

/// The charge behind the id of a session, a payment intent or a charge.
fn charge(state: &State, payment: &str) -> Happened {
    let mut object = state.find(payment);
    for (kind, next) in [
        ("checkout.session", "payment_intent"),
        ("payment_intent", "latest_charge"),
    ] {
        object = match object {
            Some(found) if found["object"] == kind => state.find(text(found, next)),
            other => other,
        };
    }
    let paid = object.filter(|object| object["object"] == "charge" && object["paid"] == true);
    paid.cloned()
        .ok_or_else(|| format!("nothing was paid with {payment}"))
}

/// Takes some of a payment back. Answers with the charge.
pub fn refund(state: &mut State, payment: &str, cents: i64) -> Happened {
    let charge = charge(state, payment)?;
    let before = charge["amount_refunded"].as_i64().unwrap_or_default();
    let amount = charge["amount"].as_i64().unwrap_or_default();
    let refunded = before + cents;
    if cents < 1 || refunded > amount {
        return Err(format!(
            "{cents} cents of {amount}, with {before} refunded already"
        ));
    }
    let mut previous = json!({ "amount_refunded": before });
    if refunded == amount {
        previous["refunded"] = json!(false);
    }
    let fields = json!({ "amount_refunded": refunded, "refunded": refunded == amount });
    let charge = state.change(text(&charge, "id"), &fields);
    state.emit(
        "charge.refunded",
        &charge,
        Some(previous),
        &Cause::default(),
    );
    Ok(charge)
}

/// Somebody's bank asks for some of a payment. Answers with the dispute.
pub fn open_dispute(state: &mut State, payment: &str, cents: i64, status: &str) -> Happened {
    if !OPEN_DISPUTES.contains(&status) {
        return Err(format!(
            "a dispute begins with one of {OPEN_DISPUTES:?}, not {status}"
        ));
    }
    let charge = charge(state, payment)?;
    let id = state.new_id("du");
    let dispute = objects::dispute(&id, &charge, cents, status, state.now());
    state.change(text(&charge, "id"), &json!({ "disputed": true }));
    state.insert(dispute.clone());
    emit(state, "charge.dispute.created", &dispute);
    Ok(dispute)
}

pub fn close_dispute(state: &mut State, id: &str, status: &str) -> Happened {
    if !CLOSED_DISPUTES.contains(&status) {
        return Err(format!(
            "a dispute ends with one of {CLOSED_DISPUTES:?}, not {status}"
        ));
    }
    let dispute = state.find_kind("dispute", id);
    let dispute = dispute.ok_or_else(|| format!("there is no dispute {id}"))?;
    let before = dispute["status"].clone();
    if CLOSED_DISPUTES.iter().any(|closed| before == *closed) {
        return Err(format!("dispute {id} is {before} already"));
    }
    let fields = json!({ "status": status, "is_charge_refundable": status != "lost" });
    let dispute = state.change(id, &fields);
    let previous = Some(json!({ "status": before }));
    let kind = "charge.dispute.closed";
    state.emit(kind, &dispute, previous, &Cause::default());
    Ok(dispute)
}
