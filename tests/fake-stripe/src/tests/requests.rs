//! What the API answers to requests, good and bad.

use super::super::Fake;
use super::{
    CREDIT, CUSTOMERS, Form, MODE, SESSIONS, SUCCESS, call, get, list_trials, post, request,
    session,
};

list_trials![
    a_request_needs_a_key_and_a_version,
    what_is_not_known_is_refused,
    a_customer_is_found_by_its_address,
    a_session_is_made_of_prices,
    a_session_that_cannot_be_is_refused,
    a_session_is_open_for_half_an_hour_to_a_day,
    a_session_expires_by_time,
    a_session_expires_by_hand_once,
    a_portal_session_leads_to_stripe,
];

async fn a_request_needs_a_key_and_a_version(fake: Fake) {
    let url = format!("{}{CUSTOMERS}", fake.url);
    let client = reqwest::Client::new();
    let bare = || {
        client
            .get(&url)
            .header("Stripe-Version", "2026-09-30.endive")
    };
    for request in [
        bare(),
        bare().bearer_auth("sk_live_x"),
        bare().bearer_auth(""),
    ] {
        let refused = call(request).await.unwrap();
        assert_eq!(refused.status, 401);
        assert_eq!(refused.error_type(), "invalid_request_error");
    }
    let with_key = || client.get(&url).bearer_auth("sk_test_x");
    assert_eq!(call(with_key()).await.unwrap().status, 400);
    for version in ["", "latest", "2026-9-30", "2026-09-30."] {
        let refused = call(with_key().header("Stripe-Version", version)).await;
        assert_eq!(refused.unwrap().status, 400, "{version}");
    }
    for version in ["2026-09-30.endive", "2022-11-15"] {
        let request = with_key().header("Stripe-Version", version);
        let answer = call(request).await.unwrap();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.version.as_deref(), Some(version));
        assert!(answer.request_id.starts_with("req_"));
    }
    let versions: Vec<_> = fake.requests().await;
    let versions: Vec<_> = versions
        .iter()
        .map(|logged| logged.stripe_version.as_deref())
        .collect();
    assert!(versions.ends_with(&[Some("2026-09-30.endive"), Some("2022-11-15")]));
}

async fn what_is_not_known_is_refused(fake: Fake) {
    assert_eq!(get(&fake, "/v1/subscriptions").await.status, 404);
    assert_eq!(get(&fake, "/v1/customers/").await.status, 404);
    assert_eq!(post(&fake, "/v1/events", &[]).await.status, 404);
    for (path, parameter) in [
        ("/v1/customers/cus_x", "id"),
        ("/v1/checkout/sessions/cs_x", "session"),
        ("/v1/prices/price_x", "price"),
        ("/v1/payment_intents/pi_x", "intent"),
        ("/v1/charges/ch_x", "id"),
        ("/v1/events/evt_x", "id"),
        // Of another kind.
        ("/v1/customers/price_credit", "id"),
    ] {
        let missing = get(&fake, path).await;
        assert_eq!(
            missing.error(),
            (404, "resource_missing", parameter),
            "{path}"
        );
    }
    let missing = post(&fake, "/v1/checkout/sessions/cs_x/expire", &[]).await;
    assert_eq!(missing.error(), (404, "resource_missing", "session"));
    let unknown = post(&fake, CUSTOMERS, &[("emial", "ada@example.org")]).await;
    assert_eq!(unknown.error(), (400, "parameter_unknown", "emial"));
    let unknown = get(&fake, "/v1/customers?page=2").await;
    assert_eq!(unknown.error(), (400, "parameter_unknown", "page"));
    let misplaced = post(&fake, "/v1/customers?name=Ada", &[]).await;
    assert_eq!(misplaced.error(), (400, "", "name"));
    let empty = post(&fake, CUSTOMERS, &[("email", "")]).await;
    assert_eq!(empty.error(), (400, "parameter_invalid_empty", "email"));
    let json = request(&fake, "POST", CUSTOMERS).json(&serde_json::json!({ "name": "Ada" }));
    assert_eq!(call(json).await.unwrap().status, 400);
    assert_eq!(fake.count("POST", CUSTOMERS).await, 0);
}

async fn a_customer_is_found_by_its_address(fake: Fake) {
    let form = [
        ("email", "ada@example.org"),
        ("name", "Ada Lovelace"),
        ("metadata[user_id]", "user_1"),
    ];
    let ada = post(&fake, CUSTOMERS, &form).await;
    assert!(ada.id().starts_with("cus_"));
    assert_eq!(ada.body["metadata"]["user_id"], "user_1");
    post(&fake, CUSTOMERS, &[("email", "grace@example.org")]).await;
    assert_eq!(
        get(&fake, &format!("/v1/customers/{}", ada.id()))
            .await
            .body,
        ada.body
    );
    let found = get(&fake, "/v1/customers?email=ada%40example.org").await;
    assert_eq!(found.ids(), [ada.id()]);
    // Exactly: Stripe tells cases apart.
    let none = get(&fake, "/v1/customers?email=Ada%40example.org").await;
    assert!(none.ids().is_empty());
    let wrong = post(&fake, CUSTOMERS, &[("email", "ada")]).await;
    assert_eq!(wrong.error(), (400, "email_invalid", "email"));
    let long = "x".repeat(501);
    let wrong = post(&fake, CUSTOMERS, &[("metadata[a]", &long)]).await;
    assert_eq!(wrong.error(), (400, "", "metadata"));
}

async fn a_session_is_made_of_prices(fake: Fake) {
    let price = get(&fake, "/v1/prices/price_credit").await;
    assert_eq!(price.body["unit_amount"], 1);
    let price = fake.add_price("price_half", "0.5", "usd").await;
    assert!(price["unit_amount"].is_null(), "not whole cents");
    let customer = post(&fake, CUSTOMERS, &[("email", "ada@example.org")]).await;
    let form = [
        MODE,
        SUCCESS,
        CREDIT,
        ("line_items[0][quantity]", "500"),
        ("line_items[1][price]", "price_half"),
        ("line_items[1][quantity]", "333"),
        ("customer", customer.id()),
        ("client_reference_id", "txn_1"),
        ("metadata[purchase_id]", "txn_1"),
        (
            "cancel_url",
            "https://example.org/bought?stripe_status=cancel",
        ),
    ];
    let session = post(&fake, SESSIONS, &form).await;
    assert!(session.id().starts_with("cs_test_"));
    for (field, wanted) in [
        ("amount_total", serde_json::json!(667)),
        ("currency", "usd".into()),
        ("client_reference_id", "txn_1".into()),
        ("customer", customer.id().into()),
        ("livemode", false.into()),
        ("metadata", serde_json::json!({ "purchase_id": "txn_1" })),
        ("mode", "payment".into()),
        ("payment_intent", serde_json::Value::Null),
        ("payment_status", "unpaid".into()),
        ("status", "open".into()),
    ] {
        assert_eq!(session.body[field], wanted, "{field}");
    }
    let url = session.body["url"].as_str().unwrap();
    assert!(url.starts_with("https://checkout.stripe.com/"));
    let again = get(&fake, &format!("{SESSIONS}/{}", session.id())).await;
    assert_eq!(again.body, session.body);
}

async fn a_session_that_cannot_be_is_refused(fake: Fake) {
    fake.add_price("price_euro", "1", "eur").await;
    fake.add_price("price_old", "1", "usd").await;
    fake.alter("price_old", "active", false).await;
    let quantity = ("line_items[0][quantity]", "100");
    let price = |id| ("line_items[0][price]", id);
    let euros = [
        ("line_items[1][price]", "price_euro"),
        ("line_items[1][quantity]", "100"),
    ];
    let cases: &[(Form<'_>, &str, &str)] = &[
        (&[SUCCESS, CREDIT, quantity], "parameter_missing", "mode"),
        (&[("mode", "setup"), SUCCESS, CREDIT, quantity], "", "mode"),
        (
            &[MODE, CREDIT, quantity],
            "parameter_missing",
            "success_url",
        ),
        (
            &[MODE, ("success_url", "/bought"), CREDIT, quantity],
            "url_invalid",
            "success_url",
        ),
        (&[MODE, SUCCESS], "parameter_missing", "line_items"),
        (
            &[MODE, SUCCESS, quantity],
            "parameter_missing",
            "line_items[0][price]",
        ),
        (
            &[MODE, SUCCESS, CREDIT],
            "parameter_missing",
            "line_items[0][quantity]",
        ),
        (
            &[MODE, SUCCESS, CREDIT, ("line_items[0][quantity]", "1.5")],
            "parameter_invalid_integer",
            "quantity",
        ),
        (
            &[MODE, SUCCESS, price("price_x"), quantity],
            "resource_missing",
            "line_items[0][price]",
        ),
        (
            &[MODE, SUCCESS, price("price_old"), quantity],
            "",
            "line_items[0][price]",
        ),
        (
            &[MODE, SUCCESS, CREDIT, quantity, euros[0], euros[1]],
            "",
            "line_items",
        ),
        (
            &[MODE, SUCCESS, CREDIT, ("line_items[0][quantity]", "49")],
            "amount_too_small",
            "line_items",
        ),
        (
            &[
                MODE,
                SUCCESS,
                CREDIT,
                ("line_items[0][quantity]", "100000000"),
            ],
            "amount_too_large",
            "line_items",
        ),
        (
            &[MODE, SUCCESS, CREDIT, quantity, ("customer", "cus_x")],
            "resource_missing",
            "customer",
        ),
    ];
    for (form, code, parameter) in cases {
        let refused = post(&fake, SESSIONS, form).await;
        assert_eq!(
            refused.error(),
            (400, *code, *parameter),
            "{form:?}: {}",
            refused.body
        );
    }
    assert!(get(&fake, SESSIONS).await.ids().is_empty());
}

async fn a_session_is_open_for_half_an_hour_to_a_day(fake: Fake) {
    let now = 1_800_000_000;
    fake.set_now(now).await;
    for (seconds, status) in [(1799, 400), (1800, 200), (86_400, 200), (86_401, 400)] {
        let at = (now + seconds).to_string();
        let quantity = ("line_items[0][quantity]", "100");
        let form = [MODE, SUCCESS, CREDIT, quantity, ("expires_at", &at)];
        let session = post(&fake, SESSIONS, &form).await;
        assert_eq!(session.status, status, "{seconds}");
        if status == 400 {
            assert_eq!(session.error(), (400, "", "expires_at"));
        } else {
            assert_eq!(session.body["created"], now);
            assert_eq!(session.body["expires_at"], now + seconds);
        }
    }
}

async fn a_session_expires_by_time(fake: Fake) {
    fake.set_now(1_800_000_000).await;
    let session = session(&fake, 100).await;
    let path = format!("{SESSIONS}/{}", session.id());
    assert_eq!(fake.advance_clock(86_399).await, 1_800_086_399);
    assert_eq!(get(&fake, &path).await.body["status"], "open");
    fake.advance_clock(1).await;
    let expired = get(&fake, &path).await.body;
    assert_eq!(expired["status"], "expired");
    assert!(expired["url"].is_null());
    let told = fake.deliveries_of("checkout.session.expired").await;
    assert_eq!(told.len(), 1);
}

async fn a_session_expires_by_hand_once(fake: Fake) {
    let [open, paid, by_test] = [
        session(&fake, 100).await,
        session(&fake, 100).await,
        session(&fake, 100).await,
    ];
    let expire = |id: &str| format!("{SESSIONS}/{id}/expire");
    let expired = post(&fake, &expire(open.id()), &[]).await;
    assert_eq!(expired.body["status"], "expired");
    assert_eq!(post(&fake, &expire(open.id()), &[]).await.status, 400);
    fake.pay(paid.id()).await;
    assert_eq!(post(&fake, &expire(paid.id()), &[]).await.status, 400);
    assert_eq!(fake.expire(by_test.id()).await["status"], "expired");
    let told = fake.deliveries_of("checkout.session.expired").await;
    assert_eq!(told.len(), 2);
    // The event names the request that made it.
    let event: serde_json::Value = serde_json::from_str(&told[0].body).unwrap();
    assert_eq!(event["request"]["id"], expired.request_id.as_str());
    let listed = get(&fake, &format!("{SESSIONS}?status=expired")).await;
    assert_eq!(listed.ids(), [by_test.id(), open.id()]);
}

async fn a_portal_session_leads_to_stripe(fake: Fake) {
    let path = "/v1/billing_portal/sessions";
    let customer = post(&fake, CUSTOMERS, &[]).await;
    let back = ("return_url", "https://example.org/");
    let portal = post(&fake, path, &[("customer", customer.id()), back]).await;
    assert_eq!(portal.body["customer"], customer.id());
    let url = portal.body["url"].as_str().unwrap();
    assert!(url.starts_with("https://billing.stripe.com/"));
    let missing = post(&fake, path, &[("customer", "cus_x")]).await;
    assert_eq!(missing.error(), (400, "resource_missing", "customer"));
    let missing = post(&fake, path, &[back]).await;
    assert_eq!(missing.error(), (400, "parameter_missing", "customer"));
}
