//! The operator's calls: what the private key does that no other credential can, and that the books show it.

use serde_json::{Value, json};

use super::house::{House, PRIVATE, PUBLIC};

const UNAUTHENTICATED: &str = "Authorization header or OTP is either missing, invalid or expired.";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_private_key_opens_the_operators_calls() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let balance = json!({"credits": 1});
    for proof in ["", PUBLIC, &ada.session, &ada.key, "Bearer nonsense"] {
        house
            .ask("GET", "/users", proof)
            .await
            .data(401, UNAUTHENTICATED);
        house
            .tell("PUT", &ada.at("/credits"), proof, &balance)
            .await
            .data(401, UNAUTHENTICATED);
        house
            .ask("DELETE", &ada.at(""), proof)
            .await
            .data(401, UNAUTHENTICATED);
    }
    assert!((house.credits(&ada).await - 100.0).abs() < f64::EPSILON);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_listed_newest_first_with_their_number() {
    let house = House::open(&[]);
    for email in ["a@example.org", "b@example.org", "c@example.org"] {
        house.person(email).await;
    }
    let page = house.ask("GET", "/users?limit=2&offset=1", PRIVATE).await;
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
        house.ask("GET", "/users?limit=101", PRIVATE).await.fields(),
        ["limit"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_balance_is_one_row_of_the_difference() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
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
        let set = house
            .tell(
                "PUT",
                &ada.at("/credits"),
                PRIVATE,
                &json!({"credits": credits}),
            )
            .await;
        let user = set.data(200, "User's credits updated successfully.");
        assert_eq!(user["credits"].as_f64(), credits.as_f64());
        let newest = house
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
    let rows = house
        .ask("GET", &ada.at("/transactions"), &ada.key)
        .await
        .header("x-total-count")
        .to_owned();
    house
        .tell("PUT", &ada.at("/credits"), PRIVATE, &json!({"credits": 0}))
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
        let answer = house
            .tell(
                "PUT",
                &ada.at("/credits"),
                PRIVATE,
                &json!({"credits": bad}),
            )
            .await;
        assert_eq!(answer.fields(), ["credits"], "{bad}");
    }
    let after = house.ask("GET", &ada.at("/transactions"), &ada.key).await;
    assert_eq!(after.header("x-total-count"), rows, "no difference, no row");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_gone_with_its_credentials() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    let bob = house.person("bob@example.org").await;
    assert_eq!(house.ask("DELETE", &ada.at(""), PRIVATE).await.status, 204);
    for proof in [&ada.session, &ada.key] {
        house
            .ask("GET", &ada.at(""), proof)
            .await
            .data(401, UNAUTHENTICATED);
    }
    house
        .ask("DELETE", &ada.at(""), PRIVATE)
        .await
        .data(404, "User with the given identifier does not exist.");
    house
        .ask("DELETE", "/users/user_1", PRIVATE)
        .await
        .data(404, "User with the given identifier does not exist.");
    house
        .ask("GET", &bob.at(""), &bob.key)
        .await
        .data(200, "User fetched successfully.");
    // The address is free again.
    house.person("ada@example.org").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_private_key_acts_for_whom_the_path_names() {
    let house = House::open(&[]);
    let ada = house.person("ada@example.org").await;
    house
        .ask("GET", &ada.at("/transactions"), PRIVATE)
        .await
        .data(200, "Transactions fetched successfully.");
    house
        .tell("PATCH", &ada.at(""), PRIVATE, &json!({"last_name": "Moor"}))
        .await
        .data(200, "User updated successfully.");
    for (method, path) in [("DELETE", "/auth/session"), ("POST", "/stripe/portal")] {
        house
            .ask(method, path, PRIVATE)
            .await
            .data(403, "You do not have access to the requested resource.");
    }
    let buy = json!({"amount": 5, "return_path": "x"});
    house
        .tell("POST", "/stripe/buy", PRIVATE, &buy)
        .await
        .data(403, "You do not have access to the requested resource.");
}

#[tokio::test]
async fn the_operators_calls_are_no_tools() {
    let house = House::open(&[]);
    let called = house
        .folder
        .command(&["call", "operator_list_users"])
        .output()
        .unwrap();
    assert!(!called.status.success());
    let listed = house.folder.command(&["tools"]).output().unwrap();
    assert!(
        !String::from_utf8(listed.stdout)
            .unwrap()
            .contains("operator_")
    );
}
