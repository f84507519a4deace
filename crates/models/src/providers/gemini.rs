//! Google's `generateContent`: <https://ai.google.dev/api/generate-content>. Its `responseSchema` is a part of OpenAPI's schema,
//! with types in capitals.

use clara_analysis::engine::judge::JudgeError;
use clara_analysis::engine::spending::Tokens;
use serde_json::{Map, Value, json};
use url::Url;

use super::{CUT_OFF, Completion, Form, NO_TEXT, Question, under};
use crate::prompt::MAX_OUTPUT_TOKENS;

pub(super) fn address(base: &Url, model: &str) -> Url {
    let model = model.strip_prefix("models/").unwrap_or(model);
    let mut url = under(base, &["v1beta", "models"]);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.push(&format!("{model}:generateContent"));
    }
    url
}

pub(super) fn body(question: &Question<'_>) -> Value {
    let mut configuration = json!({ "maxOutputTokens": MAX_OUTPUT_TOKENS });
    if question.form == Form::Strict {
        configuration["responseMimeType"] = "application/json".into();
        configuration["responseSchema"] = open_api(&question.prompt.schema.value);
    }
    json!({
        "systemInstruction": { "parts": [{ "text": question.system() }] },
        "contents": [{ "role": "user", "parts": [{ "text": question.prompt.user }] }],
        "generationConfig": configuration,
    })
}

/// The schema in OpenAPI's words. Members keep their order, which the model writes them in.
fn open_api(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let mut converted = Map::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            ("additionalProperties", _) => {}
            ("type", Value::String(kind)) => {
                converted.insert(name.clone(), kind.to_uppercase().into());
            }
            ("properties", Value::Object(properties)) => {
                let properties: Map<String, Value> = properties
                    .iter()
                    .map(|(name, schema)| (name.clone(), open_api(schema)))
                    .collect();
                converted.insert(name.clone(), properties.into());
            }
            ("items", _) => {
                converted.insert(name.clone(), open_api(value));
            }
            ("required", _) => {
                converted.insert(name.clone(), value.clone());
                converted.insert("propertyOrdering".to_owned(), value.clone());
            }
            _ => {
                converted.insert(name.clone(), value.clone());
            }
        }
    }
    converted.into()
}

pub(super) fn read(body: &Value) -> Result<Completion, JudgeError> {
    if body["promptFeedback"]["blockReason"].is_string() {
        return Err(JudgeError::Declined);
    }
    let candidate = &body["candidates"][0];
    match candidate["finishReason"].as_str() {
        Some("MAX_TOKENS") => return Err(CUT_OFF),
        Some("STOP") | None => {}
        Some(_) => return Err(JudgeError::Declined),
    }
    let parts = candidate["content"]["parts"].as_array().ok_or(NO_TEXT)?;
    // Parts of its thinking are no answer.
    let texts = parts.iter().filter(|part| part["thought"] != true);
    let text: String = texts.filter_map(|part| part["text"].as_str()).collect();
    if text.is_empty() {
        return Err(NO_TEXT);
    }
    Ok(Completion {
        text,
        tokens: tokens(&body["usageMetadata"]),
    })
}

/// Thinking is paid like an answer.
fn tokens(usage: &Value) -> Option<Tokens> {
    let count = |name: &str| usage[name].as_u64();
    let thoughts = count("thoughtsTokenCount").unwrap_or_default();
    Some(Tokens {
        input: count("promptTokenCount")?,
        output: count("candidatesTokenCount")?.saturating_add(thoughts),
    })
}
