//! What there is besides tools: resources, prompts and completions, and how long each may be kept.

use serde_json::{Value, json};

use super::support::app::mcp::message_of;
use super::support::app::{Account, TestApp};

async fn ask(app: &TestApp, account: Option<&Account>, method: &str, params: Value) -> Value {
    let key = account.map(|account| account.key.as_str());
    message_of(app.stateless(key, method, params).await).await
}

/// A finished analysis's id.
async fn analysed(app: &TestApp, account: &Account) -> String {
    let params = json!({"name": "agent_analysis",
        "arguments": {"text": "The bridge opened in 1931.", "wait_seconds": 55}});
    let answer = ask(app, Some(account), "tools/call", params).await;
    let task = &answer["result"]["structuredContent"]["data"];
    assert_eq!(task["status"], "COMPLETED", "{answer}");
    task["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_callers_latest_tasks_are_listed_and_read_and_nobody_elses() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let eve = app.local_account("eve@example.org").await;
    let id = analysed(&app, &ada).await;
    let whole = format!("clara://tasks/{id}");
    let report = format!("{whole}/report");
    let listed = ask(&app, Some(&ada), "resources/list", json!({})).await;
    let uris: Vec<&str> = listed["result"]["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["uri"].as_str().unwrap())
        .collect();
    assert_eq!(uris, [report.as_str(), whole.as_str()]);
    let read = ask(&app, Some(&ada), "resources/read", json!({"uri": report})).await;
    let content = &read["result"]["contents"][0];
    assert_eq!(content["mimeType"], "text/markdown");
    assert!(
        content["text"]
            .as_str()
            .unwrap()
            .contains("The bridge opened in 1931.")
    );
    let read = ask(&app, Some(&ada), "resources/read", json!({"uri": whole})).await;
    let task = read["result"]["contents"][0]["text"].as_str().unwrap();
    let task: Value = serde_json::from_str(task).unwrap();
    assert_eq!(task["result"]["format"], "clara-report/2");
    for other in [Some(&eve), None] {
        let listed = ask(&app, other, "resources/list", json!({})).await;
        assert_eq!(listed["result"]["resources"], json!([]));
        let read = ask(&app, other, "resources/read", json!({"uri": whole})).await;
        assert_eq!(read["error"]["code"], -32602, "{read}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_versions_own_way() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let uri = "clara://tasks/task_00000000000000000000000000000000";
    let read = ask(&app, Some(&ada), "resources/read", json!({"uri": uri})).await;
    assert_eq!(read["error"]["code"], -32602);
    assert_eq!(read["error"]["data"]["uri"], uri);
    let session = app.session("2025-11-25", &ada.key).await;
    let headers = [
        ("authorization", ada.key.as_str()),
        ("mcp-session-id", session.as_str()),
    ];
    for uri in [uri, "clara://elsewhere", "file:///etc/passwd"] {
        let message =
            json!({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": uri}});
        let read = message_of(app.post(&headers, &message).await).await;
        assert_eq!(read["error"]["code"], -32002, "{read}");
    }
}

#[tokio::test]
async fn prompts_lead_to_the_analysis_and_say_what_they_miss() {
    let app = TestApp::start(&[]);
    let listed = ask(&app, None, "prompts/list", json!({})).await;
    let prompts = listed["result"]["prompts"].as_array().unwrap();
    let names: Vec<&str> = prompts
        .iter()
        .map(|prompt| prompt["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["fact_check", "check_document"]);
    let params = json!({"name": "fact_check", "arguments": {"text": "The bridge opened in 1931."}});
    let filled = ask(&app, None, "prompts/get", params).await;
    let message = &filled["result"]["messages"][0];
    assert_eq!(message["role"], "user");
    let text = message["content"]["text"].as_str().unwrap();
    assert!(text.contains("agent_analysis") && text.contains("The bridge opened in 1931."));
    for (name, arguments, missing) in [
        ("fact_check", json!({}), "`text`"),
        (
            "check_document",
            json!({"text": "It opened."}),
            "`document`",
        ),
        ("guess", json!({}), "`guess`"),
    ] {
        let params = json!({"name": name, "arguments": arguments});
        let refused = ask(&app, None, "prompts/get", params).await;
        assert_eq!(refused["error"]["code"], -32602, "{refused}");
        assert!(
            refused["error"]["message"]
                .as_str()
                .unwrap()
                .contains(missing)
        );
    }
}

#[tokio::test]
async fn task_ids_are_completed_for_their_owner() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let id = analysed(&app, &ada).await;
    let params = |typed: &str| {
        json!({"ref": {"type": "ref/resource", "uri": "clara://tasks/{task_id}/report"},
            "argument": {"name": "task_id", "value": typed}})
    };
    let complete = async |who, typed: &str| {
        let answer = ask(&app, who, "completion/complete", params(typed)).await;
        answer["result"]["completion"]["values"].clone()
    };
    for typed in ["", "task_", &id] {
        assert_eq!(complete(Some(&ada), typed).await, json!([id]));
    }
    assert_eq!(complete(Some(&ada), "task_zzz").await, json!([]));
    assert_eq!(complete(None, "").await, json!([]));
}

#[tokio::test]
async fn every_list_says_how_long_it_may_be_kept_and_by_whom() {
    let app = TestApp::start(&[]);
    let ada = app.local_account("ada@example.org").await;
    let uri = format!("clara://tasks/{}/report", analysed(&app, &ada).await);
    for (method, params, scope) in [
        ("server/discover", json!({}), "public"),
        ("tools/list", json!({}), "private"),
        ("resources/list", json!({}), "private"),
        ("resources/templates/list", json!({}), "public"),
        ("prompts/list", json!({}), "public"),
        ("resources/read", json!({"uri": uri}), "private"),
    ] {
        let answer = ask(&app, Some(&ada), method, params).await;
        assert!(answer["result"]["ttlMs"].is_u64(), "{method}: {answer}");
        assert_eq!(answer["result"]["cacheScope"], scope, "{method}");
    }
}
