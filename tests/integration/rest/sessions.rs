//! Where an account is signed in, as its owner sees it over REST, and what ending a session does to whoever holds its token.

use serde_json::{Value, json};

use super::support::app::{Account, PASSWORD, PRIVATE, PUBLIC, TestApp, basic};
use super::support::from_address;

const UNAUTHENTICATED: &str = "Authorization header or OTP is either missing, invalid or expired.";
const MISSING: &str = "Session with the given identifier does not exist.";

/// Signs in from an address of its own; the header.
async fn sign_in(app: &TestApp, person: &Account, number: u16) -> String {
    let (name, address) = from_address(number);
    let request = app
        .request("POST", "/auth/session", &basic(&person.email, PASSWORD))
        .header(name, address);
    let data = app
        .send(request)
        .await
        .data(200, "User logged in successfully.");
    format!("Bearer {}", data["token"].as_str().unwrap())
}

async fn sessions(app: &TestApp, person: &Account, proof: &str) -> Value {
    let listed = app.ask("GET", &person.at("/sessions"), proof).await;
    listed.data(200, "Sessions fetched successfully.")
}

async fn status(app: &TestApp, person: &Account, proof: &str) -> u16 {
    app.ask("GET", &person.at(""), proof).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_every_session_and_which_one_is_this() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let second = sign_in(&app, &ada, 7).await;
    let listed = sessions(&app, &ada, &second).await;
    let rows = listed.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let fields: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let documented = [
        "address",
        "created_at",
        "expires_at",
        "face",
        "id",
        "is_current",
    ];
    assert_eq!(fields, documented);
    assert_eq!(
        (&rows[0]["address"], &rows[0]["face"]),
        (&json!("10.20.0.7"), &json!("rest"))
    );
    let current = |rows: &Value| -> Vec<bool> {
        let rows = rows.as_array().unwrap();
        rows.iter()
            .map(|row| row["is_current"].as_bool().unwrap())
            .collect()
    };
    assert_eq!(current(&listed), [true, false]);
    assert_eq!(
        current(&sessions(&app, &ada, &ada.session).await),
        [false, true]
    );
    assert_eq!(
        current(&sessions(&app, &ada, PRIVATE).await),
        [false, false]
    );
    let part = app
        .ask("GET", &ada.at("/sessions?limit=1&offset=1"), &second)
        .await;
    assert_eq!(part.header("x-total-count"), "2");
    assert_eq!(
        part.data(200, "Sessions fetched successfully.")[0]["id"],
        rows[1]["id"]
    );
    // A token's own text never shows.
    assert!(!listed.to_string().contains("clara_user_"));
    for proof in ["", PUBLIC, &ada.key, &basic(&ada.email, PASSWORD)] {
        for method in ["GET", "DELETE"] {
            let refused = app.ask(method, &ada.at("/sessions"), proof).await;
            refused.data(401, UNAUTHENTICATED);
        }
    }
    let foreign = app.ask("GET", &ada.at("/sessions"), &bob.session).await;
    foreign.data(403, "You do not have access to the requested resource.");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_refused_in_the_next_call() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let stolen = sign_in(&app, &ada, 8).await;
    let ids = sessions(&app, &ada, &ada.session).await;
    let path = ada.at(&format!("/sessions/{}", ids[0]["id"].as_str().unwrap()));
    let bobs = sessions(&app, &bob, &bob.session).await;
    let bobs = ada.at(&format!("/sessions/{}", bobs[0]["id"].as_str().unwrap()));
    let nobodys = ada.at(&format!("/sessions/session_{}", "0".repeat(32)));
    for other in [&bobs, &nobodys] {
        let refused = app.ask("DELETE", other, &ada.session).await;
        refused.data(404, MISSING);
    }
    let ill = app
        .ask("DELETE", &ada.at("/sessions/1"), &ada.session)
        .await;
    assert_eq!(ill.fields(), ["session_id"]);
    let ended = app.ask("DELETE", &path, &ada.session).await;
    assert_eq!((ended.status, ended.text.as_str()), (204, ""));
    assert_eq!(status(&app, &ada, &stolen).await, 401);
    app.ask("DELETE", &path, &ada.session)
        .await
        .data(404, MISSING);
    assert_eq!(status(&app, &bob, &bob.session).await, 200);

    let others = [sign_in(&app, &ada, 9).await, sign_in(&app, &ada, 9).await];
    let ended = app.ask("DELETE", &ada.at("/sessions"), &ada.session).await;
    assert_eq!(ended.status, 204);
    for other in &others {
        assert_eq!(status(&app, &ada, other).await, 401);
    }
    assert_eq!(status(&app, &ada, &ada.session).await, 200);
    let ended = app
        .ask("DELETE", &ada.at("/sessions?reason=Lost"), PRIVATE)
        .await;
    assert_eq!(ended.status, 204);
    assert_eq!(status(&app, &ada, &ada.session).await, 401);
    assert_eq!(
        status(&app, &ada, &ada.key).await,
        200,
        "a key is no session"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_says_when_it_was_last_used() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let path = ada.at("/api_key");
    let view = async || {
        let viewed = app.ask("GET", &path, &ada.session).await;
        viewed.data(200, "API key fetched successfully.")["last_used_at"].clone()
    };
    assert_eq!(view().await, Value::Null);
    assert_eq!(status(&app, &ada, &ada.key).await, 200);
    assert!(view().await.as_str().unwrap().ends_with(" GMT"));
    for method in ["GET", "POST"] {
        let refused = app.ask(method, &path, &ada.key).await;
        refused.data(401, UNAUTHENTICATED);
    }
    let reset = app.ask("POST", &path, &ada.session).await;
    let reset = reset.data(201, "API key reset successfully.");
    assert_eq!(reset["last_used_at"], Value::Null);
    assert_eq!(status(&app, &ada, &ada.key).await, 401);
}
