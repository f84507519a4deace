//! Sends a question and reads the answer: with time-outs, retries that wait longer each time, and a bound on what is read. It
//! follows no redirect, for a key must go nowhere else.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use clara_analysis::engine::judge::JudgeError;
use clara_domain::randomness::Randomness;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

/// The longest body of an answer that is read.
pub const MAX_ANSWER_BYTES: usize = 1_000_000;
/// A server that does not even take the connection by then is not there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How a call that failed in passing is made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often it is tried in all; at least 1.
    pub max_tries: u32,
    /// The wait after the first try; each later one is twice as long, give or take a quarter.
    pub first_wait: Duration,
    /// The longest wait, also where a server asks for a longer one: then it is not tried again.
    pub max_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_tries: 4,
            first_wait: Duration::from_millis(500),
            max_wait: Duration::from_secs(20),
        }
    }
}

/// A request that can be sent again.
pub(crate) struct Outgoing {
    pub address: Url,
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

/// What is sent.
pub(crate) enum Body {
    Json(Vec<u8>),
    /// Fields of a form, and one file under the field `file`.
    Form {
        fields: Vec<(&'static str, String)>,
        file_name: String,
        file: Arc<[u8]>,
    },
}

/// How one try failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailedTry {
    pub error: JudgeError,
    #[expect(
        clippy::option_option,
        reason = "whether to try again, and how long the server asks to wait"
    )]
    /// Whether it may go better the next time, and what the server asks to wait before.
    pub retry: Option<Option<Duration>>,
    /// Whether no model can have seen the question.
    pub is_unseen: bool,
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Client {
    /// Made at the first question: it reads the machine's certificates, which takes a while and blocks its thread.
    http: Arc<OnceCell<reqwest::Client>>,
    call_timeout: Duration,
    max_answer_bytes: usize,
    retry: RetryPolicy,
    randomness: Arc<dyn Randomness>,
}

impl Client {
    pub fn new(
        call_timeout: Duration,
        retry: RetryPolicy,
        randomness: Arc<dyn Randomness>,
    ) -> Self {
        Self {
            http: Arc::default(),
            call_timeout,
            max_answer_bytes: MAX_ANSWER_BYTES,
            retry,
            randomness,
        }
    }

    /// The same, with longer answers read.
    pub fn with_max_answer(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }

    /// How often a call is tried in all.
    pub fn max_tries(&self) -> u32 {
        self.retry.max_tries.max(1)
    }

    /// Sends once.
    pub async fn send(&self, outgoing: &Outgoing) -> Result<Value, FailedTry> {
        match tokio::time::timeout(self.call_timeout, self.exchange(outgoing)).await {
            Ok(answered) => answered,
            Err(_) => Err(FailedTry {
                error: JudgeError::TimedOut,
                retry: None,
                is_unseen: false,
            }),
        }
    }

    /// How long to wait before try number `next`, counted from 2; `None` where the server asks for longer than is waited.
    pub fn wait_before(&self, next: u32, asked: Option<Duration>) -> Option<Duration> {
        let doubled = self.retry.first_wait * 2_u32.saturating_pow(next.saturating_sub(2));
        // Between three and five quarters, so that many do not come again together.
        let quarters = f64::from(self.randomness.below(1_001)) / 1_000.0;
        let spread = doubled
            .min(self.retry.max_wait)
            .mul_f64(0.75 + quarters / 2.0);
        match asked {
            Some(asked) if asked > self.retry.max_wait => None,
            Some(asked) => Some(asked.max(spread)),
            None => Some(spread),
        }
    }

    async fn exchange(&self, outgoing: &Outgoing) -> Result<Value, FailedTry> {
        let http = self.http().await?;
        let request = http
            .post(outgoing.address.clone())
            .headers(header_map(&outgoing.headers));
        let request = match &outgoing.body {
            Body::Json(body) => request
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone()),
            Body::Form {
                fields,
                file_name,
                file,
            } => {
                let file = Part::bytes(file.to_vec()).file_name(file_name.clone());
                let form = fields.iter().fold(Form::new(), |form, (name, value)| {
                    form.text(*name, value.clone())
                });
                request.multipart(form.part("file", file))
            }
        };
        let response = request.send().await.map_err(|error| {
            // The error's own words name the address, which may hold what nobody should read.
            let is_unseen = error.is_connect();
            tracing::warn!(is_unseen, "a model's server cannot be reached");
            FailedTry {
                error: JudgeError::Unreachable,
                retry: Some(None),
                is_unseen,
            }
        })?;
        let status = response.status();
        if !status.is_success() {
            tracing::warn!(status = status.as_u16(), "a model's server refused a call");
            return Err(refused(status, asked_to_wait(&response)));
        }
        let body = body_of(response, self.max_answer_bytes).await?;
        serde_json::from_slice(&body).map_err(|_| FailedTry {
            error: JudgeError::Unreadable {
                problem: "its server answered no JSON",
            },
            retry: None,
            is_unseen: false,
        })
    }

    async fn http(&self) -> Result<&reqwest::Client, FailedTry> {
        let made = self.http.get_or_try_init(|| async {
            let making = tokio::task::spawn_blocking(|| {
                reqwest::Client::builder()
                    .user_agent(concat!("clara/", env!("CARGO_PKG_VERSION")))
                    .redirect(reqwest::redirect::Policy::none())
                    .referer(false)
                    .connect_timeout(CONNECT_TIMEOUT)
                    .no_proxy()
                    .build()
            });
            making.await.ok().and_then(Result::ok).ok_or(FailedTry {
                error: JudgeError::Unreachable,
                retry: None,
                is_unseen: true,
            })
        });
        made.await
    }
}

fn header_map(headers: &[(&'static str, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        // A key that fits into no header was refused with the settings.
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            map.insert(HeaderName::from_static(name), value);
        }
    }
    map
}

/// Reads the body up to the bound. One that ends early is a failure in passing.
async fn body_of(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, FailedTry> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) if body.len() + piece.len() > max_bytes => {
                return Err(FailedTry {
                    error: JudgeError::TooLong { max_bytes },
                    retry: None,
                    is_unseen: false,
                });
            }
            Ok(Some(piece)) => body.extend_from_slice(&piece),
            Ok(None) => return Ok(body),
            Err(_) => {
                return Err(FailedTry {
                    error: JudgeError::Unreadable {
                        problem: "its server hung up in the middle",
                    },
                    retry: Some(None),
                    is_unseen: false,
                });
            }
        }
    }
}

fn refused(status: StatusCode, asked: Option<Duration>) -> FailedTry {
    let number = status.as_u16();
    let (error, retry) = match number {
        401 | 403 => (JudgeError::KeyRefused { status: number }, None),
        429 => (JudgeError::Busy, Some(asked)),
        408 | 500..=599 => (JudgeError::ServerFailed { status: number }, Some(asked)),
        _ => (JudgeError::RequestRefused { status: number }, None),
    };
    FailedTry {
        error,
        retry,
        is_unseen: number < 500,
    }
}

/// `Retry-After`, in seconds or as a date.
#[expect(
    clippy::disallowed_methods,
    reason = "a server's date is held against this machine's own clock"
)]
fn asked_to_wait(response: &Response) -> Option<Duration> {
    let asked = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = asked.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(asked).ok()?;
    Some(until.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clara_domain::randomness::SystemRandomness;

    fn client() -> Client {
        Client::new(
            Duration::from_secs(1),
            RetryPolicy::default(),
            Arc::new(SystemRandomness),
        )
    }

    #[test]
    fn waits_double_and_heed_retry_after() {
        let client = client();
        for _ in 0..100 {
            let second = client.wait_before(2, None).unwrap().as_millis();
            let third = client.wait_before(3, None).unwrap().as_millis();
            assert!((375..=625).contains(&second), "{second}");
            assert!((750..=1_250).contains(&third), "{third}");
        }
        let asked = Duration::from_secs(7);
        assert_eq!(client.wait_before(2, Some(asked)), Some(asked));
        assert_eq!(client.wait_before(2, Some(Duration::from_mins(2))), None);
        assert!(client.wait_before(30, None).unwrap() <= Duration::from_secs(25));
    }

    #[test]
    fn statuses_say_what_went_wrong() {
        let error = |status| refused(StatusCode::from_u16(status).unwrap(), None);
        assert_eq!(error(401).error, JudgeError::KeyRefused { status: 401 });
        assert_eq!(error(403).error, JudgeError::KeyRefused { status: 403 });
        assert_eq!(error(404).error, JudgeError::RequestRefused { status: 404 });
        assert_eq!(error(302).error, JudgeError::RequestRefused { status: 302 });
        assert_eq!(error(429).error, JudgeError::Busy);
        assert_eq!(error(529).error, JudgeError::ServerFailed { status: 529 });
        let tried_again: Vec<u16> = [400, 401, 404, 408, 429, 500, 503]
            .into_iter()
            .filter(|status| error(*status).retry.is_some())
            .collect();
        assert_eq!(tried_again, [408, 429, 500, 503]);
    }
}
