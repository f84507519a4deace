//! The operator's work on the books: looking at accounts and entries, moving a balance, and proving that nothing is off.
//! Every look and every move is in the audit trail with who did it and why; who may is decided elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::audit::AuditEvent;
use crate::domain::credits::{Credits, CreditsChange};
use crate::domain::ids::UserId;
use crate::domain::ledger::{CauseKind, Direction, LedgerEntry};
use crate::domain::operator::Act;
use crate::domain::page::Page;
use crate::fault::{Fault, FaultKind, Resource};
use crate::services::service_deps::ServiceDeps;
pub use crate::store::ledger::Adjusted;
pub use crate::store::ledger::books::{Account, Size, Wanted};
use crate::store::ledger::books::{Examined, LedgerViolation};

/// How long an event that was refused is worth a look.
const REFUSALS_WITHIN: Duration = Duration::from_hours(24 * 30);

/// The books, for the operator.
#[derive(Clone)]
pub struct Books(pub(in crate::services) Arc<ServiceDeps>);

/// How a balance is to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BalanceMove {
    To(Credits),
    By(CreditsChange),
}

/// What a check of the books found.
#[derive(Debug, Clone)]
pub struct Checked {
    pub size: Size,
    /// A sentence for each thing that must not be.
    pub off: Vec<Problem>,
    /// A sentence for each thing that a person has to do.
    pub attention: Vec<Problem>,
}

/// Something in the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is about: an account, a task, a purchase, or how an event ended.
    pub about: String,
    pub words: String,
}

impl Books {
    /// Accounts, newest first, and how many there are; with `find` those alone whose id, address or name holds it.
    pub async fn accounts(
        &self,
        find: Option<&str>,
        page: Page,
        act: &Act,
    ) -> Result<(Vec<Account>, u64), Fault> {
        // Not what is looked for: it may be an address.
        let asked = json!({"find": find.is_some(), "limit": page.limit, "offset": page.offset});
        self.look("users", None, asked, act).await?;
        Ok(self.0.store.accounts(find, page).await?)
    }

    /// Entries of all accounts or of one, living or removed, newest first, and how many there are of those.
    pub async fn entries(
        &self,
        wanted: &Wanted,
        act: &Act,
    ) -> Result<(Vec<LedgerEntry>, u64), Fault> {
        let Wanted {
            user_id,
            before,
            page,
        } = wanted;
        let asked = json!({"before": before, "limit": page.limit, "offset": page.offset});
        self.look("transactions", user_id.as_ref(), asked, act)
            .await?;
        let missing = |what| Fault::new(FaultKind::NotFound(what));
        let found = self.0.store.all_entries(wanted).await?;
        let (entries, total) = found.ok_or_else(|| missing(Resource::Transaction))?;
        if let (Some(id), 0) = (user_id, total) {
            let user = self.0.store.user(id).await?;
            user.ok_or_else(|| missing(Resource::User))?;
        }
        Ok((entries, total))
    }

    /// Moves a balance by one entry; no entry where nothing moves. It never goes below zero.
    pub async fn move_balance(
        &self,
        user_id: &UserId,
        how: BalanceMove,
        act: &Act,
    ) -> Result<Adjusted, Fault> {
        let cause = self.0.draw_id("adjustment_");
        let adjustment_for = |balance: Credits| {
            let target = target(balance, how).ok()?;
            let difference = (target - balance).as_hundredths();
            let direction = match difference {
                0 => return None,
                1.. => Direction::Credit,
                _ => Direction::Debit,
            };
            let entry = self.0.new_entry(
                user_id,
                direction,
                Credits::hundredths(difference.abs()),
                format!("Admin updated credits from {balance} to {target}."),
                CauseKind::Adjustment,
                cause.clone(),
            );
            let moved = json!({
                "cause": CauseKind::Adjustment.as_str(),
                "transaction": entry.id,
                "from": balance,
                "balance": target,
            });
            let audit = self.audit(AuditEvent::CreditsMoved, Some(user_id), moved, act);
            Some((entry, audit))
        };
        let adjusted = self
            .0
            .store
            .adjust_balance(user_id, &adjustment_for)
            .await?
            .ok_or_else(|| Fault::new(FaultKind::NotFound(Resource::User)))?;
        // Judged again on the balance that was found: where it was refused, nothing moved.
        if adjusted.entry.is_none()
            && let Err(refusal) = target(adjusted.before, how)
        {
            let asked =
                json!({"command": "credits", "asked": asked(how), "balance": adjusted.before});
            let mut audit = self.audit(AuditEvent::OperatorActed, Some(user_id), asked, act);
            audit.good = false;
            self.0.store.write_audit(&audit).await?;
            return Err(refusal);
        }
        Ok(adjusted)
    }

    /// Holds the books against every rule, as the operator.
    pub async fn check(&self, act: &Act) -> Result<Checked, Fault> {
        self.look("ledger check", None, Value::Null, act).await?;
        self.examine().await
    }

    /// The same for Clara's own doctor.
    pub async fn examine(&self) -> Result<Checked, Fault> {
        let refused_since = self.0.now().before(REFUSALS_WITHIN);
        let examined = self.0.store.examine_books(refused_since).await?;
        Ok(Checked {
            size: examined.size,
            off: examined.off.iter().map(problem).collect(),
            attention: attention(&examined),
        })
    }

    /// Writes down that the operator set something going that leaves no other trace of who it was.
    pub async fn note(&self, command: &str, act: &Act) -> Result<(), Fault> {
        self.look(command, None, Value::Null, act).await
    }

    async fn look(
        &self,
        command: &str,
        user_id: Option<&UserId>,
        asked: Value,
        act: &Act,
    ) -> Result<(), Fault> {
        let details = json!({"command": command, "asked": asked});
        let entry = self.audit(AuditEvent::OperatorActed, user_id, details, act);
        Ok(self.0.store.write_audit(&entry).await?)
    }

    fn audit(
        &self,
        event: AuditEvent,
        user_id: Option<&UserId>,
        details: Value,
        act: &Act,
    ) -> crate::store::audit::AuditEntry {
        let mut entry = self.0.audit(user_id, event, &act.origin);
        entry.details = said(act, details);
        entry
    }
}

/// Details with who acts and why.
pub(in crate::services) fn said(act: &Act, mut details: Value) -> Value {
    details["operator"] = json!(act.operator);
    details["reason"] = json!(act.reason);
    details
}

/// Where a balance goes.
fn target(balance: Credits, how: BalanceMove) -> Result<Credits, Fault> {
    let (field, target) = match how {
        BalanceMove::To(target) => ("credits", target),
        BalanceMove::By(change) => ("change", balance + change.difference()),
    };
    if target < Credits::ZERO {
        let problem = match how {
            BalanceMove::To(_) => "must not be less than 0".to_owned(),
            BalanceMove::By(_) => format!(
                "must not take more than there is: the account has {}",
                balance.in_words()
            ),
        };
        return Err(Fault::field(field, problem));
    }
    if target > Credits::MOST && target > balance {
        let problem = format!(
            "must not bring the balance above {}: the account has {}",
            Credits::MOST,
            balance.in_words()
        );
        return Err(Fault::field(field, problem));
    }
    Ok(target)
}

fn asked(how: BalanceMove) -> Value {
    match how {
        BalanceMove::To(target) => json!({ "credits": target }),
        BalanceMove::By(change) => json!({"change": change.difference()}),
    }
}

/// What breaks a rule, in a sentence.
fn problem(off: &LedgerViolation) -> Problem {
    let (about, words) = match off {
        LedgerViolation::Balance {
            user_id,
            balance,
            sum,
        } => (
            user_id,
            format!("the balance is {balance}, but the entries add up to {sum}"),
        ),
        LedgerViolation::Owed { user_id, owed, sum } => (
            user_id,
            format!("{owed} are owed, but {sum} were lent and not repaid"),
        ),
        LedgerViolation::BelowZero { user_id, lowest } => (
            user_id,
            format!("the balance went below zero, down to {lowest}, in the order of its entries"),
        ),
        LedgerViolation::Task {
            task_id,
            price,
            reserved,
            due,
            refunded,
        } if price != reserved => (
            task_id,
            format!(
                "the task costs {price}, but {reserved} were reserved{}",
                if due == refunded {
                    String::new()
                } else {
                    format!("; {due} are due back, but {refunded} were given back")
                }
            ),
        ),
        LedgerViolation::Task {
            task_id,
            due,
            refunded,
            ..
        } => (
            task_id,
            format!("{due} of the task's price are due back, but {refunded} were given back"),
        ),
        LedgerViolation::Refund { task_id, refunded } => (
            task_id,
            format!("{refunded} were given back to an account that did not reserve as much"),
        ),
        LedgerViolation::Purchase {
            purchase_id,
            sold,
            posted,
        } => (purchase_id, unlike(*sold, *posted)),
        LedgerViolation::Taken {
            purchase_id,
            taken,
            reversals,
            sum,
            entries,
        } => (
            purchase_id,
            format!(
                "{taken} of the purchase are taken back by {reversals} of its entries, but they took {sum} and are {entries}"
            ),
        ),
    };
    Problem {
        about: about.clone(),
        words,
    }
}

type Sale = Option<(Credits, Credits)>;

fn unlike(sold: Sale, posted: Sale) -> String {
    match (sold, posted) {
        (Some((credits, fiat)), None) => {
            format!("the purchase of {credits} credits for ${fiat} is paid, but has no entry")
        }
        (None, Some((credits, _))) => {
            format!("{credits} credits were given for a purchase that this account has not paid")
        }
        (sold, posted) => {
            let (credits, fiat) = sold.unwrap_or_default();
            let (given, worth) = posted.unwrap_or_default();
            format!(
                "the purchase is of {credits} credits for ${fiat}, but its entry gives {given} for ${worth}"
            )
        }
    }
}

/// What a person has to look at, in sentences.
fn attention(examined: &Examined) -> Vec<Problem> {
    let unclaimed = examined.unclaimed.iter().map(|purchase| Problem {
        about: purchase.purchase_id.clone(),
        words: format!(
            "paid, but the account was removed; send the ${} back in Stripe, where `purchase_id` is in the payment's metadata",
            purchase.left
        ),
    });
    let mut by_outcome: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for event in &examined.refused {
        by_outcome
            .entry(&event.outcome)
            .or_default()
            .push(&event.id);
    }
    let refused = by_outcome.into_iter().map(|(outcome, events)| {
        let number = match events.len() {
            1 => "1 event of Stripe's was".to_owned(),
            number => format!("{number} events of Stripe's were"),
        };
        Problem {
            about: outcome.to_owned(),
            words: format!(
                "{number} refused in the last 30 days: {}",
                events.join(", ")
            ),
        }
    });
    unclaimed.chain(refused).collect()
}

impl Checked {
    /// Whether nothing is off.
    pub fn is_sound(&self) -> bool {
        self.off.is_empty()
    }
}
