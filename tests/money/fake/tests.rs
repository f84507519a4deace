//! The fake's own promises, and that async-stripe reads what it says.

use std::future::Future;

use libtest_mimic::Trial;
use serde_json::Value;

use super::Fake;

/// Lists this file's tests, each with a fake and a runtime of its own.
macro_rules! trials {
    ($($name:ident),* $(,)?) => {
        pub fn trials() -> Vec<Trial> {
            vec![$(Trial::test(concat!("fake::", stringify!($name)), || {
                run($name(Fake::start()));
                Ok(())
            })),*]
        }
    };
}

trials![a_paid_session_is_told_of];

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test);
}

async fn a_paid_session_is_told_of(fake: Fake) {
    let client = reqwest::Client::new();
    let reply = client
        .post(format!("{}/v1/checkout/sessions", fake.url))
        .header("Authorization", "Bearer sk_test_x")
        .header("Stripe-Version", super::VERSION)
        .form(&[
            ("mode", "payment"),
            ("line_items[0][price]", super::PRICE),
            ("line_items[0][quantity]", "500"),
            ("success_url", "https://example.org/?a"),
            ("payment_intent_data[metadata][purchase_id]", "p1"),
        ])
        .send()
        .await
        .unwrap();
    let session: Value = reply.json().await.unwrap();
    assert_eq!(session["amount_total"], 500, "{session}");
    let id = session["id"].as_str().unwrap();
    let paid = fake.pay(id).await;
    assert_eq!(paid["payment_status"], "paid");
    let charge = fake.refund(id, 100).await;
    assert_eq!(charge["metadata"]["purchase_id"], "p1");
    let kinds: Vec<String> = fake
        .deliveries()
        .await
        .into_iter()
        .map(|d| d.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.completed",
            "charge.refunded"
        ]
    );
}
