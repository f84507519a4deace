//! Who a process acts for: the local account, `USER_ID` and `API_KEY_TOKEN`, or whom `auth_login` signed in.

use serde_json::json;

use super::support::{Client, Folder};

const PASSWORD: &str = "correct horse battery";

async fn register(folder: &Folder, client: &Client, email: &str) {
    let person =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": email, "password": PASSWORD});
    client.data("auth_register", person).await;
    let code = folder.code_for(email);
    let user = client
        .data("auth_activate", json!({"user_email": email, "code": code}))
        .await;
    assert_eq!(user["credits"], 100.0, "free credits on activation");
}

#[tokio::test]
async fn with_no_set_up_at_all_the_local_account_acts() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let user = client.data("user_view", json!({})).await;
    assert_eq!(user["email"], "local@localhost");
    assert_eq!(user["credits"], 10_000.0);
    assert_eq!(user["is_active"], true);
    client.close().await;
    let again = folder.client(&[]).await;
    assert_eq!(
        again.data("user_view", json!({})).await["id"],
        user["id"],
        "the same account at the next start"
    );
    assert_eq!(
        again
            .data("transaction_view_all", json!({}))
            .await
            .as_array()
            .unwrap()
            .len(),
        1,
        "filled up once"
    );
}

#[tokio::test]
async fn login_binds_the_process_until_logout() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    register(&folder, &client, "ada@example.org").await;
    assert_eq!(
        client.data("user_view", json!({})).await["email"],
        "local@localhost",
        "registering signs nobody in"
    );
    client
        .data(
            "auth_login",
            json!({"email": "ADA@example.org", "password": PASSWORD}),
        )
        .await;
    assert_eq!(
        client.data("user_view", json!({})).await["email"],
        "ada@example.org"
    );
    assert!(client.data("auth_logout", json!({})).await.is_null());
    assert_eq!(
        client.data("user_view", json!({})).await["email"],
        "local@localhost"
    );
}

#[tokio::test]
async fn an_api_key_acts_for_its_account_and_opens_no_door_of_a_session() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    register(&folder, &client, "ada@example.org").await;
    client
        .data(
            "auth_login",
            json!({"email": "ada@example.org", "password": PASSWORD}),
        )
        .await;
    let key = client.data("api_key_view", json!({})).await;
    assert_eq!(
        client.data("api_key_view", json!({})).await["token"],
        key["token"],
        "remade the same"
    );
    let user_id = key["user_id"].as_str().unwrap();
    let token = key["token"].as_str().unwrap();

    let agent = folder
        .client(&[("USER_ID", user_id), ("API_KEY_TOKEN", token)])
        .await;
    assert_eq!(agent.data("user_view", json!({})).await["id"], user_id);
    let (message, _) = agent.refusal("api_key_view", json!({})).await;
    assert_eq!(
        message,
        "Authorization header or OTP is either missing, invalid or expired."
    );

    let renewed = client.data("api_key_reset", json!({})).await;
    assert_ne!(renewed["token"], key["token"]);
    assert_ne!(renewed["id"], key["id"]);
    agent.refusal("user_view", json!({})).await;
    let stranger = "user_00000000000000000000000000000000";
    let wrong = folder
        .client(&[
            ("USER_ID", stranger),
            ("API_KEY_TOKEN", renewed["token"].as_str().unwrap()),
        ])
        .await;
    let (message, _) = wrong.refusal("user_view", json!({})).await;
    assert_eq!(message, "You do not have access to the requested resource.");
}

#[tokio::test]
async fn two_factors_are_asked_for_before_a_session_is_made() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let email = "ada@example.org";
    register(&folder, &client, email).await;
    let pair = json!({"email": email, "password": PASSWORD});
    client.data("auth_login", pair.clone()).await;
    client
        .data(
            "auth_send_otp",
            json!({"user_email": email, "otp_type": "TWO_FACTOR_AUTH"}),
        )
        .await;
    client
        .data("auth_enable_2fa", json!({"code": folder.code_for(email)}))
        .await;
    client.data("auth_logout", json!({})).await;

    let (_, details) = client.refusal("auth_login", pair.clone()).await;
    assert_eq!(details, json!({"is_2fa_enabled": true}));
    client
        .data(
            "auth_send_otp",
            json!({"user_email": email, "otp_type": "TWO_FACTOR_AUTH"}),
        )
        .await;
    let with_code = json!({"email": email, "password": PASSWORD, "code": folder.code_for(email)});
    assert_eq!(
        client.data("auth_login", with_code).await["is_2fa_enabled"],
        true
    );
}

#[tokio::test]
async fn an_app_is_set_up_through_a_model_and_asked_for() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let email = "ada@example.org";
    register(&folder, &client, email).await;
    let pair = json!({"email": email, "password": PASSWORD});
    client.data("auth_login", pair.clone()).await;
    let offered = client
        .result("auth_enable_2fa", json!({"method": "app"}))
        .await;
    let text = super::support::text_of(&offered);
    let picture = offered.content.iter().find_map(|block| block.as_image());
    let picture = picture.expect("the QR code as a picture");
    assert_eq!(picture.mime_type, "image/png");
    assert!(picture.data.starts_with("iVBORw0KGgo"), "{}", picture.data);
    let envelope = offered.structured_content.unwrap();
    let address = envelope["data"]["otpauth_url"].as_str().unwrap();
    assert!(text.contains(address) && !text.contains("<svg"), "{text}");
    let app = totp_rs::Totp::from_url(address).unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let on = json!({"method": "app", "code": app.generate(now).to_string()});
    let codes = client.data("auth_enable_2fa", on).await;
    let codes = codes["recovery_codes"].as_array().unwrap().clone();
    assert_eq!(codes.len(), 10);
    client.data("auth_logout", json!({})).await;

    let asked = client.result("auth_login", pair.clone()).await;
    let text = super::support::text_of(&asked);
    assert!(
        text.contains("authenticator app") && text.contains("recovery code"),
        "{text}"
    );
    let with_code = json!({"email": email, "password": PASSWORD, "code": codes[9]});
    client.data("auth_login", with_code).await;
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let folder = Folder::new();
    let (one, two) = (folder.client(&[]).await, folder.client(&[]).await);
    let email = "ada@example.org";
    register(&folder, &one, email).await;
    let pair = json!({"email": email, "password": PASSWORD});
    one.data("auth_login", pair.clone()).await;
    two.data("auth_login", pair.clone()).await;
    one.data(
        "auth_send_otp",
        json!({"user_email": email, "otp_type": "CHANGE_PASSWORD"}),
    )
    .await;
    let change = json!({"user_email": email, "password": "another horse battery", "code": folder.code_for(email)});
    one.data("auth_change_password", change.clone()).await;
    two.refusal("user_view", json!({})).await;
    one.refusal("auth_change_password", change).await;
    let (message, _) = two.refusal("auth_login", pair).await;
    assert_eq!(
        message,
        "Authorization header or OTP is either missing, invalid or expired."
    );
    two.data(
        "auth_login",
        json!({"email": email, "password": "another horse battery"}),
    )
    .await;
}
