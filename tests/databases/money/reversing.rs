//! Payments that go back: refunds and disputes take what they cover, what was spent by then is owed, and what comes in
//! next pays it off. The list of transactions says so.

use clara::domain::credits::Credits;
use clara::domain::ids::UserId;
use clara::domain::submission::Submission;

use crate::money::harness::{World, cases, origin};
use crate::money::shop::Shop;

cases![
    a_refund_takes_back_its_share,
    what_was_spent_is_owed_and_taken_from_the_next_purchase,
    an_old_refund_heard_late_takes_nothing_twice,
    a_refund_heard_before_its_payment_is_taken_with_it,
    a_dispute_takes_and_its_end_gives_back_or_keeps,
    a_dispute_heard_backwards_ends_the_same,
    an_inquiry_takes_nothing,
    a_refund_and_a_dispute_of_one_payment_take_it_once,
    a_won_dispute_pays_what_is_owed_first,
];

async fn spend(shop: &Shop, user: &UserId, credits: i64) {
    let submission = Submission {
        text: "x".to_owned(),
        attachments: Vec::new(),
        ..Submission::default()
    };
    let tasks = &shop.world.services.tasks;
    tasks
        .submit(user, &submission.into(), Credits::whole(credits), &origin())
        .await
        .unwrap();
}

async fn owed(shop: &Shop) -> i64 {
    shop.world
        .number("SELECT CAST(SUM(owed) AS BIGINT) FROM users")
        .await
}

async fn a_refund_takes_back_its_share(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 5).await;
    shop.fake.refund(&bought.session, 125).await;
    assert_eq!(shop.deliver_all().await, ["reversed"]);
    assert_eq!(shop.balance(&user.id).await.to_string(), "375");
    shop.fake.refund(&bought.session, 375).await;
    assert_eq!(shop.deliver_all().await, ["reversed"]);
    assert_eq!(shop.balance(&user.id).await, Credits::ZERO);
    assert_eq!(
        shop.last_lines(&user.id, 2).await,
        [
            "-125 Purchase of 500 credits for $5: $1.25 of it was refunded, so 125 credits were taken back.",
            "-375 Purchase of 500 credits for $5: $5 of it was refunded, so 375 credits were taken back.",
        ]
    );
    assert_eq!(owed(&shop).await, 0);
}

async fn what_was_spent_is_owed_and_taken_from_the_next_purchase(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let first = shop.bought(&user, 5).await;
    spend(&shop, &user.id, 300).await;
    shop.fake.refund(&first.session, 500).await;
    assert_eq!(shop.deliver_all().await, ["reversed"]);
    assert_eq!(shop.balance(&user.id).await, Credits::ZERO);
    assert_eq!(owed(&shop).await, 30_000);
    assert_eq!(
        shop.last_lines(&user.id, 2).await,
        [
            "+300 300 credits that are taken back were spent already and are owed: 300 owed in all, taken from the next \
             purchase.",
            "-500 Purchase of 500 credits for $5: $5 of it was refunded, so 500 credits were taken back.",
        ]
    );
    // What an account gets otherwise is its own; what it buys pays first.
    let ledger = &shop.world.services.ledger;
    ledger
        .set_balance(&user.id, Credits::whole(7), &origin())
        .await
        .unwrap();
    assert_eq!(owed(&shop).await, 30_000);
    shop.bought(&user, 10).await;
    assert_eq!(shop.balance(&user.id).await.to_string(), "707");
    assert_eq!(
        shop.last_lines(&user.id, 2).await,
        [
            "+1000 User bought 1000 credits for $10.",
            "-300 300 owed credits were paid back from what came in: 0 still owed.",
        ]
    );
    assert_eq!(owed(&shop).await, 0);
}

async fn an_old_refund_heard_late_takes_nothing_twice(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 5).await;
    shop.fake.refund(&bought.session, 100).await;
    let first = shop.fake.deliveries_of("charge.refunded").await;
    shop.fake.refund(&bought.session, 100).await;
    assert_eq!(shop.deliver_all().await, ["reversed"]);
    assert_eq!(shop.deliver(&first[0]).await.unwrap(), "known");
    assert_eq!(shop.balance(&user.id).await.to_string(), "300");
}

async fn a_refund_heard_before_its_payment_is_taken_with_it(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay(&bought.session).await;
    let paid = shop.fake.deliveries_of("checkout.session.completed").await;
    shop.fake.refund(&bought.session, 200).await;
    assert_eq!(shop.deliver_all().await, ["noted"]);
    assert_eq!(shop.balance(&user.id).await, Credits::ZERO);
    assert_eq!(shop.deliver(&paid[0]).await.unwrap(), "settled");
    assert_eq!(
        shop.last_lines(&user.id, 2).await,
        [
            "+500 User bought 500 credits for $5.",
            "-200 Purchase of 500 credits for $5: its payment was reversed already, so 200 credits were taken back.",
        ]
    );
}

async fn a_dispute_takes_and_its_end_gives_back_or_keeps(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    for (end, balance) in [("won", "500"), ("lost", "500")] {
        let bought = shop.bought(&user, 5).await;
        let dispute = shop
            .fake
            .open_dispute(&bought.session, 500, "needs_response")
            .await;
        assert_eq!(shop.deliver_all().await, ["reversed"]);
        let id = dispute["id"].as_str().unwrap();
        shop.fake.close_dispute(id, end).await;
        let expected = if end == "won" { "reversed" } else { "noted" };
        assert_eq!(shop.deliver_all().await, [expected]);
        assert_eq!(shop.balance(&user.id).await.to_string(), balance, "{end}");
    }
    assert_eq!(
        shop.last_lines(&user.id, 4).await,
        [
            "-500 Purchase of 500 credits for $5: its payment is disputed, so 500 credits were taken back.",
            "+500 Purchase of 500 credits for $5: the dispute is settled, so 500 credits were given back.",
            "+500 User bought 500 credits for $5.",
            "-500 Purchase of 500 credits for $5: its payment is disputed, so 500 credits were taken back.",
        ]
    );
}

async fn a_dispute_heard_backwards_ends_the_same(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    for (end, balance) in [("won", "500"), ("lost", "500")] {
        let bought = shop.bought(&user, 5).await;
        let dispute = shop
            .fake
            .open_dispute(&bought.session, 500, "needs_response")
            .await;
        shop.fake
            .close_dispute(dispute["id"].as_str().unwrap(), end)
            .await;
        let mut events = shop.fake.deliveries().await;
        events.retain(|event| event.kind.starts_with("charge.dispute"));
        assert_eq!(events.len(), 2);
        for event in events.iter().rev() {
            shop.deliver(event).await.unwrap();
        }
        assert_eq!(shop.balance(&user.id).await.to_string(), balance, "{end}");
    }
}

async fn an_inquiry_takes_nothing(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 5).await;
    let inquiry = shop
        .fake
        .open_dispute(&bought.session, 500, "warning_needs_response")
        .await;
    shop.fake
        .close_dispute(inquiry["id"].as_str().unwrap(), "warning_closed")
        .await;
    shop.deliver_all().await;
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
}

async fn a_refund_and_a_dispute_of_one_payment_take_it_once(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 5).await;
    shop.bought(&user, 5).await;
    shop.fake.refund(&bought.session, 400).await;
    shop.fake
        .open_dispute(&bought.session, 500, "needs_response")
        .await;
    assert_eq!(shop.deliver_all().await, ["reversed", "reversed"]);
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
    assert_eq!(shop.purchase(&bought.id).await.taken.to_string(), "500");
}

async fn a_won_dispute_pays_what_is_owed_first(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 5).await;
    spend(&shop, &user.id, 500).await;
    let dispute = shop
        .fake
        .open_dispute(&bought.session, 500, "needs_response")
        .await;
    shop.deliver_all().await;
    assert_eq!(owed(&shop).await, 50_000);
    shop.fake
        .close_dispute(dispute["id"].as_str().unwrap(), "won")
        .await;
    shop.deliver_all().await;
    assert_eq!(shop.balance(&user.id).await, Credits::ZERO);
    assert_eq!(owed(&shop).await, 0);
}
