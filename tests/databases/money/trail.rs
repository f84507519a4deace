//! What of a purchase stands in the audit trail: that it began, was paid and was taken back, whose it was, and nothing that
//! pays.

use clara::domain::page::Page;

use crate::money::harness::{World, cases};
use crate::money::shop::Shop;

cases![a_purchase_leaves_a_row_for_each_step];

async fn a_purchase_leaves_a_row_for_each_step(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 5).await;
    shop.fake.refund(&bought.session, 500).await;
    assert_eq!(shop.deliver_all().await, ["reversed"]);
    let all = Page {
        limit: 100,
        offset: 0,
    };
    let trail = shop
        .world
        .store
        .audit_trail(Some(&user.id), all)
        .await
        .unwrap();
    for event in ["purchase_started", "payment_settled", "payment_reversed"] {
        let rows: Vec<_> = trail.iter().filter(|row| row.event == event).collect();
        assert_eq!(rows.len(), 1, "{event}");
        assert!(
            rows[0].good && rows[0].address.is_some(),
            "{event}: {:?}",
            rows[0]
        );
        assert!(
            rows[0].details.contains(bought.id.as_str()),
            "{:?}",
            rows[0]
        );
        assert!(
            !rows[0].details.contains("checkout.stripe"),
            "{:?}",
            rows[0]
        );
    }
}
