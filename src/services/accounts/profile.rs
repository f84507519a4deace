//! An account as its owner or the operator looks at it, and the local account of a machine. Signing in and proving an
//! address are elsewhere.

use super::Accounts;
use crate::domain::audit::{AuditEvent, Origin};
use crate::domain::credits::Credits;
use crate::domain::email::Email;
use crate::domain::ids::UserId;
use crate::domain::ledger::{CauseKind, Direction};
use crate::domain::user::{User, UserChange};
use crate::fault::{Fault, FaultKind, Resource};
use crate::store::accounts::NewUser;

/// A local account with less than this is filled up at start.
const LOCAL_MINIMUM: Credits = Credits::whole(1_000);

impl Accounts {
    /// The account.
    pub async fn view(&self, id: &UserId) -> Result<User, Fault> {
        self.deps
            .store
            .user(id)
            .await?
            .ok_or_else(|| FaultKind::NotFound(Resource::User).into())
    }

    /// Changes what an owner may change.
    pub async fn update(
        &self,
        id: &UserId,
        change: &UserChange,
        origin: &Origin,
    ) -> Result<User, Fault> {
        let entry = self
            .deps
            .audit(Some(id), AuditEvent::ProfileChanged, origin);
        self.deps
            .store
            .update_user(id, change, &entry)
            .await?
            .ok_or_else(|| FaultKind::NotFound(Resource::User).into())
    }

    /// The account of this address.
    pub async fn view_by_address(&self, email: &Email) -> Result<User, Fault> {
        self.deps
            .store
            .user_by_email(email)
            .await?
            .ok_or_else(|| FaultKind::NotFound(Resource::User).into())
    }

    /// The account that this machine's own clients act for: made once, however many processes start together, and
    /// filled up to `fill_to` where little is left.
    pub async fn local_account(&self, email: &Email, fill_to: Credits) -> Result<User, Fault> {
        let deps = &*self.deps;
        let origin = Origin::inside("start");
        let new = NewUser {
            id: UserId::random(&*deps.randomness),
            email: email.clone(),
            first_name: None,
            last_name: None,
            password_hash: None,
            is_active: true,
            created_at: deps.now(),
        };
        let made = deps.audit(Some(&new.id), AuditEvent::Registered, &origin);
        let key = deps.new_api_key(&new.id);
        let user = deps.store.local_account(&new, &key, &made).await?;
        if user.credits >= LOCAL_MINIMUM {
            return Ok(user);
        }
        let mut filled = deps.audit(Some(&user.id), AuditEvent::CreditsMoved, &origin);
        filled.details = serde_json::json!({"cause": CauseKind::LocalFill.as_str()});
        let cause = deps.draw_id("fill_");
        let adjustment_for = |balance: Credits| {
            let missing = fill_to.as_hundredths() - balance.as_hundredths();
            (balance < LOCAL_MINIMUM && missing > 0).then(|| {
                let entry = deps.new_entry(
                    &user.id,
                    Direction::Credit,
                    Credits::hundredths(missing),
                    format!("The local account was filled up to {}.", fill_to.in_words()),
                    CauseKind::LocalFill,
                    cause.clone(),
                );
                (entry, filled.clone())
            })
        };
        deps.store.adjust_balance(&user.id, &adjustment_for).await?;
        self.view(&user.id).await
    }
}
