//! Any order of purchase, payment, event (late, twice, lost), refund, dispute, analysis and its end, removal of the process
//! in the middle: after every step the books are what a small model of them says.

mod model;

use std::time::Duration;

use clara::domain::credits::Credits;
use clara::domain::submission::Submission;
use clara::domain::task::TaskError;
use clara::domain::user::User;
use clara::fault::FaultKind;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::money::harness::{World, cases, origin};
use crate::money::shop::{Bought, Shop, selling};
use clara_fake_stripe::Delivery;
use model::Model;

cases![
    any_order_of_things_leaves_the_books_as_the_model_has_them_1,
    any_order_of_things_leaves_the_books_as_the_model_has_them_2,
    any_order_of_things_leaves_the_books_as_the_model_has_them_3,
    any_order_of_things_leaves_the_books_as_the_model_has_them_4,
];

/// How many steps each of these takes on each database: 10,000 in all.
const STEPS: usize = 1_250;
/// How many of them an account lives through.
const STEPS_OF_A_LIFE: usize = 250;

/// One thing that happens. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Buy(u32),
    Pay(usize),
    PaySlowly(usize),
    EndSlowPayment(usize, bool),
    Refund(usize, i64),
    Dispute(usize, i64),
    CloseDispute(usize, bool),
    /// Hands over the event of this number that waits, and keeps it for later copies.
    Deliver(usize),
    /// Hands over an event that was handed over before.
    DeliverAgain(usize),
    /// The event never arrives.
    Lose(usize),
    Reconcile,
    Analyse(i64),
    Succeed,
    Fail,
    Cancel(usize),
    /// Another process goes on.
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (5_u32..20).prop_map(Step::Buy),
        4 => any::<usize>().prop_map(Step::Pay),
        1 => any::<usize>().prop_map(Step::PaySlowly),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(which, paid)| Step::EndSlowPayment(which, paid)),
        2 => (any::<usize>(), 1_i64..900).prop_map(|(which, cents)| Step::Refund(which, cents)),
        1 => (any::<usize>(), 1_i64..2_000).prop_map(|(which, cents)| Step::Dispute(which, cents)),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(which, won)| Step::CloseDispute(which, won)),
        8 => any::<usize>().prop_map(Step::Deliver),
        2 => any::<usize>().prop_map(Step::DeliverAgain),
        1 => any::<usize>().prop_map(Step::Lose),
        1 => Just(Step::Reconcile),
        6 => (1_i64..60_000).prop_map(Step::Analyse),
        2 => Just(Step::Succeed),
        2 => Just(Step::Fail),
        2 => any::<usize>().prop_map(Step::Cancel),
        1 => Just(Step::Crash),
    ]
}

async fn any_order_of_things_leaves_the_books_as_the_model_has_them_1(world: World) {
    go_through(world, 1).await;
}

async fn any_order_of_things_leaves_the_books_as_the_model_has_them_2(world: World) {
    go_through(world, 2).await;
}

async fn any_order_of_things_leaves_the_books_as_the_model_has_them_3(world: World) {
    go_through(world, 3).await;
}

async fn any_order_of_things_leaves_the_books_as_the_model_has_them_4(world: World) {
    go_through(world, 4).await;
}

/// The same steps in every run of the gate; a soak brings its own number of them, and its own seeds.
async fn go_through(world: World, number: u64) {
    let said = |name: &str| {
        let said = std::env::var(name).ok()?;
        said.parse::<u64>().ok()
    };
    let steps = said("CLARA_SOAK_STEPS").map_or(STEPS, |steps| usize::try_from(steps).unwrap());
    let seed = said("CLARA_SOAK_SEED").unwrap_or(0) * 4 + number;
    let mut bytes = [0_u8; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let shop = Shop::open(world).await;
    let mut done = 0;
    let mut life = 0;
    while done < steps {
        life += 1;
        let mut alive = Life::begin(&shop, life).await;
        let mut said = Vec::new();
        for _ in 0..STEPS_OF_A_LIFE.min(steps - done) {
            let step = step().new_tree(&mut runner).unwrap().current();
            said.push(step.clone());
            alive.take(step).await;
            if let Err(difference) = alive.compare().await {
                let last = said.len().saturating_sub(12);
                panic!(
                    "seed {seed}, life {life}, after {:?}: {difference}",
                    &said[last..]
                );
            }
            done += 1;
        }
        alive.end().await;
    }
    println!("{done} steps, seed {seed}, {life} lives: no difference");
}

/// One account's life, and what the model thinks of it.
struct Life<'s> {
    shop: &'s Shop,
    world: World,
    /// Whether the process that began this life is gone.
    has_crashed: bool,
    user: User,
    model: Model,
    bought: Vec<Bought>,
    disputes: Vec<String>,
    /// All that happened, in the order in which it did.
    events: Vec<serde_json::Value>,
    waiting: Vec<Delivery>,
    delivered: Vec<Delivery>,
}

impl<'s> Life<'s> {
    async fn begin(shop: &'s Shop, number: usize) -> Self {
        let user = shop.poor(&format!("ada{number}@example.org")).await;
        Self {
            shop,
            world: shop.world.clone(),
            has_crashed: false,
            user,
            model: Model::default(),
            bought: Vec::new(),
            disputes: Vec::new(),
            events: Vec::new(),
            waiting: Vec::new(),
            delivered: Vec::new(),
        }
    }

    async fn take(&mut self, step: Step) {
        let fake = &self.shop.fake;
        match step {
            Step::Buy(dollars) => {
                let bought = self.shop.buy(&self.user, dollars).await;
                self.model.buy(&bought, dollars);
                self.bought.push(bought);
            }
            Step::Pay(which) => {
                if let Some(session) = self.session(which, Model::is_open) {
                    fake.pay(&session).await;
                    self.model.pay(&session);
                }
            }
            Step::PaySlowly(which) => {
                if let Some(session) = self.session(which, Model::is_open) {
                    fake.pay_slowly(&session).await;
                    self.model.pay_slowly(&session);
                }
            }
            Step::EndSlowPayment(which, paid) => {
                if let Some(session) = self.session(which, Model::is_slow) {
                    fake.settle(&session, paid).await;
                    self.model.end_slow_payment(&session, paid);
                }
            }
            Step::Refund(which, cents) => {
                if let Some(session) = self.session(which, Model::is_paid) {
                    let cents = cents.min(self.model.refundable(&session));
                    if cents > 0 {
                        fake.refund(&session, cents).await;
                        self.model.refund(&session, cents);
                    }
                }
            }
            Step::Dispute(which, cents) => {
                if let Some(session) = self.session(which, Model::is_undisputed) {
                    let cents = cents.min(self.model.price(&session));
                    let dispute = fake.open_dispute(&session, cents, "needs_response").await;
                    let id = dispute["id"].as_str().unwrap().to_owned();
                    self.model.dispute(&session, &id, cents);
                    self.disputes.push(id);
                }
            }
            Step::CloseDispute(which, won) => {
                if !self.disputes.is_empty() {
                    let id = self.disputes.swap_remove(which % self.disputes.len());
                    fake.close_dispute(&id, if won { "won" } else { "lost" })
                        .await;
                    self.model.close_dispute(&id, won);
                }
            }
            Step::Deliver(_) | Step::DeliverAgain(_) | Step::Lose(_) | Step::Reconcile => {
                self.tell(step).await;
            }
            Step::Analyse(_) | Step::Succeed | Step::Fail | Step::Cancel(_) => {
                self.work(step).await;
            }
            Step::Crash => {
                let next = self.shop.world.another_process().await;
                self.leave().await;
                self.world = next.selling(selling(&self.shop.fake.url));
                self.has_crashed = true;
            }
        }
        for delivery in fake.deliveries().await {
            self.events
                .push(serde_json::from_str(&delivery.body).unwrap());
            self.waiting.push(delivery);
        }
    }

    /// A session of which the model says so.
    fn session(&self, which: usize, is: fn(&Model, &str) -> bool) -> Option<String> {
        let fitting: Vec<&Bought> = self
            .bought
            .iter()
            .filter(|bought| is(&self.model, &bought.session))
            .collect();
        let chosen = fitting.get(which.checked_rem(fitting.len())?)?;
        Some(chosen.session.clone())
    }

    async fn tell(&mut self, step: Step) {
        match step {
            Step::Deliver(which) if !self.waiting.is_empty() => {
                let place = which % self.waiting.len();
                let delivery = self.waiting.swap_remove(place);
                self.deliver(&delivery).await;
                self.delivered.push(delivery);
            }
            Step::DeliverAgain(which) if !self.delivered.is_empty() => {
                let delivery = self.delivered[which % self.delivered.len()].clone();
                self.deliver(&delivery).await;
            }
            Step::Lose(which) if !self.waiting.is_empty() => {
                let place = which % self.waiting.len();
                self.waiting.swap_remove(place);
            }
            Step::Reconcile => {
                let billing = &self.world.services.billing;
                let found = billing.reconcile(&origin()).await.unwrap();
                assert_eq!(found.failed, 0, "{found:?}");
                self.model.hear_everything(&self.events);
            }
            _ => {}
        }
    }

    async fn deliver(&mut self, delivery: &Delivery) {
        let (billing, here) = (&self.world.services.billing, origin());
        let settled = billing.settle(Some(&delivery.signature), delivery.body.as_bytes(), &here);
        let outcome = settled.await.unwrap().0;
        assert!(
            !outcome.starts_with("refused"),
            "{outcome}: {}",
            delivery.body
        );
        self.model
            .hear(&serde_json::from_str(&delivery.body).unwrap());
    }

    async fn work(&mut self, step: Step) {
        let services = &self.world.services;
        match step {
            Step::Analyse(hundredths) => {
                let submission = Submission {
                    text: "x".to_owned(),
                    attachments: Vec::new(),
                    ..Submission::default()
                }
                .into();
                let price = Credits::hundredths(hundredths);
                let submitted = services
                    .tasks
                    .submit(&self.user.id, &submission, price, &origin())
                    .await;
                match submitted {
                    Ok(task) => self.model.reserve(task.id.as_str(), hundredths),
                    Err(fault) => {
                        assert!(
                            matches!(fault.kind(), FaultKind::NotEnoughCredits { .. }),
                            "{fault}"
                        );
                        self.model.cannot_reserve(hundredths);
                    }
                }
            }
            Step::Succeed | Step::Fail => {
                let Some(claimed) = services.queue.claim("worker").await.unwrap() else {
                    return;
                };
                let task = claimed.claim.task_id.to_string();
                if matches!(step, Step::Succeed) {
                    let report = serde_json::json!({});
                    let kept = services.queue.complete(&claimed.claim, &report).await;
                    assert!(kept.unwrap());
                    self.model.keep(&task);
                } else {
                    let error = TaskError {
                        message: "It broke.".to_owned(),
                        retryable: false,
                    };
                    let given_back = services.queue.fail(&claimed.claim, &error).await;
                    assert!(given_back.unwrap());
                    self.model.give_back(&task);
                }
            }
            Step::Cancel(which) => {
                let Some(task) = self.model.some_task(which) else {
                    return;
                };
                let id = task.parse().unwrap();
                services
                    .tasks
                    .cancel(&self.user.id, &id, &origin())
                    .await
                    .unwrap();
                self.model.give_back(&task);
            }
            _ => {}
        }
    }

    /// Whether the books are what the model says.
    async fn compare(&self) -> Result<(), String> {
        let user = self
            .world
            .services
            .accounts
            .view(&self.user.id)
            .await
            .unwrap();
        let owed = self.world.store.owed(&self.user.id).await.unwrap();
        let seen = (user.credits.as_hundredths(), owed.as_hundredths());
        let expected = (self.model.balance, self.model.owed);
        if seen != expected {
            return Err(format!("the books say {seen:?}, the model {expected:?}"));
        }
        let off = self.world.store.discrepancies().await.unwrap();
        if !off.is_empty() {
            return Err(format!("the books are out: {off:?}"));
        }
        Ok(())
    }

    /// In the end everything is found, whatever was lost on the way.
    async fn end(mut self) {
        self.tell(Step::Reconcile).await;
        self.compare().await.unwrap();
        // What happened in this life is nothing to ask about in the next.
        self.shop.advance(Duration::from_hours(3)).await;
        // Whoever is still at work belongs to this life.
        while let Some(task) = self.model.some_task(0) {
            let id = task.parse().unwrap();
            let tasks = &self.world.services.tasks;
            tasks.cancel(&self.user.id, &id, &origin()).await.unwrap();
            self.model.give_back(&task);
        }
        self.leave().await;
    }

    async fn leave(&self) {
        if self.has_crashed {
            self.world.store.close().await;
        }
    }
}
