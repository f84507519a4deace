//! The books as a person would keep them who knows nothing of how Clara does: what was told of each purchase, and what
//! follows for one account. Everything is in hundredths of a credit and in cents.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::money::shop::Bought;

#[derive(Debug, Default)]
pub struct Model {
    pub balance: i64,
    pub owed: i64,
    sales: BTreeMap<String, Sale>,
    tasks: BTreeMap<String, i64>,
}

/// One purchase: what happened at Stripe's, and what of it was told.
#[derive(Debug, Default)]
struct Sale {
    purchase: String,
    dollars: i64,
    state: At,
    refunded: i64,
    disputes: BTreeMap<String, (i64, Standing)>,
    told_paid: bool,
    told_refunded: i64,
    told_disputes: BTreeMap<String, (i64, Standing)>,
    /// Hundredths of a credit that were taken back.
    taken: i64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Open,
    Slow,
    Paid,
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Open,
    Lost,
    Won,
}

impl Model {
    pub fn buy(&mut self, bought: &Bought, dollars: u32) {
        let sale = Sale {
            purchase: bought.id.to_string(),
            dollars: i64::from(dollars),
            ..Sale::default()
        };
        self.sales.insert(bought.session.clone(), sale);
    }

    pub fn is_open(&self, session: &str) -> bool {
        self.sales[session].state == At::Open
    }

    pub fn is_slow(&self, session: &str) -> bool {
        self.sales[session].state == At::Slow
    }

    pub fn is_paid(&self, session: &str) -> bool {
        self.sales[session].state == At::Paid
    }

    pub fn is_undisputed(&self, session: &str) -> bool {
        self.is_paid(session) && self.sales[session].disputes.is_empty()
    }

    pub fn price(&self, session: &str) -> i64 {
        self.sales[session].dollars * 100
    }

    pub fn refundable(&self, session: &str) -> i64 {
        self.price(session) - self.sales[session].refunded
    }

    pub fn pay(&mut self, session: &str) {
        self.sale(session).state = At::Paid;
    }

    pub fn pay_slowly(&mut self, session: &str) {
        self.sale(session).state = At::Slow;
    }

    pub fn end_slow_payment(&mut self, session: &str, paid: bool) {
        self.sale(session).state = if paid { At::Paid } else { At::Failed };
    }

    pub fn refund(&mut self, session: &str, cents: i64) {
        self.sale(session).refunded += cents;
    }

    pub fn dispute(&mut self, session: &str, id: &str, cents: i64) {
        let disputes = &mut self.sale(session).disputes;
        disputes.insert(id.to_owned(), (cents, Standing::Open));
    }

    pub fn close_dispute(&mut self, id: &str, won: bool) {
        for sale in self.sales.values_mut() {
            if let Some((_, standing)) = sale.disputes.get_mut(id) {
                *standing = if won { Standing::Won } else { Standing::Lost };
            }
        }
    }

    /// What an event says is known from now on.
    pub fn hear(&mut self, event: &Value) {
        let object = &event["data"]["object"];
        match event["type"].as_str().unwrap() {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded"
                if object["payment_status"] == "paid" =>
            {
                self.settle(object["id"].as_str().unwrap());
            }
            "charge.refunded" => {
                let refunded = object["amount_refunded"].as_i64().unwrap();
                let session = self.session_of(object);
                let sale = self.sale(&session);
                sale.told_refunded = sale.told_refunded.max(refunded);
                self.square(&session);
            }
            "charge.dispute.created" | "charge.dispute.closed" => {
                let standing = match object["status"].as_str().unwrap() {
                    "won" => Standing::Won,
                    "lost" => Standing::Lost,
                    _ => Standing::Open,
                };
                self.hear_dispute(object["id"].as_str().unwrap(), standing);
            }
            _ => {}
        }
    }

    /// Somebody asked Stripe how each page stands, and then for all that happened.
    pub fn hear_everything(&mut self, events: &[Value]) {
        let paid = self.sales.iter().filter(|(_, sale)| sale.state == At::Paid);
        let paid: Vec<String> = paid.map(|(session, _)| session.clone()).collect();
        for session in paid {
            self.settle(&session);
        }
        for event in events {
            self.hear(event);
        }
    }

    fn hear_dispute(&mut self, id: &str, standing: Standing) {
        let with = self
            .sales
            .iter()
            .find(|(_, sale)| sale.disputes.contains_key(id));
        let session = with.map(|(session, _)| session.clone()).unwrap();
        let sale = self.sale(&session);
        let (cents, _) = sale.disputes[id];
        let told = sale
            .told_disputes
            .entry(id.to_owned())
            .or_insert((cents, standing));
        told.1 = told.1.max(standing);
        self.square(&session);
    }

    fn settle(&mut self, session: &str) {
        let sale = self.sale(session);
        if std::mem::replace(&mut sale.told_paid, true) {
            return;
        }
        let credits = sale.dollars * 100 * 100;
        self.come_in(credits);
        self.square(session);
    }

    /// Takes back, or gives again, what is due for what is known.
    fn square(&mut self, session: &str) {
        let sale = self.sale(session);
        if !sale.told_paid {
            return;
        }
        let withheld: i64 = sale
            .told_disputes
            .values()
            .filter(|(_, standing)| *standing != Standing::Won)
            .map(|(cents, _)| cents)
            .sum();
        // A dollar is a hundred credits, so a cent is one, and a credit is a hundred hundredths.
        let due = (sale.told_refunded + withheld).min(sale.dollars * 100) * 100;
        let change = due - std::mem::replace(&mut sale.taken, due);
        if change < 0 {
            self.come_in(-change);
        } else {
            let short = (change - self.balance).max(0);
            self.owed += short;
            self.balance += short - change;
        }
    }

    fn come_in(&mut self, amount: i64) {
        let repaid = self.owed.min(amount);
        self.owed -= repaid;
        self.balance += amount - repaid;
    }

    pub fn reserve(&mut self, task: &str, hundredths: i64) {
        assert!(
            self.balance >= hundredths,
            "more than there is was reserved"
        );
        self.balance -= hundredths;
        self.tasks.insert(task.to_owned(), hundredths);
    }

    pub fn cannot_reserve(&self, hundredths: i64) {
        assert!(self.balance < hundredths, "there was enough");
    }

    pub fn keep(&mut self, task: &str) {
        assert!(self.tasks.remove(task).is_some());
    }

    pub fn give_back(&mut self, task: &str) {
        self.balance += self.tasks.remove(task).unwrap();
    }

    /// A task that has not ended.
    pub fn some_task(&self, which: usize) -> Option<String> {
        let place = which.checked_rem(self.tasks.len())?;
        self.tasks.keys().nth(place).cloned()
    }

    fn sale(&mut self, session: &str) -> &mut Sale {
        self.sales.get_mut(session).unwrap()
    }

    fn session_of(&self, charge: &Value) -> String {
        let purchase = charge["metadata"]["purchase_id"].as_str().unwrap();
        let mut sales = self.sales.iter();
        let with = sales.find(|(_, sale)| sale.purchase == purchase);
        with.map(|(session, _)| session.clone()).unwrap()
    }
}
