//! What it answers, by the model's name.

use serde_json::{Value, json};

use crate::SENTENCES;
use crate::request::Request;

/// How long the sentences take, with a pause.
const WINDOW: f64 = 6.0;

/// An answer on its way.
pub struct Answer {
    status: u16,
    headers: &'static str,
    body: String,
    is_silent: bool,
}

impl Answer {
    pub fn ok(body: String) -> Self {
        Self {
            status: 200,
            headers: "",
            body,
            is_silent: false,
        }
    }

    fn refused(status: u16, headers: &'static str) -> Self {
        let body = json!({"error": {"message": "no", "type": "invalid_request_error"}});
        Self {
            status,
            headers,
            ..Self::ok(body.to_string())
        }
    }

    /// As the service answers; where the request is not as its documentation has it, with 400.
    pub fn to(request: &Request) -> Self {
        let field = |name: &str| request.fields.get(name).map_or("", String::as_str);
        if request.path != "/v1/audio/transcriptions" {
            return Self::refused(404, "");
        }
        let is_asked_well = field("response_format") == "verbose_json"
            && !request.file.is_empty()
            && request.file_name.contains('.');
        if !is_asked_well {
            return Self::refused(400, "");
        }
        match field("model") {
            "unauthorized" => Self::refused(401, ""),
            "too-large" => Self::refused(413, ""),
            "busy" => Self::refused(429, "retry-after: 600\r\n"),
            "failing" => Self::refused(503, "retry-after: 600\r\n"),
            "moved" => Self::refused(302, "location: /v1/elsewhere\r\n"),
            "page" => Self::ok("<html><body>Sign in</body></html>".to_owned()),
            "without-seconds" => Self::ok(json!({"text": "The bridge."}).to_string()),
            "backwards" => Self::said(&[(9.0, 11.0, "The mill."), (2.0, 3.0, "The bridge.")]),
            "beyond" => Self::said(&[(90_000.0, 90_001.0, "The bridge.")]),
            "markup" => Self::said(&[(0.0, 1.0, "The <a href='//x'>bridge</a>.")]),
            "nobody" => Self::ok(json!({"text": "", "segments": []}).to_string()),
            "endless" => Self::ok(" ".repeat(17_000_000)),
            "silent" => Self {
                is_silent: true,
                ..Self::ok(String::new())
            },
            "telling" => {
                let told = request.authorization.clone().unwrap_or_default();
                Self::said(&[(0.0, 1.0, &told)])
            }
            _ => Self::heard(request.seconds()),
        }
    }

    /// The sentences, over and over as long as the recording is.
    fn heard(seconds: f64) -> Self {
        let mut segments = Vec::new();
        let mut offset = 0.0;
        while offset < seconds {
            for (start, text) in SENTENCES {
                let start = offset + start;
                if start < seconds {
                    segments.push((start, (start + 2.8).min(seconds), text));
                }
            }
            offset += WINDOW;
        }
        Self::said(&segments)
    }

    fn said(segments: &[(f64, f64, &str)]) -> Self {
        let text: Vec<&str> = segments.iter().map(|segment| segment.2).collect();
        let segments = segments.iter().enumerate().map(|(id, (start, end, text))| {
            json!({
                "id": id, "seek": 0, "start": start, "end": end, "text": format!(" {text}"),
                "tokens": [50364, 383, 50464], "temperature": 0.0, "avg_logprob": -0.1,
                "compression_ratio": 1.2, "no_speech_prob": 0.01,
            })
        });
        let segments: Vec<Value> = segments.collect();
        let text = text.join(" ");
        let answer = json!({"task": "transcribe", "language": "english", "duration": 5.7, "text": text, "segments": segments});
        Self::ok(answer.to_string())
    }

    /// Its bytes; `None` where there is no answer.
    pub fn into_reply(self) -> Option<Vec<u8>> {
        let Self {
            status,
            headers,
            body,
            is_silent,
        } = self;
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        (!is_silent).then(|| [head.into_bytes(), body.into_bytes()].concat())
    }
}
