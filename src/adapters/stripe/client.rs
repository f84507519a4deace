//! How a request reaches Stripe: one try of it, with the headers that Stripe wants. Requests are built by the community's
//! types; they are sent here and not by its client, which reads every refusal into all that Stripe knows and so brings a
//! third of a release's code with it.

use std::time::Duration;

use miniserde::{Deserialize, json};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use stripe_client_core::{IdempotencyKey, RequestBuilder, StripeMethod};

use super::error::StripeError;

const STRIPES_OWN: &str = "https://api.stripe.com/";

/// One account at Stripe. Cheap to clone.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    /// Ends in a slash.
    base: String,
}

/// What Stripe says where it does not do what it was asked.
#[derive(Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(Deserialize)]
pub(super) struct Reason {
    pub code: Option<String>,
    pub message: Option<String>,
    pub param: Option<String>,
}

impl Client {
    /// A client with this key. A try may last so long, from the connection to the last byte of the answer.
    pub(super) fn new(
        secret_key: &SecretString,
        base: Option<&url::Url>,
        timeout: Duration,
    ) -> Result<Self, StripeError> {
        let bearer = format!("Bearer {}", secret_key.expose_secret());
        let mut bearer = HeaderValue::from_str(&bearer).map_err(StripeError::ours)?;
        bearer.set_sensitive(true);
        let version = HeaderValue::from_static(super::API_VERSION.as_str());
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, bearer),
            (
                "stripe-version".parse().map_err(StripeError::ours)?,
                version,
            ),
        ]);
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(concat!("Clara/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            // Asked once in a long while: a connection that lay idle would be dead by then.
            .pool_max_idle_per_host(0)
            .no_proxy()
            .build()
            .map_err(StripeError::ours)?;
        let base = base.map_or(STRIPES_OWN, url::Url::as_str);
        let slash = if base.ends_with('/') { "" } else { "/" };
        Ok(Self {
            http,
            base: format!("{base}{slash}"),
        })
    }

    /// Sends a request once and reads its answer.
    pub(super) async fn send<T: Deserialize>(
        &self,
        request: RequestBuilder,
        key: Option<&IdempotencyKey>,
    ) -> Result<T, StripeError> {
        let method = match request.method {
            StripeMethod::Get => Method::GET,
            StripeMethod::Post => Method::POST,
            StripeMethod::Delete => Method::DELETE,
        };
        let query = request.query.map(|query| format!("?{query}"));
        let url = format!(
            "{}v1{}{}",
            self.base,
            request.path,
            query.unwrap_or_default()
        );
        let mut sending = self.http.request(method, url);
        if let Some(key) = key {
            sending = sending.header("idempotency-key", key.as_str());
        }
        if let Some(body) = request.body {
            sending = sending
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body);
        }
        let answer = sending.send().await.map_err(StripeError::unreached)?;
        let status = answer.status();
        let text = answer.text().await.map_err(StripeError::unreached)?;
        if status.is_success() {
            return json::from_str(&text).map_err(|_| StripeError::unreadable());
        }
        match json::from_str::<Refusal>(&text) {
            Ok(refusal) => Err(StripeError::refused(status.as_u16(), refusal.error)),
            Err(_) => Err(StripeError::from_between(status.as_u16())),
        }
    }
}
