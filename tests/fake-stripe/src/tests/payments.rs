//! What happens to money, and the events of it.

use serde_json::{Value, json};

use super::super::{Delivery, Fake};
use super::{get, list_trials, session};

list_trials![
    a_card_pays_at_once,
    a_bank_debit_is_certain_later,
    a_bank_debit_may_fail,
    refunds_add_up,
    a_dispute_begins_and_ends,
    each_field_can_be_wrong_alone,
];

fn event(delivery: &Delivery) -> Value {
    serde_json::from_str(&delivery.body).unwrap()
}

fn kinds(deliveries: &[Delivery]) -> Vec<&str> {
    deliveries
        .iter()
        .map(|delivery| delivery.kind.as_str())
        .collect()
}

async fn a_card_pays_at_once(fake: Fake) {
    let session = session(&fake, 500).await;
    let paid = fake.pay(session.id()).await;
    for (field, wanted) in [("status", "complete"), ("payment_status", "paid")] {
        assert_eq!(paid[field], wanted);
    }
    let told = fake.deliveries().await;
    let wanted = [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ];
    assert_eq!(kinds(&told), wanted);
    assert_eq!(event(&told[2])["data"]["object"], paid);
    assert_eq!(
        event(&told[2])["request"],
        json!({ "id": null, "idempotency_key": null })
    );
    assert!(fake.deliveries().await.is_empty(), "each waits once");
    let intent = paid["payment_intent"].as_str().unwrap();
    let intent = get(&fake, &format!("/v1/payment_intents/{intent}"))
        .await
        .body;
    let charge = intent["latest_charge"].as_str().unwrap();
    let charge = get(&fake, &format!("/v1/charges/{charge}")).await.body;
    for object in [&intent, &charge] {
        assert_eq!(object["amount"], 500);
        assert_eq!(object["currency"], "usd");
        assert_eq!(object["status"], "succeeded");
        assert_eq!(object["metadata"], json!({ "purchase_id": "txn_of_ours" }));
    }
    assert_eq!(charge["payment_intent"], intent["id"]);
}

async fn a_bank_debit_is_certain_later(fake: Fake) {
    let session = session(&fake, 500).await;
    let complete = fake.pay_slowly(session.id()).await;
    assert_eq!(complete["status"], "complete");
    assert_eq!(complete["payment_status"], "unpaid");
    let told = fake.deliveries().await;
    assert_eq!(kinds(&told), ["checkout.session.completed"]);
    assert_eq!(
        event(&told[0])["data"]["object"]["payment_status"],
        "unpaid"
    );
    let paid = fake.settle(session.id(), true).await;
    assert_eq!(paid["payment_status"], "paid");
    let told = fake
        .deliveries_of("checkout.session.async_payment_succeeded")
        .await;
    assert_eq!(event(&told[0])["data"]["object"], paid);
}

async fn a_bank_debit_may_fail(fake: Fake) {
    let session = session(&fake, 500).await;
    fake.pay_slowly(session.id()).await;
    fake.deliveries().await;
    let failed = fake.settle(session.id(), false).await;
    assert_eq!(failed["payment_status"], "unpaid");
    assert_eq!(failed["status"], "complete");
    let told = fake.deliveries().await;
    let wanted = [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ];
    assert_eq!(kinds(&told), wanted);
    let intent = fake
        .object(failed["payment_intent"].as_str().unwrap())
        .await;
    assert_eq!(intent["status"], "requires_payment_method");
}

async fn refunds_add_up(fake: Fake) {
    let session = session(&fake, 500).await;
    let paid = fake.pay(session.id()).await;
    fake.deliveries().await;
    let charge = fake.refund(session.id(), 120).await;
    assert_eq!(
        (&charge["amount_refunded"], &charge["refunded"]),
        (&json!(120), &json!(false))
    );
    // By the payment intent and by the charge it is the same.
    fake.refund(paid["payment_intent"].as_str().unwrap(), 80)
        .await;
    let charge = fake.refund(charge["id"].as_str().unwrap(), 300).await;
    assert_eq!(
        (&charge["amount_refunded"], &charge["refunded"]),
        (&json!(500), &json!(true))
    );
    let told = fake.deliveries().await;
    assert_eq!(kinds(&told), ["charge.refunded"; 3]);
    let refunded: Vec<Value> = told
        .iter()
        .map(|told| event(told)["data"]["object"]["amount_refunded"].clone())
        .collect();
    assert_eq!(refunded, [120, 200, 500]);
    let last = &event(&told[2])["data"];
    assert_eq!(last["object"], charge, "the whole charge");
    assert_eq!(
        last["previous_attributes"],
        json!({ "amount_refunded": 200, "refunded": false })
    );
}

async fn a_dispute_begins_and_ends(fake: Fake) {
    let session = session(&fake, 500).await;
    fake.pay(session.id()).await;
    fake.deliveries().await;
    for (begins, ends) in [
        ("needs_response", "lost"),
        ("needs_response", "won"),
        ("warning_needs_response", "warning_closed"),
    ] {
        let dispute = fake.open_dispute(session.id(), 200, begins).await;
        assert_eq!(
            (&dispute["amount"], &dispute["status"]),
            (&json!(200), &json!(begins))
        );
        let charge = fake.object(dispute["charge"].as_str().unwrap()).await;
        assert_eq!(charge["disputed"], true);
        let closed = fake
            .close_dispute(dispute["id"].as_str().unwrap(), ends)
            .await;
        assert_eq!(closed["status"], ends);
        let told = fake.deliveries().await;
        assert_eq!(
            kinds(&told),
            ["charge.dispute.created", "charge.dispute.closed"]
        );
        assert_eq!(event(&told[0])["data"]["object"], dispute);
        assert_eq!(event(&told[1])["data"]["object"], closed);
    }
}

async fn each_field_can_be_wrong_alone(fake: Fake) {
    let session = session(&fake, 500).await;
    let altered = fake
        .alter(session.id(), "metadata.purchase_id", "txn_of_others")
        .await;
    let mut wanted = session.body.clone();
    wanted["metadata"]["purchase_id"] = json!("txn_of_others");
    assert_eq!(altered, wanted);
    fake.pay(session.id()).await;
    let told = fake.deliveries_of("checkout.session.completed").await;
    let right = event(&told[0]);
    for (field, value) in [
        ("data.object.currency", json!("eur")),
        ("data.object.amount_total", json!(5)),
        ("data.object.livemode", json!(true)),
        ("data.object.client_reference_id", json!("txn_of_others")),
        ("livemode", json!(true)),
        ("account", json!("acct_other")),
    ] {
        fake.alter(&told[0].event, field, value.clone()).await;
        let wrong = event(&fake.delivery(&told[0].event).await);
        let pointer = format!("/{}", field.replace('.', "/"));
        assert_eq!(wrong.pointer(&pointer), Some(&value));
        let back = right.pointer(&pointer).cloned().unwrap_or_default();
        fake.alter(&told[0].event, field, back).await;
    }
    // The session itself is as it was.
    let path = format!("/v1/checkout/sessions/{}", session.id());
    assert_eq!(get(&fake, &path).await.body["currency"], "usd");
}
