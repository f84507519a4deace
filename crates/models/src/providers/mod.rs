//! The providers' protocols: how a question becomes a request, and an answer a text. Pure; the client sends.

mod anthropic;
mod gemini;
mod ollama;
mod openai;

#[cfg(test)]
mod tests;

use clara_analysis::engine::judge::JudgeError;
use clara_analysis::engine::spending::Tokens;
use serde_json::Value;
use url::Url;

use crate::prompt::Prompt;

/// Whose protocol is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Chat completions, as OpenAI and many others serve them.
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
    /// Google's `generateContent`.
    Gemini,
    /// Ollama's chat.
    Ollama,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::OpenAi, Self::Anthropic, Self::Gemini, Self::Ollama];

    /// The name in settings and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }

    /// Where its own service is.
    pub fn default_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com",
            Self::Gemini => "https://generativelanguage.googleapis.com",
            Self::Ollama => "http://127.0.0.1:11434",
        }
    }

    /// Whether its own service opens to nobody without a key.
    pub fn needs_key(self) -> bool {
        self != Self::Ollama
    }

    pub(crate) fn address(self, base: &Url, model: &str) -> Url {
        match self {
            Self::OpenAi => under(base, &["chat", "completions"]),
            Self::Anthropic => under(base, &["v1", "messages"]),
            Self::Gemini => gemini::address(base, model),
            Self::Ollama => under(base, &["api", "chat"]),
        }
    }

    /// The headers of a request; the one with the key is named in `KEY_HEADERS`.
    pub(crate) fn headers(self, key: Option<&str>) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if self == Self::Anthropic {
            headers.push(("anthropic-version", anthropic::VERSION.to_owned()));
        }
        if let Some(key) = key {
            headers.push(match self {
                Self::OpenAi | Self::Ollama => ("authorization", format!("Bearer {key}")),
                Self::Anthropic => ("x-api-key", key.to_owned()),
                Self::Gemini => ("x-goog-api-key", key.to_owned()),
            });
        }
        headers
    }

    pub(crate) fn body(self, question: &Question<'_>) -> Value {
        match self {
            Self::OpenAi => openai::body(question),
            Self::Anthropic => anthropic::body(question),
            Self::Gemini => gemini::body(question),
            Self::Ollama => ollama::body(question),
        }
    }

    pub(crate) fn read(self, body: &Value) -> Result<Completion, JudgeError> {
        match self {
            Self::OpenAi => openai::read(body),
            Self::Anthropic => anthropic::read(body),
            Self::Gemini => gemini::read(body),
            Self::Ollama => ollama::read(body),
        }
    }
}

/// How the form of the answer is asked for. Servers that speak another's protocol often know less of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// By the provider's own strict means.
    Strict,
    /// Any JSON object; the form stands in the words.
    Json,
    /// In words alone.
    Words,
}

impl Form {
    /// What to try where a server refuses this one.
    pub fn weaker(self, provider: Provider) -> Option<Self> {
        match (self, provider) {
            // Only this protocol has something between.
            (Self::Strict, Provider::OpenAi) => Some(Self::Json),
            (Self::Strict | Self::Json, _) => Some(Self::Words),
            (Self::Words, _) => None,
        }
    }
}

/// A question to a certain model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub base: &'a Url,
    pub model: &'a str,
    pub prompt: &'a Prompt,
    pub form: Form,
}

impl Question<'_> {
    fn system(&self) -> String {
        match self.form {
            Form::Strict => self.prompt.system.clone(),
            Form::Json | Form::Words => self.prompt.system_with_form(),
        }
    }
}

/// The text of an answer, and what it took where the server says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completion {
    pub text: String,
    pub tokens: Option<Tokens>,
}

const CUT_OFF: JudgeError = JudgeError::Unreadable {
    problem: "it was cut off at its longest",
};
const NO_TEXT: JudgeError = JudgeError::Unreadable {
    problem: "its server answered something else than its protocol says",
};

/// The text at a place of an answer.
fn text_at(body: &Value, pointer: &str) -> Result<String, JudgeError> {
    let text = body.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned).ok_or(NO_TEXT)
}

/// Numbers of tokens at two places of an answer.
fn tokens_at(body: &Value, input: &str, output: &str) -> Option<Tokens> {
    let count = |pointer| body.pointer(pointer).and_then(Value::as_u64);
    Some(Tokens {
        input: count(input)?,
        output: count(output)?,
    })
}

/// An address beneath another one. What the base ends with already is not said twice.
pub(crate) fn under(base: &Url, segments: &[&str]) -> Url {
    let path = base.path().trim_end_matches('/');
    let joined = (0..=segments.len())
        .rev()
        .find(|count| *count == 0 || path.ends_with(&format!("/{}", segments[..*count].join("/"))));
    let rest = &segments[joined.unwrap_or_default()..];
    let mut url = base.clone();
    url.set_path(
        &[path]
            .iter()
            .chain(rest)
            .copied()
            .collect::<Vec<_>>()
            .join("/"),
    );
    url
}
