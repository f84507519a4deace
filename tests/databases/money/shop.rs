//! A Clara that sells credits through a fake Stripe, and the few things that tests do in it again and again.

use std::time::Duration;

use clara::adapters::stripe::{Stripe, StripeTimeouts};
use clara::domain::checkout::{Dollars, ReturnPath};
use clara::domain::credits::Credits;
use clara::domain::ids::{TransactionId, UserId};
use clara::domain::ledger::LedgerEntry;
use clara::domain::page::Page;
use clara::domain::purchase::Purchase;
use clara::domain::user::User;
use clara::fault::Fault;
use clara::services::billing::{Checkout, Selling};

use crate::money::harness::{START, World, origin};
use clara_fake_stripe::{Delivery, Fake, PRICE, SECRET};

/// A world that sells, and the Stripe it sells through.
pub struct Shop {
    pub world: World,
    pub fake: Fake,
}

/// A purchase whose page is open.
#[derive(Debug, Clone)]
pub struct Bought {
    pub id: TransactionId,
    /// Stripe's Checkout Session.
    pub session: String,
    pub checkout: Checkout,
}

/// What is sold through the Stripe at this address. A try that nobody answers is given up soon, and the next follows at
/// once: tests do not wait.
pub fn selling(stripe_url: &str) -> Selling {
    let timeouts = StripeTimeouts {
        try_for: Duration::from_secs(5),
        first_pause: Duration::from_millis(1),
    };
    selling_with(stripe_url, timeouts)
}

pub fn selling_with(stripe_url: &str, timeouts: StripeTimeouts) -> Selling {
    let key = "sk_test_of_the_shop".to_owned().into();
    let url = stripe_url.parse().unwrap();
    let client_url: url::Url = "https://client.example/app".parse().unwrap();
    Selling {
        stripe: Some(Stripe::new(&key, Some(&url), timeouts).unwrap()),
        is_live: Some(false),
        prices: vec![PRICE.to_owned()],
        webhook_secrets: vec![SECRET.to_owned().into()],
        return_url: client_url.clone(),
        client_url,
    }
}

pub fn dollars(amount: u32) -> Dollars {
    Dollars::new(amount).unwrap()
}

pub fn billing_page() -> ReturnPath {
    "billing".parse().unwrap()
}

impl Shop {
    pub async fn open(world: World) -> Self {
        let fake = Fake::start();
        fake.set_now(START.seconds()).await;
        let world = world.selling(selling(&fake.url));
        Self { world, fake }
    }

    /// An active account without a credit.
    pub async fn poor(&self, email: &str) -> User {
        let user = self.world.active(email).await;
        let ledger = &self.world.services.ledger;
        ledger
            .set_balance(&user.id, Credits::ZERO, &origin())
            .await
            .unwrap()
    }

    pub async fn try_buy(&self, user: &User, amount: u32) -> Result<Checkout, Fault> {
        let billing = &self.world.services.billing;
        billing
            .buy(user, dollars(amount), &billing_page(), &origin())
            .await
    }

    pub async fn buy(&self, user: &User, amount: u32) -> Bought {
        let checkout = self.try_buy(user, amount).await.unwrap();
        let session = session_of(&checkout);
        let object = self.fake.object(&session).await;
        let id = object["client_reference_id"].as_str().unwrap();
        Bought {
            id: id.parse().unwrap(),
            session,
            checkout,
        }
    }

    /// Hands an event over as the webhook would; answers with the word it was counted by.
    pub async fn deliver(&self, delivery: &Delivery) -> Result<&'static str, Fault> {
        let billing = &self.world.services.billing;
        billing
            .settle(
                Some(&delivery.signature),
                delivery.body.as_bytes(),
                &origin(),
            )
            .await
            .map(|settled| settled.0)
    }

    /// Hands everything over that happened since.
    pub async fn deliver_all(&self) -> Vec<&'static str> {
        let mut outcomes = Vec::new();
        for delivery in self.fake.deliveries().await {
            outcomes.push(self.deliver(&delivery).await.unwrap());
        }
        outcomes.retain(|outcome| *outcome != "foreign");
        outcomes
    }

    /// Bought, paid and settled.
    pub async fn bought(&self, user: &User, amount: u32) -> Bought {
        let bought = self.buy(user, amount).await;
        self.fake.pay(&bought.session).await;
        assert_eq!(self.deliver_all().await, ["settled"]);
        bought
    }

    pub async fn balance(&self, user: &UserId) -> Credits {
        self.world
            .services
            .accounts
            .view(user)
            .await
            .unwrap()
            .credits
    }

    pub async fn purchase(&self, id: &TransactionId) -> Purchase {
        self.world.store.purchase(id).await.unwrap().unwrap()
    }

    /// The account's entries, oldest first.
    pub async fn entries(&self, user: &UserId) -> Vec<LedgerEntry> {
        let page = Page {
            limit: 100,
            offset: 0,
        };
        let (mut entries, _) = self
            .world
            .services
            .ledger
            .entries(user, page)
            .await
            .unwrap();
        entries.reverse();
        entries
    }

    /// What the books say of the account's last lines, oldest first: `+500 User bought …`.
    pub async fn last_lines(&self, user: &UserId, count: usize) -> Vec<String> {
        let entries = self.entries(user).await;
        let lines = entries.iter().map(|entry| {
            let sign = match entry.direction.as_str() {
                "CREDIT" => '+',
                _ => '-',
            };
            format!("{sign}{} {}", entry.amount, entry.description)
        });
        let lines: Vec<String> = lines.collect();
        lines[lines.len() - count..].to_vec()
    }

    /// Both clocks.
    pub async fn advance(&self, by: Duration) {
        self.world.clock.advance(by);
        self.fake
            .advance_clock(i64::try_from(by.as_secs()).unwrap())
            .await;
    }
}

/// The page's address ends with its session.
pub fn session_of(checkout: &Checkout) -> String {
    let (_, session) = checkout.url.rsplit_once('/').unwrap();
    session.split(['#', '?']).next().unwrap().to_owned()
}
