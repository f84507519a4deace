//! What Stripe knows and nobody told us: found by asking, once, by whichever process asks first.

use std::time::Duration;

use clara::domain::purchase::PurchaseStatus;
use clara::services::billing::Reconciled;
use futures_util::future::join_all;

use crate::money::harness::{World, cases, origin};
use crate::money::shop::{Shop, selling};
use clara_fake_stripe::What;

cases![
    a_payment_whose_event_never_came_is_found,
    nothing_is_asked_before_its_time_and_ever_less_often,
    an_event_that_was_lost_is_read_later,
    a_page_that_closed_is_closed_here,
    a_page_of_a_removed_account_is_closed_for_everybody,
    four_processes_that_ask_at_once_settle_once,
    a_stripe_that_stays_away_is_asked_again,
    a_late_event_after_reconciliation_changes_nothing,
    what_was_heard_is_remembered_for_a_month,
];

const HOUR: Duration = Duration::from_hours(1);

async fn a_payment_whose_event_never_came_is_found(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let paid = shop.buy(&user, 5).await;
    let slow = shop.buy(&user, 7).await;
    let open = shop.buy(&user, 9).await;
    shop.fake.pay(&paid.session).await;
    shop.fake.pay_slowly(&slow.session).await;
    let found = reconcile(&shop).await;
    assert_eq!((found.looked, found.settled, found.closed), (3, 1, 0));
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
    assert_eq!(
        shop.purchase(&slow.id).await.status,
        PurchaseStatus::Pending
    );
    assert_eq!(shop.purchase(&open.id).await.status, PurchaseStatus::Open);
    shop.fake.settle(&slow.session, true).await;
    let found = reconcile(&shop).await;
    assert_eq!((found.looked, found.settled), (2, 1));
    assert_eq!(shop.balance(&user.id).await.to_string(), "1200");
}

async fn reconcile(shop: &Shop) -> Reconciled {
    let billing = &shop.world.services.billing;
    billing.reconcile(&origin()).await.unwrap()
}

async fn nothing_is_asked_before_its_time_and_ever_less_often(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    shop.buy(&user, 5).await;
    let billing = &shop.world.services.billing;
    let mut looks = Vec::new();
    for minute in 0..60 {
        let found = billing.reconcile_due().await.unwrap();
        if found.looked > 0 {
            looks.push(minute);
        }
        shop.advance(Duration::from_mins(1)).await;
    }
    assert_eq!(looks, [3, 6, 12, 21, 33, 48]);
}

async fn an_event_that_was_lost_is_read_later(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 5).await;
    let disputed = shop.bought(&user, 5).await;
    shop.fake.refund(&bought.session, 500).await;
    shop.fake
        .open_dispute(&disputed.session, 250, "needs_response")
        .await;
    let billing = &shop.world.services.billing;
    let found = billing.reconcile_due().await.unwrap();
    assert_eq!((found.looked, found.events, found.failed), (0, 2, 0));
    assert_eq!(shop.balance(&user.id).await.to_string(), "250");
    // The same round is not made again before its time, nor is anything heard twice.
    assert_eq!(
        billing.reconcile_due().await.unwrap(),
        Reconciled::default()
    );
    assert_eq!(reconcile(&shop).await, Reconciled::default());
    // A month of silence is as far back as Stripe remembers.
    shop.fake.refund(&disputed.session, 250).await;
    shop.advance(29 * 24 * HOUR).await;
    assert_eq!(billing.reconcile_due().await.unwrap().events, 1);
    assert_eq!(shop.balance(&user.id).await.to_string(), "0");
    assert_eq!(shop.deliver_all().await, ["known"; 3]);
}

async fn a_page_that_closed_is_closed_here(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.advance(3 * HOUR).await;
    let billing = &shop.world.services.billing;
    let found = billing.reconcile_due().await.unwrap();
    assert_eq!((found.looked, found.closed), (1, 1));
    assert_eq!(
        shop.purchase(&bought.id).await.status,
        PurchaseStatus::Expired
    );
    shop.advance(3 * HOUR).await;
    let found = billing.reconcile_due().await.unwrap();
    assert_eq!(found.looked, 0, "nothing more can come of it");
}

async fn a_page_of_a_removed_account_is_closed_for_everybody(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.world
        .services
        .accounts
        .remove(&user.id, &origin())
        .await
        .unwrap();
    let billing = &shop.world.services.billing;
    let found = billing.reconcile_due().await.unwrap();
    assert_eq!((found.looked, found.closed), (1, 1), "at once");
    let page = shop.fake.object(&bought.session).await;
    assert_eq!(page["status"], "expired");
    assert_eq!(
        shop.purchase(&bought.id).await.status,
        PurchaseStatus::Expired
    );
}

async fn four_processes_that_ask_at_once_settle_once(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    for _ in 0..5 {
        let bought = shop.buy(&user, 5).await;
        shop.fake.pay(&bought.session).await;
    }
    let mut worlds = vec![shop.world.clone()];
    for _ in 0..3 {
        let other = shop.world.another_process().await;
        worlds.push(other.selling(selling(&shop.fake.url)));
    }
    let here = origin();
    let asked = worlds
        .iter()
        .map(|world| world.services.billing.reconcile(&here));
    let found = join_all(asked).await;
    let settled: u32 = found
        .into_iter()
        .map(|found| found.unwrap())
        .map(|found| found.settled + found.events)
        .sum();
    assert_eq!(settled, 5);
    assert_eq!(shop.balance(&user.id).await.to_string(), "2500");
    for world in &worlds[1..] {
        world.store.close().await;
    }
}

async fn a_stripe_that_stays_away_is_asked_again(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay(&bought.session).await;
    shop.advance(HOUR).await;
    shop.fake
        .add_fault("GET", "/v1/", What::Status(503), 6)
        .await;
    let billing = &shop.world.services.billing;
    assert!(billing.reconcile_due().await.is_err());
    assert_eq!(shop.balance(&user.id).await.as_hundredths(), 0);
    shop.advance(HOUR).await;
    let found = billing.reconcile_due().await.unwrap();
    assert_eq!(found.settled + found.events, 1, "{found:?}");
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
}

async fn a_late_event_after_reconciliation_changes_nothing(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    shop.fake.pay(&bought.session).await;
    assert_eq!(reconcile(&shop).await.settled, 1);
    assert_eq!(shop.deliver_all().await, ["known"]);
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
}

/// Stripe itself tells of nothing older, so that nothing older needs to be known again.
async fn what_was_heard_is_remembered_for_a_month(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    shop.bought(&user, 5).await;
    let known = "SELECT COUNT(*) FROM stripe_events";
    let heard = shop.world.number(known).await;
    assert!(heard > 0);
    let billing = &shop.world.services.billing;
    shop.advance(30 * 24 * HOUR).await;
    billing.reconcile_due().await.unwrap();
    assert!(
        shop.world.number(known).await >= heard,
        "a month is not over"
    );
    shop.advance(2 * HOUR).await;
    billing.reconcile_due().await.unwrap();
    assert_eq!(shop.world.number(known).await, 0);
    assert_eq!(shop.balance(&user.id).await.to_string(), "500");
}
