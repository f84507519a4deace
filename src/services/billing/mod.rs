//! Selling credits: a page of Stripe's to pay on, the portal, and what follows when Stripe says that a payment came, went
//! back or is disputed. Not a credit moves here by itself: the books move with what caused it, in the store.

mod reconcile;
mod rules;
mod settle;
mod words;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::service_deps::ServiceDeps;
use crate::adapters::stripe::{
    NewPage, PURCHASE, Price, Session, Stripe, StripeError, StripeErrorKind, USER,
};
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::checkout::{Dollars, ReturnPath};
use crate::domain::clock::Timestamp;
use crate::domain::credits::{CreditRate, Credits, FiatCents};
use crate::domain::ids::TransactionId;
use crate::domain::purchase::{Purchase, PurchaseStatus};
use crate::domain::user::User;
use crate::fault::{Fault, FaultKind, Resource, Service};

pub use reconcile::Reconciled;
pub use settle::Settled;

/// How long a Checkout page is open: Stripe takes half an hour to a day.
const PAGE_LIFE: Duration = Duration::from_hours(2);
/// When Stripe is first asked about a page that nothing was heard of.
const FIRST_LOOK: Duration = Duration::from_mins(3);

/// What selling needs from outside.
pub struct Selling {
    /// `None`: no credits are sold.
    pub stripe: Option<Stripe>,
    /// Whether real money moves; `None` where no credits are sold.
    pub is_live: Option<bool>,
    /// Stripe's price of a credit at each rate; empty where nobody said.
    pub prices: Vec<String>,
    pub webhook_secrets: Vec<SecretString>,
    /// Where the front end lives.
    pub client_url: Url,
    /// Where the portal leads back to.
    pub return_url: Url,
}

impl Selling {
    /// No credits are sold.
    pub fn nothing(client_url: Url) -> Self {
        Self {
            stripe: None,
            is_live: None,
            prices: Vec::new(),
            webhook_secrets: Vec::new(),
            return_url: client_url.clone(),
            client_url,
        }
    }
}

/// A purchase that waits for its payment.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Stripe's page.
    pub url: String,
    pub credits: Credits,
    pub fiat: FiatCents,
}

/// Selling credits. Cheap to clone.
#[derive(Clone)]
pub struct Billing {
    deps: Arc<ServiceDeps>,
    selling: Arc<Selling>,
}

impl Billing {
    pub(super) fn new(deps: Arc<ServiceDeps>, selling: Selling) -> Self {
        Self {
            deps,
            selling: Arc::new(selling),
        }
    }

    /// Whether credits are sold at all.
    pub fn is_selling(&self) -> bool {
        self.selling.stripe.is_some()
    }

    /// Whether Stripe's events can be believed.
    pub fn hears(&self) -> bool {
        !self.selling.webhook_secrets.is_empty()
    }

    /// Stripe's price of a credit at the rate of this number, from 0.
    pub fn price_id(&self, rate: usize) -> Option<&str> {
        self.selling.stripe.as_ref()?;
        self.selling.prices.get(rate).map(String::as_str)
    }

    /// Starts a purchase at the rate for its amount and makes the page to pay it on.
    pub async fn buy(
        &self,
        user: &User,
        amount: Dollars,
        return_path: &ReturnPath,
        origin: &Origin,
    ) -> Result<Checkout, Fault> {
        let (number, rate) = self.rate(amount)?;
        let (stripe, is_live) = self.stripe()?;
        let price = self.selling.prices.get(number).ok_or_else(not_configured)?;
        let mut customer = self.customer(stripe, user, None).await?;
        let purchase = self.start(user, amount, rate, is_live, origin).await?;
        let client = &self.selling.client_url;
        let (success_url, cancel_url) = (
            return_path.under(client, "success"),
            return_path.under(client, "cancel"),
        );
        let mut attempt = 1;
        let session = loop {
            let page = NewPage {
                purchase: &purchase.id,
                attempt,
                customer: &customer,
                price,
                quantity: u64::from(amount.get()) * u64::from(rate.credits_per_dollar),
                metadata: metadata(&purchase),
                success_url: success_url.as_str(),
                cancel_url: cancel_url.as_str(),
                expires_at: purchase.expires_at,
            };
            match stripe.open_page(&page).await {
                Ok(session) => break session,
                // Deleted at Stripe's, or made under a key of the other mode.
                Err(error) if attempt == 1 && error.is_missing("customer") => {
                    customer = self.customer(stripe, user, Some(&customer)).await?;
                    attempt += 1;
                }
                Err(error) => return Err(self.refused(&purchase, error).await),
            }
        };
        self.open(stripe, &purchase, session).await
    }

    /// The address of the account's page of payments at Stripe's.
    pub async fn portal(&self, user: &User) -> Result<String, Fault> {
        let (stripe, _) = self.stripe()?;
        let mut customer = self.customer(stripe, user, None).await?;
        let return_url = self.selling.return_url.as_str();
        for is_last in [false, true] {
            let key = self.deps.draw_id("portal_");
            match stripe.portal(&customer, return_url, &key).await {
                Ok(url) => return Ok(url),
                Err(error) if !is_last && error.is_missing("customer") => {
                    customer = self.customer(stripe, user, Some(&customer)).await?;
                }
                Err(error) => return Err(fault(error)),
            }
        }
        Err(FaultKind::Unavailable(Service::Stripe).into())
    }

    /// What Stripe says of the prices that are set, each with how many credits a dollar buys; for `clara doctor`.
    pub async fn prices(&self) -> Result<Vec<(Price, u32)>, Fault> {
        let (stripe, _) = self.stripe()?;
        let rates = self.deps.credit_rates.all();
        let mut prices = Vec::new();
        for (id, rate) in self.selling.prices.iter().zip(rates) {
            let price = stripe.price(id).await.map_err(fault)?;
            prices.push((price, rate.credits_per_dollar));
        }
        Ok(prices)
    }

    fn stripe(&self) -> Result<(&Stripe, bool), Fault> {
        match (&self.selling.stripe, self.selling.is_live) {
            (Some(stripe), Some(is_live)) => Ok((stripe, is_live)),
            _ => Err(not_configured()),
        }
    }

    fn rate(&self, amount: Dollars) -> Result<(usize, &CreditRate), Fault> {
        let rates = self.deps.credit_rates.all();
        let fits =
            |rate: &CreditRate| (rate.lower_limit..=rate.upper_limit).contains(&amount.get());
        if let Some(found) = rates.iter().enumerate().find(|(_, rate)| fits(rate)) {
            return Ok(found);
        }
        let lower_limit = rates.first().map_or(0, |rate| rate.lower_limit);
        let upper_limit = rates.last().map_or(0, |rate| rate.upper_limit);
        let next = format!(
            "Choose an amount from {lower_limit} to {upper_limit} dollars; see stripe_rate."
        );
        Err(Fault::new(FaultKind::NoCreditRate {
            lower_limit,
            upper_limit,
        })
        .with_hint(next))
    }

    /// Stripe's customer of an account, made where there is none; `lost` is one that Stripe does not know any more.
    async fn customer(
        &self,
        stripe: &Stripe,
        user: &User,
        lost: Option<&str>,
    ) -> Result<String, Fault> {
        let store = &self.deps.store;
        let kept = store.customer(&user.id).await?;
        if let Some(kept) = &kept
            && lost != Some(kept.as_str())
        {
            return Ok(kept.clone());
        }
        let made = stripe.customer(&user.id, &user.email, lost).await;
        let made = made.map_err(fault)?;
        store
            .keep_customer(&user.id, &made, kept.as_deref())
            .await?
            .ok_or_else(|| FaultKind::NotFound(Resource::User).into())
    }

    async fn start(
        &self,
        user: &User,
        amount: Dollars,
        rate: &CreditRate,
        is_live: bool,
        origin: &Origin,
    ) -> Result<Purchase, Fault> {
        let deps = &*self.deps;
        let now = deps.now();
        let dollars = i64::from(amount.get());
        let purchase = Purchase {
            id: TransactionId::random(&*deps.randomness),
            user_id: user.id.clone(),
            status: PurchaseStatus::Started,
            credits: Credits::whole(dollars * i64::from(rate.credits_per_dollar)),
            fiat: FiatCents::whole(dollars),
            is_live,
            session_id: None,
            payment_id: None,
            refunded: FiatCents::ZERO,
            taken: Credits::ZERO,
            reversals: 0,
            created_at: now,
            expires_at: now.after(PAGE_LIFE),
        };
        let mut audit = deps.audit(Some(&user.id), AuditEvent::PurchaseStarted, origin);
        audit.details = serde_json::json!({
            "purchase": purchase.id, "credits": purchase.credits, "dollars": purchase.fiat,
        });
        let look_at = now.after(FIRST_LOOK);
        if deps
            .store
            .start_purchase(&purchase, look_at, &audit)
            .await?
        {
            Ok(purchase)
        } else {
            Err(FaultKind::NotFound(Resource::User).into())
        }
    }

    /// Hands a page out once it is stored, and only where it asks for what was agreed on.
    async fn open(
        &self,
        stripe: &Stripe,
        purchase: &Purchase,
        session: Session,
    ) -> Result<Checkout, Fault> {
        let store = &self.deps.store;
        let asks_for = (session.amount_total, session.currency.as_deref());
        let is_right = asks_for == (Some(purchase.fiat.as_hundredths()), Some(rules::CURRENCY))
            && session.livemode == purchase.is_live;
        let Some(url) = session.url.filter(|_| is_right) else {
            tracing::error!(
                purchase = %purchase.id, asked = ?asks_for, expected = %purchase.fiat,
                "STRIPE_PRICE_ID does not ask for what CREDIT_RATES says; nothing was sold"
            );
            if let Err(error) = stripe.expire(&session.id).await {
                tracing::warn!(%error, "a page that asks for the wrong amount is still open");
            }
            store
                .close_purchase(&purchase.id, PurchaseStatus::Failed)
                .await?;
            return Err(not_configured());
        };
        store.open_purchase(&purchase.id, &session.id).await?;
        Ok(Checkout {
            url,
            credits: purchase.credits,
            fiat: purchase.fiat,
        })
    }

    /// No page was made. Where it is not known whether one was, the purchase stays until its page would have closed.
    async fn refused(&self, purchase: &Purchase, error: StripeError) -> Fault {
        if *error.kind() != StripeErrorKind::Passing {
            let store = &self.deps.store;
            let closed = store.close_purchase(&purchase.id, PurchaseStatus::Failed);
            if let Err(error) = closed.await {
                return error.into();
            }
        }
        fault(error)
    }

    fn now(&self) -> Timestamp {
        self.deps.now()
    }
}

/// What Stripe is told to tell us again.
fn metadata(purchase: &Purchase) -> HashMap<String, String> {
    HashMap::from([
        (PURCHASE.to_owned(), purchase.id.to_string()),
        (USER.to_owned(), purchase.user_id.to_string()),
        ("value_in_credits".to_owned(), purchase.credits.to_string()),
        ("value_in_fiat".to_owned(), purchase.fiat.to_string()),
    ])
}

fn not_configured() -> Fault {
    FaultKind::NotConfigured(Service::Stripe).into()
}

/// Stripe's refusals are about how this deployment is set up; everything else passes.
fn fault(error: StripeError) -> Fault {
    let kind = match error.kind() {
        StripeErrorKind::Passing | StripeErrorKind::Unreadable => {
            FaultKind::Unavailable(Service::Stripe)
        }
        StripeErrorKind::Missing { .. } | StripeErrorKind::Refused => {
            tracing::error!(%error, "Stripe refuses what it is asked: look at the STRIPE settings");
            FaultKind::NotConfigured(Service::Stripe)
        }
    };
    Fault::new(kind).with_source(error)
}
