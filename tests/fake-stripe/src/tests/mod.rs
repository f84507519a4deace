//! The fake's own promises, and that async-stripe reads what it says. Money is tested against this fake: where it is wrong,
//! all those tests prove nothing.

mod idempotency;
mod lists;
mod payments;
mod requests;
mod typed;
mod webhooks;

use std::future::Future;

use libtest_mimic::Trial;
use serde_json::Value;

use super::{Fake, PRICE, VERSION};

/// Lists a file's tests, each with a fake and a runtime of its own.
macro_rules! list_trials {
    ($($name:ident),* $(,)?) => {
        pub fn trials() -> Vec<libtest_mimic::Trial> {
            vec![$(libtest_mimic::Trial::test(
                concat!(module_path!(), "::", stringify!($name)).trim_start_matches("money::"),
                || {
                    super::run($name(super::Fake::start()));
                    Ok(())
                },
            )),*]
        }
    };
}
use list_trials;

pub fn trials() -> Vec<Trial> {
    [
        idempotency::trials(),
        lists::trials(),
        payments::trials(),
        requests::trials(),
        typed::trials(),
        webhooks::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let minute = std::time::Duration::from_mins(1);
    runtime
        .block_on(async { tokio::time::timeout(minute, test).await })
        .expect("a test takes less than a minute");
}

struct Answer {
    status: u16,
    body: Value,
    request_id: String,
    version: Option<String>,
    replayed: bool,
}

impl Answer {
    fn id(&self) -> &str {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body["id"].as_str().unwrap()
    }

    /// Of an error: its status, code and the parameter to blame, as far as it has them.
    fn error(&self) -> (u16, &str, &str) {
        let error = &self.body["error"];
        let field = |name: &str| error[name].as_str().unwrap_or_default();
        (self.status, field("code"), field("param"))
    }

    fn error_type(&self) -> &str {
        self.body["error"]["type"].as_str().unwrap()
    }

    fn ids(&self) -> Vec<&str> {
        let data = self.body["data"].as_array().unwrap();
        data.iter()
            .map(|item| item["id"].as_str().unwrap())
            .collect()
    }
}

/// A request as a program of no library sends it.
async fn call(request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
    let reply = request.send().await?;
    let headers = reply.headers().clone();
    let header = |name: &str| Some(headers.get(name)?.to_str().unwrap().to_owned());
    Ok(Answer {
        status: reply.status().as_u16(),
        request_id: header("request-id").unwrap(),
        version: header("stripe-version"),
        replayed: header("idempotent-replayed").as_deref() == Some("true"),
        body: reply.json().await?,
    })
}

fn request(fake: &Fake, method: &str, path: &str) -> reqwest::RequestBuilder {
    let method = method.parse().unwrap();
    reqwest::Client::new()
        .request(method, format!("{}{path}", fake.url))
        .bearer_auth("sk_test_of_the_tests")
        .header("Stripe-Version", VERSION)
}

async fn get(fake: &Fake, path: &str) -> Answer {
    call(request(fake, "GET", path)).await.unwrap()
}

type Form<'a> = &'a [(&'a str, &'a str)];

async fn post(fake: &Fake, path: &str, form: Form<'_>) -> Answer {
    call(request(fake, "POST", path).form(form)).await.unwrap()
}

async fn post_with_key(
    fake: &Fake,
    path: &str,
    key: &str,
    form: Form<'_>,
) -> Result<Answer, reqwest::Error> {
    let request = request(fake, "POST", path).header("Idempotency-Key", key);
    call(request.form(form)).await
}

const CUSTOMERS: &str = "/v1/customers";
const SESSIONS: &str = "/v1/checkout/sessions";
const SUCCESS: (&str, &str) = (
    "success_url",
    "https://example.org/bought?stripe_status=success",
);
const MODE: (&str, &str) = ("mode", "payment");
const CREDIT: (&str, &str) = ("line_items[0][price]", PRICE);

/// A session for so many credits of a cent.
async fn session(fake: &Fake, credits: u32) -> Answer {
    let quantity = credits.to_string();
    let form = [
        MODE,
        SUCCESS,
        CREDIT,
        ("line_items[0][quantity]", &quantity),
        ("client_reference_id", "txn_of_ours"),
        ("metadata[purchase_id]", "txn_of_ours"),
        ("payment_intent_data[metadata][purchase_id]", "txn_of_ours"),
    ];
    let session = post(fake, SESSIONS, &form).await;
    assert_eq!(session.status, 200, "{}", session.body);
    session
}
