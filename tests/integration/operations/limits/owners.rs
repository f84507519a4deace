//! What strangers do is counted apart from what an owner does: nobody is kept out of their account by being asked about.

use std::time::Duration;

use serde_json::json;

use super::{ELSEWHERE, HERE, TestContext, seconds_to_wait};

const ADA: &str = "ada@example.org";
/// Where accounts are made in these tests.
const HOME: &str = "198.51.100.1";

#[tokio::test]
async fn strangers_who_use_up_a_days_codes_leave_the_owner_theirs() {
    for hides in ["false", "true"] {
        let app = TestContext::with(&[("RATE_LIMIT", "0"), ("HIDE_ACCOUNTS", hides)]).await;
        app.session(ADA).await;
        let key = app.public_key().to_owned();
        let before = app.mails_to(ADA);
        for round in 0..40_u32 {
            app.clock.advance(Duration::from_mins(15));
            let address = format!("203.0.113.{round}");
            app.send_code(ADA, &key, &address).await;
            app.context.services.background.finish().await;
        }
        assert_eq!(app.mails_to(ADA) - before, 10, "what strangers get a day");
        assert_eq!(app.send_code(ADA, &key, HOME).await.status, 201);
        app.context.services.background.finish().await;
        assert_eq!(app.mails_to(ADA) - before, 11, "from the owner's network");
    }
}

#[tokio::test]
async fn an_owner_who_is_signed_in_has_codes_of_their_own_wherever_they_are() {
    let app = TestContext::new("0").await;
    let bearer = app.session(ADA).await;
    let key = app.public_key().to_owned();
    let stranger = "203.0.113.9";
    assert_eq!(app.send_code(ADA, &key, stranger).await.status, 201);
    assert_eq!(app.send_code(ADA, &key, ELSEWHERE).await.status, 429);
    assert_eq!(app.send_code(ADA, &bearer, ELSEWHERE).await.status, 201);
    let refused = app.send_code(ADA, &bearer, ELSEWHERE).await;
    assert_eq!(
        seconds_to_wait(&refused, "one mail address"),
        Duration::from_mins(1)
    );
}

#[tokio::test]
async fn asking_who_has_an_account_counts_with_every_way_of_asking() {
    let app = TestContext::new("0").await;
    app.session(ADA).await;
    let key = app.public_key().to_owned();
    let ask = async |tool: &str, number: u32| {
        let email = format!("user{number}@example.org");
        let arguments = match tool {
            "auth_activate" => json!({"user_email": email, "code": "123456"}),
            _ => {
                json!({"user_email": email, "code": "123456", "password": "nine lamps of tin"})
            }
        };
        app.call(tool, arguments, Some(&key), ELSEWHERE).await
    };
    for number in 0..5 {
        assert_eq!(ask("auth_activate", number).await.status, 404);
        assert_eq!(ask("auth_change_password", number).await.status, 404);
    }
    let refused = ask("auth_activate", 9).await;
    let wait = seconds_to_wait(&refused, "wrong sign-ins or codes");
    assert_eq!(wait, Duration::from_mins(1));
}

#[tokio::test]
async fn a_flood_hides_no_guess_at_the_keys_of_the_deployment() {
    let app = TestContext::new("10").await;
    let right = app.public_key().to_owned();
    // Nothing is left of what an address may do without a credential.
    for _ in 0..20 {
        app.call(
            "auth_register",
            json!({}),
            Some("Bearer made.up.token"),
            HERE,
        )
        .await;
    }
    for number in 0..6 {
        let wrong = format!("{number}{right}");
        let guess = app.call("auth_register", json!({}), Some(&wrong), HERE);
        assert_eq!(guess.await.status, 429);
    }
    let blocked = app.call("auth_register", json!({}), Some(&right), HERE);
    let blocked = blocked.await;
    seconds_to_wait(&blocked, "wrong keys");
    let other = app.call("auth_register", json!({}), Some(&right), ELSEWHERE);
    assert_eq!(other.await.status, 400);
}
