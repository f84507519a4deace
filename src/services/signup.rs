//! The free credit of a new account: how much, for whom, and how often. Every way in which an account becomes active for
//! the first time asks here, and has the store pay it in the transaction that makes it active.

use std::time::Duration;

use super::service_deps::ServiceDeps;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::credits::Credits;
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::ledger::{CauseKind, Direction};
use crate::fault::Fault;
use crate::store::signup::SignupCredit;

/// So many accounts a day get it that are activated from one network; the next are activated without.
const MAX_OF_NETWORK: u32 = 5;
const WINDOW: Duration = Duration::from_hours(24);

impl ServiceDeps {
    /// What an account gets when it becomes active; `None` where nothing is given here.
    pub(super) fn signup_credit(
        &self,
        user_id: &UserId,
        email: &Email,
        origin: &Origin,
    ) -> Result<Option<SignupCredit>, Fault> {
        let credits = self.signup_credits;
        if credits <= Credits::ZERO {
            return Ok(None);
        }
        let mut paid = self.audit(Some(user_id), AuditEvent::CreditsMoved, origin);
        paid.details = serde_json::json!({"cause": CauseKind::Signup.as_str(), "credits": credits});
        let withheld =
            |reason| self.audit_refusal(Some(user_id), AuditEvent::CreditWithheld, origin, reason);
        Ok(Some(SignupCredit {
            entry: self.new_entry(
                user_id,
                Direction::Credit,
                credits,
                "Free credits on signup.".to_owned(),
                CauseKind::Signup,
                user_id.to_string(),
            ),
            mailbox: self.mailbox_pseudonyms(email)?,
            networks: origin.networks(),
            most_of_network: MAX_OF_NETWORK,
            window: WINDOW,
            paid,
            mailbox_had_it: withheld("mailbox"),
            network_had_enough: withheld("network"),
        }))
    }
}
