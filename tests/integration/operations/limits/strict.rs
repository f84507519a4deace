//! The strict limits: sign-ins, keys, codes and registrations.

use std::time::Duration;

use clara::domain::page::Page;
use clara::services::Origin;
use clara::services::throttling::Limit;
use serde_json::json;
use sqlx::Connection as _;

use super::{ELSEWHERE, HERE, PASSWORD, TestContext, seconds_to_wait};

#[tokio::test]
async fn five_wrong_keys_a_minute_and_then_not_even_the_right_one() {
    let app = TestContext::new("0").await;
    let right = app.public_key().to_owned();
    for number in 0..5 {
        let wrong = format!("{number}{right}");
        let wrong = app.call("auth_register", json!({}), Some(&wrong), HERE);
        assert_eq!(wrong.await.status, 401);
    }
    let refused = app
        .call("auth_register", json!({}), Some("wrong"), HERE)
        .await;
    let wait = seconds_to_wait(&refused, "wrong keys");
    assert_eq!(wait, Duration::from_mins(1));
    for key in [&right, app.private_key()] {
        let blocked = app.call("auth_register", json!({}), Some(key), HERE).await;
        assert_eq!(blocked.status, 429);
        let other = app
            .call("auth_register", json!({}), Some(key), ELSEWHERE)
            .await;
        assert_eq!(other.status, 400);
    }
    app.clock.advance(wait);
    let again = app
        .call("auth_register", json!({}), Some(&right), HERE)
        .await;
    assert_eq!(again.status, 400);
}

#[tokio::test]
async fn a_48_has_sixteen_allowances_and_no_more() {
    let app = TestContext::new("0").await;
    let wrong = async |address: String| {
        let call = app.call("auth_register", json!({}), Some("wrong"), &address);
        call.await.status
    };
    // Each from a /64 of its own: four times five in one /56, sixteen times five in the whole /48.
    for number in 0..20 {
        assert_eq!(wrong(format!("2001:db8:1:{number:x}::1")).await, 401);
    }
    assert_eq!(wrong("2001:db8:1:ff::1".to_owned()).await, 429, "a /56");
    for number in 0..60 {
        let address = format!("2001:db8:1:{:x}::1", 0x100 * (number + 1));
        assert_eq!(wrong(address).await, 401, "{number}");
    }
    assert_eq!(wrong("2001:db8:1:ff00::1".to_owned()).await, 429, "a /48");
    assert_eq!(wrong("2001:db8:2:1::1".to_owned()).await, 401, "another");
    app.clock.advance(Duration::from_mins(1));
    assert_eq!(wrong("2001:db8:1:ff::1".to_owned()).await, 401);
}

#[tokio::test]
async fn what_a_larger_network_refuses_is_not_counted() {
    let app = TestContext::new("0").await;
    let limits = &app.context.services.limits;
    let count = async |address: &str| {
        let address: std::net::IpAddr = address.parse().unwrap();
        let taken = limits.acquire(Limit::DeploymentKey, address, || Origin::inside("test"));
        taken.await.is_ok()
    };
    for number in 0..20 {
        assert!(count(&format!("2001:db8:1:{number:x}::1")).await);
    }
    let refused = "2001:db8:1:ff::1";
    for _ in 0..10 {
        assert!(!count(refused).await);
    }
    app.clock.advance(Duration::from_mins(1));
    for _ in 0..5 {
        assert!(count(refused).await);
    }
    assert!(!count(refused).await);
}

#[tokio::test]
async fn an_address_signs_in_wrongly_ten_times_a_minute_whatever_the_account() {
    let app = TestContext::new("0").await;
    app.session("ada@example.org").await;
    for number in 0..10 {
        let email = format!("user{number}@example.org");
        assert_eq!(app.sign_in(&email, PASSWORD, HERE).await.status, 401);
    }
    let refused = app.sign_in("ada@example.org", PASSWORD, HERE).await;
    let wait = seconds_to_wait(&refused, "wrong sign-ins");
    let elsewhere = app.sign_in("ada@example.org", PASSWORD, ELSEWHERE).await;
    assert_eq!(elsewhere.status, 200);
    app.clock.advance(wait);
    let again = app.sign_in("ada@example.org", PASSWORD, HERE).await;
    assert_eq!(again.status, 200);
    let trail = app
        .context
        .services
        .store
        .audit_trail(None, Page::default());
    let trail = trail.await.unwrap();
    let hits = trail.iter().filter(|entry| entry.event == "limit_hit");
    let hits: Vec<_> = hits.collect();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].address.as_deref(), Some(HERE));
    assert!(hits[0].details.contains("sign_in"), "{}", hits[0].details);
}

#[tokio::test]
async fn right_sign_ins_are_not_counted() {
    let app = TestContext::new("0").await;
    app.session("ada@example.org").await;
    for _ in 0..15 {
        let signed_in = app.sign_in("ada@example.org", PASSWORD, HERE).await;
        assert_eq!(signed_in.status, 200);
    }
}

#[tokio::test]
async fn a_mailbox_gets_a_code_a_minute_five_an_hour_and_ten_a_day() {
    let app = TestContext::new("0").await;
    let email = "ada@example.org";
    app.session(email).await;
    let key = app.public_key().to_owned();
    let before = app.mails_to(email);
    let first = app.send_code(email, &key, ELSEWHERE).await;
    assert_eq!(first.status, 201);
    let stranger = "203.0.113.9";
    let refused = app.send_code("ADA@example.org", &key, stranger).await;
    let wait = seconds_to_wait(&refused, "one mail address");
    assert_eq!(wait, Duration::from_mins(1));
    // Every five minutes for a day, each time from another address.
    let mut sent = 1;
    for round in 1..288_u32 {
        app.clock.advance(Duration::from_mins(5));
        let address = format!("203.0.113.{}", round % 250);
        let answer = app.send_code(email, &key, &address).await;
        sent += usize::from(answer.status == 201);
        match round {
            4..=11 => assert_eq!(sent, 5),
            16..=287 => assert_eq!(sent, 10),
            _ => {}
        }
    }
    assert_eq!(app.mails_to(email) - before, 10);
}

#[tokio::test]
async fn a_caller_has_twenty_codes_sent_an_hour_to_whomever() {
    let app = TestContext::new("0").await;
    let key = app.public_key().to_owned();
    for number in 0..20 {
        let email = format!("nobody{number}@example.org");
        assert_eq!(app.send_code(&email, &key, HERE).await.status, 404);
    }
    let refused = app.send_code("one@example.org", &key, HERE).await;
    let wait = seconds_to_wait(&refused, "one caller");
    let elsewhere = app.send_code("one@example.org", &key, ELSEWHERE).await;
    assert_eq!(elsewhere.status, 404);
    let operator = app.private_key().to_owned();
    let operator = app.send_code("two@example.org", &operator, HERE).await;
    assert_eq!(operator.status, 404);
    app.clock.advance(wait);
    let again = app.send_code("one@example.org", &key, HERE).await;
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn an_address_makes_five_accounts_an_hour_and_twenty_a_day() {
    let app = TestContext::new("0").await;
    let mut made = 0;
    for hour in 0..24 {
        for number in 0..6 {
            let email = format!("user{hour}.{number}@example.org");
            // A refused one counts: it says that there is an account.
            let email = if number == 1 {
                "user0.0@example.org"
            } else {
                &email
            };
            let answer = app.register(email, HERE).await;
            made += usize::from(answer.status != 429);
        }
        assert_eq!(made, ((hour + 1) * 5).min(20));
        app.clock.advance(Duration::from_hours(1));
    }
    let elsewhere = app.register("else@example.org", ELSEWHERE).await;
    assert_eq!(elsewhere.status, 201);
}

#[tokio::test]
async fn a_spray_over_a_thousand_accounts_gets_ten_tries_a_minute_and_a_hundred_an_hour() {
    let app = TestContext::new("0").await;
    app.accounts(1_000).await;
    let wrong_guess = "seven mossy kettles";
    let mut compared: Vec<u32> = Vec::new();
    for number in 0..1_000_u32 {
        let email = format!("user{number}@example.org");
        let answer = app.sign_in(&email, wrong_guess, HERE).await;
        match answer.status {
            401 => compared.push(6 * number),
            status => assert_eq!(status, 429, "{email}"),
        }
        app.clock.advance(Duration::from_secs(6));
    }
    // The last try is made 5,994 seconds after the first.
    let within = |begin: u32, seconds: u32| {
        let window = begin..begin + seconds;
        compared.iter().filter(|at| window.contains(at)).count()
    };
    assert_eq!(within(0, 3_600), 100);
    for begin in (0..6_000).step_by(6) {
        assert!(within(begin, 60) <= 10, "{begin}");
        assert!(within(begin, 3_600) <= 100, "{begin}");
    }
    assert_eq!(compared.len(), 200);
    // Each that was not refused is in the trail as a wrong sign-in, and no other.
    let looked_at = app.count("SELECT COUNT(*) FROM audit_entries WHERE event = 'sign_in_refused'");
    assert_eq!(looked_at.await, 200);
    let right = app.sign_in("user7@example.org", PASSWORD, ELSEWHERE).await;
    assert_eq!(right.status, 200, "the accounts are real");
}

impl TestContext {
    /// So many accounts of the same password, made past the front door, where it would take days.
    async fn accounts(&self, number: u32) {
        self.session("user0@example.org").await;
        let copies = "WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < $1) \
             INSERT INTO users (id, email, email_key, password_hash, is_active, created_at, updated_at) \
             SELECT 'user_' || printf('%032x', value), 'user' || value || '@example.org', 'user' || value || '@example.org', \
             password_hash, TRUE, 0, 0 FROM n, users WHERE email = 'user0@example.org'";
        let mut connection = self.database().await;
        let made = sqlx::query(copies).bind(number - 1);
        made.execute(&mut connection).await.unwrap();
        assert_eq!(
            self.count("SELECT COUNT(*) FROM users").await,
            i64::from(number)
        );
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let mut connection = self.database().await;
        let counted = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
        counted.unwrap()
    }

    async fn database(&self) -> sqlx::SqliteConnection {
        let path = self.context.settings.data_dir.join("clara.db");
        let url = format!("sqlite://{}", path.display());
        sqlx::SqliteConnection::connect(&url).await.unwrap()
    }
}
