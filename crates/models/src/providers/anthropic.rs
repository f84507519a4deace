//! Anthropic's messages: <https://platform.claude.com/docs/en/api/messages>. The form is asked for as a structured output and
//! not as a forced tool: newer models refuse those, and none is offered a tool.

use clara_analysis::engine::judge::JudgeError;
use clara_analysis::engine::spending::Tokens;
use serde_json::{Value, json};

use super::{CUT_OFF, Completion, Form, NO_TEXT, Question};
use crate::prompt::MAX_OUTPUT_TOKENS;

pub(super) const VERSION: &str = "2023-06-01";

pub(super) fn body(question: &Question<'_>) -> Value {
    let mut body = json!({
        "model": question.model,
        "max_tokens": MAX_OUTPUT_TOKENS,
        "system": question.system(),
        "messages": [{ "role": "user", "content": question.prompt.user }],
    });
    if question.form == Form::Strict {
        let schema = &question.prompt.schema.value;
        body["output_config"] = json!({ "format": { "type": "json_schema", "schema": schema } });
    }
    body
}

pub(super) fn read(body: &Value) -> Result<Completion, JudgeError> {
    match body["stop_reason"].as_str() {
        Some("max_tokens" | "model_context_window_exceeded") => return Err(CUT_OFF),
        Some("refusal") => return Err(JudgeError::Declined),
        _ => {}
    }
    let blocks = body["content"].as_array().ok_or(NO_TEXT)?;
    let texts = blocks.iter().filter(|block| block["type"] == "text");
    let text: String = texts.filter_map(|block| block["text"].as_str()).collect();
    if text.is_empty() {
        return Err(NO_TEXT);
    }
    Ok(Completion {
        text,
        tokens: tokens(&body["usage"]),
    })
}

/// What was read from or written into the provider's cache is counted apart from the rest of the question.
fn tokens(usage: &Value) -> Option<Tokens> {
    let count = |name: &str| usage[name].as_u64();
    let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"];
    let cached: u64 = cached.iter().filter_map(|name| count(name)).sum();
    Some(Tokens {
        input: count("input_tokens")?.saturating_add(cached),
        output: count("output_tokens")?,
    })
}
