//! An account's life: registered, activated, signed in, its key, its second factor.

use serde_json::{Value, json};

use super::super::support::app::{PASSWORD, PUBLIC, basic};
use super::{Account, EMAIL, Walk};

const NEW_PASSWORD: &str = "another walk: up the hill";

pub async fn registers(walk: &Walk) {
    let health = walk
        .ask("GET", "/health", "", Value::Null)
        .await
        .data(200, "Health check successful.");
    assert_eq!(health, json!({"service": "clara", "status": "healthy"}));
    let version = walk
        .ask("GET", "/version", "", Value::Null)
        .await
        .data(200, "Version check successful.");
    assert_eq!(version, json!({"version": env!("CARGO_PKG_VERSION")}));

    let new =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": PASSWORD});
    let registered = walk
        .ask("POST", "/auth/register", PUBLIC, new.clone())
        .await
        .data(201, "User registered successfully.");
    assert_eq!(
        (&registered["credits"], &registered["is_active"]),
        (&json!(0.0), &json!(false))
    );
    let again = walk.ask("POST", "/auth/register", PUBLIC, new).await;
    again.data(400, "User with the given identifier already exists.");
    let code = walk.code(EMAIL);
    let activated = walk
        .ask("POST", &format!("/users/{EMAIL}/activate"), PUBLIC, code)
        .await
        .data(200, "User activated successfully.");
    assert_eq!(
        (&activated["credits"], &activated["is_active"]),
        (&json!(100.0), &json!(true))
    );
    assert!(activated.get("token").is_none());

    let google = walk
        .ask("POST", "/auth/google", "", json!({"id_token": "x"}))
        .await;
    assert_eq!(
        google.data(503, "Google is not configured."),
        json!({"service": "Google"})
    );

    let path = format!("/users/{EMAIL}/otp/CHANGE_PASSWORD");
    assert_eq!(
        walk.ask("POST", &path, PUBLIC, Value::Null)
            .await
            .data(201, "OTP sent successfully."),
        Value::Null
    );
    let mut change = walk.code(EMAIL);
    change["password"] = json!(NEW_PASSWORD);
    let changed = walk
        .ask("PATCH", &format!("/users/{EMAIL}/password"), PUBLIC, change)
        .await;
    assert_eq!(
        changed.data(200, "User password changed successfully."),
        Value::Null
    );
}

pub async fn signs_in(walk: &Walk) -> Account {
    // The password holds a colon: the address ends at the first one.
    let signed_in = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            Value::Null,
        )
        .await
        .data(200, "User logged in successfully.");
    let session = format!("Bearer {}", signed_in["token"].as_str().unwrap());
    assert!(session.starts_with("Bearer clara_user_"));
    let user = format!("/users/{}", signed_in["id"].as_str().unwrap());
    let seen = walk
        .ask("GET", &user, &session, Value::Null)
        .await
        .data(200, "User fetched successfully.");
    assert_eq!(seen["email"], EMAIL);
    let updated = walk
        .ask(
            "PATCH",
            &user,
            &session,
            json!({"first_name": "Augusta", "is_dark_mode": false}),
        )
        .await
        .data(200, "User updated successfully.");
    assert_eq!(
        (
            &updated["first_name"],
            &updated["is_dark_mode"],
            &updated["last_name"]
        ),
        (&json!("Augusta"), &json!(false), &json!("Marsh"))
    );

    let path = format!("{user}/api_key");
    let first = walk
        .ask("GET", &path, &session, Value::Null)
        .await
        .data(200, "API key fetched successfully.");
    let second = walk
        .ask("POST", &path, &session, Value::Null)
        .await
        .data(201, "API key reset successfully.");
    assert_ne!(first["token"], second["token"]);
    let old = format!("Bearer {}", first["token"].as_str().unwrap());
    assert_eq!(walk.ask("GET", &user, &old, Value::Null).await.status, 401);

    let other = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            Value::Null,
        )
        .await
        .data(200, "User logged in successfully.");
    let other = format!("Bearer {}", other["token"].as_str().unwrap());
    let left = walk
        .ask("DELETE", "/auth/session", &other, Value::Null)
        .await;
    assert_eq!(
        (left.status, left.text.as_str(), left.header("content-type")),
        (204, "", "")
    );
    assert_eq!(
        walk.ask("GET", &user, &other, Value::Null).await.status,
        401
    );
    Account {
        id: signed_in["id"].as_str().unwrap().to_owned(),
        session,
        key: format!("Bearer {}", second["token"].as_str().unwrap()),
    }
}

const SEND: &str = "/users/ada@example.org/otp/TWO_FACTOR_AUTH";

pub async fn turns_on_two_factors(walk: &Walk, account: &Account) {
    let path = format!("/users/{}/2fa", account.id);
    walk.ask("POST", SEND, &account.session, Value::Null)
        .await
        .data(201, "OTP sent successfully.");
    let enabled = walk
        .ask("POST", &path, &account.session, walk.code(EMAIL))
        .await;
    assert_eq!(
        enabled.data(200, "User 2FA enabled successfully."),
        Value::Null
    );

    let asked = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            Value::Null,
        )
        .await;
    let refused = "Authorization header or OTP is either missing, invalid or expired.";
    assert_eq!(asked.data(401, refused), json!({"is_2fa_enabled": true}));
    assert_eq!(asked.header("www-authenticate"), "Bearer realm=\"Clara\"");
}

pub async fn signs_in_with_a_code(walk: &Walk) {
    walk.ask("POST", SEND, PUBLIC, Value::Null)
        .await
        .data(201, "OTP sent successfully.");
    let with_code = walk
        .ask(
            "POST",
            "/auth/session",
            &basic(EMAIL, NEW_PASSWORD),
            walk.code(EMAIL),
        )
        .await;
    assert_eq!(
        with_code.data(200, "User logged in successfully.")["is_2fa_enabled"],
        true
    );
}

pub async fn turns_off_two_factors(walk: &Walk, account: &Account) {
    let path = format!("/users/{}/2fa", account.id);
    walk.ask("POST", SEND, &account.session, Value::Null)
        .await
        .data(201, "OTP sent successfully.");
    let disabled = walk
        .ask("DELETE", &path, &account.session, walk.code(EMAIL))
        .await;
    assert_eq!((disabled.status, disabled.text.as_str()), (204, ""));
}
