use clara_analysis::engine::judge::{ClaimToJudge, JudgeRequest};
use clara_domain::randomness::SeededRandomness;
use serde_json::json;

use super::*;
use crate::prompt::{self, MAX_OUTPUT_TOKENS};

fn prompt() -> Prompt {
    let request = JudgeRequest {
        claims: vec![ClaimToJudge {
            id: "c1".to_owned(),
            text: "The bridge opened in 1931.".to_owned(),
            standalone: None,
            passages: Vec::new(),
        }],
        refusals: Vec::new(),
    };
    prompt::judge(&request, &SeededRandomness::new(7))
}

fn body(provider: Provider, base: &str, form: Form) -> Value {
    provider.body(&Question {
        base: &base.parse().unwrap(),
        model: "m-1",
        prompt: &prompt(),
        form,
    })
}

#[test]
fn addresses_are_those_of_each_protocol() {
    let address = |provider: Provider, base: &str| {
        provider.address(&base.parse().unwrap(), "m-1").to_string()
    };
    for (provider, base, expected) in [
        (
            Provider::OpenAi,
            "https://api.openai.com/v1",
            "https://api.openai.com/v1/chat/completions",
        ),
        (
            Provider::OpenAi,
            "http://127.0.0.1:8080/v1/",
            "http://127.0.0.1:8080/v1/chat/completions",
        ),
        (
            Provider::OpenAi,
            "http://127.0.0.1:8080/v1/chat/completions",
            "http://127.0.0.1:8080/v1/chat/completions",
        ),
        (
            Provider::Anthropic,
            "https://api.anthropic.com",
            "https://api.anthropic.com/v1/messages",
        ),
        (
            Provider::Anthropic,
            "https://gateway.example/x/v1",
            "https://gateway.example/x/v1/messages",
        ),
        (
            Provider::Gemini,
            "https://generativelanguage.googleapis.com",
            "https://generativelanguage.googleapis.com/v1beta/models/m-1:generateContent",
        ),
        (
            Provider::Ollama,
            "http://127.0.0.1:11434",
            "http://127.0.0.1:11434/api/chat",
        ),
        (
            Provider::Ollama,
            "http://box/ollama/api",
            "http://box/ollama/api/chat",
        ),
    ] {
        assert_eq!(address(provider, base), expected);
    }
    for provider in Provider::ALL {
        assert!(provider.default_url().parse::<Url>().is_ok());
    }
}

#[test]
fn a_model_name_stays_one_segment() {
    let base = "https://g.example".parse().unwrap();
    let address = Provider::Gemini.address(&base, "models/../../x?y#z");
    assert_eq!(
        address.path(),
        "/v1beta/models/..%2F..%2Fx%3Fy%23z:generateContent"
    );
}

#[test]
fn keys_travel_in_headers_only() {
    for provider in Provider::ALL {
        let with = provider.headers(Some("sk-1"));
        let named: Vec<&str> = with
            .iter()
            .filter(|(_, value)| value.contains("sk-1"))
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(named.len(), 1, "{provider:?}");
        let without = provider.headers(None);
        assert!(without.iter().all(|(name, _)| *name == "anthropic-version"));
    }
}

#[test]
fn each_provider_is_asked_by_its_strict_means() {
    let prompt = prompt();
    let schema = &prompt.schema.value;
    let openai = body(Provider::OpenAi, "https://api.openai.com/v1", Form::Strict);
    assert_eq!(
        openai["response_format"],
        json!({"type": "json_schema", "json_schema": {"name": "judgements", "strict": true, "schema": schema}})
    );
    assert_eq!(openai["max_completion_tokens"], MAX_OUTPUT_TOKENS);
    let compatible = body(Provider::OpenAi, "http://127.0.0.1:8080/v1", Form::Strict);
    assert_eq!(compatible["max_tokens"], MAX_OUTPUT_TOKENS);
    assert!(compatible.get("max_completion_tokens").is_none());
    let anthropic = body(
        Provider::Anthropic,
        "https://api.anthropic.com",
        Form::Strict,
    );
    assert_eq!(
        anthropic["output_config"],
        json!({"format": {"type": "json_schema", "schema": schema}})
    );
    assert_eq!(anthropic["system"], prompt.system.as_str());
    let ollama = body(Provider::Ollama, "http://127.0.0.1:11434", Form::Strict);
    assert_eq!(&ollama["format"], schema);
    assert_eq!(ollama["stream"], false);
    assert_eq!(ollama["options"]["num_ctx"], 16_384);
    let gemini = body(Provider::Gemini, "https://g.example", Form::Strict);
    let configuration = &gemini["generationConfig"];
    assert_eq!(configuration["responseMimeType"], "application/json");
    let item = &configuration["responseSchema"]["properties"]["judgements"]["items"];
    assert_eq!(item["type"], "OBJECT");
    assert_eq!(item["properties"]["verdict"]["type"], "STRING");
    assert_eq!(item["properties"]["verdict"]["enum"][0], "supported");
    assert_eq!(item["propertyOrdering"], item["required"]);
    assert!(!gemini.to_string().contains("additionalProperties"));
}

#[test]
fn no_provider_is_offered_a_tool() {
    for provider in Provider::ALL {
        for form in [Form::Strict, Form::Json, Form::Words] {
            let body = body(provider, "https://models.example", form);
            let members = body.as_object().unwrap();
            assert!(
                members.keys().all(|name| !name.contains("tool")),
                "{provider:?}"
            );
        }
    }
}

#[test]
fn weaker_forms_say_the_form_in_words() {
    for provider in Provider::ALL {
        let mut form = Form::Strict;
        while let Some(weaker) = form.weaker(provider) {
            form = weaker;
            let text = body(provider, "https://models.example", form).to_string();
            assert!(
                text.contains("The form, as JSON Schema"),
                "{provider:?} {form:?}"
            );
        }
        assert_eq!(form, Form::Words);
        let text = body(provider, "https://models.example", form).to_string();
        assert!(!text.contains("json_schema") && !text.contains("responseSchema"));
    }
}

#[test]
fn answers_are_read_with_their_tokens() {
    let openai = json!({"choices": [{"finish_reason": "stop", "message": {"content": "{}"}}], "usage": {"prompt_tokens": 5, "completion_tokens": 7}});
    let anthropic = json!({"stop_reason": "end_turn", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "{}"}], "usage": {"input_tokens": 2, "cache_read_input_tokens": 3, "output_tokens": 7}});
    let gemini = json!({"candidates": [{"finishReason": "STOP", "content": {"parts": [{"text": "hm", "thought": true}, {"text": "{}"}]}}], "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 3, "thoughtsTokenCount": 4}});
    let ollama = json!({"done_reason": "stop", "message": {"content": "{}"}, "prompt_eval_count": 5, "eval_count": 7});
    let bodies = [openai, anthropic, gemini, ollama];
    for (provider, body) in Provider::ALL.into_iter().zip(&bodies) {
        let completion = provider.read(body).unwrap();
        assert_eq!(completion.text, "{}", "{provider:?}");
        let tokens = completion.tokens.unwrap();
        assert_eq!((tokens.input, tokens.output), (5, 7), "{provider:?}");
        assert_eq!(
            provider.read(&json!({"error": 1})),
            Err(NO_TEXT),
            "{provider:?}"
        );
        assert_eq!(provider.read(&json!([])), Err(NO_TEXT), "{provider:?}");
    }
}

#[test]
fn a_cut_or_declined_answer_is_none() {
    let cut = [
        (
            Provider::OpenAi,
            json!({"choices": [{"finish_reason": "length", "message": {"content": "{"}}]}),
        ),
        (
            Provider::Anthropic,
            json!({"stop_reason": "max_tokens", "content": [{"type": "text", "text": "{"}]}),
        ),
        (
            Provider::Gemini,
            json!({"candidates": [{"finishReason": "MAX_TOKENS", "content": {"parts": [{"text": "{"}]}}]}),
        ),
        (
            Provider::Ollama,
            json!({"done_reason": "length", "message": {"content": "{"}}),
        ),
    ];
    for (provider, body) in cut {
        assert_eq!(provider.read(&body), Err(CUT_OFF), "{provider:?}");
    }
    let declined = [
        (
            Provider::OpenAi,
            json!({"choices": [{"finish_reason": "stop", "message": {"refusal": "No.", "content": null}}]}),
        ),
        (
            Provider::OpenAi,
            json!({"choices": [{"finish_reason": "content_filter", "message": {"content": ""}}]}),
        ),
        (
            Provider::Anthropic,
            json!({"stop_reason": "refusal", "content": []}),
        ),
        (
            Provider::Gemini,
            json!({"promptFeedback": {"blockReason": "SAFETY"}}),
        ),
        (
            Provider::Gemini,
            json!({"candidates": [{"finishReason": "SAFETY"}]}),
        ),
    ];
    for (provider, body) in declined {
        assert_eq!(
            provider.read(&body),
            Err(JudgeError::Declined),
            "{provider:?}"
        );
    }
}
