//! What Clara asks of Stripe, with nothing of Clara behind it. With `STRIPE_TEST_SECRET_KEY` (a test mode's key) and
//! `STRIPE_TEST_PRICE_ID` (a price of one US cent) in the environment the same questions go to Stripe itself as well.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use clara::adapters::stripe::{Event, NewPage, Stripe, StripeTimeouts, USER};
use clara::domain::clock::{Clock as _, SystemClock};
use clara::domain::ids::{TransactionId, UserId};
use clara::domain::randomness::SystemRandomness;
use futures_util::future::join_all;
use libtest_mimic::Trial;

use crate::money::harness::runtime;
use clara_fake_stripe::{Fake, PRICE};

/// Stripe, or who stands in for it.
struct Asked {
    stripe: Stripe,
    price: String,
    _fake: Option<Fake>,
}

type Body = fn(Asked) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// Lists this file's tests.
macro_rules! questions {
    ($($name:ident),* $(,)?) => {
        const QUESTIONS: &[(&str, Body)] = &[$((stringify!($name), |asked| Box::pin($name(asked)))),*];
    };
}

questions![
    a_customer_is_made_once,
    a_page_is_made_once_and_can_be_closed,
    a_portal_opens_for_a_customer,
    a_credit_costs_a_cent,
    events_can_be_listed,
    what_does_not_exist_is_named,
];

/// Each question to the fake, and to Stripe where there are keys for it.
pub fn trials() -> Vec<Trial> {
    let key = std::env::var("STRIPE_TEST_SECRET_KEY").ok();
    let price = std::env::var("STRIPE_TEST_PRICE_ID").ok();
    let mut trials = Vec::new();
    for (name, body) in QUESTIONS {
        trials.push(Trial::test(format!("test_mode::{name}::fake"), move || {
            runtime().block_on(async {
                let fake = Fake::start();
                let asked = Asked {
                    stripe: stripe("sk_test_of_nobody", Some(&fake.url)),
                    price: PRICE.to_owned(),
                    _fake: Some(fake),
                };
                body(asked).await;
            });
            Ok(())
        }));
        let (Some(key), Some(price)) = (key.clone(), price.clone()) else {
            continue;
        };
        assert!(key.contains("_test_"), "tests move no real money");
        trials.push(Trial::test(
            format!("test_mode::{name}::stripe"),
            move || {
                runtime().block_on(async {
                    let asked = Asked {
                        stripe: stripe(&key, None),
                        price,
                        _fake: None,
                    };
                    body(asked).await;
                });
                Ok(())
            },
        ));
    }
    trials
}

fn stripe(key: &str, base: Option<&str>) -> Stripe {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let base = base.map(|base| base.parse().unwrap());
    Stripe::new(
        &key.to_owned().into(),
        base.as_ref(),
        StripeTimeouts::default(),
    )
    .unwrap()
}

/// An account that no run before had.
fn somebody() -> UserId {
    UserId::random(&SystemRandomness)
}

impl Asked {
    async fn customer(&self, user: &UserId) -> String {
        let email = format!("{user}@example.org").parse().unwrap();
        self.stripe.customer(user, &email, None).await.unwrap()
    }
}

async fn a_customer_is_made_once(asked: Asked) {
    let user = somebody();
    let five = join_all((0..5).map(|_| asked.customer(&user))).await;
    let again = asked.customer(&user).await;
    assert!(five.iter().all(|customer| *customer == again), "{five:?}");
    assert_ne!(asked.customer(&somebody()).await, again);
}

async fn a_page_is_made_once_and_can_be_closed(asked: Asked) {
    let user = somebody();
    let customer = asked.customer(&user).await;
    let purchase = TransactionId::random(&SystemRandomness);
    let page = NewPage {
        purchase: &purchase,
        attempt: 1,
        customer: &customer,
        price: &asked.price,
        quantity: 500,
        metadata: HashMap::from([(USER.to_owned(), user.to_string())]),
        success_url: "https://client.example/billing?stripe_status=success",
        cancel_url: "https://client.example/billing?stripe_status=cancel",
        expires_at: SystemClock.now().after(Duration::from_hours(2)),
    };
    let session = asked.stripe.open_page(&page).await.unwrap();
    assert_eq!(asked.stripe.open_page(&page).await.unwrap(), session);
    assert_eq!(session.amount_total, Some(500));
    assert_eq!(session.currency.as_deref(), Some("usd"));
    assert_eq!(
        session.client_reference_id.as_deref(),
        Some(purchase.as_str())
    );
    assert_eq!(
        (session.payment_status.as_str(), session.status.as_deref()),
        ("unpaid", Some("open"))
    );
    assert!(
        session
            .url
            .as_ref()
            .unwrap()
            .starts_with("https://checkout.stripe.com/")
    );
    assert_eq!(session.metadata.as_ref().unwrap()[USER], user.as_str());
    assert!(!session.livemode);
    let seen = asked.stripe.session(&session.id).await.unwrap();
    assert_eq!(
        (seen.status.as_deref(), &seen.payment_intent),
        (Some("open"), &None)
    );
    let closed = asked.stripe.expire(&session.id).await.unwrap();
    assert_eq!(
        (closed.status.as_deref(), closed.url),
        (Some("expired"), None)
    );
}

async fn a_portal_opens_for_a_customer(asked: Asked) {
    let customer = asked.customer(&somebody()).await;
    let key = format!("portal_{}", TransactionId::random(&SystemRandomness));
    let url = asked
        .stripe
        .portal(&customer, "https://client.example/billing", &key)
        .await
        .unwrap();
    assert!(url.starts_with("https://billing.stripe.com/"), "{url}");
}

async fn a_credit_costs_a_cent(asked: Asked) {
    let price = asked.stripe.price(&asked.price).await.unwrap();
    assert_eq!(price.unit_amount_decimal.as_deref(), Some("1"));
    assert_eq!((price.currency.as_str(), price.active), ("usd", true));
}

async fn events_can_be_listed(asked: Asked) {
    let since = SystemClock.now();
    let listed = asked.stripe.events(&Event::KINDS, since, None).await;
    let (events, has_more) = listed.unwrap();
    assert!(events.len() <= 100);
    assert!(!has_more || events.len() == 100);
}

async fn what_does_not_exist_is_named(asked: Asked) {
    let user = somebody();
    let purchase = TransactionId::random(&SystemRandomness);
    let page = NewPage {
        purchase: &purchase,
        attempt: 1,
        customer: "cus_of_nobody",
        price: &asked.price,
        quantity: 500,
        metadata: HashMap::from([(USER.to_owned(), user.to_string())]),
        success_url: "https://client.example/",
        cancel_url: "https://client.example/",
        expires_at: SystemClock.now().after(Duration::from_hours(2)),
    };
    let refused = asked.stripe.open_page(&page).await.unwrap_err();
    assert!(refused.is_missing("customer"), "{refused}");
    assert!(asked.stripe.price("price_of_nobody").await.is_err());
    assert!(asked.stripe.session("cs_test_of_nobody").await.is_err());
}
