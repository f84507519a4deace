//! Files that a person drops on a page for a call of a program: what the call comes to, and what ends it.

use rmcp::RoleClient;
use rmcp::model::{CallToolRequest, CallToolRequestParams, ClientRequest, ElicitationAction};
use rmcp::service::{PeerRequestOptions, RunningService};
use serde_json::{Value, json};

use super::browser::Browser;
use super::person::{LIFECYCLES, Person};
use super::signing_in_support::{call, envelope, ticket};
use super::support::app::{Account, PASSWORD, TestApp};
use super::support::dropping::{asked_link, open, send};
use super::support::{object, text_of};

const ADA: &str = "ada@example.org";
const TEXT: &str = "The lighthouse was built in 1904. The bridge opened in 1931.";
const LIGHTHOUSE: (&str, &[u8]) = ("lighthouse.txt", b"The lighthouse was built in 1904.");
const BRIDGE: (&str, &[u8]) = ("bridge.txt", b"The bridge opened in 1931.");

fn asks() -> Value {
    json!({"text": TEXT, "ask_for_files": true, "wait_seconds": 50})
}

fn comes_back(ticket: &str) -> Value {
    json!({"text": TEXT, "page": ticket, "wait_seconds": 50})
}

async fn sit_down(
    app: &TestApp,
    account: &Account,
    person: &Person,
    lifecycle: usize,
) -> RunningService<RoleClient, Person> {
    let transport = app.transport(Some(&account.key));
    let person = person.clone();
    person.sit_down(transport, LIFECYCLES[lifecycle]()).await
}

/// The names of the files that a finished report quotes, and how many of its claims they support.
fn sources(body: &Value) -> (Vec<&str>, usize) {
    let claims = body["data"]["result"]["claims"].as_array();
    let claims = claims.unwrap_or_else(|| panic!("no report: {body}"));
    let quotes = claims
        .iter()
        .flat_map(|it| it["evidence"].as_array().unwrap());
    let mut names: Vec<&str> = quotes.filter_map(|it| it["source_name"].as_str()).collect();
    names.sort_unstable();
    let supported = claims.iter().filter(|it| it["verdict"] == "supported");
    (names, supported.count())
}

#[tokio::test(flavor = "multi_thread")]
async fn dropped_files_are_what_is_checked() {
    let app = TestApp::start(&[]);
    let ada = app.local_account(ADA).await;
    for lifecycle in [0, 1] {
        let person = Person::who_says(Some(ElicitationAction::Accept));
        let client = sit_down(&app, &ada, &person, lifecycle).await;
        let dropping = async {
            person.hears.cancelled().await;
            let link = asked_link(&person);
            let browser = Browser::at(&app.server.url);
            let page = open(&browser, &link, ADA, PASSWORD).await;
            page.says(200, "At most 5 files of 25 MB each");
            page.says(200, ADA);
            send(&browser, &link, &[], "done")
                .await
                .says(400, "There are no files yet");
            if lifecycle == 0 {
                let both = [LIGHTHOUSE, BRIDGE];
                let done = send(&browser, &link, &both, "done").await;
                done.goes_to("/account?notice=files");
            } else {
                for file in [LIGHTHOUSE, BRIDGE] {
                    send(&browser, &link, &[file], "add").await.goes_to(&link);
                }
                let page = browser.get(&link).await;
                page.says(200, "<strong>lighthouse.txt</strong>");
                page.says(200, "there is room for 3 more");
                let done = send(&browser, &link, &[], "done").await;
                done.goes_to("/account?notice=files");
            }
            browser.get(&link).await.says(404, "that is over");
            send(&browser, &link, &[BRIDGE], "done")
                .await
                .says(404, "that is over");
        };
        let calling = call(&client, "agent_analysis", asks());
        let (result, ()) = tokio::join!(calling, dropping);
        let body = envelope(&result);
        assert_eq!(sources(&body), (vec![BRIDGE.0, LIGHTHOUSE.0], 2));
        client.cancel().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_good_for_its_call_alone() {
    let app = TestApp::start(&[]);
    let ada = app.local_account(ADA).await;
    let eve = app.local_account("eve@example.org").await;
    let person = Person::who_says(Some(ElicitationAction::Cancel));
    let client = sit_down(&app, &ada, &person, 0).await;
    let text = text_of(&call(&client, "agent_analysis", asks()).await);
    assert!(text.contains("closed the question"), "{text}");
    let ticket = ticket(&text);
    let mut early = comes_back(&ticket);
    early["wait_seconds"] = json!(0);
    let early = text_of(&call(&client, "agent_analysis", early).await);
    assert!(early.contains("the person is still at it"), "{early}");
    let browser = Browser::at(&app.server.url);
    let link = asked_link(&person);
    open(&browser, &link, ADA, PASSWORD).await;
    send(&browser, &link, &[LIGHTHOUSE, BRIDGE], "done")
        .await
        .goes_to("/account?notice=files");
    let mut other = comes_back(&ticket);
    other["text"] = json!("The bridge is 412 metres long.");
    let other = text_of(&call(&client, "agent_analysis", other).await);
    assert!(other.contains("checks something else"), "{other}");
    let hers = sit_down(&app, &eve, &Person::out_of_reach(), 0).await;
    let stolen = text_of(&call(&hers, "agent_analysis", comes_back(&ticket)).await);
    assert!(stolen.contains("of no page that waits"), "{stolen}");
    let mut tasks = Vec::new();
    for _ in 0..2 {
        let done = call(&client, "agent_analysis", comes_back(&ticket)).await;
        let body = envelope(&done);
        assert_eq!(sources(&body).0.len(), 2, "{}", text_of(&done));
        tasks.push(body["data"]["id"].clone());
    }
    assert_eq!(tasks[0], tasks[1], "a lost answer costs nothing");
    hers.cancel().await.unwrap();
    client.cancel().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gives_no_files_ends_the_call() {
    let app = TestApp::start(&[]);
    let ada = app.local_account(ADA).await;
    let declines = Person::who_says(Some(ElicitationAction::Decline));
    let client = sit_down(&app, &ada, &declines, 0).await;
    let text = text_of(&call(&client, "agent_analysis", asks()).await);
    assert!(text.contains("declined"), "{text}");
    let browser = Browser::at(&app.server.url);
    let link = asked_link(&declines);
    browser.get(&link).await.says(404, "that is over");
    client.cancel().await.unwrap();

    let person = Person::who_says(Some(ElicitationAction::Accept));
    let client = sit_down(&app, &ada, &person, 0).await;
    let saying_no = async {
        person.hears.cancelled().await;
        let link = asked_link(&person);
        open(&browser, &link, ADA, PASSWORD).await;
        send(&browser, &link, &[BRIDGE], "add").await.goes_to(&link);
        let request = link.split_once('=').unwrap().1;
        browser
            .post("/upload/decline", &[("request", request)])
            .await
            .goes_to("/account?notice=no-files");
    };
    let (result, ()) = tokio::join!(call(&client, "agent_analysis", asks()), saying_no);
    let text = text_of(&result);
    assert!(text.contains("they give no files"), "{text}");
    assert_eq!(app.tasks(&ada).await, 0, "nothing was started");
    client.cancel().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_call_ends_its_page() {
    let app = TestApp::start(&[]);
    let ada = app.local_account(ADA).await;
    for says in [None, Some(ElicitationAction::Accept)] {
        let person = Person::who_says(says);
        let client = sit_down(&app, &ada, &person, 0).await;
        let params = CallToolRequestParams::new("agent_analysis").with_arguments(object(asks()));
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let options = PeerRequestOptions::no_options();
        let mut calling = client
            .send_cancellable_request(request, options)
            .await
            .unwrap();
        tokio::select! {
            () = person.hears.cancelled() => {}
            answer = &mut calling.rx => panic!("nobody was asked: {answer:?}"),
        }
        let browser = Browser::at(&app.server.url);
        let link = asked_link(&person);
        open(&browser, &link, ADA, PASSWORD)
            .await
            .says(200, "Files for a check");
        calling.cancel(None).await.unwrap();
        // The server hears of it on another connection than this browser's.
        let mut status = 200;
        for _ in 0..10_000 {
            status = browser.get(&link).await.status;
            if status != 200 {
                break;
            }
        }
        assert_eq!(status, 404);
        client.cancel().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_page_uploads_are_named() {
    let app = TestApp::start(&[]);
    let ada = app.local_account(ADA).await;
    for lifecycle in [0, 1] {
        let client = sit_down(&app, &ada, &Person::out_of_reach(), lifecycle).await;
        let refused = call(&client, "agent_analysis", asks()).await;
        let body = envelope(&refused);
        assert_eq!(body["data"]["errors"][0]["field"], "ask_for_files");
        let text = text_of(&refused);
        assert!(text.contains("/users/{user_id}/uploads"), "{text}");
        assert!(!text.contains("clara_page_"), "{text}");
        client.cancel().await.unwrap();
    }
    let path = ada.at("/agent/analysis");
    let reply = app.tell("POST", &path, &ada.key, &asks()).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.fields(), ["ask_for_files"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_for_a_call_in_vain() {
    let app = TestApp::start(&[]);
    let ada = app.local_account(ADA).await;
    let person = Person::who_says(Some(ElicitationAction::Accept));
    let client = sit_down(&app, &ada, &person, 0).await;
    let words = json!({"name": "a.txt", "text": "The bridge opened in 1931."});
    for (arguments, field) in [
        (json!({"text": "", "ask_for_files": true}), "text"),
        (
            json!({"text": TEXT, "ask_for_files": true, "attachments": vec![words; 5]}),
            "ask_for_files",
        ),
    ] {
        let refused = envelope(&call(&client, "agent_analysis", arguments).await);
        assert_eq!(refused["data"]["errors"][0]["field"], field, "{refused}");
    }
    app.tamper("UPDATE users SET credits = 0").await;
    let poor = envelope(&call(&client, "agent_analysis", asks()).await);
    assert_eq!(poor["data"]["required"], 20.0, "{poor}");
    assert!(person.asked.lock().unwrap().is_empty());
    client.cancel().await.unwrap();
}
