//! Starting a purchase: what Stripe is asked for, once however often it takes, and what nobody is asked for at all.

use clara::domain::purchase::PurchaseStatus;
use clara::fault::{FaultKind, Service};
use clara::services::billing::Selling;
use futures_util::future::join_all;

use crate::money::harness::{World, cases, origin};
use crate::money::shop::{Shop, billing_page, dollars, selling, session_of};
use clara_fake_stripe::What;

cases![
    a_page_asks_for_what_was_agreed_on,
    ten_purchases_at_once_make_one_customer,
    a_customer_outlives_a_restart_and_what_stripe_forgets,
    a_customer_that_stripe_lost_is_made_again,
    a_page_is_made_once_however_often_it_takes,
    a_stripe_that_stays_away_is_unavailable_and_nothing_is_sold,
    a_price_that_asks_for_something_else_sells_nothing,
    a_price_that_stripe_does_not_know_is_a_matter_of_settings,
    the_largest_purchase_fits_on_one_page,
    the_portal_is_the_customers_own,
    without_stripe_nothing_is_sold_and_the_amount_is_judged_first,
];

async fn a_page_asks_for_what_was_agreed_on(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.buy(&user, 5).await;
    let session = shop.fake.object(&bought.session).await;
    assert_eq!(session["mode"], "payment");
    assert_eq!(session["amount_total"], 500);
    assert_eq!(session["currency"], "usd");
    assert_eq!(session["client_reference_id"], bought.id.as_str());
    assert_eq!(session["metadata"]["user_id"], user.id.as_str());
    assert_eq!(session["metadata"]["value_in_credits"], "500");
    assert_eq!(session["metadata"]["value_in_fiat"], "5");
    assert_eq!(
        session["success_url"],
        "https://client.example/app/billing?stripe_status=success"
    );
    assert_eq!(
        session["cancel_url"],
        "https://client.example/app/billing?stripe_status=cancel"
    );
    let purchase = shop.purchase(&bought.id).await;
    assert_eq!(purchase.status, PurchaseStatus::Open);
    assert_eq!(session["expires_at"], purchase.expires_at.seconds());
    assert_eq!(
        purchase.session_id.as_deref(),
        Some(bought.session.as_str())
    );
    let requests = shop.fake.requests().await;
    let made = requests
        .iter()
        .find(|request| request.path == "/v1/checkout/sessions")
        .unwrap();
    assert_eq!(made.idempotency_key.as_deref(), Some(bought.id.as_str()));
    let pinned = clara::adapters::stripe::API_VERSION.to_string();
    assert!(
        requests
            .iter()
            .all(|request| request.stripe_version.as_deref() == Some(&pinned))
    );
    assert_eq!(shop.balance(&user.id).await.as_hundredths(), 0);
}

async fn ten_purchases_at_once_make_one_customer(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    // As many processes as purchases.
    let mut others = Vec::new();
    for _ in 0..3 {
        let other = shop.world.another_process().await;
        others.push(other.selling(selling(&shop.fake.url)));
    }
    let path = billing_page();
    let here = origin();
    let purchases = (0..10).map(|number| {
        let world = others.get(number % 4).unwrap_or(&shop.world);
        world.services.billing.buy(&user, dollars(5), &path, &here)
    });
    let pages = join_all(purchases).await;
    let mut customers = Vec::new();
    for page in pages {
        let session = session_of(&page.unwrap());
        let session = shop.fake.object(&session).await;
        customers.push(session["customer"].as_str().unwrap().to_owned());
    }
    assert_eq!(customers.len(), 10);
    customers.dedup();
    assert_eq!(customers.len(), 1, "{customers:?}");
    assert_eq!(shop.fake.count("POST", "/v1/customers").await, 1);
    assert_eq!(shop.fake.count("POST", "/v1/checkout/sessions").await, 10);
    for other in others {
        other.store.close().await;
    }
}

async fn a_customer_outlives_a_restart_and_what_stripe_forgets(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    // The customer is made, and we never hear of it; Stripe forgets the key meanwhile.
    shop.fake
        .add_fault("POST", "/v1/customers", What::CutAfter, 9)
        .await;
    assert!(shop.try_buy(&user, 5).await.is_err());
    shop.fake.clear_faults().await;
    shop.advance(std::time::Duration::from_hours(72)).await;
    shop.buy(&user, 5).await;
    assert_eq!(customers(&shop).await, 1);
}

/// How many customers Stripe has.
async fn customers(shop: &Shop) -> usize {
    let requests = shop.fake.requests().await;
    let keys: std::collections::BTreeSet<_> = requests
        .iter()
        .filter(|request| request.method == "POST" && request.path == "/v1/customers")
        .map(|request| request.idempotency_key.clone())
        .collect();
    keys.len()
}

async fn a_customer_that_stripe_lost_is_made_again(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let store = &shop.world.store;
    let kept = store.keep_customer(&user.id, "cus_of_another_mode", None);
    assert_eq!(kept.await.unwrap().as_deref(), Some("cus_of_another_mode"));
    let bought = shop.buy(&user, 5).await;
    let session = shop.fake.object(&bought.session).await;
    let now = store.customer(&user.id).await.unwrap();
    assert_eq!(session["customer"].as_str(), now.as_deref());
    assert!(shop.world.services.billing.portal(&user).await.is_ok());
}

async fn a_page_is_made_once_however_often_it_takes(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    shop.buy(&user, 5).await;
    let faults = [
        What::Status(429),
        What::Status(503),
        What::Status(409),
        What::CutBefore,
        What::CutAfter,
    ];
    for what in faults {
        let before = pages(&shop).await;
        shop.fake
            .add_fault("POST", "/v1/checkout/sessions", what, 2)
            .await;
        let bought = shop.buy(&user, 7).await;
        assert_eq!(
            shop.purchase(&bought.id).await.status,
            PurchaseStatus::Open,
            "{what:?}"
        );
        assert_eq!(pages(&shop).await, before + 1, "{what:?}");
    }
    // An answer that Stripe keeps under the key, a 500, is the answer however often it is asked.
    shop.fake
        .add_fault("POST", "/v1/checkout/sessions", What::Status(500), 1)
        .await;
    let refused = shop.try_buy(&user, 5).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unavailable(Service::Stripe));
}

/// How many different pages Stripe has made.
async fn pages(shop: &Shop) -> usize {
    let requests = shop.fake.requests().await;
    let made = requests
        .iter()
        .filter(|request| request.method == "POST" && request.path == "/v1/checkout/sessions");
    let ids: std::collections::BTreeSet<_> = made
        .filter_map(|request| request.body["id"].as_str().map(str::to_owned))
        .collect();
    ids.len()
}

async fn a_stripe_that_stays_away_is_unavailable_and_nothing_is_sold(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    shop.buy(&user, 5).await;
    shop.fake
        .add_fault("POST", "/v1/", What::CutBefore, 3)
        .await;
    let refused = shop.try_buy(&user, 5).await.unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::Unavailable(Service::Stripe));
    let started = "SELECT COUNT(*) FROM purchases WHERE status = 'STARTED' AND session_id IS NULL";
    assert_eq!(shop.world.number(started).await, 1);
    // A page that nobody was given closes with its time.
    shop.advance(std::time::Duration::from_hours(3)).await;
    let billing = &shop.world.services.billing;
    let found = billing.reconcile(&origin()).await.unwrap();
    assert_eq!(found.closed, 2, "{found:?}");
    assert_eq!(shop.world.number(started).await, 0);
}

async fn a_price_that_asks_for_something_else_sells_nothing(world: World) {
    let shop = Shop::open(world).await;
    shop.fake.add_price("price_dear", "2", "usd").await;
    shop.fake.add_price("price_euro", "1", "eur").await;
    let user = shop.poor("ada@example.org").await;
    for price in ["price_dear", "price_euro"] {
        let wrong = Selling {
            prices: vec![price.to_owned()],
            ..selling(&shop.fake.url)
        };
        let world = shop.world.selling(wrong);
        let billing = &world.services.billing;
        let refused = billing
            .buy(&user, dollars(5), &billing_page(), &origin())
            .await
            .unwrap_err();
        assert_eq!(*refused.kind(), FaultKind::NotConfigured(Service::Stripe));
    }
    let failed = "SELECT COUNT(*) FROM purchases WHERE status = 'FAILED'";
    assert_eq!(shop.world.number(failed).await, 2);
    let requests = shop.fake.requests().await;
    let closed = requests
        .iter()
        .filter(|request| request.path.ends_with("/expire") && request.status == Some(200));
    assert_eq!(
        closed.count(),
        2,
        "nobody can pay on a page that was not handed out"
    );
}

async fn a_price_that_stripe_does_not_know_is_a_matter_of_settings(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let wrong = Selling {
        prices: vec!["price_of_nobody".to_owned()],
        ..selling(&shop.fake.url)
    };
    let billing = shop.world.selling(wrong).services.billing;
    let refused = billing
        .buy(&user, dollars(5), &billing_page(), &origin())
        .await
        .unwrap_err();
    assert_eq!(*refused.kind(), FaultKind::NotConfigured(Service::Stripe));
    assert!(billing.prices().await.is_err());
}

async fn the_largest_purchase_fits_on_one_page(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let bought = shop.bought(&user, 10_000).await;
    assert_eq!(bought.checkout.credits.to_string(), "1000000");
    assert_eq!(shop.balance(&user.id).await.to_string(), "1000000");
}

async fn the_portal_is_the_customers_own(world: World) {
    let shop = Shop::open(world).await;
    let user = shop.poor("ada@example.org").await;
    let billing = &shop.world.services.billing;
    let url = billing.portal(&user).await.unwrap();
    assert!(url.starts_with("https://billing.stripe.com/"), "{url}");
    let customer = shop.world.store.customer(&user.id).await.unwrap().unwrap();
    let requests = shop.fake.requests().await;
    let asked = requests
        .iter()
        .find(|request| request.path == "/v1/billing_portal/sessions")
        .unwrap();
    assert_eq!(asked.form["customer"], customer.as_str());
    assert_eq!(asked.form["return_url"], "https://client.example/app");
}

async fn without_stripe_nothing_is_sold_and_the_amount_is_judged_first(world: World) {
    let user = world.active("ada@example.org").await;
    let billing = &world.services.billing;
    for (amount, expected) in [
        (5, FaultKind::NotConfigured(Service::Stripe)),
        (
            4,
            FaultKind::NoCreditRate {
                lower_limit: 5,
                upper_limit: 10_000,
            },
        ),
        (
            10_001,
            FaultKind::NoCreditRate {
                lower_limit: 5,
                upper_limit: 10_000,
            },
        ),
    ] {
        let refused = billing
            .buy(&user, dollars(amount), &billing_page(), &origin())
            .await
            .unwrap_err();
        assert_eq!(*refused.kind(), expected);
    }
    let portal = billing.portal(&user).await.unwrap_err();
    assert_eq!(*portal.kind(), FaultKind::NotConfigured(Service::Stripe));
    let settled = billing.settle(None, b"{}", &origin()).await.unwrap_err();
    assert_eq!(*settled.kind(), FaultKind::NotConfigured(Service::Stripe));
    assert_eq!(billing.price_id(0), None);
}
