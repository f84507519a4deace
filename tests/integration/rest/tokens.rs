//! Tokens and passwords that are no good, over REST: each gets the documented 401 or 403 and nothing more is found out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clara::services::crypto::keys::KeyPurpose;
use serde_json::{Value, json};

use super::forgery::{claims, forgeries, keys, signed};
use super::support::app::{PASSWORD, PRIVATE, PUBLIC, TestApp, basic};

const UNAUTHENTICATED: &str = "Authorization header or OTP is either missing, invalid or expired.";
const FORBIDDEN: &str = "You do not have access to the requested resource.";

/// No limit on made-up tokens, of which this is a flood.
const SETTINGS: [(&str, &str); 1] = [("CLARA_RATE_LIMIT", "0")];

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_or_borrowed_token_opens_nothing() {
    let app = TestApp::start(&SETTINGS);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let keys = keys(&app.folder.data());
    let all = forgeries(&keys, &ada.session, &ada.key, &bob.session);
    assert!(all.len() > 40);
    for (what, token) in all {
        let proof = format!("Bearer {token}");
        let answer = app.ask("GET", &ada.at(""), &proof).await;
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
        assert_eq!(answer.data(401, UNAUTHENTICATED), Value::Null, "{what}");
        let answer = app.tell_raw("PATCH", &ada.at(""), &proof, "][").await;
        assert_eq!(answer.status, 401, "{what}, before the body is looked at");
    }
    // What the forgeries are made of is good: the same key, claims and header open the door.
    let said = claims(&ada.session);
    let header = json!({"alg": "HS256", "jku": "https://evil.example/", "kid": "1", "jwk": {"kty": "oct", "k": "AA"}});
    let key = keys.signing(KeyPurpose::UserToken).expose();
    let genuine = format!("Bearer {}", signed("clara_user_", &header, &said, key));
    let answer = app.ask("GET", &ada.at(""), &genuine).await;
    assert_eq!(answer.status, 200, "a header decides nothing either way");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_longer_than_headers_may_be_gets_an_answer_at_once() {
    let app = TestApp::start(&SETTINGS);
    let ada = app.account("ada@example.org").await;
    for length in [20_000, 30_000, 100_000, 1_000_000] {
        let proof = format!("Bearer clara_user_{}", "a".repeat(length));
        let request = app.request("GET", &ada.at(""), &proof);
        // Past the limit the connection may be closed on who still sends.
        let Ok(answer) = request.send().await else {
            assert!(length > 32 * 1024, "{length}");
            continue;
        };
        let expected = if length < 32 * 1024 { 401 } else { 431 };
        assert_eq!(answer.status(), expected, "{length}");
    }
    let answer = app.ask("GET", &ada.at(""), &ada.session).await;
    assert_eq!(answer.status, 200, "and the server goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ended_is_dead_in_the_next_call() {
    let app = TestApp::start(&SETTINGS);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let path = ada.at("");
    let left = app.ask("DELETE", "/auth/session", &ada.session).await;
    assert_eq!(left.status, 204);
    for proof in [&ada.session, &format!("{} ", ada.session)] {
        let refused = app.ask("GET", &path, proof).await;
        refused.data(401, UNAUTHENTICATED);
    }
    let again = app.ask("DELETE", "/auth/session", &ada.session).await;
    again.data(401, UNAUTHENTICATED);
    assert_eq!(app.ask("GET", &path, &ada.key).await.status, 200);
    assert_eq!(app.ask("DELETE", &path, PRIVATE).await.status, 204);
    for proof in [&ada.session, &ada.key] {
        let refused = app.ask("GET", &path, proof).await;
        refused.data(401, UNAUTHENTICATED);
    }
    // Whoever has the address now is somebody else.
    let heir = app.account("ada@example.org").await;
    for proof in [&ada.session, &ada.key] {
        let refused = app.ask("GET", &heir.at(""), proof).await;
        refused.data(401, UNAUTHENTICATED);
    }
    let over = "UPDATE sessions SET expires_at = 1000 * (unixepoch('now') - 1)";
    tamper(&app, over).await;
    for (person, proof) in [(&heir, &heir.session), (&bob, &bob.session)] {
        let refused = app.ask("GET", &person.at(""), proof).await;
        refused.data(401, UNAUTHENTICATED);
    }
}

async fn tamper(app: &TestApp, sql: &'static str) {
    use sqlx::Connection as _;
    let url = format!("sqlite://{}/clara.db", app.folder.data().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// `User-Id` is never an identity by itself, and never another one's.
#[tokio::test(flavor = "multi_thread")]
async fn the_header_that_names_an_account_must_name_the_tokens_own() {
    let app = TestApp::start(&SETTINGS);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let ask = async |proof: &str, named: &[&str]| {
        let mut request = app.request("GET", &ada.at(""), proof);
        for id in named {
            request = request.header("user-id", *id);
        }
        app.send(request).await
    };
    for proof in [&ada.session, &ada.key] {
        let own = ask(proof, &[&ada.id]).await;
        own.data(200, "User fetched successfully.");
        let lower = ada.id.to_uppercase();
        for other in [&bob.id, &lower, "user_1", "x", ""] {
            let refused = ask(proof, &[other]).await;
            assert_eq!(refused.status, 403, "{other}");
            refused.data(403, FORBIDDEN);
        }
        let twice = ask(proof, &[&ada.id, &bob.id]).await;
        assert_eq!(twice.status, 403);
    }
    for proof in ["", PUBLIC, "Bearer clara_user_x"] {
        let refused = ask(proof, &[&ada.id]).await;
        refused.data(401, UNAUTHENTICATED);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_read_to_its_end_and_nothing_else_is_a_password() {
    let app = TestApp::start(&SETTINGS);
    let email = "ada@example.org";
    let odd = "pa:ss: wörd : ";
    let new = json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": odd});
    let registered = app.tell("POST", "/auth/register", PUBLIC, &new).await;
    registered.data(201, "User registered successfully.");
    let signed_in = app.ask("POST", "/auth/session", &basic(email, odd)).await;
    signed_in.data(200, "User logged in successfully.");
    let encoded = |pair: &[u8]| format!("Basic {}", STANDARD.encode(pair));
    let pair = format!("{email}:{odd}");
    let whole = encoded(pair.as_bytes());
    let refused = [
        ("cut at its colon", encoded(b"ada@example.org:pa")),
        ("trimmed", basic(email, odd.trim())),
        ("without a colon", encoded(b"ada@example.org")),
        ("without anything", "Basic ".to_owned()),
        ("an empty pair", encoded(b":")),
        ("without an address", encoded(format!(":{odd}").as_bytes())),
        ("no base64", "Basic !!!!".to_owned()),
        (
            "base64 without its padding",
            whole.trim_end_matches('=').to_owned() + "*",
        ),
        (
            "base64 with a space in it",
            whole[..12].to_owned() + " " + &whole[12..],
        ),
        ("no UTF-8", encoded(b"ada@example.org:\xff\xfe")),
        ("Latin-1", encoded(b"ada@example.org:pa:ss: w\xf6rd : ")),
        ("a NUL", encoded(b"ada@example.org:pa\0ss")),
        ("a line break", encoded(b"ada@example.org\r\n:pa:ss")),
        ("long", basic(email, &"x".repeat(20_000))),
        ("a token in it", basic("clara_user_x", "clara_user_x")),
        ("in clear", format!("Basic {pair}").replace('ö', "o")),
        (
            "another scheme",
            format!("Digest {}", &whole["Basic ".len()..]),
        ),
    ];
    for (number, (what, proof)) in (40_u16..).zip(&refused) {
        let (name, address) = super::support::from_address(number);
        let request = app.request("POST", "/auth/session", proof);
        let answer = app.send(request.header(name, address)).await;
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
        assert_eq!(answer.data(401, UNAUTHENTICATED), Value::Null, "{what}");
    }
    // A password proves nothing but itself, and only to log in.
    let person = app.account("bob@example.org").await;
    let proof = basic(&person.email, PASSWORD);
    let elsewhere = app.ask("GET", &person.at(""), &proof).await;
    elsewhere.data(401, UNAUTHENTICATED);
}
