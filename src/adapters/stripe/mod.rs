//! Stripe, asked over its API in the words of its community's types: at a pinned version, with a limit on every try, and again where
//! that can help, always under the same idempotency key. It knows what Stripe says, not what follows from it.

mod client;
mod error;
mod objects;
pub mod signature;

use std::collections::HashMap;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use secrecy::SecretString;
use stripe_billing::billing_portal_session::CreateBillingPortalSession;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAdaptivePricing, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionPaymentIntentData, ExpireCheckoutSession, RetrieveCheckoutSession,
};
use stripe_client_core::{IdempotencyKey, RequestBuilder, StripeMethod, StripeRequest};
use stripe_core::customer::{CreateCustomer, ListCustomer};
use stripe_shared::CheckoutSessionMode;

use crate::domain::clock::Timestamp;
use crate::domain::email::Email;
use crate::domain::ids::{TransactionId, UserId};

use client::Client;
pub use error::{StripeError, StripeErrorKind};
pub use objects::{Charge, Dispute, Event, EventHead, Price, Session, What};
use objects::{Customer, List, Portal, Values};

/// The API's version that requests ask for, as the client pins it.
pub const API_VERSION: stripe_shared::ApiVersion = stripe_client_core::VERSION;
/// How many credits one line of a Checkout page may hold: Stripe's limit.
const MAX_OF_A_LINE: u64 = 999_999;
/// How many events Stripe lists at once at most.
const EVENTS_AT_ONCE: u32 = 100;

/// How long Stripe is waited for.
#[derive(Debug, Clone, Copy)]
pub struct StripeTimeouts {
    /// For one try, from the connection to the last byte of the answer.
    pub try_for: Duration,
    /// Before the second try; before the third up to three times that.
    pub first_pause: Duration,
}

impl Default for StripeTimeouts {
    fn default() -> Self {
        Self {
            try_for: Duration::from_secs(10),
            first_pause: Duration::from_secs(1),
        }
    }
}

/// A Checkout page to be made.
#[derive(Debug, Clone)]
pub struct NewPage<'p> {
    pub purchase: &'p TransactionId,
    /// Tells a page that is made again from the same asked for once more.
    pub attempt: u32,
    pub customer: &'p str,
    /// What a credit costs.
    pub price: &'p str,
    /// Whole credits.
    pub quantity: u64,
    pub metadata: HashMap<String, String>,
    pub success_url: &'p str,
    pub cancel_url: &'p str,
    pub expires_at: Timestamp,
}

/// Stripe, as one account of its own. Cheap to clone.
#[derive(Clone)]
pub struct Stripe {
    client: Client,
    timeouts: StripeTimeouts,
}

impl Stripe {
    /// Stripe at `base` (its own address where there is none), asked with this secret key.
    pub fn new(
        secret_key: &SecretString,
        base: Option<&url::Url>,
        timeouts: StripeTimeouts,
    ) -> Result<Self, StripeError> {
        let client = Client::new(secret_key, base, timeouts.try_for)?;
        Ok(Self { client, timeouts })
    }

    /// The customer that stands for an account: the one made before, else a new one. However often and concurrently it
    /// is asked for, there is one; after `replaced` was deleted at Stripe's, one more.
    pub async fn customer(
        &self,
        user_id: &UserId,
        email: &Email,
        replaced: Option<&str>,
    ) -> Result<String, StripeError> {
        // Stripe forgets idempotency keys after a day or so, but not its customers.
        let known = ListCustomer::new().email(email.as_str()).limit(100);
        let known: List<Customer> = self.ask(&known, None).await?;
        let is_ours = |customer: &Customer| {
            let named = customer.metadata.as_ref();
            named.and_then(|named| named.get(USER)).map(String::as_str) == Some(user_id.as_str())
        };
        if let Some(customer) = known.data.into_iter().find(is_ours) {
            return Ok(customer.id);
        }
        // Nothing in it ever changes, so that the same key always comes with the same bytes.
        let new = CreateCustomer::new()
            .email(email.as_str())
            .metadata(HashMap::from([(USER.to_owned(), user_id.to_string())]));
        let after = replaced.map_or(String::new(), |replaced| format!("_after_{replaced}"));
        let made: Customer = self
            .ask(&new, Some(&format!("customer_{user_id}{after}")))
            .await?;
        Ok(made.id)
    }

    /// Makes a Checkout page, once however often it is tried.
    pub async fn open_page(&self, page: &NewPage<'_>) -> Result<Session, StripeError> {
        let line = |quantity| {
            let mut line = CreateCheckoutSessionLineItems::new();
            line.price = Some(page.price.to_owned());
            line.quantity = Some(quantity);
            line
        };
        let mut lines = Vec::new();
        let mut left = page.quantity;
        while left > 0 {
            let quantity = left.min(MAX_OF_A_LINE);
            lines.push(line(quantity));
            left -= quantity;
        }
        let mut payment = CreateCheckoutSessionPaymentIntentData::new();
        payment.metadata = Some(page.metadata.clone());
        let new = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Payment)
            .customer(page.customer)
            .client_reference_id(page.purchase.as_str())
            .line_items(lines)
            .metadata(page.metadata.clone())
            .payment_intent_data(payment)
            .success_url(page.success_url)
            .cancel_url(page.cancel_url)
            .expires_at(page.expires_at.seconds())
            // The amount is agreed on in one currency; a page that offers another would be paid in another.
            .adaptive_pricing(currency_stays());
        let key = match page.attempt {
            1 => page.purchase.to_string(),
            attempt => format!("{}_{attempt}", page.purchase),
        };
        self.ask(&new, Some(&key)).await
    }

    /// A Checkout page as it stands.
    pub async fn session(&self, id: &str) -> Result<Session, StripeError> {
        self.ask(&RetrieveCheckoutSession::new(id), None).await
    }

    /// Closes a Checkout page that nobody should pay on any more.
    pub async fn expire(&self, id: &str) -> Result<Session, StripeError> {
        self.ask(
            &ExpireCheckoutSession::new(id),
            Some(&format!("expire_{id}")),
        )
        .await
    }

    /// The address of a customer's portal.
    pub async fn portal(
        &self,
        customer: &str,
        return_url: &str,
        key: &str,
    ) -> Result<String, StripeError> {
        let new = CreateBillingPortalSession::new()
            .customer(customer)
            .return_url(return_url);
        let portal: Portal = self.ask(&new, Some(key)).await?;
        Ok(portal.url)
    }

    /// What a price says of itself.
    pub async fn price(&self, id: &str) -> Result<Price, StripeError> {
        let request = RequestBuilder::new(StripeMethod::Get, format!("/prices/{id}"));
        self.ask(&Plain(request), None).await
    }

    /// Events of these kinds since a moment, newest first; the next page begins `after` the last event of this one. Says
    /// whether there is one. What cannot be read is left out and counted by the caller's seeing fewer.
    pub async fn events(
        &self,
        kinds: &[&str],
        since: Timestamp,
        after: Option<&str>,
    ) -> Result<(Vec<Event>, bool), StripeError> {
        let mut query = vec![
            ("limit".to_owned(), EVENTS_AT_ONCE.to_string()),
            ("created[gte]".to_owned(), since.seconds().to_string()),
        ];
        for (number, kind) in kinds.iter().enumerate() {
            query.push((format!("types[{number}]"), (*kind).to_owned()));
        }
        if let Some(after) = after {
            query.push(("starting_after".to_owned(), after.to_owned()));
        }
        let mut request = RequestBuilder::new(StripeMethod::Get, "/events");
        let encoded = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        request.query = Some(encoded);
        let list: Values = self.ask(&Plain(request), None).await?;
        let events = list
            .data
            .iter()
            .filter_map(|value| Event::read(miniserde::json::to_string(value).as_bytes()).ok());
        Ok((events.collect(), list.has_more))
    }

    /// Sends a request until it is answered or trying again is pointless. With a key, however often it is sent it is
    /// carried out once.
    async fn ask<R: StripeRequest, T: miniserde::Deserialize>(
        &self,
        request: &R,
        key: Option<&str>,
    ) -> Result<T, StripeError> {
        let key = key.map(IdempotencyKey::new).transpose();
        let key = key.map_err(StripeError::ours)?;
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.timeouts.first_pause)
            .with_factor(3.0)
            .with_jitter()
            .with_max_times(2);
        let send = async || self.client.send(request.build(), key.as_ref()).await;
        send.retry(pauses).when(StripeError::is_passing).await
    }
}

/// By what Stripe's objects name our account.
pub const USER: &str = "user_id";
/// By what Stripe's objects name our purchase.
pub const PURCHASE: &str = "purchase_id";

/// A request that the client has no type for.
struct Plain(RequestBuilder);

impl StripeRequest for Plain {
    type Output = ();

    fn build(&self) -> RequestBuilder {
        let mut request = RequestBuilder::new(self.0.method, self.0.path.clone());
        request.query.clone_from(&self.0.query);
        request
    }
}

fn currency_stays() -> CreateCheckoutSessionAdaptivePricing {
    let mut pricing = CreateCheckoutSessionAdaptivePricing::new();
    pricing.enabled = Some(false);
    pricing
}
