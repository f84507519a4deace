//! Pages to pay on, offered by clients that reach Clara by URL: in a session, on the older event stream, and in the stateless
//! form, where the client comes back with what it was given.

use rmcp::service::ClientLifecycleMode;
use serde_json::{Value, json};

use super::person::{LIFECYCLES, Person, buy_with_every_answer, take_back_a_purchase};
use super::sse::Stream;
use super::support::app::mcp::{call, initialize, message_of, stateless};
use super::support::app::{Account, TestApp};
use super::till::{Till, purchase};
use super::waiting::first_message;

#[tokio::test]
async fn a_page_to_pay_on_is_offered_to_the_person_and_else_is_text() {
    let till = Till::open().await;
    let app = TestApp::start(&till.settings());
    let ada = app.local_account("ada@example.org").await;
    for lifecycle in LIFECYCLES {
        let meet = async |person: Person| {
            let transport = app.transport(Some(&ada.key));
            person.sit_down(transport, lifecycle()).await
        };
        buy_with_every_answer(&till, meet).await;
    }
}

#[tokio::test]
async fn a_call_that_is_taken_back_takes_its_question_back() {
    let till = Till::open().await;
    let app = TestApp::start(&till.settings());
    let ada = app.local_account("ada@example.org").await;
    let person = Person::who_says(None);
    let transport = app.transport(Some(&ada.key));
    let initialize = ClientLifecycleMode::Initialize;
    let client = person.sit_down(transport, initialize).await;
    take_back_a_purchase(client).await;
}

/// The greeting of a client whose person can be asked.
fn able() -> Value {
    let mut hello = initialize("2025-11-25");
    hello["params"]["capabilities"] = json!({"elicitation": {"url": {}}});
    hello
}

#[tokio::test]
async fn the_older_stream_carries_the_question_and_takes_the_answer() {
    let till = Till::open().await;
    let app = TestApp::start(&till.settings());
    let ada = app.local_account("ada@example.org").await;
    let proof = Some(ada.key.as_str());
    let mut stream = Stream::open(&app, proof).await;
    stream.greet_with(&app, proof, &able()).await;
    for (id, reply, words) in [
        (
            1,
            json!({"result": {"action": "accept"}}),
            "agreed to open it",
        ),
        (2, json!({"result": {"action": "decline"}}), "declined"),
        (
            3,
            json!({"error": {"code": -32603, "message": "no browser"}}),
            "Give this address to a person",
        ),
    ] {
        let buy = call(id, "stripe_buy", purchase());
        assert_eq!(stream.say(&app, proof, &buy).await, 202);
        let question = stream.message().await;
        assert_eq!(question["method"], "elicitation/create", "{question}");
        assert_eq!(question["params"]["mode"], "url");
        let mut reply = reply;
        reply["jsonrpc"] = json!("2.0");
        reply["id"] = question["id"].clone();
        assert_eq!(stream.say(&app, proof, &reply).await, 202);
        let answer = stream.message().await;
        assert_eq!(answer["id"], id, "{answer}");
        let data = &answer["result"]["structuredContent"]["data"];
        assert_eq!(data["url"], question["params"]["url"]);
        let text = answer["result"]["content"][0]["text"].as_str().unwrap();
        assert!(text.contains(words), "{text}");
    }
    // Nobody answers: the call is taken back, and so is the question.
    let buy = call(4, "stripe_buy", purchase());
    assert_eq!(stream.say(&app, proof, &buy).await, 202);
    let question = stream.message().await;
    let cancelled =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 4}});
    assert_eq!(stream.say(&app, proof, &cancelled).await, 202);
    let taken_back = stream.message().await;
    assert_eq!(
        taken_back["method"], "notifications/cancelled",
        "{taken_back}"
    );
    assert_eq!(taken_back["params"]["requestId"], question["id"]);
    let mut shy = Stream::open(&app, proof).await;
    shy.greet(&app, proof).await;
    let buy = call(5, "stripe_buy", purchase());
    assert_eq!(shy.say(&app, proof, &buy).await, 202);
    let answer = shy.message().await;
    assert_eq!(
        answer["id"], 5,
        "who cannot be asked is not asked: {answer}"
    );
    assert_eq!(till.sold(), 5);
}

#[tokio::test]
async fn a_question_is_answered_by_nobody_but_who_was_asked() {
    let till = Till::open().await;
    let app = TestApp::start(&till.settings());
    let ada = app.local_account("ada@example.org").await;
    let eve = app.local_account("eve@example.org").await;
    let proof = Some(ada.key.as_str());
    let mut hers = Stream::open(&app, proof).await;
    hers.greet_with(&app, proof, &able()).await;
    let foreign = Some(eve.key.as_str());
    let mut other = Stream::open(&app, foreign).await;
    other.greet_with(&app, foreign, &able()).await;
    let session = app.session("2025-11-25", &eve.key).await;
    let buy = call(1, "stripe_buy", purchase());
    assert_eq!(hers.say(&app, proof, &buy).await, 202);
    let question = hers.message().await;
    assert_eq!(question["method"], "elicitation/create", "{question}");
    // Eve knows the question's id, and answers it in both of her sessions and in Ada's.
    let agreed = json!({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept"}});
    other.say(&app, foreign, &agreed).await;
    let headers = [
        ("authorization", eve.key.as_str()),
        ("mcp-session-id", session.as_str()),
    ];
    app.post(&headers, &agreed).await;
    assert_eq!(hers.say(&app, foreign, &agreed).await, 404);
    let declined = json!({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "decline"}});
    assert_eq!(hers.say(&app, proof, &declined).await, 202);
    let answer = hers.message().await;
    let text = answer["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.contains("declined"), "{text}");
}

#[tokio::test]
async fn a_stop_ends_waiting_for_the_person_and_the_answer_still_comes() {
    let till = Till::open().await;
    let app = TestApp::start(&till.settings());
    let ada = app.local_account("ada@example.org").await;
    let proof = ("authorization", ada.key.as_str());
    let hello = app.post(&[proof], &able()).await;
    let session = hello.headers()["mcp-session-id"].to_str().unwrap();
    let headers = [proof, ("mcp-session-id", session)];
    let buy = call(1, "stripe_buy", purchase());
    let mut waiting = app.post(&headers, &buy).await;
    let question = first_message(&mut waiting).await;
    assert_eq!(question["method"], "elicitation/create", "{question}");
    app.server.terminate();
    let answer = message_of(waiting).await;
    let text = answer["result"]["content"][0]["text"].as_str();
    assert!(text.unwrap().contains("has not answered yet"), "{answer}");
}

#[tokio::test]
async fn who_has_no_session_is_not_asked_however_able() {
    let till = Till::open().await;
    let app = TestApp::start(&till.settings());
    let ada = app.local_account("ada@example.org").await;
    let mut buy = call(1, "stripe_buy", purchase());
    buy["params"]["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2025-11-25",
        "io.modelcontextprotocol/clientInfo": {"name": "plain", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"url": {}}},
    });
    let headers = [
        ("authorization", ada.key.as_str()),
        ("mcp-protocol-version", "2025-11-25"),
    ];
    let answer = message_of(app.post(&headers, &buy).await).await;
    let text = answer["result"]["content"][0]["text"].as_str();
    assert!(text.unwrap().contains("Give this address"), "{answer}");
}

/// A purchase in the stateless form; what is in `more` comes with it.
async fn buy(app: &TestApp, account: &Account, arguments: Value, more: Value) -> Value {
    let mut params = json!({"name": "stripe_buy", "arguments": arguments});
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    let (headers, mut message) = stateless(Some(&account.key), "tools/call", params);
    let able = json!({"elicitation": {"url": {}}});
    message["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] = able;
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    message_of(app.post(&headers, &message).await).await
}

#[tokio::test]
async fn a_client_comes_back_with_what_it_was_given_or_nothing_is_done() {
    let till = Till::open().await;
    let app = TestApp::start(&till.settings());
    let ada = app.local_account("ada@example.org").await;
    let eve = app.local_account("eve@example.org").await;
    let asks = buy(&app, &ada, purchase(), json!({})).await;
    let asks = &asks["result"];
    assert_eq!(asks["resultType"], "input_required", "{asks}");
    let question = &asks["inputRequests"]["page"];
    assert_eq!(question["method"], "elicitation/create", "{question}");
    let state = asks["requestState"].as_str().unwrap();
    let agreed = json!({"page": {"action": "accept"}});
    let back = |state: &str| json!({"inputResponses": agreed, "requestState": state});
    let (start, end) = state.split_at(state.len() / 2);
    let other = if end.starts_with('A') { 'B' } else { 'A' };
    let changed = format!("{start}{other}{}", &end[1..]);
    let more = json!({"amount": 6, "return_path": "billing"});
    for refused in [
        buy(&app, &ada, purchase(), back(&changed)).await,
        buy(&app, &ada, purchase(), back("")).await,
        buy(&app, &ada, more, back(state)).await,
        buy(&app, &eve, purchase(), back(state)).await,
        buy(&app, &ada, purchase(), json!({"inputResponses": agreed})).await,
    ] {
        assert_eq!(refused["error"]["code"], -32602, "{refused}");
        let problem = refused["error"]["message"].as_str().unwrap();
        assert!(problem.contains("Nothing was done"), "{problem}");
    }
    // Without an answer there is one all the same; and the same state is as good as before.
    for (responses, words) in [
        (agreed.clone(), "agreed to open it"),
        (json!({}), "has not answered yet"),
    ] {
        let back = json!({"inputResponses": responses, "requestState": state});
        let answer = buy(&app, &ada, purchase(), back).await;
        let envelope = &answer["result"]["structuredContent"];
        assert_eq!(envelope["status"], "success", "{answer}");
        assert_eq!(envelope["data"]["url"], question["params"]["url"]);
        let text = answer["result"]["content"][0]["text"].as_str().unwrap();
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(till.sold(), 1);
    let dear = json!({"amount": 1_000_000, "return_path": "billing"});
    let refused = buy(&app, &ada, dear, json!({})).await;
    assert_eq!(
        refused["result"]["isError"], true,
        "no page, no question: {refused}"
    );
}
