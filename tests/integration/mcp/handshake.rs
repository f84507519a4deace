//! What comes too early, does not fit its method or is no message at all: it is answered where an answer is waited for, and
//! the session goes on.

use serde_json::{Value, json};

use super::lines::{Lines, initialize};
use super::support::Folder;

#[test]
fn early_messages_do_not_end_the_server() {
    let early = [
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "method": "notifications/roots/list_changed"}),
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 4}}),
        json!({"jsonrpc": "2.0", "method": "notifications/unheard_of"}),
        json!({"jsonrpc": "2.0", "id": 3, "result": {}}),
        json!({"jsonrpc": "2.0", "id": 3, "error": {"code": -32601, "message": "no"}}),
    ];
    let folder = Folder::new();
    let mut lines = Lines::silent(&folder);
    for message in early {
        lines.send(&message.to_string());
    }
    lines.send(&initialize().to_string());
    assert_eq!(lines.answer(0)["result"]["serverInfo"]["name"], "clara");
    lines.call(1, "misc_version", &json!({}));
    let answer = lines.answer(1);
    assert_eq!(
        answer["result"]["structuredContent"]["status"], "success",
        "{answer}"
    );
}

#[test]
fn refused_initialize_may_be_tried_again() {
    let folder = Folder::new();
    let mut lines = Lines::silent(&folder);
    let client = json!({"name": "x", "version": "1"});
    let cases = [
        (Value::Null, "protocolVersion"),
        (json!([]), "params"),
        (
            json!({"protocolVersion": 3, "capabilities": {}, "clientInfo": client}),
            "protocolVersion",
        ),
        (
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x"}}),
            "clientInfo.version",
        ),
        (
            json!({"protocolVersion": "2025-06-18", "clientInfo": client}),
            "capabilities",
        ),
    ];
    for (params, member) in cases {
        let mut request = json!({"jsonrpc": "2.0", "id": 8, "method": "initialize"});
        if !params.is_null() {
            request["params"] = params;
        }
        lines.send(&request.to_string());
        let answer = lines.answer(8);
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
        let words = answer["error"]["message"].as_str().unwrap();
        assert!(words.starts_with(&format!("`{member}`")), "{words}");
    }
    lines.send(&initialize().to_string());
    assert_eq!(lines.answer(0)["result"]["serverInfo"]["name"], "clara");
}

#[test]
fn wrong_params_are_answered_with_the_member() {
    let folder = Folder::new();
    let mut lines = Lines::start(&folder);
    let cases = [
        ("tools/call", json!({"arguments": {}}), "`name`"),
        ("tools/call", Value::Null, "`name`"),
        (
            "tools/call",
            json!({"name": "user_view", "arguments": "x"}),
            "`arguments`",
        ),
        (
            "tools/call",
            json!({"name": "user_view", "arguments": [{}]}),
            "`arguments`",
        ),
        ("tools/list", json!([1]), "`params`"),
        ("resources/read", json!({}), "`uri`"),
        (
            "prompts/get",
            json!({"name": "fact_check", "arguments": "x"}),
            "`arguments`",
        ),
        (
            "completion/complete",
            json!({"argument": {"name": "a", "value": "b"}}),
            "`ref`",
        ),
    ];
    for (method, params, member) in cases {
        let mut request = json!({"jsonrpc": "2.0", "id": 5, "method": method});
        if !params.is_null() {
            request["params"] = params.clone();
        }
        lines.send(&request.to_string());
        let answer = lines.answer(5);
        assert_eq!(answer["error"]["code"], -32602, "{method} {params}");
        let words = answer["error"]["message"].as_str().unwrap();
        assert!(words.starts_with(member), "{method} {params}: {words}");
    }
    lines.send(r#"{"jsonrpc":"2.0","id":6,"method":"tools/guess"}"#);
    assert_eq!(lines.answer(6)["error"]["code"], -32601);
    // Arguments as JSON text are read.
    let call = json!({"name": "agent_supported_attachments", "arguments": "{}"});
    lines.send(
        &json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": call}).to_string(),
    );
    let answer = lines.answer(7);
    assert_eq!(answer["result"]["structuredContent"]["status"], "success");
    assert_eq!(answer["result"]["resultType"], Value::Null);
}

#[test]
fn every_refused_line_is_answered() {
    let folder = Folder::new();
    let mut lines = Lines::start(&folder);
    // Right after a call, so that its answer is being written when the refusal is due.
    for round in 1..=40 {
        lines.call(round, "agent_supported_attachments", &json!({}));
        lines.send("garbage");
        lines.send_bytes(b"\"\xff\xfe\"");
        lines.send(r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#);
        let half = r#"{"jsonrpc":"2.0","id":"half","method":"ping","params":{"x":"\ud83d"}}"#;
        lines.send(half);
        let answers: Vec<Value> = (0..5).map(|_| lines.receive()).collect();
        let refused = |answer: &&Value| answer["error"]["code"].is_i64();
        assert_eq!(answers.iter().filter(refused).count(), 4, "{answers:?}");
        assert!(answers.iter().any(|answer| answer["id"] == "half"));
    }
}
