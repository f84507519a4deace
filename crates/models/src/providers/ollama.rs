//! Ollama's chat: <https://docs.ollama.com/api/chat>. It cuts a question that is longer than its context without a word, so each
//! request asks for a context that is long enough.

use clara_analysis::engine::judge::JudgeError;
use serde_json::{Value, json};

use super::{CUT_OFF, Completion, Form, Question, text_at, tokens_at};
use crate::prompt::MAX_OUTPUT_TOKENS;

/// Contexts are asked for in whole steps, so that a model is not loaded anew for each question.
const CONTEXT_STEP: u64 = 8_192;

pub(super) fn body(question: &Question<'_>) -> Value {
    let needed = question.prompt.estimated_tokens() + u64::from(MAX_OUTPUT_TOKENS);
    let mut body = json!({
        "model": question.model,
        "messages": [
            { "role": "system", "content": question.system() },
            { "role": "user", "content": question.prompt.user },
        ],
        "stream": false,
        "options": {
            "temperature": 0,
            "num_predict": MAX_OUTPUT_TOKENS,
            "num_ctx": needed.next_multiple_of(CONTEXT_STEP),
        },
    });
    if question.form == Form::Strict {
        body["format"] = question.prompt.schema.value.clone();
    }
    body
}

pub(super) fn read(body: &Value) -> Result<Completion, JudgeError> {
    if body["done_reason"] == "length" {
        return Err(CUT_OFF);
    }
    Ok(Completion {
        text: text_at(body, "/message/content")?,
        tokens: tokens_at(body, "/prompt_eval_count", "/eval_count"),
    })
}
