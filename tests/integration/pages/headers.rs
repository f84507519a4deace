//! The headers of every page, word for word, and the flags of its cookies over HTTP and HTTPS.

use std::fmt::Write as _;

use serde_json::json;

use super::rest::PASSWORD;
use super::{Shown, TestApp, register, start};

const PAGES: [&str; 11] = [
    "/register",
    "/activate",
    "/sign-in",
    "/password",
    "/account",
    "/account/data",
    "/account/delete",
    "/account/second-factor",
    "/upload",
    "/pages.css",
    "/upload.js",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_holds_the_browser_to_what_it_may_do() {
    let app = start(&[]);
    let signed_in = app.signed_in_browser("ada@example.org").await;
    let mut seen = String::new();
    for path in PAGES {
        for (who, browser) in [("signed in", &signed_in), ("a stranger", &app.browser())] {
            let shown = browser.get(path).await;
            let _ = writeln!(seen, "GET {path}, {who}: {}", shown.status);
            describe(&mut seen, &shown);
        }
    }
    for path in ["/register", "/account/key", "/account/sign-out"] {
        let refused = app.browser().request(path).body("");
        let shown = app.browser().send(refused).await;
        let _ = writeln!(seen, "POST {path} from nowhere: {}", shown.status);
        describe(&mut seen, &shown);
    }
    insta::assert_snapshot!("headers", seen);
}

/// What each needs of the second factor before it is a page and not a way elsewhere.
const OF_THE_FACTOR: [(&str, &str, &[&str]); 3] = [
    (
        "off",
        "UPDATE users SET is_2fa_enabled = FALSE",
        &["app", "mail"],
    ),
    (
        "by mail",
        "UPDATE users SET is_2fa_enabled = TRUE",
        &["app", "off"],
    ),
    (
        "an app",
        "INSERT INTO authenticators (id, user_id, is_confirmed, sealed_seed, key_name, created_at) \
         SELECT 'app', id, TRUE, 'sealed', 'key', 1 FROM users",
        &["app", "recovery", "off"],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_second_factor_and_of_programs_are_held_to_the_same() {
    let app = start(&[]);
    let signed_in = app.signed_in_browser("ada@example.org").await;
    let headers = |shown: &Shown| {
        let mut seen = String::new();
        describe(&mut seen, shown);
        seen
    };
    let expected = headers(&signed_in.get("/account").await);
    assert!(expected.contains("default-src 'none'") && expected.contains("no-store"));
    let link = asked(&app).await;
    for (who, browser, words) in [
        ("signed in", &signed_in, "Only go on if you started this."),
        ("a stranger", &app.browser(), "name=\"password\""),
    ] {
        let shown = browser.get(&link).await;
        shown.says(200, words);
        assert_eq!(headers(&shown), expected, "{who}");
    }
    let over = "/sign-in?request=page_0123456789abcdef0123456789abcdef";
    let over = signed_in.get(over).await;
    over.says(404, "that is over");
    assert_eq!(headers(&over), expected);
    for (state, making, paths) in OF_THE_FACTOR {
        app.tamper(making).await;
        for path in paths {
            let shown = signed_in
                .get(&format!("/account/second-factor/{path}"))
                .await;
            assert_eq!(shown.status, 200, "{path}, {state}");
            assert_eq!(headers(&shown), expected, "{path}, {state}");
        }
    }
}

/// Where a program sends a person to sign in for it.
async fn asked(app: &TestApp) -> String {
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "auth_login", "arguments": {}}});
    let request = app.browser().request("/mcp").json(&call);
    let request = request.header("accept", "application/json, text/event-stream");
    let text = request.send().await.unwrap().text().await.unwrap();
    let (_, id) = text.split_once("/sign-in?request=").expect("a link");
    let id = id.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    format!("/sign-in?request={}", id.into_iter().next().unwrap())
}

fn describe(seen: &mut String, shown: &Shown) {
    for (name, value) in &shown.headers {
        if !matches!(
            name.as_str(),
            "date" | "x-request-id" | "content-length" | "vary"
        ) {
            let _ = writeln!(seen, "    {name}: {}", value.to_str().unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_over_https_belongs_to_this_host_alone() {
    let app = start(&[("CLARA_PUBLIC_URL", "https://clara.example.org")]);
    let made = register(&app.browser(), "ada@example.org").await;
    let token = "eyJ";
    let [address, session] = &made.cookies()[..] else {
        panic!("{:?}", made.cookies())
    };
    assert!(
        session.starts_with(&format!("__Host-clara=clara_user_{token}")),
        "{session}"
    );
    assert!(
        session.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"),
        "{session}"
    );
    assert!(address.starts_with("__Host-clara-address="), "{address}");
    assert!(
        address.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"),
        "{address}"
    );
    assert_eq!(
        made.headers["strict-transport-security"],
        "max-age=31536000; includeSubDomains"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_over_http_has_every_flag_but_secure() {
    let app = start(&[("CLARA_SESSION_EXPIRY_IN_DAYS", "2")]);
    let browser = app.signed_in_browser("ada@example.org").await;
    let pair = [("email", "ada@example.org"), ("password", PASSWORD)];
    let signed_in = browser.post("/sign-in", &pair).await;
    let [session] = &signed_in.cookies()[..] else {
        panic!("{:?}", signed_in.cookies())
    };
    assert!(session.starts_with("clara=clara_user_"), "{session}");
    assert!(
        session.ends_with("; Path=/; Max-Age=172800; HttpOnly; SameSite=Lax"),
        "{session}"
    );
    let out = browser.post("/account/sign-out", &[]).await;
    assert_eq!(
        out.cookies(),
        ["clara=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_has_one_name_for_its_pages() {
    let app = start(&[]);
    let browser = app.browser();
    let port = app.server.url.rsplit(':').next().unwrap();
    let elsewhere = app.server.at("/sign-in?notice=sent");
    let client = super::rest::client();
    let asked = client
        .get(&elsewhere)
        .header("host", format!("localhost:{port}"));
    let shown = browser.send(asked).await;
    assert_eq!((shown.status, shown.location()), (307, elsewhere.as_str()));
}
