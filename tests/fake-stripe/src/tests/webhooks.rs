//! Events on their way: signed, in doubles, out of order, late, and again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::super::{Delivery, Fake, Push, SECRET, Sent, shuffle};
use super::{CUSTOMERS, list_trials, post, session};

list_trials![
    a_delivery_is_signed_over_its_very_bytes,
    two_secrets_make_two_signatures,
    a_webhook_is_called_as_it_happens,
    events_come_in_doubles_and_in_any_order,
    events_are_held_back_until_released,
    many_come_at_the_same_time,
    what_is_not_taken_is_sent_again,
    an_api_call_does_not_wait_for_its_event,
];

/// Whether one `v1` of the header is right.
fn is_signed(signature: &str, body: &str, secret: &str) -> bool {
    let mut at = "";
    let mut signatures = Vec::new();
    for part in signature.split(',') {
        match part.split_once('=').unwrap() {
            ("t", moment) => at = moment,
            ("v1", signature) => signatures.push(signature),
            (scheme, _) => assert_eq!(scheme, "v0"),
        }
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let right: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    signatures.contains(&right.concat().as_str())
}

async fn a_delivery_is_signed_over_its_very_bytes(fake: Fake) {
    fake.set_now(1_800_000_000).await;
    let session = session(&fake, 100).await;
    fake.pay(session.id()).await;
    let Delivery {
        event,
        body,
        signature,
        ..
    } = fake.deliveries().await.remove(0);
    assert!(signature.starts_with("t=1800000000,v1="));
    assert!(is_signed(&signature, &body, SECRET));
    assert!(!is_signed(&signature, &body, "whsec_of_somebody_else"));
    let compact: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert!(
        !is_signed(&signature, &compact.to_string(), SECRET),
        "written anew it is another"
    );
    let stale = fake.delivery_at(&event, 1_799_999_000).await;
    assert!(stale.signature.starts_with("t=1799999000,"));
    assert!(is_signed(&stale.signature, &stale.body, SECRET));
    assert_eq!(stale.body, body);
}

async fn two_secrets_make_two_signatures(fake: Fake) {
    fake.sign_with(&["whsec_old", "whsec_new"]).await;
    let session = session(&fake, 100).await;
    fake.pay(session.id()).await;
    let delivery = fake.deliveries().await.remove(0);
    for secret in ["whsec_old", "whsec_new"] {
        assert!(is_signed(&delivery.signature, &delivery.body, secret));
    }
    assert!(!is_signed(&delivery.signature, &delivery.body, SECRET));
}

/// Somebody who is told of events.
struct Webhook {
    url: String,
    told: Arc<Mutex<Vec<String>>>,
    /// Answers to give before all others, which are 200.
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
    /// Where it has permits, each answer takes one first.
    gate: Arc<tokio::sync::Semaphore>,
}

impl Webhook {
    async fn open(permits: usize) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let webhook = Self {
            url: format!("http://{}/settle", listener.local_addr().unwrap()),
            told: Arc::default(),
            answers: Arc::default(),
            gate: Arc::new(tokio::sync::Semaphore::new(permits)),
        };
        let (told, answers, gate) = (
            webhook.told.clone(),
            webhook.answers.clone(),
            webhook.gate.clone(),
        );
        let settle = async move |headers: HeaderMap, body: String| {
            let signature = headers["stripe-signature"].to_str().unwrap();
            assert!(is_signed(signature, &body, SECRET));
            let event: serde_json::Value = serde_json::from_str(&body).unwrap();
            told.lock()
                .unwrap()
                .push(event["id"].as_str().unwrap().to_owned());
            gate.acquire().await.unwrap().forget();
            answers
                .lock()
                .unwrap()
                .pop_front()
                .unwrap_or(StatusCode::OK)
        };
        let routes = axum::Router::new().route("/settle", axum::routing::post(settle));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        webhook
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

const MANY: usize = 10_000;

async fn a_webhook_is_called_as_it_happens(fake: Fake) {
    let webhook = Webhook::open(MANY).await;
    let session = session(&fake, 100).await;
    fake.push_to(Push::to(&webhook.url)).await;
    fake.pay(session.id()).await;
    assert_eq!(
        webhook.told().len(),
        3,
        "when the method returns, all have arrived"
    );
    assert!(fake.sent().await.iter().all(Sent::was_taken));
    fake.push_nothing().await;
    fake.refund(session.id(), 10).await;
    assert!(webhook.told().is_empty());
    fake.push_to(Push::to(&webhook.url)).await;
    assert_eq!(webhook.told().len(), 1, "what waited comes first");
    assert!(fake.deliveries().await.is_empty());
}

async fn events_come_in_doubles_and_in_any_order(fake: Fake) {
    let webhook = Webhook::open(MANY).await;
    let push = |seed| Push {
        copies: 3,
        shuffled_by: Some(seed),
        ..Push::to(&webhook.url)
    };
    let order = async |seed| {
        let session = session(&fake, 100).await;
        fake.push_to(push(seed)).await;
        fake.pay(session.id()).await;
        let told = webhook.told();
        let mut events = told.clone();
        events.sort();
        events.dedup();
        assert_eq!((told.len(), events.len()), (9, 3));
        let place = |event| events.iter().position(|other| other == event).unwrap();
        told.iter().map(place).collect::<Vec<_>>()
    };
    let one = order(1).await;
    assert_eq!(order(1).await, one);
    assert_ne!(order(2).await, one);
    // Tests that hand events over themselves shuffle them so.
    let mut places = [0, 0, 0, 1, 1, 1, 2, 2, 2];
    shuffle(&mut places, 1);
    assert_eq!(places.as_slice(), one);
}

async fn events_are_held_back_until_released(fake: Fake) {
    let webhook = Webhook::open(MANY).await;
    fake.push_to(Push {
        held: true,
        ..Push::to(&webhook.url)
    })
    .await;
    let session = session(&fake, 100).await;
    fake.pay(session.id()).await;
    fake.refund(session.id(), 10).await;
    assert!(webhook.told().is_empty());
    fake.release().await;
    assert_eq!(webhook.told().len(), 4);
    fake.refund(session.id(), 10).await;
    assert_eq!(webhook.told().len(), 1, "nothing is held back any more");
}

async fn many_come_at_the_same_time(fake: Fake) {
    // Nobody is answered until all have come.
    let webhook = Webhook::open(0).await;
    let session = session(&fake, 100).await;
    fake.pay(session.id()).await;
    let all = async {
        fake.push_to(Push {
            copies: 50,
            at_once: true,
            ..Push::to(&webhook.url)
        })
        .await;
    };
    let told = webhook.told.clone();
    let open = async {
        while told.lock().unwrap().len() < 150 {
            tokio::task::yield_now().await;
        }
        webhook.gate.add_permits(150);
    };
    tokio::join!(all, open);
    assert_eq!(fake.sent().await.len(), 150);
}

async fn what_is_not_taken_is_sent_again(fake: Fake) {
    let webhook = Webhook::open(MANY).await;
    let failures = [503, 200, 500, 500, 200];
    let failures = failures.map(|status| StatusCode::from_u16(status).unwrap());
    webhook.answers.lock().unwrap().extend(failures);
    let session = session(&fake, 100).await;
    fake.push_to(Push::to(&webhook.url)).await;
    fake.pay(session.id()).await;
    let first = webhook.told();
    assert_eq!(fake.retry(1).await, 1);
    assert_eq!(fake.retry(5).await, 0);
    assert_eq!(
        webhook.told(),
        [&*first[0], &*first[2], &*first[0]],
        "{first:?}"
    );
    let statuses: Vec<_> = fake
        .sent()
        .await
        .iter()
        .filter_map(|sent| sent.status)
        .collect();
    assert_eq!(statuses, [503, 200, 500, 500, 200, 200]);
    assert_eq!(fake.retry(5).await, 0);
    assert!(webhook.told().is_empty());
}

async fn an_api_call_does_not_wait_for_its_event(fake: Fake) {
    // Whoever asks may be whom the event must reach.
    let webhook = Webhook::open(0).await;
    fake.push_to(Push::to(&webhook.url)).await;
    assert_eq!(post(&fake, CUSTOMERS, &[]).await.status, 200);
    webhook.gate.add_permits(1);
    fake.release().await;
    let sent = fake.sent().await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].kind, "customer.created");
}
