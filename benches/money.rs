//! How fast purchases are settled: events of Stripe's against a real `clara serve`, one after the other and sixteen at
//! once, on SQLite and, where one answers, on PostgreSQL. An event that is answered is settled: the time of a call is the
//! time from the webhook to the credits.
//!
//! `cargo bench --bench money`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on panics, and prints what it measured"
)]

use clara_test_support::{self as support, postgres, rest};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use clara::domain::audit::{AuditEvent, Origin};
use clara::domain::clock::{Clock as _, SystemClock};
use clara::domain::credits::Credits;
use clara::domain::ids::{TransactionId, UserId};
use clara::domain::purchase::{Purchase, PurchaseStatus};
use clara::domain::randomness::SystemRandomness;
use clara::store::audit::AuditEntry;
use clara::store::{Store, StoreOptions};
use futures_util::{StreamExt as _, stream};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;

use rest::{PRIVATE, PUBLIC, account, data};
use support::{Folder, Server};

const SECRET: &str = "whsec_of_this_bench_0";
const ONE_AFTER_THE_OTHER: usize = 300;
const AT_ONCE: usize = 3_000;
const CONNECTIONS: usize = 16;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    println!(
        "| database | one at a time: median | p99 | {CONNECTIONS} at once: calls a second | median | p99 |"
    );
    println!("|---|---|---|---|---|---|");
    let folder = Folder::new();
    postgres::on_each_database(&runtime, folder.parent(), measure);
}

async fn measure(name: &str, url: &str, folder: &Folder) {
    let settings = [
        ("CLARA_DATABASE_URL", url),
        ("CLARA_SECRET_KEY", "a root secret of this bench 0123456789"),
        ("CLARA_PUBLIC_API_KEY", PUBLIC),
        ("CLARA_PRIVATE_API_KEY", PRIVATE),
        ("CLARA_SIGNUP_CREDITS", "0"),
        ("CLARA_WORKERS", "0"),
        ("CLARA_STRIPE_WEBHOOK_SECRET", SECRET),
    ];
    let server = Server::start(folder, &settings);
    let ada = account(folder, &server).await;
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    let user = ada.id.parse().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let webhook = server.at("/api/v1/stripe/settle");
    let send = async |(body, signature): (String, String)| {
        let began = Instant::now();
        let request = client.post(&webhook).header("Stripe-Signature", signature);
        let response = request.body(body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap();
        began.elapsed()
    };
    let mut alone = Vec::new();
    for event in events(&store, &user, ONE_AFTER_THE_OTHER).await {
        alone.push(send(event).await);
    }
    let many = events(&store, &user, AT_ONCE).await;
    let began = Instant::now();
    let mut together: Vec<Duration> = stream::iter(many)
        .map(&send)
        .buffer_unordered(CONNECTIONS)
        .collect()
        .await;
    let took = began.elapsed();
    let rate = f64::from(u32::try_from(AT_ONCE).unwrap()) / took.as_secs_f64();
    println!(
        "| {name} | {} | {} | {rate:.0} | {} | {} |",
        share(&mut alone, 50),
        share(&mut alone, 99),
        share(&mut together, 50),
        share(&mut together, 99),
    );
    let seen = data(&server, "GET", &ada.path, &ada.session, None).await;
    let sold = u32::try_from(ONE_AFTER_THE_OTHER + AT_ONCE).unwrap();
    assert_eq!(
        seen["credits"],
        f64::from(sold) * 500.0,
        "each was settled once"
    );
    store.close().await;
}

/// The time within which so many of a hundred were done.
fn share(times: &mut [Duration], percent: usize) -> String {
    times.sort_unstable();
    let time = times[(times.len() - 1) * percent / 100];
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// Purchases that wait for their payment, and for each the event that says it came.
async fn events(store: &Store, user: &UserId, count: usize) -> Vec<(String, String)> {
    let now = SystemClock.now();
    let mut events = Vec::new();
    for _ in 0..count {
        let id = TransactionId::random(&SystemRandomness);
        let purchase = Purchase {
            id: id.clone(),
            user_id: user.clone(),
            status: PurchaseStatus::Started,
            credits: Credits::whole(500),
            fiat: Credits::whole(5),
            is_live: false,
            session_id: None,
            payment_id: None,
            refunded: Credits::ZERO,
            taken: Credits::ZERO,
            reversals: 0,
            created_at: now,
            expires_at: now.after(Duration::from_hours(2)),
        };
        let audit = AuditEntry {
            at: now,
            user_id: Some(user.clone()),
            event: AuditEvent::PurchaseStarted,
            good: true,
            origin: Origin::inside("bench"),
            details: json!({}),
        };
        let started = store.start_purchase(&purchase, purchase.expires_at, &audit);
        assert!(started.await.unwrap());
        let body = json!({
            "id": format!("evt_{id}"), "type": "checkout.session.completed", "created": now.seconds(),
            "livemode": false, "data": {"object": {
                "id": format!("cs_{id}"), "status": "complete", "payment_status": "paid", "mode": "payment",
                "amount_total": 500, "currency": "usd", "payment_intent": format!("pi_{id}"),
                "client_reference_id": id, "livemode": false, "metadata": {"user_id": user},
            }},
        })
        .to_string();
        let mut keyed = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        keyed.update(format!("{}.{body}", now.seconds()).as_bytes());
        let digest = keyed.finalize().into_bytes();
        let hex = digest.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        events.push((body, format!("t={},v1={hex}", now.seconds())));
    }
    events
}
