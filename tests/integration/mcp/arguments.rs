//! Arguments as models and frameworks send them.

use clara::operations::registry;
use serde_json::json;

use super::every_field::check_every_field;
use super::support::{Folder, text_file, text_of};

#[tokio::test]
async fn optional_fields_in_every_shape_over_stdio() {
    let folder = Folder::new();
    check_every_field(&folder.client(&[]).await).await;
}

#[tokio::test]
async fn tools_without_input_ignore_arguments() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    for entry in registry::tools().filter(|entry| entry.spec.hints.read_only) {
        if entry.contract.input["properties"]
            .as_object()
            .unwrap()
            .is_empty()
        {
            let extra = json!({"reason": "because", "limit": null});
            client.data(entry.spec.tool, extra).await;
        }
    }
}

#[tokio::test]
async fn an_attachment_is_taken_in_every_shape() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let file = text_file(
        "mill.txt",
        "The mill was built in 1904 by Ada Marsh. It is old.",
    );
    let plain = file["content_base64"].as_str().unwrap();
    let broken: String = plain
        .as_bytes()
        .chunks(20)
        .map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n")
        .collect();
    let with = |content: String| json!([{"name": "mill.txt", "content_base64": content, "url": null, "path": ""}]);
    let shapes = [
        json!([file]),
        file.clone(),
        json!(json!([file]).to_string()),
        json!(file.to_string()),
        json!([file.to_string()]),
        with(format!("data:text/plain;base64,{plain}")),
        with(format!("data:text/plain;charset=utf-8;base64,{broken}")),
        with(broken.clone()),
        with(plain.trim_end_matches('=').to_owned()),
        with(plain.replace('+', "-").replace('/', "_")),
    ];
    for (number, attachments) in shapes.into_iter().enumerate() {
        // Each another text, for the same again would be the same task.
        let text = format!("The mill was built in 1904. Line {number} is here.");
        let arguments = json!({"text": text, "attachments": attachments, "wait_seconds": 30.0});
        let task = client.data("agent_analysis", arguments).await;
        assert_eq!(
            task["result"]["claims"][0]["verdict"], "supported",
            "{number}: {task}"
        );
    }
}

#[tokio::test]
async fn a_refusal_shows_what_to_send() {
    let folder = Folder::new();
    let client = folder.client(&[]).await;
    let refused = json!({"text": "The mill is old.", "attachments": "mill.txt"});
    let text = text_of(&client.result("agent_analysis", refused).await);
    assert!(
        text.contains("must be a list, not string, such as [{"),
        "{text}"
    );
    assert!(text.contains("harbour.txt"), "{text}");
    let text = text_of(&client.result("agent_analysis", json!({"text": null})).await);
    assert!(
        text.contains("is required") && text.contains("Send arguments such as {\"text\":"),
        "{text}"
    );
    let text = text_of(&client.result("task_view", json!({})).await);
    assert!(text.contains("{\"task_id\":\"task_"), "{text}");
    let call = |name: &'static str| {
        client
            .service
            .call_tool(rmcp::model::CallToolRequestParams::new(name))
    };
    for (wrong, meant) in [
        ("agent_analyze", "agent_analysis"),
        ("analysis", "agent_analysis"),
        ("fact_check", "agent_analysis"),
        ("task.views", "task_view"),
        ("get_task", "task_view"),
        ("mcp__clara__agent_analysis", "agent_analysis"),
        ("user_viw", "user_view"),
    ] {
        let error = call(wrong).await.unwrap_err().to_string();
        assert!(error.contains(&format!("`{meant}`")), "{wrong}: {error}");
    }
}
