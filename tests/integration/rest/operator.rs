//! The operator's calls: what the private key does that no other credential can, and that the books show it.

use clara::domain::page::Page;
use clara::store::{Store, StoreOptions};
use serde_json::{Value, json};

use super::support::app::{PRIVATE, PUBLIC, TestApp};

const UNAUTHENTICATED: &str = "Authorization header or OTP is either missing, invalid or expired.";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_private_key_opens_the_operators_calls() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let balance = json!({"credits": 1});
    for proof in ["", PUBLIC, &ada.session, &ada.key, "Bearer nonsense"] {
        app.ask("GET", "/users", proof)
            .await
            .data(401, UNAUTHENTICATED);
        app.tell("PUT", &ada.at("/credits"), proof, &balance)
            .await
            .data(401, UNAUTHENTICATED);
        // The owner may, with the password; here it is wrong.
        let guess = json!({"password": "a wrong guess", "operator": "eve"});
        app.tell("DELETE", &ada.at(""), proof, &guess)
            .await
            .data(401, UNAUTHENTICATED);
    }
    assert!((app.credits(&ada).await - 100.0).abs() < f64::EPSILON);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_listed_newest_first_with_their_number() {
    let app = TestApp::start(&[]);
    for email in ["a@example.org", "b@example.org", "c@example.org"] {
        app.account(email).await;
    }
    let page = app.ask("GET", "/users?limit=2&offset=1", PRIVATE).await;
    assert_eq!(page.header("x-total-count"), "3");
    let page = page.data(200, "Users fetched successfully.");
    let emails: Vec<&str> = page
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["email"].as_str().unwrap())
        .collect();
    assert_eq!(emails, ["b@example.org", "a@example.org"]);
    let fields: Vec<&String> = page[0].as_object().unwrap().keys().collect();
    let documented = [
        "created_at",
        "credits",
        "email",
        "first_name",
        "id",
        "is_2fa_enabled",
        "is_active",
        "is_dark_mode",
        "last_name",
        "updated_at",
    ];
    assert_eq!(fields, documented);
    assert_eq!(
        app.ask("GET", "/users?limit=101", PRIVATE).await.fields(),
        ["limit"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_balance_is_one_row_of_the_difference() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    for (credits, kind, difference, words) in [
        (
            json!(12.34),
            "DEBIT",
            87.66,
            "Admin updated credits from 100 to 12.34.",
        ),
        (
            json!(500),
            "CREDIT",
            487.66,
            "Admin updated credits from 12.34 to 500.",
        ),
        (
            json!(0.0),
            "DEBIT",
            500.0,
            "Admin updated credits from 500 to 0.",
        ),
    ] {
        let set = app
            .tell(
                "PUT",
                &ada.at("/credits"),
                PRIVATE,
                &json!({"credits": credits}),
            )
            .await;
        let user = set.data(200, "User's credits updated successfully.");
        assert_eq!(user["credits"].as_f64(), credits.as_f64());
        let newest = app
            .ask("GET", &ada.at("/transactions?limit=1"), &ada.key)
            .await;
        let newest = newest.data(200, "Transactions fetched successfully.")[0].clone();
        assert_eq!(
            (
                &newest["type"],
                &newest["description"],
                &newest["value_in_credits"]
            ),
            (&json!(kind), &json!(words), &json!(difference))
        );
    }
    let rows = app
        .ask("GET", &ada.at("/transactions"), &ada.key)
        .await
        .header("x-total-count")
        .to_owned();
    app.tell("PUT", &ada.at("/credits"), PRIVATE, &json!({"credits": 0}))
        .await
        .data(200, "User's credits updated successfully.");
    for bad in [
        json!(-1),
        json!(0.001),
        json!("5"),
        json!(1e12),
        Value::Null,
        json!([1]),
    ] {
        let answer = app
            .tell(
                "PUT",
                &ada.at("/credits"),
                PRIVATE,
                &json!({"credits": bad}),
            )
            .await;
        assert_eq!(answer.fields(), ["credits"], "{bad}");
    }
    let after = app.ask("GET", &ada.at("/transactions"), &ada.key).await;
    assert_eq!(after.header("x-total-count"), rows, "no difference, no row");
}

/// What the trail holds of the operator's acts, newest first.
async fn acts(app: &TestApp) -> Vec<(String, Value)> {
    let url = format!("sqlite://{}/clara.db", app.folder.data().display());
    let store = Store::open(StoreOptions::new(url)).await.unwrap();
    let trail = store.audit_trail(None, Page::default()).await.unwrap();
    store.close().await;
    let details = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let acts = trail
        .into_iter()
        .map(|row| (row.event, details(&row.details)));
    acts.filter(|(_, details)| details.get("operator").is_some())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_goes_up_and_down_by_so_much() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let path = ada.at("/credits");
    let message = "User's credits changed successfully.";
    let signed = json!({"change": 50, "operator": "grace", "reason": "Ticket 4711"});
    let up = app.tell("PATCH", &path, PRIVATE, &signed).await;
    let up = up.data(200, message);
    assert_eq!(
        (&up["user_id"], &up["before"], &up["after"]),
        (&json!(ada.id), &json!(100.0), &json!(150.0))
    );
    let entry = up["transaction_id"].as_str().unwrap();
    let entry = app
        .ask("GET", &ada.at(&format!("/transactions/{entry}")), &ada.key)
        .await
        .data(200, "Transaction fetched successfully.");
    assert_eq!(
        entry["description"],
        "Admin updated credits from 100 to 150."
    );
    let (event, details) = acts(&app).await.remove(0);
    assert_eq!(
        (event.as_str(), &details["operator"]),
        ("credits_moved", &json!("grace"))
    );
    assert_eq!(details["reason"], "Ticket 4711");
    let down = app
        .tell("PATCH", &path, PRIVATE, &json!({"change": -150}))
        .await;
    assert_eq!(down.data(200, message)["after"], 0.0);
    let set = app
        .tell("PATCH", &path, PRIVATE, &json!({"credits": 0}))
        .await;
    assert_eq!(set.data(200, message)["transaction_id"], Value::Null);
    for (bad, fields) in [
        (json!({"change": -0.01}), &["change"][..]),
        (json!({"change": 0}), &["change"]),
        (json!({"change": 0.001}), &["change"]),
        (json!({"change": "5"}), &["change"]),
        (json!({"change": 1e12}), &["change"]),
        (json!({"change": 1, "credits": 1}), &["change", "credits"]),
        (json!({"reason": "Nothing"}), &["change", "credits"]),
        (
            json!({"change": 1, "reason": "ada@example.org"}),
            &["reason"],
        ),
        (json!({"change": 1, "operator": "a\nb"}), &["operator"]),
    ] {
        let answer = app.tell("PATCH", &path, PRIVATE, &bad).await;
        assert_eq!(answer.fields(), fields, "{bad}");
    }
    assert!(app.credits(&ada).await.abs() < f64::EPSILON);
    let refused = app.tell("PATCH", &path, &ada.session, &signed).await;
    refused.data(401, UNAUTHENTICATED);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_are_listed_checked_and_gone_on_with() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    let fetched = "Transactions fetched successfully.";
    let first = app.ask("GET", "/transactions?limit=1", PRIVATE).await;
    assert_eq!(first.header("x-total-count"), "2");
    let first = first.data(200, fetched);
    assert_eq!(first[0]["user_id"], json!(bob.id));
    app.account("cy@example.org").await;
    let rest = format!("/transactions?before={}", first[0]["id"].as_str().unwrap());
    let rest = app.ask("GET", &rest, PRIVATE).await.data(200, fetched);
    assert_eq!(
        (rest.as_array().unwrap().len(), &rest[0]["user_id"]),
        (1, &json!(ada.id))
    );
    let why = json!({"reason": "Asked"});
    let removed = app.tell("DELETE", &ada.at(""), PRIVATE, &why).await;
    assert_eq!(removed.status, 204);
    let (event, details) = acts(&app).await.remove(0);
    assert_eq!(
        (event.as_str(), &details["reason"]),
        ("account_removed", &json!("Asked"))
    );
    let of_removed = format!("/transactions?user_id={}&reason=Look", ada.id);
    let of_removed = app
        .ask("GET", &of_removed, PRIVATE)
        .await
        .data(200, fetched);
    assert_eq!(of_removed, rest, "the books outlive the account");
    let (event, details) = acts(&app).await.remove(0);
    assert_eq!(
        (event.as_str(), &details["command"]),
        ("operator_acted", &json!("transactions"))
    );
    for (query, message) in [
        (
            format!("user_id=user_{}", "0".repeat(32)),
            "User with the given identifier does not exist.",
        ),
        (
            format!("before=transaction_{}", "0".repeat(32)),
            "Transaction with the given identifier does not exist.",
        ),
    ] {
        let answer = app
            .ask("GET", &format!("/transactions?{query}"), PRIVATE)
            .await;
        answer.data(404, message);
    }
    let bad = "/transactions?limit=1001&offset=-1&user_id=x&before=y&colour=red";
    let mut fields = app.ask("GET", bad, PRIVATE).await.fields();
    fields.sort();
    assert_eq!(fields, ["before", "colour", "limit", "offset", "user_id"]);

    let found = app
        .ask("GET", "/users?find=CY%40example&with_owed=true", PRIVATE)
        .await;
    assert_eq!(found.header("x-total-count"), "1");
    assert_eq!(
        found.data(200, "Users fetched successfully.")[0]["owed"],
        0.0
    );
    let details = acts(&app).await.remove(0).1;
    assert_eq!(
        details["asked"],
        json!({"find": true, "limit": 20, "offset": 0})
    );

    let checked = app.ask("GET", "/ledger/check", PRIVATE).await;
    let expected = json!({
        "is_sound": true, "accounts": 2, "entries": 3, "tasks": 0, "purchases": 0, "off": [], "attention": [],
    });
    assert_eq!(checked.data(200, "Ledger checked successfully."), expected);
    let asked = app.ask("POST", "/stripe/reconcile", PRIVATE).await;
    let service = json!({"service": "Stripe"});
    assert_eq!(asked.data(503, "Stripe is not configured."), service);
    for (method, path) in [
        ("GET", "/transactions"),
        ("GET", "/ledger/check"),
        ("POST", "/stripe/reconcile"),
    ] {
        for proof in ["", PUBLIC, &bob.session, &bob.key] {
            app.ask(method, path, proof)
                .await
                .data(401, UNAUTHENTICATED);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_gone_with_its_credentials() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    let bob = app.account("bob@example.org").await;
    assert_eq!(app.ask("DELETE", &ada.at(""), PRIVATE).await.status, 204);
    for proof in [&ada.session, &ada.key] {
        app.ask("GET", &ada.at(""), proof)
            .await
            .data(401, UNAUTHENTICATED);
    }
    app.ask("DELETE", &ada.at(""), PRIVATE)
        .await
        .data(404, "User with the given identifier does not exist.");
    app.ask("DELETE", "/users/user_1", PRIVATE)
        .await
        .data(404, "User with the given identifier does not exist.");
    app.ask("GET", &bob.at(""), &bob.key)
        .await
        .data(200, "User fetched successfully.");
    // The address is free again.
    app.account("ada@example.org").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_private_key_acts_for_whom_the_path_names() {
    let app = TestApp::start(&[]);
    let ada = app.account("ada@example.org").await;
    app.ask("GET", &ada.at("/transactions"), PRIVATE)
        .await
        .data(200, "Transactions fetched successfully.");
    app.tell("PATCH", &ada.at(""), PRIVATE, &json!({"last_name": "Moor"}))
        .await
        .data(200, "User updated successfully.");
    for (method, path) in [("DELETE", "/auth/session"), ("POST", "/stripe/portal")] {
        app.ask(method, path, PRIVATE)
            .await
            .data(403, "You do not have access to the requested resource.");
    }
    let buy = json!({"amount": 5, "return_path": "x"});
    app.tell("POST", "/stripe/buy", PRIVATE, &buy)
        .await
        .data(403, "You do not have access to the requested resource.");
}

#[tokio::test]
async fn the_operators_calls_are_no_tools() {
    let app = TestApp::start(&[]);
    let called = app
        .folder
        .command(&["call", "operator_list_users"])
        .output()
        .unwrap();
    assert!(!called.status.success());
    let listed = app.folder.command(&["tools"]).output().unwrap();
    assert!(
        !String::from_utf8(listed.stdout)
            .unwrap()
            .contains("operator_")
    );
}
