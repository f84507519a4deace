//! The limits on calls: ten a second and credential, five a second and address without one.

use std::sync::Arc;
use std::time::Duration;

use clara::operations::caller::{CallContext, CallControl, Face, RawCredential};
use clara::operations::dispatch::{Request, dispatch};
use clara::operations::registry::find;
use clara::services::throttling::Limit;
use serde_json::json;

use super::{ELSEWHERE, HERE, PASSWORD, TestContext, passed, seconds_to_wait};

#[tokio::test]
async fn a_credential_gets_ten_calls_at_once_and_then_ten_a_second() {
    let app = TestContext::new("10").await;
    let ada = app.session("ada@example.org").await;
    let bob = app.session("bob@example.org").await;
    // From wherever it comes.
    let mut statuses = app.statuses(7, "user_view", Some(&ada), HERE).await;
    statuses.extend(app.statuses(8, "user_view", Some(&ada), ELSEWHERE).await);
    assert_eq!(statuses[..10], [200; 10]);
    assert_eq!(statuses[10..], [429; 5]);
    assert_eq!(
        app.statuses(10, "user_view", Some(&bob), HERE).await,
        [200; 10]
    );
    for _ in 0..3 {
        let refused = app.call("user_view", json!({}), Some(&ada), HERE).await;
        app.clock
            .advance(seconds_to_wait(&refused, "calls a second"));
        let again = app.statuses(15, "user_view", Some(&ada), HERE).await;
        assert_eq!(passed(&again), 10);
    }
    app.clock.advance(Duration::from_millis(100));
    let again = app.statuses(5, "user_view", Some(&ada), HERE).await;
    assert_eq!(passed(&again), 1);
}

/// Fifty sign-ins are not fifty times the calls.
#[tokio::test]
async fn sessions_of_one_account_share_its_calls() {
    let app = TestContext::new("10").await;
    let first = app.session("ada@example.org").await;
    let signed_in = app.sign_in("ada@example.org", PASSWORD, HERE).await;
    let second = format!("Bearer {}", signed_in.data["token"].as_str().unwrap());
    assert_ne!(first, second);
    let mut statuses = app.statuses(7, "user_view", Some(&first), HERE).await;
    statuses.extend(app.statuses(7, "user_view", Some(&second), HERE).await);
    assert_eq!(passed(&statuses), 10);
}

#[tokio::test]
async fn an_open_door_counts_by_credential_too_and_without_one_by_address() {
    let app = TestContext::new("10").await;
    let ada = app.session("ada@example.org").await;
    let named = app.statuses(30, "misc_version", Some(&ada), HERE).await;
    assert_eq!(passed(&named), 10);
    let nobody = app.statuses(30, "misc_version", None, HERE).await;
    assert_eq!(passed(&nobody), 20);
    let elsewhere = app.statuses(30, "misc_version", None, ELSEWHERE).await;
    assert_eq!(passed(&elsewhere), 20);
    app.clock.advance(Duration::from_secs(1));
    let nobody = app.statuses(30, "misc_version", None, HERE).await;
    assert_eq!(passed(&nobody), 5);
}

#[tokio::test]
async fn an_ipv6_customer_is_one_address() {
    let app = TestContext::new("10").await;
    let mut statuses = Vec::new();
    for host in 1..=40 {
        let address = format!("2001:db8:1:2::{host:x}");
        statuses.extend(app.statuses(1, "misc_version", None, &address).await);
    }
    assert_eq!(passed(&statuses), 20);
    let neighbour = app
        .statuses(1, "misc_version", None, "2001:db8:1:3::1")
        .await;
    assert_eq!(neighbour, [200]);
}

#[tokio::test]
async fn the_public_key_is_counted_for_each_address() {
    let app = TestContext::new("10").await;
    let key = app.public_key().to_owned();
    for address in [HERE, ELSEWHERE] {
        let statuses = app.statuses(15, "user_view", Some(&key), address).await;
        assert_eq!(statuses[..10], [401; 10]);
        assert_eq!(statuses[10..], [429; 5]);
    }
}

#[tokio::test]
async fn made_up_credentials_share_their_address_and_are_not_remembered() {
    let app = TestContext::new("10").await;
    let mut statuses = Vec::new();
    for number in 0..60 {
        let made_up = match number % 3 {
            0 => format!("Bearer clara_api_{number}.a.b"),
            1 => format!("Bearer clara_user_{number}.a.b"),
            _ => format!("Basic {number}"),
        };
        statuses.extend(app.statuses(1, "user_view", Some(&made_up), HERE).await);
    }
    assert_eq!(statuses[..20], [401; 20]);
    assert_eq!(statuses[20..], [429; 40]);
    let keys = app.context.services.store.counted_keys().await.unwrap();
    assert_eq!(keys, 1);
}

#[tokio::test]
async fn a_dead_token_is_counted_against_its_address_too() {
    let app = TestContext::new("10").await;
    let ada = app.session("ada@example.org").await;
    assert_eq!(
        app.call("auth_logout", json!({}), Some(&ada), HERE)
            .await
            .status,
        204
    );
    app.clock.advance(Duration::from_secs(1));
    let dead = app.statuses(10, "user_view", Some(&ada), HERE).await;
    assert_eq!(dead, [401; 10]);
    let nobody = app.statuses(20, "misc_version", None, HERE).await;
    assert_eq!(passed(&nobody), 10);
}

#[tokio::test]
async fn without_a_rate_only_the_strict_limits_hold() {
    let app = TestContext::new("0").await;
    let ada = app.session("ada@example.org").await;
    for who in [None, Some(ada.as_str())] {
        let statuses = app.statuses(100, "misc_version", who, HERE).await;
        assert_eq!(passed(&statuses), 100);
    }
    assert_eq!(app.context.services.store.counted_keys().await.unwrap(), 1);
}

#[tokio::test]
async fn whoever_sits_at_the_machine_is_not_counted() {
    let app = TestContext::new("10").await;
    let view = find("misc_version").unwrap();
    let send = find("auth_send_otp").unwrap();
    let register = find("auth_register").unwrap();
    let process = Arc::default();
    let mut statuses = Vec::new();
    for number in 0..30 {
        let email = format!("user{number}@example.org");
        let new = json!({
            "email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Marsh"
        });
        let code = json!({"user_email": email, "otp_type": "ACTIVATION"});
        let calls = [
            (register, new),
            (send, code.clone()),
            (send, code),
            (view, json!({})),
        ];
        for (entry, arguments) in calls.into_iter().skip(usize::from(number > 7) * 3) {
            let request = Request {
                call_context: CallContext {
                    raw_credential: RawCredential::Process(Arc::clone(&process)),
                    face: Face::Stdio,
                    address: None,
                    request_id: "r".into(),
                    call_control: CallControl::default(),
                },
                user_id: None,
                arguments: super::super::support::object(arguments),
            };
            statuses.push(dispatch(&app.context, entry, request).await.status);
        }
    }
    assert!(statuses.iter().all(|status| *status < 300), "{statuses:?}");
}

#[tokio::test]
async fn an_account_hands_in_1200_analyses_an_hour() {
    let app = TestContext::new("10").await;
    let email = "ada@example.org";
    let session = app.session(email).await;
    let outbox = app.context.settings.data_dir.join("outbox");
    let code = super::super::support::newest_code(&outbox, email).unwrap();
    let said = json!({"user_email": email, "code": code});
    let activated = app.call("auth_activate", said, Some(app.public_key()), HERE);
    assert_eq!(activated.await.status, 200);
    let limits = &app.context.services.limits;
    let accounts = &app.context.services.accounts;
    let user = accounts.view_by_address(&email.parse().unwrap()).await;
    let user_id = user.unwrap().id;
    for _ in 0..1_199 {
        let taken = limits.acquire(Limit::Submission, user_id.as_str(), || unreachable!());
        taken.await.unwrap();
    }
    let hand_in = async || {
        let said = json!({"text": "The bridge was opened in 1931.", "wait_seconds": 0});
        app.call("agent_analysis", said, Some(&session), HERE).await
    };
    assert_eq!(hand_in().await.status, 201);
    let refused = hand_in().await;
    let wait = seconds_to_wait(&refused, "analyses of one account");
    assert_eq!(wait, Duration::from_hours(1));
    app.clock.advance(wait);
    assert_eq!(hand_in().await.status, 201);
}
