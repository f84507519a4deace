//! A model of a provider, as a judge: makes the question, keeps the budget, tries again, and reads the answer.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use clara_analysis::engine::judge::{Answer, Judge, JudgeError, JudgeRequest, ProposedClaim};
use clara_analysis::engine::spending::{Reservation, Spending, Tokens};
use clara_domain::randomness::Randomness;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use url::Url;

use crate::answer;
use crate::client::{Body, Client, FailedTry, Outgoing, RetryPolicy};
use crate::prompt::{self, MAX_OUTPUT_TOKENS, Prompt};
use crate::providers::{Completion, Form, Provider, Question};

/// How many characters of a text are asked about at once for its claims.
const MAX_CLAIM_TEXT_CHARACTERS: usize = 8_000;
const FORMS: [Form; 3] = [Form::Strict, Form::Json, Form::Words];

/// Which model, and how it is reached.
#[derive(Clone)]
pub struct ModelOptions {
    pub provider: Provider,
    /// The model's name, as the provider knows it.
    pub model: String,
    /// Where it is served; `None`: the provider's own service.
    pub url: Option<Url>,
    pub api_key: Option<SecretString>,
    /// Calls of this process under way at once.
    pub max_concurrent_calls: usize,
    /// How long one call may take.
    pub call_timeout: Duration,
    pub retry: RetryPolicy,
    pub randomness: Arc<dyn Randomness>,
}

/// A model that judges claims. Cheap to clone; clones share their bound on calls at once.
#[derive(Clone)]
pub struct Model(Arc<Inner>);

struct Inner {
    provider: Provider,
    model: String,
    base: Url,
    api_key: Option<SecretString>,
    client: Client,
    calls: Semaphore,
    randomness: Arc<dyn Randomness>,
    /// Which of `FORMS` its server is known to take.
    form: AtomicU8,
}

/// Neither its key nor where it is: both may be secrets.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("provider", &self.0.provider)
            .field("model", &self.0.model)
            .finish_non_exhaustive()
    }
}

impl Model {
    /// A model that is asked nothing yet. Fails where the provider's own address is no address, which none is.
    pub fn new(options: ModelOptions) -> Result<Self, url::ParseError> {
        let base = match options.url {
            Some(url) => url,
            None => Url::parse(options.provider.default_url())?,
        };
        Ok(Self(Arc::new(Inner {
            provider: options.provider,
            model: options.model,
            base,
            api_key: options.api_key,
            client: Client::new(
                options.call_timeout,
                options.retry,
                options.randomness.clone(),
            ),
            calls: Semaphore::new(options.max_concurrent_calls.max(1)),
            randomness: options.randomness,
            form: AtomicU8::new(0),
        })))
    }
}

impl Inner {
    /// Asks, in the strictest form that the server takes.
    async fn complete(&self, prompt: &Prompt, spending: &Spending) -> Result<String, JudgeError> {
        let mut index = usize::from(self.form.load(Ordering::Relaxed));
        loop {
            let form = FORMS[index.min(FORMS.len() - 1)];
            match self.try_form(prompt, form, spending).await {
                // A server that does not know a form says so with one of these.
                Err(JudgeError::RequestRefused {
                    status: 400 | 422 | 501,
                }) if form.weaker(self.provider).is_some() => {
                    let weaker = form.weaker(self.provider);
                    index = FORMS
                        .iter()
                        .position(|form| Some(*form) == weaker)
                        .unwrap_or(FORMS.len() - 1);
                }
                answered => {
                    if answered.is_ok() {
                        let known = u8::try_from(index).unwrap_or_default();
                        self.form.store(known, Ordering::Relaxed);
                    }
                    return answered;
                }
            }
        }
    }

    /// Asks in one form, again where it fails in passing.
    async fn try_form(
        &self,
        prompt: &Prompt,
        form: Form,
        spending: &Spending,
    ) -> Result<String, JudgeError> {
        let outgoing = self.outgoing(prompt, form);
        let estimate = Tokens {
            input: prompt.estimated_tokens(),
            output: u64::from(MAX_OUTPUT_TOKENS),
        };
        let mut tries = 1;
        loop {
            // The one who waits for a turn has entered nothing yet.
            let turn = self.calls.acquire().await;
            let reservation = spending.reserve(estimate)?;
            let failed = match self.client.send(&outgoing).await {
                Ok(body) => {
                    return self
                        .provider
                        .read(&body)
                        .map(|completion| settled(completion, reservation, prompt));
                }
                Err(failed) => failed,
            };
            drop(turn);
            let FailedTry {
                error,
                retry,
                is_unseen,
            } = failed;
            if is_unseen {
                reservation.release();
            }
            let wait = match retry {
                Some(asked) if tries < self.client.max_tries() => {
                    self.client.wait_before(tries + 1, asked)
                }
                _ => None,
            };
            let Some(wait) = wait else {
                return Err(error);
            };
            tokio::time::sleep(wait).await;
            tries += 1;
        }
    }

    /// Whether a text repeats what only this process and the model's server should know: the key, or the question's own words.
    fn gives_away(&self, text: &str, prompt: &Prompt) -> bool {
        let key = self.api_key.as_ref().map(ExposeSecret::expose_secret);
        key.is_some_and(|key| text.contains(key)) || prompt.is_repeated_by(text)
    }

    fn outgoing(&self, prompt: &Prompt, form: Form) -> Outgoing {
        let question = Question {
            base: &self.base,
            model: &self.model,
            prompt,
            form,
        };
        let key = self.api_key.as_ref().map(ExposeSecret::expose_secret);
        Outgoing {
            address: self.provider.address(&self.base, &self.model),
            headers: self.provider.headers(key),
            body: Body::Json(self.provider.body(&question).to_string().into_bytes()),
        }
    }
}

/// Enters what a call took: as the server says, else by its length.
fn settled(completion: Completion, reservation: Reservation<'_>, prompt: &Prompt) -> String {
    let by_length = || Tokens {
        input: prompt.estimated_tokens(),
        output: u64::try_from(completion.text.chars().count() / 3).unwrap_or(u64::MAX),
    };
    reservation.settle(completion.tokens.unwrap_or_else(by_length));
    completion.text
}

#[async_trait]
impl Judge for Model {
    fn engine(&self) -> &'static str {
        self.0.provider.name()
    }

    fn model(&self) -> &str {
        &self.0.model
    }

    fn version(&self) -> &'static str {
        prompt::VERSION
    }

    async fn judge(
        &self,
        request: &JudgeRequest,
        spending: &Spending,
    ) -> Result<Answer, JudgeError> {
        let prompt = prompt::judge(request, self.0.randomness.as_ref());
        let text = self.0.complete(&prompt, spending).await?;
        let mut answer = answer::judgements(&text)?;
        for judgement in &mut answer.judgements {
            if self.0.gives_away(&judgement.rationale, &prompt) {
                judgement.rationale.clear();
            }
        }
        Ok(answer)
    }

    async fn find_claims(
        &self,
        text: &str,
        spending: &Spending,
    ) -> Result<Vec<ProposedClaim>, JudgeError> {
        let mut claims = Vec::new();
        for piece in pieces(text) {
            let prompt = prompt::claims(piece, self.0.randomness.as_ref());
            let answered = self.0.complete(&prompt, spending).await?;
            claims.extend(answer::claims(&answered)?);
        }
        Ok(claims)
    }
}

/// The text in pieces that a model can answer about at once, cut at the ends of paragraphs, of lines or of words.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(MAX_CLAIM_TEXT_CHARACTERS) {
        let most = &rest[..end];
        let cut = ["\n\n", "\n", ". ", " "]
            .iter()
            .find_map(|mark| most.rfind(mark).map(|at| at + mark.len()))
            .unwrap_or(end);
        pieces.push(&rest[..cut]);
        rest = &rest[cut..];
    }
    if !rest.trim().is_empty() {
        pieces.push(rest);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_falls_into_whole_pieces() {
        let paragraph = "The bridge opened in 1931. It is 412 metres long.\n\n";
        let text = paragraph.repeat(500);
        let pieces = pieces(&text);
        assert!(pieces.len() > 2);
        assert_eq!(pieces.concat(), text);
        for piece in &pieces {
            assert!(piece.chars().count() <= MAX_CLAIM_TEXT_CHARACTERS);
            assert!(piece.ends_with("\n\n"), "{piece:?}");
        }
        let endless = "é".repeat(MAX_CLAIM_TEXT_CHARACTERS * 2 + 1);
        assert_eq!(super::pieces(&endless).concat(), endless);
        assert!(super::pieces(" \n").is_empty());
    }

    #[test]
    fn a_model_prints_no_secret() {
        let model = Model::new(ModelOptions {
            provider: Provider::OpenAi,
            model: "small".to_owned(),
            url: Some("https://user:hunter2@models.example/v1".parse().unwrap()),
            api_key: Some("sk-very-secret".to_owned().into()),
            max_concurrent_calls: 1,
            call_timeout: Duration::from_secs(1),
            retry: RetryPolicy::default(),
            randomness: Arc::new(clara_domain::randomness::SystemRandomness),
        });
        let shown = format!("{:?}", model.unwrap());
        assert!(
            !shown.contains("secret") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
