//! Chat completions: <https://platform.openai.com/docs/api-reference/chat>, and every server that speaks like it.

use clara_analysis::engine::judge::JudgeError;
use serde_json::{Value, json};

use super::{CUT_OFF, Completion, Form, Question, text_at, tokens_at};
use crate::prompt::MAX_OUTPUT_TOKENS;

/// Its own service wants another name for the bound than older servers know.
const OWN_HOST: &str = "api.openai.com";

pub(super) fn body(question: &Question<'_>) -> Value {
    let mut body = json!({
        "model": question.model,
        "messages": [
            { "role": "system", "content": question.system() },
            { "role": "user", "content": question.prompt.user },
        ],
    });
    let bound = if question.base.host_str() == Some(OWN_HOST) {
        "max_completion_tokens"
    } else {
        "max_tokens"
    };
    body[bound] = MAX_OUTPUT_TOKENS.into();
    let schema = &question.prompt.schema;
    match question.form {
        Form::Strict => {
            body["response_format"] = json!({
                "type": "json_schema",
                "json_schema": { "name": schema.name, "strict": true, "schema": schema.value },
            });
        }
        Form::Json => body["response_format"] = json!({ "type": "json_object" }),
        Form::Words => {}
    }
    body
}

pub(super) fn read(body: &Value) -> Result<Completion, JudgeError> {
    let choice = &body["choices"][0];
    let has_refused = choice["message"]["refusal"]
        .as_str()
        .is_some_and(|words| !words.is_empty());
    match choice["finish_reason"].as_str() {
        Some("length") => return Err(CUT_OFF),
        Some("content_filter") => return Err(JudgeError::Declined),
        _ if has_refused => return Err(JudgeError::Declined),
        _ => {}
    }
    Ok(Completion {
        text: text_at(body, "/choices/0/message/content")?,
        tokens: tokens_at(body, "/usage/prompt_tokens", "/usage/completion_tokens"),
    })
}
