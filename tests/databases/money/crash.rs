//! The process is killed between Stripe and our commit, at every statement it sends and in every call of Stripe's, before
//! and after it is carried out. Afterwards the books are sound, and once everything was told again they are what Stripe
//! says.
//!
//! The victim is this very binary, started again with the scenario's settings in its environment.

use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;

use clara::domain::clock::ManualClock;
use clara::domain::credits::Credits;
use clara::domain::ids::UserId;
use clara::domain::user::User;
use clara::store::{Store, StoreOptions};

use crate::money::harness::{START, World, cases, origin, runtime, services_with};
use crate::money::shop::{Shop, billing_page, dollars, selling, session_of};
use clara_fake_stripe::{Fake, What};

const URL: &str = "CLARA_MONEY_TEST_URL";
const DIRECTORY: &str = "CLARA_MONEY_TEST_DIRECTORY";
const STRIPE: &str = "CLARA_MONEY_TEST_STRIPE";
const USER: &str = "CLARA_MONEY_TEST_USER";
const STATEMENT: &str = "CLARA_MONEY_TEST_ABORT_AT";

/// The scenario takes fewer statements than this.
const TOO_MANY: u64 = 200;

cases![
    a_kill_before_any_statement_loses_and_makes_no_cent,
    a_kill_in_any_call_of_stripe_loses_and_makes_no_cent,
];

async fn a_kill_before_any_statement_loses_and_makes_no_cent(world: World) {
    let shop = Shop::open(world).await;
    let mut killed = 0;
    for statement in 1..TOO_MANY {
        let user = shop.poor(&format!("ada{statement}@example.org")).await;
        let ended = victim(&shop, &user.id, statement)
            .wait_with_output()
            .unwrap();
        afterwards(&shop, &user, &format!("statement {statement}")).await;
        if ended.status.success() {
            assert_eq!(shop.balance(&user.id).await, Credits::whole(300));
            break;
        }
        // Killed, and not failed: a failure would say so.
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), None, "{said}");
        killed += 1;
    }
    assert!((20..TOO_MANY - 1).contains(&killed), "{killed} statements");
}

async fn a_kill_in_any_call_of_stripe_loses_and_makes_no_cent(world: World) {
    let shop = Shop::open(world).await;
    let calls = [
        ("GET", "/v1/customers"),
        ("POST", "/v1/customers"),
        ("POST", "/v1/checkout/sessions"),
    ];
    let mut number = 0;
    for (method, path) in calls {
        for what in [What::TimeOut, What::TimeOutAfter] {
            number += 1;
            let user = shop.poor(&format!("ada{number}@example.org")).await;
            shop.fake.add_fault(method, path, what, 1).await;
            let mut victim = victim(&shop, &user.id, TOO_MANY);
            shop.fake.wait_for_held(1).await;
            victim.kill().unwrap();
            victim.wait().unwrap();
            shop.fake.let_go().await;
            let when = format!("{method} {path} {what:?}");
            afterwards(&shop, &user, &when).await;
            // Whoever tries again gets a page, as if nothing had been.
            shop.bought(&user, 5).await;
            let made = shop.fake.requests().await;
            let keys = made.iter().filter(|request| {
                let body = request
                    .form
                    .get("metadata")
                    .map(|metadata| &metadata["user_id"]);
                request.path == "/v1/customers"
                    && request.status == Some(200)
                    && !request.replayed
                    && body == Some(&user.id.as_str().into())
            });
            let customer = shop.world.store.customer(&user.id).await.unwrap();
            let mut made: Vec<_> = keys.map(|request| request.body["id"].clone()).collect();
            made.dedup();
            assert!(made.len() <= 1, "{when}: {made:?}");
            assert!(customer.is_some());
        }
    }
}

/// What must be true after a kill, at once and after everything was told again.
async fn afterwards(shop: &Shop, user: &User, when: &str) {
    let world = &shop.world;
    sound(world, when).await;
    let billing = &world.services.billing;
    // Stripe sends what was not answered again, and what was answered too.
    for kind in ["checkout.session.completed", "charge.refunded"] {
        for event in events(shop, &user.id, kind).await {
            let delivery = shop.fake.delivery(&event).await;
            for _ in 0..2 {
                shop.deliver(&delivery).await.unwrap();
            }
        }
    }
    let found = billing.reconcile(&origin()).await.unwrap();
    assert_eq!(
        (found.failed, found.settled, found.events),
        (0, 0, 0),
        "{when}"
    );
    sound(world, when).await;
    let (paid, refunded) = truth(shop, &user.id).await;
    let balance = shop.balance(&user.id).await;
    assert_eq!(
        balance.as_hundredths(),
        (paid - refunded) * 100,
        "killed at {when}"
    );
}

async fn sound(world: &World, when: &str) {
    let off = world.store.discrepancies().await.unwrap();
    assert!(off.is_empty(), "killed at {when}: {off:?}");
    let halves = "SELECT COUNT(*) FROM purchases WHERE (status = 'PAID') <> \
                  EXISTS (SELECT 1 FROM ledger_entries WHERE cause_kind = 'purchase' AND id = purchases.id)";
    assert_eq!(world.number(halves).await, 0, "killed at {when}");
}

/// The events of one account's purchases.
async fn events(shop: &Shop, user: &UserId, kind: &str) -> Vec<String> {
    let listed = listed(shop, kind).await;
    let is_of = |event: &&serde_json::Value| {
        event["data"]["object"]["metadata"]["user_id"] == user.as_str()
    };
    let ids = listed.iter().filter(is_of);
    ids.map(|event| event["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn listed(shop: &Shop, kind: &str) -> Vec<serde_json::Value> {
    let client = reqwest::Client::new();
    let url = format!("{}/v1/events?type={kind}&limit=100", shop.fake.url);
    let request = client
        .get(url)
        .header("Authorization", "Bearer sk_test_of_the_shop")
        .header("Stripe-Version", clara_fake_stripe::VERSION);
    let body = request.send().await.unwrap().text().await.unwrap();
    let list: serde_json::Value = serde_json::from_str(&body).unwrap();
    list["data"].as_array().unwrap().clone()
}

/// What Stripe says was paid and paid back by this account, in cents.
async fn truth(shop: &Shop, user: &UserId) -> (i64, i64) {
    let mut paid = 0;
    for event in events(shop, user, "checkout.session.completed").await {
        let event = shop.fake.object(&event).await;
        paid += event["data"]["object"]["amount_total"].as_i64().unwrap();
    }
    let mut refunded = 0;
    for event in events(shop, user, "charge.refunded").await {
        let event = shop.fake.object(&event).await;
        refunded = event["data"]["object"]["amount_refunded"]
            .as_i64()
            .unwrap()
            .max(refunded);
    }
    (paid, refunded)
}

/// Starts the scenario in a process of its own.
fn victim(shop: &Shop, user: &UserId, abort_at: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .env(URL, &shop.world.url)
        .env(DIRECTORY, shop.world.directory.path())
        .env(STRIPE, &shop.fake.url)
        .env(USER, user.as_str())
        .env(STATEMENT, abort_at.to_string())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The scenario that is killed, where this process was started to be.
pub fn as_victim() -> Option<ExitCode> {
    let said = |name: &str| std::env::var(name).ok();
    let abort_at = said(STATEMENT)?.parse().ok()?;
    let directory = said(DIRECTORY)?;
    let user = said(USER)?.parse().ok()?;
    let stripe = said(STRIPE)?;
    runtime().block_on(scenario(
        said(URL)?,
        Path::new(&directory),
        &stripe,
        user,
        abort_at,
    ));
    Some(ExitCode::SUCCESS)
}

/// A purchase is started, paid, settled, and in part refunded.
async fn scenario(url: String, directory: &Path, stripe: &str, user: UserId, abort_at: u64) {
    let fake = Fake::at(stripe);
    let options = StoreOptions {
        abort_at_statement: Some(abort_at),
        ..StoreOptions::new(url.clone())
    };
    let store = Store::open(options).await.unwrap();
    let clock = Arc::new(ManualClock::new(START));
    // No two victims draw the same identifiers.
    let seed = 1_000_000 + u64::from(std::process::id());
    let services = services_with(&store, &clock, directory, seed, selling(stripe));
    let user = services.accounts.view(&user).await.unwrap();
    let billing = &services.billing;
    let checkout = billing
        .buy(&user, dollars(5), &billing_page(), &origin())
        .await
        .unwrap();
    let session = session_of(&checkout);
    fake.pay(&session).await;
    fake.refund(&session, 200).await;
    let here = origin();
    for delivery in fake.deliveries().await {
        let body = delivery.body.as_bytes();
        let settled = billing.settle(Some(&delivery.signature), body, &here);
        settled.await.unwrap();
    }
}
