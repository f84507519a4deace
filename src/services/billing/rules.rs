//! What follows from what Stripe tells of a payment: which entries the books get, and what is known of the purchase from
//! then on. Pure: it is asked under the locks of everything it looks at, and decides the same however often it is asked.

use super::words::{self, Reversal};
use crate::adapters::stripe::{Charge, Session, USER};
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::credits::{Credits, FiatCents};
use crate::domain::ledger::{CauseKind, Direction};
use crate::domain::purchase::{Dispute, Purchase, PurchaseStatus, share};
use crate::services::service_deps::ServiceDeps;
use crate::store::ledger::NewEntry;
use crate::store::payments::{Account, Decision, Found};

/// The currency that everything is sold in.
pub(super) const CURRENCY: &str = "usd";

/// Credits were given.
pub(super) const SETTLED: &str = "settled";
/// Paid, but the account was removed.
pub(super) const UNCLAIMED: &str = "unclaimed";
/// Credits were taken back, or given again.
pub(super) const REVERSED: &str = "reversed";
/// It is known now; no credit moved.
pub(super) const NOTED: &str = "noted";
/// It was known.
pub(super) const KNOWN: &str = "known";
/// Nothing of ours.
pub(super) const FOREIGN: &str = "foreign";

/// What Stripe tells.
pub(super) enum Fact<'t> {
    /// How a Checkout page stands; `has_failed` where its payment failed in the end.
    Page {
        session: &'t Session,
        has_failed: bool,
    },
    Refund(&'t Charge),
    Dispute(&'t Dispute),
}

/// The rules, with what entries and audit rows are made from.
pub(super) struct Rules<'f> {
    pub(super) deps: &'f ServiceDeps,
    pub(super) origin: &'f Origin,
}

/// A purchase while it is decided about.
struct Draft {
    purchase: Purchase,
    account: Option<Account>,
    entries: Vec<NewEntry>,
}

impl Rules<'_> {
    /// What follows from `fact`, given what is known.
    pub(super) fn decide(&self, fact: &Fact<'_>, found: &Found) -> Decision {
        match fact {
            Fact::Page {
                session,
                has_failed,
            } => self.page(session, *has_failed, found),
            Fact::Refund(charge) => self.refund(charge, found),
            Fact::Dispute(dispute) => self.dispute(dispute, found),
        }
    }

    fn page(&self, session: &Session, has_failed: bool, found: &Found) -> Decision {
        let Some(purchase) = &found.purchase else {
            return foreign();
        };
        if let Some(refused) = misfit(purchase, session) {
            return outcome(refused);
        }
        if session.payment_status == "paid" {
            return self.paid(purchase, session, found);
        }
        if session.payment_status != "unpaid" {
            return outcome("refused: not paid");
        }
        let status = match (purchase.status, session.status.as_deref()) {
            (PurchaseStatus::Started | PurchaseStatus::Open | PurchaseStatus::Pending, _)
                if has_failed =>
            {
                PurchaseStatus::Failed
            }
            (PurchaseStatus::Started | PurchaseStatus::Open, Some("complete")) => {
                PurchaseStatus::Pending
            }
            (PurchaseStatus::Started | PurchaseStatus::Open, Some("expired")) => {
                PurchaseStatus::Expired
            }
            _ => return outcome(KNOWN),
        };
        let mut purchase = purchase.clone();
        purchase.status = status;
        purchase.session_id = Some(session.id.clone());
        Decision {
            purchase: Some(purchase),
            ..outcome(NOTED)
        }
    }

    fn paid(&self, purchase: &Purchase, session: &Session, found: &Found) -> Decision {
        let Some(payment) = &session.payment_intent else {
            return outcome("refused: no payment");
        };
        if purchase.status.is_settled() {
            return if purchase.payment_id.as_ref() == Some(payment) {
                outcome(KNOWN)
            } else {
                outcome("refused: another payment")
            };
        }
        if session.currency.as_deref() != Some(CURRENCY) {
            return outcome("refused: currency");
        }
        if session.amount_total != Some(purchase.fiat.as_hundredths()) {
            return outcome("refused: amount");
        }
        let mut draft = Draft::of(purchase, found);
        draft.purchase.session_id = Some(session.id.clone());
        draft.purchase.payment_id = Some(payment.clone());
        let Some(account) = &mut draft.account else {
            draft.purchase.status = PurchaseStatus::Unclaimed;
            return self.decided(draft, UNCLAIMED, AuditEvent::PaymentSettled);
        };
        draft.purchase.status = PurchaseStatus::Paid;
        account.balance = account.balance + purchase.credits;
        let mut entry = self.entry(
            purchase,
            Direction::Credit,
            purchase.credits,
            words::bought(purchase),
            (CauseKind::Purchase, payment.clone()),
        );
        entry.id = purchase.id.clone();
        draft.entries.push(entry);
        self.repay(&mut draft, purchase.credits, purchase.id.to_string());
        self.square(&mut draft, &found.disputes, Reversal::Earlier);
        self.decided(draft, SETTLED, AuditEvent::PaymentSettled)
    }

    fn refund(&self, charge: &Charge, found: &Found) -> Decision {
        let Some(purchase) = &found.purchase else {
            return foreign();
        };
        if charge.livemode != purchase.is_live {
            return outcome("refused: mode");
        }
        if charge.currency != CURRENCY {
            return outcome("refused: currency");
        }
        let known = purchase.payment_id.as_ref();
        if known.is_some_and(|known| charge.payment_intent.as_ref() != Some(known)) {
            return outcome("refused: another payment");
        }
        let refunded = FiatCents::hundredths(charge.amount_refunded);
        if refunded <= purchase.refunded {
            return outcome(KNOWN);
        }
        let mut draft = Draft::of(purchase, found);
        draft.purchase.refunded = refunded;
        self.reversed(draft, &found.disputes, Reversal::Refund)
    }

    fn dispute(&self, told: &Dispute, found: &Found) -> Decision {
        let mut disputes = found.disputes.clone();
        let known = disputes.iter_mut().find(|known| known.id == told.id);
        let dispute = if let Some(known) = known {
            let both = known.clone().and(told);
            if both == *known {
                return outcome(KNOWN);
            }
            *known = both.clone();
            both
        } else {
            disputes.push(told.clone());
            told.clone()
        };
        let decision = match &found.purchase {
            // Its payment may be known to be ours only later.
            None => outcome(NOTED),
            Some(purchase) => {
                self.reversed(Draft::of(purchase, found), &disputes, Reversal::Dispute)
            }
        };
        Decision {
            dispute: Some(dispute),
            ..decision
        }
    }

    /// What was told of a reversal has its effect once the payment is known, and where there is somebody to take from.
    fn reversed(&self, mut draft: Draft, disputes: &[Dispute], why: Reversal) -> Decision {
        if draft.purchase.status == PurchaseStatus::Paid {
            self.square(&mut draft, disputes, why);
        }
        let outcome = if draft.entries.is_empty() {
            NOTED
        } else {
            REVERSED
        };
        self.decided(draft, outcome, AuditEvent::PaymentReversed)
    }

    /// Brings the credits taken back in line with the money that went back.
    fn square(&self, draft: &mut Draft, disputes: &[Dispute], why: Reversal) {
        let Draft {
            purchase,
            account: Some(account),
            entries,
        } = draft
        else {
            return;
        };
        let withheld: FiatCents = disputes.iter().map(Dispute::withheld).sum();
        let target = share(
            purchase.credits,
            purchase.fiat,
            purchase.refunded + withheld,
        );
        if target == purchase.taken {
            return;
        }
        purchase.reversals += 1;
        let cause = format!("{}:{}", purchase.id, purchase.reversals);
        if target < purchase.taken {
            let given = purchase.taken - target;
            purchase.taken = target;
            account.balance = account.balance + given;
            entries.push(self.entry(
                purchase,
                Direction::Credit,
                given,
                words::restored(purchase, given),
                (CauseKind::PurchaseRestored, cause.clone()),
            ));
            self.repay(draft, given, cause);
            return;
        }
        let taken = target - purchase.taken;
        purchase.taken = target;
        if taken > account.balance {
            let lent = taken - account.balance;
            account.owed = account.owed + lent;
            account.balance = account.balance + lent;
            entries.push(self.entry(
                purchase,
                Direction::Credit,
                lent,
                words::lent(lent, account.owed),
                (CauseKind::Advance, cause.clone()),
            ));
        }
        account.balance = account.balance - taken;
        entries.push(self.entry(
            purchase,
            Direction::Debit,
            taken,
            words::taken(purchase, why, taken),
            (CauseKind::PurchaseRefund, cause),
        ));
    }

    /// Takes what is owed from what came in.
    fn repay(&self, draft: &mut Draft, came_in: Credits, cause: String) {
        let Some(account) = &mut draft.account else {
            return;
        };
        let repaid = account.owed.min(came_in);
        if repaid == Credits::ZERO {
            return;
        }
        account.owed = account.owed - repaid;
        account.balance = account.balance - repaid;
        draft.entries.push(self.entry(
            &draft.purchase,
            Direction::Debit,
            repaid,
            words::repaid(repaid, account.owed),
            (CauseKind::Repayment, cause),
        ));
    }

    /// An entry worth its share of what the purchase cost.
    fn entry(
        &self,
        purchase: &Purchase,
        direction: Direction,
        amount: Credits,
        description: String,
        (kind, cause): (CauseKind, String),
    ) -> NewEntry {
        let share = share(purchase.fiat, purchase.credits, amount);
        NewEntry {
            fiat: share,
            ..self.deps.new_entry(
                &purchase.user_id,
                direction,
                amount,
                description,
                kind,
                cause,
            )
        }
    }

    fn decided(&self, draft: Draft, word: &'static str, event: AuditEvent) -> Decision {
        let purchase = draft.purchase;
        let mut audit = Vec::new();
        if word != NOTED {
            let mut row = self.deps.audit(Some(&purchase.user_id), event, self.origin);
            row.details = serde_json::json!({
                "purchase": purchase.id, "outcome": word, "credits": purchase.credits, "taken": purchase.taken,
            });
            audit.push(row);
        }
        Decision {
            entries: draft.entries,
            owed: draft.account.map(|account| account.owed),
            purchase: Some(purchase),
            audit,
            ..outcome(word)
        }
    }
}

impl Draft {
    fn of(purchase: &Purchase, found: &Found) -> Self {
        Self {
            purchase: purchase.clone(),
            account: found.account,
            entries: Vec::new(),
        }
    }
}

/// Why a page is not the one that was made for this purchase, where it is not.
fn misfit(purchase: &Purchase, session: &Session) -> Option<&'static str> {
    let named = session
        .metadata
        .as_ref()
        .and_then(|metadata| metadata.get(USER));
    let another_page = |known: &String| *known != session.id;
    if session.livemode != purchase.is_live {
        Some("refused: mode")
    } else if session.mode != "payment" {
        Some("refused: kind")
    } else if named.map(String::as_str) != Some(purchase.user_id.as_str()) {
        Some("refused: account")
    } else if purchase.session_id.as_ref().is_some_and(another_page) {
        Some("refused: another page")
    } else {
        None
    }
}

/// Nothing of ours: nothing is written.
fn foreign() -> Decision {
    Decision {
        outcome: FOREIGN,
        ..Decision::default()
    }
}

fn outcome(outcome: &'static str) -> Decision {
    Decision {
        outcome,
        is_ours: true,
        ..Decision::default()
    }
}
