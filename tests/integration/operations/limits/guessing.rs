//! Guessing passwords and codes, as the answers say it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clara::domain::randomness::{Randomness, SystemRandomness};
use serde_json::json;

use super::{ELSEWHERE, HERE, PASSWORD, TestContext, seconds_to_wait};

const ADA: &str = "ada@example.org";
const WRONG_CODE: &str = "000001";

impl TestContext {
    /// Has a new password set with a code.
    async fn change(&self, email: &str, code: &str, address: &str) -> super::Answer {
        let arguments = json!({"user_email": email, "password": "nine lamps of tin", "code": code});
        let key = Some(self.public_key());
        self.call("auth_change_password", arguments, key, address)
            .await
    }

    async fn send(&self, email: &str, purpose: &str, address: &str) -> super::Answer {
        let arguments = json!({"user_email": email, "otp_type": purpose});
        let key = Some(self.public_key());
        self.call("auth_send_otp", arguments, key, address).await
    }
}

#[tokio::test]
async fn the_sixth_wrong_password_says_when_to_come_again() {
    let app = TestContext::new("0").await;
    app.session(ADA).await;
    for _ in 0..5 {
        assert_eq!(app.sign_in(ADA, "wrong", HERE).await.status, 401);
    }
    let refused = app.sign_in(ADA, PASSWORD, HERE).await;
    let wait = seconds_to_wait(&refused, "wrong passwords for this account");
    assert_eq!(wait, Duration::from_secs(1));
    assert!(refused.next().unwrap().contains("auth_change_password"));
    assert_eq!(app.sign_in(ADA, PASSWORD, ELSEWHERE).await.status, 200);
    app.clock.advance(wait);
    assert_eq!(app.sign_in(ADA, PASSWORD, HERE).await.status, 200);
}

#[tokio::test]
async fn a_network_waits_for_one_account_without_using_up_its_tries_at_others() {
    let app = TestContext::new("0").await;
    app.session(ADA).await;
    for _ in 0..30 {
        app.sign_in(ADA, "wrong", HERE).await;
    }
    for number in 0..5 {
        let email = format!("user{number}@example.org");
        assert_eq!(app.sign_in(&email, PASSWORD, HERE).await.status, 401);
    }
    let refused = app.sign_in("last@example.org", PASSWORD, HERE).await;
    seconds_to_wait(&refused, "wrong sign-ins");
}

#[tokio::test]
async fn wrong_codes_count_with_wrong_sign_ins_whatever_the_account() {
    let app = TestContext::new("0").await;
    for number in 0..4 {
        app.session(&format!("user{number}@example.org")).await;
    }
    app.sign_in("nobody@example.org", PASSWORD, HERE).await;
    for number in 0..9 {
        let email = format!("user{}@example.org", number % 4);
        let arguments = json!({"user_email": email, "code": WRONG_CODE});
        let key = Some(app.public_key());
        let answer = if number % 2 == 0 {
            app.call("auth_activate", arguments, key, HERE).await
        } else {
            app.change(&email, WRONG_CODE, HERE).await
        };
        assert_eq!(answer.status, 401, "{number}");
    }
    let refused = app.change("user0@example.org", WRONG_CODE, HERE).await;
    let wait = seconds_to_wait(&refused, "wrong sign-ins or codes");
    let elsewhere = app.change("user0@example.org", WRONG_CODE, ELSEWHERE).await;
    assert_eq!(elsewhere.status, 401);
    app.clock.advance(wait);
    let again = app.change("user0@example.org", WRONG_CODE, HERE).await;
    assert_eq!(again.status, 401);
    // The operator's own front end asks for everybody.
    let operator = Some(app.private_key());
    for _ in 0..15 {
        let arguments = json!({"user_email": "user1@example.org", "code": WRONG_CODE});
        let answer = app
            .call("auth_activate", arguments, operator, ELSEWHERE)
            .await;
        assert_eq!(answer.status, 401);
    }
}

#[tokio::test]
async fn codes_that_would_switch_a_second_factor_count_with_them() {
    let app = TestContext::new("0").await;
    // Sessions that somebody came by: each code has its own tries, and all of them are this address's.
    let mut sessions = Vec::new();
    for number in 0..4 {
        let email = format!("user{number}@example.org");
        sessions.push(app.session(&email).await);
        app.activate(&email).await;
    }
    let try_one = async |number: usize, address: &str| {
        let tools = ["auth_enable_2fa", "auth_disable_2fa"];
        let session = Some(sessions[number % 4].as_str());
        let wrong = json!({"code": WRONG_CODE});
        app.call(tools[number % 2], wrong, session, address).await
    };
    for number in 0..10 {
        let answer = try_one(number, HERE).await;
        assert_eq!(answer.status, 401, "{number}: {answer:?}");
    }
    let refused = try_one(10, HERE).await;
    seconds_to_wait(&refused, "wrong sign-ins or codes");
    assert_eq!(try_one(11, ELSEWHERE).await.status, 401);
}

#[tokio::test]
async fn asking_again_gives_fifty_guesses_a_day_at_most() {
    let app = TestContext::new("0").await;
    app.session(ADA).await;
    // A code counts its tries, so a guess is made where the count grew: each right one is looked up.
    let mut guesses = Vec::new();
    for minute in 0..3 * 24 * 60_u32 {
        // Whoever has many addresses asks for a new code each minute, and tries six times.
        let address = format!("198.51.{}.{}", minute / 250 % 250, minute % 250);
        let sent = app.send(ADA, "CHANGE_PASSWORD", &address).await;
        if sent.status == 201 {
            for _ in 0..6 {
                assert_eq!(app.change(ADA, WRONG_CODE, &address).await.status, 401);
            }
            guesses.extend([minute; 5]);
        }
        app.clock.advance(Duration::from_mins(1));
    }
    let in_any_day = guesses.iter().map(|begin| {
        let day = begin..&(begin + 24 * 60);
        guesses.iter().filter(|minute| day.contains(minute)).count()
    });
    assert_eq!(in_any_day.max(), Some(50));
}

/// How often anything was drawn.
#[derive(Default)]
struct Draws(AtomicUsize);

impl Randomness for Draws {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fetch_add(1, Ordering::SeqCst);
        SystemRandomness.fill(bytes);
    }
}

#[tokio::test]
async fn no_salt_is_drawn_for_a_password_that_is_too_long() {
    let draws = Arc::new(Draws::default());
    let app = TestContext::drawing(&[("RATE_LIMIT", "0")], draws.clone()).await;
    let register = async |password: &str| {
        let arguments = json!({
            "email": ADA, "password": password, "first_name": "Ada", "last_name": "Marsh"
        });
        let key = Some(app.public_key());
        let before = draws.0.load(Ordering::SeqCst);
        let answer = app.call("auth_register", arguments, key, HERE).await;
        (answer.status, draws.0.load(Ordering::SeqCst) - before)
    };
    // Nothing is wrong with it but its last character.
    let longest = "quiet harbour 31".repeat(8);
    let long = format!("{longest}x");
    assert_eq!(register(&long).await, (400, 0));
    // Of the longest that is taken there is a hash, and so a salt.
    let (status, salted) = register(&longest).await;
    assert!(status == 201 && salted > 0, "{status}, {salted} draws");
    assert_eq!(app.send(ADA, "CHANGE_PASSWORD", HERE).await.status, 201);
    let before = draws.0.load(Ordering::SeqCst);
    let change = json!({"user_email": ADA, "password": long, "code": WRONG_CODE});
    let key = Some(app.public_key());
    let answer = app.call("auth_change_password", change, key, HERE).await;
    assert_eq!(
        (answer.status, draws.0.load(Ordering::SeqCst)),
        (400, before)
    );
}

#[tokio::test]
async fn a_password_is_refused_by_name_before_it_costs_anything() {
    let app = TestContext::with(&[
        ("RATE_LIMIT", "0"),
        ("PASSWORD_MIN", "12"),
        ("PUBLIC_URL", "https://facts.harbour.example"),
    ])
    .await;
    let key = app.public_key().to_owned();
    let long = "x".repeat(129);
    let cases = [
        ("short", "must be 8 to 128 characters"),
        (
            "quiet\0harbour lantern",
            "must not contain the character NUL",
        ),
        (long.as_str(), "must be 8 to 128 characters"),
        ("kX9!vQ2z", "must be 12 to 128 characters"),
        ("password1234", "is too easy to guess"),
        ("facts.harbour.example", "must not be made of your address"),
    ];
    for (number, (password, words)) in cases.into_iter().enumerate() {
        let arguments = json!({
            "email": ADA, "password": password, "first_name": "Ada", "last_name": "Marsh"
        });
        let address = format!("192.0.2.{number}");
        let answer = app
            .call("auth_register", arguments, Some(&key), &address)
            .await;
        assert_eq!(answer.status, 400, "{words}");
        let problems = answer.data["errors"].as_array().unwrap();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0]["field"], "password");
        let problem = problems[0]["problem"].as_str().unwrap();
        assert!(problem.starts_with(words), "{problem}");
        assert!(!problem.contains(password), "{problem}");
    }
}
