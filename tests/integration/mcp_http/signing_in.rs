//! Signing in on a page for a program that reaches Clara by URL: asked meanwhile, between two calls, and through a model; and
//! everything that must not work.

use rmcp::model::ElicitationAction;
use serde_json::{Value, json};

use super::browser::Browser;
use super::person::{LIFECYCLES, Person};
use super::signing_in_support::{answer, by_page, call, envelope, link, ticket};
use super::support::app::{PASSWORD, PUBLIC, TestApp};
use super::support::{from_address, text_of};

const ADA: &str = "ada@example.org";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_on_the_page_and_the_program_gets_a_session_of_its_own() {
    let app = TestApp::start(&[]);
    app.local_account(ADA).await;
    for lifecycle in LIFECYCLES {
        for person in [
            Person::who_says(Some(ElicitationAction::Accept)),
            Person::out_of_reach(),
        ] {
            let client = person
                .sit_down(app.transport(Some(PUBLIC)), lifecycle())
                .await;
            let browser = Browser::at(&app.server.url);
            let user = by_page(&client, &browser, ADA, PASSWORD).await;
            let token = user["token"].as_str().unwrap().to_owned();
            assert_ne!(browser.cookie("clara").unwrap(), token, "not the browser's");
            let nobody = call(&client, "auth_login", json!({"page": "nonsense"})).await;
            assert_eq!(envelope(&nobody)["data"]["errors"][0]["field"], "page");
            // Nothing else has changed for this connection: the token is to be sent.
            let tools = client.list_all_tools().await.unwrap();
            assert!(tools.iter().all(|tool| tool.name != "agent_analysis"));
            client.cancel().await.unwrap();
            let signed_in = app.client(Some(&format!("Bearer {token}"))).await;
            assert_eq!(signed_in.data("user_view", json!({})).await["email"], ADA);
            signed_in.close().await;
            browser
                .get("/account")
                .await
                .says(200, "An agent, over the network");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_client_without_a_connection_of_its_own_gets_the_page_in_words() {
    let app = TestApp::start(&[]);
    let person = Person::who_says(Some(ElicitationAction::Accept));
    let initialize = LIFECYCLES[0]();
    let client = person
        .clone()
        .sit_down(app.transport(None), initialize)
        .await;
    let refused = call(&client, "auth_login", json!({})).await;
    link(&text_of(&refused));
    assert!(person.asked.lock().unwrap().is_empty());
    client.cancel().await.unwrap();
}

/// What a model reads when it asks for a page and its client cannot show one.
async fn asked(app: &TestApp) -> (String, Value) {
    let client = app.client(None).await;
    let text = text_of(&client.result("auth_login", json!({})).await);
    client.close().await;
    (link(&text), json!({"page": ticket(&text)}))
}

async fn taken(app: &TestApp, page: &Value) -> (Value, String) {
    let client = app.client(None).await;
    let result = client.result("auth_login", page.clone()).await;
    client.close().await;
    (envelope(&result), text_of(&result))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_somebody_was_sent_does_nothing() {
    let app = TestApp::start(&[]);
    app.local_account(ADA).await;
    let (link, page) = asked(&app).await;
    let mut victim = Browser::at(&app.server.url);
    victim.headers.push(from_address(7));
    victim.get(&link).await.says(403, "another network");
    let pair = [("email", ADA), ("password", PASSWORD)];
    victim.post("/sign-in", &pair).await.goes_to("/account");
    victim.get(&link).await.says(403, "another network");
    // Even a form made by hand is refused where it counts.
    let own = Browser::at(&app.server.url);
    own.post("/sign-in", &pair).await.goes_to("/account");
    let account = own.get(&link).await.value("account").unwrap();
    let (_, id) = link.split_once('=').unwrap();
    let form = [
        ("request", id),
        ("account", account.as_str()),
        ("act", "allow"),
    ];
    victim
        .post("/sign-in/answer", &form)
        .await
        .says(403, "another network");
    assert!(taken(&app, &page).await.1.contains("Not signed in yet"));
    let id = id.to_owned();
    let known = format!("/sign-in/requests/{id}");
    assert_eq!(victim.get(&known).await.status, 403);
    assert_eq!(own.get(&known).await.status, 204);
    for nothing in [
        "/sign-in/requests/x",
        "/sign-in/requests/page_0123456789abcdef0123456789abcdef",
    ] {
        assert_eq!(own.get(nothing).await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_once_and_for_the_account_that_was_shown() {
    let app = TestApp::start(&[]);
    app.local_account(ADA).await;
    app.local_account("bob@example.org").await;
    let (link, page) = asked(&app).await;
    let browser = Browser::at(&app.server.url);
    let pair = [("email", ADA), ("password", PASSWORD)];
    browser.post("/sign-in", &pair).await.goes_to("/account");
    let shown = browser.get(&link).await;
    let (request, account) = (
        shown.value("request").unwrap(),
        shown.value("account").unwrap(),
    );
    // In another window somebody else signed in: they are asked by their own name.
    let pair = [("email", "bob@example.org"), ("password", PASSWORD)];
    browser.post("/sign-in", &pair).await.goes_to("/account");
    let form = [
        ("request", request.as_str()),
        ("account", &account),
        ("act", "allow"),
    ];
    browser.post("/sign-in/answer", &form).await.goes_to(&link);
    assert!(taken(&app, &page).await.1.contains("Not signed in yet"));
    let unclear = [("request", request.as_str()), ("account", &account)];
    browser
        .post("/sign-in/answer", &unclear)
        .await
        .goes_to(&link);
    let stranger = Browser::at(&app.server.url);
    stranger
        .post("/sign-in/answer", &form)
        .await
        .goes_to("/sign-in");
    let foreign = browser.request("/sign-in/answer").form(&form);
    let foreign = browser
        .send(foreign.header("sec-fetch-site", "cross-site"))
        .await;
    assert_eq!(foreign.status, 403);

    answer(&browser, &link, "bob@example.org", PASSWORD, "allow").await;
    browser.get(&link).await.says(404, "that is over");
    let again = browser.get("/account").await;
    let id = again
        .body
        .split("<code>")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    let form = [
        ("request", request.as_str()),
        ("account", id),
        ("act", "deny"),
    ];
    browser
        .post("/sign-in/answer", &form)
        .await
        .says(404, "that is over");
    assert_eq!(
        taken(&app, &page).await.0["data"]["email"],
        "bob@example.org"
    );
    assert_eq!(
        taken(&app, &page).await.0["data"]["errors"][0]["field"],
        "page"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_ends_it_and_the_program_is_told() {
    let app = TestApp::start(&[]);
    app.local_account(ADA).await;
    let (link, page) = asked(&app).await;
    let browser = Browser::at(&app.server.url);
    answer(&browser, &link, ADA, PASSWORD, "deny").await;
    let (body, text) = taken(&app, &page).await;
    assert_eq!(body["data"], Value::Null);
    assert!(text.contains("The person said no"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_want_to_is_not_sent_anywhere() {
    let app = TestApp::start(&[]);
    for (says, words) in [
        (ElicitationAction::Decline, "declined"),
        (ElicitationAction::Cancel, "closed the question"),
    ] {
        for lifecycle in LIFECYCLES {
            let person = Person::who_says(Some(says.clone()));
            let client = person
                .sit_down(app.transport(Some(PUBLIC)), lifecycle())
                .await;
            let refused = call(&client, "auth_login", json!({})).await;
            assert_eq!(envelope(&refused)["data"]["errors"][0]["field"], "password");
            assert!(text_of(&refused).contains(words), "{}", text_of(&refused));
            client.cancel().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_and_choosing_a_password_are_left_to_the_page() {
    let app = TestApp::start(&[]);
    for (tool, path) in [
        ("auth_register", "/register"),
        ("auth_change_password", "/password"),
    ] {
        for lifecycle in LIFECYCLES {
            let url = format!("{}{path}", app.server.url);
            let person = Person::who_says(Some(ElicitationAction::Accept));
            let transport = app.transport(Some(PUBLIC));
            let client = person.clone().sit_down(transport, lifecycle()).await;
            let handed_over = call(&client, tool, json!({})).await;
            let body = envelope(&handed_over);
            assert_eq!(
                (&body["status"], &body["data"]),
                (&json!("success"), &Value::Null)
            );
            assert_eq!(body["message"], "The person goes on with this on the page.");
            assert_eq!(person.asked.lock().unwrap()[0]["url"], url);
            client.cancel().await.unwrap();

            let transport = app.transport(Some(PUBLIC));
            let client = Person::out_of_reach()
                .sit_down(transport, lifecycle())
                .await;
            let refused = call(&client, tool, json!({"user_email": ADA})).await;
            let text = text_of(&refused);
            assert!(
                text.contains(&url) && !text.contains("clara_page_"),
                "{text}"
            );
            client.cancel().await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_given_is_taken_as_before() {
    let app = TestApp::start(&[]);
    app.local_account(ADA).await;
    let client = app.client(None).await;
    let pair = json!({"email": ADA, "password": PASSWORD});
    assert_eq!(client.data("auth_login", pair).await["email"], ADA);
    let (_, data) = client
        .refusal("auth_login", json!({"password": PASSWORD}))
        .await;
    assert_eq!(
        data["errors"],
        json!([{"field": "email", "problem": "is required"}])
    );
    client.close().await;
}
