//! Secrets that a model speaks aloud, to tools over every transport, and that a person types into a page: at the loudest log
//! level none of them stands in the log.

use serde_json::json;

use super::browser::Browser;
use super::signing_in_support::{link, ticket};
use super::sse::Stream;
use super::support::app::mcp::call;
use super::support::app::{PUBLIC, TestApp};
use super::support::text_of;

const EMAIL: &str = "canaryperson@example.org";
const PASSWORD: &str = "canarypassword of the river";
const CHOSEN: &str = "canarychosen by the river";

/// The log without the times, which may look like a code.
fn lines(app: &TestApp) -> Vec<String> {
    let log = app.server.log();
    let lines = log.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(_, line)| line.to_owned()).collect()
}

/// Everything that a model does with secrets in hand; gives them all.
async fn spoken_to_tools(app: &TestApp) -> Vec<String> {
    let client = app.client(Some(PUBLIC)).await;
    let person =
        json!({"first_name": "Ada", "last_name": "Marsh", "email": EMAIL, "password": PASSWORD});
    let registered = client.data("auth_register", person).await;
    let mut secrets = vec![registered["token"].as_str().unwrap().to_owned()];
    let code = app.folder.code_for(EMAIL);
    let activation = json!({"user_email": EMAIL, "code": code});
    client.data("auth_activate", activation).await;
    secrets.push(code);
    let purpose = json!({"user_email": EMAIL, "otp_type": "CHANGE_PASSWORD"});
    client.data("auth_send_otp", purpose).await;
    let code = app.folder.code_for(EMAIL);
    let change = json!({"user_email": EMAIL, "code": code, "password": CHOSEN});
    client.data("auth_change_password", change.clone()).await;
    secrets.push(code);
    // And all of it wrongly: spent, guessed, of a wrong kind, under a wrong name.
    for (tool, arguments) in [
        ("auth_change_password", change),
        (
            "auth_login",
            json!({"email": EMAIL, "password": "canaryguess"}),
        ),
        (
            "auth_login",
            json!({"email": EMAIL, "password": ["canaryarray"]}),
        ),
        (
            "auth_login",
            json!({"email": EMAIL, "secret": "canarystray"}),
        ),
        (
            "auth_activate",
            json!({"user_email": EMAIL, "code": "canarycode"}),
        ),
        ("auth_google_oauth", json!({"id_token": "canarytoken"})),
    ] {
        client.refusal(tool, arguments).await;
    }
    let asked = text_of(&client.result("auth_login", json!({})).await);
    let page = ticket(&asked);
    let early = client.result("auth_login", json!({"page": page})).await;
    assert!(text_of(&early).contains("Not signed in yet"));
    secrets.push(page);
    let pair = json!({"email": EMAIL, "password": CHOSEN});
    let signed_in = client.data("auth_login", pair).await;
    client.close().await;
    let token = signed_in["token"].as_str().unwrap().to_owned();
    let client = app.client(Some(&format!("Bearer {token}"))).await;
    secrets.push(token);
    for tool in ["api_key_view", "api_key_reset"] {
        let key = client.data(tool, json!({})).await;
        secrets.push(key["token"].as_str().unwrap().to_owned());
    }
    let offer = client
        .data("auth_enable_2fa", json!({"method": "app"}))
        .await;
    let address = offer["otpauth_url"].as_str().unwrap();
    let seed = totp_rs::Totp::from_url(address).unwrap();
    secrets.push(seed.secret().to_base32());
    client.close().await;
    typed(app, &link(&asked), &mut secrets).await;
    secrets
}

/// What a person types into the pages, rightly and wrongly.
async fn typed(app: &TestApp, link: &str, secrets: &mut Vec<String>) {
    let browser = Browser::at(&app.server.url);
    browser.get(link).await;
    let wrong = [("email", EMAIL), ("password", "canarytyped")];
    assert_eq!(browser.post("/sign-in", &wrong).await.status, 401);
    let right = [("email", EMAIL), ("password", CHOSEN)];
    browser.post("/sign-in", &right).await.goes_to("/account");
    secrets.push(browser.cookie("clara").unwrap());
    let form = [
        ("email", EMAIL),
        ("code", "canaryform"),
        ("password", "canaryform of the river"),
    ];
    assert!(browser.post("/password", &form).await.status >= 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_to_tools_and_pages_is_in_no_line_of_the_log() {
    let app = TestApp::start(&[("CLARA_LOG", "trace")]);
    let mut secrets = spoken_to_tools(&app).await;
    // The older transport and the stateless form take the same way in another dress.
    let proof = Some(PUBLIC);
    let mut stream = Stream::open(&app, proof).await;
    stream.greet(&app, proof).await;
    let pair = json!({"email": EMAIL, "password": CHOSEN});
    let login = call(1, "auth_login", pair.clone());
    assert_eq!(stream.say(&app, proof, &login).await, 202);
    let params = json!({"name": "auth_login", "arguments": pair});
    let stateless = app.stateless(proof, "tools/call", params).await;
    for answer in [
        stream.message().await,
        super::support::app::mcp::message_of(stateless).await,
    ] {
        let token = &answer["result"]["structuredContent"]["data"]["token"];
        secrets.push(token.as_str().unwrap().to_owned());
    }
    // Bodies that are no message, and messages that are no call.
    for body in [
        format!("{{\"password\": \"{CHOSEN}\""),
        json!([{"jsonrpc": "2.0", "id": CHOSEN}]).to_string(),
        json!({"jsonrpc": "2.0", "id": 1, "method": CHOSEN}).to_string(),
    ] {
        let request = app.mcp_request(reqwest::Method::POST, &[("authorization", PUBLIC)]);
        request.body(body).send().await.unwrap();
    }
    assert!(app.server.logs("auth_change_password"), "calls are logged");
    let words = [
        "canaryperson",
        "canarypassword",
        "canarychosen",
        "canaryguess",
        "canaryarray",
        "canarystray",
        "canarycode",
        "canarytoken",
        "canarytyped",
        "canaryform",
        PUBLIC,
    ];
    secrets.extend(words.map(str::to_owned));
    let whole = |line: &str, secret: &str| {
        let mut parts = line.split(|c: char| !c.is_ascii_alphanumeric());
        parts.any(|part| part == secret)
    };
    for line in lines(&app) {
        for secret in &secrets {
            // Six digits may stand in any longer number.
            let is_said = if secret.len() == 6 {
                whole(&line, secret)
            } else {
                line.contains(secret.as_str())
            };
            assert!(!is_said, "{secret} in the log: {line}");
        }
    }
}
