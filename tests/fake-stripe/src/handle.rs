//! A test's hold on its fake: starting it, ending it, and a method for each thing that happens at Stripe's.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command as Process, Stdio};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ADDRESS;
use super::commands::{Command, Delivery, Fault, Logged, Push, Sent, What};

/// A fake Stripe of its own process, which ends when this is dropped.
pub struct Fake {
    /// None where somebody else started it.
    process: Option<Child>,
    /// Where its API is, without a slash at the end.
    pub url: String,
    client: reqwest::Client,
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Fake {
    pub fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut process = Process::new(std::env::current_exe().unwrap())
            .env(ADDRESS, "127.0.0.1:0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("fake Stripe listens on ");
        let url = url.expect("the fake says where it listens");
        let mut fake = Self::at(url);
        fake.process = Some(process);
        fake
    }

    /// One that somebody else started.
    pub fn at(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        // A connection belongs to the runtime that opened it, and tests have one each: none is kept.
        let client = reqwest::Client::builder().pool_max_idle_per_host(0);
        Self {
            process: None,
            url: url.to_owned(),
            client: client.build().unwrap(),
        }
    }

    async fn control<T: DeserializeOwned>(&self, command: Command) -> T {
        let request = self.client.post(format!("{}/_control", self.url));
        let reply = request.json(&command).send().await.unwrap();
        let status = reply.status();
        let body = reply.text().await.unwrap();
        assert!(status.is_success(), "{command:?}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Another price than the default's one cent; `unit_amount_decimal` is in cents.
    pub async fn add_price(&self, id: &str, unit_amount_decimal: &str, currency: &str) -> Value {
        self.control(Command::AddPrice {
            id: id.to_owned(),
            unit_amount_decimal: unit_amount_decimal.to_owned(),
            currency: currency.to_owned(),
            active: true,
        })
        .await
    }

    /// Somebody pays by card. Answers with the session, as all methods do that take one.
    pub async fn pay(&self, session: &str) -> Value {
        let session = session.to_owned();
        self.control(Command::Pay { session }).await
    }

    /// Somebody pays by bank debit: the session is complete, and stays unpaid until [`Fake::settle`].
    pub async fn pay_slowly(&self, session: &str) -> Value {
        let session = session.to_owned();
        self.control(Command::PaySlowly { session }).await
    }

    /// The end of a slow payment.
    pub async fn settle(&self, session: &str, paid: bool) -> Value {
        let session = session.to_owned();
        self.control(Command::Settle { session, paid }).await
    }

    pub async fn expire(&self, session: &str) -> Value {
        let session = session.to_owned();
        self.control(Command::Expire { session }).await
    }

    /// `payment` is the id of a session, a payment intent or a charge. Answers with the charge.
    pub async fn refund(&self, payment: &str, cents: i64) -> Value {
        let payment = payment.to_owned();
        self.control(Command::Refund { payment, cents }).await
    }

    /// `status` is `needs_response` or `warning_needs_response`. Answers with the dispute.
    pub async fn open_dispute(&self, payment: &str, cents: i64, status: &str) -> Value {
        self.control(Command::OpenDispute {
            payment: payment.to_owned(),
            cents,
            status: status.to_owned(),
        })
        .await
    }

    /// `status` is `won`, `lost` or `warning_closed`.
    pub async fn close_dispute(&self, dispute: &str, status: &str) -> Value {
        self.control(Command::CloseDispute {
            dispute: dispute.to_owned(),
            status: status.to_owned(),
        })
        .await
    }

    /// Changes one field of a session, an event or any other object; `field` is a path such as `data.object.amount_total`.
    pub async fn alter(&self, id: &str, field: &str, value: impl Into<Value>) -> Value {
        self.control(Command::Alter {
            id: id.to_owned(),
            field: field.to_owned(),
            value: value.into(),
        })
        .await
    }

    /// Any object as it is now.
    pub async fn object(&self, id: &str) -> Value {
        self.control(Command::Object { id: id.to_owned() }).await
    }

    /// From here on the fake's time stands still until it is moved again.
    pub async fn set_now(&self, seconds: i64) {
        let _: i64 = self.control(Command::SetNow { seconds }).await;
    }

    /// Answers with the new time.
    pub async fn advance_clock(&self, seconds: i64) -> i64 {
        self.control(Command::AdvanceClock { seconds }).await
    }

    /// One signature for each secret, in this order.
    pub async fn sign_with(&self, secrets: &[&str]) {
        let secrets = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        self.control::<()>(Command::SignWith { secrets }).await;
    }

    /// The events since the last call, oldest first, to be handed over by the test.
    pub async fn deliveries(&self) -> Vec<Delivery> {
        self.control(Command::Deliveries { at: None }).await
    }

    /// Of those, the ones of this type.
    pub async fn deliveries_of(&self, kind: &str) -> Vec<Delivery> {
        let mut deliveries = self.deliveries().await;
        deliveries.retain(|delivery| delivery.kind == kind);
        deliveries
    }

    /// Any event, as often as wished, as it is now.
    pub async fn delivery(&self, event: &str) -> Delivery {
        let event = event.to_owned();
        self.control(Command::Delivery { event, at: None }).await
    }

    /// The same, said to be signed at this moment.
    pub async fn delivery_at(&self, event: &str, at: i64) -> Delivery {
        let (event, at) = (event.to_owned(), Some(at));
        self.control(Command::Delivery { event, at }).await
    }

    /// Sends events to a webhook from here on, what waits first. What a method of this makes happen was sent and answered
    /// when the method returns.
    pub async fn push_to(&self, push: Push) {
        let push = Some(push);
        self.control::<()>(Command::PushTo { push }).await;
    }

    /// Events wait for [`Fake::deliveries`] again, as they do at first.
    pub async fn push_nothing(&self) {
        self.control::<()>(Command::PushTo { push: None }).await;
    }

    /// Sends what was held back. Without anything held back, waits for what is still under way.
    pub async fn release(&self) {
        self.control::<()>(Command::Release).await;
    }

    /// Sends again what nobody took, up to so many times. Answers with how many are still left.
    pub async fn retry(&self, attempts: usize) -> usize {
        self.control(Command::Retry { attempts }).await
    }

    /// What was sent so far, with the webhook's answers, in their order.
    pub async fn sent(&self) -> Vec<Sent> {
        self.control(Command::Sent).await
    }

    /// What goes wrong with the next `times` requests whose path begins with `path`.
    pub async fn add_fault(&self, method: &str, path: &str, what: What, times: usize) {
        self.control::<()>(Command::AddFault(Fault {
            method: method.to_owned(),
            path: path.to_owned(),
            what,
            times,
        }))
        .await;
    }

    pub async fn clear_faults(&self) {
        self.control::<()>(Command::ClearFaults).await;
    }

    /// Until so many requests are held by [`What::TimeOut`] or [`What::TimeOutAfter`].
    pub async fn wait_for_held(&self, count: usize) {
        self.control::<()>(Command::WaitForHeld { count }).await;
    }

    /// Until all that was held went on or was given up by its caller.
    pub async fn wait_until_none_is_held(&self) {
        self.control::<()>(Command::WaitUntilNoneIsHeld).await;
    }

    pub async fn let_go(&self) {
        self.control::<()>(Command::LetGo).await;
    }

    /// All requests to the API so far.
    pub async fn requests(&self) -> Vec<Logged> {
        self.control(Command::Requests).await
    }

    /// How often something was done at this address, replays and errors left out.
    pub async fn count(&self, method: &str, path: &str) -> usize {
        let requests = self.requests().await;
        let counted = requests.iter().filter(|request| {
            let is_this = request.method == method && request.path == path;
            is_this && request.status == Some(200) && !request.replayed
        });
        counted.count()
    }
}
