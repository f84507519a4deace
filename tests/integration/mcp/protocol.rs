//! The protocol's own edges: broken lines, unknown tools, dotted names, the end of input.

use std::time::{Duration, Instant};

use serde_json::json;

use super::lines::Lines;
use super::support::{Folder, text_file, text_of};

#[test]
fn a_broken_line_gets_an_error_and_the_next_line_is_served() {
    let folder = Folder::new();
    let mut lines = Lines::start(&folder);
    for broken in [
        "{not json",
        "[]",
        "\"text\"",
        "{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": 5}",
    ] {
        lines.send(broken);
        let answer = lines.receive();
        assert!(
            answer["error"]["code"].is_i64(),
            "{broken} is answered: {answer}"
        );
    }
    lines.send(r#"{"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/list"}"#);
    let answer = lines.answer(7);
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains("more than once"), "{answer}");
    lines.call(1, "misc_version", &json!({}));
    assert_eq!(
        lines.answer(1)["result"]["structuredContent"]["status"],
        "success"
    );
}

#[test]
fn the_end_of_input_ends_the_process_within_a_second_and_loses_no_task() {
    let folder = Folder::new();
    let mut lines = Lines::start(&folder);
    // Long enough to be under way when the input ends.
    let long = "The bridge was opened in 1931 after years of work on the towers. ".repeat(400);
    let attachments = [text_file("long.txt", &long.repeat(2))];
    lines.call(
        1,
        "agent_analysis",
        &json!({"text": long, "attachments": attachments, "wait_seconds": 0}),
    );
    let task = lines.answer(1)["result"]["structuredContent"]["data"].clone();
    lines.call(
        2,
        "task_view",
        &json!({"task_id": task["id"], "wait_seconds": 55}),
    );
    drop(lines.input.take());
    let started = Instant::now();
    let status = lines.child.wait().unwrap();
    assert!(status.success());
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );

    let mut again = Lines::start(&folder);
    again.call(
        3,
        "task_view",
        &json!({"task_id": task["id"], "wait_seconds": 55}),
    );
    assert_eq!(
        again.answer(3)["result"]["structuredContent"]["data"]["status"],
        "COMPLETED"
    );
}

#[tokio::test]
async fn documented_dotted_names_are_answered_and_unknown_ones_refused() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let answer = client
        .envelope("agent.supported_attachments", json!({}))
        .await;
    assert!(
        answer["data"]["document"]
            .as_array()
            .unwrap()
            .contains(&json!("pdf"))
    );
    assert_eq!(
        client.envelope("api_key.view", json!({})).await["status"],
        "success"
    );
    let call = rmcp::model::CallToolRequestParams::new("agent_guess");
    let error = client
        .service
        .call_tool(call)
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("agent_guess"), "{error}");
}

#[tokio::test]
async fn a_result_says_the_same_in_text_and_structure() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let result = client.result("user_view", json!({})).await;
    let text = text_of(&result);
    let structured = result.structured_content.unwrap();
    assert_eq!(structured["message"], "User fetched successfully.");
    assert!(text.starts_with("User fetched successfully."));
    assert!(text.contains(structured["data"]["id"].as_str().unwrap()));
}

#[tokio::test]
async fn toolsets_narrow_the_list_and_what_can_be_called() {
    let folder = Folder::new();
    let client = folder.client(&[("CLARA_TOOLSETS", "agent,task")]).await;
    let names: Vec<String> = client
        .service
        .list_all_tools()
        .await
        .unwrap()
        .iter()
        .map(|tool| tool.name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "task_view_all",
            "task_view",
            "task_cancel",
            "agent_supported_attachments",
            "agent_analysis",
            "agent_search",
            "agent_judge"
        ]
    );
    assert!(
        client
            .service
            .call_tool(rmcp::model::CallToolRequestParams::new("user_view"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_whole_report_is_a_resource_for_its_owner() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let task = client
        .data(
            "agent_analysis",
            json!({"text": "The bridge opened in 1931."}),
        )
        .await;
    let listed = client.service.list_all_resources().await.unwrap();
    let whole = format!("clara://tasks/{}", task["id"].as_str().unwrap());
    let uri = format!("{whole}/report");
    assert_eq!(
        listed
            .iter()
            .map(|resource| resource.uri.as_str())
            .collect::<Vec<_>>(),
        [uri.as_str(), whole.as_str()]
    );
    let read = |uri: &str| {
        client
            .service
            .read_resource(rmcp::model::ReadResourceRequestParams::new(uri))
    };
    let report = serde_json::to_value(read(&uri).await.unwrap()).unwrap();
    assert!(
        report["contents"][0]["text"]
            .as_str()
            .unwrap()
            .contains("The bridge opened in 1931."),
        "{report}"
    );
    assert!(
        read("clara://tasks/task_00000000000000000000000000000000/report")
            .await
            .is_err()
    );
    assert!(read("clara://elsewhere").await.is_err());
}
