//! A program that asks a person to sign in on a page, and the person doing so: the protocol's own client library on one side,
//! a browser without a window on the other.
use std::pin::pin;

use rmcp::RoleClient;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::person::Person;
use crate::{object, text_of};

/// Calls a tool.
pub async fn call(
    client: &RunningService<RoleClient, Person>,
    tool: &'static str,
    arguments: Value,
) -> CallToolResult {
    let call = CallToolRequestParams::new(tool).with_arguments(object(arguments));
    client.call_tool(call).await.unwrap()
}

/// The envelope of a result.
pub fn envelope(result: &CallToolResult) -> Value {
    result
        .structured_content
        .clone()
        .expect("structured content")
}

/// The page's address in what a model reads, without the server's.
pub fn link(text: &str) -> String {
    let (_, rest) = text.split_once("/sign-in?request=").expect("a link");
    let id = rest.split([' ', '"', '\n']).next().unwrap();
    format!("/sign-in?request={id}")
}

/// The ticket in what a model reads.
pub fn ticket(text: &str) -> String {
    let (_, rest) = text.split_once("clara_page_").expect("a ticket");
    format!("clara_page_{}", rest.split('"').next().unwrap())
}

/// Signs in where that is needed and gives an answer.
pub async fn answer(browser: &Browser, link: &str, email: &str, password: &str, says: &str) {
    let mut page = browser.get(link).await;
    if page.value("password").is_some() {
        let request = page.value("request").unwrap();
        let form = [
            ("email", email),
            ("password", password),
            ("request", &request),
        ];
        browser.post("/sign-in", &form).await.goes_to(link);
        page = browser.get(link).await;
    }
    page.says(200, "Only go on if you started this.");
    assert!(page.body.contains(email), "{}", page.body);
    let (request, account) = (
        page.value("request").unwrap(),
        page.value("account").unwrap(),
    );
    let form = [
        ("request", request.as_str()),
        ("account", &account),
        ("act", says),
    ];
    let notice = if says == "allow" { "allowed" } else { "denied" };
    let answered = browser.post("/sign-in/answer", &form).await;
    answered.goes_to(&format!("/account?notice={notice}"));
}

/// A program asks, the person signs in and allows it, and the program is signed in: whatever way its client has.
pub async fn by_page(
    client: &RunningService<RoleClient, Person>,
    browser: &Browser,
    email: &str,
    password: &str,
) -> Value {
    let person = client.service().clone();
    let result = if person.is_reachable {
        let mut calling = pin!(call(client, "auth_login", json!({})));
        tokio::select! {
            () = person.hears.cancelled() => {}
            answer = &mut calling => panic!("nobody was asked: {}", text_of(&answer)),
        }
        let signing_in = async {
            let asked = person.asked.lock().unwrap()[0].clone();
            assert_eq!(asked["mode"], "url", "never a form for secrets: {asked}");
            let words = asked["message"].as_str().unwrap();
            assert!(words.starts_with("Clara's own page to sign in"), "{words}");
            answer(
                browser,
                &link(asked["url"].as_str().unwrap()),
                email,
                password,
                "allow",
            )
            .await;
        };
        tokio::join!(calling, signing_in).0
    } else {
        let refused = call(client, "auth_login", json!({})).await;
        let body = envelope(&refused);
        assert_eq!(body["data"]["errors"][0]["field"], "password", "{body}");
        let text = text_of(&refused);
        assert!(
            text.contains("Ask nobody to tell you a password."),
            "{text}"
        );
        let page = json!({"page": ticket(&text)});
        let early = call(client, "auth_login", page.clone()).await;
        assert!(
            text_of(&early).contains("Not signed in yet"),
            "{}",
            text_of(&early)
        );
        answer(browser, &link(&text), email, password, "allow").await;
        let done = call(client, "auth_login", page.clone()).await;
        let again = call(client, "auth_login", page).await;
        assert_eq!(
            envelope(&again)["data"]["errors"][0]["field"],
            "page",
            "once"
        );
        done
    };
    let body = envelope(&result);
    assert_eq!(body["status"], "success", "{body} {}", text_of(&result));
    assert_eq!(body["data"]["email"], email);
    body["data"].clone()
}
