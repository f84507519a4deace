//! Events of Stripe's: believed when they are proven, heard once each, and worth credits only where everything about the
//! payment is as it was agreed on.

use clara::domain::purchase::PurchaseStatus;
use clara::fault::FaultKind;
use serde_json::json;

use crate::money::harness::{START, World, cases, origin};
use crate::money::shop::Shop;
use clara_fake_stripe::SECRET;

cases![
    a_paid_page_gives_its_credits_once,
    a_slow_payment_gives_credits_when_it_arrives,
    a_slow_payment_that_fails_gives_none,
    events_in_any_order_end_the_same,
    one_thing_altered_is_one_credit_too_many,
    what_is_not_ours_leaves_no_trace,
    an_event_that_is_not_proven_changes_nothing,
    a_secret_may_be_changed_without_losing_an_event,
    a_payment_for_a_removed_account_waits_for_a_person,
];

async fn a_paid_page_gives_its_credits_once(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay(&bought.session).await;
    let deliveries = shop.fake.deliveries_of("checkout.session.completed").await;
    let outcomes = [
        shop.deliver(&deliveries[0]).await.unwrap(),
        shop.deliver(&deliveries[0]).await.unwrap(),
        shop.deliver(&shop.fake.delivery(&deliveries[0].event).await)
            .await
            .unwrap(),
    ];
    assert_eq!(outcomes, ["settled", "known", "known"]);
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
    let entries = shop.entries(&user.id).await;
    let line = entries.last().unwrap();
    assert_eq!(line.id, bought.id);
    assert_eq!(line.description, "User bought 500 credits for $5.");
    assert_eq!(
        (line.amount.to_string(), line.fiat.to_string()),
        ("500".into(), "5".into())
    );
    let purchase = shop.purchase(&bought.id).await;
    assert_eq!(purchase.status, PurchaseStatus::Paid);
    let unread = "SELECT COUNT(*) FROM audit_entries WHERE event = 'payment_settled'";
    assert_eq!(shop.world.number(unread).await, 1);
}

async fn a_slow_payment_gives_credits_when_it_arrives(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay_slowly(&bought.session).await;
    assert_eq!(shop.deliver_all().await, ["noted"]);
    assert_eq!(shop.balance(&user.id).await.as_hundredths(), 0);
    assert_eq!(
        shop.purchase(&bought.id).await.status,
        PurchaseStatus::Pending
    );
    shop.fake.settle(&bought.session, true).await;
    assert_eq!(shop.deliver_all().await, ["settled"]);
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
}

async fn a_slow_payment_that_fails_gives_none(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay_slowly(&bought.session).await;
    shop.fake.settle(&bought.session, false).await;
    assert_eq!(shop.deliver_all().await, ["noted", "noted"]);
    assert_eq!(
        shop.purchase(&bought.id).await.status,
        PurchaseStatus::Failed
    );
    assert_eq!(shop.balance(&user.id).await.as_hundredths(), 0);
}

async fn events_in_any_order_end_the_same(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let orders: [[usize; 4]; 6] = [
        [0, 1, 2, 3],
        [3, 2, 1, 0],
        [2, 0, 3, 1],
        [1, 3, 0, 2],
        [2, 3, 1, 0],
        [3, 0, 2, 1],
    ];
    for order in orders {
        // A slow payment that arrives, a part of it refunded, the rest disputed.
        let bought = shop.buy(&user, 10).await;
        shop.fake.pay_slowly(&bought.session).await;
        shop.fake.settle(&bought.session, true).await;
        shop.fake.refund(&bought.session, 250).await;
        shop.fake
            .open_dispute(&bought.session, 500, "needs_response")
            .await;
        let mut events = shop.fake.deliveries().await;
        events.retain(|event| {
            event.kind.starts_with("checkout.")
                || event.kind == "charge.refunded"
                || event.kind == "charge.dispute.created"
        });
        assert_eq!(events.len(), 4);
        for place in order {
            shop.deliver(&events[place]).await.unwrap();
        }
        let purchase = shop.purchase(&bought.id).await;
        assert_eq!(
            (purchase.status, purchase.taken.to_string()),
            (PurchaseStatus::Paid, "750".to_owned()),
            "{order:?}"
        );
    }
    assert_eq!(shop.balance(&user.id).await.to_string(), "1500");
}

async fn one_thing_altered_is_one_credit_too_many(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let other = shop.poor("bob@example.org").await;
    let elsewhere = shop.buy(&other, 5).await;
    let alterations = [
        ("data.object.currency", json!("eur"), "refused: currency"),
        ("data.object.amount_total", json!(501), "refused: amount"),
        ("data.object.amount_total", json!(null), "refused: amount"),
        ("data.object.livemode", json!(true), "refused: mode"),
        ("data.object.mode", json!("setup"), "refused: kind"),
        (
            "data.object.payment_status",
            json!("no_payment_required"),
            "refused: not paid",
        ),
        (
            "data.object.payment_intent",
            json!(null),
            "refused: no payment",
        ),
        (
            "data.object.metadata.user_id",
            json!(other.id),
            "refused: account",
        ),
        (
            "data.object.id",
            json!("cs_test_another"),
            "refused: another page",
        ),
        (
            "data.object.client_reference_id",
            json!(elsewhere.id),
            "refused: account",
        ),
        ("data.object.client_reference_id", json!(null), "foreign"),
        ("account", json!("acct_of_somebody"), "foreign"),
        ("livemode", json!(true), "foreign"),
    ];
    let untouched = state(&shop).await;
    for (field, value, expected) in alterations {
        let bought = shop.buy(&user, 5).await;
        shop.fake.pay(&bought.session).await;
        let event = shop.fake.deliveries_of("checkout.session.completed").await;
        let event = &event[0].event;
        shop.fake.alter(event, field, value.clone()).await;
        let delivery = shop.fake.delivery(event).await;
        assert_eq!(
            shop.deliver(&delivery).await.unwrap(),
            expected,
            "{field} = {value}"
        );
        assert_eq!(
            shop.purchase(&bought.id).await.status,
            PurchaseStatus::Open,
            "{field} = {value}"
        );
    }
    assert_eq!(state(&shop).await, untouched);
    // One word of what was refused is kept with the event, for a person to find.
    let refused = "SELECT COUNT(*) FROM stripe_events WHERE outcome LIKE 'refused%'";
    assert_eq!(shop.world.number(refused).await, 10);
}

/// What must not change when an event is refused.
async fn state(shop: &Shop) -> [i64; 4] {
    let world = &shop.world;
    [
        world.number("SELECT COUNT(*) FROM ledger_entries").await,
        world
            .number("SELECT CAST(SUM(credits) + SUM(owed) AS BIGINT) FROM users")
            .await,
        world
            .number("SELECT COUNT(*) FROM purchases WHERE status NOT IN ('OPEN')")
            .await,
        world
            .number("SELECT COUNT(*) FROM audit_entries WHERE event LIKE 'payment%'")
            .await,
    ]
}

async fn what_is_not_ours_leaves_no_trace(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    // The same Stripe account sells other things: their payments say nothing of ours.
    for (id, field, value) in [
        (&bought.session, "client_reference_id", json!("order 7")),
        (&bought.session, "metadata", json!({})),
    ] {
        shop.fake.alter(id, field, value).await;
    }
    shop.fake.pay(&bought.session).await;
    let before = state(&shop).await;
    shop.deliver_all().await;
    assert_eq!(state(&shop).await, before);
    let events = "SELECT COUNT(*) FROM stripe_events";
    assert_eq!(shop.world.number(events).await, 0);
}

async fn an_event_that_is_not_proven_changes_nothing(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay(&bought.session).await;
    let right = shop.fake.deliveries_of("checkout.session.completed").await;
    let right = &right[0];
    let before = state(&shop).await;
    let billing = &shop.world.services.billing;
    let refuse = async |signature: Option<&str>, body: &[u8]| {
        let refused = billing
            .settle(signature, body, &origin())
            .await
            .unwrap_err();
        assert!(
            matches!(refused.kind(), FaultKind::InvalidFields(_)),
            "{refused}"
        );
        assert_eq!(refused.answer("").status, 400);
    };
    let body = right.body.as_bytes();
    refuse(None, body).await;
    refuse(Some(""), body).await;
    refuse(Some("t=1,v1=00"), body).await;
    let mut changed = body.to_vec();
    changed[10] ^= 1;
    refuse(Some(&right.signature), &changed).await;
    let compact: serde_json::Value = serde_json::from_str(&right.body).unwrap();
    refuse(Some(&right.signature), compact.to_string().as_bytes()).await;
    for away in [-301, 301] {
        let at = START.seconds() + away;
        let delivery = shop.fake.delivery_at(&right.event, at).await;
        refuse(Some(&delivery.signature), delivery.body.as_bytes()).await;
    }
    shop.fake.sign_with(&["whsec_of_somebody_else"]).await;
    let forged = shop.fake.delivery(&right.event).await;
    refuse(Some(&forged.signature), forged.body.as_bytes()).await;
    assert_eq!(state(&shop).await, before);
    assert_eq!(shop.deliver(right).await.unwrap(), "settled");
}

async fn a_secret_may_be_changed_without_losing_an_event(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    // While it is being changed Stripe signs with both, and we accept either.
    shop.fake
        .sign_with(&["whsec_of_the_next_year", SECRET])
        .await;
    shop.bought(&user, 5).await;
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
}

async fn a_payment_for_a_removed_account_waits_for_a_person(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay(&bought.session).await;
    shop.world
        .services
        .accounts
        .remove(&user.id, &origin())
        .await
        .unwrap();
    assert_eq!(shop.deliver_all().await, ["unclaimed"]);
    let purchase = shop.purchase(&bought.id).await;
    assert_eq!(purchase.status, PurchaseStatus::Unclaimed);
    assert!(purchase.payment_id.is_some());
    shop.fake.refund(&bought.session, 500).await;
    assert_eq!(shop.deliver_all().await, ["noted"]);
}
